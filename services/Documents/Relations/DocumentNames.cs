using System.Text.RegularExpressions;
using JasperFx.Events;
using Marten;
using PolicyPlatform.Documents.Library.Indexing;
using PolicyPlatform.Documents.Text;

namespace PolicyPlatform.Documents.Relations;

/// <summary>By what other texts name a document: its titles and its numbers, also those that it had or that were put right.</summary>
/// <param name="Titles">标题.</param>
/// <param name="Numbers">发文字号 as they are printed.</param>
sealed partial record DocumentNames(IReadOnlyList<string> Titles, IReadOnlyList<string> Numbers)
{
    /// <summary>What gave a document its names, in the order in which it happened.</summary>
    public static async Task<IReadOnlyList<object>> Naming(IQuerySession session, Guid id, CancellationToken cancellation)
    {
        var events = await session
            .Events.QueryAllRawEvents()
            .Where(e => e.StreamId == id && e.EventTypeName.IsOneOf(Giving))
            .OrderBy(e => e.Version)
            .ToListAsync(cancellation);
        return [.. events.Select(e => e.Data)];
    }

    static readonly string[] Giving =
    [
        .. new[]
        {
            typeof(DocumentImported),
            typeof(DocumentIssued),
            typeof(DocumentPublished),
            typeof(DocumentAmended),
            typeof(DocumentCorrected),
            typeof(ElementsCorrected),
        }.Select(t => t.GetEventTypeName()),
    ];

    /// <summary>标题 on a day without what this person alone put right in it.</summary>
    public static string TitleOn(PolicyDocument document, DateOnly day, IReadOnlyList<object> naming, string changedBy)
    {
        var title = document.TitleOn(day);
        foreach (var corrected in naming.OfType<ElementsCorrected>().Reverse())
            if (corrected.After.Title == title)
            {
                if (corrected.By.Id != changedBy)
                    break;
                title = corrected.Before.Title ?? title;
            }
        return title;
    }

    /// <summary>What it is and was called. What somebody put right alone is not what a change by the same person rests on.</summary>
    /// <param name="document">The document.</param>
    /// <param name="naming">What gave it its names.</param>
    /// <param name="changedBy">Who makes the change, by id: names that only this person gave it by a correction are left out.</param>
    public static DocumentNames Of(PolicyDocument document, IReadOnlyList<object> naming, string changedBy)
    {
        var corrections = naming.OfType<ElementsCorrected>().ToArray();
        // What somebody put right and what others gave, by whatever they did: import, issue, publication, amendment.
        var own = corrections.Where(c => c.By.Id == changedBy).Select(c => (c.After.Title, c.After.Number)).ToArray();
        var others = corrections
            .Where(c => c.By.Id != changedBy)
            .Select(c => (c.After.Title, c.After.Number))
            .Concat(naming.Select(Given).OfType<(string?, Text.DocumentNumber?)>())
            .ToArray();
        return new(
            Without(
                document.PublicTexts.Select(t => t.Title).Reverse().Append(document.Title).Concat(corrections.Select(c => c.Before.Title)),
                e => e.Title
            ),
            Without(corrections.Select(c => c.Before.Number).Prepend(document.Number).Select(n => n?.ToString()), e => e.Number?.ToString())
        );

        IReadOnlyList<string> Without(IEnumerable<string?> names, Func<(string? Title, Text.DocumentNumber? Number), string?> name) =>
            [.. names.OfType<string>().Distinct().Where(n => own.All(e => name(e) != n) || others.Any(e => name(e) == n))];

        static (string?, Text.DocumentNumber?)? Given(object happened) =>
            happened switch
            {
                DocumentImported e => (e.Title, e.Number),
                DocumentIssued e => (null, e.Number),
                DocumentPublished e => (e.Elements.Title, e.Elements.Number),
                DocumentAmended { Title: { } title } => (title, null),
                DocumentCorrected { Title: { } title } => (title, null),
                _ => null,
            };
    }

