using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using CsvHelper;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Language;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace PolicyPlatform.Documents.Exchange;

/// <summary>
/// Reads a folder of texts: Markdown, plain text (UTF-8 or GB18030), HTML and Word files. What a text does not say stands in a CSV file
/// with a column <c>file</c>, in front matter
/// between <c>---</c> lines, in the lines before <c>&lt;!-- INFO END --&gt;</c> as public collections of laws have them, and in a date in
/// the file's name. Files
/// of one document, by its number or else its title, are its revisions.
/// </summary>
static partial class ImportFiles
{
    /// <summary>More than this, unpacked, is no folder of texts.</summary>
    const long LargestUnpacked = 400_000_000;

    const int MostColumns = 256,
        MostRows = 100_000;

    static readonly string[] Texts = [".md", ".markdown", ".txt", ".html", ".htm", ".docx"];

    /// <summary>The columns of the table and the members of front matter, also as offices call them.</summary>
    static readonly Dictionary<string, string> Columns = new(StringComparer.OrdinalIgnoreCase)
    {
        ["文件"] = "file",
        ["文件名"] = "file",
        ["文件名称"] = "file",
        ["标题"] = "title",
        ["名称"] = "title",
        ["发文字号"] = "documentNumber",
        ["文号"] = "documentNumber",
        ["发文机关"] = "issuers",
        ["制定机关"] = "issuers",
        ["发布机关"] = "issuers",
        ["主题分类"] = "subject",
        ["类别"] = "kind",
        ["文件种类"] = "kind",
        ["成文日期"] = "writtenOn",
        ["发布日期"] = "publishedOn",
        ["公布日期"] = "publishedOn",
        ["施行日期"] = "effectiveFrom",
        ["生效日期"] = "effectiveFrom",
        ["实施日期"] = "effectiveFrom",
        ["有效期至"] = "expiresOn",
        ["失效日期"] = "expiresOn",
        ["废止日期"] = "repealedFrom",
        ["备注"] = "note",
        ["说明"] = "note",
    };

    static string Column(string heading) => Columns.GetValueOrDefault(heading.Trim()) ?? heading.Trim();

    /// <summary>The documents of a zipped folder, what could not be read of it, and which of several dates was taken.</summary>
    public static (
        IReadOnlyList<ImportDocument> Documents,
        IReadOnlyList<(string File, Wording Problem)> Unreadable,
        IReadOnlyList<(string File, Wording Remark)> Remarks
    ) Read(Stream zipped)
    {
        // Names that are not marked as UTF-8 are in the encoding of the machine that packed them: GBK, mostly.
        using var zip = new ZipArchive(zipped, ZipArchiveMode.Read, leaveOpen: false, System.Text.Encoding.Latin1);
        var files = new List<(string Path, byte[] Content)>();
        long unpacked = 0;
        foreach (
            var (entry, path) in zip
                .Entries.Select(e => (Entry: e, Path: Named(e.FullName)))
                .Where(e => e.Entry.Name.Length > 0 && !IsOfDesktop(e.Path))
                .OrderBy(e => e.Path, StringComparer.Ordinal)
        )
        {
            using var stream = entry.Open();
            using var content = new MemoryStream();
            var buffer = new byte[64 * 1024];
            // The sizes that a zip tells are not to be believed.
            for (int read; (read = stream.Read(buffer)) > 0; )
            {
                if ((unpacked += read) > LargestUnpacked)
                    throw new InvalidDataException("The files are too large when unpacked.");
                content.Write(buffer, 0, read);
            }
            files.Add((path, content.ToArray()));
        }
        return Read(files);

        static string Named(string name) =>
            (
                name.All(c => c <= 0xFF) && name.Any(c => c > 0x7F)
                    ? TextEncodings.DetectName(System.Text.Encoding.Latin1.GetBytes(name)) ?? name
                    : name
            )
                is var read
                ? Characters.Clean(read).Replace('\\', '/')
                : name;
    }

    /// <summary>What a desktop leaves in a folder, AppleDouble files among it, is none of the texts.</summary>
    static bool IsOfDesktop(string path) =>
        path.StartsWith("__MACOSX", StringComparison.Ordinal)
        || Path.GetFileName(path) is var name
            && (
                name.StartsWith('.')
                || name.StartsWith("~$", StringComparison.Ordinal)
                || name.Equals("Thumbs.db", StringComparison.OrdinalIgnoreCase)
                || name.Equals("desktop.ini", StringComparison.OrdinalIgnoreCase)
            );

