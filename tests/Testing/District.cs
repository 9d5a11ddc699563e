using Alba;
using Grpc.Net.Client;
using Grpc.Net.ClientFactory;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using PolicyPlatform.Catalog.Organisations;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.Documents;
using PolicyPlatform.Interpretation.KnownDocuments;
using Xunit;

namespace PolicyPlatform.Testing;

/// <summary>
/// The services of a district on a database of their own: real services, real PostgreSQL, a clock that the test moves. They ask each
/// other over gRPC as in production, without a network between them.
/// </summary>
public sealed class District(PostgresCluster postgres) : IAsyncLifetime
{
    readonly List<IAlbaHost> hosts = [];
    readonly DirectoryInfo keys = Directory.CreateTempSubdirectory("policyplatform-keys-");
    string database = "";

    /// <summary>Where the database is, for who looks at it from outside.</summary>
    public string Database => database;

    /// <summary>The folder of the keys of personal data.</summary>
    public string KeyFolder => Path.Combine(keys.FullName, "personal");

    /// <summary>The clock of all services: 1 June 2026, nine in the morning in China, when the test begins.</summary>
    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 6, 1, 1, 0, 0, TimeSpan.Zero));

    /// <summary>Further settings of all services, set before they start.</summary>
    public Dictionary<string, string> Settings { get; } = [];

    /// <summary>What else the services are given, before they start.</summary>
    public Action<IServiceCollection>? Configure { get; set; }

    /// <summary>Whether each service has a database of its own; then a broker carries their messages.</summary>
    public bool OwnDatabases { get; set; }

    /// <summary>The database of each service, by the name of its assembly, where they have their own.</summary>
    public Dictionary<string, string> Databases { get; } = [];

    /// <summary>What is done with the database, given its connection string, before anything starts on it.</summary>
    public Func<string, Task>? Before { get; set; }

    public IAlbaHost Catalog { get; private set; } = null!;

    public IAlbaHost Documents { get; private set; } = null!;

    /// <summary>Null until it is started.</summary>
    public IAlbaHost? Interpretation { get; private set; }

    /// <summary>Null until it is started.</summary>
    public IAlbaHost? Consultation { get; private set; }

    public async ValueTask InitializeAsync()
    {
        database = await postgres.NewDatabase();
        if (Before is not null)
            await Before(database);
        Catalog = await Start<Organisation>();
        Documents = await StartDocuments();
        foreach (
            var (code, name, type, parent) in new[]
            {
                ("370114", "测试区人民政府", "district", null),
                ("370114-ZJ", "测试区住房和城乡建设局", "department", "370114"),
                ("370114-JY", "测试区教育和体育局", "department", "370114"),
                ("370114-ZWGK", "测试区人民政府办公室", "department", "370114"),
            }
        )
            await Catalog.Post(
                Tokens.OpennessOffice,
                "organisations",
                new
                {
                    code,
                    name,
                    type,
                    parent,
                    validFrom = "2020-01-01",
                },
                201
            );
        await Catalog.Post(Tokens.OpennessOffice, "subjects", new { code = "CXJS", name = "城乡建设" }, 201);
    }

    /// <summary>The folder of the keys of all services.</summary>
    public string Keys => Path.Combine(keys.FullName, "personal");

    /// <summary>Starts another Documents on the same database.</summary>
    public Task<IAlbaHost> StartDocuments() => Start<PolicyDocument>();

    /// <summary>Ends Documents and, after what happens meanwhile, starts it again.</summary>
    public async Task RestartDocuments(Func<Task> meanwhile)
    {
        hosts.Remove(Documents);
        await Documents.DisposeAsync();
        Documents = null!;
        await meanwhile();
        Documents = await StartDocuments();
    }

    /// <summary>Ends the Catalog and, after what happens meanwhile, starts it again.</summary>
    public async Task RestartCatalog(Func<Task> meanwhile)
    {
        hosts.Remove(Catalog);
        await Catalog.DisposeAsync();
        Catalog = null!;
        await meanwhile();
        Catalog = await Start<Organisation>();
    }

    /// <summary>Changes the database behind the services' backs.</summary>
    public async Task Execute(string sql)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Counts in the database behind the services' backs.</summary>
    public async Task<long> Count(string sql)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Reads words in the database behind the services' backs.</summary>
    public async Task<IReadOnlyList<string>> Column(string sql)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var words = new List<string>();
        while (await reader.ReadAsync())
            words.Add(reader.GetString(0));
        return words;
    }

    /// <summary>
    /// Lets the hours come round by which work is done, until something is there; however slow the machine is, by no more than half a day.
    /// </summary>
    public async Task<T> AsHoursPass<T>(Func<Task<T?>> ask)
        where T : struct
    {
        var asked = 0;
        return await Calls.Eventually(async () =>
        {
            Clock.Advance(asked++ < 24 ? TimeSpan.FromMinutes(5) : TimeSpan.FromSeconds(8));
            return await ask();
        });
    }

    /// <summary>A connection of one's own.</summary>
    public async Task<Npgsql.NpgsqlConnection> Connect()
    {
        var connection = new Npgsql.NpgsqlConnection(database);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>
    /// Holds back what a service is to hear of a document, until it is disposed of: the messages wait for their turn, which the test has.
    /// </summary>
    public async Task<IAsyncDisposable> HoldBack(string service, Guid document)
    {
        // Not pooled: the turn ends with the connection.
        var connection = new Npgsql.NpgsqlConnection($"{database};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"select pg_advisory_lock(hashtextextended('{service} {document}', 0))";
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    /// <summary>The tables in which a text stands, as it is or as the bytes of a message.</summary>
    public async Task<IReadOnlyList<string>> TablesWith(string text)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(database);
        var tables = await Column(
            "select format('%I.%I', table_schema, table_name) from information_schema.tables where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')"
        );
        var found = new List<string>();
        foreach (var table in tables)
        {
            await using var command = source.CreateCommand(
                $"select exists (select 1 from {table} t where strpos(t::text, $1) > 0 or strpos(t::text, $2) > 0)"
            );
            command.Parameters.AddWithValue(text);
            command.Parameters.AddWithValue(Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(text)));
            if ((bool)(await command.ExecuteScalarAsync())!)
                found.Add(table);
        }
        return found;
    }

    /// <summary>Starts Interpretation on the same database, where it is not running.</summary>
    public async Task<IAlbaHost> StartInterpretation() => Interpretation ??= await Start<KnownDocument>();

    /// <summary>Ends Interpretation: what is sent to it waits.</summary>
    public async Task StopInterpretation()
    {
        hosts.Remove(Interpretation!);
        await Interpretation!.DisposeAsync();
        Interpretation = null;
    }

    /// <summary>
    /// Starts Consultation on the same database, where it is not running; and Interpretation, which is asked what a consultation shows.
    /// </summary>
    public async Task<IAlbaHost> StartConsultation()
    {
        await StartInterpretation();
        return Consultation ??= await Start<PublicConsultation>();
    }

    /// <summary>Ends Consultation: what is sent to it waits.</summary>
    public async Task StopConsultation()
    {
        hosts.Remove(Consultation!);
        await Consultation!.DisposeAsync();
        Consultation = null;
    }

    /// <summary>Starts another process of Consultation on the same database.</summary>
    public Task<IAlbaHost> StartAnotherConsultation() => Start<PublicConsultation>();

    async Task<IAlbaHost> Start<TService>()
        where TService : class
    {
        var service = typeof(TService).Assembly.GetName().Name!;
        if (OwnDatabases && !Databases.ContainsKey(service))
            Databases[service] = await postgres.NewDatabase();
        var host = await AlbaHost.For<TService>(builder =>
        {
            builder.UseSetting("ConnectionStrings:Database", Databases.GetValueOrDefault(service, database));
            builder.UseSetting("Authentication:Authority", "https://identity.test/");
            builder.UseSetting("Services:Catalog:Grpc", "http://catalog.test");
            builder.UseSetting("Services:Documents:Grpc", "http://documents.test");
            builder.UseSetting("Services:Interpretation:Grpc", "http://interpretation.test");
            builder.UseSetting("Services:Consultation:Grpc", "http://consultation.test");
            // The first call of a service makes its code, on a machine that may have much else to do: no test depends on how long that takes.
            builder.UseSetting("Services:DeadlineSeconds", "100");
            builder.UseSetting("PersonalData:KeyFolder", KeyFolder);
            builder.UseSetting("Integrity:KeyFile", Path.Combine(keys.FullName, "integrity.pem"));
            builder.UseSetting(
                "Messaging:SingleNode",
                typeof(TService) == typeof(PolicyDocument) && Documents is not null
                || typeof(TService) == typeof(PublicConsultation) && Consultation is not null
                    ? "false"
                    : "true"
            );
            builder.UseSetting("Logging:LogLevel:Default", "Error");
            builder.UseSetting("Logging:LogLevel:Wolverine", "Error");
            builder.UseSetting("Logging:LogLevel:Marten", "None");
            // A text is amended, and its legality reviewed, in one call where a test is about something else.
            builder.UseSetting("Amendment:NeedsWay", "false");
            builder.UseSetting("Normative:LegalityWorkingDays", "0");
            foreach (var (name, value) in Settings)
                builder.UseSetting(name, value);
            builder.ConfigureTestServices(services =>
            {
                Tokens.Trust(services);
                Configure?.Invoke(services);
                services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
                services.ConfigureAll<GrpcClientFactoryOptions>(options => options.ChannelOptionsActions.Add(Connect));
            });
        });
        hosts.Add(host);
        return host;
    }

    // The name of the client's address says whom it is for; the handler is asked for at the first call, when both are there.
    void Connect(GrpcChannelOptions channel) => channel.HttpHandler = new Router(this);

    sealed class Router(District district) : HttpMessageHandler
    {
        readonly Dictionary<IAlbaHost, HttpMessageInvoker> targets = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var target = request.RequestUri!.Host;
            // A service that was stopped is refused, one that was started again is found.
            var host =
                (
                    target switch
                    {
                        "catalog.test" => district.Catalog,
                        "documents.test" => district.Documents,
                        "consultation.test" => district.Consultation,
                        _ => district.Interpretation,
                    }
                )
                ?? throw new HttpRequestException(
                    $"{target} is not there.",
                    new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.ConnectionRefused)
                );
            lock (targets)
            {
                if (!targets.TryGetValue(host, out var invoker))
                    targets[host] = invoker = new(host.Server.CreateHandler());
                return invoker.SendAsync(request, cancellationToken);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in Enumerable.Reverse(hosts))
            await host.DisposeAsync();
        keys.Delete(recursive: true);
    }
}
