using System.Text.RegularExpressions;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Shared.Search;

namespace PolicyPlatform.Catalog.Disclosure;

/// <summary>What a column of a catalogue in the official layout has.</summary>
enum OfficialColumn
{
    Serial,
    Code,
    Category,
    Name,
    Content,
    LegalBasis,
    Deadline,
    Bodies,
    Channels,
    Audience,
    Everyone,
    Group,
    Way,
    Proactive,
    OnRequest,
    Levels,
    Level,
    OneChannel,
    Note,
    WordForWord,
    Other,
}

/// <summary>A column of a sheet.</summary>
/// <param name="Index">Its place, 0 for A.</param>
/// <param name="Is">What it has.</param>
/// <param name="Heading">How it is headed.</param>
/// <param name="Of">The channel of a column that is ticked for one.</param>
/// <param name="At">The level of a column that is ticked for one.</param>
sealed record HeadedColumn(int Index, OfficialColumn Is, string Heading, KnownChannel? Of = null, DisclosureLevel? At = null);

/// <summary>A row as it says an item.</summary>
/// <param name="Code">The item's code; null where the table has none.</param>
/// <param name="Item">What it says.</param>
/// <param name="SaysLevels">Whether the table has a column for the levels.</param>
/// <param name="SaysNote">Whether it has one for what is kept as a note.</param>
/// <param name="Place">The cell of a member of it, by its JSON pointer: <c>C7</c>.</param>
sealed record OfficialRow(string? Code, GivenItem Item, bool SaysLevels, bool SaysNote, Func<string, string> Place);

/// <summary>
/// 政务公开事项目录 as offices keep it in Excel, after the standard catalogues of the basic level: a title, headings in one row or two, first-level
/// items merged down, names of bodies, deadlines in words, ticks. Columns are known by their headings, in whatever order.
/// </summary>
sealed partial class OfficialLayout
{
    const int MostAbove = 20,
        LeastKnown = 4,
        LongestShown = 60;

    static readonly (OfficialColumn Is, string Name)[] Needed =
    [
        (OfficialColumn.Category, "一级事项"),
        (OfficialColumn.Name, "二级事项"),
        (OfficialColumn.Content, "公开内容（要素）"),
        (OfficialColumn.LegalBasis, "公开依据"),
        (OfficialColumn.Bodies, "公开主体"),
        (OfficialColumn.Way, "公开方式"),
    ];

    readonly ChannelList channels;
    readonly Layer layer;
    readonly Invalid wrong;
    readonly List<ProblemError> remarks;
    readonly List<OfficialRow> rows = [];

    OfficialLayout(ChannelList channels, Layer layer, Invalid wrong, List<ProblemError> remarks) =>
        (this.channels, this.layer, this.wrong, this.remarks) = (channels, layer, wrong, remarks);

    /// <summary>Whether a sheet of a file has this layout.</summary>
    public static bool IsIn(IReadOnlyList<SheetCells>? sheets) =>
        sheets?.Any(s => !s.IsHidden && Headings(s, ChannelList.Standard) is not null) is true;

