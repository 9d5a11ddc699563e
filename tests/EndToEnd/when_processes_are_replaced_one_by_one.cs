using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using PolicyPlatform.AppHost.Processes;
using PolicyPlatform.Testing;

namespace PolicyPlatform.EndToEnd;

/// <summary>
/// A rolling update: of two processes of each service and of the gateway one after the other is told to end, and the next one when what takes
/// its place is ready, as an orchestrator does it. Whoever works meanwhile notices nothing.
/// </summary>
public sealed class when_processes_are_replaced_one_by_one
{
    const int Replicas = 2;

    [Fact]
    public async Task no_call_fails_and_none_has_to_be_sent_again()
    {
        var data = RunningPlatform.NewFolder();
        await using (
            var platform = await RunningPlatform.StartWith(
                // Longer than it takes gateways and services to notice.
                new Dictionary<string, string> { ["Shutdown__DrainSeconds"] = "4", ["Shutdown__RequestSeconds"] = "30" },
                data,
                FreePort.Next(2 * Replicas),
                "--no-samples",
                "--replicas",
                $"{Replicas}"
            )
        )
        {
            Assert.False(platform.HasExited, platform.Output);
            await platform.Populate();
            await using var receiver = await WebhookReceiver.Start();
            await platform.Subscribe(receiver, "document.published", "document.changed");

            await using var reader = new Reader(platform);
            var waves = new List<OfficeWork>();
            var replacing = Replace(platform, "Documents", "Catalog", "Interpretation", "Consultation");
            do
            {
                waves.Add(new(platform, $"滚动{waves.Count:000}号", 1, first: waves.Count));
                await waves[^1].Run();
                // Few cores are enough for that and for what starts.
                await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
            } while (!replacing.IsCompleted);
            await replacing;
            Assert.Empty(platform.SentAgain);

            await Replace(platform, "Gateway");
            await reader.Stop();
            Assert.Empty(reader.Failures);
            Assert.InRange(reader.Asked, 5 * Replicas, int.MaxValue);

            foreach (var wave in waves)
                await wave.IsKnownEverywhere();
            await receiver.HasHeard(2 * waves.Count);
            await OfficeWork.NothingWaits(platform);
        }
        Directory.Delete(data, recursive: true);
    }

    static async Task Replace(RunningPlatform platform, params string[] services)
    {
        foreach (var service in services)
        foreach (var old in platform.ServiceProcesses(service))
        {
            using var client = new HttpClient { BaseAddress = new(RunningPlatform.EnvironmentOf(old)["Kestrel__Endpoints__Http__Url"]) };
            using var process = Process.GetProcessById(old);
            await RunningProgram.Terminate(old);
            await process.WaitForExitAsync();
            await Calls.Eventually<bool>(async () =>
                platform.ServiceProcesses(service).Length == Replicas && await IsReady(client) ? true : null
            );
        }
    }

    static async Task<bool> IsReady(HttpClient process)
    {
        try
        {
            using var answer = await process.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // it is starting
        }
    }

    // Somebody who reads through whichever gateway says that it is ready, as behind a balancer.
    sealed class Reader : IAsyncDisposable
    {
        static readonly string[] Paths = ["library?pageSize=5", "consultations", "interpretations/documents", "subjects"];

        readonly CancellationTokenSource stop = new();
        readonly ConcurrentQueue<string> failures = new();
        readonly HttpClient[] gateways;
        readonly Task all;
        volatile int ready;
        int asked;

        public Reader(RunningPlatform platform)
        {
            gateways =
            [
                .. Enumerable
                    .Range(0, Replicas)
                    .Select(n => new HttpClient { BaseAddress = new($"http://localhost:{platform.Port + 2 * n}") }),
            ];
            all = Task.WhenAll(Balance(), Read());
        }

        public int Asked => asked;

        public IReadOnlyCollection<string> Failures => failures;

        public async Task Stop()
        {
            await stop.CancelAsync();
            await all;
        }

        public async ValueTask DisposeAsync()
        {
            await Stop();
            foreach (var gateway in gateways)
                gateway.Dispose();
            stop.Dispose();
        }

        async Task Balance()
        {
            for (; !stop.IsCancellationRequested; await Task.Delay(250))
            for (var n = 0; n < gateways.Length; n++)
                if (await IsReady(gateways[n]))
                {
                    ready = n;
                    break;
                }
        }

        async Task Read()
        {
            while (!stop.IsCancellationRequested)
                foreach (var path in Paths)
                {
                    try
                    {
                        using var answer = await gateways[ready].GetAsync(new Uri($"/api/v1/{path}", UriKind.Relative));
                        if (answer.StatusCode is not HttpStatusCode.OK)
                            failures.Enqueue($"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
                    }
                    catch (HttpRequestException e)
                    {
                        failures.Enqueue($"{path}: {e.Message}");
                    }
                    Interlocked.Increment(ref asked);
                    await Task.Delay(100);
                }
        }
    }
}
