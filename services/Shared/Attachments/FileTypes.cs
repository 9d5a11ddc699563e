using System.IO.Compression;
using PolicyPlatform.ServiceDefaults;

namespace PolicyPlatform.Shared.Attachments;

/// <summary>A type of files.</summary>
/// <param name="MediaType">image/png.</param>
/// <param name="Extensions">The endings of names that belong to it, the usual one first, without the dot.</param>
public sealed record FileType(string MediaType, params string[] Extensions)
{
    /// <summary>Whether it is a picture that a browser shows by itself.</summary>
    public bool IsImage => MediaType.StartsWith("image/", StringComparison.Ordinal);
}

/// <summary>
/// The types of files that are accepted, told by their bytes; a name decides only where the bytes cannot, between the old office formats
/// and for plain text.
/// What can carry scripts or macros of its own, such as SVG, HTML and .docm, is none of them.
/// </summary>
public static class FileTypes
{
    static readonly FileType Pdf = new("application/pdf", "pdf");

    static readonly (FileType Type, int At, byte[] Bytes)[] Media =
    [
        (new("image/png", "png"), 0, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
        (new("image/jpeg", "jpg", "jpeg"), 0, [0xFF, 0xD8, 0xFF]),
        (new("image/gif", "gif"), 0, "GIF8"u8.ToArray()),
        (new("image/webp", "webp"), 8, "WEBPVP8"u8.ToArray()),
        (Pdf, 0, "%PDF-"u8.ToArray()),
        (new("video/mp4", "mp4", "m4v", "mov"), 4, "ftyp"u8.ToArray()),
        (new("video/webm", "webm", "mkv"), 0, [0x1A, 0x45, 0xDF, 0xA3]),
        (new("audio/mpeg", "mp3"), 0, "ID3"u8.ToArray()),
    ];

    // Packages of ODF say at this place what they are.
    static readonly (FileType Type, int At, byte[] Bytes)[] OpenDocument =
    [
        (new("application/vnd.oasis.opendocument.text", "odt"), 38, "application/vnd.oasis.opendocument.textPK"u8.ToArray()),
        (new("application/vnd.oasis.opendocument.spreadsheet", "ods"), 38, "application/vnd.oasis.opendocument.spreadsheetPK"u8.ToArray()),
    ];

    // OFD is the layout document of GB/T 33190-2016.
    static readonly (FileType Type, string Part)[] Packages =
    [
        (new("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"), "word/document.xml"),
        (new("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"), "xl/workbook.xml"),
        (new("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"), "ppt/presentation.xml"),
        (new("application/ofd", "ofd"), "OFD.xml"),
    ];

    static readonly FileType[] Compound =
    [
        new("application/msword", "doc", "wps"),
        new("application/vnd.ms-excel", "xls", "et"),
        new("application/vnd.ms-powerpoint", "ppt", "dps"),
    ];

    static readonly FileType[] Texts = [new("text/csv", "csv"), new("text/plain", "txt")];

    static readonly byte[] CompoundFile = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

    static readonly string[] CompoundContents = ["WordDocument", "Workbook", "Book", "PowerPoint Document"];

    static readonly string[] Scripts = ["Basic/", "Scripts/", "xl/macrosheets/"];

    /// <summary>Pictures, PDF, film and sound.</summary>
    public static IReadOnlyList<FileType> OfMaterials { get; } = [.. Media.Select(m => m.Type)];

    /// <summary>Forms, tables, PDF, OFD and pictures.</summary>
    public static IReadOnlyList<FileType> OfDocuments { get; } =
    [
        .. Media.Select(m => m.Type).Where(t => t.IsImage || t == Pdf),
        .. Packages.Select(p => p.Type),
        .. OpenDocument.Select(o => o.Type),
        .. Compound,
        .. Texts,
    ];

    /// <summary>The type of a file; null for one that is not known.</summary>
    public static FileType? Of(byte[] content, string name)
    {
        foreach (var (type, at, bytes) in Media)
            if (content.Length >= at + bytes.Length && content.AsSpan(at, bytes.Length).SequenceEqual(bytes))
                return type;
        if (content.AsSpan().StartsWith(CompoundFile))
            return Holds(content, "_VBA_PROJECT") || !CompoundContents.Any(part => Holds(content, part)) ? null : Named(Compound, name);
        if (content.AsSpan().StartsWith("PK"u8))
            return Package(content);
        return Named(Texts, name) is { } text && TextEncodings.Detect(content)?.Contains('\0', StringComparison.Ordinal) is false
            ? text
            : null;
    }

    /// <summary>The ending of a name in small letters, without the dot; empty for none.</summary>
    public static string Extension(string name) => Path.GetExtension(name).TrimStart('.').ToLowerInvariant();

    // Names in a compound file are UTF-16.
    static bool Holds(byte[] content, string name) => content.AsSpan().IndexOf(System.Text.Encoding.Unicode.GetBytes(name)) >= 0;

    static FileType? Named(FileType[] types, string name) => types.FirstOrDefault(t => t.Extensions.Contains(Extension(name)));

    static FileType? Package(byte[] content)
    {
        try
        {
            using var package = new ZipArchive(new MemoryStream(content, writable: false));
            string[] parts = [.. package.Entries.Select(e => e.FullName)];
            return parts.Any(p =>
                p.EndsWith("vbaProject.bin", StringComparison.OrdinalIgnoreCase)
                || Scripts.Any(s => p.StartsWith(s, StringComparison.OrdinalIgnoreCase))
            )
                ? null
                : OpenDocument.FirstOrDefault(o => content.AsSpan(Math.Min(o.At, content.Length)).StartsWith(o.Bytes)).Type
                    ?? Packages.FirstOrDefault(p => parts.Contains(p.Part)).Type;
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return null;
        }
    }
}
