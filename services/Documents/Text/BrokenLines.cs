using System.Text;

namespace PolicyPlatform.Documents.Text;

/// <summary>
/// Puts together the lines that the width of a page broke, as scans and copied pages have them: where paragraphs are indented, a line at
/// the margin that follows an unfinished one of
/// the page's width goes on in it.
/// </summary>
static class BrokenLines
{
    /// <summary>In half characters. What has longer lines was not broken at the width of a page.</summary>
    const int WidestPage = 120;

    /// <summary>Fewer may be anything; so may those that are few among the lines.</summary>
    const int FewestBreaks = 5,
        LinesForABreak = 10;

    const string Finished = "。；：:;！？!?…）)】]”";

    /// <summary>The lines, broken ones put together.</summary>
    public static IReadOnlyList<TextLine> Join(IReadOnlyList<TextLine> lines, List<TextFinding> findings)
    {
        if (lines.Count <= FewestBreaks)
            return lines;
        var widest = 0;
        foreach (var line in lines.Where(l => !l.IsTable))
            if (line.HeadingLevel > 0 || line.Given is not null || (widest = Math.Max(widest, Width(line.Text))) > WidestPage)
                return lines;
        var broken = new bool[lines.Count];
        var count = 0;
        for (var i = 1; i < lines.Count; i++)
            if ((lines[i - 1].IsIndented || broken[i - 1]) && GoesOn(lines[i - 1], lines[i], widest))
            {
                broken[i] = true;
                count++;
            }
        if (count < FewestBreaks || count * LinesForABreak < lines.Count)
            return lines;
        var joined = new List<TextLine>();
        for (var i = 0; i < lines.Count; i++)
        {
            if (i + 1 == lines.Count || !broken[i + 1])
            {
                joined.Add(lines[i]);
                continue;
            }
            var (first, whole) = (i, new StringBuilder(lines[i].Text));
            while (i + 1 < lines.Count && broken[i + 1])
            {
                // Words of Latin letters and figures were divided by the line's end.
                if (char.IsAsciiLetterOrDigit(whole[^1]) && char.IsAsciiLetterOrDigit(lines[i + 1].Text[0]))
                    whole.Append(' ');
                whole.Append(lines[++i].Text);
            }
            joined.Add(lines[first] with { Text = whole.ToString() });
        }
        findings.Add(
            new(
                "lines.joined",
                -1,
                $"{count} lines end at the width of a page in the middle of a sentence and were joined with the next one."
            )
        );
        return joined;
    }

    static bool GoesOn(TextLine before, TextLine line, int widest) =>
        !line.IsIndented
        && !line.AfterBlank
        && !line.IsTable
        && !before.IsTable
        && !Finished.Contains(before.Text[^1], StringComparison.Ordinal)
        && Width(before.Text) * 5 >= widest * 3
        && ListMark.Of(line.Text) is not { Certainty: MarkCertainty.Clear }
        && DocumentWords.AttachmentOf(line.Text) is null
        && !DocumentWords.IsCopies(line.Text)
        && !DocumentWords.IsIssuing(line.Text)
        && !DocumentWords.IsTailNote(line.Text)
        && !DocumentWords.IsDate(line.Text)
        && !Responsibility.IsStatement(line.Text);

    static int Width(string line)
    {
        var width = 0;
        foreach (var c in line)
            width += char.IsAscii(c) ? 1 : 2;
        return width;
    }
}
