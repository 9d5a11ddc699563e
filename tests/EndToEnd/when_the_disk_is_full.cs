using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PolicyPlatform.AppHost.Processes;
using PolicyPlatform.Testing;

namespace PolicyPlatform.EndToEnd;

/// <summary>
/// The disk that everything is on fills up while it is used: nobody ends of it, writers are told so, readers read, and all goes on when
/// there is room.
/// </summary>
public sealed class when_the_disk_is_full
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task readers_read_writers_are_told_and_all_goes_on_when_there_is_room()
    {
        await using var disk = await SmallDisk.Mount(megabytes: 600);
        await using var platform = await RunningPlatform.Start(Path.Combine(disk.Folder, "data"), null, "--no-samples");
        Assert.False(platform.HasExited, platform.Output);
        await platform.Populate();
        var drafter = await platform.Token("drafting-housing");
        List<Guid> acknowledged = [];
        acknowledged.Add((await Draft(platform, drafter, 1)).Id!.Value);

        disk.Fill();
        await Calls.Eventually<bool>(async () => await Health(platform, "Documents", "storage") is "degraded" ? true : null);
        // What fits into room that was made before is written; then each is told the same.
        var refused = await Refused(platform, drafter, acknowledged);
        Assert.Equal(("storage.full", HttpStatusCode.ServiceUnavailable, "30"), (refused.Code, refused.Status, refused.RetryAfter));
        Assert.Equal("办法1", (await platform.Get(drafter, $"documents/{acknowledged[0]}")).GetProperty("title").GetString());
        Assert.Equal(200, await platform.Status("library"));

        disk.MakeRoom();
        await Calls.Eventually<bool>(async () => await Health(platform, "Documents", "storage") is "healthy" ? true : null);
        acknowledged.Add((await Draft(platform, drafter, 10_001)).Id!.Value);
        await AllIsThere(platform, drafter, acknowledged);

        // PostgreSQL itself cannot go on where it needs a new file for its log: it ends, and is started until there is room.
        disk.Fill();
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            for (var n = 0; n < 100; n++)
                await platform.Query("select pg_switch_wal() from pg_logical_emit_message(true, 'test', repeat('x', 1000000))");
        });
        await Calls.Eventually<bool>(async () =>
            (await Draft(platform, drafter, 20_000)).Status is HttpStatusCode.ServiceUnavailable ? true : null
        );
        await Task.Delay(TimeSpan.FromSeconds(10), Stop);
        Assert.False(platform.HasExited, platform.Output);
        disk.MakeRoom();
        acknowledged.Add(
            (await platform.Post(drafter, "documents", new { title = "办法", text = "第一条 甲。" })).GetProperty("id").GetGuid()
        );
        await AllIsThere(platform, drafter, acknowledged);
        var supervision = await platform.Token("supervision");
        await Calls.Eventually<bool>(async () => await Health(platform, "Catalog", "storage") is "healthy" ? true : null);
        var dead = await platform.Get(supervision, "operations/dead-letters");
        Assert.Equal((0, 0), (dead.GetProperty("items").GetArrayLength(), dead.GetProperty("unanswered").GetArrayLength()));
        // It was said, and not a thousand times.
        Assert.Contains("PostgreSQL", platform.Output, StringComparison.Ordinal);
        Assert.InRange(platform.Output.Split('\n').Length, 1, 200);
        await platform.Terminate();
    }

    [Fact]
    public async Task a_child_whose_log_has_no_room_goes_on_and_its_log_says_what_is_missing()
    {
        await using var disk = await SmallDisk.Mount(megabytes: 1);
        var said = new List<string>();
        var logFile = Path.Combine(disk.Folder, "child.log");
        await using var child = new ChildProcess(
            "child",
            "/bin/sh",
            ["-c", "i=0; while [ $i -lt 100000 ]; do echo line $i; i=$((i+1)); [ $((i % 200)) -eq 0 ] && sleep 0.1; done"],
            logFile,
            say: line =>
            {
                lock (said)
                    said.Add(line);
            }
        );
        child.Start();
        await Calls.Eventually<bool>(() => Task.FromResult<bool?>(File.Exists(logFile) ? true : null));
        disk.Fill();
        await Calls.Eventually<bool>(() =>
            Task.FromResult<bool?>(Said().Any(l => l.Contains("cannot be written", StringComparison.Ordinal)) ? true : null)
        );
        disk.MakeRoom();
        await Calls.Eventually<bool>(() =>
            Task.FromResult<bool?>(Said().Any(l => l.Contains("is written again", StringComparison.Ordinal)) ? true : null)
        );
        Assert.True(child.IsRunning);
        Assert.Equal(2, Said().Length);
        await Calls.Eventually<bool>(async () =>
            (await File.ReadAllTextAsync(logFile, Stop)).Contains("lines are missing here", StringComparison.Ordinal) ? true : null
        );

        string[] Said()
        {
            lock (said)
                return [.. said];
        }
    }

    [Fact]
    public async Task a_child_that_spews_fills_two_files_and_no_more()
    {
        var folder = Directory.CreateTempSubdirectory("policyplatform-spew-").FullName;
        var logFile = Path.Combine(folder, "child.log");
        await using (
            var child = new ChildProcess(
                "child",
                "/bin/sh",
                // Three files' worth of lines, and of one line.
                ["-c", $"yes {new string('y', 200)} | head -c 60000000; head -c 60000000 /dev/zero | tr '\\0' x"],
                logFile
            )
        )
        {
            child.Start();
            await child.Ended(Stop);
            await Calls.Eventually<bool>(() => Task.FromResult<bool?>(child.LastWords.StartsWith('x') ? true : null));
        }
        Assert.Equal(["child.log", "child.log.1"], Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order());
        Assert.InRange(Directory.EnumerateFiles(folder).Sum(f => new FileInfo(f).Length), 1, 50_000_000);
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("> /dev/full 2>&1", "a file that is full")]
    [InlineData("2>&1 | true", "a reader who is gone")]
    [InlineData("2>&1 | sleep 600", "a reader who reads nothing")]
    public async Task whatever_its_console_leads_to(string where, string what)
    {
        var data = RunningPlatform.NewFolder();
        var port = RunningPlatform.FreePortPair();
        var program = Path.GetFullPath(
            Path.Combine(
                AppContext.BaseDirectory,
                "..",
                "..",
                "AppHost",
                new DirectoryInfo(AppContext.BaseDirectory).Name,
                "PolicyPlatform.AppHost.dll"
            )
        );
        // Its process id is said before its console is gone.
        var start = new ProcessStartInfo(
            "/bin/bash",
            [
                "-c",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"(echo $BASHPID > {data}.pid; exec dotnet {program} --no-samples --data {data} --port {port}) {where}"
                ),
            ]
        );
        using var shell = Process.Start(start)!;
        using var client = new HttpClient { BaseAddress = new($"http://localhost:{port}") };
        await Calls.Eventually<bool>(async () => await Answers("health/ready") ? true : null);
        var id = int.Parse(await File.ReadAllTextAsync($"{data}.pid", Stop), CultureInfo.InvariantCulture);
        using var apphost = Process.GetProcessById(id);

        // It has something to say, and does what it says.
        foreach (var _ in Enumerable.Range(0, 3))
        {
            var postmaster = RunningPlatform.PostmasterIn(data);
            Process.GetProcessById(postmaster).Kill();
            await Calls.Eventually<bool>(() => Task.FromResult<bool?>(Alive(postmaster) ? null : true));
            // Asked for what nobody has asked for, and the gateway can have kept.
            await Calls.Eventually<bool>(async () => await Answers($"api/v1/library?q={Guid.NewGuid()}") ? true : null);
        }
        Assert.False(apphost.HasExited, what);
        await RunningProgram.Terminate(id);
        await Calls.Eventually<bool>(() => Task.FromResult<bool?>(Alive(id) ? null : true));
        shell.Kill(entireProcessTree: true);
        Directory.Delete(data, recursive: true);
        File.Delete($"{data}.pid");

        async Task<bool> Answers(string path)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri($"/{path}", UriKind.Relative), Stop);
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }

        static bool Alive(int process) =>
            Directory.Exists($"/proc/{process}") && !File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal);
    }

    sealed record Told(HttpStatusCode Status, string? Code, string? RetryAfter, Guid? Id);

    // A hundred kilobytes that cannot be made smaller.
    static async Task<Told> Draft(RunningPlatform platform, string token, int n)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/documents")
        {
            Content = JsonContent.Create(
                new
                {
                    title = $"办法{n}",
                    text = string.Join(
                        '\n',
                        Enumerable
                            .Range(1, 100)
                            .Select(a =>
                                $"第{a}条 {string.Concat(Enumerable.Range(0, 400).Select(_ => (char)Random.Shared.Next(0x4e00, 0x9fa0)))}"
                            )
                    ),
                }
            ),
            Headers = { Authorization = new("Bearer", token) },
        };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        using var answer = await platform.Api.SendAsync(request, Stop);
        var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Stop)).RootElement;
        return new(
            answer.StatusCode,
            body.TryGetProperty("code", out var code) ? code.GetString() : null,
            answer.Headers.TryGetValues("Retry-After", out var after) ? after.Single() : null,
            answer.IsSuccessStatusCode ? body.GetProperty("id").GetGuid() : null
        );
    }

    static async Task<Told> Refused(RunningPlatform platform, string token, List<Guid> acknowledged)
    {
        for (var n = 2; n < 2000; n++)
        {
            var told = await Draft(platform, token, n);
            if (told.Id is { } id)
                acknowledged.Add(id);
            else if (told.Code is not "service.unavailable")
                return told;
        }
        throw new InvalidOperationException("It was never refused.");
    }

    static async Task AllIsThere(RunningPlatform platform, string token, List<Guid> acknowledged)
    {
        foreach (var id in acknowledged)
            await Calls.Eventually<bool>(async () =>
                (await platform.Get(token, $"documents/{id}")).TryGetProperty("id", out var found) && found.GetGuid() == id ? true : null
            );
    }

    static async Task<string?> Health(RunningPlatform platform, string service, string check)
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(platform.AddressOf(service), "/health/ready"), Stop);
        return JsonDocument
            .Parse(await answer.Content.ReadAsStringAsync(Stop))
            .RootElement.GetProperty("checks")
            .EnumerateArray()
            .Single(c => c.GetProperty("name").GetString() == check)
            .GetProperty("status")
            .GetString();
    }
}
