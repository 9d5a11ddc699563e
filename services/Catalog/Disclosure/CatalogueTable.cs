using System.Globalization;
using System.Text.RegularExpressions;
using CsvHelper;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.Shared.Attachments;

namespace PolicyPlatform.Catalog.Disclosure;

/// <summary>A sheet of an Excel file, from its first row on; what stands in merged cells stands in each of them.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsHidden">Whether a person does not see it.</param>
/// <param name="Rows">Its rows that are not blank, each with its cells from the first column on.</param>
/// <param name="Numbers">The numbers of these rows in the sheet, 1 for the first: between two there may be thousands of blank ones.</param>
sealed record SheetCells(string Name, bool IsHidden, IReadOnlyList<IReadOnlyList<string>> Rows, IReadOnlyList<int> Numbers);

/// <summary>A row of a table, its cells by their headings.</summary>
/// <param name="number">Its number in the table, 1 for the first row.</param>
sealed class NamedRow(int number) : Dictionary<string, string>
{
    /// <summary>Its number in the table, 1 for the first row.</summary>
    public int Number => number;
}

/// <summary>A table of texts, as CSV or as the first sheet of an Excel file.</summary>
static partial class CatalogueTable
{
    public const string Csv = "text/csv",
        Excel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    // A table of more rows is refused; no more are made for it.
    public const int MostRows = 10_000;

    // Excel keeps 32,767 characters in a cell.
    const int LongestCell = 32_000,
        MostColumns = 256,
        MostMerged = 20_000,
        MostAbove = 20,
        LastRow = 1_048_576;

    // The heading of a column that goes on with what did not fit into the cells of the one before it.
    const string Continued = "（续）";

    // A spreadsheet takes what begins so for a formula.
    static readonly char[] Formula = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

    /// <summary>
    /// The rows, each with its cells by the headings, which stand in the first row or below a title; null for what is no such table.
    /// </summary>
    public static IReadOnlyList<NamedRow>? Read(byte[] content, string mediaType) =>
        Guarded(() =>
        {
            var sheet = mediaType == Excel ? FromExcel(content, first: true)?[0] : FromCsv(content);
            if (sheet is null or { Rows: [] })
                return null;
            var headings = Enumerable
                .Range(0, Math.Min(sheet.Rows.Count, MostAbove))
                .FirstOrDefault(i => !ExportItems.Headings.Except(sheet.Rows[i].Select(Characters.Clean)).Any());
            return (IReadOnlyList<NamedRow>)
                [
                    .. Enumerable
                        .Range(headings + 1, sheet.Rows.Count - headings - 1)
                        .Where(i => sheet.Rows[i].Any(c => c.Length > 0))
                        .Select(i => Named(sheet.Rows[headings], sheet.Rows[i], sheet.Numbers[i])),
                ];
        });

    /// <summary>The sheets of an Excel file; null for what is none.</summary>
    public static IReadOnlyList<SheetCells>? Sheets(byte[] content) => Guarded(() => FromExcel(content, first: false));

