using System.Text.Json;
using Marten;
using PolicyPlatform.Interpretation.KnownDocuments;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Interpretation.Benefits;

/// <summary>
/// The published benefits in memory, with the documents that they stand in, so that a profile is matched against all of them at once. Read
/// anew when a benefit or a document has changed
/// since, whichever process changed it; whether one is to be had is computed for the day of the question.
/// </summary>
public sealed class OfferedBenefits(IDocumentStore store, Npgsql.NpgsqlDataSource database) : IDisposable
{
    readonly SemaphoreSlim turn = new(1);
    volatile Snapshot known = new("", []);

    /// <summary>The benefits that are to be had on a day.</summary>
    public async Task<IReadOnlyList<(BenefitItem Benefit, BenefitContent Content, KnownDocument? Document)>> On(
        DateOnly day,
        CancellationToken cancellation
    )
    {
        if (known.State != await State(cancellation))
            await Read(cancellation);
        var all = known.All;
        await using var session = store.QuerySession();
        var hidden = await session.Hidden(cancellation);
        return [.. all.Where(b => IsOfferedOn(b.Content, b.Document, day) && !hidden.Covers(b.Content.DocumentId, b.Content.Revision))];
    }

    Task<string> State(CancellationToken cancellation) => database.FingerprintOf(cancellation, "benefititem", "knowndocument");

    async Task Read(CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            // Whoever had the turn before may have read what this one asks for, and more.
            var now = await State(cancellation);
            if (known.State == now)
                return;
            await using var session = store.QuerySession();
            var benefits = await session.Query<BenefitItem>().Where(b => b.Shown != null).ToListAsync(cancellation);
            var documents = (
                await session.LoadManyAsync<KnownDocument>(cancellation, [.. benefits.Select(b => b.DocumentId).Distinct()])
            ).ToDictionary(d => d.Id);
            known = new(now, [.. benefits.OrderBy(b => b.Id).Select(b => (b, b.Shown!, documents.GetValueOrDefault(b.DocumentId)))]);
        }
        finally
        {
            turn.Release();
        }
    }

    sealed record Snapshot(string State, IReadOnlyList<(BenefitItem Benefit, BenefitContent Content, KnownDocument? Document)> All);

    /// <summary>Whether a benefit is to be had on a day: within its window, while its document is in force.</summary>
    public static bool IsOfferedOn(BenefitContent content, KnownDocument? document, DateOnly day) =>
        document is not null && !(day < document.EffectiveFrom) && !(day < content.From) && !(BenefitItem.LastDay(content, document) < day);

    /// <summary>Matches a profile.</summary>
    public static BenefitMatch Match(
        BenefitItem benefit,
        BenefitContent content,
        KnownDocument? document,
        IReadOnlyDictionary<string, JsonElement> profile,
        DateOnly day
    )
    {
        var outcomes = new List<Outcome>();
        var truth = content.Conditions?.For(profile, outcomes) ?? Truth.Holds;
        return new(
            benefit.Id,
            content.Title,
            content.Benefit,
            content.DocumentId,
            content.Blocks,
            content.Body,
            content.Access,
            BenefitItem.LastDay(content, document),
            content.Materials,
            content.Link,
            benefit.Outdated is { } outdated && outdated.From <= day ? outdated.Link(content.DocumentId) : null,
            truth,
            [.. outcomes.Where(o => o.Result is Truth.Unknown).Select(o => o.Field).Distinct()],
            outcomes
        );
    }

    /// <inheritdoc/>
    public void Dispose() => turn.Dispose();
}

/// <summary>How a benefit fits a profile.</summary>
/// <param name="Id">The benefit.</param>
/// <param name="Title">Its title.</param>
/// <param name="Benefit">What there is to be had.</param>
/// <param name="DocumentId">The document that it stands in.</param>
/// <param name="Blocks">The blocks that it stands in.</param>
/// <param name="Body">Who grants it.</param>
/// <param name="Access">How it reaches the person.</param>
/// <param name="EndsOn">The last day on which it is to be had.</param>
/// <param name="Materials">What must be handed in.</param>
/// <param name="Link">Where one applies.</param>
/// <param name="Comparison">What changed in the document since; null while the benefit fits the text in force.</param>
/// <param name="Fits">Whether the conditions hold.</param>
/// <param name="Missing">The facts that the profile does not state.</param>
/// <param name="Conditions">How each comparison came out.</param>
public sealed record BenefitMatch(
    Guid Id,
    string Title,
    string Benefit,
    Guid DocumentId,
    IReadOnlyList<string> Blocks,
    string Body,
    Access Access,
    DateOnly? EndsOn,
    IReadOnlyList<string> Materials,
    string? Link,
    string? Comparison,
    Truth Fits,
    IReadOnlyList<string> Missing,
    IReadOnlyList<Outcome> Conditions
);
