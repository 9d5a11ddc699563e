using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using PolicyPlatform.AppHost.Postgres;
using PolicyPlatform.AppHost.Processes;

namespace PolicyPlatform.AppHost;

/// <summary>
/// The dashboard of Aspire, which takes what all processes tell by OTLP and shows it in a browser. It keeps it in memory, and is reached from
/// this machine alone: whoever can open it reads all traces and logs without a password.
/// </summary>
public sealed class Dashboard : IAsyncDisposable
{
    static readonly TimeSpan MostSilence = TimeSpan.FromSeconds(60);

    readonly ChildProcess process;
    readonly Uri receiver;
    readonly Action<string> say;

    Dashboard(ChildProcess process, Uri address, Uri receiver, Action<string> say) =>
        (this.process, Address, this.receiver, this.say) = (process, address, receiver, say);

    /// <summary>Where people look at it.</summary>
    public Uri Address { get; }

    /// <summary>Lets processes with these settings tell it what they do: soon, since somebody looks on.</summary>
    public void HearFrom(Dictionary<string, string> environment)
    {
        environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.ToString();
        environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
        environment["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
        environment["OTEL_METRIC_EXPORT_INTERVAL"] = "5000";
    }

    /// <summary>Starts it, after it was fetched where it is not there, and waits until it answers.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="client">What it is asked with.</param>
    /// <param name="say">Tells of what takes long.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="StartException">It cannot be had, or does not start.</exception>
    public static async Task<Dashboard> Start(string data, HttpClient client, Action<string> say, CancellationToken stop)
    {
        var program = await Find(data, say, stop);
        var (address, receiver) = (Loopback(), Loopback());
        var (file, arguments) = Platform.OwnSession(EndsWithUs(program));
        var dashboard = new Dashboard(
            new(
                "Dashboard",
                file,
                arguments,
                Path.Combine(data, "logs", "dashboard.log"),
                new Dictionary<string, string>
                {
                    ["ASPNETCORE_ENVIRONMENT"] = "Production",
                    ["ASPNETCORE_URLS"] = address.ToString(),
                    ["Dashboard__Otlp__GrpcEndpointUrl"] = receiver.ToString(),
                    ["Dashboard__Frontend__AuthMode"] = "Unsecured",
                    ["Dashboard__Otlp__AuthMode"] = "Unsecured",
                    ["Dashboard__ApplicationName"] = "PolicyPlatform",
                }
            ),
            address,
            receiver,
            say
        );
        dashboard.process.Start();
        await dashboard.Answers(client, stop);
        return dashboard;
    }

    /// <summary>Starts it again whenever it dies; what it had shown is gone then.</summary>
    public async Task KeepAlive(CancellationToken cancellation)
    {
        while (true)
        {
            await process.Ended(cancellation);
            if (process.Expected)
                return;
            say($"The dashboard ended unexpectedly; starting it again. See {process.LogFile}.");
            await Task.Delay(TimeSpan.FromSeconds(2), cancellation);
            process.Start();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => process.DisposeAsync();

    async Task Answers(HttpClient client, CancellationToken stop)
    {
        for (var waited = TimeSpan.Zero; ; waited += TimeSpan.FromMilliseconds(100))
        {
            try
            {
                using var answer = await client.GetAsync(Address, HttpCompletionOption.ResponseHeadersRead, stop);
                return;
            }
            catch (Exception e) when (e is HttpRequestException || e is OperationCanceledException && !stop.IsCancellationRequested)
            {
                if (!process.IsRunning || waited > MostSilence)
                    throw new StartException($"The dashboard does not start: {process.LastWords} (see {process.LogFile})");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(100), stop);
        }
    }

    // It is no program of ours and does not notice that we are gone: a shell waits for both of them.
    static string[] EndsWithUs(string program) =>
        OperatingSystem.IsWindows()
            ? [program]
            :
            [
                "/bin/sh",
                "-c",
                """
                    exec 3<&0
                    "$0" </dev/null 3<&- & dashboard=$!
                    (cat <&3; kill $dashboard) >/dev/null 2>&1 & watch=$!
                    trap 'kill $dashboard' TERM INT
                    wait $dashboard; code=$?
                    kill $watch 2>/dev/null
                    exit $code
                    """,
                program,
            ];

    /// <summary>The program, out of the NuGet cache; it is restored as any package, from wherever packages come.</summary>
    static async Task<string> Find(string data, Action<string> say, CancellationToken stop)
    {
        var system =
            OperatingSystem.IsWindows() ? "win"
            : OperatingSystem.IsMacOS() ? "osx"
            : RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) ? "linux-musl"
            : "linux";
        var package = $"Aspire.Dashboard.Sdk.{system}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        var folder = Path.Combine(data, $"dashboard-{Version}");
        var noted = Path.Combine(folder, "program");
        if (File.Exists(noted) && await File.ReadAllTextAsync(noted, stop) is var known && File.Exists(known))
            return known;
        say($"getting the dashboard from NuGet ({package}, 40 MB) …");
        Directory.CreateDirectory(folder);
        var project = Path.Combine(folder, "dashboard.csproj");
        await File.WriteAllTextAsync(
            project,
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup><PackageDownload Include="{package}" Version="[{Version}]" /></ItemGroup>
            </Project>
            """,
            stop
        );
        // The data folder may lie in a folder with settings of its own for projects.
        var restored = await UnprivilegedUser.Run(
            Platform.Dotnet(),
            ["restore", project, "-v", "quiet", "-p:ImportDirectoryBuildProps=false", "-p:ImportDirectoryPackagesProps=false"],
            stop
        );
        if (!restored.IsSuccess)
            throw new StartException(
                $"The dashboard cannot be had from NuGet ({restored.StandardOutput.Trim().Split('\n')[0]}): start without --dashboard, or name another receiver with OTEL_EXPORTER_OTLP_ENDPOINT."
            );
        var assets = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "obj", "project.assets.json"), stop))!;
        var program = assets["packageFolders"]!
            .AsObject()
            .Select(f =>
                Path.Combine(
                    f.Key,
                    package.ToLowerInvariant(),
                    Version,
                    "tools",
                    OperatingSystem.IsWindows() ? "Aspire.Dashboard.exe" : "Aspire.Dashboard"
                )
            )
            .First(File.Exists);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, File.GetUnixFileMode(program) | UnixFileMode.UserExecute);
        await File.WriteAllTextAsync(noted, program, stop);
        return program;
    }

    static string Version =>
        typeof(Dashboard).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "AspireDashboardVersion").Value!;

    static Uri Loopback() => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}"));
}