    /// <summary>
    /// Whether a document names it, in its title or its text. What is named as a ground alone, 根据《…》, is not what the document is about.
    /// </summary>
    /// <param name="titles">标题 of the other document, on any day.</param>
    /// <param name="blocks">Its text.</param>
    /// <param name="ends">Whether it also has to say of it that it ends: in its title, or in the sentence or the list that names it.</param>
    public bool AreIn(IReadOnlyList<string> titles, IReadOnlyList<Block> blocks, bool ends = false)
    {
        Block[] all = [.. titles.Select((t, i) => new Block($"title {i}", BlockKind.Title, null, null, t)), .. blocks];
        ends &= !titles.Any(t => Ending().IsMatch(t));
        var known = Titles.SelectMany(Forms).Select(IndexedDocument.CitedTitle).ToHashSet();
        all = [.. all.DistinctBy(b => b.Id)];
        var places = all.Select((b, i) => (b, i)).ToDictionary(p => p.b.Id, p => p.i);
        return Citations
                .In(all)
                .Any(c =>
                    places[c.BlockId] is var at
                    && Names(c)
                    && !IsGround(c, all[at].Text)
                    && (!ends || PassageEnds(all, at, c.Start, c.Start + c.Length))
                )
            // Lists of documents have their titles without 《》.
            || all.Select((b, i) => (Block: b, At: i))
                .Where(p => p.Block.Kind is not BlockKind.Title)
                .Any(p =>
                    (p.Block.Rows?.SelectMany(r => r) ?? [p.Block.Body]).Any(cell =>
                        known.Contains(IndexedDocument.CitedTitle(cell))
                        && (
                            !ends
                            || p.Block.Text.IndexOf(cell, StringComparison.Ordinal) is var start
                                && PassageEnds(all, p.At, start, start + cell.Length)
                        )
                    )
                );

        bool Names(Citation citation) =>
            citation is { Title: { } cited, Number: var number }
                ? known.Contains(IndexedDocument.CitedTitle(cited)) && (number is null || Numbers.Count == 0)
                    || number is not null && IsOf(number)
                : Numbers.Any(n => citation.Number!.EndsWith(n, StringComparison.Ordinal));

        // 令第157号 does not say whose it is.
        bool IsOf(string number) =>
            Numbers.Any(n => n.EndsWith(number, StringComparison.Ordinal) || number.EndsWith(n, StringComparison.Ordinal));
    }

    // Whether the sentence, or the words over or under the list, that name a document speak of its end. Names that stand in them do not.
    static bool PassageEnds(Block[] blocks, int at, int start, int end)
    {
        var text = blocks[at].Text;
        var from = text.LastIndexOfAny(['。', '；', ';', '\n'], Math.Max(0, start - 1)) + 1;
        var to = text.IndexOfAny(['。', '；', ';', '\n'], end);
        if (Speaks(text[Math.Min(from, start)..(to < 0 ? text.Length : to)]))
            return true;
        // 废止下列文件：1.《…》；2.《…》。
        var list = text[(start == 0 ? 0 : text.LastIndexOf('。', start - 1) + 1)..start];
        if (list.LastIndexOfAny(['：', ':']) is var colon and >= 0)
            return Speaks(list[..colon]);
        if (blocks[at].Rows is { Count: > 0 } rows && Speaks(string.Join(' ', rows[0])))
            return true;
        for (var before = at - 1; before >= 0; before--)
        {
            var said = blocks[before].Text;
            if (IsOver(said))
                return Speaks(said);
            if (!IsItem(blocks[before]))
                break;
        }
        for (var after = at + 1; after < blocks.Length; after++)
        {
            var said = blocks[after].Text;
            if (said.StartsWith("以上", StringComparison.Ordinal) || said.StartsWith("上述", StringComparison.Ordinal))
                return Speaks(said);
            if (!IsItem(blocks[after]))
                break;
        }
        return false;

        static bool Speaks(string words) => Ending().IsMatch(Named().Replace(words, ""));

        static bool IsOver(string text) => Over().IsMatch(Named().Replace(text, ""));

        static bool IsItem(Block block) =>
            block.Rows is not null
            || block.Text.IndexOfAny(['《', '〔', '〈']) >= 0
            || block.Text.Length <= 60 && !block.Text.EndsWith('。');
    }

    [GeneratedRegex("废止|失效|(?:停止|不再|终止)(?:执行|施行|使用|适用)|替代|代替|取代", RegexOptions.NonBacktracking)]
    private static partial Regex Ending();

    [GeneratedRegex("[：:]\\s*$|下列|如下|目录|清单|一览表", RegexOptions.NonBacktracking)]
    private static partial Regex Over();