    /// <summary>Reads the items of all sheets that have this layout.</summary>
    /// <param name="sheets">The sheets of the file.</param>
    /// <param name="layer">Whose catalogue it is.</param>
    /// <param name="channels">The channels that are known.</param>
    /// <param name="areas">领域 that the catalogue has already: a sheet that is called like one is of it.</param>
    /// <param name="wrong">Where what is wrong is noted.</param>
    /// <param name="remarks">Where it is noted what was read otherwise than it is written, or not read.</param>
    public static IReadOnlyList<OfficialRow> Read(
        IReadOnlyList<SheetCells> sheets,
        Layer layer,
        ChannelList channels,
        IReadOnlyList<string> areas,
        Invalid wrong,
        List<ProblemError> remarks
    )
    {
        var layout = new OfficialLayout(channels, layer, wrong, remarks);
        var headed = sheets
            .Where(s => !s.IsHidden)
            .Select(s => (Sheet: s, Headings: Headings(s, channels)))
            .Where(s => s.Headings is not null)
            .ToArray();
        foreach (var other in sheets.Where(s => s.Rows.Any(r => r.Any(c => c.Length > 0)) && headed.All(h => h.Sheet != s)))
            remarks.Add(
                new(
                    other.Name,
                    "sheet.skipped",
                    other.IsHidden
                        ? (Wording)$"The sheet {other.Name} is hidden and was not read."
                        : $"The sheet {other.Name} has no headings of a disclosure catalogue and was not read."
                )
            );
        foreach (var (sheet, headings) in headed)
        {
            var name = Characters.Clean(sheet.Name).Trim();
            layout.Read(
                sheet,
                headings!.Value.Columns,
                headings.Value.Last,
                headed.Length > 1 ? $"{sheet.Name}!" : "",
                // A sheet has room for the first characters of a name; its title says all of it.
                OfficialWorkbook.AreaIn(headings.Value.Above, name)
                    ?? areas.FirstOrDefault(a => name != OfficialWorkbook.WithoutArea && OfficialWorkbook.SheetName(a) == name)
                    ?? (headed.Length > 1 && name != OfficialWorkbook.WithoutArea ? name : null)
            );
        }
        return layout.rows;
    }

    void Read(SheetCells sheet, IReadOnlyList<HeadedColumn> columns, int headings, string at, string? area)
    {
        var known = columns.Select(c => c.Is).ToHashSet();
        string[] lacking =
        [
            .. Needed
                .Where(n =>
                    !known.Contains(n.Is)
                    && !(n.Is is OfficialColumn.Way && known.Overlaps([OfficialColumn.Proactive, OfficialColumn.OnRequest]))
                )
                .Select(n => n.Name),
        ];
        if (lacking is not [])
        {
            wrong.Add(at.TrimEnd('!'), "table.headings", $"The table lacks {string.Join("、", lacking)}.");
            return;
        }
        foreach (
            var other in columns.Where(c =>
                c.Is is OfficialColumn.Other && sheet.Rows.Skip(headings + 1).Any(r => c.Index < r.Count && r[c.Index].Length > 0)
            )
        )
            remarks.Add(
                new(
                    $"{at}{CatalogueTable.Letters(other.Index)}{sheet.Numbers[headings]}",
                    "column.unknown",
                    $"{other.Heading} is no column of a disclosure catalogue; what it says is kept in 备注."
                )
            );
        var category = "";
        for (var i = headings + 1; i < sheet.Rows.Count; i++)
        {
            var row = new Row(sheet.Rows[i], sheet.Numbers[i], columns, at);
            var said = columns.Where(c => c.Is is not OfficialColumn.Serial && row.Cell(c).Length > 0).ToArray();
            var isItem =
                row.Of(OfficialColumn.Code).FirstOrDefault() is { } coded
                && row.Cell(coded) is { Length: > 0 } code
                && code != coded.Heading;
            // A table that is printed on several pages may have its headings on each.
            if (!isItem && columns.Count(c => Heading(row.Cell(c)) is { Length: > 0 } text && text == Heading(c.Heading)) >= LeastKnown)
                continue;
            // A heading of a part, or a note below the table: one text, over many cells or at the left. A number alone is a row left empty.
            var texts = said.Select(row.Cell).DefaultIfEmpty(row.Text(OfficialColumn.Serial)).Distinct().ToArray();
            if (
                texts is [var only]
                && !(isItem && said.Length > 1)
                && (said.Length is 0 or > 2 || said[0].Is is OfficialColumn.Category or OfficialColumn.Code or OfficialColumn.Other)
            )
            {
                if (said.Length > 0 || only.Any(char.IsLetter))
                    remarks.Add(
                        new(
                            row.Place(said.Length > 0 ? said[0] : columns[0]),
                            "row.skipped",
                            $"This row says nothing but “{Short(only)}” and was not read as an item."
                        )
                    );
                continue;
            }
            if (row.Text(OfficialColumn.Category) is { Length: > 0 } own)
                category = own;
            else if (category.Length > 0)
                remarks.Add(
                    new(
                        row.Place(OfficialColumn.Category),
                        "category.fromAbove",
                        $"一级事项 is empty; the item was put under {Short(category)}, as the row above it."
                    )
                );
            // What is wrong with cells beside which the item stands word for word is wrong with nothing.
            var here = new OfficialLayout(channels, layer, new(), []);
            var item = new GivenItem(
                category,
                row.Text(OfficialColumn.Name),
                CellWords.Lines(row.Text(OfficialColumn.Content)),
                row.Text(OfficialColumn.LegalBasis),
                row.Text(OfficialColumn.Deadline),
                CellWords.Names(row.Text(OfficialColumn.Bodies)),
                here.Channels(row),
                here.Audience(row),
                here.Way(row),
                here.Levels(row),
                area,
                Note(row)
            );
            var exact = WordForWord.Read(row.Text(OfficialColumn.WordForWord), item);
            if (exact is null)
            {
                foreach (var error in here.wrong.Problem?.Errors ?? [])
                    wrong.Add(error.Pointer, error.Code, error.Detail);
                remarks.AddRange(here.remarks);
            }
            rows.Add(
                new(
                    row.Text(OfficialColumn.Code).OrNone(),
                    exact ?? item,
                    exact is not null || known.Overlaps([OfficialColumn.Level, OfficialColumn.Levels]),
                    exact is not null || known.Overlaps([OfficialColumn.Note, OfficialColumn.Other]),
                    pointer => row.Place(ColumnOf(pointer))
                )
            );
        }
    }

