namespace PolicyPlatform.Documents.Text;

/// <summary>
/// Divides lines that hold more than one thing: a text that came as one line, as pages that were copied do, at the marks of its articles
/// and items, and the line that has the
/// number at its left and 签发人 at its right (GB/T 9704-2012, 7.2.6).
/// </summary>
static class RunTogether
{
    /// <summary>Shorter lines are read as they are; those that hold articles, which no sentence does, from the second length on.</summary>
    const int ShortestLine = 300,
        ShortestOfArticles = 40;

    const int LongestMark = 60,
        LinesOfHead = 12;

    /// <summary>So many marks must go on from each other before a line is divided.</summary>
    const int FewestMarks = 3,
        FewestArticles = 2;

    /// <summary>The lines, the long ones divided where marks of their own lists follow one another.</summary>
    public static IReadOnlyList<TextLine> Divide(IReadOnlyList<TextLine> lines, List<TextFinding> findings)
    {
        lines = NumberApart(lines);
        // A text with lines has its marks at their beginnings.
        if (lines.Count > 8 || !lines.Any(l => !l.IsTable && l.Text.Length >= ShortestOfArticles))
            return lines;
        var divided = new List<TextLine>();
        foreach (var line in lines)
        {
            var cuts = line.IsTable || line.Text.Length < ShortestOfArticles ? [] : Cuts(line.Text);
            if (line.Text.Length < ShortestLine ? cuts.Count(c => IsArticle(line.Text, c)) < FewestArticles : cuts.Count < FewestMarks)
            {
                divided.Add(line);
                continue;
            }
            findings.Add(
                new(
                    "text.divided",
                    divided.Count,
                    $"The text stood in one line and was divided at {cuts.Count} marks. Check where its paragraphs begin."
                )
            );
            var start = 0;
            foreach (var cut in cuts.Append(line.Text.Length))
            {
                if (line.Text[start..cut].Trim() is { Length: > 0 } part)
                    divided.Add(line with { Text = part, AfterBlank = line.AfterBlank && start == 0 });
                start = cut;
            }
        }
        return divided;
    }

    static bool IsArticle(string text, int at) =>
        text[at] is '第' && ListMark.Of(text[at..Math.Min(text.Length, at + LongestMark)]) is { Style: MarkStyle.Article };

    /// <summary>The number and 签发人 on lines of their own.</summary>
    static IReadOnlyList<TextLine> NumberApart(IReadOnlyList<TextLine> lines)
    {
        for (var i = 0; i < Math.Min(lines.Count, LinesOfHead); i++)
        {
            var at =
                lines[i].IsTable || lines[i].Text.Length > LongestMark ? -1 : lines[i].Text.IndexOf("签发人", StringComparison.Ordinal);
            if (at > 0 && DocumentWords.IsNumber(lines[i].Text[..at].Trim()))
                return
                [
                    .. lines.Take(i),
                    lines[i] with
                    {
                        Text = lines[i].Text[..at].Trim(),
                    },
                    new TextLine(lines[i].Text[at..]),
                    .. lines.Skip(i + 1),
                ];
        }
        return lines;
    }

    static List<int> Cuts(string text)
    {
        var cuts = new List<int>();
        var counted = new Dictionary<MarkStyle, int>();
        var quoted = 0;
        for (var i = 0; i < text.Length; i++)
        {
            quoted = text[i] switch
            {
                '“' => quoted + 1,
                '”' => Math.Max(0, quoted - 1),
                _ => quoted,
            };
            if (
                quoted > 0
                || i > 0 && text[i - 1] is not ('。' or '；' or '：' or ' ' or '”' or '）')
                || text[i] is not ('第' or '（' or '(') && !"一二三四五六七八九十".Contains(text[i], StringComparison.Ordinal)
            )
                continue;
            // The name of a chapter ends where the next mark may begin.
            var next = text.IndexOf('第', i + 1, Math.Min(LongestMark, text.Length - i - 1));
            if (ListMark.Of(text[i..Math.Min(text.Length, next > 0 ? Math.Min(next, i + LongestMark) : i + LongestMark)]) is not { } mark)
                continue;
            if (
                mark.Style
                is not (
                    MarkStyle.Part
                    or MarkStyle.Chapter
                    or MarkStyle.Section
                    or MarkStyle.Article
                    or MarkStyle.Chinese
                    or MarkStyle.BracketedChinese
                )
            )
                continue;
            var due =
                mark.Number == counted.GetValueOrDefault(mark.Style) + 1
                || mark.Number == 1 && mark.Style is MarkStyle.BracketedChinese or MarkStyle.Section;
            // After a space alone only what is due and no reference.
            if (!due || mark.Certainty is MarkCertainty.Doubtful || i > 0 && text[i - 1] is '）' && mark.Style is not MarkStyle.Article)
                continue;
            counted[mark.Style] = mark.Number;
            foreach (var inner in counted.Keys.Where(s => s > mark.Style && s > MarkStyle.Article).ToArray())
                counted.Remove(inner);
            cuts.Add(i);
            i += mark.Length - 1;
        }
        return cuts;
    }
}
