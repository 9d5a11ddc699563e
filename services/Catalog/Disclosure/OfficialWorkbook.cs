using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using PolicyPlatform.Catalog.Organisations;
using Alignment = DocumentFormat.OpenXml.Spreadsheet.Alignment;
using Borders = DocumentFormat.OpenXml.Spreadsheet.Borders;

namespace PolicyPlatform.Catalog.Disclosure;

/// <summary>
/// Writes 政务公开事项目录 as offices keep it, after the standard catalogues of the basic level: an office fills it in and prints it as it is.
/// The codes of the items stand in a hidden column, so that a file that comes back is known again.
/// </summary>
static class OfficialWorkbook
{
    const uint Title = 1,
        Heading = 2,
        Words = 3,
        Centred = 4;

    const int HeadingRows = 3,
        LongestSheetName = 31,
        LongestCell = 32_767;

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
            // 领域 in the order in which their first items stand; what belongs to none comes first.
            (string? Area, DisclosureItemView[] Items)[] parts =
            [
                .. items.GroupBy(i => i.Content.Area).OrderBy(g => g.Key is not null).Select(g => (g.Key, g.ToArray())),
            ];
            var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            if (parts is [])
                parts = [(null, [])];
            foreach (var ((area, rows), number) in parts.Select((p, i) => (p, i)))
            {
                var name = SheetName(area, taken);
                var sheet = book.AddNewPart<WorksheetPart>();
                sheet.Worksheet = Sheet(rows, area, catalogue);
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

    static Worksheet Sheet(DisclosureItemView[] items, string? area, ExportedCatalogue catalogue)
    {
        var columns = Columns(items, catalogue);
        var last = CatalogueTable.Letters(columns.Count - 1);
        var merged = new List<string> { $"A1:{last}1" };
        var data = new SheetData(
            Row(1, 30, [(0, TitleOf(area, catalogue), Title)]),
            Row(2, 24, columns.Select((c, i) => (i, c.Above ?? c.Heading, Heading))),
            Row(HeadingRows, 24, columns.Select((c, i) => (i, c.Above is null ? "" : c.Heading, Heading)))
        );
        for (var c = 0; c < columns.Count; c++)
        {
            var next = c + 1;
            while (columns[c].Above is { } above && next < columns.Count && columns[next].Above == above)
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
                Row(
                    first + i,
                    null,
                    columns.Select(
                        (c, at) =>
                            (
                                at,
                                c.Heading is "序号" ? $"{i + 1}"
                                : c.Heading is "一级事项" && !isFirst ? ""
                                : c.Cell(items[i]),
                                c.Style
                            )
                    )
                )
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

    static List<Written> Columns(DisclosureItemView[] items, ExportedCatalogue catalogue)
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
        return columns;
    }

    static IReadOnlyList<DisclosureLevel> Levels(DisclosureItemView item) => item.Content.Levels ?? [GivenItem.LevelOf(item.Layer)];

    // Where a name is that of several, or would be read as several, the code says who is meant.
    static string Body(string code, ExportedCatalogue catalogue) =>
        catalogue.Organisations.GetValueOrDefault(code)?.NameOn(catalogue.On) is { } name
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

    static string TitleOf(string? area, ExportedCatalogue catalogue)
    {
        var whose = catalogue.Layer switch
        {
            Layer.District => "区级",
            Layer.Department => "部门",
            _ => "镇（街道）",
        };
        return area is null ? $"{whose}政务公开事项目录" : $"{whose}{area}领域政务公开事项目录";
    }

    /// <summary>The sheet of what belongs to no 领域.</summary>
    public const string WithoutArea = "政务公开事项目录";

    /// <summary>The sheet of a 领域: Excel allows 31 characters, and of signs not these.</summary>
    public static string SheetName(string? area)
    {
        var name = string.Concat((area ?? WithoutArea).Where(c => c is not (':' or '\\' or '/' or '?' or '*' or '[' or ']')))
            .Trim()
            .Trim('\'')
            .Trim();
        return name.Length == 0 ? "目录"
            : name.Length <= LongestSheetName ? name
            : name[..LongestSheetName];
    }

    static string SheetName(string? area, HashSet<string> taken)
    {
        var name = SheetName(area);
        for (var n = 2; !taken.Add(name); n++)
            name = $"{name[..Math.Min(name.Length, LongestSheetName - 4)]}（{n}）";
        return name;
    }

    static Row Row(int number, double? height, IEnumerable<(int Column, string Text, uint Style)> cells) =>
        new(
            cells.Select(c => new Cell
            {
                CellReference = $"{CatalogueTable.Letters(c.Column)}{number}",
                StyleIndex = c.Style,
                DataType = c.Text.Length == 0 ? null : CellValues.InlineString,
                InlineString =
                    c.Text.Length == 0
                        ? null
                        : new(
                            new Text(c.Text.Length <= LongestCell ? c.Text : c.Text[..LongestCell])
                            {
                                Space = SpaceProcessingModeValues.Preserve,
                            }
                        ),
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
