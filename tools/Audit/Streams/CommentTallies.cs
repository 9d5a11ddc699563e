using JasperFx.Events;
using PolicyPlatform.Consultation.Comments;

namespace PolicyPlatform.Audit.Streams;

/// <summary>How many comments there are of each kind: counted again over the comments as their streams make them.</summary>
sealed class CommentTallies : IMadeOfEvents
{
    readonly Dictionary<(Guid Consultation, string Kind), long> counted = [];

    /// <inheritdoc/>
    public string? Name => null;

    /// <summary>Counts a comment.</summary>
    public void Count(Comment comment)
    {
        foreach (var (kind, count) in CommentTally.Kinds(comment))
            counted[(comment.ConsultationId, kind)] = counted.GetValueOrDefault((comment.ConsultationId, kind)) + count;
    }

    /// <inheritdoc/>
    public ValueTask Apply(Stream stream, IEvent happened) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public Task Compare(Snapshot at, IReadOnlyList<Stream> streams, Findings findings, CancellationToken cancellation) =>
        Task.CompletedTask;

    /// <inheritdoc/>
    public async Task Finish(Snapshot at, Findings findings, CancellationToken cancellation)
    {
        var service = at.Service;
        var stored = (
            await at.Rows(
                $"select consultation_id, kind, sum(count)::bigint from {CommentTally.Table} group by consultation_id, kind having sum(count) <> 0",
                r => (Key: (r.GetGuid(0), r.GetString(1)), Count: r.GetInt64(2)),
                cancellation
            )
        ).ToDictionary(r => r.Key, r => r.Count);
        foreach (var key in counted.Keys.Union(stored.Keys))
        {
            var (expected, found) = (counted.GetValueOrDefault(key), stored.GetValueOrDefault(key));
            if (expected == found)
                continue;
            var (consultation, kind) = key;
            findings.Add(
                new(
                    service.Name,
                    "tally.wrong",
                    $"{consultation} {kind}",
                    $"{expected}",
                    $"{found}",
                    "The difference is added; what is counted meanwhile adds its own."
                )
                {
                    Mend = c =>
                        service.Execute(
                            $"insert into {CommentTally.Table} (consultation_id, kind, count) values ($1, $2, $3)",
                            c,
                            consultation,
                            kind,
                            expected - found
                        ),
                }
            );
        }
    }
}
