using System.Text.RegularExpressions;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using PolicyPlatform.Catalog.Organisations;
using PolicyPlatform.ServiceDefaults;
using Alignment = DocumentFormat.OpenXml.Spreadsheet.Alignment;
using Borders = DocumentFormat.OpenXml.Spreadsheet.Borders;

namespace PolicyPlatform.Catalog.Disclosure;

/// <summary>
/// Writes 政务公开事项目录 as offices keep it, after the standard catalogues of the basic level: an office fills it in and prints it as it is.
/// The codes of the items stand in a hidden column, so that a file that comes back is known again.
/// </summary>
static partial class OfficialWorkbook
{
    const uint Title = 1,
        Heading = 2,
        Words = 3,
        Centred = 4;

    const int HeadingRows = 3,
        LongestSheetName = 31;

    /// <summary>A column: its heading, the one above it where it shares that with others, its width in characters, and its cell for an item.</summary>
    sealed record Written(string Heading, string? Above, double Width, uint Style, Func<DisclosureItemView, string> Cell)
    {
        public bool IsHidden { get; init; }
    }

    /// <summary>The file.</summary>
    public static byte[] Write(IReadOnlyList<DisclosureItemView> items, ExportedCatalogue catalogue)
    {
        using var content = new MemoryStream();
        using (var file = SpreadsheetDocument.Create(content, SpreadsheetDocumentType.Workbook))
        {
            var book = file.AddWorkbookPart();
            book.AddNewPart<WorkbookStylesPart>().Stylesheet = Styles();
            var sheets = new Sheets();
            var names = new DefinedNames();
            foreach (var (laidOut, number) in LaidOut(items, catalogue).Select((p, i) => (p, i)))
            {
                var name = laidOut.Name;
                var sheet = book.AddNewPart<WorksheetPart>();
                sheet.Worksheet = Sheet(laidOut);
                sheets.Append(
                    new Sheet
                    {
                        Id = book.GetIdOfPart(sheet),
                        SheetId = (uint)number + 1,
                        Name = name,
                    }
                );
                // The headings are printed on each page.
                names.Append(
                    new DefinedName($"'{name.Replace("'", "''", StringComparison.Ordinal)}'!$2:${HeadingRows}")
                    {
                        Name = "_xlnm.Print_Titles",
                        LocalSheetId = (uint)number,
                    }
                );
            }
            book.Workbook = new(sheets, names);
        }
        return content.ToArray();
    }

    /// <summary>A sheet before it is written.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Title">What stands above it.</param>
    /// <param name="Items">Its items.</param>
    /// <param name="Columns">Its columns.</param>
    /// <param name="Cells">The cells of the items.</param>
    sealed record LaidOutSheet(
        string Name,
        string Title,
        DisclosureItemView[] Items,
        IReadOnlyList<Written> Columns,
        IReadOnlyList<IReadOnlyList<string>> Cells
    );

    // 领域 in the order in which their first items stand; what belongs to none comes first.
    static LaidOutSheet[] LaidOut(IReadOnlyList<DisclosureItemView> items, ExportedCatalogue catalogue)
    {
        (string? Area, DisclosureItemView[] Items)[] parts =
        [
            .. items.GroupBy(i => i.Content.Area).OrderBy(g => g.Key is not null).Select(g => (g.Key, g.ToArray())),
        ];
        if (parts is [])
            parts = [(null, [])];
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        LaidOutSheet[] sheets =
        [
            .. parts.Select(p =>
            {
                var columns = Columns(p.Items, catalogue);
                return new LaidOutSheet(
                    SheetName(p.Area, taken),
                    TitleOf(p.Area, catalogue),
                    p.Items,
                    columns,
                    [
                        .. p.Items.Select(
                            IReadOnlyList<string> (item, i) => [.. columns.Select(c => c.Heading is "序号" ? $"{i + 1}" : c.Cell(item))]
                        ),
                    ]
                );
            }),
        ];
        return WithWordForWord(sheets, catalogue);
    }

    // It is read as whoever takes it in will read it: what its cells do not say stands beside them word for word.
    static LaidOutSheet[] WithWordForWord(LaidOutSheet[] sheets, ExportedCatalogue catalogue)
    {
        var read = OfficialLayout
            .Read(
                [
                    .. sheets.Select(s => new SheetCells(
                        s.Name,
                        false,
                        [
                            [s.Title],
                            [.. s.Columns.Select(c => c.Above ?? c.Heading)],
                            [.. s.Columns.Select(c => c.Heading)],
                            .. s.Cells,
                        ],
                        [.. Enumerable.Range(1, HeadingRows + s.Cells.Count)]
                    )),
                ],
                catalogue.Layer,
                catalogue.Channels,
                [],
                new(),
                []
            )
            .Where(r => r.Code is not null)
            .ToDictionary(r => r.Code!, r => r.Item);
        var reading = new CatalogueReading(catalogue);
        var exact = sheets
            .SelectMany(s => s.Items)
            .ToDictionary(i => i.Code, i => reading.Beside(read.GetValueOrDefault(i.Code), i.Content));
        return
        [
            .. sheets.Select(s =>
                s.Items.All(i => exact[i.Code].Length == 0)
                    ? s
                    : s with
                    {
                        Columns = [.. s.Columns, new(WordForWord.Heading, null, 10, Words, _ => "") { IsHidden = true }],
                        Cells = [.. s.Cells.Select(IReadOnlyList<string> (c, n) => [.. c, exact[s.Items[n].Code]])],
                    }
            ),
        ];
    }

    static Worksheet Sheet(LaidOutSheet laidOut)
    {
        var items = laidOut.Items;
        var (spread, cells) = CatalogueTable.Spread([.. laidOut.Columns.Select(c => c.Heading)], laidOut.Cells);
        Written[] columns = [.. spread.Select(s => laidOut.Columns[s.Column] with { Heading = s.Heading })];
        var last = CatalogueTable.Letters(columns.Length - 1);
        var merged = new List<string> { $"A1:{last}1" };
        var data = new SheetData(
            Row(1, 30, [(0, laidOut.Title, Title)]),
            Row(2, 24, columns.Select((c, i) => (i, c.Above ?? c.Heading, Heading))),
            Row(HeadingRows, 24, columns.Select((c, i) => (i, c.Above is null ? "" : c.Heading, Heading)))
        );
        for (var c = 0; c < columns.Length; c++)
        {
            var next = c + 1;
            while (columns[c].Above is { } above && next < columns.Length && columns[next].Above == above)
                next++;
            merged.Add(
                columns[c].Above is null
                    ? $"{CatalogueTable.Letters(c)}2:{CatalogueTable.Letters(c)}{HeadingRows}"
                    : $"{CatalogueTable.Letters(c)}2:{CatalogueTable.Letters(next - 1)}2"
            );
            c = next - 1;
        }
        // A heading over one column stands above it.
        merged.RemoveAll(m => m.Split(':') is [var one, var other] && one == other);
        var first = HeadingRows + 1;
        for (var i = 0; i < items.Length; i++)
        {
            var isFirst = i == 0 || items[i].Content.Category != items[i - 1].Content.Category;
            data.Append(
                Row(first + i, null, columns.Select((c, at) => (at, c.Heading is "一级事项" && !isFirst ? "" : cells[i][at], c.Style)))
            );
            if (!isFirst)
                continue;
            var end = i;
            while (end + 1 < items.Length && items[end + 1].Content.Category == items[i].Content.Category)
                end++;
            if (end > i)
                merged.Add($"B{first + i}:B{first + end}");
        }
        return new(
            new SheetProperties(new PageSetupProperties { FitToPage = true }),
            new SheetViews(
                new SheetView(
                    new Pane
                    {
                        VerticalSplit = HeadingRows,
                        TopLeftCell = $"A{first}",
                        ActivePane = PaneValues.BottomLeft,
                        State = PaneStateValues.Frozen,
                    }
                )
                {
                    WorkbookViewId = 0,
                }
            ),
            new Columns(
                columns.Select(
                    (c, i) =>
                        new Column
                        {
                            Min = (uint)i + 1,
                            Max = (uint)i + 1,
                            Width = c.Width,
                            CustomWidth = true,
                            Hidden = c.IsHidden ? true : null,
                        }
                )
            ),
            data,
            new MergeCells(merged.Select(m => new MergeCell { Reference = m })),
            new PageMargins
            {
                Left = 0.4,
                Right = 0.4,
                Top = 0.6,
                Bottom = 0.6,
                Header = 0.3,
                Footer = 0.3,
            },
            // A4 lying, as wide as the page and as long as it takes.
            new PageSetup
            {
                PaperSize = 9,
                Orientation = OrientationValues.Landscape,
                FitToWidth = 1,
                FitToHeight = 0,
            }
        );
    }

    static Written[] Columns(DisclosureItemView[] items, ExportedCatalogue catalogue)
    {
        var columns = new List<Written>
        {
            new("序号", null, 6, Centred, _ => ""),
            new("一级事项", "公开事项", 12, Centred, i => i.Content.Category),
            new("二级事项", "公开事项", 16, Centred, i => i.Content.Name),
            new("公开内容（要素）", null, 36, Words, i => string.Join('\n', i.Content.Content)),
            new("公开依据", null, 36, Words, i => i.Content.LegalBasis),
            new("公开时限", null, 16, Words, i => i.Content.Deadline.ToString()),
            new("公开主体", null, 18, Centred, i => string.Join('、', i.Content.Bodies.Select(b => Body(b, catalogue)))),
            new("公开渠道和载体", null, 34, Words, i => Channels(i.Content.Channels, catalogue.Channels)),
            new("全社会", "公开对象", 8, Centred, i => Audience(i.Content.Audience).Everyone ? CellWords.Tick : ""),
            new("特定群体", "公开对象", 12, Centred, i => Audience(i.Content.Audience).Group),
            new("主动", "公开方式", 8, Centred, i => i.Content.Way is DisclosureWay.Proactive ? CellWords.Tick : ""),
            new("依申请", "公开方式", 8, Centred, i => i.Content.Way is DisclosureWay.OnRequest ? CellWords.Tick : ""),
        };
        foreach (var level in Enum.GetValues<DisclosureLevel>())
            if (level is DisclosureLevel.County or DisclosureLevel.Township || items.Any(i => Levels(i).Contains(level)))
                columns.Add(new(CellWords.Level(level), "公开层级", 8, Centred, i => Levels(i).Contains(level) ? CellWords.Tick : ""));
        if (items.Any(i => i.Content.Note is not null))
            columns.Add(new("备注", null, 20, Words, i => i.Content.Note ?? ""));
        columns.Add(new("编码", null, 10, Centred, i => i.Code) { IsHidden = true });
        return [.. columns];
    }

    static IReadOnlyList<DisclosureLevel> Levels(DisclosureItemView item) => item.Content.Levels ?? [GivenItem.LevelOf(item.Layer)];

    // Where a name is that of several, or would be read as several, the code says who is meant.
    static string Body(string code, ExportedCatalogue catalogue) =>
        catalogue.Organisations.GetValueOrDefault(code)?.NameOn(catalogue.On) is { } name
        && !catalogue.Organisations.ContainsKey(name)
        && Organisation.Named(catalogue.Organisations.Values, name, catalogue.On) is [var only]
        && only.Id == code
        && CellWords.Names(name) is [var one]
        && one == name
            ? name
            : code;

    /// <summary>All channels of the standard catalogues with their boxes, two a line, then what else is ticked.</summary>
    static string Channels(IReadOnlyList<Channel> used, ChannelList known)
    {
        var left = used.ToList();
        var boxes = new List<string>();
        foreach (var channel in known.All.TakeWhile(c => c.Code != LastOfStandard).Concat(known.All.Where(c => c.Code == LastOfStandard)))
        {
            var ticked = left.FirstOrDefault(c => known.CodeOf(c.Name) == channel.Code);
            boxes.Add(ticked is null ? $"□{channel.Name}" : $"■{CellWords.Channel(ticked, channel.Name)}");
            if (ticked is not null)
                left.Remove(ticked);
        }
        boxes.AddRange(left.Select(c => $"■{CellWords.Channel(c, known.NameOf(c.Name))}"));
        return string.Join('\n', boxes.Chunk(2).Select(two => string.Join(' ', two)));
    }

    const string LastOfStandard = "other";

    /// <summary>Whether everyone is ticked, and what stands in the column of groups.</summary>
    static (bool Everyone, string Group) Audience(string? audience)
    {
        const string AndEveryone = $"{GivenItem.Everyone}、";
        if (audience is null)
            return (true, "");
        var everyone = audience.StartsWith(AndEveryone, StringComparison.Ordinal);
        var group = everyone ? audience[AndEveryone.Length..] : audience;
        return (
            everyone,
            group is CellWords.SomeGroup ? CellWords.Tick
            // Words that would be read as a tick, or as words about a group, stand behind what they are about.
            : CellWords.IsTicked(group) is not null || CellWords.GroupIn(group) != group ? $"{CellWords.SomeGroup}：{group}"
            : group
        );
    }

    static string TitleOf(string? area, ExportedCatalogue catalogue) =>
        area is null ? $"{Whose(catalogue.Layer)}政务公开事项目录" : $"{Whose(catalogue.Layer)}{area}{OfArea}";

    static string Whose(Layer layer) =>
        layer switch
        {
            Layer.District => "区级",
            Layer.Department => "部门",
            _ => "镇（街道）",
        };

    /// <summary>The sheet of what belongs to no 领域.</summary>
    public const string WithoutArea = "政务公开事项目录";

    const string OfArea = "领域政务公开事项目录";

    /// <summary>The 领域 that the title of a sheet says in full; null where it says none, and where the sheet is called otherwise.</summary>
    /// <param name="above">What stands above the headings.</param>
    /// <param name="sheet">The name of the sheet.</param>
    public static string? AreaIn(IReadOnlyList<string> above, string sheet) =>
        above
            .Select(Characters.Clean)
            .Where(title => title.EndsWith(OfArea, StringComparison.Ordinal))
            .SelectMany(title =>
                Enum.GetValues<Layer>()
                    .Select(Whose)
                    .Where(whose => title.Length > whose.Length + OfArea.Length && title.StartsWith(whose, StringComparison.Ordinal))
                    .Select(whose => title[whose.Length..^OfArea.Length])
            )
            .FirstOrDefault(area =>
                SheetName(area) is var name
                && (
                    name == sheet
                    || Counted().Match(sheet) is { Success: true } counted
                        && name.StartsWith(counted.Groups["name"].Value, StringComparison.Ordinal)
                )
            );

    /// <summary>The sheet of a 领域: Excel allows 31 characters, and of signs not these; History is its own.</summary>
    public static string SheetName(string? area)
    {
        var name = string.Concat(
                (area ?? WithoutArea).Where(c => c is not (':' or '\\' or '/' or '?' or '*' or '[' or ']') && !char.IsControl(c))
            )
            .Trim()
            .Trim('\'')
            .Trim();
        return name.Length == 0 || name.Equals("History", StringComparison.OrdinalIgnoreCase) ? "目录" : First(name, LongestSheetName);
    }

    static string SheetName(string? area, HashSet<string> taken)
    {
        var name = SheetName(area);
        var (first, n) = (name, 2);
        while (!taken.Add(name))
        {
            var count = $"（{n++}）";
            name = $"{First(first, LongestSheetName - count.Length)}{count}";
        }
        return name;
    }

    // Not half of a character, and no blank at the end.
    static string First(string name, int longest) =>
        name.Length <= longest
            ? name
            : name[..(char.IsHighSurrogate(name[longest - 1]) ? longest - 1 : longest)].TrimEnd().TrimEnd('\'').TrimEnd();

    [GeneratedRegex("^(?<name>.*)（[0-9]+）$", RegexOptions.NonBacktracking | RegexOptions.Singleline)]
    private static partial Regex Counted();

    static Row Row(int number, double? height, IEnumerable<(int Column, string Text, uint Style)> cells) =>
        new(
            cells.Select(c => new Cell
            {
                CellReference = $"{CatalogueTable.Letters(c.Column)}{number}",
                StyleIndex = c.Style,
                DataType = c.Text.Length == 0 ? null : CellValues.InlineString,
                InlineString = c.Text.Length == 0 ? null : new(CatalogueTable.Kept(c.Text)),
            })
        )
        {
            RowIndex = (uint)number,
            Height = height,
            CustomHeight = height is null ? null : true,
        };

    static Stylesheet Styles() =>
        new(
            new Fonts(Font(10.5, false), Font(18, true), Font(10.5, true)),
            new Fills(
                new Fill(new PatternFill { PatternType = PatternValues.None }),
                // The second one is this, whatever is said (ECMA-376, 18.8.20).
                new Fill(new PatternFill { PatternType = PatternValues.Gray125 })
            ),
            new Borders(new Border(), Frame()),
            new CellFormats(
                new CellFormat(),
                Format(1, 0, HorizontalAlignmentValues.Center, VerticalAlignmentValues.Center),
                Format(2, 1, HorizontalAlignmentValues.Center, VerticalAlignmentValues.Center),
                Format(0, 1, HorizontalAlignmentValues.Left, VerticalAlignmentValues.Center),
                Format(0, 1, HorizontalAlignmentValues.Center, VerticalAlignmentValues.Center)
            )
        );

    static Font Font(double size, bool bold) =>
        bold
            ? new(new Bold(), new FontSize { Val = size }, new FontName { Val = "宋体" })
            : new(new FontSize { Val = size }, new FontName { Val = "宋体" });

    static Border Frame() =>
        new(
            new LeftBorder { Style = BorderStyleValues.Thin },
            new RightBorder { Style = BorderStyleValues.Thin },
            new TopBorder { Style = BorderStyleValues.Thin },
            new BottomBorder { Style = BorderStyleValues.Thin },
            new DiagonalBorder()
        );

    // Cells are texts: what begins with = or looks like a day stays what it is when an office goes on writing in it.
    static CellFormat Format(uint font, uint border, HorizontalAlignmentValues horizontal, VerticalAlignmentValues vertical) =>
        new(
            new Alignment
            {
                Horizontal = horizontal,
                Vertical = vertical,
                WrapText = true,
            }
        )
        {
            FontId = font,
            FillId = 0,
            BorderId = border,
            NumberFormatId = 49,
            ApplyNumberFormat = true,
            ApplyFont = true,
            ApplyBorder = true,
            ApplyAlignment = true,
        };
}
