using System.Globalization;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using Drawing = DocumentFormat.OpenXml.Drawing;

namespace PolicyPlatform.Documents.Text;

/// <summary>A file that a text holds: an image of a Word file.</summary>
/// <param name="Name">As it is named in the text: 图1.</param>
/// <param name="MediaType">image/png.</param>
/// <param name="Content">The bytes.</param>
public sealed record FileInText(string Name, string MediaType, byte[] Content);

/// <summary>
/// Reads a text that comes as a Word file, as one reads it on paper: numbers that Word's lists make are written out, tracked changes are accepted, hidden text is not
/// there, a row of a table is a line, a footnote stands at the end under its mark, an image leaves a mark and is kept as a file.
/// </summary>
public static class DocxText
{
    const long LongestPart = 50_000_000;

    /// <summary>Cuts a Word file into blocks; null when it is none.</summary>
    public static (IReadOnlyList<CutBlock> Blocks, IReadOnlyList<FileInText> Files)? Cut(Stream docx)
    {
        try
        {
            using var word = WordprocessingDocument.Open(docx, false, new OpenSettings { MaxCharactersInPart = LongestPart });
            if (word.MainDocumentPart?.Document?.Body is not { } body) return null;
            var reader = new Reader(word.MainDocumentPart);
            reader.Read(body);
            reader.ReadNotes();
            return (TextStructure.Cut(reader.Lines), reader.Files);
        }
        catch (Exception e) when (e is OpenXmlPackageException or FileFormatException or InvalidDataException or System.Xml.XmlException or IOException or ArgumentException or FormatException)
        {
            return null;
        }
    }

    sealed class Reader(MainDocumentPart part)
    {
        readonly Numbering numbering = new(part);
        readonly List<(string Mark, OpenXmlElement Note)> notes = [];
        // The beginning of a paragraph whose end mark is deleted: it goes on in the next one.
        string carried = "";

        public List<MarkedLine> Lines { get; } = [];
        public List<FileInText> Files { get; } = [];

        public void Read(OpenXmlElement container)
        {
            foreach (var element in container.ChildElements)
            {
                switch (element)
                {
                    case Paragraph paragraph: Read(paragraph); break;
                    case Table table: Read(table); break;
                    case SdtBlock { SdtContentBlock: { } content }: Read(content); break;
                    case CustomXmlBlock or SdtContentBlock or InsertedRun or MoveToRun: Read(element); break;
                }
            }
        }

        public void ReadNotes()
        {
            foreach (var (mark, note) in notes)
                Add($"{mark} {string.Join(' ', note.Descendants<Paragraph>().Select(Words).Where(w => w.Length > 0))}", 0);
        }

        void Read(Paragraph paragraph)
        {
            var words = carried + Words(paragraph);
            carried = "";
            if (paragraph.ParagraphProperties?.ParagraphMarkRunProperties?.GetFirstChild<Deleted>() is not null)
            {
                carried = words;
                return;
            }
            if (words.Trim().Length > 0) Add(numbering.Label(paragraph) + words, numbering.HeadingLevel(paragraph));
        }

        void Read(Table table)
        {
            foreach (var row in table.Descendants<TableRow>().Where(r => r.Ancestors<Table>().First() == table))
            {
                if (row.TableRowProperties?.GetFirstChild<Deleted>() is not null) continue;
                Add(string.Join(' ', row.Descendants<TableCell>().Where(c => c.Ancestors<TableRow>().First() == row)
                    .Select(cell => string.Join(' ', cell.Descendants<Paragraph>().Select(p => (numbering.Label(p) + Words(p)).Trim()).Where(w => w.Length > 0)))
                    .Where(w => w.Length > 0)), 0);
            }
        }

        void Add(string words, int level)
        {
            foreach (var line in CanonicalText.Lines(words)) Lines.Add(new(line, level));
        }

        string Words(OpenXmlElement paragraph)
        {
            var words = new StringBuilder();
            Collect(paragraph, words);
            return words.ToString();
        }

