using System.Text.RegularExpressions;
using Marten;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.Attachments;

namespace PolicyPlatform.Documents.Revisions;

/// <summary>A file that goes with a text: a form, a table, a PDF, a picture. Its bytes tell its type.</summary>
/// <param name="Name">Its name, 附件1：申请表.docx. For a file that is kept, the one that it has when left out.</param>
/// <param name="Content">The bytes, in JSON as base64.</param>
/// <param name="Sha256">Or the hash of a file of the text before, which is kept.</param>
public sealed record GivenFile(string? Name, byte[]? Content, string? Sha256)
{
    const int LongestName = 200;

    static readonly char[] InNoName = ['/', '\\', ':', '*', '?', '"', '<', '>', '|', '\0', '\r', '\n', '\t'];

    /// <summary>
    /// Notes what is wrong with it whatever the document is; what its members are called begins with <paramref name="place"/>,
    /// <c>/files/0/</c>.
    /// </summary>
    internal void Check(string place, Invalid invalid)
    {
        invalid
            .Text($"{place}name", Name, LongestName, required: Content is not null)
            .If(
                Name?.IndexOfAny(InNoName) >= 0,
                $"{place}name",
                "name.malformed",
                $"The name of a file has no path and none of {string.Join(' ', InNoName[..9])}."
            )
            .If(
                Content is null == Sha256 is null,
                place.TrimEnd('/'),
                "file.ambiguous",
                "Give either `content`, the bytes in base64, or `sha256`, the hash of a file that goes with the text before."
            )
            .If(Content is { Length: 0 }, $"{place}content", "value.missing", "The file is empty.");
        if (Content is not { Length: > 0 } || string.IsNullOrWhiteSpace(Name))
            return;
        if (Type is not { } type)
            invalid.Add($"{place}content", "attachment.type.refused", Refused);
        else
            invalid.If(
                !type.Extensions.Contains(FileTypes.Extension(Name.Trim())),
                $"{place}name",
                "name.malformed",
                $"By its bytes the file is {type.MediaType}: its name ends in .{type.Extensions[0]}."
            );
    }

    // What tells it can be a package of many parts, and is asked for more than once.
    readonly Lazy<FileType?> type = new(() =>
        Content is not null && Name is not null && FileTypes.Of(Content, Name.Trim()) is { } told && FileTypes.OfDocuments.Contains(told)
            ? told
            : null
    );

    /// <summary>Its type; null for one that is not accepted.</summary>
    internal FileType? Type => type.Value;

    /// <summary>What is said of a type that is not accepted.</summary>
    internal Wording Refused =>
        $"The bytes of {Name} are none of: {string.Join(", ", FileTypes.OfDocuments.Select(t => t.Extensions[0]))}. What can carry scripts or macros, such as SVG, HTML and .docm, is not accepted.";
}

/// <summary>The files of texts: kept once, under their hash, in the transaction that records the text.</summary>
static partial class AttachedFiles
{
    const int Most = 50;

    /// <summary>Keeps the files of a text, and puts them, formulas and what was found into the event that records it.</summary>
    /// <param name="decision">The decision that records the text.</param>
    /// <param name="text">The text as it was read.</param>
    /// <param name="before">The files of the text before.</param>
    /// <param name="session">Where the bytes are kept.</param>
    public static Decision Attaching(this Decision decision, ReadText text, IReadOnlyList<AttachedFile> before, IDocumentSession session)
    {
        if (decision.Problem is not null)
            return decision;
        var known = before.Where(f => f.Sent is true && f.Erased is not true).ToArray();
        var given = text.Sent([.. known.Select(f => new GivenFile(f.Name, null, f.Sha256))]);
        var invalid = new Invalid().If(given.Count > Most, "/files", "files.tooMany", $"At most {Most} files go with a text.");
        var files = new List<AttachedFile>(text.Kept);
        foreach (var picture in text.Files)
            files.Add(Keep(picture.Name, picture.MediaType, picture.Content, null));
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (file, i) in given.Select((f, i) => (f, i)))
        {
            var kept = file.Sha256 is { } hash ? known.FirstOrDefault(f => f.Sha256 == hash) : null;
            if (file.Content is null && kept is null)
            {
                invalid.Add(
                    $"/files/{i}/sha256",
                    "file.unknown",
                    "No file of the text before has this hash. Send the file itself in `content`."
                );
                continue;
            }
            var name = file.Name?.Trim() ?? kept!.Name;
            invalid
                .If(
                    kept is not null && FileTypes.Extension(name) != FileTypes.Extension(kept.Name),
                    $"/files/{i}/name",
                    "name.malformed",
                    $"A file keeps the ending of its name, .{FileTypes.Extension(kept?.Name ?? "")}."
                )
                .If(!names.Add(name), $"/files/{i}/name", "name.taken", $"Two files are named {name}.");
            var added = kept is not null ? kept with { Name = name } : Keep(name, file.Type!.MediaType, file.Content!, true);
            if (files.FirstOrDefault(f => f.Sent is true && f.Sha256 == added.Sha256) is { } same)
                invalid.Add($"/files/{i}", "file.duplicate", $"{name} is the same file as {same.Name}.");
            files.Add(added);
        }
        if (invalid.Problem is { } problem)
            return problem;
        var filesHash = AttachedFile.HashOf(files);
        return decision.Completed(e =>
            e is not RevisionRecorded recorded
                ? e
                : recorded with
                {
                    Findings = text.Findings.Count > 0 ? text.Findings : null,
                    Files = files.Count > 0 ? files : null,
                    Formulas = text.Formulas.Count > 0 ? text.Formulas : null,
                    ChainHash = CanonicalText.WithFiles(recorded.ChainHash, filesHash),
                }
        );

