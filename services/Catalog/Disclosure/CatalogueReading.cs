using System.Globalization;
using System.Text.RegularExpressions;
using PolicyPlatform.Catalog.Organisations;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Shared.Search;

namespace PolicyPlatform.Catalog.Disclosure;

/// <summary>What a table says the items of a catalogue are: read by what the Catalog knows, and nothing done yet.</summary>
/// <param name="layer">Whose catalogue it is.</param>
/// <param name="from">The day from which on the items hold, Asia/Shanghai.</param>
/// <param name="organisations">All organisations, by code.</param>
/// <param name="channels">The channels that are known.</param>
/// <param name="items">All items that the catalogue has or had, by code.</param>
sealed partial class CatalogueReading(
    Layer layer,
    DateOnly from,
    IReadOnlyDictionary<string, Organisation> organisations,
    ChannelList channels,
    IReadOnlyDictionary<string, DisclosureItem> items
)
{
    readonly Dictionary<string, ItemContent> read = [];

    // The same few bodies stand in row after row.
    readonly Dictionary<string, IReadOnlyList<Organisation>> called = [];

    // A table has as many rows as there are items.
    readonly Lazy<Dictionary<string, ItemContent>> named = new(() =>
        items
            .Values.Select(i => i.On(from))
            .OfType<ItemContent>()
            .GroupBy(c => Name(c.Category, c.Name))
            .ToDictionary(c => c.Key, c => c.First())
    );
    readonly List<ProblemError> remarks = [];

    /// <summary>Reads what is written for the items of a catalogue, which are there already.</summary>
    internal CatalogueReading(ExportedCatalogue catalogue)
        : this(catalogue.Layer, catalogue.On, catalogue.Organisations, catalogue.Channels, new Dictionary<string, DisclosureItem>()) { }

    /// <summary>What the items say, by code.</summary>
    public IReadOnlyDictionary<string, ItemContent> Read => read;

    /// <summary>What is wrong, each at its row or cell.</summary>
    public Invalid Wrong { get; } = new();

    /// <summary>What was read otherwise than it is written.</summary>
    public IReadOnlyList<ProblemError> Remarks => remarks;

    /// <summary>Reads a table with the headings that the export writes; how many rows it has.</summary>
    public int Plain(IReadOnlyList<NamedRow> rows)
    {
        foreach (var row in rows)
        {
            var number = row.Number;
            var code = Code(row["编码"], $"row {number}/编码");
            Wrong
                .Code($"row {number}/编码", code)
                .If(read.ContainsKey(code), $"row {number}/编码", "code.twice", $"{code} stands in an earlier row as well.");
            var present = items.GetValueOrDefault(code)?.On(from);
            var given = Given(row, channels, present);
            if (row.TryGetValue(WordForWord.Heading, out var words) && WordForWord.Read(words, given) is { } exact)
                given = exact;
            else
            {
                Wrong.If(
                    given.Way is null,
                    $"row {number}/公开方式",
                    "value.unknown",
                    $"{row["公开方式"]} is none of 主动公开 and 依申请公开. What is not disclosed (不予公开) is no item of this catalogue."
                );
                if (row.TryGetValue("公开层级", out var levels))
                    foreach (var word in CellWords.Names(levels).Where(w => CellWords.Level(w) is null))
                        Wrong.Add($"row {number}/公开层级", "value.unknown", $"{word} is none of 省级, 市级, 县级, 乡级 and 村级.");
            }
            given = given with { Bodies = Bodies(given.Bodies ?? [], i => $"row {number}/bodies/{i}") };
            if (given.Read($"row {number}", layer, organisations, channels, present, from, Wrong) is { } content)
                read[code] = content;
        }
        return rows.Count;
    }

    /// <summary>What the cells of a row say; what a table has no column for stays.</summary>
    internal static GivenItem Given(IReadOnlyDictionary<string, string> row, ChannelList channels, ItemContent? present) =>
        new(
            row["一级事项"],
            row["二级事项"],
            CellWords.Lines(row["公开内容（要素）"]),
            row["公开依据"],
            row["公开时限"],
            CellWords.Names(row["公开主体"]),
            [.. CellWords.Channels(row["公开渠道和载体"], channels)],
            row["公开对象"].OrNone(),
            CellWords.Way(row["公开方式"]),
            !row.TryGetValue("公开层级", out var levels) ? present?.Levels
                : levels.OrNone() is null ? null
                : [.. CellWords.Names(levels).Select(word => CellWords.Level(word)).OfType<DisclosureLevel>()],
            row.TryGetValue("领域", out var area) ? area : present?.Area,
            row.TryGetValue("备注", out var note) ? note : present?.Note
        );

    /// <summary>
    /// The cell that says an item word for word where a row that was written for it will be read otherwise; empty where it will not.
    /// </summary>
    /// <param name="given">What the row's other cells are read as; null where they cannot be.</param>
    /// <param name="item">The item.</param>
    internal string Beside(GivenItem? given, ItemContent item) =>
        WordForWord.Cell(
            item,
            given,
            given is not null
                && (given with { Bodies = Bodies(given.Bodies ?? [], _ => "") })
                    .Read("", layer, organisations, channels, item, from, new(), keepsWords: true)
                    ?.Says(item)
                    is true
        );

    /// <summary>Reads the sheets of a file in the official layout; how many rows they have.</summary>
    public int Official(IReadOnlyList<SheetCells> sheets)
    {
        string[] areas = [.. items.Values.Select(i => i.On(from)?.Area).OfType<string>().Distinct()];
        var rows = OfficialLayout.Read(sheets, layer, channels, areas, Wrong, remarks);
        Wrong
            .If(rows.Count > ImportItems.MostRows, "", "table.tooLong", $"At most {ImportItems.MostRows} rows.")
            .If(rows.Count == 0 && Wrong.Problem is null, "", "table.empty", "The table has no rows.");
        var said = new List<(string? Code, ItemContent Content, OfficialRow Row)>();
        var codes = new HashSet<string>();
        foreach (var row in rows.Take(ImportItems.MostRows))
        {
            var code = row.Code is { } written ? Code(written, row.Place("/code")) : null;
            if (code is not null)
                Wrong
                    .Code(row.Place("/code"), code)
                    .If(
                        !codes.Add(code),
                        row.Place("/code"),
                        "code.twice",
                        $"{code} stands in an earlier row as well. A row that was copied has the code of the other one in this column, which may be hidden: leave it empty there."
                    );
            var here = new Invalid();
            var given = row.Item with { Bodies = Bodies(row.Item.Bodies ?? [], i => row.Place($"/bodies/{i}")) };
            var content = given.Read("", layer, organisations, channels, Present(code, row.Item), from, here, keepsWords: true);
            foreach (var error in here.Problem?.Errors ?? [])
                Wrong.Add(row.Place(error.Pointer), error.Code, error.Detail);
            if (content is null)
                continue;
            if (content.Deadline.Kind is DeadlineKind.Words)
                remarks.Add(
                    new(
                        row.Place("/deadline"),
                        "deadline.words",
                        $"No deadline can be read out of “{content.Deadline.Words}”. The words are kept, and {DeadlineRule.Default} are counted (D 26)."
                    )
                );
            said.Add((code, content, row));
        }
        if (Wrong.Problem is null)
            foreach (var (code, content) in Coded(said))
                read[code] = content;
        return rows.Count;
    }

    // What an item says already, to which its row may keep: by its code, or by its names.
    ItemContent? Present(string? code, GivenItem given) =>
        code is not null
            ? items.GetValueOrDefault(code)?.On(from)
            : named.Value.GetValueOrDefault(Name(given.Category ?? "", given.Name ?? ""));

    string[] Bodies(IReadOnlyList<string> written, Func<int, string> place) =>
        [
            .. written.Select(
                (body, i) =>
                {
                    if (organisations.ContainsKey(body))
                        return body;
                    if (!called.TryGetValue(body, out var named))
                        called[body] = named = Organisation.Named(organisations.Values, body, from);
                    Wrong.If(
                        named.Count > 1,
                        place(i),
                        "name.ambiguous",
                        $"Several are called {body}: {string.Join(", ", named.Select(o => o.Id))}. Give the code."
                    );
                    return named is [var only] ? only.Id : body;
                }
            ),
        ];

    /// <summary>
    /// The items that rows say. A row without a code says the item of its names, of several the one that says the same already, or else the
    /// next; what is left is new, and gets the next code of its 一级事项.
    /// </summary>
    IEnumerable<(string Code, ItemContent Content)> Coded(List<(string? Code, ItemContent Content, OfficialRow Row)> rows)
    {
        var codes = rows.Select(r => r.Code).ToArray();
        var taken = codes.OfType<string>().ToHashSet();
        var there = items
            .Values.Where(i => !taken.Contains(i.Code))
            .Select(i =>
                (
                    i.Code,
                    IsThere: i.On(from) is not null,
                    Content: i.On(from) ?? i.Versions.Select(v => v.Content).LastOrDefault(c => c is not null)
                )
            )
            .Where(i => i.Content is not null)
            .OrderByDescending(i => i.IsThere)
            .ThenBy(i => i.Code, StringComparer.Ordinal)
            .ToLookup(i => Name(i.Content!.Category, i.Content.Name));
        foreach (
            var fits in new Func<ItemContent, ItemContent, bool>[]
            {
                (row, item) => row.Says(item),
                (row, item) => row.Area == item.Area,
                (_, _) => true,
            }
        )
            for (var i = 0; i < codes.Length; i++)
                if (
                    codes[i] is null
                    && there[Name(rows[i].Content.Category, rows[i].Content.Name)]
                        .FirstOrDefault(t => !taken.Contains(t.Code) && fits(rows[i].Content, t.Content!))
                        is { Code: { } code }
                )
                    taken.Add(codes[i] = code);
        taken.UnionWith(items.Keys);
        var next = new NextCodes(
            [
                .. items.Values.SelectMany(i => i.Versions.Select(v => v.Content).OfType<ItemContent>().Select(c => (i.Code, Group(c)))),
                .. rows.Select((r, i) => (Code: codes[i] ?? "", Group(r.Content))),
            ],
            rows.Where((_, i) => codes[i] is null).CountBy(r => Group(r.Content)).ToDictionary()
        );
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] ??= next.In(Group(rows[i].Content), taken);
            taken.Add(codes[i]!);
        }
        return rows.Select((r, i) => (codes[i]!, Kept(r.Content, r.Row, items.GetValueOrDefault(codes[i]!)?.On(from))));
    }

    // What a table has no column for stays, and so does the part of the catalogue of a sheet that is called otherwise.
    static ItemContent Kept(ItemContent content, OfficialRow row, ItemContent? present) =>
        present is null
            ? content
            : content with
            {
                Levels = row.SaysLevels ? content.Levels : present.Levels,
                Note = row.SaysNote ? content.Note : present.Note,
                Area = content.Area ?? present.Area,
            };

    static string Group(ItemContent content) => $"{content.Area}\n{content.Category}";

    static string Name(string category, string name) => $"{Bare(category)}\n{Bare(name)}";

    static string Bare(string text) => string.Concat(CompatibilityForms.Fold(text).Where(c => !char.IsWhiteSpace(c)));

    /// <summary>Numbers new items as catalogues are: 04-01, the 一级事项 and the item in it.</summary>
    sealed class NextCodes
    {
        readonly Dictionary<string, int> groups = [];
        readonly Dictionary<int, int> last = [];
        readonly Dictionary<string, int> coming;

        public NextCodes(IEnumerable<(string Code, string Group)> known, Dictionary<string, int> coming)
        {
            this.coming = coming;
            foreach (var (code, group) in known)
                if (Numbered().Match(code) is { Success: true } numbers)
                {
                    var (first, second) = (Number(numbers.Groups["group"]), Number(numbers.Groups["item"]));
                    groups.TryAdd(group, first);
                    last[first] = Math.Max(second, last.GetValueOrDefault(first));
                }
        }

        public string In(string group, HashSet<string> taken)
        {
            if (!groups.TryGetValue(group, out var first))
                groups[group] = first = last.Keys.DefaultIfEmpty().Max() + 1;
            // Codes are in their order as texts: 01-100 would come before 01-11.
            var digits = coming.GetValueOrDefault(group) + last.GetValueOrDefault(first) > 99 ? 3 : 2;
            string code;
            do
            {
                last[first] = last.GetValueOrDefault(first) + 1;
                code = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{first:00}-{last[first].ToString(digits == 3 ? "000" : "00", CultureInfo.InvariantCulture)}"
                );
            } while (taken.Contains(code));
            return code;
        }

        static int Number(Group digits) => int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("^(?<group>[0-9]{1,4})-(?<item>[0-9]{1,6})$", RegexOptions.NonBacktracking)]
    private static partial Regex Numbered();

    /// <summary>
    /// The code of which a spreadsheet made a day: 1-Apr, 4月1日 and 2026-04-01 were 04-01, Apr-32 was 04-32. Anything else is as it is
    /// written.
    /// </summary>
    string Code(string written, string place)
    {
        // What is called so is no code that a spreadsheet made something else of.
        if (items.ContainsKey(written))
            return written;
        var code = CodeOf(written);
        if (code != written)
            remarks.Add(
                new(
                    place,
                    "code.date",
                    $"{written} was read as {code}, of which a spreadsheet makes a date. Format the column as text where that is not what it says."
                )
            );
        Wrong.If(
            MadeADay().IsMatch(code),
            place,
            "code.date",
            $"{code} looks like a code of which a spreadsheet made a date, and it cannot be told which. Format the column as text, and write the code again."
        );
        return code;
    }

    /// <summary>Whether a code looks like a day: a spreadsheet makes one of it, and nobody can tell any more what it was.</summary>
    internal static bool LooksLikeADay(string code) => MadeADay().IsMatch(code);

    static string CodeOf(string written)
    {
        if (MadeADay().Match(written) is not { Success: true } day)
            return written;
        var month = day.Groups["name"] is { Success: true } name
            ? Array.FindIndex(
                CultureInfo.InvariantCulture.DateTimeFormat.AbbreviatedMonthNames,
                m => m.Equals(name.Value, StringComparison.OrdinalIgnoreCase)
            ) + 1
            : int.Parse(day.Groups["month"].ValueSpan, CultureInfo.InvariantCulture);
        var number = int.Parse(day.Groups["day"].ValueSpan, CultureInfo.InvariantCulture);
        // Apr-26 may have been 04-26 or April 2026: no day of a month is above 31.
        return month is 0 or > 12 || number is 0 || day.Groups["later"].Success != number > 31
            ? written
            : string.Create(CultureInfo.InvariantCulture, $"{month:00}-{number:00}");
    }

    const string MonthNames = "(?<name>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)";

    [GeneratedRegex(
        "^(?:(?:(?:19|20)[0-9]{2}[-/.年])(?<month>[0-9]{1,2})[-/.月](?<day>[0-9]{1,2})日?|(?<month>[0-9]{1,2})月(?<day>[0-9]{1,2})日|(?<day>[0-9]{1,2})-"
            + MonthNames
            + "(?:-[0-9]{2,4})?|(?<later>"
            + MonthNames
            + ")-(?<day>[0-9]{2}))$",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase
    )]
    private static partial Regex MadeADay();
}