    /// <summary>The documents of a folder, what could not be read of it, and which of several dates was taken.</summary>
    internal static (
        IReadOnlyList<ImportDocument> Documents,
        IReadOnlyList<(string File, Wording Problem)> Unreadable,
        IReadOnlyList<(string File, Wording Remark)> Remarks
    ) Read(IReadOnlyList<(string Path, byte[] Content)> files)
    {
        var unreadable = new List<(string, Wording)>();
        var remarks = new List<(string File, Wording Remark)>();
        var rows = new Dictionary<string, Dictionary<string, string>>();
        var named = new HashSet<string>();
        files = [.. files.Where(f => !IsOfDesktop(f.Path))];
        foreach (var (path, content) in files.Where(f => HasEnding(f.Path, ".csv")))
        {
            if (Rows(content) is { } table)
                foreach (var (row, i) in table.Select((r, i) => (r, i + 2)))
                    Keep(path, row, i);
            else
                unreadable.Add(
                    (
                        path,
                        $"This is not a table in UTF-8 or GB18030 with a column `file` or 文件, at most {MostColumns} columns and {MostRows:N0} rows."
                    )
                );
        }

        var read = new List<(ImportDocument Document, ImportRevision Text)>();
        foreach (var (path, content) in files)
        {
            if (!Texts.Any(ending => HasEnding(path, ending)))
            {
                if (!HasEnding(path, ".csv"))
                    unreadable.Add((path, $"Only {string.Join(", ", Texts)} and .csv are read."));
                continue;
            }
            var said = rows.ContainsKey(path) ? path : Path.GetFileName(path);
            var row = rows.GetValueOrDefault(said) ?? [];
            named.Add(said);
            try
            {
                read.Add(Read(path, content, row, remarks));
            }
            catch (FormatException e)
            {
                unreadable.Add((path, Wording.Verbatim(e.Message)));
            }
        }
        foreach (var lost in rows.Keys.Where(f => !named.Contains(f)))
            unreadable.Add((lost, "The table names this file, and it is not there."));
        return (
            [
                .. read.GroupBy(r =>
                        r.Document.DocumentNumber is { } number && Text.DocumentNumber.TryParse(number, out var parsed)
                            ? parsed.Of(string.Join(';', r.Document.Issuers ?? [])).ToString()
                            : Folded(r.Document.Title)
                    )
                    .Select(Merge),
            ],
            unreadable,
            remarks
        );

        void Keep(string table, Dictionary<string, string> row, int number)
        {
            if (row["file"].Replace('\\', '/') is not { Length: > 0 } file)
                unreadable.Add(($"{table} {number}", "This row names no file."));
            else if (!rows.TryAdd(file, row))
                unreadable.Add(($"{table} {number}", $"Two rows name the file {file}; the first one counts."));
        }
    }

    /// <summary>The files of one document: the earliest text tells when it was published, each what it knows of the elements.</summary>
    static ImportDocument Merge(IGrouping<string, (ImportDocument Document, ImportRevision Text)> files)
    {
        // The same text in two folders is one.
        var ordered = files
            .DistinctBy(f =>
                (
                    f.Text.EffectiveFrom,
                    Words: f.Text.Docx is { } docx
                        ? Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(docx))
                        : CanonicalText.Fold(f.Text.Text ?? f.Text.Markdown ?? f.Text.Html!).Replace("#", "", StringComparison.Ordinal)
                )
            )
            .OrderBy(f => f.Text.EffectiveFrom)
            .ToArray();
        var documents = ordered.Select(f => f.Document).ToArray();
        return new(
            string.Join("; ", documents.Select(d => d.Source)),
            First(d => d.DocumentNumber),
            documents[^1].Title,
            documents.Select(d => d.Kind).FirstOrDefault(k => k is not null),
            documents.Select(d => d.Issuers).FirstOrDefault(i => i is not null),
            First(d => d.Subject),
            documents.Min(d => d.WrittenOn),
            documents.Min(d => d.PublishedOn),
            documents[^1].ExpiresOn,
            documents[^1].RepealedFrom,
            [.. ordered.Select(f => f.Text)]
        );

