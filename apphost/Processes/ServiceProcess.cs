using System.Diagnostics;

namespace PolicyPlatform.AppHost.Processes;

/// <summary>A service: started, waited for, and started again with a growing pause when it dies.</summary>
public sealed class ServiceProcess(ChildProcess process, Uri http, string instance, Action<string> say)
{
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    /// <summary>What it is called in messages.</summary>
    public string Name => process.Name;

    /// <summary>The process itself.</summary>
    public ChildProcess Process => process;

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <returns>How long that took.</returns>
    /// <exception cref="StartException">It ends, or is not ready in time.</exception>
    public async Task<TimeSpan> Start(HttpClient client, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        process.Start();
        while (!await IsReady(client, cancellation))
        {
            if (!process.IsRunning)
                throw new StartException($"{Name} does not start: {process.LastWords} (see {process.LogFile})");
            if (watch.Elapsed > TimeSpan.FromSeconds(90))
                throw new StartException($"{Name} is not ready after 90 s: see {process.LogFile}.");
            await Task.Delay(25, cancellation);
        }
        return watch.Elapsed;
    }

    /// <summary>Starts it again whenever it dies.</summary>
    public async Task KeepAlive(CancellationToken cancellation)
    {
        var pause = TimeSpan.FromMilliseconds(500);
        for (; ; )
        {
            var ran = Stopwatch.StartNew();
            await process.Ended(cancellation);
            if (process.Expected)
                return;
            if (ran.Elapsed > Settled)
                pause = TimeSpan.FromMilliseconds(500);
            say(
                $"{Name} ended unexpectedly (exit code {process.ExitCode}); starting it again in {pause.TotalSeconds:0.#} s. See {process.LogFile}."
            );
            await Task.Delay(pause, cancellation);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            process.Start();
        }
    }

    /// <summary>Whether it says that it is ready: it, and not another program that took its port.</summary>
    public async Task<bool> IsReady(HttpClient client, CancellationToken cancellation)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri(http, "/health/ready"), cancellation);
            return answer.IsSuccessStatusCode
                && (await answer.Content.ReadAsStringAsync(cancellation)).Contains(instance, StringComparison.Ordinal);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
