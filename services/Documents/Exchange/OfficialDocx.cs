using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults;
using WordText = DocumentFormat.OpenXml.Wordprocessing.Text;

namespace PolicyPlatform.Documents.Exchange;

/// <summary>
/// Writes a text as a Word file in the layout of official documents (GB/T 9704-2012): A4, 22 lines of 28 characters in 三号 仿宋, the title in 二号 小标宋, first-level headings in 黑体,
/// second-level ones in 楷体, the signature at the right, page numbers between dashes.
/// </summary>
static class OfficialDocx
{
    public const string MediaType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

    // Sizes in half points: 二号 22 pt, 三号 16 pt, 四号 14 pt. A character of the body is 16 pt wide, a line 29 pt high: 22 lines in 225 mm.
    const int TitleSize = 44, LetterheadSize = 72, BodySize = 32, SmallSize = 28;
    const int Character = 320, LineHeight = 580;

    // 156 mm in twentieths of a point.
    const int TypeArea = 8845;

    const string Red = "FF0000";
    const string Song = "方正小标宋简体", Fang = "仿宋_GB2312", Hei = "黑体", Kai = "楷体_GB2312", Plain = "宋体";

    public static byte[] Write(IReadOnlyList<Block> blocks)
    {
        using var file = new MemoryStream();
        using (var word = WordprocessingDocument.Create(file, WordprocessingDocumentType.Document))
        {
            var main = word.AddMainDocumentPart();
            var footer = main.AddNewPart<FooterPart>();
            footer.Footer = new Footer(new Paragraph(
                new ParagraphProperties(new Justification { Val = JustificationValues.Center }),
                Run("— ", Plain, SmallSize), new SimpleField(Run("1", Plain, SmallSize)) { Instruction = " PAGE " }, Run(" —", Plain, SmallSize)));
            // 天头 37 mm, 订口 28 mm; the type area is 156 mm by 225 mm (GB/T 9704-2012, 5.2.1). In twentieths of a point.
            var section = new SectionProperties(
                new FooterReference { Type = HeaderFooterValues.Default, Id = main.GetIdOfPart(footer) },
                new PageSize { Width = 11906, Height = 16838 },
                new PageMargin { Top = 2098, Bottom = 1984, Left = 1587, Right = 1474, Header = 851, Footer = 1400, Gutter = 0 });
            main.Document = new Document(new Body([.. blocks.SelectMany(Elements), section]));
        }
        return file.ToArray();
    }

    static IEnumerable<OpenXmlElement> Elements(Block block)
    {
        if (block.Rows is not { } rows) return [Paragraph(block)];
        var columns = rows.Max(r => r.Count);
        var width = (TypeArea / columns).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var table = new Table(
            new TableProperties(
                new TableWidth { Width = TypeArea.ToString(System.Globalization.CultureInfo.InvariantCulture), Type = TableWidthUnitValues.Dxa },
                new TableBorders(Border<TopBorder>(), Border<LeftBorder>(), Border<BottomBorder>(), Border<RightBorder>(), Border<InsideHorizontalBorder>(), Border<InsideVerticalBorder>())),
            new TableGrid(Enumerable.Range(0, columns).Select(_ => new GridColumn { Width = width })));
        foreach (var row in rows)
            table.Append(new TableRow(row.Select(cell => new TableCell(
                new TableCellProperties(new TableCellWidth { Width = width, Type = TableWidthUnitValues.Dxa }),
                new Paragraph(Run(cell, Fang, SmallSize))))));
        return [table];

        static T Border<T>() where T : BorderType, new() => new() { Val = BorderValues.Single, Size = 4 };
    }

