using System.Globalization;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.Shared.Attachments;
using Drawing = DocumentFormat.OpenXml.Drawing;
using OfficeMath = DocumentFormat.OpenXml.Math;

namespace PolicyPlatform.Documents.Text;

/// <summary>A file that a text holds: an image of a Word file.</summary>
/// <param name="Name">As it is named in the text: 图1.</param>
/// <param name="MediaType">image/png.</param>
/// <param name="Content">The bytes.</param>
public sealed record FileInText(string Name, string MediaType, byte[] Content);

/// <summary>
/// Reads a text that comes as a Word file, as one reads it on paper: numbers that Word's lists make are written out, tracked changes are
/// accepted, hidden text is not
/// there, tables keep their cells, a footnote stands at the end under its mark, an image leaves a mark and is kept as a file, a formula is
/// written in a line. What cannot be
/// read is named in the findings.
/// </summary>
public static class DocxText
{
    /// <summary>Cuts a Word file into blocks; null when it is none.</summary>
    public static (CutText Text, IReadOnlyList<FileInText> Files)? Cut(Stream docx)
    {
        if (!OfficePackage.IsReadable(docx))
            return null;
        try
        {
            using var word = WordprocessingDocument.Open(docx, false, new OpenSettings { MaxCharactersInPart = OfficePackage.LongestPart });
            if (word.MainDocumentPart is not { } main || main.Document?.Body is not { } body)
                return null;
            var reader = new Reader(main);
            reader.ReadHeaders();
            reader.Read(body);
            reader.ReadNotes();
            if (reader.HasTooManyPictures)
                return null;
            // A text beyond the limit is refused, and not read for that; by its length, whatever of it would be cleaned away.
            if (reader.IsTooLong)
                return (new([new(BlockKind.Paragraph, -1, null, new string('长', CanonicalText.LongestCharacters + 1))], []), []);
            return (TextStructure.Read(reader.Lines, reader.Findings, reader.Formulas), reader.Files);
        }
        catch (Exception e)
            when (e
                    is OpenXmlPackageException
                        or FileFormatException
                        or InvalidDataException
                        or System.Xml.XmlException
                        or IOException
                        or ArgumentException
                        // A part that is named and not there.
                        or InvalidOperationException
                        or FormatException
                        or OverflowException
            )
        {
            return null;
        }
    }

    /// <summary>How many pictures a text holds at most; one that stands there twice counts twice.</summary>
    internal const int MostPictures = 500;

    /// <summary>How large they are at most, each and together, in bytes.</summary>
    internal const int LargestPictures = 100_000_000;

    const int MostColumns = 63,
        MostFormulas = 500,
        MostFindings = 100,
        MostBefore = 10;

    // Of two with one id the first one counts.
    static Dictionary<TKey, T> ById<TKey, T>(IEnumerable<T>? elements, Func<T, TKey?> id)
        where TKey : struct => (elements ?? []).Where(e => id(e) is not null).DistinctBy(id).ToDictionary(e => id(e)!.Value);

    sealed class Reader(MainDocumentPart part)
    {
        readonly Numbering numbering = new(part);
        readonly OrderedDictionary<OpenXmlElement, string> notes = [];
        readonly Dictionary<long, Footnote> footnotes = ById(part.FootnotesPart?.Footnotes?.Elements<Footnote>(), n => n.Id?.Value);
        readonly Dictionary<long, Endnote> endnotes = ById(part.EndnotesPart?.Endnotes?.Elements<Endnote>(), n => n.Id?.Value);

        // What stands in a frame of its own comes after the paragraph that it is anchored in.
        readonly List<TextBoxContent> boxes = [];

        // The beginning of a paragraph whose end mark is deleted: it goes on in the next one.
        readonly StringBuilder carried = new();
        bool afterBlank;

        // How many fields are open of which the outermost makes a table of contents.
        int contents;

        // How much was read: what is too much is read no further.
        long characters,
            pictures;

