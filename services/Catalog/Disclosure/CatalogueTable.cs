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
/// <param name="Rows">Its rows, each with its cells from the first column on.</param>
sealed record SheetCells(string Name, bool IsHidden, IReadOnlyList<IReadOnlyList<string>> Rows);

/// <summary>A table of texts, as CSV or as the first sheet of an Excel file.</summary>
static class CatalogueTable
{
    public const string Csv = "text/csv",
        Excel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    // A table of more rows is refused; no more are made for it.
    public const int MostRows = 10_000;

    const int MostColumns = 256,
        MostMerged = 10_000,
        MostSheets = 60;

    static readonly char[] Formula = ['=', '+', '-', '@'];

    /// <summary>The rows, each with its cells by the headings of the first row; null for what is no such table.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>>? Read(byte[] content, string mediaType) =>
        Guarded(() =>
        {
            var rows = mediaType == Excel ? FromExcel(content, first: true)?[0].Rows : FromCsv(content);
            return rows is null or { Count: 0 }
                ? null
                : (IReadOnlyList<IReadOnlyDictionary<string, string>>)
                    [.. rows.Skip(1).Where(r => r.Any(c => c.Length > 0)).Select(r => Named(rows[0], r))];
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

    static Dictionary<string, string> Named(IReadOnlyList<string> headings, IReadOnlyList<string> cells)
    {
        var row = new Dictionary<string, string>();
        for (var i = 0; i < headings.Count; i++)
            row.TryAdd(Characters.Clean(headings[i]), i < cells.Count ? Characters.Clean(cells[i]) : "");
        return row;
    }

    static List<IReadOnlyList<string>>? FromCsv(byte[] content)
    {
        if (TextEncodings.Detect(content) is not { } text)
            return null;
        using var csv = CsvReader.FromText(text.TrimStart('\uFEFF'), new() { TrimWhitespace = true });
        csv.ReadHeader();
        var headings = csv.Headers.Take(MostColumns).ToArray();
        var rows = new List<IReadOnlyList<string>> { headings };
        // What was escaped against formulas when it was written is itself again.
        while (rows.Count <= MostRows && csv.Read())
            rows.Add([
                .. headings.Select(h => csv.GetString(h)).Select(c => c.Length > 1 && c[0] == '\'' && Formula.Contains(c[1]) ? c[1..] : c),
            ]);
        return rows;
    }

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
        foreach (var sheet in sheets.Take(first ? 1 : MostSheets))
        {
            if (sheet.Id?.Value is not { } id || book.GetPartById(id) is not WorksheetPart { Worksheet: { } cells })
            {
                // A sheet may be a chart.
                if (first)
                    return null;
                continue;
            }
            var rows = Rows(cells, formats, shared, MostRows - read.Sum(s => s.Rows.Count));
            // Rows that were only given a form stand below many a table.
            while (!first && rows is [.., var last] && last.All(c => c.Length == 0))
                rows.RemoveAt(rows.Count - 1);
            // Beyond the headings of a table nothing is read.
            var width = first ? rows.Select(r => r.Count).FirstOrDefault() : rows.Select(r => r.Count).DefaultIfEmpty().Max();
            if (!Merged(cells, rows, width, ref filled))
                return null;
            read.Add(new(sheet.Name?.Value ?? "", sheet.State is not null && sheet.State.Value != SheetStateValues.Visible, [.. rows]));
        }
        return read is [] ? null : read;
    }

    // Beside its words a text may have how they are pronounced.
    static string Written(OpenXmlElement text) =>
        string.Concat(text.Descendants<Text>().Where(t => t.Parent is not PhoneticRun).Select(t => t.Text));

    static List<List<string>> Rows(Worksheet sheet, Formats formats, string[] shared, int most)
    {
        var rows = new List<List<string>>();
        foreach (var row in sheet.Descendants<Row>())
        {
            if (rows.Count > most)
                break;
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
            // A row that the file leaves out is an empty one: the others keep their numbers.
            while (row.RowIndex?.Value is { } index && rows.Count + 1 < index && rows.Count < most)
                rows.Add([]);
            rows.Add(cells);
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
                || !double.TryParse(
                    cell.CellValue?.InnerText,
                    System.Globalization.NumberStyles.Float,
                    System.Globalization.CultureInfo.InvariantCulture,
                    out var number
                )
                || number is < 1 or > 2_958_465
            )
                return null;
            var format = style < formats.Length ? formats[style] : 0;
            // Built in are 14 to 17 and 22, and 27 to 36 and 50 to 58 for East Asian languages (ECMA-376, 18.8.30).
            var isDay = format is >= 14 and <= 17 or 22 or >= 27 and <= 36 or >= 50 and <= 58 || days.Contains(format);
            return isDay ? DateTime.FromOADate(number).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) : null;
        }
    }

    /// <summary>
    /// What stands in a cell that several were merged into holds for all of them, up to a width. False where ranges lie over each other
    /// more often than a sheet has cells.
    /// </summary>
    static bool Merged(Worksheet sheet, List<List<string>> rows, int width, ref int filled)
    {
        foreach (
            var range in sheet
                .Descendants<MergeCell>()
                .Select(m => m.Reference?.Value?.Split(':'))
                .OfType<string[]>()
                .Where(r => r.Length == 2)
                .Take(MostMerged)
        )
        {
            var (left, right, top, bottom) = (Column(range[0]), Column(range[1]), RowOf(range[0]), RowOf(range[1]));
            if (left < 0 || right < left || top < 0 || top >= rows.Count || left >= rows[top].Count)
                continue;
            right = Math.Min(right, width - 1);
            var said = rows[top][left];
            for (var r = top; r <= Math.Min(bottom, Math.Min(rows.Count, MostRows) - 1); r++)
            {
                var cells = rows[r];
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
            int.TryParse(reference.AsSpan().TrimStart("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz$"), out var row) ? row - 1 : -1;
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

    /// <summary>The table as CSV. A spreadsheet reads UTF-8 only by its mark, and takes what begins with = for a formula.</summary>
    public static byte[] ToCsv(IEnumerable<IReadOnlyList<string>> rows)
    {
        using var table = new MemoryStream();
        using (var csv = CsvWriter.Create(table, new() { WriteByteOrderMark = true, Injection = CsvInjection.Escape }, true))
            foreach (var row in rows)
                csv.WriteRecord([.. row]);
        return table.ToArray();
    }

    /// <summary>The table as an Excel file of one sheet. Its cells are texts: none is a formula.</summary>
    public static byte[] ToExcel(IEnumerable<IReadOnlyList<string>> rows, string sheet)
    {
        using var content = new MemoryStream();
        using (var file = SpreadsheetDocument.Create(content, SpreadsheetDocumentType.Workbook))
        {
            var book = file.AddWorkbookPart();
            var part = book.AddNewPart<WorksheetPart>();
            part.Worksheet = new(
                new SheetData(
                    rows.Select(r => new Row(
                        r.Select(c => new Cell
                        {
                            DataType = CellValues.InlineString,
                            InlineString = new(new Text(c) { Space = SpaceProcessingModeValues.Preserve }),
                        })
                    ))
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
