using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using CsvHelper;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace PolicyPlatform.Documents.Exchange;

/// <summary>
/// Reads a folder of texts: Markdown, plain text (UTF-8 or GB18030) and Word files. What a text does not say stands in a CSV file with a column <c>file</c>, in front matter
/// between <c>---</c> lines, in the lines before <c>&lt;!-- INFO END --&gt;</c> as public collections of laws have them, and in a date in the file's name. Files
/// of one document, by its number or else its title, are its revisions.
/// </summary>
static partial class ImportFiles
{
    /// <summary>More than this, unpacked, is no folder of texts.</summary>
    const long LargestUnpacked = 400_000_000;

    static readonly string[] Texts = [".md", ".markdown", ".txt", ".docx"];

    /// <summary>The documents of a zipped folder, and what could not be read of it.</summary>
    public static (IReadOnlyList<ImportDocument> Documents, IReadOnlyList<(string File, string Problem)> Unreadable) Read(Stream zipped)
    {
        using var zip = new ZipArchive(zipped, ZipArchiveMode.Read);
        var files = new List<(string Path, byte[] Content)>();
        long unpacked = 0;
        foreach (var entry in zip.Entries.Where(e => e.Name.Length > 0 && !e.FullName.StartsWith("__MACOSX", StringComparison.Ordinal)).OrderBy(e => e.FullName, StringComparer.Ordinal))
        {
            using var stream = entry.Open();
            using var content = new MemoryStream();
            var buffer = new byte[64 * 1024];
            // The sizes that a zip tells are not to be believed.
            for (int read; (read = stream.Read(buffer)) > 0;)
            {
                if ((unpacked += read) > LargestUnpacked) throw new InvalidDataException("The files are too large when unpacked.");
                content.Write(buffer, 0, read);
            }
            files.Add((entry.FullName, content.ToArray()));
        }
        return Read(files);
    }

    /// <summary>The documents of a folder, and what could not be read of it.</summary>
    internal static (IReadOnlyList<ImportDocument> Documents, IReadOnlyList<(string File, string Problem)> Unreadable) Read(IReadOnlyList<(string Path, byte[] Content)> files)
    {
        var unreadable = new List<(string, string)>();
        var rows = new Dictionary<string, Dictionary<string, string>>();
        foreach (var (path, content) in files.Where(f => HasEnding(f.Path, ".csv")))
        {
            if (Rows(content) is { } table) foreach (var row in table) rows[row["file"]] = row;
            else unreadable.Add((path, "This is not a table in UTF-8 or GB18030 with a column `file`."));
        }

        var read = new List<(ImportDocument Document, ImportRevision Text)>();
        foreach (var (path, content) in files)
        {
            if (!Texts.Any(ending => HasEnding(path, ending)))
            {
                if (!HasEnding(path, ".csv")) unreadable.Add((path, $"Only {string.Join(", ", Texts)} and .csv are read."));
                continue;
            }
            var row = rows.GetValueOrDefault(path) ?? rows.GetValueOrDefault(Path.GetFileName(path)) ?? [];
            try
            {
                read.Add(Read(path, content, row));
            }
            catch (FormatException e)
            {
                unreadable.Add((path, e.Message));
            }
        }
        return ([.. read.GroupBy(r => r.Document.DocumentNumber is { } number && Documents.DocumentNumber.TryParse(number, out var parsed) ? parsed.ToString() : Folded(r.Document.Title)).Select(Merge)], unreadable);
    }

    /// <summary>The files of one document: the earliest text tells when it was published, each what it knows of the elements.</summary>
    static ImportDocument Merge(IGrouping<string, (ImportDocument Document, ImportRevision Text)> files)
    {
        var ordered = files.OrderBy(f => f.Text.EffectiveFrom).ToArray();
        var documents = ordered.Select(f => f.Document).ToArray();
        return new(string.Join("; ", documents.Select(d => d.Source)), First(d => d.DocumentNumber), documents[^1].Title, documents.Select(d => d.Kind).FirstOrDefault(k => k is not null), documents.Select(d => d.Issuers).FirstOrDefault(i => i is not null),
            First(d => d.Subject), documents.Min(d => d.WrittenOn), documents.Min(d => d.PublishedOn), documents[^1].ExpiresOn, documents[^1].RepealedFrom, [.. ordered.Select(f => f.Text)]);

        string? First(Func<ImportDocument, string?> element) => documents.Select(element).FirstOrDefault(e => e is not null);
    }

    static (ImportDocument, ImportRevision) Read(string path, byte[] content, Dictionary<string, string> said)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var named = DateInName().Match(name);
        var nameDate = named.Success ? Date(named.Groups["date"].Value, path) : null;
        if (named.Success) name = name[..named.Index].Trim();
        if (HasEnding(path, ".docx"))
            return (Document(said, path, name, null, null), new(null, null, content, null, Day("effectiveFrom") ?? nameDate, said.GetValueOrDefault("note")));

