using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults;
using WordText = DocumentFormat.OpenXml.Wordprocessing.Text;

namespace PolicyPlatform.Documents.Revisions;

/// <summary>
/// Writes a text as a Word file in the layout of official documents (GB/T 9704-2012): A4, 22 lines of 28 characters in 三号 仿宋, the title in
/// 二号 小标宋, first-level headings in 黑体,
/// second-level ones in 楷体, the signature above the date, what is sent to whom at the foot of its page, page numbers between dashes,
/// outside.
/// </summary>
sealed class OfficialDocx
{
    public const string MediaType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

    // Sizes in half points: 二号 22 pt, 三号 16 pt, 四号 14 pt. A character of the body is 16 pt wide, a line 29 pt high: 22 lines in 225 mm.
    const int TitleSize = 44,
        LetterheadSize = 72,
        BodySize = 32,
        SmallSize = 28;
    const int Character = 320,
        SmallCharacter = 280,
        LineHeight = 580;

    // 35 mm from the type area's upper edge to the letterhead (7.2.4), in twentieths of a point.
    const int AboveLetterhead = 1984;

    // 156 mm in twentieths of a point.
    const int TypeArea = 8845;

    const string Red = "FF0000";
    const string Song = "方正小标宋简体",
        Fang = "仿宋_GB2312",
        Hei = "黑体",
        Kai = "楷体_GB2312",
        Plain = "宋体";

    readonly IReadOnlyList<Block> blocks;

    // Where the signature begins: what comes after it and is called 附件1 is an attachment, and none of the list of attachments.
    readonly int signed;

    OfficialDocx(IReadOnlyList<Block> blocks)
    {
        this.blocks = blocks;
        for (signed = 0; signed < blocks.Count && blocks[signed].Kind is not BlockKind.Signature; signed++) { }
    }

    public static byte[] Write(IReadOnlyList<Block> blocks) => new OfficialDocx(blocks).Write();

    byte[] Write()
    {
        using var file = new MemoryStream();
        using (var word = WordprocessingDocument.Create(file, WordprocessingDocumentType.Document))
        {
            var main = word.AddMainDocumentPart();
            // Odd pages have their number at the right, even ones at the left (7.5).
            main.AddNewPart<DocumentSettingsPart>().Settings = new(new EvenAndOddHeaders());
            var (odd, even) = (PageNumber(main, JustificationValues.Right), PageNumber(main, JustificationValues.Left));
            // 天头 37 mm, 订口 28 mm; the type area is 156 mm by 225 mm (GB/T 9704-2012, 5.2.1). In twentieths of a point.
            var section = new SectionProperties(
                new FooterReference { Type = HeaderFooterValues.Default, Id = odd },
                new FooterReference { Type = HeaderFooterValues.Even, Id = even },
                new PageSize { Width = 11906, Height = 16838 },
                new PageMargin
                {
                    Top = 2098,
                    Bottom = 1984,
                    Left = 1587,
                    Right = 1474,
                    Header = 851,
                    Footer = 1400,
                    Gutter = 0,
                }
            );
            main.Document = new Document(new Body([.. blocks.SelectMany((_, i) => Elements(i)), .. End(), section]));
        }
        return file.ToArray();
    }

    /// <summary>What stands in a frame needs a paragraph behind it that it belongs to.</summary>
    IEnumerable<Paragraph> End() =>
        blocks.Count > 0 && IsFoot(blocks[^1])
            ? [new(new ParagraphProperties(new SpacingBetweenLines { Line = "20", LineRule = LineSpacingRuleValues.Exact }))]
            : [];

    /// <summary>
    /// The thin line between the lines at the foot (7.4.1): underlined tabs, to the indentation and on to the right edge.
    /// </summary>
    Paragraph Divider(int at) =>
        new(
            new ParagraphProperties(
                Frame(at)!,
                Border(at)!,
                new Tabs(new TabStop { Val = TabStopValues.Right, Position = TypeArea }),
                new SpacingBetweenLines
                {
                    Before = "0",
                    Line = "120",
                    LineRule = LineSpacingRuleValues.Exact,
                },
                FootIndentation()
            ),
            new Run(
                new RunProperties(new FontSize { Val = "10" }, new Underline { Val = UnderlineValues.Single }),
                new TabChar(),
                new TabChar()
            )
        );

