namespace PolicyPlatform.AppHost;

/// <summary>
/// <c>dotnet run</c> starts the apphost as a child and passes signals on, but a SIGKILL it cannot. On Linux the apphost notices that the
/// <c>dotnet</c> which started it is gone, and stops.
/// </summary>
static class StarterWatch
{
    public static async Task StopWhenGone(CancellationTokenSource stop)
    {
        if (!OperatingSystem.IsLinux() || Starter() is not { } starter || Name(starter) is not "dotnet")
            return;
        while (!stop.IsCancellationRequested && (Starter() ?? starter) == starter)
            await Task.Delay(TimeSpan.FromSeconds(1));
        await stop.CancelAsync();
    }

    /// <summary>
    /// The parent's process id: the fourth field of /proc/self/stat, the second after the name in brackets. Null where it cannot be read just
    /// now, as no more files can be opened.
    /// </summary>
    static string? Starter()
    {
        try
        {
            return File.ReadAllText("/proc/self/stat") is var stat ? stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1] : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    static string? Name(string process) => File.Exists($"/proc/{process}/comm") ? File.ReadAllText($"/proc/{process}/comm").Trim() : null;
}
