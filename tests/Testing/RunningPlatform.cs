using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PolicyPlatform.AppHost.Processes;

namespace PolicyPlatform.Testing;

/// <summary>The whole platform as a newcomer starts it: the apphost as a process of its own, used through the gateway.</summary>
public sealed class RunningPlatform : IAsyncDisposable
{
    // A slow machine starts a service again late; how fast is no matter of a test.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    readonly Process process;
    readonly StringBuilder output = new();
    readonly TaskCompletionSource ready = new();
    readonly ConcurrentQueue<string> sentAgain = new();

    RunningPlatform(
        string data,
        int port,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment,
        string? program = null
    )
    {
        Data = data;
        Port = port;
        program ??= Tool.Program("AppHost");
        var start = new ProcessStartInfo(
            "dotnet",
            [program, "--data", data, "--port", port.ToString(CultureInfo.InvariantCulture), .. arguments]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        // Receivers of webhooks are on this machine in tests.
        start.Environment["Webhooks__AllowedNetworks__0"] = "127.0.0.1/32";
        start.Environment["Cors__WriteOrigins__0"] = PageOrigin;
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        process = new() { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, e) => Hear(e.Data);
        process.ErrorDataReceived += (_, e) => Hear(e.Data);
        process.Exited += (_, _) => ready.TrySetResult();
        Api = new() { BaseAddress = new($"http://localhost:{port}"), Timeout = TimeSpan.FromSeconds(60) };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Data { get; }
    public int Port { get; }

    /// <summary>Where a test serves a page that not only reads here but writes, too.</summary>
    public string PageOrigin { get; } = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{FreePort.Next()}");

    public HttpClient Api { get; }

    /// <summary>What it has said.</summary>
    public string Output
    {
        get
        {
            lock (output)
                return output.ToString();
        }
    }

    /// <summary>The process id of the apphost.</summary>
    public int AppHostProcess => process.Id;

    public int ExitCode => process.ExitCode;
    public bool HasExited => process.HasExited;

    /// <summary>A data folder that the database's user can reach.</summary>
    public static string NewFolder() => Path.Combine(Path.GetTempPath(), $"policyplatform-{Guid.NewGuid():N}");

    /// <summary>Starts it and waits until it is ready or has ended.</summary>
    public static Task<RunningPlatform> Start(string data, int? port = null, params string[] arguments) =>
        StartWithin(TimeSpan.FromMinutes(5), data, port, arguments);

    /// <summary>The same for one that has more to do until it is ready.</summary>
    public static Task<RunningPlatform> StartWithin(
        TimeSpan patience,
        string data,
        int? port = null,
        params IEnumerable<string> arguments
    ) => Start(patience, new(data, port ?? FreePortPair(), arguments, null));

    /// <summary>The same with further settings in the environment of all processes.</summary>
    public static Task<RunningPlatform> StartWith(
        IReadOnlyDictionary<string, string> environment,
        string data,
        int? port = null,
        params IEnumerable<string> arguments
    ) => Start(TimeSpan.FromMinutes(5), new(data, port ?? FreePortPair(), arguments, environment));

    /// <summary>The same of another build: an apphost that stands somewhere else.</summary>
    public static Task<RunningPlatform> StartOf(
        string program,
        IReadOnlyDictionary<string, string> environment,
        string data,
        params IEnumerable<string> arguments
    ) => Start(TimeSpan.FromMinutes(5), new(data, FreePortPair(), arguments, environment, program));

    static async Task<RunningPlatform> Start(TimeSpan patience, RunningPlatform platform)
    {
        await platform.ready.Task.WaitAsync(patience);
        // One that has ended may have said something that is not read yet.
        if (platform.HasExited)
            await platform.process.WaitForExitAsync();
        return platform;
    }

    /// <summary>A free port whose successor, the one for gRPC, is free too.</summary>
    public static int FreePortPair() => FreePort.Next(2);

    /// <summary>Gets a token from the embedded provider.</summary>
    public async Task<string> Token(string client)
    {
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = client,
                ["client_secret"] = "development",
            }
        );
        using var answer = await Api.PostAsync(new Uri("/connect/token", UriKind.Relative), form);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }

    /// <summary>What was answered to the requests that had to be sent again until they were carried out.</summary>
    public IReadOnlyCollection<string> SentAgain => sentAgain;

    /// <summary>Sends a request with an idempotency key until it is carried out: through the restart of a service, too.</summary>
    public Task<JsonElement> Post(string token, string path, object body) => Send(HttpMethod.Post, token, path, body);

    /// <summary>The span of which traced requests are part.</summary>
    public const string TraceParent = "00f067aa0ba902b7";

