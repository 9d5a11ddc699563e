namespace PolicyPlatform.Documents.Text;

/// <summary>A line of a text on its way to becoming a block, in canonical form.</summary>
/// <param name="Text">The words; of a table its rows, a line each, the cells divided by tabs.</param>
/// <param name="HeadingLevel">The level of the heading that a markup made of it; 0 for none.</param>
/// <param name="AfterBlank">Whether it stands apart from the line before.</param>
/// <param name="IsTable">Whether it is a table.</param>
/// <param name="Given">What whoever sent it says that it is; null where that is to be found.</param>
/// <param name="GoesOn">Whether it is a further line of the block before.</param>
/// <param name="IsIndented">Whether it begins with white space, as the first line of a paragraph does.</param>
readonly record struct TextLine(
    string Text,
    int HeadingLevel = 0,
    bool AfterBlank = false,
    bool IsTable = false,
    BlockKind? Given = null,
    bool GoesOn = false,
    bool IsIndented = false
)
{
    /// <summary>The lines of a plain text: rows of cells divided by tabs are a table.</summary>
    public static IReadOnlyList<TextLine> Of(string text) => Of(CanonicalText.RawLines(text));

    static List<TextLine> Of(IEnumerable<string> raw)
    {
        var lines = new List<TextLine>();
        var rows = new List<string[]>();
        var (blank, tableAfterBlank) = (false, false);
        foreach (var given in raw)
        {
            if (Cells(given, rows.Count, rows.Count > 0 ? rows[^1].Length : 0) is { } cells)
            {
                if (rows.Count == 0)
                    tableAfterBlank = blank;
                rows.Add(cells);
                blank = false;
                continue;
            }
            CloseTable();
            if (CanonicalText.Line(given) is { Length: > 0 } line)
            {
                lines.Add(new(line, AfterBlank: blank, IsIndented: char.IsWhiteSpace(given[0])));
                blank = false;
            }
            else
                blank = true;
        }
        CloseTable();
        return lines;

        void CloseTable()
        {
            if (rows.Count > 1 && Table(rows, tableAfterBlank) is { } table)
                lines.Add(table);
            // One such line alone is a line: two signers side by side.
            else if (rows.Count == 1 && CanonicalText.Line(string.Join(' ', rows[0])) is { Length: > 0 } line)
                lines.Add(new(line, AfterBlank: tableAfterBlank));
            rows.Clear();
        }
    }

    /// <summary>A table; the cells are brought into canonical form, empty ones stay. Null where no cell has a word.</summary>
    public static TextLine? Table(IEnumerable<IReadOnlyList<string>> rows, bool afterBlank = false)
    {
        var text = string.Join(
            '\n',
            rows.Where(cells => cells.Count > 0).Select(cells => string.Join('\t', cells.Select(CanonicalText.Line)))
        );
        return string.IsNullOrWhiteSpace(text) ? null : new(text, AfterBlank: afterBlank, IsTable: true);
    }

    /// <summary>The cells of a line that tabs divide; null where they only indent it, or stand after the mark of a list.</summary>
    static string[]? Cells(string raw, int rows, int width)
    {
        // Within a table a tab at the beginning is an empty cell.
        var inTable = rows > 0;
        var line = inTable ? raw : raw.TrimStart();
        if (!line.Contains('\t', StringComparison.Ordinal))
            return null;
        var cells = line.Split('\t');
        var words = cells.Count(c => !string.IsNullOrWhiteSpace(c));
        if (words == 0)
            return inTable && cells.Length > 2 ? cells : null;
        // A paragraph that a tab indents is a row only among rows of its width.
        if (inTable && words == 1 && line[0] is '\t' && (rows < 2 || cells.Length != width))
            return null;
        // 一、<tab>总体要求, as Word copies its lists.
        if (
            words == 2
            && cells.Length == 2
            && CanonicalText.Line(cells[0]) is { Length: > 0 } first
            && ListMark.Of(first + "x") is { } mark
            && mark.Length == first.Length
        )
            return null;
        // A sentence with tabs behind it is no row.
        return words == 1 && cells[0].Length > 20 ? null : cells;
    }
}