    static Paragraph Paragraph(Block block)
    {
        var (font, size, justification, indent) = block.Kind switch
        {
            BlockKind.Title => (Song, TitleSize, JustificationValues.Center, 0),
            BlockKind.Letterhead => (Song, LetterheadSize, JustificationValues.Center, 0),
            BlockKind.Marking => (Hei, BodySize, JustificationValues.Left, 0),
            BlockKind.Attachment when IsMark(block) => (Hei, BodySize, JustificationValues.Left, 0),
            BlockKind.DocumentNumber or BlockKind.Note => (Fang, BodySize, JustificationValues.Center, 0),
            BlockKind.Addressee => (Fang, BodySize, JustificationValues.Left, 0),
            BlockKind.Signature => (Fang, BodySize, JustificationValues.Right, 0),
            BlockKind.Part or BlockKind.Chapter or BlockKind.Section => (Hei, BodySize, JustificationValues.Center, 0),
            BlockKind.Heading => (Hei, BodySize, JustificationValues.Both, 2),
            BlockKind.Clause when block.Text.Length < 40 => (Kai, BodySize, JustificationValues.Both, 2),
            BlockKind.Copies or BlockKind.IssuingLine => (Fang, SmallSize, JustificationValues.Left, 0),
            _ => (Fang, BodySize, JustificationValues.Both, 2),
        };
        var layout = new ParagraphProperties();
        // An attachment begins on a page of its own.
        if (block.Kind is BlockKind.Attachment && IsMark(block)) layout.Append(new PageBreakBefore());
        if (Border(block.Kind) is { } border) layout.Append(border);
        if (block.Kind is BlockKind.IssuingLine) layout.Append(new Tabs(new TabStop { Val = TabStopValues.Right, Position = TypeArea - Character }));
        layout.Append(new SpacingBetweenLines { Line = (size >= TitleSize ? size * 10 + 260 : LineHeight).ToString(System.Globalization.CultureInfo.InvariantCulture), LineRule = LineSpacingRuleValues.Exact });
        // The further entries of the list of attachments stand below the first (7.3.4).
        if (block.Kind is BlockKind.Attachment && !IsMark(block)) layout.Append(new Indentation { Left = (5 * Character).ToString(System.Globalization.CultureInfo.InvariantCulture), Hanging = (3 * Character).ToString(System.Globalization.CultureInfo.InvariantCulture) });
        else if (block.Kind is BlockKind.Signature) layout.Append(new Indentation { Right = (4 * Character).ToString(System.Globalization.CultureInfo.InvariantCulture) });
        else if (indent > 0) layout.Append(new Indentation { FirstLine = (indent * Character).ToString(System.Globalization.CultureInfo.InvariantCulture) });
        // A line that is broken on purpose is not stretched.
        layout.Append(new Justification { Val = justification == JustificationValues.Both && block.Text.Contains('\n', StringComparison.Ordinal) ? JustificationValues.Left : justification });
        return new Paragraph([layout, .. Runs(block, font, size)]);
    }

    /// <summary>附件1 alone, and not the list of attachments below the text.</summary>
    static bool IsMark(Block block) => block.Label is { } label && block.Text.Length == label.Length && !label.EndsWith('：');

    /// <summary>The red line below the number (7.2.7), and those above and below the lines at the foot (7.4.1).</summary>
    static ParagraphBorders? Border(BlockKind kind) => kind switch
    {
        BlockKind.DocumentNumber => new(new BottomBorder { Val = BorderValues.Single, Size = 12, Space = 4, Color = Red }),
        BlockKind.Copies => new(new TopBorder { Val = BorderValues.Single, Size = 8, Space = 1 }),
        BlockKind.IssuingLine => new(new TopBorder { Val = BorderValues.Single, Size = 6, Space = 1 }, new BottomBorder { Val = BorderValues.Single, Size = 8, Space = 1 }),
        _ => null,
    };

    static IEnumerable<OpenXmlElement> Runs(Block block, string font, int size)
    {
        if (block.Kind is BlockKind.Letterhead)
        {
            yield return new Run(new RunProperties(new RunFonts { Ascii = "Times New Roman", HighAnsi = "Times New Roman", EastAsia = font }, new Color { Val = Red }, new FontSize { Val = size.ToString(System.Globalization.CultureInfo.InvariantCulture) }),
                new WordText(Characters.CleanText(block.Text)) { Space = SpaceProcessingModeValues.Preserve });
            yield break;
        }
        // The printing body stands at the left, the date at the right (7.4.3).
        if (block.Kind is BlockKind.IssuingLine && block.Text.LastIndexOf(' ') is var gap and > 0)
        {
            yield return Run(block.Text[..gap], font, size);
            yield return new Run(new TabChar());
            yield return Run(block.Text[(gap + 1)..], font, size);
            yield break;
        }
        // The number of an article is in 黑体, as printed laws have it.
        if (block is { Kind: BlockKind.Article, Label: { } label })
        {
            yield return Run(label, Hei, size);
            yield return Run(block.Text[label.Length..], font, size);
            yield break;
        }
        var lines = block.Text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (i > 0) yield return new Run(new Break());
            yield return Run(lines[i], font, size);
        }
    }

    static Run Run(string text, string font, int size) => new(
        new RunProperties(
            new RunFonts { Ascii = "Times New Roman", HighAnsi = "Times New Roman", EastAsia = font },
            new FontSize { Val = size.ToString(System.Globalization.CultureInfo.InvariantCulture) }),
        new WordText(Characters.CleanText(text)) { Space = SpaceProcessingModeValues.Preserve });
}