        string? First(Func<ImportDocument, string?> element) => documents.Select(element).FirstOrDefault(e => e is not null);
    }

    static (ImportDocument, ImportRevision) Read(
        string path,
        byte[] content,
        Dictionary<string, string> said,
        List<(string File, Wording Remark)> remarks
    )
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var named = DateInName().Match(name);
        var nameDate = named.Success ? Date(named.Groups["date"].Value, path) : null;
        if (named.Success)
            name = name[..named.Index].Trim();
        if (HasEnding(path, ".docx"))
        {
            using var word = new MemoryStream(content, writable: false);
            var first = Own(DocxText.Cut(word)?.Text.Blocks ?? [], nameDate);
            var taken = Day("effectiveFrom") ?? first ?? nameDate;
            Compare(taken, ("The text", first), ("The table or front matter", Day("effectiveFrom")), ("The name of the file", nameDate));
            return (Document(said, path, name, null, null), new(null, null, content, null, taken, said.GetValueOrDefault("note").OrNone()));
        }

        var text = TextEncodings.Detect(content) ?? throw new FormatException("The text is neither UTF-8 nor GB18030.");
        text = text.TrimStart('\uFEFF');
        var html = HasEnding(path, ".html") || HasEnding(path, ".htm");
        var longest = html ? HtmlText.Longest : CanonicalText.LongestCharacters;
        if (text.Length > longest)
            throw new FormatException($"The text has {text.Length:N0} characters; at most {longest:N0} are read.");
        if (FrontMatter(text) is { } matter)
        {
            said = new(said);
            foreach (var (key, value) in Yaml(matter.Yaml, path))
                said.TryAdd(key, value);
            text = text[matter.Length..];
        }
        var info = text.IndexOf("<!-- INFO END -->", StringComparison.Ordinal) is var end and >= 0 ? InfoLines(text[..end]) : [];
        // When it was first made public, when this text was made, and when it took effect.
        var promulgated =
            info.Where(i => Promulgating().IsMatch(i.What)).Select(i => (DateOnly?)i.On).FirstOrDefault()
            ?? info.Select(i => (DateOnly?)i.On).FirstOrDefault();
        var markdown = HasEnding(path, ".md") || HasEnding(path, ".markdown");
        var made = info.Select(i => (DateOnly?)i.On).Append(nameDate).Max();
        var own = Own(
            (
                markdown ? MarkdownText.Read(text)
                : html ? HtmlText.Read(text)
                : TextStructure.Read(text)
            )?.Blocks
                ?? throw new FormatException("The elements of this text nest deeper, or are more, than can be read."),
            made
        );
        var inForce = info.Where(i => i.What.EndsWith("施行", StringComparison.Ordinal)).Select(i => (DateOnly?)i.On).LastOrDefault();
        var effective = Day("effectiveFrom") ?? own ?? inForce ?? nameDate ?? info.Select(i => (DateOnly?)i.On).LastOrDefault();
        Compare(
            effective,
            ("The text", own),
            ("The table or front matter", Day("effectiveFrom")),
            ("The name of the file", nameDate),
            ("The lines before it", inForce)
        );
        var note =
            said.GetValueOrDefault("note").OrNone()
            ?? (
                info.Count > 1 && info[^1].What.Contains('修', StringComparison.Ordinal)
                    ? info[^1].What.TrimEnd('）', ')', ' ', '　')
                    : null
            );
        return (
            Document(said, path, markdown ? Heading(text) ?? name : name, promulgated ?? nameDate, promulgated ?? nameDate),
            new(markdown || html ? null : text, markdown ? text : null, null, null, effective, note, html ? text : null)
        );

        DateOnly? Day(string key) => said.GetValueOrDefault(key) is { Length: > 0 } day ? Date(day, path) : null;

        // A law that was revised goes on naming the first day of its first text: a day before this text was made is not its own.
        static DateOnly? Own(IReadOnlyList<CutBlock> blocks, DateOnly? made) =>
            OwnDays.In(blocks).EffectiveFrom is { } day && (made is null || day >= made) ? day : null;

        void Compare(DateOnly? taken, params (Wording Who, DateOnly? Day)[] told)
        {
            told = [.. told.Where(t => t.Day is not null)];
            if (told.Select(t => t.Day).Distinct().Count() > 1)
                remarks.Add(
                    (
                        path,
                        $"{taken:yyyy-MM-dd} was taken for the first day in force. {Wording.Together(told.Select(t => (Wording)$"{t.Who} says {t.Day:yyyy-MM-dd}."))}"
                    )
                );
        }
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
        return new(
            path,
            Said("documentNumber"),
            Said("title") ?? title,
            kind,
            Said("issuers")?.Split([';', ',', '；', '、', ' '], StringSplitOptions.RemoveEmptyEntries),
            Said("subject"),
            Day("writtenOn") ?? written,
            Day("publishedOn") ?? published,
            Day("expiresOn"),
            Day("repealedFrom"),
            null
        );

        string? Said(string key) => said.GetValueOrDefault(key) is { Length: > 0 } value ? value : null;

        DateOnly? Day(string key) => Said(key) is { } day ? Date(day, path) : null;
    }

    static DateOnly? Date(string typed, string path)
    {
        var date = ChineseDate().Match(typed) is { Success: true } chinese
            ? $"{chinese.Groups[1].Value}-{chinese.Groups[2].Value}-{chinese.Groups[3].Value}"
            : typed.Trim();
        return DateOnly.TryParseExact(
            date,
            ["yyyy-M-d", "yyyy/M/d", "yyyyMMdd"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var day
        )
            ? day
            : throw new FormatException($"{typed} is no date; write yyyy-MM-dd.");
    }

    static List<(DateOnly On, string What)> InfoLines(string head)
    {
        var lines = new List<(DateOnly, string)>();
        foreach (var line in CanonicalText.Lines(head))
            if (
                ChineseDate().Match(line) is { Success: true, Index: 0 } date
                && DateOnly.TryParseExact(
                    $"{date.Groups[1].Value}-{date.Groups[2].Value}-{date.Groups[3].Value}",
                    "yyyy-M-d",
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.None,
                    out var on
                )
            )
                lines.Add((on, line[date.Length..].Trim()));
        return lines;
    }

    static string? Heading(string markdown) =>
        CanonicalText.Lines(markdown).FirstOrDefault(l => l.StartsWith("# ", StringComparison.Ordinal))?[2..].Trim();

    static string Folded(string? title) => CanonicalText.Fold(title ?? "").Replace("中华人民共和国", "", StringComparison.Ordinal);

    /// <summary>What stands between two lines of three dashes at the beginning, and how long it is with them; null for none.</summary>
    static (string Yaml, int Length)? FrontMatter(string text)
    {
        var begins = Fence(0);
        if (begins < 0)
            return null;
        for (var at = begins; (at = text.IndexOf("\n---", at, StringComparison.Ordinal)) >= 0; at++)
            if (Fence(at + 1) is var ends and >= 0)
                return (text[begins..at].TrimEnd('\r'), ends);
        return null;

        // Where the line after the dashes begins.
        int Fence(int from) =>
            text.AsSpan(from).StartsWith("---\n") ? from + 4
            : text.AsSpan(from).StartsWith("---\r\n") ? from + 5
            : -1;
    }

    // Values and lists of values are all that front matter says. What nests is refused where it begins: a tree of it would nest as deep.
    static List<(string, string)> Yaml(string matter, string path)
    {
        var said = new List<(string, string)>();
        try
        {
            using var reader = new StringReader(matter);
            var yaml = new Parser(reader);
            yaml.Consume<StreamStart>();
            if (!yaml.TryConsume<DocumentStart>(out _) || !yaml.TryConsume<MappingStart>(out _))
                return said;
            while (!yaml.TryConsume<MappingEnd>(out _))
            {
                if (!yaml.TryConsume<Scalar>(out var name))
                    throw new FormatException($"{path}: the front matter has a key that is no word.");
                if (yaml.TryConsume<Scalar>(out var value))
                    said.Add((Column(name.Value), Characters.Clean(value.Value)));
                else if (yaml.TryConsume<SequenceStart>(out _))
                    said.Add((Column(name.Value), Characters.Clean(string.Join(';', Values(yaml, name.Value, path)))));
                else
                    throw new FormatException($"{path}: `{name.Value}` is neither a value nor a list.");
            }
        }
        // The scanner says the latter of some keys that begin where none can be.
        catch (Exception e) when (e is YamlException or InvalidOperationException)
        {
            throw new FormatException($"The front matter is not YAML: {e.Message}");
        }
        return said;
    }

    static IEnumerable<string> Values(Parser yaml, string name, string path)
    {
        while (!yaml.TryConsume<SequenceEnd>(out _))
            yield return yaml.TryConsume<Scalar>(out var value)
                ? value.Value
                : throw new FormatException($"{path}: `{name}` lists something that is no value.");
    }

    static List<Dictionary<string, string>>? Rows(byte[] content)
    {
        if (TextEncodings.Detect(content) is not { } text)
            return null;
        using var csv = CsvReader.FromText(text.TrimStart('\uFEFF'), new() { TrimWhitespace = true });
        csv.ReadHeader();
        if (csv.Headers.Count > MostColumns)
            return null;
        var columns = csv.Headers.Distinct().GroupBy(Column).ToDictionary(g => g.Key, g => g.First());
        if (!columns.ContainsKey("file"))
            return null;
        var rows = new List<Dictionary<string, string>>();
        // What a table of our own escaped against formulas is itself again.
        while (csv.Read())
        {
            if (rows.Count == MostRows)
                return null;
            rows.Add(
                columns.ToDictionary(
                    c => c.Key,
                    c =>
                        csv.GetString(c.Value) is var cell && cell is ['\'', '=' or '+' or '-' or '@', ..]
                            ? Characters.Clean(cell[1..])
                            : Characters.Clean(cell)
                )
            );
        }
        return rows;
    }

    static bool HasEnding(string path, string ending) => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"[(（](?<date>[0-9]{4}-[0-9]{1,2}-[0-9]{1,2})[)）]$", RegexOptions.NonBacktracking)]
    private static partial Regex DateInName();

    [GeneratedRegex("([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日", RegexOptions.NonBacktracking)]
    private static partial Regex ChineseDate();

    [GeneratedRegex("(?:公布|发布|批准)[　 ）)]*$", RegexOptions.NonBacktracking)]
    private static partial Regex Promulgating();
}
