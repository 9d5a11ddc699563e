using Marten;
using PolicyPlatform.Contracts.Interpretation.V1;
using PolicyPlatform.Interpretation.KnownDocuments;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.PersonalData;
using Wolverine;
using Wolverine.Attributes;

namespace PolicyPlatform.Interpretation.Benefits;

/// <summary>Interpretation's note to itself: match a benefit against the registered profiles.</summary>
/// <param name="BenefitId">The benefit.</param>
/// <param name="Version">The version that was published.</param>
public sealed record OfferBenefit(Guid BenefitId, long Version);

/// <summary>Finds the registered profiles that a new or changed benefit fits, and tells their owners.</summary>
[WolverineHandler]
public static class OfferBenefits
{
    const int MostInMessage = 1000;

    /// <summary>Matches; a benefit that was published again since is left to the later note.</summary>
    public static async Task<OutgoingMessages> Handle(
        OfferBenefit note,
        IQuerySession session,
        Seals seals,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var told = new OutgoingMessages();
        if (
            await session.LoadAsync<BenefitItem>(note.BenefitId, cancellation) is not { Shown: { } content } benefit
            || benefit.PublishedIn > note.Version
        )
            return told;
        var document = await session.LoadAsync<KnownDocument>(benefit.DocumentId, cancellation);
        if (BenefitItem.LastDay(content, document) < time.Today())
            return told;
        var fitting = await Fitting(content, session, cancellation);
        foreach (var owner in fitting.GroupBy(p => p.Owner))
        foreach (var some in owner.Select(p => p.Name.Value).Order(StringComparer.Ordinal).Chunk(MostInMessage).Index())
            told.Add(
                new BenefitOfferedMessage(
                    benefit.Id,
                    note.Version,
                    some.Index,
                    benefit.DocumentId,
                    content.Title,
                    owner.Key,
                    [.. some.Item.Select(seals.ForMessage)]
                )
            );
        return told;
    }

    /// <summary>The registered profiles that a benefit fits.</summary>
    internal static async Task<IReadOnlyList<RegisteredProfile>> Fitting(
        BenefitContent content,
        IQuerySession session,
        CancellationToken cancellation
    )
    {
        var fitting = new List<RegisteredProfile>();
        await foreach (var profile in session.Query<RegisteredProfile>().ToAsyncEnumerable(cancellation))
            // Whom nobody can read cannot be told of it.
            if (
                profile is { Name.IsReadable: true, Facts.IsReadable: true }
                && (content.Conditions is null || content.Conditions.For(profile.Facts.Value) is Truth.Holds)
            )
                fitting.Add(profile);
        return fitting;
    }
}
