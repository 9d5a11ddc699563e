using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Globalization;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Benchmarks;

/// <summary>What a part of the platform has used.</summary>
/// <param name="Part">A service, the gateway, the database, or the load itself.</param>
/// <param name="Milliseconds">Of processor time.</param>
/// <param name="Switches">How often one of its threads gave up the processor.</param>
/// <param name="Allocated">Bytes.</param>
sealed record Used(string Part, double Milliseconds, double Switches, double Allocated)
{
    /// <summary>What was used from one instant to another.</summary>
    public static IReadOnlyList<Used> Between(IReadOnlyList<Used> from, IReadOnlyList<Used> to) =>
        [
            .. to.Select(t =>
                from.FirstOrDefault(f => f.Part == t.Part) is { } f
                    ? new Used(t.Part, t.Milliseconds - f.Milliseconds, t.Switches - f.Switches, t.Allocated - f.Allocated)
                    : t
            ),
        ];
}

/// <summary>What the processes of a platform use.</summary>
sealed class ProcessUse : IAsyncDisposable
{
    const string Database = "database",
        ThisProcess = "load";

    // Linux tells processor time in hundredths of a second, whatever the kernel counts in.
    const double MillisecondsPerTick = 10;

    static readonly string[] Programs = ["Gateway", "Catalog", "Documents", "Interpretation", "Consultation"];

    readonly RunningPlatform platform;
    readonly ConcurrentDictionary<string, double> allocated = new();
    readonly List<EventPipeSession> sessions = [];

    public ProcessUse(RunningPlatform platform)
    {
        this.platform = platform;
        foreach (var program in Programs)
        foreach (var process in platform.ServiceProcesses(program))
            Listen(program, process);
    }

    /// <summary>What was used so far.</summary>
    public IReadOnlyList<Used> Now() =>
        [
            .. Programs.Select(p => Sum(p, platform.ServiceProcesses(p))),
            // Whoever has ended is counted with the postmaster, who waited for it.
            Sum(Database, [platform.Postmaster, .. RunningPlatform.Children(platform.Postmaster)]),
            Sum(ThisProcess, [Environment.ProcessId]),
        ];

    Used Sum(string part, IEnumerable<int> processes)
    {
        double milliseconds = 0,
            switches = 0;
        foreach (var process in processes)
            try
            {
                var stat = File.ReadAllText($"/proc/{process}/stat");
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                // utime, stime, and of children that were waited for, cutime and cstime: 14 to 17, and these begin with the third.
                var ofChildren = part == Database ? fields[13..15] : [];
                milliseconds +=
                    MillisecondsPerTick * fields[11..13].Concat(ofChildren).Sum(f => long.Parse(f, CultureInfo.InvariantCulture));
                foreach (var thread in Directory.EnumerateDirectories($"/proc/{process}/task"))
                    switches += File.ReadLines($"{thread}/status")
                        .Where(line => line.Contains("ctxt_switches", StringComparison.Ordinal))
                        .Sum(line => long.Parse(line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture));
            }
            catch (IOException)
            {
                // It has just ended.
            }
        return new(part, milliseconds, switches, allocated.GetValueOrDefault(part));
    }

    void Listen(string part, int process)
    {
        var session = new DiagnosticsClient(process).StartEventPipeSession(
            new EventPipeProvider(
                "System.Runtime",
                EventLevel.Informational,
                arguments: new Dictionary<string, string> { ["EventCounterIntervalSec"] = "1" }
            ),
            requestRundown: false
        );
        sessions.Add(session);
        var source = new EventPipeEventSource(session.EventStream);
        source.Dynamic.All += e =>
        {
            if (
                e.EventName == "EventCounters"
                && e.PayloadByName("") is IDictionary<string, object> said
                && said["Payload"] is IDictionary<string, object> counter
                && counter["Name"] as string == "alloc-rate"
            )
                allocated.AddOrUpdate(part, (double)counter["Increment"], (_, sum) => sum + (double)counter["Increment"]);
        };
        new Thread(() =>
        {
            try
            {
                source.Process();
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or FormatException)
            {
                // The process has ended.
            }
        })
        {
            IsBackground = true,
        }.Start();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var session in sessions)
            try
            {
                await session.StopAsync(CancellationToken.None);
                session.Dispose();
            }
            catch (Exception e) when (e is IOException or ServerNotAvailableException or TimeoutException)
            {
                // The process has ended.
            }
    }
}
