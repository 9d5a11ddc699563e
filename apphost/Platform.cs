using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Npgsql;
using PolicyPlatform.AppHost.Backups;
using PolicyPlatform.AppHost.Postgres;
using PolicyPlatform.AppHost.Processes;
using PolicyPlatform.AppHost.Samples;

namespace PolicyPlatform.AppHost;

/// <summary>Everything on one machine: the database, the services, the gateway; started in order and stopped in the opposite one.</summary>
public sealed class Platform(Options options) : IAsyncDisposable
{
    static readonly string[] ServiceNames = ["Catalog", "Documents", "Interpretation", "Consultation"];

    readonly HttpClient client = new() { Timeout = TimeSpan.FromSeconds(5) };
    readonly List<ServiceProcess> services = [],
        gateways = [];
    readonly string instance = Guid.NewGuid().ToString();
    PostgresServer? postgres;
    Dashboard? dashboard;
    DataFolder? data;
    int databaseEnds;

    string Api => Localhost(options.Port);

    /// <summary>Starts everything and runs until <paramref name="stop"/>.</summary>
    public async Task Run(CancellationToken stop)
    {
        // Nothing is started again once one of them could not be started at all.
        using var running = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            await StartAndKeep(running.Token);
        }
        finally
        {
            await running.CancelAsync();
        }
    }

    async Task StartAndKeep(CancellationToken stop)
    {
        var watch = Stopwatch.StartNew();
        data = DataFolder.Open(options.Data);
        foreach (var n in Enumerable.Range(0, options.Replicas))
        foreach (var (port, option) in new[] { (options.Port + 2 * n, "--port"), (options.GrpcPort + 2 * n, "--grpc-port") })
            if (!FreePort.IsFree(port))
                throw new StartException($"Port {port} is in use: stop what uses it, or choose another with {option}.");

        // Each is looked after from when it runs: what dies while others still start is started again, too.
        var keepers = new ConcurrentBag<Task>();
        var database = await StartDatabase(data.Path, stop);
        keepers.Add(Keep("PostgreSQL", KeepDatabase, stop));
        if (options.Dashboard)
        {
            dashboard = await Dashboard.Start(data.Path, client, Say, stop);
            keepers.Add(Keep("The dashboard", dashboard.KeepAlive, stop));
        }
        Prepare(database, data.Path);
        // As many at a time as there are cores: a start is busy with one, and more at once only make each other late.
        var starting = services.Count;
        await Parallel.ForEachAsync(
            services.Concat(gateways),
            stop,
            async (service, cancellation) =>
            {
                // The gateway is ready when services are.
                var took = await Start(service, () => gateways.Contains(service) && Volatile.Read(ref starting) > 0, cancellation);
                Interlocked.Decrement(ref starting);
                keepers.Add(Keep(service.Name, service.KeepAlive, stop));
                Say($"{service.Name} ready ({took.TotalSeconds:0.0} s)");
            }
        );

        if (options.Samples && await SampleDistrict.Load(new(Api), data.Path, stop) is { } loaded)
            Say(loaded);
        Say($"ready in {watch.Elapsed.TotalSeconds:0.0} s");
        Voice.Show(Welcome());

        // Ends with the signal to stop.
        await await Task.WhenAny(keepers.Append(Task.Delay(Timeout.Infinite, stop)));
    }

    async Task<string> StartDatabase(string data, CancellationToken stop)
    {
        var watch = Stopwatch.StartNew();
        if (options.Postgres is { } given)
        {
            try
            {
                await using var source = NpgsqlDataSource.Create(given);
                await using var connection = await source.OpenConnectionAsync(stop);
                if (connection.PostgreSqlVersion.Major < PostgresBinaries.Oldest)
                    throw new StartException(
                        $"The server given with --postgres is version {connection.PostgreSqlVersion.Major}; the platform needs {PostgresBinaries.Oldest} or newer."
                    );
                Say($"PostgreSQL {connection.PostgreSqlVersion} at {connection.Host} ready ({watch.Elapsed.TotalSeconds:0.0} s)");
                return given;
            }
            catch (Exception e) when (e is NpgsqlException or ArgumentException)
            {
                throw new StartException($"The server given with --postgres cannot be used ({e.Message}): check the connection string.");
            }
        }
        postgres = await PostgresServer.Start(
            data,
            options.IgnoreInstalledPostgres,
            Say,
            stop,
            options.Archive is { } archive ? await WalArchive.Keep(archive, stop) : []
        );
        var database = await postgres.Database("policyplatform", stop);
        Say($"PostgreSQL ready ({watch.Elapsed.TotalSeconds:0.0} s)");
        return database;
    }

    void Prepare(string database, string data)
    {
        var replicas = Enumerable.Range(0, options.Replicas).ToArray();
        var ports = ServiceNames.ToDictionary(
            name => name,
            _ => Array.ConvertAll(replicas, _ => (Http: FreePort.Next(), Grpc: FreePort.Next()))
        );
        var common = new Dictionary<string, string>
        {
            // What a service does for developers costs each request: only who runs here, and that nobody has to be waited for, differs.
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["Authentication__RequireHttps"] = "false",
            ["Shutdown__DrainSeconds"] = Given("Shutdown__DrainSeconds", "0"),
            ["Shutdown__RequestSeconds"] = Given("Shutdown__RequestSeconds", "5"),
            ["ConnectionStrings__Database"] = database,
            ["Authentication__Authority"] = Api + "/",
            ["Hosting__StopWithParent"] = "true",
            ["PublicAddress"] = Api,
            ["Messaging__SingleNode"] = options.Replicas == 1 ? "true" : "false",
            ["Hosting__Instance"] = instance,
        };
        common["PersonalData__KeyFolder"] = Path.Combine(data, "keys", "personal");
        common["Integrity__KeyFile"] = Path.Combine(data, "keys", "integrity.pem");
        common["Library__IndexFolder"] = Path.Combine(data, "index");
        if (dashboard is not null)
            dashboard.HearFrom(common);
        if (options.RabbitMq is { } broker)
            common["Messaging__RabbitMq"] = broker.ToString();
        foreach (var (name, own) in ports)
        {
            common[$"Services__{name}__Http"] = string.Join(',', own.Select(p => Loopback(p.Http)));
            common[$"Services__{name}__Grpc"] = string.Join(',', own.Select(p => Loopback(p.Grpc)));
        }
        foreach (var name in ServiceNames)
        foreach (var n in replicas)
            services.Add(Service(name, n, ports[name][n].Http, Endpoints(Loopback(ports[name][n].Http), Loopback(ports[name][n].Grpc))));
        foreach (var n in replicas)
            gateways.Add(
                Service(
                    "Gateway",
                    n,
                    options.Port + 2 * n,
                    Endpoints(Localhost(options.Port + 2 * n), Localhost(options.GrpcPort + 2 * n))
                        .Concat([
                            new("Identity__Embedded", "true"),
                            new("Identity__ForDevelopment", "true"),
                            new("Identity__KeyFolder", Path.Combine(data, "keys")),
                        ])
                )
            );

        // Whoever starts the platform may say otherwise.
        static string Given(string setting, string otherwise) => Environment.GetEnvironmentVariable(setting) ?? otherwise;

        ServiceProcess Service(string name, int replica, int port, IEnumerable<KeyValuePair<string, string>> own)
        {
            var assembly = Path.Combine(
                AppContext.BaseDirectory,
                "..",
                "..",
                name,
                new DirectoryInfo(AppContext.BaseDirectory).Name,
                $"PolicyPlatform.{name}.dll"
            );
            var (file, arguments) = OwnSession([Dotnet(), Path.GetFullPath(assembly)]);
            var environment = new Dictionary<string, string>(common.Concat(own));
            var (called, log) =
                replica == 0 ? (name, name.ToLowerInvariant()) : ($"{name} {replica + 1}", $"{name.ToLowerInvariant()}-{replica + 1}");
            return new(
                new(called, file, arguments, Path.Combine(data, "logs", $"{log}.log"), environment, Say),
                new(Loopback(port)),
                instance,
                Say
            );
        }
    }

    static Dictionary<string, string> Endpoints(string http, string grpc) =>
        new()
        {
            ["Kestrel__Endpoints__Http__Url"] = http,
            ["Kestrel__Endpoints__Grpc__Url"] = grpc,
            ["Kestrel__Endpoints__Grpc__Protocols"] = "Http2",
        };

    static string Localhost(int port) => string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}");

    static string Loopback(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");

    // The host of the runtime that runs us, wherever it is installed.
    internal static string Dotnet() =>
        Path.GetFullPath(
            Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet")
        );

    // Ctrl-C goes to everything in the terminal's session; the services are to stop in our order.
    internal static (string File, string[] Arguments) OwnSession(string[] command) =>
        File.Exists("/usr/bin/setsid") ? ("/usr/bin/setsid", command) : (command[0], command[1..]);

    // Whatever goes wrong in looking after one of them, it is looked after again, and the others all the while.
    static async Task Keep(string name, Func<CancellationToken, Task> keep, CancellationToken stop)
    {
        for (var setbacks = new Setbacks(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30)); ; )
        {
            var watch = Stopwatch.StartNew();
            try
            {
                await keep(stop);
                return;
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                setbacks.Count(watch.Elapsed);
                if (setbacks.IsTold)
                    Say(
                        $"{name} could not be looked after{setbacks.Times} ({e.Message}); going on in {setbacks.Pause.TotalSeconds:0.#} s."
                    );
                await Task.Delay(setbacks.Pause, stop);
            }
        }
    }

    async Task KeepDatabase(CancellationToken cancellation)
    {
        if (postgres is null)
            await Task.Delay(Timeout.Infinite, cancellation);
        for (var setbacks = new Setbacks(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5)); ; )
        {
            var ran = Stopwatch.StartNew();
            await postgres!.Process.Ended(cancellation);
            if (postgres.Process.Expected)
                return;
            Interlocked.Increment(ref databaseEnds);
            setbacks.Count(ran.Elapsed);
            if (setbacks.IsTold)
                Say($"PostgreSQL ended unexpectedly{setbacks.Times} ({postgres.Process.LastWords}); starting it again.");
            await Task.Delay(setbacks.Pause, cancellation);
            await postgres.Restart(cancellation);
            if (setbacks.IsTold)
                Say("PostgreSQL ready again");
        }
    }

    // One whose database went away beneath it is started once more.
    async Task<TimeSpan> Start(ServiceProcess service, Func<bool> waits, CancellationToken cancellation)
    {
        while (true)
        {
            var before = Volatile.Read(ref databaseEnds);
            try
            {
                return await service.Start(client, waits, cancellation);
            }
            catch (StartException) when (!service.Process.IsRunning && Volatile.Read(ref databaseEnds) != before)
            {
                Say($"{service.Name} lost the database while it started; starting it again.");
            }
        }
    }

    string Welcome() =>
        $$"""

              API     {{Api}}/api/v1   (gRPC: http://localhost:{{options.GrpcPort}}){{Others()}}
              Docs    {{Api}}/docs{{(dashboard is null ? "" : $"\n  Traces  {dashboard.Address}")}}
              Data    {{options.Data}}   (logs in {{Path.Combine(options.Data, "logs")}})

              Try it:
                curl -s '{{Api}}/api/v1/library'
                TOKEN=$(curl -s {{Api}}/connect/token -d grant_type=client_credentials -d client_id=drafting-housing -d client_secret=development | grep -o '"access_token": *"[^"]*"' | cut -d'"' -f4)
                curl -s {{Api}}/api/v1/documents -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"title":"关于做好供热准备工作的通知","text":"各镇人民政府：\n请于11月15日前做好供热准备。"}'

              Ctrl-C stops everything.
            """;

    string Others() => string.Concat(Enumerable.Range(1, options.Replicas - 1).Select(n => $", {Localhost(options.Port + 2 * n)}"));

    /// <summary>Stops the gateway, then the services, and the database last.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(gateways.Select(g => g.Process.DisposeAsync().AsTask()));
        await Task.WhenAll(services.Select(s => s.Process.DisposeAsync().AsTask()));
        if (dashboard is not null)
            await dashboard.DisposeAsync();
        if (postgres is not null)
            await postgres.DisposeAsync();
        data?.Dispose();
        client.Dispose();
    }

    static void Say(string line) => Voice.Say(line);
}