    static Indentation FootIndentation() => new() { Left = Twips(4 * SmallCharacter), Hanging = Twips(4 * SmallCharacter) };

    static string PageNumber(MainDocumentPart main, JustificationValues side)
    {
        var footer = main.AddNewPart<FooterPart>();
        footer.Footer = new(
            new Paragraph(
                new ParagraphProperties(
                    new Indentation { Left = Twips(SmallCharacter), Right = Twips(SmallCharacter) },
                    new Justification { Val = side }
                ),
                Run("— ", Plain, SmallSize),
                new SimpleField(Run("1", Plain, SmallSize)) { Instruction = " PAGE " },
                Run(" —", Plain, SmallSize)
            )
        );
        return main.GetIdOfPart(footer);
    }

    static string Twips(int length) => length.ToString(System.Globalization.CultureInfo.InvariantCulture);

    IEnumerable<OpenXmlElement> Elements(int at)
    {
        if (blocks[at].Rows is not { } rows)
            return at > 0 && IsFoot(blocks[at]) && IsFoot(blocks[at - 1]) ? [Divider(at), Paragraph(at)] : [Paragraph(at)];
        var columns = rows.Max(r => r.Count);
        var width = Twips(TypeArea / columns);
        var table = new Table(
            new TableProperties(
                new TableWidth { Width = Twips(TypeArea), Type = TableWidthUnitValues.Dxa },
                new TableBorders(
                    Border<TopBorder>(),
                    Border<LeftBorder>(),
                    Border<BottomBorder>(),
                    Border<RightBorder>(),
                    Border<InsideHorizontalBorder>(),
                    Border<InsideVerticalBorder>()
                )
            ),
            new TableGrid(Enumerable.Range(0, columns).Select(_ => new GridColumn { Width = width }))
        );
        foreach (var row in rows)
            table.Append(
                new TableRow(
                    row.Select(cell => new TableCell(
                        new TableCellProperties(new TableCellWidth { Width = width, Type = TableWidthUnitValues.Dxa }),
                        new Paragraph(Run(cell, Fang, SmallSize))
                    ))
                )
            );
        return [table];

        static T Border<T>()
            where T : BorderType, new() => new() { Val = BorderValues.Single, Size = 4 };
    }