    /// <summary>The same as part of a trace that the caller has begun.</summary>
    /// <param name="token">The token.</param>
    /// <param name="path">The path.</param>
    /// <param name="body">The body.</param>
    /// <param name="trace">The trace, 32 hexadecimal digits.</param>
    public Task<JsonElement> PostTraced(string token, string path, object body, string trace) =>
        Send(HttpMethod.Post, token, path, body, trace);

    /// <summary>Puts something in the place of what is there, again until it is carried out.</summary>
    public Task<JsonElement> Put(string token, string path, object body) => Send(HttpMethod.Put, token, path, body);

    async Task<JsonElement> Send(HttpMethod method, string token, string path, object body, string? trace = null)
    {
        var key = Guid.NewGuid().ToString();
        var began = DateTime.UtcNow;
        while (true)
        {
            using var request = new HttpRequestMessage(method, $"/api/v1/{path}")
            {
                Content = JsonContent.Create(body),
                Headers = { Authorization = new("Bearer", token) },
            };
            if (method == HttpMethod.Post)
                request.Headers.Add("Idempotency-Key", key);
            if (trace is not null)
                request.Headers.Add("traceparent", $"00-{trace}-{TraceParent}-01");
            using var answer = await Api.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            if (answer.IsSuccessStatusCode)
                return JsonDocument.Parse(text).RootElement;
            if ((int)answer.StatusCode != 503 || DateTime.UtcNow - began > Patience)
                throw new HttpRequestException($"{method} {path}: {(int)answer.StatusCode} {text}", null, answer.StatusCode);
            sentAgain.Enqueue($"{method} {path}: {text}");
            await Task.Delay(200);
        }
    }

    /// <summary>Reads JSON; without a token as the public.</summary>
    public async Task<JsonElement> Get(string? token, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/{path}");
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await Api.SendAsync(request);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    /// <summary>What the public hears of a path: a status.</summary>
    public async Task<int> Status(string path)
    {
        using var answer = await Api.GetAsync(new Uri($"/api/v1/{path}", UriKind.Relative));
        return (int)answer.StatusCode;
    }

    /// <summary>Organisations and a subject category to draft with.</summary>
    public async Task Populate()
    {
        var office = await Token("openness-office");
        foreach (var code in new[] { "370114-ZJ", "370114-JY", "370114-ZWGK" })
            await Post(
                office,
                "organisations",
                new
                {
                    code,
                    name = $"测试区{code}",
                    type = "department",
                }
            );
        await Post(office, "subjects", new { code = "CXJS", name = "城乡建设" });
    }

    /// <summary>Subscribes an integrating system by webhook.</summary>
    public async Task<JsonElement> Subscribe(WebhookReceiver receiver, params string[] events) =>
        await Post(
            await Token("integration"),
            "subscriptions",
            new
            {
                channel = "webhook",
                address = receiver.Address,
                filter = new { events },
            }
        );

    /// <summary>Announces a symposium about a consultation, in sixty days.</summary>
    public async Task<string> AnnounceSymposium(string office, string consultation, int seats)
    {
        var begins = DateTimeOffset.UtcNow.AddDays(60);
        var announced = await Post(
            office,
            "hearings",
            new
            {
                kind = "symposium",
                ground = "other",
                consultationId = consultation,
                title = "供热退费座谈会",
                place = "区政务服务中心",
                startsAt = begins,
                endsAt = begins.AddHours(2),
                matters = "退费标准。",
                contact = "物业科，0531-80000001",
                method = "firstCome",
                seats,
                applicationsUntil = begins.AddDays(-30),
            }
        );
        return announced.GetProperty("id").GetString()!;
    }

    /// <summary>Announces an open day, in sixty days.</summary>
    public async Task<string> AnnounceOpenDay(string office, int capacity)
    {
        var begins = DateTimeOffset.UtcNow.AddDays(60);
        var announced = await Post(
            office,
            "open-days",
            new
            {
                topic = "供热开放日",
                place = "云泽热源厂",
                description = "参观热源厂。",
                body = "370114-ZJ",
                startsAt = begins,
                endsAt = begins.AddHours(2),
                capacity,
            }
        );
        return announced.GetProperty("id").GetString()!;
    }

    /// <summary>The process of a service, which runs once.</summary>
    public int ServiceProcess(string service) => ServiceProcesses(service).Single();

    /// <summary>The process ids of a service, the oldest first.</summary>
    public int[] ServiceProcesses(string service) =>
        [
            .. Children(process.Id)
                .Where(id => File.ReadAllText($"/proc/{id}/cmdline").Contains($"PolicyPlatform.{service}.dll", StringComparison.Ordinal))
                .Order(),
        ];

    /// <summary>The settings that a process was started with.</summary>
    public static Dictionary<string, string> EnvironmentOf(int process) =>
        File.ReadAllText($"/proc/{process}/environ")
            .Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Select(v => v.Split('=', 2))
            .Where(v => v.Length == 2)
            .ToDictionary(v => v[0], v => v[1]);

    /// <summary>Where a service is, past the gateway.</summary>
    public Uri AddressOf(string service) => new(EnvironmentOf(ServiceProcess(service))[$"Services__{service}__Http"]);

    /// <summary>A service's own OpenAPI document, asked of it past the gateway.</summary>
    public async Task<JsonObject> Describe(string service) =>
        JsonNode.Parse(await Api.GetStringAsync(new Uri(AddressOf(service), "/openapi/v1.json")))!.AsObject();

    /// <summary>A client that comes from another address of this machine (127.0.0.2 …).</summary>
    public HttpClient From(string address) => new(HandlerFrom(address, Port)) { BaseAddress = Api.BaseAddress };

    /// <summary>The same for a client that is made otherwise, to one of the gateway's ports.</summary>
    public static SocketsHttpHandler HandlerFrom(string address, int port) =>
        new()
        {
            ConnectCallback = async (context, cancellation) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
                await socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };

    /// <summary>The processes that a process has started.</summary>
    public static IEnumerable<int> Children(int parent) =>
        Directory
            .EnumerateDirectories("/proc")
            .Select(Path.GetFileName)
            .Where(name => name!.All(char.IsAsciiDigit))
            .Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
            .Where(id =>
            {
                try
                {
                    var stat = File.ReadAllText($"/proc/{id}/stat");
                    return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1] == parent.ToString(CultureInfo.InvariantCulture);
                }
                catch (IOException)
                {
                    return false; // it has just ended
                }
            });

