using System.IO.Compression;

namespace PolicyPlatform.Testing;

/// <summary>Zipped folders.</summary>
public static class Zip
{
    public static byte[] Of(IEnumerable<(string Path, byte[] Content)> files)
    {
        using var zipped = new MemoryStream();
        using (var zip = new ZipArchive(zipped, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (path, content) in files)
            {
                using var entry = zip.CreateEntry(path).Open();
                entry.Write(content);
            }
        return zipped.ToArray();
    }
}
