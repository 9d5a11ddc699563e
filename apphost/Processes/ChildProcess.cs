using System.Diagnostics;

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
    IReadOnlyDictionary<string, string>? environment = null
) : IAsyncDisposable
{
    const string Failure = "Unhandled exception.";
    const long LargestLog = 20_000_000;

    Process? process;
    StreamWriter? log;
    readonly Lock writing = new();

    /// <summary>What it is called in messages.</summary>
    public string Name => name;

    /// <summary>Where its output is.</summary>
    public string LogFile => logFile;

    /// <summary>Why it ended, as it said itself: the exception that it failed with, or its last words.</summary>
    public string LastWords { get; private set; } = "it says nothing";

    /// <summary>Whether its end is wanted.</summary>
    public bool Expected { get; set; }

    /// <summary>Whether it runs.</summary>
    public bool IsRunning => process is { HasExited: false };

    /// <summary>Its exit code, once it has ended.</summary>
    public int ExitCode => process!.ExitCode;

    /// <summary>Starts it.</summary>
    public void Start()
    {
        log?.Dispose();
        LastWords = "it says nothing";
        if (File.Exists(logFile) && new FileInfo(logFile).Length > LargestLog)
            File.Move(logFile, logFile + ".1", overwrite: true);
        log = new(logFile, append: true) { AutoFlush = true };
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
        process = new() { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, e) => Keep(e.Data);
        process.ErrorDataReceived += (_, e) => Keep(e.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Waits for its end.</summary>
    public Task Ended(CancellationToken cancellation) => process!.WaitForExitAsync(cancellation);

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
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Stop(TimeSpan.FromSeconds(5));
        process?.Dispose();
        if (log is not null)
            await log.DisposeAsync();
    }

    void Keep(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        if (!LastWords.StartsWith(Failure, StringComparison.Ordinal))
            LastWords = line.Trim();
        lock (writing)
        {
            if (log?.BaseStream.CanWrite is true)
                log.WriteLine(line);
        }
    }
}
