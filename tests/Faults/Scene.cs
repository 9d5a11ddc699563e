using System.Diagnostics;
using System.Globalization;
using Npgsql;
using PolicyPlatform.AppHost.Postgres;
using PolicyPlatform.AppHost.Processes;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Faults;

/// <summary>How the platform is put together for a fault.</summary>
enum Setup
{
    /// <summary>As a newcomer starts it: the apphost keeps PostgreSQL, too.</summary>
    Whole,

    /// <summary>
    /// With a network that can fail: a PostgreSQL of our own behind a proxy, and one more gateway, which reaches each service through a proxy.
    /// </summary>
    Networked,

    /// <summary>As a newcomer starts it, by a clock that can be set: that of all its processes, and PostgreSQL's.</summary>
    Clocked,
}

/// <summary>Where faults happen: one data folder, one port, one broker, whatever is started, killed and started again on them.</summary>
sealed class Scene(string data, int replicas, RabbitMqBroker? broker) : IAsyncDisposable
{
    static readonly string[] Services = ["Catalog", "Documents", "Interpretation", "Consultation"];
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    readonly int port = FreePort.Next(2 * replicas);
    readonly TcpProxy? toBroker = broker is null ? null : TcpProxy.To(new Uri(broker.Address).Port);
    readonly Dictionary<string, TcpProxy> networks = [];
    readonly string clock = data + ".clock";
    RunningPlatform? platform;
    PostgresServer? postgres;
    ChildProcess? gateway;
    int gatewayPort;
    Setup? setup;

    public RunningPlatform Platform => platform!;
    public RabbitMqBroker? Broker => broker;
    public string Data => data;