    /// <summary>The process id of the embedded PostgreSQL.</summary>
    public int Postmaster => PostmasterIn(Data);

    /// <summary>The same of a data folder whose platform is only starting, or was started otherwise.</summary>
    public static int PostmasterIn(string data) => int.Parse(PostmasterFile(data)[0], CultureInfo.InvariantCulture);

    /// <summary>Where the embedded PostgreSQL is, for who looks at it past the services.</summary>
    public string Database =>
        new Npgsql.NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = int.Parse(PostmasterFile(Data)[3], CultureInfo.InvariantCulture),
            Username = "policyplatform",
            Password = File.ReadAllText(Path.Combine(Data, "postgres.password")).Trim(),
            Database = "policyplatform",
            ApplicationName = "test",
            Pooling = false,
        }.ConnectionString;

    /// <summary>The folder of the keys of personal data.</summary>
    public string KeyFolder => Path.Combine(Data, "keys", "personal");

    /// <summary>A connection of one's own to the embedded PostgreSQL.</summary>
    public async Task<Npgsql.NpgsqlConnection> Connect()
    {
        var connection = new Npgsql.NpgsqlConnection(Database);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Asks the embedded PostgreSQL past the services.</summary>
    public async Task<IReadOnlyList<string>> Query(string sql)
    {
        await using var connection = await Connect();
        await using var command = new Npgsql.NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(Convert.ToString(reader.GetValue(0), CultureInfo.InvariantCulture) ?? "");
        return rows;
    }

    /// <summary>Ends every connection to the embedded PostgreSQL but one's own; where it is starting, there is none.</summary>
    public async Task EndConnections()
    {
        try
        {
            await Query(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity where pid <> pg_backend_pid() and application_name <> 'test'"
            );
        }
        catch (Exception e) when (e is Npgsql.NpgsqlException or IOException)
        {
            // It is starting.
        }
    }

    // While it starts, it has not written all of it.
    static string[] PostmasterFile(string data) =>
        File.ReadAllLines(Path.Combine(data, "postgres", "postmaster.pid")) is { Length: > 3 } lines
            ? lines
            : throw new IOException("PostgreSQL is starting.");

    /// <summary>SIGTERM, as an init system sends it.</summary>
    public async Task Terminate()
    {
        await RunningProgram.Terminate(process.Id);
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
    }

    /// <summary>SIGKILL: the apphost gets no chance to clean up.</summary>
    public async Task KillAppHost()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            await Terminate();
        process.Dispose();
        Api.Dispose();
    }

    void Hear(string? line)
    {
        if (line is null)
            return;
        lock (output)
            output.AppendLine(line);
        if (line.TrimStart().StartsWith("ready in", StringComparison.Ordinal))
            ready.TrySetResult();
    }
}
