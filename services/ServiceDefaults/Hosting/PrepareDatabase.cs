using System.Reflection;
using System.Security.Cryptography;
using JasperFx;
using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace PolicyPlatform.ServiceDefaults.Hosting;

/// <summary>A projection whose rows are made by the code of this version.</summary>
/// <param name="Id">The projection; <see cref="PrepareDatabase.Tables"/> for the tables of them all.</param>
/// <param name="Version">The version of its code.</param>
public sealed record BuiltProjection(string Id, int Version);

/// <summary>What a service makes of events, each with the version of its code.</summary>
sealed record MadeOfEvents(IReadOnlyList<(string Name, int Version)> Projections);

/// <summary>
/// Brings the database to what this release needs before the service takes a message or answers anything: all that starts, starts after
/// this. Tables are made or changed, and the rows of a projection whose code has changed are made anew: events are for good, and what is
/// made of them follows the code. A release that was here before finds everything as it left it and asks one question.
/// </summary>
sealed class PrepareDatabase(
    IEnumerable<MadeOfEvents> made,
    IDocumentStore store,
    NpgsqlDataSource database,
    IHostEnvironment environment,
    ILogger<PrepareDatabase> logger
) : IHostedLifecycleService
{
    internal const string Tables = "tables";

    static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // One process of the service at a time; the others find it done.
        var gate = $"hashtext('rebuild {store.Options.DatabaseSchemaName}')";
        await Execute(connection, $"select pg_advisory_lock({gate})", cancellationToken);
        try
        {
            var release = Release();
            if (await Known(connection, cancellationToken) != release)
            {
                await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
                await Rebuild(cancellationToken);
                await using var session = store.LightweightSession();
                session.Store(new BuiltProjection(Tables, release));
                await session.SaveChangesAsync(cancellationToken);
            }
        }
        finally
        {
            await Execute(connection, $"select pg_advisory_unlock({gate})", CancellationToken.None);
        }
    }

    async Task Rebuild(CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        var built = (await session.Query<BuiltProjection>().ToListAsync(cancellation)).ToDictionary(b => b.Id, b => b.Version);
        var changed = made.SelectMany(m => m.Projections).Where(p => built.GetValueOrDefault(p.Name) != p.Version).ToArray();
        if (changed.Length == 0)
            return;
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

    // The builds of the service's own code and the versions of all that it uses.
    int Release()
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
        return BitConverter.ToInt32(hash.GetHashAndReset());
    }

    async Task<int?> Known(NpgsqlConnection connection, CancellationToken cancellation)
    {
        try
        {
            await using var command = new NpgsqlCommand(
                $"select (data ->> 'version')::int from {store.Options.DatabaseSchemaName}.mt_doc_builtprojection where id = '{Tables}'",
                connection
            );
            return (int?)await command.ExecuteScalarAsync(cancellation);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
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
        await using var command = new NpgsqlCommand(sql, connection);
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
