using Npgsql;

namespace PolicyPlatform.Interpretation;

/// <summary>Whether rows have changed since they were read into memory, whichever process changed them.</summary>
static class RowsFingerprint
{
    /// <summary>
    /// A text that every committed change of these tables makes another one. It is the sum of the transactions that wrote the rows: one
    /// that began earlier and commits later changes that
    /// too, and would not change the newest time stamp.
    /// </summary>
    public static async Task<string> FingerprintOf(
        this NpgsqlDataSource database,
        CancellationToken cancellation,
        params IEnumerable<string> tables
    )
    {
        await using var command = database.CreateCommand(
            $"select {string.Join(" || ' ' || ", tables.Select(table => $"(select count(*) || '/' || coalesce(sum(xmin::text::bigint), 0) from interpretation.mt_doc_{table})"))}"
        );
        return (string)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
