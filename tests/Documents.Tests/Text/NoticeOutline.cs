using System.Text.Json;
using System.Text.RegularExpressions;
using PolicyPlatform.Documents.Text;

namespace PolicyPlatform.Documents.Tests.Text;

/// <summary>
/// The outline that a careful clerk gives of a document: what its title, its levels, its attachments and its signers are.
/// </summary>
sealed class NoticeOutline(JsonElement outline)
{
    static readonly HashSet<BlockKind> Levels =
    [
        BlockKind.Part,
        BlockKind.Section,
        BlockKind.Heading,
        BlockKind.Clause,
        BlockKind.Item,
        BlockKind.SubItem,
    ];

    static readonly BlockKind[] Beginnings =
    [
        .. Levels,
        BlockKind.Addressee,
        BlockKind.Signature,
        BlockKind.Article,
        BlockKind.Chapter,
        BlockKind.Attachment,
    ];

    /// <summary>Every field in which a reading differs from the outline, with both.</summary>
    public IReadOnlyList<string> Differences(IReadOnlyList<Block> blocks)
    {
        var byId = blocks.ToDictionary(b => b.Id);
        var lists = blocks.Where(b => b.Kind is BlockKind.Attachment && IsList(b)).ToHashSet();
        var attachments = blocks.Where(b => b.Kind is BlockKind.Attachment && !lists.Contains(b)).ToArray();
        var ofAttachments = attachments
            .SelectMany(a => blocks.SkipWhile(b => b != a).Skip(1).TakeWhile(b => b.Kind is BlockKind.Title))
            .ToHashSet();
        var main = blocks.TakeWhile(b => !Beginnings.Contains(b.Kind)).LastOrDefault(b => b.Kind is BlockKind.Title);
        var (signers, date) = Foot(blocks);
        var differences = new List<string>();

        Differ("title", Ws(main?.Text), Ws(Text("title")));
        Differ(
            "documentNumber",
            Regex.Replace(Ws(blocks.FirstOrDefault(b => b.Kind is BlockKind.DocumentNumber)?.Text), "^[（(]|[）)]$", ""),
            Ws(Text("documentNumber"))
        );
        Differ("addressee", Ws(blocks.FirstOrDefault(b => b.Kind is BlockKind.Addressee)?.Text), Ws(Text("addressee")));
        Starts("headings", [.. blocks.Where(b => Levels.Contains(b.Kind) && b.Label is not null && !InArticle(b)).Select(b => Ws(b.Text))]);
        Starts("items", [.. blocks.Where(b => Levels.Contains(b.Kind) && b.Label is not null && InArticle(b)).Select(b => Ws(b.Text))]);
        Differ("articles", Labels(BlockKind.Article), List("articles"));
        Differ("chapters", Labels(BlockKind.Chapter), List("chapters"));
        Differ(
            "attachments",
            attachments.Select(a => CanonicalText.Fold(a.Label!).TrimEnd('.', ':')),
            outline.GetProperty("attachments").EnumerateArray().Select(a => Ws(a.GetProperty("label").GetString()))
        );
        Differ(
            "attachmentTitles",
            attachments.Select(a =>
                a.Body.TrimStart('：', ':', ' ') is { Length: > 0 } own
                    ? Ws(own)
                    : Ws(string.Concat(blocks.SkipWhile(b => b != a).Skip(1).TakeWhile(b => b.Kind is BlockKind.Title).Select(b => b.Text)))
            ),
            outline.GetProperty("attachments").EnumerateArray().Select(a => Ws(a.GetProperty("title").GetString()))
        );
        Differ(
            "attachmentNotes",
            lists.SelectMany(l => l.Body.Split('\n')).Select(Unnumbered).Where(n => n.Length > 0),
            List("attachmentNotes").Select(Unnumbered)
        );
        Differ(
            "enclosedTitles",
            blocks.Where(b => b.Kind is BlockKind.Title && b != main && !ofAttachments.Contains(b)).Select(b => Ws(b.Text)),
            List("enclosedTitles")
        );
        Differ("signers", Characters(string.Concat(signers)), Characters(string.Concat(List("signers"))));
        Differ("date", date, Ws(Text("date")));
        Differ("copies", Ws(string.Concat(blocks.Where(b => b.Kind is BlockKind.Copies).Select(b => b.Text))), Ws(Text("copies")));
        Differ(
            "issuingLine",
            Ws(string.Concat(blocks.Where(b => b.Kind is BlockKind.IssuingLine).Select(b => b.Text))),
            Ws(Text("issuingLine"))
        );
        Differ("tables", $"{blocks.Count(b => b.Kind is BlockKind.Table)}", outline.GetProperty("tables").ToString());
        Responsible();
        return differences;

        bool InArticle(Block block)
        {
            for (var b = block; b.ParentId is { } parent; b = byId[parent])
                if (byId[parent].Kind is BlockKind.Article)
                    return true;
            return false;
        }

        IEnumerable<string> Labels(BlockKind kind) => blocks.Where(b => b.Kind == kind).Select(b => Ws(b.Label));

        void Differ<T>(string field, T read, T expected)
        {
            var (a, b) = (
                read is IEnumerable<string> reads ? string.Join(" | ", reads) : $"{read}",
                expected is IEnumerable<string> all ? string.Join(" | ", all) : $"{expected}"
            );
            if (a != b)
                differences.Add($"{field}: read {a}, should be {b}");
        }

        void Starts(string field, string[] read)
        {
            var expected = List(field).ToArray();
            if (read.Length != expected.Length || read.Zip(expected).Any(p => !p.First.StartsWith(p.Second, StringComparison.Ordinal)))
                differences.Add($"{field}: read {string.Join(" | ", read)}, should be {string.Join(" | ", expected)}");
        }

        void Responsible()
        {
            var expected = outline
                .GetProperty("responsibleBodies")
                .EnumerateObject()
                .ToDictionary(p => p.Name, p => string.Join('、', p.Value.EnumerateArray().Select(v => Ws(v.GetString()))));
            var read = new Dictionary<string, string>();
            foreach (var block in blocks.Where(b => b.ResponsibleBodies is not null))
            {
                var named = block;
                while (named.ParentId is { } parent && !expected.ContainsKey(Key(named)))
                    named = byId[parent];
                var key = expected.ContainsKey(Key(named)) ? Key(named) : Key(block);
                read[key] =
                    (read.TryGetValue(key, out var before) ? before + "、" : "") + string.Join('、', block.ResponsibleBodies!.Select(Ws));
            }
            Differ(
                "responsibleBodies",
                read.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}: {p.Value}"),
                expected.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}: {p.Value}")
            );

