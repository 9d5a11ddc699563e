using PolicyPlatform.AppHost.Postgres;
using Xunit;

namespace PolicyPlatform.Testing;

/// <summary>A real PostgreSQL for the tests of an assembly, started by themselves; each test class takes a database of its own.</summary>
public sealed class PostgresCluster : IAsyncLifetime
{
    readonly MachineTurn turn = new();
    readonly string folder = Path.Combine(Path.GetTempPath(), $"policyplatform-tests-{Guid.NewGuid():N}");
    PostgresServer? server;
    int databases;

    public async ValueTask InitializeAsync()
    {
        await turn.InitializeAsync();
        // A test database need not survive a power cut; the tests of crashes go through the apphost, which keeps the safe settings.
        server = await PostgresServer.Start(
            folder,
            ignoreInstalled: false,
            Console.WriteLine,
            TestContext.Current.CancellationToken,
            "fsync=off",
            "synchronous_commit=off"
        );
    }

    /// <summary>An empty database.</summary>
    public Task<string> NewDatabase() => server!.Database($"test_{Interlocked.Increment(ref databases)}", CancellationToken.None);

    /// <summary>A standby that follows the server from now on.</summary>
    public Task<PostgresStandby> Standby() => PostgresStandby.Of(server!, folder, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
            await server.DisposeAsync();
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        await turn.DisposeAsync();
    }
}
