using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace PolicyPlatform.AppHost.Processes;

/// <summary>
/// A process that the apphost started: its output goes to a log file, and it holds the other end of our pipe, by whose closing it learns
/// that it should stop, or that the apphost is gone.
/// </summary>
public sealed class ChildProcess(
    string name,
    string file,
    IReadOnlyList<string> arguments,
    string logFile,
    IReadOnlyDictionary<string, string>? environment = null,
    Action<string>? say = null
) : IAsyncDisposable
{
    // What is not cut into lines is cut here: a child that never ends one must not fill the memory.
    const int LongestLine = 16 * 1024;

    // What says why it ends is followed by what does not: the stack of an exception, the end of PostgreSQL's other processes.
    static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(10);

    readonly LogFile log = new(logFile, say ?? (_ => { }));
    readonly Lock hearing = new();
    Process? process;
    Task heard = Task.CompletedTask;
    int weight;
    long weighedAt;

    /// <summary>What it is called in messages.</summary>
    public string Name => name;

    /// <summary>Where its output is.</summary>
    public string LogFile => logFile;

    /// <summary>Why it ended, as it said itself: the exception that it failed with, or its last words.</summary>
    public string LastWords { get; private set; } = Silent;

    const string Silent = "it says nothing";

    /// <summary>Whether its end is wanted.</summary>
    public bool Expected { get; set; }

    /// <summary>Whether it runs.</summary>
    public bool IsRunning => process is { HasExited: false };

    /// <summary>Its exit code, once it has ended.</summary>
    public int ExitCode => process!.ExitCode;

    /// <summary>Starts it.</summary>
    /// <exception cref="StartException">The system starts no process, as it has run out of something.</exception>
    public void Start()
    {
        (LastWords, weight) = (Silent, 0);
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (variable, value) in environment ?? new Dictionary<string, string>())
            start.Environment[variable] = value;
        var started = new Process { StartInfo = start, EnableRaisingEvents = true };
        try
        {
            started.Start();
        }
        catch (Exception e) when (e is Win32Exception or IOException or OutOfMemoryException)
        {
            started.Dispose();
            LastWords = e.Message;
            throw new StartException($"{name} cannot be started: {e.Message}");
        }
        process?.Dispose();
        process = started;
        heard = Task.WhenAll(Task.Run(() => Hear(started.StandardOutput)), Task.Run(() => Hear(started.StandardError)));
    }

    /// <summary>Waits for its end, and for its last words: not for long, as its own children may hold the pipe.</summary>
    public async Task Ended(CancellationToken cancellation)
    {
        await process!.WaitForExitAsync(cancellation);
        await Task.WhenAny(heard, Task.Delay(TimeSpan.FromSeconds(1), cancellation));
    }

    /// <summary>Asks it to stop, and makes it stop when it takes too long.</summary>
    public async Task Stop(TimeSpan patience)
    {
        Expected = true;
        if (process is null || process.HasExited)
            return;
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
        await Task.WhenAny(heard, Task.Delay(TimeSpan.FromSeconds(1)));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Stop(TimeSpan.FromSeconds(5));
        process?.Dispose();
        log.Dispose();
    }

    // It is read no faster than it is written, so that a child that spews waits.
    async Task Hear(StreamReader output)
    {
        var buffer = new char[8 * 1024];
        var line = new StringBuilder();
        try
        {
            while (await output.ReadAsync(buffer) is > 0 and var read)
                for (var rest = buffer.AsMemory(0, read); !rest.IsEmpty; )
                {
                    var end = rest.Span.IndexOf('\n');
                    var piece = rest[..Math.Min(end < 0 ? rest.Length : end, LongestLine - line.Length)];
                    line.Append(piece);
                    var isWhole = piece.Length == end;
                    rest = rest[(piece.Length + (isWhole ? 1 : 0))..];
                    if (isWhole || line.Length == LongestLine)
                        Keep(line);
                }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The pipe broke, or was closed for the next one.
        }
        Keep(line);
    }

    void Keep(StringBuilder said)
    {
        var line = said.ToString().TrimEnd('\r');
        said.Clear();
        if (string.IsNullOrWhiteSpace(line))
            return;
        lock (hearing)
            Weigh(line.Trim());
        log.Write(line);
    }

    void Weigh(string line)
    {
        var now = TimeProvider.System.GetTimestamp();
        var weighs =
            line.StartsWith("Unhandled exception.", StringComparison.Ordinal) || line.Contains("PANIC:  ", StringComparison.Ordinal) ? 2
            // Not what PostgreSQL tells whoever comes too early.
            : line.Contains("FATAL:  ", StringComparison.Ordinal) && !line.Contains("the database system is", StringComparison.Ordinal) ? 1
            : 0;
        if (weighs < weight && TimeProvider.System.GetElapsedTime(weighedAt, now) < Aftermath)
            return;
        (LastWords, weight, weighedAt) = (line, weighs, now);
    }
}