            static string Key(Block block) => Ws(block.Text) is var text && text.Length > 8 ? text[..8] : text;
        }
    }

    string? Text(string field) => outline.GetProperty(field).GetString();

    IEnumerable<string> List(string field) => outline.GetProperty(field).EnumerateArray().Select(v => Ws(v.GetString()));

    /// <summary>附件：1.… is the list of attachments; 附件 or 附件1 alone begins one.</summary>
    static bool IsList(Block block) => block.Text.Contains('\n', StringComparison.Ordinal) || Regex.IsMatch(Ws(block.Text), "^附件?[:：].");

    static (List<string> Signers, string Date) Foot(IReadOnlyList<Block> blocks)
    {
        var signers = new List<string>();
        foreach (var block in blocks.Where(b => b.Kind is BlockKind.Signature))
        {
            if (OfficialDates.Read(block.Text) is { } date)
                return (signers, date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
            signers.Add(block.Text);
        }
        return (signers, "");
    }

    static string Unnumbered(string text) => Regex.Replace(Ws(text), @"^[0-9０-９]+[.．、]|[；;。]+$", "");

    static string Characters(string text) => string.Concat(text.Where(c => c is >= '\u4E00' and <= '\u9FFF'));

    static string Ws(string? text) => string.Concat((text ?? "").Where(c => !char.IsWhiteSpace(c)));
}
