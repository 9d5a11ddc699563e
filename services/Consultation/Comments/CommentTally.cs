using Marten;
using Npgsql;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Reading;
using PolicyPlatform.ServiceDefaults.Writing;
using Weasel.Postgresql.Tables;

namespace PolicyPlatform.Consultation.Comments;

/// <summary>
/// How many comments of a consultation there are of each kind. What changes comments writes the differences in its own transaction as new
/// rows, a row a kind: nobody waits for a row that another one counts on, and what is counted is what is recorded. The rows of a kind are
/// drawn together now and then (<see cref="DrawTalliesTogether"/>).
/// </summary>
static class CommentTally
{
    internal const string Table = "consultation.comment_tallies";

    static readonly SessionNotes<Dictionary<(Guid, string), long>> pending = new();

    /// <summary>Notes that a comment of a session's transaction became another; null for none before, or after.</summary>
    public static void Count(this IDocumentSession session, Comment? before, Comment? after)
    {
        var changes = pending.Of(session);
        foreach (var (kind, count) in before is null ? [] : Kinds(before))
            changes[(before!.ConsultationId, kind)] = changes.GetValueOrDefault((before.ConsultationId, kind)) - count;
        foreach (var (kind, count) in after is null ? [] : Kinds(after))
            changes[(after!.ConsultationId, kind)] = changes.GetValueOrDefault((after.ConsultationId, kind)) + count;
    }

    /// <summary>What a comment counts for. One that was withdrawn is counted as that alone.</summary>
    internal static IEnumerable<(string Kind, long Count)> Kinds(Comment c)
    {
        yield return ($"state/{JsonDefaults.Word(c.State)}", 1);
        if (c.State is CommentState.Withdrawn)
            yield break;
        var position = JsonDefaults.Word(c.Position);
        if (c.State is CommentState.NotShown)
            yield return ($"reason/{JsonDefaults.Word(c.NotShownBecause!.Value)}", 1);
        if (c.Waits)
            yield return ("waiting", 1);
        yield return ("signatures", c.Signatures);
        yield return ($"position/{position}", 1);
        yield return ($"day/{OfficialTime.DateIn(c.ReceivedAt):yyyy-MM-dd}/{position}", 1);
        yield return ($"block/{c.Block}/{position}", 1);
        yield return ($"kind/{(c.Kind is { } kind ? JsonDefaults.Word(kind) : "")}", 1);
        yield return ($"region/{c.Region}", 1);
        yield return ($"channel/{JsonDefaults.Word(c.Channel)}", 1);
        if (c.GroupId is { } group)
            yield return ($"group/{group:N}", 1);
        else if (c.Feedback is null)
            yield return ("open", 1);
        if (c.Feedback is { } feedback)
            yield return ($"outcome/{JsonDefaults.Word(feedback.Outcome)}", 1);
    }

    /// <summary>Of the counts those that everybody reads: how far its body is with groups and answers is its own.</summary>
    public static IReadOnlyDictionary<string, long> Public(this IReadOnlyDictionary<string, long> counts) =>
        counts.Where(c => c.Key != "open" && !c.Key.StartsWith("group/", StringComparison.Ordinal)).ToDictionary(c => c.Key, c => c.Value);

    /// <summary>The counts of a consultation, by kind.</summary>
    public static async Task<IReadOnlyDictionary<string, long>> Read(
        ReadDatabase database,
        Guid consultation,
        CancellationToken cancellation
    )
    {
        await using var command = database.CreateCommand(
            $"select kind, sum(count)::bigint from {Table} where consultation_id = $1 group by kind having sum(count) <> 0"
        );
        command.Parameters.AddWithValue(consultation);
        var counts = new Dictionary<string, long>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            counts[reader.GetString(0)] = reader.GetInt64(1);
        return counts;
    }

    /// <summary>Makes the table, and lets sessions write into it what they note.</summary>
    public static void KeepTallies(this StoreOptions options)
    {
        var table = new Table(Table);
        // Said so and not within its type, which the next release would try to change.
        table.AddColumn<long>("id").AsPrimaryKey();
        table.ColumnFor("id")!.IsAutoNumber = true;
        table.AddColumn<Guid>("consultation_id").NotNull();
        table.AddColumn<string>("kind").NotNull();
        table.AddColumn<long>("count").NotNull();
        table.Indexes.Add(new IndexDefinition("comment_tallies_consultation") { Columns = ["consultation_id", "kind"] });
        options.Storage.ExtendedSchemaObjects.Add(table);
        options.Listeners.Add(new Writing());
    }