    // The title of 《关于废止…的决定》 ends nothing itself.
    [GeneratedRegex(Quoted, RegexOptions.NonBacktracking)]
    private static partial Regex Named();

    // What stands before a number may have been taken for its issuer's code: 根据云泽政发〔2026〕5号. A few words before what is named or behind
    // it say nothing of what becomes of it: 根据区政府《…》有关规定和《…》.
    internal static bool IsGround(Citation citation, string text)
    {
        var before = Cited()
            .Replace(
                text[..(citation.Start + (citation.Title is null ? Math.Max(0, citation.Words.LastIndexOfAny(BeforeSerial)) : 0))],
                AName
            );
        return Ground().Matches(before) is [.., var last]
            && before[(last.Index + last.Length)..].Split(['、', '和', '及', '与']) is [.. var others, var own]
            && IsWords(own)
            && others.All(o => o.Split(AName) is { Length: <= 2 } words && words.All(IsWords));

        static bool IsWords(string words) => words.Length <= 20 && words.IndexOfAny(EndsOfWords) < 0 && !Becoming().IsMatch(words);
    }

    const string AName = "《》";

    static readonly char[] EndsOfWords = [.. AName, .. "，,。；;：:\n"];

    [GeneratedRegex("根据|依据|依照|按照|遵照|贯彻|落实", RegexOptions.NonBacktracking)]
    private static partial Regex Ground();

    [GeneratedRegex("决定|废止|修改|修订|修正|更正|延长|停止|失效|替代|恢复", RegexOptions.NonBacktracking)]
    private static partial Regex Becoming();

    [GeneratedRegex($"{Quoted}(?:[（(][^）)]*[）)])?", RegexOptions.NonBacktracking)]
    private static partial Regex Cited();

    // 《…》 of which the title may hold another one.
    const string Quoted = "《(?:[^《》]|《[^《》]*》)*》";

    static readonly char[] BeforeSerial = [.. "〔[［【(（﹝〈＜<第"];

    /// <summary>A title within a title: it stands in single brackets (GB/T 15834).</summary>
    public static string Within(string title) => title.Replace('《', '〈').Replace('》', '〉');

    /// <summary>What is looked for, for people.</summary>
    public string LookedFor => string.Join('、', Titles.Select(t => $"《{Within(t)}》").Concat(Numbers));

    // A title is named without the issuer that it begins with, too; and what a notice issues by its own name: 关于印发《…办法》的通知, and
    // 关于印发2026年政务公开工作要点的通知.
    static IEnumerable<string> Forms(string title) => [title, .. WithoutIssuer(title), .. Issued(title)];

    static IEnumerable<string> WithoutIssuer(string title)
    {
        const string About = "关于";
        for (
            var at = title.IndexOf(About, StringComparison.Ordinal);
            at is > 0 and < 62;
            at = title.IndexOf(About, at + 1, StringComparison.Ordinal)
        )
            if ("府室局委会厅部处院办署所站社镇心".Contains(title[at - 1], StringComparison.Ordinal))
                return title[..at].IndexOfAny(Brackets) < 0 && !PassingOn().IsMatch(title[..at]) ? [title[at..]] : [];
        return [];
    }

    static IEnumerable<string> Issued(string title)
    {
        if (Kind().Match(title) is not { Success: true, Index: var end })
            return [];
        return Issuing()
            .Matches(title[..end])
            .Select(m => title[(m.Index + m.Length)..end])
            .Where(t =>
                t.IndexOfAny(Brackets) switch
                {
                    0 => t.Length > 2 && t[^1] is '》' or '〉',
                    < 0 => t.Length >= 6,
                    _ => false,
                }
            )
            .Select(t => t[0] is '《' or '〈' ? t[1..^1] : t)
            .Take(1);
    }

    static readonly char[] Brackets = ['《', '》', '〈', '〉'];

    [GeneratedRegex("印发|转发|批转", RegexOptions.NonBacktracking)]
    private static partial Regex PassingOn();

    [GeneratedRegex("印发|发布|公布|颁布|转发", RegexOptions.NonBacktracking)]
    private static partial Regex Issuing();

    [GeneratedRegex("的?(?:通知|决定|公告|命令|令)$", RegexOptions.NonBacktracking)]
    private static partial Regex Kind();
}