        void Collect(OpenXmlElement element, StringBuilder words)
        {
            foreach (var child in element.ChildElements)
            {
                switch (child)
                {
                    case DeletedRun or MoveFromRun or ParagraphProperties or FieldCode or DeletedText or RunProperties: break;
                    case Run { RunProperties.Vanish: { } vanish } when vanish.Val is null || vanish.Val.Value: break;
                    case DocumentFormat.OpenXml.Wordprocessing.Text text: words.Append(text.Text); break;
                    case TabChar: words.Append(' '); break;
                    case Break or CarriageReturn: words.Append('\n'); break;
                    case NoBreakHyphen: words.Append('-'); break;
                    case SymbolChar { Char.Value: { } code } when int.TryParse(code, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var symbol) && symbol is < 0xE000 or > 0xF8FF: words.Append((char)symbol); break;
                    case FootnoteReference { Id: { } id }: Note(words, part.FootnotesPart?.Footnotes?.Elements<Footnote>().FirstOrDefault(f => f.Id?.Value == id.Value)); break;
                    case EndnoteReference { Id: { } id }: Note(words, part.EndnotesPart?.Endnotes?.Elements<Endnote>().FirstOrDefault(f => f.Id?.Value == id.Value)); break;
                    // A drawing is there twice: as it is meant, and for old readers.
                    case AlternateContent alternatives: Collect(alternatives.GetFirstChild<AlternateContentChoice>() ?? (OpenXmlElement)alternatives, words); break;
                    case Drawing.Blip { Embed.Value: { } image }: Image(words, image); break;
                    case DocumentFormat.OpenXml.Vml.ImageData { RelationshipId.Value: { } image }: Image(words, image); break;
                    // The paragraphs of a text box are lines of their own.
                    case TextBoxContent box:
                        foreach (var paragraph in box.Elements<Paragraph>()) words.Append('\n').Append(Words(paragraph));
                        words.Append('\n');
                        break;
                    default: Collect(child, words); break;
                }
            }
        }

        void Note(StringBuilder words, OpenXmlElement? note)
        {
            if (note is null) return;
            var mark = string.Create(CultureInfo.InvariantCulture, $"[注{notes.Count + 1}]");
            notes.Add((mark, note));
            words.Append(mark);
        }

        void Image(StringBuilder words, string relationship)
        {
            if (!part.TryGetPartById(relationship, out var found) || found is not ImagePart image) return;
            using var content = image.GetStream();
            using var bytes = new MemoryStream();
            content.CopyTo(bytes);
            var name = string.Create(CultureInfo.InvariantCulture, $"图{Files.Count + 1}");
            Files.Add(new(name, image.ContentType, bytes.ToArray()));
            words.Append('[').Append(name).Append(']');
        }
    }

    /// <summary>The numbers that Word shows and does not store: counted along as paragraphs go by.</summary>
    sealed class Numbering(MainDocumentPart part)
    {
        readonly DocumentFormat.OpenXml.Wordprocessing.Numbering? numbering = part.NumberingDefinitionsPart?.Numbering;
        readonly Dictionary<string, Style> styles = (part.StyleDefinitionsPart?.Styles?.Elements<Style>() ?? []).Where(s => s.StyleId is not null).DistinctBy(s => s.StyleId!.Value!).ToDictionary(s => s.StyleId!.Value!);
        readonly Dictionary<int, int[]> counters = [];
        readonly HashSet<int> begun = [];

        /// <summary>The level of an unnumbered heading as its style tells: 1 for a title; 0 for none.</summary>
        public int HeadingLevel(Paragraph paragraph)
        {
            foreach (var style in Styles(paragraph))
            {
                if (string.Equals(style.StyleName?.Val?.Value, "title", StringComparison.OrdinalIgnoreCase)) return 1;
                if (style.StyleParagraphProperties?.OutlineLevel?.Val?.Value is { } level and < 9) return level + 2;
            }
            return 0;
        }