        public bool IsTooLong => characters > CanonicalText.LongestCharacters;
        public bool HasTooManyPictures { get; private set; }
        public List<TextLine> Lines { get; } = [];
        public List<FileInText> Files { get; } = [];
        public List<TextFinding> Findings { get; } = [];
        public List<FoundFormula> Formulas { get; } = [];

        /// <summary>A letterhead can stand in the header of the first page. Other headers and footers run along and are no text.</summary>
        public void ReadHeaders()
        {
            var seen = new HashSet<string>();
            foreach (var header in part.HeaderParts)
            {
                foreach (var paragraph in header.Header?.Descendants<Paragraph>() ?? [])
                {
                    foreach (var line in CanonicalText.Lines(Words(paragraph)))
                    {
                        if (!seen.Add(line))
                            continue;
                        if (DocumentWords.IsLetterhead(line) || DocumentWords.IsNumber(line) || DocumentWords.IsMarking(line))
                            Keep(new(line));
                        else
                            Find("word.header", $"The page header “{Short(line)}” was not taken for a part of the text.");
                    }
                }
                boxes.Clear();
            }
            foreach (var footer in part.FooterParts)
            foreach (var line in footer.Footer?.Descendants<Paragraph>().SelectMany(p => CanonicalText.Lines(Words(p))) ?? [])
                if (line.Any(char.IsLetter) && line.Length > 6 && seen.Add(line))
                    Find("word.footer", $"The page footer “{Short(line)}” was not taken for a part of the text.");
            boxes.Clear();
        }

        public void Read(OpenXmlElement container)
        {
            foreach (var element in container.ChildElements)
            {
                if (IsTooLong || HasTooManyPictures)
                    return;
                switch (element)
                {
                    case Paragraph paragraph:
                        Read(paragraph);
                        break;
                    case Table table:
                        Read(table);
                        break;
                    case SdtBlock { SdtContentBlock: { } content } block:
                        if (block.Descendants<DocPartGallery>().Any(g => g.Val?.Value is "Table of Contents"))
                            LeftOut();
                        else
                            Read(content);
                        break;
                    case AltChunk:
                        Find("word.unreadable", "A part that was put in from another file could not be read.");
                        break;
                    case CustomXmlBlock or SdtContentBlock or InsertedRun or MoveToRun:
                        Read(element);
                        break;
                }
            }
        }

        public void ReadNotes()
        {
            Add(carried.ToString(), 0);
            foreach (var (note, mark) in notes)
                Add($"{mark} {string.Join(' ', note.Descendants<Paragraph>().Select(Words).Where(w => w.Length > 0))}", 0);
        }

        void Read(Paragraph paragraph)
        {
            var inContents = contents > 0 || numbering.IsContents(paragraph);
            carried.Append(Words(paragraph));
            inContents &= contents > 0 || numbering.IsContents(paragraph);
            if (!inContents && paragraph.ParagraphProperties?.ParagraphMarkRunProperties?.GetFirstChild<Deleted>() is not null)
                return;
            var words = carried.ToString();
            carried.Clear();
            if (inContents)
            {
                if (words.Trim().Length > 0)
                    LeftOut();
                return;
            }
            if (words.Trim().Length > 0)
                Add(numbering.Label(paragraph, Find) + words, numbering.HeadingLevel(paragraph));
            else
                afterBlank = true;
            // What stands in a box is read once, and not with the paragraph of another.
            TextBoxContent[] own = [.. boxes];
            boxes.Clear();
            foreach (var box in own)
                Read(box);
        }

        void Read(Table table)
        {
            var rows = Rows(table).ToArray();
            if (rows.Length == 0)
                return;
            // A frame of one column, and the lines at the foot of a document, are laid out as a table and are none.
            if (
                rows.All(r => r.Length == 1)
                || rows.Any(r =>
                    r.Any(c =>
                        c.Length > 0
                        && CanonicalText.Line(c) is { Length: > 0 } line
                        && (DocumentWords.IsCopies(line) || DocumentWords.IsIssuing(line))
                    )
                )
            )
                foreach (var row in rows)
                    Add(string.Join(row.Length == 1 ? "\n" : " ", row.Select(c => c.Trim()).Where(c => c.Length > 0)), 0);
            else
            {
                if (TextLine.Table(rows, afterBlank) is { } read)
                    Keep(read);
                afterBlank = false;
            }
        }

