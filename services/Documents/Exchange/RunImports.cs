using Marten;
using PolicyPlatform.ServiceDefaults.Problems;
using Wolverine.Attributes;

namespace PolicyPlatform.Documents.Exchange;

/// <summary>Documents' note to itself: go on with an import.</summary>
public sealed record RunImport(Guid ImportId);

/// <summary>
/// Works an import off. Each line is a transaction of its own, so a crash costs nothing that was done; then the note comes again.
/// </summary>
[WolverineHandler]
public static class RunImports
{
    // A note is held for some seconds at most; the rest is the next one's.
    const int LinesAtOnce = 100,
        AtOnce = 4,
        Attempts = 5;

    /// <summary>Takes in the next lines.</summary>
    public static async Task<RunImport?> Handle(
        RunImport note,
        IDocumentStore store,
        ImportLines imports,
        Wolverine.Runtime.IWolverineRuntime messaging,
        ILogger<RunImport> logger,
        CancellationToken cancellation
    )
    {
        await using var reading = store.QuerySession();
        var operation = (await reading.LoadAsync<ImportOperation>(note.ImportId, cancellation))!;
        var waiting = await reading
            .Query<ImportLine>()
            .Where(l => l.ImportId == note.ImportId && l.Outcome == ImportOutcome.Waiting)
            .OrderBy(l => l.Number)
            .Take(LinesAtOnce)
            .ToListAsync(cancellation);
        await Parallel.ForEachAsync(
            waiting,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (line, stop) =>
            {
                for (var attempt = 1; !await TakenIn(line, mayConflict: attempt < Attempts, stop); attempt++) { }
            }
        );
        return waiting.Count == LinesAtOnce ? note : null;

        async Task<bool> TakenIn(ImportLine line, bool mayConflict, CancellationToken stop)
        {
            await using var session = store.LightweightSession();
            try
            {
                var decision = await imports.TakeIn(line, operation.By, session, stop);
                await decision.Send(messaging, session);
                await session.SaveChangesAsync(stop);
                return true;
            }
            // Somebody else wrote to the same document, or took the same number; the line is looked at again.
            catch (Exception conflict) when (mayConflict && Faults.IsConflict(conflict))
            {
                return false;
            }
            // What this line makes fail must not keep the others from being taken in.
            catch (Exception fault) when (!Faults.IsTemporary(fault) && !Faults.IsConflict(fault))
            {
                logger.LogError(fault, "Line {Line} of import {Import} could not be taken in", line.Number, line.ImportId);
                await using var refusing = store.LightweightSession();
                refusing.Store(
                    line with
                    {
                        Document = null,
                        Outcome = ImportOutcome.Refused,
                        Errors =
                        [
                            new(
                                "",
                                "import.failed",
                                "The platform failed on this line, and nothing of it was recorded. Report it with its source."
                            ),
                        ],
                    }
                );
                await refusing.SaveChangesAsync(stop);
                return true;
            }
        }
    }
}
