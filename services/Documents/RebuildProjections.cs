using Marten;
using Npgsql;
using PolicyPlatform.Documents.History;
using PolicyPlatform.Documents.Library;
using PolicyPlatform.Documents.Relations;

namespace PolicyPlatform.Documents;

/// <summary>A projection whose rows are made by the code of this version.</summary>
/// <param name="Id">The projection.</param>
/// <param name="Version">The version of its code.</param>
public sealed record BuiltProjection(string Id, int Version);

/// <summary>
/// Makes the rows of a projection anew when its code has changed since they were made, before the service answers anything. Events are for good; what is made of them
/// follows the code.
/// </summary>
sealed class RebuildProjections(IDocumentStore store, NpgsqlDataSource database, ILogger<RebuildProjections> logger) : IHostedService
{
    /// <summary>The projections that are shown to people. Whoever changes what one makes counts its version up.</summary>
    internal static readonly (string Name, int Version)[] Shown =
    [
        (nameof(HistoryProjection), 3), (nameof(LibraryProjection), 2), (nameof(LibraryChangesProjection), 1), (nameof(RelationsProjection), 1),
    ];

    // One process at a time; the others find it done.
    const long Lock = 6021_2026;

    static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await Execute(connection, $"select pg_advisory_lock({Lock})", cancellationToken);
        try
        {
            await using var session = store.LightweightSession();
            var built = (await session.Query<BuiltProjection>().ToListAsync(cancellationToken)).ToDictionary(b => b.Id, b => b.Version);
            var changed = Shown.Where(p => built.GetValueOrDefault(p.Name) != p.Version).ToArray();
            if (changed.Length == 0) return;
            if (await session.Events.QueryAllRawEvents().AnyAsync(cancellationToken))
            {
                using var daemon = await store.BuildProjectionDaemonAsync();
                foreach (var (name, version) in changed)
                {
                    logger.LogInformation("Making {Projection} anew, as version {Version} has it", name, version);
                    await daemon.RebuildProjectionAsync(name, Longest, cancellationToken);
                }
            }
            foreach (var (name, version) in changed) session.Store(new BuiltProjection(name, version));
            await session.SaveChangesAsync(cancellationToken);
        }
        finally
        {
            await Execute(connection, $"select pg_advisory_unlock({Lock})", CancellationToken.None);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
