using System.Globalization;
using System.Net.Http.Headers;
using Npgsql;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Benchmarks;

/// <summary>How it is measured.</summary>
/// <param name="Connections">Connections at once.</param>
/// <param name="Round">How long a round is.</param>
/// <param name="Rounds">How many rounds; the median counts.</param>
/// <param name="Comments">How many comments a large consultation has.</param>
/// <param name="Profile">The folder that profiles are written to; null for none.</param>
sealed record Settings(int Connections, TimeSpan Round, int Rounds = 1, int Comments = 200_000, string? Profile = null);

/// <summary>A running platform, and load for it.</summary>
/// <param name="platform">The platform.</param>
/// <param name="settings">How it is measured.</param>
/// <param name="side">Its place where it is measured in turns with the platform of another commit.</param>
sealed class Bench(RunningPlatform platform, Settings settings, Side? side = null) : IAsyncDisposable
{
    // Long enough for the just-in-time compiler to be done with the hot paths on two slow cores.
    static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(12);

    public RunningPlatform Platform => platform;

    /// <summary>What its processes use.</summary>
    public ProcessUse Use { get; } = new(platform);

    /// <summary>How many comments a large consultation has.</summary>
    public int Comments => settings.Comments;

    /// <summary>Connections at once.</summary>
    public int Connections => settings.Connections;

    /// <summary>A client that uses as many connections as there are workers.</summary>
    public HttpClient Client(string? token = null) =>
        new(
            new SocketsHttpHandler
            {
                MaxConnectionsPerServer = settings.Connections,
                UseProxy = false,
                UseCookies = false,
            }
        )
        {
            BaseAddress = platform.Api.BaseAddress,
            DefaultRequestHeaders = { Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token) },
        };

    /// <summary>The platform's own database server, for the raw limit.</summary>
    public NpgsqlDataSource Database()
    {
        // The same way that the services take: line 4 is the port, line 5 the folder of the Unix socket.
        var running = File.ReadAllLines(Path.Combine(platform.Data, "postgres", "postmaster.pid"));
        return NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder
            {
                Host = running[4].Length > 0 ? running[4] : "127.0.0.1",
                Port = int.Parse(running[3], CultureInfo.InvariantCulture),
                Username = "policyplatform",
                Password = File.ReadAllText(Path.Combine(platform.Data, "postgres.password")),
                Database = "policyplatform",
                MaxPoolSize = settings.Connections,
                MaxAutoPrepare = 20,
                AutoPrepareMinUsages = 1,
            }
        );
    }

    /// <summary>
    /// Calls <paramref name="once"/> from all workers, round by round, after a warm-up that does not count; in turns with the platform of
    /// another commit where there is one.
    /// </summary>
    /// <param name="name">What is measured.</param>
    /// <param name="once">One call by the numbered worker; what went wrong, null when nothing did.</param>
    public async Task<Result> Measure(string name, Func<int, Task<string?>> once)
    {
        var measuring = Measuring(once);
        if (side is not null)
            return await side.Turns.Take(name, side, measuring);
        await measuring.Warm();
        var profile = settings.Profile is { } folder ? Profile.Begin(folder, name) : null;
        var rounds = new List<Round>();
        for (var n = 0; n < settings.Rounds; n++)
            rounds.Add(await measuring.Round());
        if (profile is not null)
            await profile.End();
        return new(name, rounds);
    }

    /// <summary>Reads from all workers, each over a connection of its own.</summary>
    /// <param name="token">The caller's token; null for the public.</param>
    /// <param name="name">What is measured.</param>
    /// <param name="path">The path below /api/v1 that the n-th read asks for.</param>
    /// <param name="address">Who is asked; the platform when left out.</param>
    public async Task<Result> Get(string? token, string name, Func<int, string> path, Uri? address = null)
    {
        var connections = Enumerable
            .Range(0, settings.Connections)
            .Select(_ => new PlainConnection(address ?? platform.Api.BaseAddress!, token))
            .ToArray();
        var next = 0;
        var result = await Measure(name, worker => connections[worker].Get(path(Interlocked.Increment(ref next))));
        foreach (var connection in connections)
            connection.Dispose();
        return result;
    }

    /// <summary>The two things that are done with a call.</summary>
    Measuring Measuring(Func<int, Task<string?>> once) =>
        new(() => Load.Run(once, settings.Connections, WarmUp), () => Load.Run(once, settings.Connections, settings.Round, Use));

    public ValueTask DisposeAsync() => Use.DisposeAsync();
}

/// <summary>What is measured, ready to be begun.</summary>
/// <param name="Warm">Runs until all is compiled.</param>
/// <param name="Round">Runs a round.</param>
sealed record Measuring(Func<Task> Warm, Func<Task<Round>> Round);
