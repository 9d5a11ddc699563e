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

    /// <summary>
    /// Matches, as on the day of the publication: whom it fits from a later day on is told by <see cref="MatchAsDaysPass"/>. A benefit that was
    /// published again since is left to the later note.
    /// </summary>
    public static async Task<OutgoingMessages> Handle(
        OfferBenefit note,
        IQuerySession session,
        Seals seals,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        if (
            await session.LoadAsync<BenefitItem>(note.BenefitId, cancellation) is not { Shown: { } content } benefit
            || benefit.PublishedIn > note.Version
        )
            return [];
        var document = await session.LoadAsync<KnownDocument>(benefit.DocumentId, cancellation);
        if (BenefitItem.LastDay(content, document) < time.Today())
            return [];
        var fields = await ProfileSchema.Known(session, cancellation);
        var (conditions, on) = (content.Conditions?.InCodes(fields), PublishedOn(benefit) ?? time.Today());
        var fitting = new List<RegisteredProfile>();
        await foreach (var profile in Readable(session, cancellation))
            if (conditions is null || conditions.For(ProfileFacts.Of(profile.Facts.Value, fields).Facts, on) is Truth.Holds)
                fitting.Add(profile);
        return [.. Messages(benefit, fitting, seals, null)];
    }

    /// <summary>The day on which a benefit was last published, Asia/Shanghai.</summary>
    internal static DateOnly? PublishedOn(BenefitItem benefit) =>
        benefit.PublishedAt is { } published ? OfficialTime.DateIn(published) : null;

    /// <summary>The registered profiles. Whom nobody can read cannot be told of anything.</summary>
    internal static IAsyncEnumerable<RegisteredProfile> Readable(IQuerySession session, CancellationToken cancellation) =>
        session
            .Query<RegisteredProfile>()
            .ToAsyncEnumerable(cancellation)
            .Where(p => p is { Name.IsReadable: true, Facts.IsReadable: true });

    /// <summary>What the owners of profiles are told that a benefit fits.</summary>
    internal static IEnumerable<BenefitOfferedMessage> Messages(
        BenefitItem benefit,
        IEnumerable<RegisteredProfile> fitting,
        Seals seals,
        DateOnly? fitsFrom
    ) =>
        from owner in fitting.GroupBy(p => p.Owner)
        from some in owner.Select(p => p.Name.Value).Order(StringComparer.Ordinal).Chunk(MostInMessage).Index()
        select new BenefitOfferedMessage(
            benefit.Id,
            benefit.PublishedIn,
            some.Index,
            benefit.DocumentId,
            benefit.Shown!.Title,
            owner.Key,
            [.. some.Item.Select(seals.ForMessage)],
            fitsFrom,
            benefit.Shown.Revision
        );
}