        var text = TextEncodings.Detect(content) ?? throw new FormatException("The text is neither UTF-8 nor GB18030.");
        text = text.TrimStart('\uFEFF');
        if (FrontMatter().Match(text) is { Success: true } matter)
        {
            said = new(said);
            foreach (var (key, value) in Yaml(matter.Groups["yaml"].Value, path)) said.TryAdd(key, value);
            text = text[matter.Length..];
        }
        var info = text.IndexOf("<!-- INFO END -->", StringComparison.Ordinal) is var end and >= 0 ? InfoLines(text[..end]) : [];
        // When it was first made public, when this text was made, and when it took effect.
        var promulgated = info.Where(i => Promulgating().IsMatch(i.What)).Select(i => (DateOnly?)i.On).FirstOrDefault() ?? info.Select(i => (DateOnly?)i.On).FirstOrDefault();
        var effective = Day("effectiveFrom") ?? info.Where(i => i.What.EndsWith("施行", StringComparison.Ordinal)).Select(i => (DateOnly?)i.On).LastOrDefault() ?? nameDate ?? info.Select(i => (DateOnly?)i.On).LastOrDefault();
        var note = said.GetValueOrDefault("note") ?? (info.Count > 1 && info[^1].What.Contains('修', StringComparison.Ordinal) ? info[^1].What.TrimEnd('）', ')', ' ', '　') : null);
        var markdown = HasEnding(path, ".md") || HasEnding(path, ".markdown");
        return (Document(said, path, markdown ? Heading(text) ?? name : name, promulgated ?? nameDate, promulgated ?? nameDate), new(markdown ? null : text, markdown ? text : null, null, null, effective, note));

        DateOnly? Day(string key) => said.GetValueOrDefault(key) is { Length: > 0 } day ? Date(day, path) : null;
    }

    static ImportDocument Document(Dictionary<string, string> said, string path, string title, DateOnly? written, DateOnly? published)
    {
        DocumentKind? kind = said.GetValueOrDefault("kind") switch
        {
            null or "" => null,
            "normative" or "行政规范性文件" => DocumentKind.Normative,
            "other" or "其他文件" => DocumentKind.Other,
            var unknown => throw new FormatException($"`kind` is normative or other, not {unknown}."),
        };
        return new(path, Said("documentNumber"), Said("title") ?? title, kind, Said("issuers")?.Split([';', ',', '；', '、', ' '], StringSplitOptions.RemoveEmptyEntries), Said("subject"), Day("writtenOn") ?? written,
            Day("publishedOn") ?? published, Day("expiresOn"), Day("repealedFrom"), null);

        string? Said(string key) => said.GetValueOrDefault(key) is { Length: > 0 } value ? value : null;

        DateOnly? Day(string key) => Said(key) is { } day ? Date(day, path) : null;
    }

    static DateOnly? Date(string typed, string path)
    {
        var date = ChineseDate().Match(typed) is { Success: true } chinese ? $"{chinese.Groups[1].Value}-{chinese.Groups[2].Value}-{chinese.Groups[3].Value}" : typed.Trim();
        return DateOnly.TryParseExact(date, ["yyyy-M-d", "yyyy/M/d", "yyyyMMdd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw new FormatException($"{typed} is no date; write yyyy-MM-dd.");
    }

    static List<(DateOnly On, string What)> InfoLines(string head)
    {
        var lines = new List<(DateOnly, string)>();
        foreach (var line in CanonicalText.Lines(head))
            if (ChineseDate().Match(line) is { Success: true, Index: 0 } date && DateOnly.TryParseExact($"{date.Groups[1].Value}-{date.Groups[2].Value}-{date.Groups[3].Value}", "yyyy-M-d", CultureInfo.InvariantCulture, DateTimeStyles.None, out var on))
                lines.Add((on, line[date.Length..].Trim()));
        return lines;
    }

    static string? Heading(string markdown) => CanonicalText.Lines(markdown).FirstOrDefault(l => l.StartsWith("# ", StringComparison.Ordinal))?[2..].Trim();

    static string Folded(string? title) => CanonicalText.Fold(title ?? "").Replace("中华人民共和国", "", StringComparison.Ordinal);

    static IEnumerable<(string, string)> Yaml(string matter, string path)
    {
        var yaml = new YamlStream();
        try
        {
            using var reader = new StringReader(matter);
            yaml.Load(reader);
        }
        catch (YamlException e)
        {
            throw new FormatException($"The front matter is not YAML: {e.Message}");
        }
        if (yaml.Documents is not [{ RootNode: YamlMappingNode mapping }]) yield break;
        foreach (var (key, value) in mapping.Children)
        {
            if (key is YamlScalarNode { Value: { } name })
                yield return (name, value switch { YamlScalarNode scalar => scalar.Value ?? "", YamlSequenceNode list => string.Join(';', list.Children.OfType<YamlScalarNode>().Select(s => s.Value)), _ => throw new FormatException($"{path}: `{name}` is neither a value nor a list.") });
        }
    }

    static List<Dictionary<string, string>>? Rows(byte[] content)
    {
        if (TextEncodings.Detect(content) is not { } text) return null;
        using var csv = CsvReader.FromText(text.TrimStart('\uFEFF'), new() { TrimWhitespace = true });
        csv.ReadHeader();
        var columns = csv.Headers.ToArray();
        if (!columns.Contains("file")) return null;
        var rows = new List<Dictionary<string, string>>();
        while (csv.Read()) rows.Add(columns.Distinct().ToDictionary(c => c, csv.GetString));
        return rows;
    }

    static bool HasEnding(string path, string ending) => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"[(（](?<date>[0-9]{4}-[0-9]{1,2}-[0-9]{1,2})[)）]$")]
    private static partial Regex DateInName();

    [GeneratedRegex(@"^---\r?\n(?<yaml>.*?)\r?\n---\r?\n", RegexOptions.Singleline)]
    private static partial Regex FrontMatter();

    [GeneratedRegex("([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日")]
    private static partial Regex ChineseDate();

    [GeneratedRegex("(?:公布|发布|批准)[　 ）)]*$")]
    private static partial Regex Promulgating();
}
