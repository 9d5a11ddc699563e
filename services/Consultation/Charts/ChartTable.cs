using System.Net;
using System.Text;
using CsvHelper;

namespace PolicyPlatform.Consultation.Charts;

/// <summary>The table behind a chart.</summary>
/// <param name="Caption">What it shows.</param>
/// <param name="Columns">The headings of its columns.</param>
/// <param name="Rows">Its rows, each with a cell for each column; the first one heads the row.</param>
public sealed record ChartTable(string Caption, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>As CSV. A spreadsheet reads UTF-8 only by its mark, and takes what begins with = for a formula.</summary>
    public byte[] ToCsv()
    {
        using var table = new MemoryStream();
        using (var csv = CsvWriter.Create(table, new() { WriteByteOrderMark = true, Injection = CsvInjection.Escape }, true))
            foreach (var row in Rows.Prepend(Columns))
                csv.WriteRecord([.. row]);
        return table.ToArray();
    }

    /// <summary>As a table of HTML, with a caption and headings that say what they head.</summary>
    public string ToHtml()
    {
        var html = new StringBuilder("<table><caption>").Append(WebUtility.HtmlEncode(Caption)).Append("</caption><thead><tr>");
        foreach (var column in Columns)
            html.Append("<th scope=\"col\">").Append(WebUtility.HtmlEncode(column)).Append("</th>");
        html.Append("</tr></thead><tbody>");
        foreach (var row in Rows)
        {
            html.Append("<tr>");
            foreach (var (cell, i) in row.Select((c, i) => (WebUtility.HtmlEncode(c), i)))
                html.Append(i == 0 ? $"<th scope=\"row\">{cell}</th>" : $"<td>{cell}</td>");
            html.Append("</tr>");
        }
        return html.Append("</tbody></table>").ToString();
    }
}
