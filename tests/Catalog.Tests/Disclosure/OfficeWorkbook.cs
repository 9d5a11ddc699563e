using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace PolicyPlatform.Catalog.Tests.Disclosure;

/// <summary>An Excel file as a person in an office makes one: cell by cell, with merged cells, its texts shared.</summary>
sealed class OfficeWorkbook
{
    readonly List<(string Name, bool IsHidden, Dictionary<(int Row, int Column), string> Cells, List<string> Merged)> sheets = [];

    /// <summary>Goes on in a new sheet.</summary>
    public OfficeWorkbook Sheet(string name, bool isHidden = false)
    {
        sheets.Add((name, isHidden, [], []));
        return this;
    }

    /// <summary>Writes a row from its first cell on; null leaves a cell out.</summary>
    public OfficeWorkbook Row(int row, params string?[] cells)
    {
        for (var c = 0; c < cells.Length; c++)
            if (cells[c] is { } text)
                sheets[^1].Cells[(row, c)] = text;
        return this;
    }

    /// <summary>Merges cells: <c>B4:B9</c>.</summary>
    public OfficeWorkbook Merge(params string[] ranges)
    {
        sheets[^1].Merged.AddRange(ranges);
        return this;
    }

    /// <summary>The file.</summary>
    public byte[] ToFile()
    {
        using var content = new MemoryStream();
        using (var file = SpreadsheetDocument.Create(content, SpreadsheetDocumentType.Workbook))
        {
            var book = file.AddWorkbookPart();
            var texts = new List<string>();
            var named = new Sheets();
            foreach (var (sheet, number) in sheets.Select((s, i) => (s, (uint)i + 1)))
            {
                var part = book.AddNewPart<WorksheetPart>();
                part.Worksheet = new(
                    new SheetData(
                        sheet
                            .Cells.GroupBy(c => c.Key.Row)
                            .OrderBy(r => r.Key)
                            .Select(r => new Row(r.OrderBy(c => c.Key.Column).Select(c => Cell(c.Key, c.Value, texts)))
                            {
                                RowIndex = (uint)r.Key,
                            })
                    )
                );
                if (sheet.Merged.Count > 0)
                    part.Worksheet.Append(new MergeCells(sheet.Merged.Select(m => new MergeCell { Reference = m })));
                named.Append(
                    new Sheet
                    {
                        Id = book.GetIdOfPart(part),
                        SheetId = number,
                        Name = sheet.Name,
                        State = sheet.IsHidden ? SheetStateValues.Hidden : null,
                    }
                );
            }
            // A text that was written in two colours, and is spoken: it has pieces, and how they sound.
            book.AddNewPart<SharedStringTablePart>().SharedStringTable = new(
                texts.Select(t =>
                    t.Length < 4
                        ? new SharedStringItem(Kept(t))
                        : new SharedStringItem(
                            new Run(Kept(t[..2])),
                            new Run(Kept(t[2..])),
                            new PhoneticRun(new Text("gōngkāi")) { BaseTextStartIndex = 0, EndingBaseIndex = 2 }
                        )
                )
            );
            book.Workbook = new(named);
        }
        return content.ToArray();
    }

    static Text Kept(string text) => new(text) { Space = SpaceProcessingModeValues.Preserve };

    static Cell Cell((int Row, int Column) at, string text, List<string> texts)
    {
        var reference = $"{(char)('A' + at.Column)}{at.Row}";
        // What looks like a number is one.
        if (int.TryParse(text, out _))
            return new() { CellReference = reference, CellValue = new(text) };
        if (!texts.Contains(text))
            texts.Add(text);
        return new()
        {
            CellReference = reference,
            DataType = CellValues.SharedString,
            CellValue = new($"{texts.IndexOf(text)}"),
        };
    }
}
