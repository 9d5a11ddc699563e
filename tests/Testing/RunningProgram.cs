using System.Diagnostics;
using System.Globalization;
using System.Text;
using Xunit;

namespace PolicyPlatform.Testing;

/// <summary>A program that runs until it is stopped.</summary>
public sealed class RunningProgram : IAsyncDisposable
{
    readonly Process process;
    readonly StringBuilder said = new();

    public RunningProgram(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        process = Process.Start(start)!;
        process.OutputDataReceived += Hear;
        process.ErrorDataReceived += Hear;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    void Hear(object sender, DataReceivedEventArgs line)
    {
        lock (said)
            said.AppendLine(line.Data);
    }

    /// <summary>What it said so far.</summary>
    public string Said
    {
        get
        {
            lock (said)
                return said.ToString();
        }
    }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => process.HasExited;

    /// <summary>Its exit code, once it has ended.</summary>
    public async Task<int> End()
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    /// <summary>SIGTERM, as an orchestrator stops it; its exit code.</summary>
    public async Task<int> Stop()
    {
        await Terminate(process.Id);
        return await End();
    }

    /// <summary>SIGTERM to any process.</summary>
    public static Task Terminate(int id) => Signal("TERM", id);

    /// <summary>Sends a signal to any process; one that is gone does not hear it.</summary>
    /// <param name="signal">Its name without SIG.</param>
    /// <param name="id">The process.</param>
    public static async Task Signal(string signal, int id)
    {
        using var kill = Process.Start(
            new ProcessStartInfo("kill", [$"-{signal}", id.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardError = true }
        )!;
        await kill.WaitForExitAsync();
    }

    /// <summary>SIGKILL: it gets no chance to clean up.</summary>
    public async Task Kill()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
