using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PolicyPlatform.AppHost.Processes;

/// <summary>A service: started, waited for, and started again with a growing pause when it dies.</summary>
public sealed class ServiceProcess(ChildProcess process, Uri http, string instance, Action<string> say)
{
    static readonly TimeSpan MostSilence = TimeSpan.FromMinutes(4);
    static readonly TimeSpan ToldEvery = TimeSpan.FromSeconds(30);
    static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>What it is called in messages.</summary>
    public string Name => process.Name;

    /// <summary>The process itself.</summary>
    public ChildProcess Process => process;

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="client">What it is asked with.</param>
    /// <param name="waits">Whether it still waits for others that are starting.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>How long that took.</returns>
    /// <exception cref="StartException">It ends, or says nothing for too long.</exception>
    public async Task<TimeSpan> Start(HttpClient client, Func<bool> waits, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var (heard, told) = (watch.Elapsed, watch.Elapsed);
        var before = "";
        process.Start();
        while (true)
        {
            var (ready, why) = await AskReady(client, cancellation);
            if (ready)
                return watch.Elapsed;
            if (!process.IsRunning)
            {
                await process.Ended(cancellation);
                throw new StartException($"{Name} does not start: {process.LastWords} (see {process.LogFile})");
            }
            // A service that says how far it is, is at work: a large library takes minutes.
            if (waits() || why is not null && why != before)
                (before, heard) = (why ?? "", watch.Elapsed);
            if (watch.Elapsed - heard > MostSilence)
                throw new StartException($"{Name} is not ready after {MostSilence.TotalSeconds:0} s: see {process.LogFile}.");
            if (why is not null && watch.Elapsed - told > ToldEvery)
            {
                say($"{Name} is not ready yet: {why}");
                told = watch.Elapsed;
            }
            await Task.Delay(25, cancellation);
        }
    }

    /// <summary>Starts it again whenever it dies.</summary>
    public async Task KeepAlive(CancellationToken cancellation)
    {
        for (var setbacks = new Setbacks(ShortestPause, LongestPause); ; )
        {
            var ran = Stopwatch.StartNew();
            await process.Ended(cancellation);
            if (process.Expected)
                return;
            setbacks.Count(ran.Elapsed);
            if (setbacks.IsTold)
                say(
                    $"{Name} ended unexpectedly{setbacks.Times} (exit code {process.ExitCode}: {process.LastWords}); starting it again in {setbacks.Pause.TotalSeconds:0.#} s. See {process.LogFile}."
                );
            await Task.Delay(setbacks.Pause, cancellation);
            try
            {
                process.Start();
            }
            catch (StartException)
            {
                // One more end; its last words say why.
            }
        }
    }

    /// <summary>Whether it says that it is ready: it, and not another program that took its port.</summary>
    public async Task<bool> IsReady(HttpClient client, CancellationToken cancellation) => (await AskReady(client, cancellation)).Ready;

    // With what it says keeps it; null when it says nothing.
    async Task<(bool Ready, string? Why)> AskReady(HttpClient client, CancellationToken cancellation)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri(http, "/health/ready"), cancellation);
            var body = await answer.Content.ReadAsStringAsync(cancellation);
            if (!body.Contains(instance, StringComparison.Ordinal))
                return (false, null);
            if (answer.IsSuccessStatusCode)
                return (true, null);
            return (
                false,
                JsonNode.Parse(body)!["checks"]!
                    .AsArray()
                    .FirstOrDefault(c => c!["status"]!.GetValue<string>() is "unhealthy")
                    ?["detail"]?.GetValue<string>()
            );
        }
        // One that is slow to answer is not ready; only who asks can be told to stop.
        catch (Exception e)
            when (e is HttpRequestException or IOException or JsonException
                || e is OperationCanceledException && !cancellation.IsCancellationRequested
            )
        {
            return (false, null);
        }
    }
}