        IEnumerable<string[]> Rows(Table table)
        {
            foreach (var row in table.Descendants<TableRow>().Where(r => r.Ancestors<Table>().First() == table))
            {
                if (row.TableRowProperties?.GetFirstChild<Deleted>() is not null)
                    continue;
                var cells = new List<string>();
                foreach (
                    var cell in row.Descendants<TableCell>()
                        .Where(c => c.Ancestors<TableRow>().First() == row && c.TableCellProperties?.GetFirstChild<CellDeletion>() is null)
                )
                {
                    cells.Add(Cell(cell));
                    // A cell over several columns is followed by the empty ones that it covers.
                    for (var more = Math.Min(cell.TableCellProperties?.GridSpan?.Val?.Value ?? 1, MostColumns); more > 1; more--)
                        cells.Add("");
                }
                if (cells.Count > 0)
                    yield return [.. cells];
            }
        }

        string Cell(TableCell cell)
        {
            var parts = new List<string>();
            foreach (
                var element in cell.Descendants()
                    .Where(e =>
                        e is Paragraph or Table
                        && e.Ancestors<TableCell>().First() == cell
                        && !(e is Paragraph && e.Ancestors().TakeWhile(a => a != cell).Any(a => a is TextBoxContent))
                    )
            )
            {
                if (element is Paragraph paragraph)
                    parts.Add((numbering.Label(paragraph, Find) + Words(paragraph)).Trim());
                else
                    parts.AddRange(Rows((Table)element).Select(row => string.Join(' ', row.Where(c => c.Length > 0))));
                TextBoxContent[] own = [.. boxes];
                foreach (var box in own)
                    parts.AddRange(box.Descendants<Paragraph>().Select(p => Words(p).Trim()));
                boxes.Clear();
            }
            return string.Join('\n', parts.Where(p => p.Length > 0));
        }

        void Add(string words, int level)
        {
            foreach (var line in CanonicalText.Lines(words))
            {
                Keep(new(line, level, afterBlank));
                afterBlank = false;
            }
        }

        void Keep(TextLine line)
        {
            Lines.Add(line);
            characters += line.Text.Length;
        }

        void LeftOut()
        {
            if (!Findings.Any(f => f.Code == "word.contents"))
                Find("word.contents", "A table of contents that Word makes was left out.");
        }

        void Find(string code, Wording detail)
        {
            if (Findings.Count < MostFindings)
                Findings.Add(new(code, Lines.Count, detail));
        }

        static string Short(string line) => line.Length <= 40 ? line : line[..40] + "…";

        string Words(OpenXmlElement paragraph)
        {
            var words = new StringBuilder();
            if (paragraph is Paragraph p && numbering.IsHidden(p))
                return "";
            Collect(paragraph, words);
            return words.ToString();
        }

