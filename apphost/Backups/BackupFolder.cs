using System.Reflection;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PolicyPlatform.AppHost.Backups;

/// <summary>
/// A backup: a folder with <c>database.dump</c> (pg_dump's custom format) or <c>base.tar.gz</c> and <c>pg_wal.tar.gz</c> (pg_basebackup),
/// <c>keys</c>, <c>backup.json</c> and <c>SHA256SUMS</c>, which names all the others. <c>tools/backup.sh</c> makes the same.
/// </summary>
public sealed class BackupFolder
{
    /// <summary>The format that this version writes. A backup of a higher one is not restored.</summary>
    const int Format = 1;

    const string Facts = "backup.json";
    const string Sums = "SHA256SUMS";

    /// <summary>The database by pg_dump.</summary>
    public const string Dump = "database.dump";

    /// <summary>The database's files by pg_basebackup.</summary>
    public const string Base = "base.tar.gz";

    /// <summary>What was written to the database while its files were copied.</summary>
    public const string BaseWal = "pg_wal.tar.gz";

    /// <summary>The folder of keys, in a backup and in a data folder.</summary>
    public const string Keys = "keys";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    readonly string folder;
    readonly string? keys;

    BackupFolder(string folder, string? keys, About about, IReadOnlyCollection<string> files) =>
        (this.folder, this.keys, About, Files) = (folder, keys, about, files);

    /// <summary>What the backup says of itself.</summary>
    public About About { get; }

    /// <summary>The paths of its files, with <c>/</c> between folders.</summary>
    public IReadOnlyCollection<string> Files { get; }

    /// <summary>Where one of its files lies.</summary>
    public string this[string file] =>
        keys is not null && file.StartsWith(Keys + "/", StringComparison.Ordinal)
            ? Path.Combine(keys, file[(Keys.Length + 1)..])
            : Path.Combine(folder, file);

    /// <summary>Opens a backup and reads every file of it against its checksum.</summary>
    /// <param name="folder">Where it is.</param>
    /// <param name="keys">Where its keys are, if they are kept elsewhere.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StartException">It is none, of a newer format, incomplete or damaged.</exception>
    public static async Task<BackupFolder> Open(string folder, string? keys, CancellationToken cancellation)
    {
        About about;
        try
        {
            about =
                JsonSerializer.Deserialize<About>(await File.ReadAllTextAsync(Path.Combine(folder, Facts), cancellation), Json)
                ?? throw new JsonException("it is empty");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"{folder} is no complete backup: {Facts} cannot be read ({e.Message}).");
        }
        catch (JsonException e)
        {
            throw new StartException($"The backup {folder} is damaged: {Facts} is not as it was written ({e.Message}).");
        }
        if (about.Format > Format)
            throw new StartException(
                $"The backup {folder} was made by a newer version of the platform ({about.Release}): restore it with that."
            );

        var sumsFile = Path.Combine(folder, Sums);
        if (!File.Exists(sumsFile))
            throw new StartException($"{folder} is no complete backup: {Sums} is missing.");
        // A line is the checksum, two spaces and the path, as sha256sum writes and checks them.
        var sums = (await File.ReadAllLinesAsync(sumsFile, cancellation))
            .Where(line => line.Length > 66)
            .ToDictionary(line => line[66..], line => line[..64]);
        var backup = new BackupFolder(folder, keys, about, sums.Keys);
        if (sums.Count != about.Files || !sums.ContainsKey(Facts) || !(sums.ContainsKey(Dump) || sums.ContainsKey(Base)))
            throw new StartException($"The backup {folder} is damaged: {Sums} does not name all of its {about.Files} files.");
        foreach (var (file, sum) in sums)
        {
            if (file.Split('/').Any(part => part is "" or "." or "..") || Path.IsPathRooted(file))
                throw new StartException($"The backup {folder} is damaged: {Sums} names {file}, which is outside of it.");
            if (!File.Exists(backup[file]))
                throw new StartException($"The backup {folder} is incomplete: {backup[file]} is missing.");
            if (await Sum(backup[file], cancellation) != sum)
                throw new StartException(
                    $"The backup {folder} is damaged: {backup[file]} is not what was backed up (its checksum differs)."
                );
        }
        return backup;
    }

    /// <summary>Writes down what the backup is and what belongs to it: the last step of making one.</summary>
    /// <param name="folder">Where everything else of it is.</param>
    /// <param name="at">What was acknowledged before this instant is in it.</param>
    /// <param name="restorableFrom">The earliest instant that it can be restored to.</param>
    /// <param name="postgres">The major version of the server.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task Close(
        string folder,
        DateTimeOffset at,
        DateTimeOffset restorableFrom,
        int postgres,
        CancellationToken cancellation
    )
    {
        var files = Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/'))
            .Order(StringComparer.Ordinal)
            .Append(Facts)
            .ToArray();
        var about = new About(Format, Release, at, restorableFrom, postgres, files.Length);
        await File.WriteAllTextAsync(Path.Combine(folder, Facts), JsonSerializer.Serialize(about, Json), cancellation);
        var lines = new List<string>();
        foreach (var file in files)
            lines.Add($"{await Sum(Path.Combine(folder, file), cancellation)}  {file}");
        await File.WriteAllTextAsync(Path.Combine(folder, Sums), string.Join('\n', lines) + "\n", cancellation);
    }

    static string Release =>
        typeof(BackupFolder).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    static async Task<string> Sum(string file, CancellationToken cancellation)
    {
        await using var content = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation));
    }
}

/// <summary>What a backup says of itself.</summary>
/// <param name="Format">The form of the backup.</param>
/// <param name="Release">The version of the platform that made it.</param>
/// <param name="At">What was acknowledged before this instant is in it.</param>
/// <param name="RestorableFrom">The earliest instant that it can be restored to with an archive.</param>
/// <param name="Postgres">The major version of the server.</param>
/// <param name="Files">How many files it has beside the list of their checksums.</param>
public sealed record About(int Format, string Release, DateTimeOffset At, DateTimeOffset RestorableFrom, int Postgres, int Files);