    sealed class Writing : DocumentSessionListenerBase
    {
        public override Task BeforeSaveChangesAsync(IDocumentSession session, CancellationToken token)
        {
            if (pending.Take(session) is not { } changes)
                return Task.CompletedTask;
            var rows = changes.Where(c => c.Value != 0).ToArray();
            if (rows.Length > 0)
                session.QueueSqlCommand(
                    $"insert into {Table} (consultation_id, kind, count) select * from unnest(?, ?, ?)",
                    rows.Select(r => r.Key.Item1).ToArray(),
                    rows.Select(r => r.Key.Item2).ToArray(),
                    rows.Select(r => r.Value).ToArray()
                );
            return Task.CompletedTask;
        }
    }
}

/// <summary>
/// Draws the rows of each kind together, so that reading a consultation's counts costs the same after 200,000 comments: when many are new, or
/// the first of them for a while.
/// </summary>
sealed class DrawTalliesTogether(NpgsqlDataSource database, ILogger<DrawTalliesTogether> logger) : BackgroundService
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1),
        Longest = TimeSpan.FromSeconds(5);

    const int Many = 2_000,
        ManyGone = 5_000;

    const string Newest = $"select coalesce(max(id), 0) from {CommentTally.Table}";

    // Rows that another process holds are left to it; whoever reads meanwhile reads the rows before, or the rows after. A kind with one row
    // has nothing to draw together: processes beside each other come to rest.
    const string Draw = $"""
        with drawn as (
            delete from {CommentTally.Table} where id in (
                select id from {CommentTally.Table}
                where (consultation_id, kind) in (
                    select consultation_id, kind from {CommentTally.Table}
                    where consultation_id in (select consultation_id from {CommentTally.Table} where id > $1)
                    group by consultation_id, kind having count(*) > 1
                )
                for update skip locked
            ) returning consultation_id, kind, count
        ), together as (
            insert into {CommentTally.Table} (consultation_id, kind, count)
            select consultation_id, kind, sum(count)::bigint from drawn group by consultation_id, kind having sum(count) <> 0
        )
        select count(*) from drawn
        """;

    // What was drawn together still lies in the table, and every reader passes by it until it is cleared away: so small a table in no time.
    const string Clear = $"vacuum (truncate off, index_cleanup on, analyze) {CommentTally.Table}";

    const string Dead = $"select coalesce(max(n_dead_tup), 0) from pg_stat_user_tables where relid = '{CommentTally.Table}'::regclass";

    /// <summary>Whether rows are drawn together.</summary>
    /// <param name="fresh">How many were written since they last were.</param>
    /// <param name="since">How long ago that is.</param>
    internal static bool Draws(long fresh, TimeSpan since) => fresh >= Many || fresh > 0 && since >= Longest;

    /// <summary>
    /// Whether what was drawn together is cleared away. Beside whoever reads an older state for long, such as a dump, nothing can be: it is tried
    /// again when as much as stayed has come on top of it.
    /// </summary>
    /// <param name="gone">How many rows were drawn together since it last was.</param>
    /// <param name="stayed">How many could not be cleared away then.</param>
    internal static bool Clears(long gone, long stayed) => gone >= Math.Max(ManyGone, stayed);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (drawn, gone, stayed) = (0L, 0L, 0L);
        // By the machine's clock, not by the platform's: it is about this process.
        var last = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(Pause);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var newest = await Number(Newest, stoppingToken);
                if (!Draws(newest - drawn, TimeProvider.System.GetElapsedTime(last)))
                    continue;
                gone += await Number(Draw, stoppingToken, drawn);
                (drawn, last) = (newest, TimeProvider.System.GetTimestamp());
                if (!Clears(gone, stayed))
                    continue;
                await using var clear = database.CreateCommand(Clear);
                await clear.ExecuteNonQueryAsync(stoppingToken);
                (gone, stayed) = (0, await Number(Dead, stoppingToken));
            }
            catch (Exception e) when (Faults.IsForNextTime(e, stoppingToken))
            {
                logger.LogInformation("The tallies cannot be drawn together just now: {Reason}", e.Message);
            }
        }
    }

    async Task<long> Number(string sql, CancellationToken cancellation, params long[] parameters)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.AddWithValue(parameter);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
