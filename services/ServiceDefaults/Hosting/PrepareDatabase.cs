using System.Reflection;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using JasperFx;
using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.ServiceDefaults.Hosting;

/// <summary>A projection whose rows are made by the code of this version.</summary>
/// <param name="Id">The projection; or a release that the database is prepared for.</param>
/// <param name="Version">The version of its code.</param>
public sealed record BuiltProjection(string Id, int Version);

/// <summary>What a service makes of events, each with the version of its code.</summary>
sealed record MadeOfEvents(IReadOnlyList<(string Name, int Version)> Projections);

/// <summary>
/// Brings the database to what this release needs before the service takes a message or answers anything: all that starts, starts after
/// this. Tables are made or changed, and the rows of a projection whose code has changed are made anew: events are for good, and what is
/// made of them follows the code. A release that was here before finds everything as it left it and asks one question. With
/// <c>Database:Migrate=false</c> the service changes nothing and waits until <see cref="MigrateCommand"/> has.
/// </summary>
/// <remarks>
/// A release that only adds tables is prepared beside the one before. What changes a table or makes something anew waits until nobody runs
/// (<see cref="Presence"/>): who writes meanwhile would write it as the code before has it. Until it is done no release counts as prepared.
/// </remarks>
sealed partial class PrepareDatabase(
    IEnumerable<MadeOfEvents> made,
    IDocumentStore store,
    NpgsqlDataSource database,
    Presence presence,
    IHostEnvironment environment,
    IConfiguration configuration,
    ILogger<PrepareDatabase> logger
) : IHostedLifecycleService
{
    static readonly TimeSpan Longest = TimeSpan.FromHours(1),
        Pause = TimeSpan.FromSeconds(1);

    string? mark;

    string Schema => store.Options.DatabaseSchemaName;

    /// <summary>Whether a service makes and changes its own tables.</summary>
    internal static bool IsOwn(IConfiguration configuration) => configuration.GetValue("Database:Migrate", true);

    /// <inheritdoc/>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await Until(
            async cancellation =>
            {
                if (IsOwn(configuration) && await Prepare(null, cancellation) is { Count: > 0 } held)
                    return $"Other processes of the service run, of a release that knows nothing of this one's changes ({string.Join(", ", held)}). They have to end first.";
                // Who waits for something is not present: whoever brings it would wait for him.
                if (await Missing(cancellation) is { } awaited)
                    return awaited;
                // Whoever changes something waits for those who are present; what was changed before that is seen here.
                if (!await presence.Take(cancellation))
                    return "The database is being prepared by another process.";
                if (await Missing(cancellation) is not { } missing)
                    return null;
                await presence.Leave();
                return missing;
            },
            cancellationToken
        );
        presence.Watch(async cancellation => await Missing(cancellation) is null);
    }

    /// <summary>
    /// Makes or changes the tables, makes anew what follows changed code, and notes that this release is prepared.
    /// </summary>
    /// <param name="also">What else belongs to it.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>What is changed or made anew and cannot be while others run, if they do; nothing is done then.</returns>
    public async Task<IReadOnlyList<string>> Prepare(Func<Task>? also, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        // One process of the service at a time, however long it takes; the others find it done.
        var gate = $"hashtext('rebuild {Schema}')";
        await Execute(connection, $"select pg_advisory_lock({gate})", cancellation);
        var isAlone = false;
        try
        {
            var release = Mark;
            var built = await Built(connection, cancellation);
            var outdated = Outdated(built ?? []).ToArray();
            var isPrepared = built?.ContainsKey(release) is true && outdated.Length == 0;
            if (!isPrepared && built is not null)
            {
                string[] changes = [.. outdated.Select(p => p.Name), .. await ChangedTables(cancellation)];
                if (changes.Length > 0)
                {
                    isAlone = await presence.IsAlone(connection, cancellation);
                    if (!isAlone)
                        return changes;
                    // Ended in the middle, nobody takes half of it for the whole.
                    await Execute(
                        connection,
                        $"delete from {Schema}.mt_doc_builtprojection where id like 'release %' or id = any('{{{string.Join(',', outdated.Select(p => p.Name))}}}')",
                        cancellation
                    );
                }
            }
            if (!isPrepared)
            {
                await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
                await Rebuild(outdated, cancellation);
            }
            if (also is not null)
                await also();
            if (!isPrepared)
            {
                await using var session = store.LightweightSession();
                session.Store(new BuiltProjection(release, 1));
                await session.SaveChangesAsync(cancellation);
            }
            return [];
        }
        finally
        {
            if (isAlone)
                await presence.AloneNoMore(connection);
            await Execute(connection, $"select pg_advisory_unlock({gate})", CancellationToken.None);
        }
    }

    /// <summary>Waits until the database answers.</summary>
    public Task Answers(CancellationToken cancellation) => Until(_ => Task.FromResult<string?>(null), cancellation);

    // The database is waited for, whatever is started first; then what the caller misses in it.
    async Task Until(Func<CancellationToken, Task<string?>> missing, CancellationToken cancellation)
    {
        for (var told = ""; ; await Task.Delay(Pause, cancellation))
        {
            var reason = "";
            try
            {
                await using (await database.OpenConnectionAsync(cancellation)) { }
                if (await missing(cancellation) is not { } what)
                    return;
                reason = what;
            }
            catch (Exception e) when (Faults.IsTemporary(e) && !cancellation.IsCancellationRequested)
            {
                reason = $"The database does not answer: {e.Message}";
            }
            if (reason != told)
                logger.LogWarning("Waiting. {Reason}", told = reason);
        }
    }

    async Task<string?> Missing(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var built = await Built(connection, cancellation);
        if (built?.ContainsKey(Mark) is not true)
            return "The database is not prepared for this release. Run the service once with the argument migrate.";
        return Outdated(built).Select(p => p.Name).ToArray() is { Length: > 0 } others
            ? $"Another release has made anew what this one makes differently ({string.Join(", ", others)}). Run that release, or restore the backup from before it."
            : null;
    }

    // What is changed of tables that are there: a column that is added is filled once, and one that is taken away is missed by those who know it.
    async Task<IReadOnlyList<string>> ChangedTables(CancellationToken cancellation)
    {
        var tables = store.Storage.Database;
        using var changes = new StringWriter();
        (await tables.CreateMigrationAsync(cancellation)).WriteAllUpdates(changes, tables.Migrator, AutoCreate.CreateOrUpdate);
        return [.. ColumnOf().Matches(changes.ToString()).Select(m => m.Groups[1].Value).Distinct()];
    }

    [GeneratedRegex(@"alter\s+table\s+(\S+)\s+(?:add|drop|alter)\s+column", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex ColumnOf();

    IEnumerable<(string Name, int Version)> Outdated(Dictionary<string, int> built) =>
        made.SelectMany(m => m.Projections).Where(p => built.GetValueOrDefault(p.Name) != p.Version);

    async Task Rebuild((string Name, int Version)[] changed, CancellationToken cancellation)
    {
        if (changed.Length == 0)
            return;
        await using var session = store.LightweightSession();
        if (await session.Events.QueryAllRawEvents().AnyAsync(cancellation))
        {
            using var daemon = await store.BuildProjectionDaemonAsync();
            foreach (var (name, version) in changed)
            {
                logger.LogInformation("Making {Projection} anew, as version {Version} has it", name, version);
                await daemon.RebuildProjectionAsync(name, Longest, cancellation);
            }
        }
        foreach (var (name, version) in changed)
            session.Store(new BuiltProjection(name, version));
        await session.SaveChangesAsync(cancellation);
    }

    string Mark => mark ??= OfBuilds();

    // The builds of the service's own code and the versions of all that it uses.
    string OfBuilds()
    {
        var service = Assembly.Load(environment.ApplicationName);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(service.ManifestModule.ModuleVersionId.ToByteArray());
        foreach (var used in service.GetReferencedAssemblies().Concat(typeof(PrepareDatabase).Assembly.GetReferencedAssemblies()))
            hash.AppendData(
                used.Name!.StartsWith("PolicyPlatform.", StringComparison.Ordinal)
                    ? Assembly.Load(used).ManifestModule.ModuleVersionId.ToByteArray()
                    : System.Text.Encoding.UTF8.GetBytes(used.FullName)
            );
        return $"release {BitConverter.ToInt32(hash.GetHashAndReset())}";
    }

    // Null before the first start.
    async Task<Dictionary<string, int>?> Built(NpgsqlConnection connection, CancellationToken cancellation)
    {
        try
        {
            await using var command = new NpgsqlCommand(
                $"select id, (data ->> 'version')::int from {Schema}.mt_doc_builtprojection",
                connection
            );
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            var built = new Dictionary<string, int>();
            while (await reader.ReadAsync(cancellation))
                built.Add(reader.GetString(0), reader.GetInt32(1));
            return built;
        }
        catch (PostgresException e)
            when (e.SqlState
                    is PostgresErrorCodes.UndefinedTable
                        or PostgresErrorCodes.InvalidSchemaName
                        or PostgresErrorCodes.InsufficientPrivilege
            )
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        // From here on no table is looked at before it is used for the first time. The store of messages goes by this too, and is there by now.
        if (store is DocumentStore prepared)
            prepared.Options.AutoCreateSchemaObjects = AutoCreate.None;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}

/// <summary>Names the projections whose rows follow their code.</summary>
public static class MadeProjections
{
    /// <summary>Makes these projections anew when their version is not the one that their rows were made by.</summary>
    public static void RebuildWhenChanged(this WebApplicationBuilder builder, params IReadOnlyList<(string Name, int Version)> made) =>
        builder.Services.AddSingleton(new MadeOfEvents(made));
}