        void Collect(OpenXmlElement element, StringBuilder words)
        {
            foreach (var child in element.ChildElements)
            {
                switch (child)
                {
                    case DeletedRun or MoveFromRun or ParagraphProperties or DeletedText or RunProperties or SdtProperties:
                        break;
                    case FieldCode code:
                        if (contents == 0 && code.Text.TrimStart().StartsWith("TOC", StringComparison.Ordinal))
                            contents = 1;
                        break;
                    case FieldChar { FieldCharType: { } type }:
                        if (contents > 0 && type.Value == FieldCharValues.Begin)
                            contents++;
                        else if (contents > 0 && type.Value == FieldCharValues.End)
                            contents--;
                        break;
                    case Run run when numbering.IsHidden(run):
                        break;
                    case DocumentFormat.OpenXml.Wordprocessing.Text
                    or TabChar
                    or PositionalTab
                    or Break
                    or CarriageReturn
                    or NoBreakHyphen
                    or SymbolChar when contents > 0:
                        LeftOut();
                        break;
                    case DocumentFormat.OpenXml.Wordprocessing.Text text:
                        words.Append(Symbols.Read(text.Text, (text.Parent as Run)?.RunProperties?.RunFonts?.Ascii?.Value));
                        break;
                    case TabChar or PositionalTab:
                        words.Append(' ');
                        break;
                    case Break or CarriageReturn:
                        words.Append('\n');
                        break;
                    case NoBreakHyphen:
                        words.Append('-');
                        break;
                    case SymbolChar { Char.Value: { } code } symbol
                        when int.TryParse(code, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number):
                        if (Symbols.Read((char)number, symbol.Font?.Value) is { } known)
                            words.Append(known);
                        else
                        {
                            words.Append(Symbols.Unknown);
                            Find(
                                "word.symbol",
                                $"The sign {code} of the font {symbol.Font?.Value} is not known; {Symbols.Unknown} stands for it."
                            );
                        }
                        break;
                    // What is read out beside the characters is no text.
                    case Ruby ruby:
                        if (ruby.RubyBase is { } characters)
                            Collect(characters, words);
                        break;
                    case OfficeMath.Paragraph or OfficeMath.OfficeMath:
                        var linear = Formula.Linear(child);
                        if (
                            Formulas.Count < MostFormulas
                            && string.Join(' ', CanonicalText.Lines(linear)) is { Length: > 0 } line
                            && Formula.IsReadable(child)
                        )
                            Formulas.Add(
                                new(
                                    Lines.Count,
                                    CanonicalText.Lines(
                                        words.ToString(Math.Max(0, words.Length - MostBefore), Math.Min(words.Length, MostBefore))
                                    )
                                        is [.., var before]
                                        ? before
                                        : "",
                                    line,
                                    Formula.AsMathMl(child, line)
                                )
                            );
                        words.Append(linear);
                        Find("word.formula", "A formula was written in one line. Check it.");
                        break;
                    case FootnoteReference { Id: { } id }:
                        Note(words, footnotes.GetValueOrDefault(id.Value));
                        break;
                    case EndnoteReference { Id: { } id }:
                        Note(words, endnotes.GetValueOrDefault(id.Value));
                        break;
                    // A drawing is there twice: as it is meant, and for old readers.
                    case AlternateContent alternatives:
                        Collect(alternatives.GetFirstChild<AlternateContentChoice>() ?? (OpenXmlElement)alternatives, words);
                        break;
                    case Drawing.Blip { Embed.Value: { } image }:
                        Image(words, image);
                        break;
                    case DocumentFormat.OpenXml.Vml.ImageData { RelationshipId.Value: { } image }:
                        Image(words, image);
                        break;
                    case DocumentFormat.OpenXml.Vml.Office.OleObject:
                        Find("word.unreadable", "An object of another program stands here; only its picture was taken.");
                        break;
                    case Drawing.GraphicData { Uri.Value: { } uri }
                        when uri.Contains("/chart", StringComparison.Ordinal) || uri.Contains("/diagram", StringComparison.Ordinal):
                        Find("word.unreadable", "A chart or diagram stands here and could not be read.");
                        break;
                    case TextBoxContent box:
                        boxes.Add(box);
                        break;
                    default:
                        Collect(child, words);
                        break;
                }
            }
        }

        void Note(StringBuilder words, OpenXmlElement? note)
        {
            if (note is null)
                return;
            // A note that is referred to again stands there once.
            if (!notes.TryGetValue(note, out var mark))
                notes.Add(note, mark = string.Create(CultureInfo.InvariantCulture, $"[注{notes.Count + 1}]"));
            words.Append(mark);
        }

