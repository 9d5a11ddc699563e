using System.Globalization;
using PolicyPlatform.AppHost.Postgres;

namespace PolicyPlatform.AppHost.Backups;

/// <summary>
/// PostgreSQL's archive: a folder to which the server copies its log, a minute late at most. With it a base backup is restored as it was at any
/// instant after it.
/// </summary>
static class WalArchive
{
    /// <summary>Makes the folder where it is missing, and says with which settings the server keeps its log there.</summary>
    /// <exception cref="StartException">The folder cannot be used.</exception>
    public static async Task<string[]> Keep(string folder, CancellationToken cancellation)
    {
        await MakeReachable(folder, cancellation);
        // %p is the finished piece of the log, %f its name. One that is there already was copied before the server fell.
        var file = Quoted(folder) + "/%f";
        return
        [
            "archive_mode=on",
            $"archive_command=if test -f {file}; then cmp -s %p {file}; else cp %p {file}.part && sync {file}.part && mv {file}.part {file}; fi",
            "archive_timeout=60",
        ];
    }

    /// <summary>With which settings a restored server goes through the log as far as an instant.</summary>
    /// <exception cref="StartException">The folder cannot be used.</exception>
    public static async Task<string[]> Replay(string folder, DateTimeOffset until, CancellationToken cancellation)
    {
        if (!Directory.Exists(folder))
            throw new StartException($"There is no archive in {folder}: name its folder with --archive.");
        await MakeReachable(folder, cancellation);
        return
        [
            $"restore_command=cp {Quoted(folder)}/%f %p",
            $"recovery_target_time={until.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}+00",
            "recovery_target_action=promote",
        ];
    }

    static async Task MakeReachable(string folder, CancellationToken cancellation)
    {
        if (OperatingSystem.IsWindows())
            throw new StartException("--archive is for Linux and macOS.");
        if (folder.IndexOfAny(['\'', '%', '\\', '\n']) >= 0)
            throw new StartException($"The archive {folder} cannot be used: its path has quotation marks, backslashes or percent signs.");
        var user = await UnprivilegedUser.Find(cancellation);
        try
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The archive {folder} cannot be made ({e.Message}): choose another folder with --archive.");
        }
        await user.Own(folder, cancellation);
        if (!await user.Reaches(folder, cancellation))
            throw new StartException(
                $"PostgreSQL runs as user {user}, who may not enter the archive {folder}: choose another with --archive."
            );
    }

    static string Quoted(string folder) => $"'{folder}'";
}
