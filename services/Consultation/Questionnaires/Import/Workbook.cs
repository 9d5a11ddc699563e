using System.Globalization;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Shared.Attachments;

namespace PolicyPlatform.Consultation.Questionnaires.Import;

/// <summary>A row of a sheet.</summary>
/// <param name="Number">Its number in the file.</param>
/// <param name="Cells">Its cells by the headings of the first row that is not blank, blank ones left out.</param>
/// <param name="Formulas">The headings of the cells that are computed: of them the value stands here that was kept in the file.</param>
sealed record SheetRow(int Number, IReadOnlyDictionary<string, string> Cells, IReadOnlyList<string> Formulas)
{
    /// <summary>A cell; empty for none.</summary>
    public string this[string heading] => Cells.GetValueOrDefault(heading, "");
}

/// <summary>The sheets of an Excel file as texts. Nothing is computed.</summary>
static class Workbook
{
    public const string MediaType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    const int MostSheets = 20,
        MostRows = 5_000,
        MostColumns = 100;

    /// <summary>
    /// The rows of the sheets, by their names in small letters; null for what cannot be read. What is more than is read is noted: nothing of it
    /// is left out in silence.
    /// </summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<SheetRow>>? Read(byte[] content, Invalid invalid)
    {
        using var package = new MemoryStream(content, writable: false);
        if (!OfficePackage.IsReadable(package))
            return null;
        try
        {
            using var file = SpreadsheetDocument.Open(
                package,
                isEditable: false,
                new OpenSettings { MaxCharactersInPart = OfficePackage.LongestPart }
            );
            if (file.WorkbookPart is not { Workbook.Sheets: { } sheets } book)
                return null;
            var shared =
                book.SharedStringTablePart?.SharedStringTable?.Elements<SharedStringItem>().Select(s => s.InnerText).ToArray() ?? [];
            var read = new Dictionary<string, IReadOnlyList<SheetRow>>(StringComparer.OrdinalIgnoreCase);
            invalid.If(
                sheets.Elements<Sheet>().Skip(MostSheets).Any(),
                "",
                "sheets.tooMany",
                $"The file has {sheets.Elements<Sheet>().Count()} sheets; at most {MostSheets} are read. A form needs survey, choices and settings: remove the others."
            );
            foreach (var sheet in sheets.Elements<Sheet>().Take(MostSheets))
                if (
                    sheet.Name?.Value is { } name
                    && sheet.Id?.Value is { } id
                    && book.GetPartById(id) is WorksheetPart { Worksheet: { } cells }
                )
                    read.TryAdd(name, Rows(name, cells, shared, invalid));
            return read;
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
            )
        {
            return null;
        }
    }

    static List<SheetRow> Rows(string name, Worksheet sheet, string[] shared, Invalid invalid)
    {
        var rows = new List<SheetRow>();
        Dictionary<int, string>? headings = null;
        var number = 0;
        foreach (var row in sheet.Descendants<Row>())
        {
            number = row.RowIndex?.Value is { } index and <= int.MaxValue ? (int)index : number + 1;
            var cells = new Dictionary<int, string>();
            var formulas = new List<int>();
            var column = -1;
            foreach (var cell in row.Elements<Cell>())
            {
                column = cell.CellReference?.Value is { } reference ? Column(reference) : column + 1;
                if (column is < 0 or >= MostColumns)
                    continue;
                if (Characters.Clean(Text(cell, shared)).Trim() is { Length: > 0 } text)
                    cells.TryAdd(column, text);
                if (cell.CellFormula is not null)
                    formulas.Add(column);
            }
            if (headings is null)
            {
                // People leave room above a table.
                if (cells.Count == 0)
                    continue;
                headings = cells.ToDictionary(c => c.Key, c => c.Value.ToLowerInvariant());
                continue;
            }
            var named = new Dictionary<string, string>();
            foreach (var (at, text) in cells)
                if (headings.TryGetValue(at, out var heading))
                    named.TryAdd(heading, text);
            if (named.Count == 0 && formulas.Count == 0)
                continue;
            if (rows.Count == MostRows)
            {
                invalid.Add(
                    string.Create(CultureInfo.InvariantCulture, $"{FormBuilder.Short(name)}/{number}"),
                    "rows.tooMany",
                    $"The sheet {FormBuilder.Short(name)} has more than {MostRows} rows below its headings. Divide the form, or remove what is no part of it."
                );
                break;
            }
            rows.Add(new(number, named, [.. formulas.Where(headings.ContainsKey).Select(f => headings[f])]));
        }
        return rows;
    }

    static string Text(Cell cell, string[] shared) =>
        cell.DataType?.Value == CellValues.SharedString
            ? uint.TryParse(cell.InnerText, out var at) && at < shared.Length
                ? shared[at]
                : ""
            : cell.InlineString?.InnerText ?? cell.CellValue?.InnerText ?? "";

    static int Column(string reference)
    {
        var column = 0;
        // Excel has three letters.
        foreach (var letter in reference.TakeWhile(char.IsAsciiLetter).Take(4))
            column = column * 26 + char.ToUpperInvariant(letter) - 'A' + 1;
        return column - 1;
    }
}