    /// <summary>The library that shows processes another clock (libfaketime); null where it is not installed.</summary>
    public static string? ClockLibrary { get; } =
        Directory.Exists("/usr/lib")
            ? Directory
                .EnumerateDirectories("/usr/lib", "*-linux-gnu*")
                .Select(folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1"))
                .FirstOrDefault(File.Exists)
            : null;

    /// <summary>Where requests are sent.</summary>
    public Uri Gateway => new(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{(gateway is null ? port : gatewayPort)}"));

    /// <summary>The networks by what lies behind them.</summary>
    public IReadOnlyDictionary<string, TcpProxy> Networks => networks;

    /// <summary>Starts the platform as it has to be; what runs otherwise is stopped in order first.</summary>
    public async Task Be(Setup wanted)
    {
        if (setup == wanted)
            return;
        await Stop();
        setup = wanted;
        try
        {
            await Start();
        }
        catch
        {
            // The next round begins anew.
            await Stop();
            throw;
        }
    }

    /// <summary>Kills the apphost; what it has started notices, and all is started again on the same data folder.</summary>
    public async Task KillAppHost()
    {
        await platform!.KillAppHost();
        await platform.DisposeAsync();
        await StartPlatform();
    }

    /// <summary>Starts the apphost again where it has ended by itself, which it never should.</summary>
    /// <returns>What it said; null while it runs.</returns>
    public async Task<string?> Revive()
    {
        if (platform is null or { HasExited: false })
            return null;
        var said = platform.Output;
        await platform.DisposeAsync();
        await StartPlatform();
        return said;
    }

    /// <summary>Sets the clock of everything that runs; how long something takes is measured as before.</summary>
    /// <param name="ahead">How far ahead of this machine's; negative for behind it.</param>
    public async Task SetClock(TimeSpan ahead)
    {
        // It is read at any moment, and never half of it.
        await File.WriteAllTextAsync(clock + ".new", string.Create(CultureInfo.InvariantCulture, $"{ahead.TotalSeconds:+0;-0;+0}\n"));
        File.Move(clock + ".new", clock, overwrite: true);
    }

    async Task Start()
    {
        if (toBroker is not null)
            networks["broker"] = toBroker;
        if (setup is Setup.Networked)
        {
            postgres = await PostgresServer.Start(data, ignoreInstalled: false, _ => { }, CancellationToken.None);
            await postgres.Database("policyplatform", CancellationToken.None);
            networks["database"] = TcpProxy.To(postgres.Port);
        }
        if (setup is Setup.Clocked)
            await SetClock(TimeSpan.Zero);
        await StartPlatform();
        if (setup is Setup.Networked)
            await StartGateway();
    }

    async Task StartPlatform()
    {
        List<string> arguments = ["--no-samples", "--replicas", replicas.ToString(CultureInfo.InvariantCulture)];
        if (toBroker is not null)
            arguments.AddRange(["--rabbitmq", $"amqp://guest:guest@127.0.0.1:{toBroker.Port}"]);
        if (postgres is not null)
            arguments.AddRange([
                "--postgres",
                new NpgsqlConnectionStringBuilder(postgres.ConnectionString("policyplatform"))
                {
                    Host = "127.0.0.1",
                    Port = networks["database"].Port,
                }.ConnectionString,
            ]);
        // What outlived a killed apphost lets go of its ports when it notices.
        var ports = Enumerable.Range(port, 2 * replicas).ToArray();
        for (var waited = Stopwatch.StartNew(); !ports.All(FreePort.IsFree); await Task.Delay(100))
            if (waited.Elapsed > Patience)
                throw new FindingException($"A port of {ports[0]}–{ports[^1]} is still held after {Patience.TotalMinutes:0} minutes.");
        platform = await RunningPlatform.StartWith(
            setup is Setup.Clocked
                ? new Dictionary<string, string>
                {
                    ["LD_PRELOAD"] = ClockLibrary!,
                    ["FAKETIME_TIMESTAMP_FILE"] = clock,
                    ["FAKETIME_CACHE_DURATION"] = "1",
                    ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
                }
                : [],
            data,
            port,
            arguments
        );
        if (platform.HasExited)
            throw new FindingException($"The apphost does not start: {platform.Output}");
    }

    // A gateway more, as there may be any number: with the settings of the one that runs, but for its ports and the ways to the services.
    async Task StartGateway()
    {
        gatewayPort = FreePort.Next(2);
        var environment = RunningPlatform.EnvironmentOf(platform!.ServiceProcesses("Gateway")[0]);
        environment["Kestrel__Endpoints__Http__Url"] = $"http://localhost:{gatewayPort}";
        environment["Kestrel__Endpoints__Grpc__Url"] = $"http://localhost:{gatewayPort + 1}";
        foreach (var service in Services)
        foreach (var kind in new[] { "Http", "Grpc" })
        {
            var name = $"Services__{service}__{kind}";
            environment[name] = string.Join(
                ',',
                environment[name]
                    .Split(',')
                    .Select(
                        (address, n) =>
                        {
                            var network = TcpProxy.To(new Uri(address).Port);
                            networks[$"{service} {kind} {n + 1}"] = network;
                            return $"http://127.0.0.1:{network.Port}";
                        }
                    )
            );
        }
        gateway = new("Gateway", "dotnet", [Tool.Program("Gateway")], Path.Combine(data, "logs", "gateway-networked.log"), environment);
        gateway.Start();
        using var client = new HttpClient();
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(100))
        {
            try
            {
                using var answer = await client.GetAsync(new Uri(Gateway, "/health/ready"));
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException) when (gateway.IsRunning)
            {
                // It is starting.
            }
            if (waited.Elapsed > Patience)
                throw new FindingException($"The gateway behind a network is not ready: {gateway.LastWords}");
        }
    }

    /// <summary>Stops everything in order.</summary>
    public async Task Stop()
    {
        if (gateway is not null)
            await gateway.DisposeAsync();
        if (platform is not null)
            await platform.DisposeAsync();
        if (postgres is not null)
            await postgres.DisposeAsync();
        foreach (var (name, network) in networks)
            if (name != "broker")
                await network.DisposeAsync();
        networks.Clear();
        (gateway, platform, postgres, setup) = (null, null, null, null);
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        File.Delete(clock);
        if (toBroker is not null)
            await toBroker.DisposeAsync();
    }
}