        public string Label(Paragraph paragraph)
        {
            var own = paragraph.ParagraphProperties?.NumberingProperties;
            var styled = Styles(paragraph).Select(s => s.StyleParagraphProperties?.NumberingProperties).FirstOrDefault(n => n is not null);
            var id = own?.NumberingId?.Val?.Value ?? styled?.NumberingId?.Val?.Value;
            var level = Math.Clamp(own?.NumberingLevelReference?.Val?.Value ?? styled?.NumberingLevelReference?.Val?.Value ?? 0, 0, 8);
            if (id is null or 0 || numbering?.Elements<NumberingInstance>().FirstOrDefault(n => n.NumberID?.Value == id) is not { AbstractNumId.Val.Value: var definition } instance) return "";
            var levels = numbering.Elements<AbstractNum>().FirstOrDefault(a => a.AbstractNumberId?.Value == definition)?.Elements<Level>().ToDictionary(l => l.LevelIndex?.Value ?? 0) ?? [];
            foreach (var replaced in instance.Elements<LevelOverride>())
                if (replaced.Level is { } whole) levels[replaced.LevelIndex?.Value ?? 0] = whole;
            if (!levels.TryGetValue(level, out var shape)) return "";

            if (!counters.TryGetValue(definition, out var counts)) counters[definition] = counts = [.. Enumerable.Range(0, 9).Select(l => First(levels, l) - 1)];
            if (begun.Add(id.Value))
                foreach (var again in instance.Elements<LevelOverride>())
                    if (again.StartOverrideNumberingValue?.Val?.Value is { } start) counts[Math.Clamp(again.LevelIndex?.Value ?? 0, 0, 8)] = start - 1;
            counts[level]++;
            for (var deeper = level + 1; deeper < 9; deeper++) counts[deeper] = First(levels, deeper) - 1;

            if (shape.NumberingFormat?.Val?.Value is { } bullet && bullet == NumberFormatValues.Bullet) return "● ";
            var label = new StringBuilder(shape.LevelText?.Val?.Value ?? "");
            for (var l = 0; l < 9; l++)
                label.Replace($"%{l + 1}", levels.TryGetValue(l, out var inner) ? Written(Math.Max(counts[l], 1), shape.IsLegalNumberingStyle is not null ? null : inner.NumberingFormat?.Val?.Value) : "");
            if (label.Length == 0) return "";
            // 第一条 and 1. stand apart from what follows; 一、 and （一） do not.
            return label[^1] is '、' or '）' or ')' or '．' ? label.ToString() : label.Append(' ').ToString();
        }

        IEnumerable<Style> Styles(Paragraph paragraph)
        {
            var id = paragraph.ParagraphProperties?.ParagraphStyleId?.Val?.Value;
            for (var depth = 0; depth < 20 && id is not null && styles.TryGetValue(id, out var style); depth++)
            {
                yield return style;
                id = style.BasedOn?.Val?.Value;
            }
        }

        static int First(Dictionary<int, Level> levels, int level) => levels.GetValueOrDefault(level)?.StartNumberingValue?.Val?.Value ?? 1;

        static string Written(int number, NumberFormatValues? format)
        {
            var arabic = number.ToString(CultureInfo.InvariantCulture);
            if (format is not { } f) return arabic;
            if (f == NumberFormatValues.ChineseCounting || f == NumberFormatValues.ChineseCountingThousand || f == NumberFormatValues.JapaneseCounting || f == NumberFormatValues.TaiwaneseCounting
                || f == NumberFormatValues.TaiwaneseCountingThousand || f == NumberFormatValues.ChineseLegalSimplified || f == NumberFormatValues.JapaneseDigitalTenThousand) return number <= 9999 ? ChineseNumerals.Write(number) : arabic;
            if (f == NumberFormatValues.DecimalFullWidth || f == NumberFormatValues.DecimalFullWidth2) return string.Concat(arabic.Select(c => (char)(c - '0' + '０')));
            if (f == NumberFormatValues.DecimalEnclosedCircle || f == NumberFormatValues.DecimalEnclosedCircleChinese) return number <= 20 ? ((char)('①' + number - 1)).ToString() : arabic;
            if (f == NumberFormatValues.LowerLetter) return ((char)('a' + (number - 1) % 26)).ToString();
            if (f == NumberFormatValues.UpperLetter) return ((char)('A' + (number - 1) % 26)).ToString();
            if (f == NumberFormatValues.LowerRoman) return Roman(number).ToLowerInvariant();
            return f == NumberFormatValues.UpperRoman ? Roman(number) : f == NumberFormatValues.None ? "" : arabic;
        }

        static string Roman(int number)
        {
            var text = new StringBuilder();
            foreach (var (value, sign) in new[] { (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I") })
                for (; number >= value; number -= value) text.Append(sign);
            return text.ToString();
        }
    }
}