    static T? Guarded<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception e)
            when (e
                    is OpenXmlPackageException
                        or InvalidDataException
                        or FileFormatException
                        or FormatException
                        or System.Xml.XmlException
                        or IOException
                        or ArgumentException
                        // A part that is named and not there.
                        or InvalidOperationException
                        or OverflowException
                        or CsvFormatException
            )
        {
            return null;
        }
    }

    static NamedRow Named(IReadOnlyList<string> headings, IReadOnlyList<string> cells, int number)
    {
        var row = new NamedRow(number);
        for (var i = 0; i < headings.Count; i++)
            row.TryAdd(Characters.Clean(headings[i]), i < cells.Count ? Characters.Clean(cells[i]).Trim() : "");
        return row;
    }

    static SheetCells? FromCsv(byte[] content)
    {
        if (TextEncodings.Detect(content) is not { } text)
            return null;
        text = text.TrimStart('\uFEFF');
        var above = TitleAbove(text);
        using var csv = CsvReader.FromText(text[above.Characters..], new() { TrimWhitespace = true });
        csv.ReadHeader();
        var headings = csv.Headers.Take(MostColumns).ToArray();
        var rows = new List<IReadOnlyList<string>> { headings };
        while (rows.Count <= MostRows && csv.Read())
            rows.Add([.. headings.Select(h => Unescaped(csv.GetString(h)))]);
        return new("", false, rows, [.. rows.Select((_, i) => above.Lines + i + 1)]);
    }

    // A title above the headings, as people put one there.
    static (int Lines, int Characters) TitleAbove(string text)
    {
        var at = 0;
        for (var line = 0; line < MostAbove; line++)
        {
            var end = text.IndexOf('\n', at);
            var written = end < 0 ? text[at..] : text[at..end];
            if (ExportItems.Headings.All(h => written.Contains(h, StringComparison.Ordinal)))
                return (line, at);
            if (end < 0)
                break;
            at = end + 1;
        }
        return (0, 0);
    }

    // A spreadsheet takes what begins with = for a formula; behind ' it is a text. What begins with ' before such a sign has one more.
    static string Escaped(string cell) => IsEscaped(cell) ? $"'{cell}" : cell;

    // What was escaped when it was written is itself again.
    static string Unescaped(string cell) => cell.Length > 1 && cell[0] == '\'' && IsEscaped(cell) ? cell[1..] : cell;

    static bool IsEscaped(string cell) => cell.TrimStart('\'') is [var sign, ..] && Formula.Contains(sign);

    static List<SheetCells>? FromExcel(byte[] content, bool first)
    {
        using var package = new MemoryStream(content, writable: false);
        if (!OfficePackage.IsReadable(package))
            return null;
        using var file = SpreadsheetDocument.Open(
            package,
            isEditable: false,
            new OpenSettings { MaxCharactersInPart = OfficePackage.LongestPart }
        );
        if (file.WorkbookPart is not { } book || book.Workbook?.Sheets?.Elements<Sheet>().ToArray() is not { Length: > 0 } sheets)
            return null;
        var formats = new Formats(book);
        var shared = book.SharedStringTablePart?.SharedStringTable?.Elements<SharedStringItem>().Select(Written).ToArray() ?? [];
        var read = new List<SheetCells>();
        var filled = 0;
        foreach (var sheet in first ? sheets.Take(1) : sheets)
        {
            if (sheet.Id?.Value is not { } id || book.GetPartById(id) is not WorksheetPart { Worksheet: { } cells })
            {
                // A sheet may be a chart.
                if (first)
                    return null;
                continue;
            }
            var rows = Rows(cells, formats, shared, MostRows - read.Sum(s => s.Rows.Count));
            if (!Merged(cells, rows, ref filled))
                return null;
            Join(rows);
            read.Add(
                new(
                    sheet.Name?.Value ?? "",
                    sheet.State is not null && sheet.State.Value != SheetStateValues.Visible,
                    [.. rows.Select(r => r.Cells)],
                    [.. rows.Select(r => r.Number)]
                )
            );
        }
        return read is [] ? null : read;
    }

    // Beside its words a text may have how they are pronounced.
    static string Written(OpenXmlElement text) =>
        Coded()
            .Replace(
                string.Concat(text.Descendants<Text>().Where(t => t.Parent is not PhoneticRun).Select(t => t.Text)),
                code => $"{(char)int.Parse(code.Groups["code"].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture)}"
            );

    /// <summary>The text of a cell, as it is written: what looks like a code of a character in it is none.</summary>
    public static Text Kept(string text) => new(LooksCoded().Replace(text, "_x005F_")) { Space = SpaceProcessingModeValues.Preserve };

    // A spreadsheet writes what XML has no place for by its code (ECMA-376, 22.9.2.19).
    [GeneratedRegex("_x(?<code>[0-9A-Fa-f]{4})_", RegexOptions.NonBacktracking)]
    private static partial Regex Coded();

    // Two that look so may share the sign between them.
    [GeneratedRegex("_(?=x[0-9A-Fa-f]{4}_)")]
    private static partial Regex LooksCoded();

    /// <summary>
    /// Rows of which no cell is longer than Excel keeps: what is longer goes on in columns to the right, which are headed so and are one with it
    /// again when they are read.
    /// </summary>
    /// <param name="headings">The headings.</param>
    /// <param name="rows">The rows.</param>
    /// <returns>The places of the columns in what was given, each with its heading and how many pieces come before it; and the rows.</returns>
    public static (IReadOnlyList<(int Column, string Heading)> Columns, IReadOnlyList<IReadOnlyList<string>> Rows) Spread(
        IReadOnlyList<string> headings,
        IReadOnlyList<IReadOnlyList<string>> rows
    )
    {
        var pieces = rows.Select(r => r.Select(Pieces).ToArray()).ToArray();
        int[] wide = [.. headings.Select((_, c) => pieces.Select(r => r[c].Count).Append(1).Max())];
        return (
            [.. headings.SelectMany((h, c) => Enumerable.Range(0, wide[c]).Select(n => (c, n == 0 ? h : $"{h}{Continued}")))],
            [
                .. pieces.Select(
                    IReadOnlyList<string> (r) =>
                        [.. r.SelectMany((p, c) => Enumerable.Range(0, wide[c]).Select(n => n < p.Count ? p[n] : ""))]
                ),
            ]
        );
    }

    // Not within a character, and not where blanks would be at an end: those of a cell do not count.
    static List<string> Pieces(string text)
    {
        var pieces = new List<string>();
        // What looks like the code of a character is written longer than it is, less than twice as long.
        var longest = Coded().IsMatch(text) ? LongestCell / 2 : LongestCell;
        while (text.Length > longest)
        {
            var cut = longest;
            while (
                cut > longest / 2 && (char.IsWhiteSpace(text[cut - 1]) || char.IsWhiteSpace(text[cut]) || char.IsLowSurrogate(text[cut]))
            )
                cut--;
            pieces.Add(text[..cut]);
            text = text[cut..];
        }
        return [.. pieces, text];
    }

    // What did not fit into one cell is one again.
    static void Join(List<(int Number, List<string> Cells)> rows)
    {
        const int LeastKnown = 4;
        var h = rows.FindIndex(r => r.Cells.Intersect(ExportItems.Headings).Count() >= LeastKnown);
        if (h is < 0 or > MostAbove)
            return;
        var headings = rows[h].Cells.ToArray();
        var into = 0;
        for (var c = 1; c < headings.Length; c++)
        {
            if (headings[c] != $"{headings[into]}{Continued}")
            {
                into = c;
                continue;
            }
            for (var r = h; r < rows.Count; r++)
                if (rows[r].Cells is var cells && c < cells.Count)
                {
                    // Merged with what stands below it, the heading stands there as well.
                    if (r > h + 1 || cells[c] != headings[c])
                        cells[into] += cells[c];
                    cells[c] = "";
                }
        }
    }

    static List<(int Number, List<string> Cells)> Rows(Worksheet sheet, Formats formats, string[] shared, int most)
    {
        var rows = new List<(int Number, List<string> Cells)>();
        var last = 0;
        foreach (var row in sheet.Descendants<Row>())
        {
            if (rows.Count > most)
                break;
            // A row names its number; blank ones before it are left out of the file.
            last = row.RowIndex?.Value is { } index && index > last && index <= LastRow ? (int)index : last + 1;
            var cells = new List<string>();
            foreach (var cell in row.Elements<Cell>())
            {
                // A cell names its column; empty ones before it are left out of the file.
                var column = cell.CellReference?.Value is { } reference ? Column(reference) : cells.Count;
                if (column is < 0 or >= MostColumns || column < cells.Count)
                    continue;
                while (cells.Count < column)
                    cells.Add("");
                cells.Add(
                    (
                        cell.DataType?.Value == CellValues.SharedString && uint.TryParse(cell.InnerText, out var at) && at < shared.Length
                            ? shared[at]
                            : (cell.InlineString is { } inline ? Written(inline) : null)
                                ?? formats.Day(cell)
                                ?? cell.CellValue?.InnerText
                                ?? ""
                    ).Trim()
                );
            }
            // Rows that were only given a form stand below many a table.
            if (cells.Any(c => c.Length > 0))
                rows.Add((last, cells));
        }
        return rows;
    }

    /// <summary>How the cells of a file show their numbers; many cells share one format.</summary>
    sealed class Formats(WorkbookPart book)
    {
        readonly uint[] formats =
        [
            .. book.WorkbookStylesPart?.Stylesheet?.CellFormats?.Elements<CellFormat>().Select(f => f.NumberFormatId?.Value ?? 0) ?? [],
        ];
        readonly HashSet<uint> days =
        [
            .. (book.WorkbookStylesPart?.Stylesheet?.NumberingFormats?.Elements<NumberingFormat>() ?? [])
                .Where(f =>
                    f.FormatCode?.Value is { } code
                    && code.Contains('d', StringComparison.OrdinalIgnoreCase)
                    && code.Contains('m', StringComparison.OrdinalIgnoreCase)
                )
                .Select(f => f.NumberFormatId?.Value ?? 0),
        ];

        /// <summary>The day that a cell shows, which the file keeps as a number; null for anything else.</summary>
        public string? Day(Cell cell)
        {
            if (
                cell.DataType is not null && cell.DataType.Value != CellValues.Number
                || cell.StyleIndex?.Value is not { } style
                || !double.TryParse(cell.CellValue?.InnerText, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                || number is < 1 or > 2_958_465
            )
                return null;
            var format = style < formats.Length ? formats[style] : 0;
            // Built in are 14 to 17 and 22, and 27 to 36 and 50 to 58 for East Asian languages (ECMA-376, 18.8.30).
            var isDay = format is >= 14 and <= 17 or 22 or >= 27 and <= 36 or >= 50 and <= 58 || days.Contains(format);
            return isDay ? DateTime.FromOADate(number).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null;
        }
    }

    /// <summary>
    /// What stands in a cell that several were merged into holds for all of them, in the rows that are not blank. False where ranges lie over
    /// each other more often than a sheet has cells, and where there are more of them than a table has.
    /// </summary>
    static bool Merged(Worksheet sheet, List<(int Number, List<string> Cells)> rows, ref int filled)
    {
        var ranges = sheet
            .Descendants<MergeCell>()
            .Select(m => m.Reference?.Value?.Split(':'))
            .OfType<string[]>()
            .Where(r => r.Length == 2);
        var width = rows.Select(r => r.Cells.Count).DefaultIfEmpty().Max();
        var places = rows.Select((r, i) => (r.Number, i)).ToDictionary(r => r.Number, r => r.i);
        foreach (var (range, n) in ranges.Select((r, n) => (r, n)))
        {
            if (n >= MostMerged)
                return false;
            var (left, right, top, bottom) = (Column(range[0]), Column(range[1]), RowOf(range[0]), RowOf(range[1]));
            if (left < 0 || right < left || !places.TryGetValue(top, out var first) || left >= rows[first].Cells.Count)
                continue;
            right = Math.Min(right, width - 1);
            var said = rows[first].Cells[left];
            for (var r = first; r < rows.Count && rows[r].Number <= bottom; r++)
            {
                var cells = rows[r].Cells;
                while (cells.Count <= right)
                    cells.Add("");
                for (var c = left; c <= Math.Min(right, cells.Count - 1); c++)
                {
                    if (++filled > MostRows * MostColumns)
                        return false;
                    cells[c] = said;
                }
            }
        }
        return true;

        static int RowOf(string reference) =>
            int.TryParse(reference.AsSpan().TrimStart("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz$"), out var row) ? row : -1;
    }

    /// <summary>The letters of a column, A for 0.</summary>
    public static string Letters(int column) =>
        column < 26 ? $"{(char)('A' + column)}" : $"{Letters(column / 26 - 1)}{(char)('A' + column % 26)}";

    static int Column(string reference)
    {
        var column = 0;
        // Excel has three letters.
        foreach (var letter in reference.TakeWhile(char.IsAsciiLetter).Take(4))
            column = column * 26 + char.ToUpperInvariant(letter) - 'A' + 1;
        return column - 1;
    }

    /// <summary>The table as CSV. A spreadsheet reads UTF-8 only by its mark.</summary>
    public static byte[] ToCsv(IEnumerable<IReadOnlyList<string>> rows)
    {
        using var table = new MemoryStream();
        using (var csv = CsvWriter.Create(table, new() { WriteByteOrderMark = true, Injection = CsvInjection.None }, true))
            foreach (var row in rows)
                csv.WriteRecord([.. row.Select(Escaped)]);
        return table.ToArray();
    }

    /// <summary>The table as an Excel file of one sheet. Its cells are texts: none is a formula.</summary>
    public static byte[] ToExcel(IEnumerable<IReadOnlyList<string>> rows, string sheet)
    {
        var all = rows.ToArray();
        if (all is not [])
        {
            var (columns, spread) = Spread(all[0], all[1..]);
            all =
            [
                [.. columns.Select(c => c.Heading)],
                .. spread,
            ];
        }
        using var content = new MemoryStream();
        using (var file = SpreadsheetDocument.Create(content, SpreadsheetDocumentType.Workbook))
        {
            var book = file.AddWorkbookPart();
            var part = book.AddNewPart<WorksheetPart>();
            part.Worksheet = new(
                new SheetData(
                    all.Select(r => new Row(r.Select(c => new Cell { DataType = CellValues.InlineString, InlineString = new(Kept(c)) })))
                )
            );
            book.Workbook = new(
                new Sheets(
                    new Sheet
                    {
                        Id = book.GetIdOfPart(part),
                        SheetId = 1,
                        Name = sheet,
                    }
                )
            );
        }
        return content.ToArray();
    }
}