    /// <summary>A row with its columns.</summary>
    sealed record Row(IReadOnlyList<string> Cells, int Number, IReadOnlyList<HeadedColumn> Columns, string At)
    {
        public string Cell(HeadedColumn column) => column.Index < Cells.Count ? Characters.Clean(Cells[column.Index]).Trim() : "";

        public IEnumerable<HeadedColumn> Of(OfficialColumn column) => Columns.Where(c => c.Is == column);

        public string Text(OfficialColumn column) => Of(column).FirstOrDefault() is { } there ? Cell(there) : "";

        public string Place(HeadedColumn column) => $"{At}{CatalogueTable.Letters(column.Index)}{Number}";

        public string Place(params OfficialColumn[] first) =>
            first.SelectMany(Of).FirstOrDefault() is { } there ? Place(there) : $"{At}row {Number}";
    }

    static OfficialColumn[] ColumnOf(string pointer) =>
        pointer.Split('/', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() switch
        {
            "code" => [OfficialColumn.Code],
            "category" => [OfficialColumn.Category],
            "content" => [OfficialColumn.Content],
            "legalBasis" => [OfficialColumn.LegalBasis],
            "deadline" => [OfficialColumn.Deadline, OfficialColumn.Name],
            "bodies" => [OfficialColumn.Bodies],
            "channels" => [OfficialColumn.Channels, OfficialColumn.OneChannel, OfficialColumn.Name],
            "audience" => [OfficialColumn.Audience, OfficialColumn.Group, OfficialColumn.Name],
            "note" => [OfficialColumn.Note, OfficialColumn.Other],
            _ => [OfficialColumn.Name],
        };

    static string Short(string text) => text.Length <= LongestShown ? text : $"{text[..LongestShown]}…";

    GivenChannel[]? Channels(Row row)
    {
        var ticked = new List<GivenChannel>();
        var written = false;
        foreach (var column in row.Of(OfficialColumn.OneChannel))
            if (Ticked(row, column, words: true) is { } said)
            {
                written = true;
                if (said.Length > 0)
                    ticked.Add(new(column.Of!.Code, null, said is CellWords.Tick ? null : said));
            }
        if (row.Text(OfficialColumn.Channels) is { Length: > 0 } text)
        {
            written = true;
            ticked.AddRange(CellWords.Channels(text, channels));
        }
        var at = row.Place(OfficialColumn.Channels, OfficialColumn.OneChannel, OfficialColumn.Name);
        wrong.If(
            written && ticked.Count == 0,
            at,
            "value.missing",
            "No channel is ticked. One is ticked ■ or √ before its name, or is named."
        );
        if (!written)
            remarks.Add(new(at, "channel.default", "No channel is named; the item is published on the website."));
        return ticked is [] ? null : [.. ticked];
    }

    string? Audience(Row row)
    {
        if (row.Text(OfficialColumn.Audience) is { Length: > 0 } text)
            return CellWords.Audience(text);
        var everyone = row.Of(OfficialColumn.Everyone).Any(c => Ticked(row, c, words: false) is CellWords.Tick);
        var group = row.Of(OfficialColumn.Group).Select(c => Ticked(row, c, words: true)).FirstOrDefault();
        var named = group is CellWords.Tick ? CellWords.SomeGroup : CellWords.GroupIn(group);
        if (!everyone && named is null && row.Of(OfficialColumn.Everyone).Concat(row.Of(OfficialColumn.Group)).Any())
            remarks.Add(
                new(
                    row.Place(OfficialColumn.Everyone, OfficialColumn.Group),
                    "audience.default",
                    "Neither 全社会 nor a group is ticked; the item is for everybody."
                )
            );
        return named is null ? null
            : everyone ? $"{GivenItem.Everyone}、{named}"
            : named;
    }

    DisclosureWay? Way(Row row)
    {
        var proactive = row.Of(OfficialColumn.Proactive).Any(c => Ticked(row, c, words: false) is CellWords.Tick);
        var onRequest = row.Of(OfficialColumn.OnRequest).Any(c => Ticked(row, c, words: false) is CellWords.Tick);
        var written = row.Text(OfficialColumn.Way);
        var at = row.Place(OfficialColumn.Way, OfficialColumn.Proactive, OfficialColumn.OnRequest);
        if (written.Length > 0 && CellWords.Way(written) is var way)
        {
            wrong.If(
                way is null,
                at,
                "value.unknown",
                $"{Short(written)} is none of 主动公开 and 依申请公开. What is not disclosed (不予公开) is no item of this catalogue."
            );
            return way;
        }
        wrong
            .If(
                proactive && onRequest,
                at,
                "way.both",
                "主动 and 依申请 are both ticked. Write what is published unasked and what on request as two items."
            )
            .If(!proactive && !onRequest, at, "value.missing", "Neither 主动 nor 依申请 is ticked.");
        return proactive == onRequest ? null
            : proactive ? DisclosureWay.Proactive
            : DisclosureWay.OnRequest;
    }

    DisclosureLevel[]? Levels(Row row)
    {
        var levels = row.Of(OfficialColumn.Level)
            .Where(c => Ticked(row, c, words: false) is CellWords.Tick)
            .Select(c => c.At!.Value)
            .ToList();
        foreach (var word in row.Text(OfficialColumn.Levels) is { Length: > 0 } text ? CellWords.Ticked(text) : [])
            if (LevelIn(Heading(word)) is { } level)
                levels.Add(level);
            else
                wrong.Add(row.Place(OfficialColumn.Levels), "value.unknown", $"{Short(word)} is none of 省级, 市级, 县级, 乡级 and 村级.");
        if (levels is [] && row.Of(OfficialColumn.Level).Concat(row.Of(OfficialColumn.Levels)).Any())
            remarks.Add(
                new(
                    row.Place(OfficialColumn.Level, OfficialColumn.Levels),
                    "level.default",
                    $"No level is ticked; the item is of {CellWords.Level(GivenItem.LevelOf(layer))}, as the catalogue."
                )
            );
        return levels is [] ? null : [.. levels];
    }

    static string? Note(Row row) =>
        string.Join(
                '\n',
                row.Of(OfficialColumn.Note)
                    .Select(row.Cell)
                    .Concat(row.Of(OfficialColumn.Other).Where(c => row.Cell(c).Length > 0).Select(c => $"{c.Heading}：{row.Cell(c)}"))
                    .Where(n => n.Length > 0)
            )
            .OrNone();

    /// <summary>√ for a cell that is ticked, "" for one that is not; null for an empty one; its words where words may stand.</summary>
    string? Ticked(Row row, HeadedColumn column, bool words)
    {
        var text = row.Cell(column);
        if (text.Length == 0)
            return null;
        if (CellWords.IsTicked(text) is { } ticked)
            return ticked ? CellWords.Tick : "";
        // Some write the heading again instead of a tick.
        if (words ? text == column.Heading : Heading(text) == Heading(column.Heading))
            return CellWords.Tick;
        wrong.If(!words, row.Place(column), "value.unknown", $"“{Short(text)}” is no tick. {column.Heading} is ticked √ or left empty.");
        return words ? text : "";
    }

    /// <summary>The columns of a sheet and its last row of headings; null for a sheet without such.</summary>
    static (IReadOnlyList<HeadedColumn> Columns, int Last, IReadOnlyList<string> Above)? Headings(SheetCells sheet, ChannelList channels)
    {
        for (var i = 0; i < Math.Min(sheet.Rows.Count, MostAbove); i++)
        {
            var upper = sheet.Rows[i];
            // Blank rows are left out: what stands further below is no heading.
            var lower = i + 1 < sheet.Rows.Count && sheet.Numbers[i + 1] == sheet.Numbers[i] + 1 ? sheet.Rows[i + 1] : [];
            if (upper.Select(t => Top(Heading(t))).OfType<OfficialColumn>().Distinct().Count() < LeastKnown)
                continue;
            var width = Math.Max(upper.Count, lower.Count);
            // A heading over several columns stands in the first of them where the cells are not merged.
            var tops = new string[width];
            for (var c = 0; c < width; c++)
                tops[c] =
                    c < upper.Count && upper[c].Length > 0 ? upper[c]
                    : c > 0
                    && c < lower.Count
                    && lower[c].Length > 0
                    && Below(Heading(lower[c]), Heading(tops[c - 1]), channels) is not null
                        ? tops[c - 1]
                    : "";
            var two = Enumerable.Range(0, Math.Min(width, lower.Count)).Any(IsBelow);
            var columns = new List<HeadedColumn>();
            for (var c = 0; c < width; c++)
            {
                var (top, below) = (Heading(tops[c]), two && c < lower.Count ? Heading(lower[c]) : "");
                if (top.Length + below.Length == 0)
                    continue;
                var heading = below.Length > 0 && below != top ? lower[c] : tops[c];
                heading = string.Concat(Characters.Clean(heading).Where(ch => !char.IsWhiteSpace(ch)));
                var column =
                    below.Length > 0 && below != top && Below(below, top, channels) is { } leaf ? leaf with { Index = c, Heading = heading }
                    : Below(top, "", channels) is { } alone ? alone with { Index = c, Heading = heading }
                    : new HeadedColumn(c, Top(top) ?? OfficialColumn.Other, heading);
                columns.Add(
                    columns.Any(k => k.Is == column.Is && k.At == column.At && k.Of == column.Of && k.Is is not OfficialColumn.Other)
                        ? column with
                        {
                            Is = OfficialColumn.Other,
                        }
                        : column
                );
            }
            return columns.Any(c => c.Is is OfficialColumn.Name or OfficialColumn.Content)
                ? (columns, two ? i + 1 : i, [.. sheet.Rows.Take(i).Select(r => r.FirstOrDefault(c => c.Length > 0) ?? "")])
                : null;

            // Of a heading over two columns or more; 全社会 below 公开对象 alone is the first item.
            bool IsBelow(int c) =>
                Below(Heading(lower[c]), Heading(tops[c]), channels) is { } leaf
                && Heading(lower[c]) != Heading(tops[c])
                && (
                    leaf.Is is OfficialColumn.Category or OfficialColumn.Name
                    || c > 0 && Heading(tops[c - 1]) == Heading(tops[c])
                    || c + 1 < width && Heading(tops[c + 1]) == Heading(tops[c])
                );
        }
        return null;
    }

    /// <summary>A heading without what makes no difference: spaces, lines, what stands in brackets, the width of its characters.</summary>
    static string Heading(string text)
    {
        var said = string.Concat(CompatibilityForms.Fold(text).Where(c => !char.IsWhiteSpace(c)));
        var bare = string.Concat(Brackets().Replace(said, "").Where(char.IsLetterOrDigit));
        return bare.Length > 0 ? bare : string.Concat(said.Where(char.IsLetterOrDigit));
    }

    // What the heading of a column says, as offices call them.
    static OfficialColumn? Top(string heading)
    {
        return heading switch
        {
            "" => null,
            "序号" or "编号" or "序" => OfficialColumn.Serial,
            "编码" or "代码" or "事项编码" or "事项代码" or "目录编码" => OfficialColumn.Code,
            "备注" or "说明" => OfficialColumn.Note,
            WordForWord.Heading => OfficialColumn.WordForWord,
            // A title above the table has such words in it as well.
            { Length: > 14 } => null,
            _ when Graded().Match(heading) is { Success: true } graded => graded.Groups["first"].Success
                ? OfficialColumn.Category
                : OfficialColumn.Name,
            _ when Has("公开内容", "内容要素", "公开要素") => OfficialColumn.Content,
            _ when Has("依据") => OfficialColumn.LegalBasis,
            _ when Has("时限", "公开时间") => OfficialColumn.Deadline,
            _ when Has("主体", "责任部门", "责任单位", "公开部门", "公开单位", "公开机构", "责任机构") => OfficialColumn.Bodies,
            _ when Has("渠道", "载体") => OfficialColumn.Channels,
            _ when Has("公开对象", "对象") => OfficialColumn.Audience,
            _ when Has("公开方式") => OfficialColumn.Way,
            _ when Has("公开层级", "层级") => OfficialColumn.Levels,
            "公开事项" or "事项" or "公开事项名称" or "事项名称" => OfficialColumn.Name,
            _ => null,
        };

        bool Has(params string[] words) => words.Any(w => heading.Contains(w, StringComparison.Ordinal));
    }

    // What stands below a heading of several columns, or alone in a single row of headings.
    static HeadedColumn? Below(string heading, string top, ChannelList channels)
    {
        OfficialColumn? leaf = heading switch
        {
            "" => null,
            _ when Graded().Match(heading) is { Success: true } graded => graded.Groups["first"].Success
                ? OfficialColumn.Category
                : OfficialColumn.Name,
            "全社会" or "社会公众" or "全体社会公众" => OfficialColumn.Everyone,
            "特定群体" or "特定群众" or "特定人群" or "特定对象" => OfficialColumn.Group,
            "主动" or "主动公开" => OfficialColumn.Proactive,
            "依申请" or "依申请公开" or "申请公开" => OfficialColumn.OnRequest,
            _ => null,
        };
        if (leaf is { } known)
            return new(0, known, heading);
        if (LevelIn(heading) is { } level && (heading.EndsWith('级') || Top(top) is OfficialColumn.Levels))
            return new(0, OfficialColumn.Level, heading, At: level);
        return Top(top) is OfficialColumn.Channels && channels.Find(heading) is { } channel
            ? new(0, OfficialColumn.OneChannel, heading, Of: channel)
            : null;
    }

    // 县级, 区级, 县（市、区）级, 区县级; 乡级, 镇级, 乡镇（街道）级; 市级; 村级.
    static DisclosureLevel? LevelIn(string heading) =>
        !LevelWords().IsMatch(heading) ? null
        : heading.Replace("社区", "", StringComparison.Ordinal) is var h && h.IndexOfAny(['县', '区', '旗']) >= 0 ? DisclosureLevel.County
        : h.IndexOfAny(['乡', '镇', '街']) >= 0 ? DisclosureLevel.Township
        : h.Contains('市', StringComparison.Ordinal) ? DisclosureLevel.City
        : h.Contains('省', StringComparison.Ordinal) ? DisclosureLevel.Province
        : DisclosureLevel.Village;

    [GeneratedRegex("^(?:(?<first>一级)|二级)(?:公开)?(?:事项|目录|指标|类别|分类|标题|栏目)?(?:名称)?$", RegexOptions.NonBacktracking)]
    private static partial Regex Graded();

    [GeneratedRegex("^(?:省|市|县|区|旗|乡|镇|街道|街|村|居|社区)+级?$", RegexOptions.NonBacktracking)]
    private static partial Regex LevelWords();

    [GeneratedRegex("[(\\[【〔][^)\\]】〕]*[)\\]】〕]", RegexOptions.NonBacktracking)]
    private static partial Regex Brackets();
}
