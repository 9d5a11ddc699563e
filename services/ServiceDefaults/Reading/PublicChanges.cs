using System.Collections.Concurrent;
using System.Globalization;
using Marten;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;
using PolicyPlatform.ServiceDefaults.Problems;
using Weasel.Postgresql.Tables;

namespace PolicyPlatform.ServiceDefaults.Reading;

/// <summary>
/// How often something was recorded that the public may read: whoever keeps answers and hears a higher number than before knows that what is kept may
/// be older than the answer that said so. The number goes up with each commit and is read by nobody before it.
/// </summary>
sealed class PublicChanges(string service, NpgsqlDataSource database, ILogger<PublicChanges> logger)
{
    const string Table = "public_changes";

    // With one alone, who comes while it is on its way would wait for two.
    const int MostOnTheWay = 3;

    readonly Lock turn = new();
    Waiting? next;
    int onTheWay;

    /// <summary>Makes the table, and has each transaction count itself.</summary>
    internal static void AddTo(StoreOptions options)
    {
        var table = new Table($"{options.DatabaseSchemaName}.{Table}");
        table.AddColumn<Guid>("place").AsPrimaryKey();
        table.AddColumn<long>("changes").NotNull();
        options.Storage.ExtendedSchemaObjects.Add(table);
        options.Listeners.Add(new Counting($"{options.DatabaseSchemaName}.{Table}"));
    }

    /// <summary>The number, as of an instant after this was called: where many ask at the same moment they share a question.</summary>
    public Task<long> Read()
    {
        lock (turn)
            // One that is on its way may have been answered already, before what this caller has read was recorded.
            return onTheWay < MostOnTheWay ? Begin() : (next ??= new()).Told.Task;
    }

    /// <summary>Those who wait for the same question, which is asked in the name of the first of them.</summary>
    sealed class Waiting
    {
        public TaskCompletionSource<long> Told { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ExecutionContext? First { get; } = ExecutionContext.Capture();
    }

    Task<long> Begin()
    {
        onTheWay++;
        return Ask();
    }

    async Task<long> Ask()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await using var command = database.CreateCommand($"select coalesce(sum(changes), 0)::bigint from {service}.{Table}");
            return (long)(await command.ExecuteScalarAsync())!;
        }
        finally
        {
            lock (turn)
            {
                onTheWay--;
                if (next is { } waiting)
                {
                    next = null;
                    if (waiting.First is { } first)
                        ExecutionContext.Run(first, _ => Answer(waiting), null);
                    else
                        Answer(waiting);
                }
            }
        }
    }

    void Answer(Waiting waiting) => _ = Tell(waiting, Begin());

    static async Task Tell(Waiting waiting, Task<long> asked)
    {
        await ((Task)asked).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        waiting.Told.SetFromTask(asked);
    }

    /// <summary>Tells whoever wants to know it, with the answer.</summary>
    public Task Serve(HttpContext http, RequestDelegate next)
    {
        if (!SeenChanges.AreAskedFor(http))
            return next(http);
        http.Response.OnStarting(async () =>
        {
            if (http.Response.StatusCode == StatusCodes.Status200OK && await Tell(http) is { } told)
                http.Response.Headers[ReadHeaders.Changes] = told;
        });
        return next(http);
    }

    /// <summary>The number of this service and of those that it has asked on the way to an answer; null where it cannot be told.</summary>
    public async Task<string?> Tell(HttpContext http)
    {
        try
        {
            var own = await Read();
            return string.Join(
                ',',
                SeenChanges.Of(http).Values.Prepend(string.Create(CultureInfo.InvariantCulture, $"{service}={own}")).Distinct()
            );
        }
        catch (Exception e) when (Faults.IsTemporary(e))
        {
            // Nobody keeps the answer then.
            logger.LogInformation("It cannot be told how new an answer is: {Reason}", e.Message);
            return null;
        }
    }

    /// <summary>
    /// Each transaction adds to a row that nobody else is adding to, so that none waits for another; there are as many rows as there were writers at
    /// once. A sequence would be read before what it counts is there.
    /// </summary>
    sealed class Counting(string table) : DocumentSessionListenerBase
    {
        static readonly ConcurrentDictionary<Type, bool> sentByPublic = new();

        readonly string sql =
            $"with mine as (update {table} set changes = changes + 1 where place = (select place from {table} for update skip locked limit 1) returning place) insert into {table} (place, changes) select gen_random_uuid(), 1 where not exists (select from mine)";

        public override Task BeforeSaveChangesAsync(IDocumentSession session, CancellationToken token)
        {
            var streams = session.PendingChanges.Streams();
            if (streams.Any() ? streams.Any(s => !IsSentByPublic(s.AggregateType)) : Stores(session))
                session.QueueSqlCommand(sql);
            return Task.CompletedTask;
        }

        static bool IsSentByPublic(Type? state) =>
            state is not null && sentByPublic.GetOrAdd(state, s => s.IsDefined(typeof(SentByPublicAttribute), false));

        // What every service keeps for itself nobody reads.
        static bool Stores(IDocumentSession session) =>
            session
                .PendingChanges.Inserts()
                .Concat(session.PendingChanges.Updates())
                .Select(stored => stored.GetType())
                .Concat(session.PendingChanges.Deletions().Select(deleted => deleted.DocumentType))
                .Any(type => type.Assembly != typeof(Counting).Assembly);
    }
}

/// <summary>
/// Marks what the public sends without a token: no answer that is kept shows it, but for how much of it there is. It comes by the thousand, and what
/// is kept is not given up for each.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SentByPublicAttribute : Attribute;

/// <summary>The numbers of other services that a request has met with on its way.</summary>
static class SeenChanges
{
    sealed record Seen(ConcurrentDictionary<string, string> Numbers);

    /// <summary>Whether whoever sent the request wants to know them.</summary>
    public static bool AreAskedFor(HttpContext http) => http.Request.Headers.ContainsKey(ReadHeaders.Changes);

    /// <summary>Those that were met with.</summary>
    public static ConcurrentDictionary<string, string> Of(HttpContext http)
    {
        lock (http.Features)
        {
            if (http.Features.Get<Seen>() is not { } seen)
                http.Features.Set(seen = new(new()));
            return seen.Numbers;
        }
    }

    /// <summary>Notes what another service told with its answer.</summary>
    public static void Note(HttpContext http, string? told)
    {
        // Of one service that was asked several times, each answer: the highest counts.
        foreach (var one in told?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [])
            Of(http)[one] = one;
    }
}