        void Image(StringBuilder words, string relationship)
        {
            if (!part.TryGetPartById(relationship, out var found) || found is not ImagePart image)
            {
                Find("word.unreadable", "A picture stands here that the file does not hold.");
                return;
            }
            using var content = image.GetStream();
            using var bytes = new MemoryStream();
            var buffer = new byte[64 * 1024];
            if (Files.Count == MostPictures)
                HasTooManyPictures = true;
            for (int read; !HasTooManyPictures && (read = content.Read(buffer)) > 0; bytes.Write(buffer, 0, read))
                HasTooManyPictures = (pictures += read) > LargestPictures;
            if (HasTooManyPictures)
                return;
            var name = string.Create(CultureInfo.InvariantCulture, $"图{Files.Count + 1}");
            Files.Add(new(name, image.ContentType, bytes.ToArray()));
            words.Append('[').Append(name).Append(']');
        }
    }

    /// <summary>What a style says; looked up once, since whole texts are written in one.</summary>
    sealed record StyleFacts(string? BasedOn, string? Name, int? OutlineLevel, bool? IsHidden, NumberingProperties? Numbering)
    {
        public static StyleFacts Of(Style style) =>
            new(
                style.BasedOn?.Val?.Value,
                style.StyleName?.Val?.Value,
                style.StyleParagraphProperties?.OutlineLevel?.Val?.Value,
                style.StyleRunProperties?.Vanish is { } vanish ? IsOn(vanish) : null,
                style.StyleParagraphProperties?.NumberingProperties
            );
    }

    /// <summary>How a level of a list counts and looks.</summary>
    sealed record LevelFacts(int First, NumberFormatValues? Format, string Text, int? Restart, bool IsLegal)
    {
        public static LevelFacts Of(Level level) =>
            new(
                level.StartNumberingValue?.Val?.Value ?? 1,
                level.NumberingFormat?.Val?.Value,
                level.LevelText?.Val?.Value ?? "",
                level.LevelRestart?.Val?.Value,
                level.IsLegalNumberingStyle is not null
            );
    }

    /// <summary>A list: what it counts with, its levels, and where it begins anew.</summary>
    sealed record ListFacts(int Definition, Dictionary<int, LevelFacts> Levels, IReadOnlyList<(int Level, int Start)> Starts);

    static bool IsOn(Vanish vanish) => vanish.Val is null || vanish.Val.Value;

    /// <summary>The numbers that Word shows and does not store: counted along as paragraphs go by.</summary>
    sealed class Numbering(MainDocumentPart part)
    {
        // Word has nine.
        const int MostLevels = 9,
            LongestLabel = 200;

        readonly Dictionary<int, NumberingInstance> instances = ById(
            part.NumberingDefinitionsPart?.Numbering?.Elements<NumberingInstance>(),
            n => n.NumberID?.Value
        );
        readonly Dictionary<int, AbstractNum> definitions = ById(
            part.NumberingDefinitionsPart?.Numbering?.Elements<AbstractNum>(),
            n => n.AbstractNumberId?.Value
        );
        readonly Dictionary<int, ListFacts?> lists = [];
        readonly Dictionary<string, StyleFacts> styles = (part.StyleDefinitionsPart?.Styles?.Elements<Style>() ?? [])
            .Where(s => s.StyleId?.Value is not null)
            .DistinctBy(s => s.StyleId!.Value!)
            .ToDictionary(s => s.StyleId!.Value!, StyleFacts.Of);
        readonly Dictionary<int, int[]> counters = [];
        readonly HashSet<int> begun = [];

        /// <summary>The level of an unnumbered heading as its style tells: 1 for a title; 0 for none.</summary>
        public int HeadingLevel(Paragraph paragraph)
        {
            foreach (var style in Styles(paragraph))
            {
                if (string.Equals(style.Name, "title", StringComparison.OrdinalIgnoreCase))
                    return 1;
                if (style.OutlineLevel is { } level and < 9)
                    return level + 2;
            }
            return 0;
        }

        /// <summary>Whether it is a line of a table of contents.</summary>
        public bool IsContents(Paragraph paragraph) =>
            Styles(paragraph)
                .Any(s =>
                    s.Name is { } name
                    && (
                        name.StartsWith("toc ", StringComparison.OrdinalIgnoreCase)
                        || name.Equals("table of figures", StringComparison.OrdinalIgnoreCase)
                    )
                );