    Paragraph Paragraph(int at)
    {
        var block = blocks[at];
        BlockKind? before = at > 0 ? blocks[at - 1].Kind : null;
        var (font, size, justification, indent) = block.Kind switch
        {
            BlockKind.Title => (Song, TitleSize, JustificationValues.Center, 0),
            BlockKind.Letterhead => (Song, LetterheadSize, JustificationValues.Center, 0),
            BlockKind.Marking when IsSignedBy(block) => (Fang, BodySize, JustificationValues.Right, 0),
            BlockKind.Marking => (Hei, BodySize, JustificationValues.Left, 0),
            BlockKind.Attachment when IsMark(at) => (Hei, BodySize, JustificationValues.Left, 0),
            // Beside the number stands who signed it for the body above (7.2.6).
            BlockKind.DocumentNumber when at > 0 && IsSignedBy(blocks[at - 1]) => (Fang, BodySize, JustificationValues.Left, 1),
            BlockKind.Note when before is BlockKind.Signature or BlockKind.Copies => (Fang, BodySize, JustificationValues.Left, 2),
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
        if (block.Kind is BlockKind.Attachment && IsMark(at))
            layout.Append(new PageBreakBefore());
        if (Frame(at) is { } frame)
            layout.Append(frame);
        if (Border(at) is { } border)
            layout.Append(border);
        if (block.Kind is BlockKind.IssuingLine)
            layout.Append(new Tabs(new TabStop { Val = TabStopValues.Right, Position = TypeArea - SmallCharacter }));
        layout.Append(
            new SpacingBetweenLines
            {
                Before = Twips(Above(at)),
                Line = Twips(size >= TitleSize ? size * 10 + 260 : LineHeight),
                LineRule = LineSpacingRuleValues.Exact,
            }
        );
        // The further entries of the list of attachments stand below the first (7.3.4).
        if (block.Kind is BlockKind.Attachment && !IsMark(at))
            layout.Append(new Indentation { Left = Twips(5 * Character), Hanging = Twips(3 * Character) });
        else if (block.Kind is BlockKind.Signature)
            layout.Append(new Indentation { Right = Twips(RightOfSignature(at)) });
        else if (IsFoot(block))
            layout.Append(FootIndentation());
        else if (indent > 0)
            layout.Append(new Indentation { FirstLine = Twips(indent * Character) });
        // A line that is broken on purpose is not stretched.
        layout.Append(
            new Justification
            {
                Val =
                    justification == JustificationValues.Both && block.Text.Contains('\n', StringComparison.Ordinal)
                        ? JustificationValues.Left
                        : justification,
            }
        );
        return new Paragraph([layout, .. Runs(block, font, size)]);
    }

    /// <summary>附件1, and not the list of attachments below the text.</summary>
    bool IsMark(int at) =>
        blocks[at].Label is { } label && (blocks[at].Text.Length == label.Length && !label.EndsWith('：') || at > signed);

    static bool IsSignedBy(Block block) => block.Kind is BlockKind.Marking && block.Text.StartsWith("签发人", StringComparison.Ordinal);

    static bool IsFoot(Block block) => block.Kind is BlockKind.Copies or BlockKind.IssuingLine;

    /// <summary>What stays empty above a paragraph, in twentieths of a point.</summary>
    int Above(int at)
    {
        var above = blocks.Take(at);
        BlockKind? before = at > 0 ? blocks[at - 1].Kind : null;
        return blocks[at].Kind switch
        {
            BlockKind.Letterhead when before is null or BlockKind.Marking => Math.Max(0, AboveLetterhead - at * LineHeight),
            // Two lines below the letterhead, two below the red line, one below the title (7.2.5, 7.3.1, 7.3.2).
            BlockKind.DocumentNumber
                when above.Any(b => b.Kind is BlockKind.Letterhead)
                    && above.All(b => b.Kind is BlockKind.Letterhead or BlockKind.Marking) => 2 * LineHeight,
            BlockKind.Title
                when before is BlockKind.DocumentNumber
                    && above.All(b => b.Kind is BlockKind.Letterhead or BlockKind.Marking or BlockKind.DocumentNumber) => 2 * LineHeight,
            BlockKind.Title or BlockKind.Note or BlockKind.Letterhead or BlockKind.DocumentNumber or BlockKind.Marking => 0,
            BlockKind.Attachment when !IsMark(at) && before is not BlockKind.Attachment => LineHeight,
            BlockKind.Signature when before is not BlockKind.Signature => LineHeight,
            _ when before is BlockKind.Title && !IsFoot(blocks[at]) => LineHeight,
            _ => 0,
        };
    }

    /// <summary>
    /// What is free at the right of a line of the signature: four characters beside the date, and as much as puts a body in the middle
    /// above it (7.3.5.1).
    /// </summary>
    int RightOfSignature(int at)
    {
        const int BesideDate = 4 * Character;
        var date = blocks.Skip(at).TakeWhile(b => b.Kind is BlockKind.Signature).LastOrDefault(b => DocumentWords.IsDate(b.Text));
        return date is null || date == blocks[at] ? BesideDate : Math.Max(0, BesideDate + (Width(date.Text) - Width(blocks[at].Text)) / 2);

        static int Width(string line) => line.Sum(c => char.IsAscii(c) ? Character / 2 : Character);
    }

    /// <summary>
    /// What does not stand in the column: the lines at the foot of the last page (7.4), and who signed, beside the number.
    /// </summary>
    FrameProperties? Frame(int at) =>
        IsFoot(blocks[at])
            ? new()
            {
                Width = Twips(TypeArea),
                Wrap = TextWrappingValues.NotBeside,
                HorizontalPosition = HorizontalAnchorValues.Margin,
                VerticalPosition = VerticalAnchorValues.Margin,
                XAlign = HorizontalAlignmentValues.Left,
                YAlign = VerticalAlignmentValues.Bottom,
            }
        : IsSignedBy(blocks[at]) && at + 1 < blocks.Count && blocks[at + 1].Kind is BlockKind.DocumentNumber
            ? new()
            {
                Width = Twips(TypeArea / 2),
                Wrap = TextWrappingValues.Around,
                HorizontalPosition = HorizontalAnchorValues.Margin,
                VerticalPosition = VerticalAnchorValues.Text,
                XAlign = HorizontalAlignmentValues.Right,
                Y = Twips(Above(at + 1)),
            }
        : null;

    /// <summary>
    /// The red line below the number (7.2.7), and those above and below the lines at the foot, the outer ones thicker (7.4.1). In eighths
    /// of a point.
    /// </summary>
    ParagraphBorders? Border(int at)
    {
        const uint Thick = 8;
        if (blocks[at].Kind is BlockKind.DocumentNumber)
            return new(
                new BottomBorder
                {
                    Val = BorderValues.Single,
                    Size = 12,
                    Space = 11,
                    Color = Red,
                }
            );
        // Neighbours with the same borders share them; a frame whose paragraphs differ in them is none for some programs.
        return IsFoot(blocks[at])
            ? new(
                new TopBorder
                {
                    Val = BorderValues.Single,
                    Size = Thick,
                    Space = 1,
                },
                new BottomBorder
                {
                    Val = BorderValues.Single,
                    Size = Thick,
                    Space = 1,
                }
            )
            : null;
    }

    static IEnumerable<OpenXmlElement> Runs(Block block, string font, int size)
    {
        if (block.Kind is BlockKind.Letterhead)
        {
            yield return new Run(
                new RunProperties(
                    new RunFonts
                    {
                        Ascii = "Times New Roman",
                        HighAnsi = "Times New Roman",
                        EastAsia = font,
                    },
                    new Color { Val = Red },
                    new FontSize { Val = size.ToString(System.Globalization.CultureInfo.InvariantCulture) }
                ),
                new WordText(Characters.CleanText(block.Text)) { Space = SpaceProcessingModeValues.Preserve }
            );
            yield break;
        }
        // One character is free at the left; the lines above and below have the width of the page.
        if (IsFoot(block))
            yield return Run("　", font, size);
        // The printing body stands at the left, the date at the right (7.4.3).
        if (block.Kind is BlockKind.IssuingLine && DocumentWords.DateIn(block.Text) is var date and > 0)
        {
            yield return Run(block.Text[..date].TrimEnd(), font, size);
            yield return new Run(new TabChar());
            yield return Run(block.Text[date..], font, size);
            yield break;
        }
        // 签发人： in 仿宋, the name in 楷体 (7.2.6).
        if (IsSignedBy(block) && block.Text.IndexOfAny(['：', ':']) is var colon and > 0)
        {
            yield return Run(block.Text[..(colon + 1)], Fang, size);
            yield return Run(block.Text[(colon + 1)..], Kai, size);
            yield break;
        }
        // The number of an article and of an attachment is in 黑体, as printed laws have it.
        if (block is { Kind: BlockKind.Article or BlockKind.Attachment, Label: { } label } && font != Hei && !label.EndsWith('：'))
        {
            yield return Run(label, Hei, size);
            yield return Run(block.Text[label.Length..], font, size);
            yield break;
        }
        var lines = block.Text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (i > 0)
                yield return new Run(new Break());
            yield return Run(lines[i], font, size);
        }
    }

    static Run Run(string text, string font, int size) =>
        new(
            new RunProperties(
                new RunFonts
                {
                    Ascii = "Times New Roman",
                    HighAnsi = "Times New Roman",
                    EastAsia = font,
                },
                new FontSize { Val = size.ToString(System.Globalization.CultureInfo.InvariantCulture) }
            ),
            new WordText(Characters.CleanText(text)) { Space = SpaceProcessingModeValues.Preserve }
        );
}