        AttachedFile Keep(string name, string type, byte[] content, bool? sent)
        {
            return new(name, type, content.LongLength, session.KeepFile(content), sent);
        }
    }

    /// <summary>Whether the files that are given are those that went with the text before.</summary>
    public static bool AreThoseOf(IReadOnlyList<GivenFile>? given, IReadOnlyList<AttachedFile> before) =>
        given is null
        || given
            .Select(f => (f.Sha256 ?? (f.Content is { } content ? StoredFiles.HashOf(content) : null), f.Name?.Trim()))
            .SequenceEqual(before.Where(f => f.Sent is true).Select(f => ((string?)f.Sha256, (string?)f.Name)));

    /// <summary>The files of a text as the API shows them, with the line of 附件说明, or the heading of 附件, that names them.</summary>
    public static IReadOnlyList<FileLink> Links(Guid documentId, CompleteText text) =>
        [
            .. text.Files.Select(f => new FileLink(
                f.Name,
                f.MediaType,
                f.Bytes,
                f.Sha256,
                $"/api/v1/documents/{documentId}/revisions/{text.Revision}/files/{f.Sha256}",
                f.Sent is true ? NamedIn(text.Blocks, f.Name) : null,
                f.Erased
            )),
        ];

    /// <summary>The block that names a file: by its title, or by the number of the attachment where its name says nothing else.</summary>
    static string? NamedIn(IReadOnlyList<Block> blocks, string file)
    {
        var (number, title) = Read(Path.GetFileNameWithoutExtension(file));
        var attachments = blocks
            .Where(b => b.Kind is BlockKind.Attachment)
            .SelectMany(b => Entries(b.Text).Select(e => (b.Id, Name: Read(e))))
            .ToArray();
        return (
                title.Length > 0
                    ? attachments.FirstOrDefault(a => a.Name.Title == title)
                    : attachments.FirstOrDefault(a => a.Name.Number == number && number.Length > 0)
            ).Id
            ?? (
                number.Length > 0 && title.Length > 0
                    ? attachments.FirstOrDefault(a => a.Name.Number == number && a.Name.Title.Length == 0).Id
                    : null
            );

        // 附件说明 has an entry a line; one can go on in the next.
        static List<string> Entries(string text)
        {
            var entries = new List<string>();
            foreach (var line in text.Split('\n'))
                if (entries.Count > 0 && Read(line).Number.Length == 0)
                    entries[^1] += line;
                else
                    entries.Add(line);
            return entries;
        }

        static (string Number, string Title) Read(string name)
        {
            var parts = Named().Match(CanonicalText.Fold(name));
            var number = parts.Groups["number"].Value;
            return (
                ChineseNumerals.Read(number) is { } value ? $"{value}" : number,
                parts.Groups["title"].Value.Trim('《', '》', '<', '>', '-', '_', '.', '。', ';')
            );
        }
    }

    // 附件1：申请表, 1.申请表, 附件：1.申请表; a number before a title has a sign after it, unless 附件 stands before it.
    [GeneratedRegex(
        "^(?:(?:附件|附表|附录|附图)(?<number>[0-9]{1,3}(?:-[0-9]{1,3})?|[一二三四五六七八九十]{1,3})?:?|附(?:(?<number>[0-9]{1,3}(?:-[0-9]{1,3})?):?|:))?(?:(?<number>[0-9]{1,3}(?:-[0-9]{1,3})?|[一二三四五六七八九十]{1,3})[.、:_]|[(](?<number>[0-9一二三四五六七八九十]{1,3})[)])?(?<title>.*)$",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Named();
}
