using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace PolicyPlatform.ServiceDefaults.Hosting;

/// <summary>A projection whose rows are made by the code of this version.</summary>
/// <param name="Id">The projection.</param>
/// <param name="Version">The version of its code.</param>
public sealed record BuiltProjection(string Id, int Version);

/// <summary>
/// Makes the rows of a projection anew when its code has changed since they were made, before the service takes a message or answers
/// anything: all that starts, starts after this.
/// Events are for good; what is made of them follows the code.
/// </summary>
sealed class RebuildProjections(
    IReadOnlyList<(string Name, int Version)> made,
    IDocumentStore store,
    NpgsqlDataSource database,
    ILogger<RebuildProjections> logger
) : IHostedLifecycleService
{
    static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // One process of the service at a time; the others find it done.
        var gate = $"hashtext('rebuild {store.Options.DatabaseSchemaName}')";
        await Execute(connection, $"select pg_advisory_lock({gate})", cancellationToken);
        try
        {
            await using var session = store.LightweightSession();
            var built = (await session.Query<BuiltProjection>().ToListAsync(cancellationToken)).ToDictionary(b => b.Id, b => b.Version);
            var changed = made.Where(p => built.GetValueOrDefault(p.Name) != p.Version).ToArray();
            if (changed.Length == 0)
                return;
            if (await session.Events.QueryAllRawEvents().AnyAsync(cancellationToken))
            {
                using var daemon = await store.BuildProjectionDaemonAsync();
                foreach (var (name, version) in changed)
                {
                    logger.LogInformation("Making {Projection} anew, as version {Version} has it", name, version);
                    await daemon.RebuildProjectionAsync(name, Longest, cancellationToken);
                }
            }
            foreach (var (name, version) in changed)
                session.Store(new BuiltProjection(name, version));
            await session.SaveChangesAsync(cancellationToken);
        }
        finally
        {
            await Execute(connection, $"select pg_advisory_unlock({gate})", CancellationToken.None);
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}

/// <summary>Names the projections whose rows follow their code.</summary>
public static class MadeProjections
{
    /// <summary>Makes these projections anew when their version is not the one that their rows were made by.</summary>
    public static void RebuildWhenChanged(this WebApplicationBuilder builder, params IReadOnlyList<(string Name, int Version)> made) =>
        builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<RebuildProjections>(services, made));
}