        /// <summary>Whether the style hides the whole paragraph.</summary>
        public bool IsHidden(Paragraph paragraph) =>
            Styles(paragraph).Select(s => s.IsHidden).FirstOrDefault(hidden => hidden is not null) is true;

        /// <summary>Whether a run is hidden, by itself or by its style.</summary>
        public bool IsHidden(Run run) =>
            run.RunProperties?.Vanish is { } vanish
                ? IsOn(vanish)
                : StylesOf(run.RunProperties?.RunStyle?.Val?.Value).Select(s => s.IsHidden).FirstOrDefault(hidden => hidden is not null)
                    is true;

        public string Label(Paragraph paragraph, Action<string, Wording> find)
        {
            var own = paragraph.ParagraphProperties?.NumberingProperties;
            var styled = Styles(paragraph).Select(s => s.Numbering).FirstOrDefault(n => n is not null);
            var id = own?.NumberingId?.Val?.Value ?? styled?.NumberingId?.Val?.Value;
            var level = Math.Clamp(
                own?.NumberingLevelReference?.Val?.Value ?? styled?.NumberingLevelReference?.Val?.Value ?? 0,
                0,
                MostLevels - 1
            );
            if (id is null or 0 || List(id.Value) is not var (definition, levels, starts) || !levels.TryGetValue(level, out var shape))
                return "";

            if (!counters.TryGetValue(definition, out var counts))
                counters[definition] = counts = [.. Enumerable.Range(0, MostLevels).Select(l => First(levels, l) - 1)];
            if (begun.Add(id.Value))
                foreach (var (again, start) in starts)
                    counts[again] = start - 1;
            counts[level]++;
            // A deeper level begins anew, unless it says after which level alone, or never.
            for (var deeper = level + 1; deeper < MostLevels; deeper++)
                if (levels.GetValueOrDefault(deeper)?.Restart is not { } after || after > 0 && level + 1 <= after)
                    counts[deeper] = First(levels, deeper) - 1;

            if (shape.Format is { } bullet && bullet == NumberFormatValues.Bullet)
                return "● ";
            var label = new StringBuilder(shape.Text, 0, Math.Min(shape.Text.Length, LongestLabel), LongestLabel);
            for (var l = 0; l < MostLevels; l++)
                label.Replace(
                    $"%{l + 1}",
                    levels.TryGetValue(l, out var inner) ? Written(Math.Max(counts[l], 0), shape.IsLegal ? null : inner.Format, find) : ""
                );
            if (label.Length == 0)
                return "";
            // 第一条 and 1. stand apart from what follows; 一、 and （一） do not.
            return label[^1] is '、' or '）' or ')' or '．' or ' ' ? label.ToString() : label.Append(' ').ToString();
        }

        ListFacts? List(int id)
        {
            if (lists.TryGetValue(id, out var known))
                return known;
            if (instances.GetValueOrDefault(id) is not { AbstractNumId.Val.Value: var definition } instance)
                return lists[id] = null;
            var levels = new Dictionary<int, LevelFacts>();
            foreach (var level in definitions.GetValueOrDefault(definition)?.Elements<Level>().Take(MostLevels) ?? [])
                levels.TryAdd(level.LevelIndex?.Value ?? 0, LevelFacts.Of(level));
            var overriding = instance.Elements<LevelOverride>().Take(MostLevels).ToArray();
            foreach (var replaced in overriding)
                if (replaced.Level is { } whole)
                    levels[replaced.LevelIndex?.Value ?? 0] = LevelFacts.Of(whole);
            return lists[id] = new(
                definition,
                levels,
                [
                    .. overriding
                        .Where(o => o.StartOverrideNumberingValue?.Val?.Value is not null)
                        .Select(o => (Math.Clamp(o.LevelIndex?.Value ?? 0, 0, MostLevels - 1), o.StartOverrideNumberingValue!.Val!.Value)),
                ]
            );
        }

