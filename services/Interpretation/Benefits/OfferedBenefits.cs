using Marten;
using PolicyPlatform.Interpretation.KnownDocuments;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Interpretation.Benefits;

/// <summary>
/// The published benefits in memory, with the documents that they stand in, so that a profile is matched against all of them at once. Read
/// anew when a benefit, a document or the fields of profiles have changed since, whichever process changed them; whether one is to be had is
/// computed for the day of the question.
/// </summary>
public sealed class OfferedBenefits(IDocumentStore store, Npgsql.NpgsqlDataSource database) : IDisposable
{
    readonly SemaphoreSlim turn = new(1);
    volatile Snapshot known = new("", []);

    /// <summary>The benefits that are to be had on a day.</summary>
    public async Task<IReadOnlyList<Offered>> On(DateOnly day, CancellationToken cancellation)
    {
        if (known.State != await State(cancellation))
            await Read(cancellation);
        var all = known.All;
        await using var session = store.QuerySession();
        var hidden = await session.Hidden(cancellation);
        return [.. all.Where(b => IsOfferedOn(b.Content, b.Document, day) && !hidden.Covers(b.Content.DocumentId, b.Content.Revision))];
    }

    Task<string> State(CancellationToken cancellation) =>
        database.FingerprintOf(cancellation, "benefititem", "knowndocument", "profileschema");

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
            var fields = await ProfileSchema.Known(session, cancellation);
            known = new(
                now,
                [
                    .. benefits
                        .OrderBy(b => b.Id)
                        .Select(b => new Offered(
                            b,
                            b.Shown!,
                            documents.GetValueOrDefault(b.DocumentId),
                            b.Shown!.Conditions?.InCodes(fields)
                        )),
                ]
            );
        }
        finally
        {
            turn.Release();
        }
    }

    sealed record Snapshot(string State, IReadOnlyList<Offered> All);

    /// <summary>Whether a benefit is to be had on a day: within its window, while its document is in force.</summary>
    public static bool IsOfferedOn(BenefitContent content, KnownDocument? document, DateOnly day) =>
        document is not null && !(day < document.EffectiveFrom) && !(day < content.From) && !(BenefitItem.LastDay(content, document) < day);

    /// <inheritdoc/>
    public void Dispose() => turn.Dispose();
}

/// <summary>A benefit that is published.</summary>
/// <param name="Benefit">The benefit.</param>
/// <param name="Content">What is offered.</param>
/// <param name="Document">The document that it stands in.</param>
/// <param name="Conditions">Who gets it, with values in the place of their names; everybody when null.</param>
public sealed record Offered(BenefitItem Benefit, BenefitContent Content, KnownDocument? Document, Condition? Conditions);
