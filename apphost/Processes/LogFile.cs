using System.Text;

namespace PolicyPlatform.AppHost.Processes;

/// <summary>
/// The log file of a child, and the one before it. Where it cannot be written, as the disk is full, lines are lost and counted until it can:
/// neither the child nor the apphost ends of it. A child that spews fills these two files and no more.
/// </summary>
sealed class LogFile(string path, Action<string> say) : IDisposable
{
    const long Largest = 20_000_000;
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    static readonly TimeSpan ToldEvery = TimeSpan.FromMinutes(1);

    readonly Lock writing = new();
    FileStream? file;
    long lost;
    long? failedAt,
        toldAt;
    bool isTold,
        isClosed;

    /// <summary>Writes a line.</summary>
    public void Write(string line)
    {
        lock (writing)
        {
            if (isClosed)
                return;
            if (failedAt is { } failed && TimeProvider.System.GetElapsedTime(failed) < Pause)
            {
                lost++;
                return;
            }
            try
            {
                if (file is { Length: > Largest })
                    Close();
                file ??= Open();
                if (lost > 0)
                    Append($"… {lost} lines are missing here: they could not be written …");
                Append(line);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Failed(e);
                return;
            }
            if (isTold)
                say($"{path} is written again; {lost} lines are missing in it.");
            (lost, failedAt, isTold) = (0, null, false);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (writing)
        {
            isClosed = true;
            Close();
        }
    }

    FileStream Open()
    {
        if (File.Exists(path) && new FileInfo(path).Length > Largest)
            File.Move(path, path + ".1", overwrite: true);
        // Nothing waits in memory for a room that is not there.
        return new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
    }

    void Append(string line) => file!.Write(Encoding.UTF8.GetBytes(line + Environment.NewLine));

    void Failed(Exception e)
    {
        if (lost++ == 0 && (toldAt is not { } told || TimeProvider.System.GetElapsedTime(told) > ToldEvery))
        {
            (isTold, toldAt) = (true, TimeProvider.System.GetTimestamp());
            say($"{path} cannot be written ({e.Message}): what it should hold is lost until it can.");
        }
        failedAt = TimeProvider.System.GetTimestamp();
        Close();
    }

    void Close()
    {
        file?.Dispose();
        file = null;
    }
}
