using System.IO.Compression;

namespace PolicyPlatform.Tools.Import;

/// <summary>A part of a folder, as small as one request may be.</summary>
/// <param name="Zip">The zipped files.</param>
/// <param name="Files">How many there are.</param>
sealed record Package(byte[] Zip, int Files);

/// <summary>Packs a folder into zip files.</summary>
static class Packages
{
    // A request has at most 20 MB; texts are packed to a fraction, Word files hardly.
    const long LargestPackage = 15_000_000;

    /// <summary>The packages; tables of metadata go into each.</summary>
    public static IEnumerable<Package> Of(DirectoryInfo folder)
    {
        var files = folder
            .EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(f => !f.Name.StartsWith('.'))
            .OrderBy(f => f.FullName, StringComparer.Ordinal)
            .ToArray();
        var tables = files.Where(IsTable).ToArray();
        var batch = new List<FileInfo>();
        foreach (var file in files.Where(f => !IsTable(f)))
        {
            if (batch.Count > 0 && tables.Concat(batch).Append(file).Sum(f => f.Length) > LargestPackage)
            {
                yield return Pack(folder, tables, batch);
                batch.Clear();
            }
            batch.Add(file);
        }
        if (batch.Count > 0)
            yield return Pack(folder, tables, batch);
    }

    static bool IsTable(FileInfo file) => file.Extension.Equals(".csv", StringComparison.OrdinalIgnoreCase);

    static Package Pack(DirectoryInfo folder, IEnumerable<FileInfo> tables, List<FileInfo> files)
    {
        using var zipped = new MemoryStream();
        using (var zip = new ZipArchive(zipped, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var file in tables.Concat(files))
                zip.CreateEntryFromFile(file.FullName, Path.GetRelativePath(folder.FullName, file.FullName).Replace('\\', '/'));
        return new(zipped.ToArray(), files.Count);
    }
}