        IEnumerable<StyleFacts> Styles(Paragraph paragraph) => StylesOf(paragraph.ParagraphProperties?.ParagraphStyleId?.Val?.Value);

        IEnumerable<StyleFacts> StylesOf(string? id)
        {
            for (var depth = 0; depth < 20 && id is not null && styles.TryGetValue(id, out var style); depth++)
            {
                yield return style;
                id = style.BasedOn;
            }
        }

        static int First(Dictionary<int, LevelFacts> levels, int level) => levels.GetValueOrDefault(level)?.First ?? 1;

        static string Written(int number, NumberFormatValues? format, Action<string, Wording> find)
        {
            var arabic = number.ToString(CultureInfo.InvariantCulture);
            if (format is not { } f || f == NumberFormatValues.Decimal || f == NumberFormatValues.DecimalHalfWidth)
                return arabic;
            if (f == NumberFormatValues.None)
                return "";
            if (
                f == NumberFormatValues.ChineseCounting
                || f == NumberFormatValues.ChineseCountingThousand
                || f == NumberFormatValues.JapaneseCounting
                || f == NumberFormatValues.TaiwaneseCounting
                || f == NumberFormatValues.TaiwaneseCountingThousand
                || f == NumberFormatValues.JapaneseDigitalTenThousand
            )
                return number is >= 1 and <= 9999 ? ChineseNumerals.Write(number) : arabic;
            if (f == NumberFormatValues.ChineseLegalSimplified || f == NumberFormatValues.IdeographLegalTraditional)
                return number is >= 1 and <= 9999
                    ? Exchanged(ChineseNumerals.Write(number), "零一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")
                    : arabic;
            if (f == NumberFormatValues.IdeographDigital || f == NumberFormatValues.TaiwaneseDigital)
                return Exchanged(arabic, "0123456789", "〇一二三四五六七八九");
            if (f == NumberFormatValues.IdeographTraditional)
                return Of("甲乙丙丁戊己庚辛壬癸");
            if (f == NumberFormatValues.IdeographZodiac)
                return Of("子丑寅卯辰巳午未申酉戌亥");
            if (f == NumberFormatValues.DecimalZero)
                return number < 10 ? $"0{arabic}" : arabic;
            if (f == NumberFormatValues.DecimalFullWidth || f == NumberFormatValues.DecimalFullWidth2)
                return Exchanged(arabic, "0123456789", "０１２３４５６７８９");
            if (f == NumberFormatValues.DecimalEnclosedCircle || f == NumberFormatValues.DecimalEnclosedCircleChinese)
                return Run('①', 20);
            if (f == NumberFormatValues.DecimalEnclosedParen)
                return Run('⑴', 20);
            if (f == NumberFormatValues.DecimalEnclosedFullstop)
                return Run('⒈', 20);
            if (f == NumberFormatValues.IdeographEnclosedCircle)
                return Run('㊀', 10);
            if (f == NumberFormatValues.NumberInDash)
                return $"- {arabic} -";
            if (f == NumberFormatValues.LowerLetter)
                return LatinNumbers.Letters(number, 'a') ?? arabic;
            if (f == NumberFormatValues.UpperLetter)
                return LatinNumbers.Letters(number, 'A') ?? arabic;
            if (f == NumberFormatValues.LowerRoman)
                return LatinNumbers.Roman(number)?.ToLowerInvariant() ?? arabic;
            if (f == NumberFormatValues.UpperRoman)
                return LatinNumbers.Roman(number) ?? arabic;
            find("word.numbering", $"A list counts in a way that is not known here; {arabic} was written.");
            return arabic;

            string Of(string row) => number >= 1 && number <= row.Length ? row[number - 1].ToString() : arabic;

            string Run(char first, int count) => number >= 1 && number <= count ? ((char)(first + number - 1)).ToString() : arabic;

            static string Exchanged(string text, string from, string to) =>
                string.Concat(text.Select(c => from.IndexOf(c) is var at and >= 0 ? to[at] : c));
        }
    }
}
