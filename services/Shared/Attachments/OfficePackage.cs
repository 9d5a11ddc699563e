using System.IO.Compression;
using System.Xml;

namespace PolicyPlatform.Shared.Attachments;

/// <summary>Looks through a Word or Excel file before it is read: its parts are read as trees, which nest and grow without end.</summary>
public static class OfficePackage
{
    // Word nests some twenty levels; what nests without end would end the process.
    const int DeepestElement = 300,
        MostParts = 5_000;

    // A few kilobytes unpack to gigabytes; the tree of a part takes many times its length.
    const long LargestUnpacked = 200_000_000,
        MostElements = 3_000_000;

    /// <summary>How many characters a part has at most; for those that read it after this.</summary>
    public const long LongestPart = 50_000_000;

    /// <summary>Whether it can be read; leaves the stream at its beginning.</summary>
    public static bool IsReadable(Stream content)
    {
        try
        {
            using var package = new ZipArchive(content, ZipArchiveMode.Read, leaveOpen: true);
            if (
                package.Entries.Count > MostParts
                || package.Entries.Sum(e => e.Length) > LargestUnpacked
                // A part in pieces begins anew in each of them.
                || package.Entries.Any(e => e.FullName.EndsWith(".piece", StringComparison.OrdinalIgnoreCase))
            )
                return false;
            var elements = 0L;
            foreach (var part in package.Entries)
                if (!IsReadable(part, ref elements))
                    return false;
            return true;
        }
        catch (Exception e)
            when (e
                    is InvalidDataException
                        or XmlException
                        or IOException
                        or NotSupportedException
                        or OverflowException
                        or ArgumentException
            )
        {
            return false;
        }
        finally
        {
            content.Position = 0;
        }
    }

    // What is read as a tree is said elsewhere in the package: whatever begins as one is looked through, whatever it is called.
    static bool IsReadable(ZipArchiveEntry part, ref long elements)
    {
        using var stream = part.Open();
        using var xml = XmlReader.Create(
            stream,
            new() { DtdProcessing = IsTree(part) ? DtdProcessing.Prohibit : DtdProcessing.Ignore, MaxCharactersInDocument = LongestPart }
        );
        try
        {
            while (xml.Read())
                if (xml.Depth > DeepestElement || ++elements > MostElements)
                    return false;
        }
        // A picture is none. Where it goes on as none, nobody reads it any further either.
        catch (XmlException) when (!IsTree(part)) { }
        return true;
    }

    static bool IsTree(ZipArchiveEntry part) =>
        part.FullName.EndsWith(".xml", StringComparison.OrdinalIgnoreCase)
        || part.FullName.EndsWith(".rels", StringComparison.OrdinalIgnoreCase);
}
