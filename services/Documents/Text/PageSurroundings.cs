namespace PolicyPlatform.Documents.Text;

/// <summary>
/// Tells a document from what stands around it where it was found: the paths, labels and headlines of a site, an archive's card or a mail
/// above it, links and imprints below it, and the
/// numbers of its pages.
/// </summary>
static class PageSurroundings
{
    const int MostAbove = 60,
        MostBelow = 30,
        LongestTitle = 6,
        MostSentences = 60;

    /// <summary>
    /// Where the document begins: at the head of the first title that an addressee, a number or a sentence follows. 0 where that is not
    /// sure.
    /// </summary>
    public static int Beginning(TextLine[] lines, ListMark?[] marks)
    {
        var sentences = 0;
        for (var i = 0; i < Math.Min(lines.Length, MostAbove); i++)
        {
            var line = lines[i].Text;
            if (lines[i].Given is not null || lines[i].HeadingLevel > 0)
                return 0;
            if (EndsTitle(lines, marks, i))
                return Top(lines, marks, i);
            // What somebody signed is a document too.
            if (i > 0 && DocumentWords.IsDate(line) && DocumentWords.IsBody(lines[i - 1].Text))
                return 0;
            // What is counted, or goes on in sentences, is a document whose title has another form.
            if (
                lines[i].IsTable
                || marks[i] is { Certainty: MarkCertainty.Clear }
                || line.Contains('。', StringComparison.Ordinal) && (sentences += line.Length) > MostSentences
            )
                return 0;
        }
        return 0;
    }

    /// <summary>Where the document ends, and the links and the imprint of the page begin.</summary>
    public static int End(TextLine[] lines, ListMark?[] marks)
    {
        var end = lines.Length;
        for (var i = lines.Length - 1; i > 0 && i >= lines.Length - MostBelow; i--)
        {
            if (
                lines[i].IsTable
                || lines[i].Given is not null
                || marks[i] is { Certainty: MarkCertainty.Clear }
                || DocumentWords.IsDate(lines[i].Text)
                || DocumentWords.IsCopies(lines[i].Text)
                || DocumentWords.IsIssuing(lines[i].Text)
                || lines[i].Text.EndsWith('。')
            )
                break;
            if (DocumentWords.IsPageEnd(lines[i].Text))
                end = i;
        }
        return end;
    }

    /// <summary>
    /// Whether a title ends here: with the kind of document (文种), before its number, who is addressed, its first sentence or mark.
    /// </summary>
    static bool EndsTitle(TextLine[] lines, ListMark?[] marks, int i)
    {
        if (!CanBeTitle(lines, marks, i) || !(DocumentWords.IsNamed(lines[i].Text) || DocumentWords.IsTitleSuffix(lines[i].Text)))
            return false;
        for (var n = i + 1; n < Math.Min(lines.Length, i + LongestTitle); n++)
        {
            var line = lines[n].Text;
            if (lines[n].IsTable)
                return false;
            if (
                DocumentWords.IsNumber(line)
                || DocumentWords.IsAddressee(line)
                || DocumentWords.IsContents(line)
                || marks[n] is { Certainty: not MarkCertainty.Doubtful }
                || line.AsSpan().ContainsAny('。', '；')
            )
                return true;
            if (
                DocumentWords.IsTitleSuffix(line)
                || DocumentWords.IsBracketed(line)
                || DocumentWords.IsPromulgation(line)
                || DocumentWords.IsRule(line)
                || DocumentWords.IsDate(line)
                || DocumentWords.IsBody(line)
                || lines[i].Text.StartsWith(line, StringComparison.Ordinal)
            )
                continue;
            return line[^1] is '，' or '、' || line.Length > 30 && line.Contains('，', StringComparison.Ordinal);
        }
        return false;
    }

    static bool CanBeTitle(TextLine[] lines, ListMark?[] marks, int i) =>
        !lines[i].IsTable
        && marks[i] is null or { Certainty: MarkCertainty.Doubtful }
        && DocumentWords.CanBeTitle(lines[i].Text)
        && !DocumentWords.IsSiteLine(lines[i].Text)
        && !DocumentWords.IsLabelled(lines[i].Text)
        && !DocumentWords.IsNumber(lines[i].Text)
        && DocumentWords.AttachmentOf(lines[i].Text) is null;

    /// <summary>The first line of the head: above the title the number, markings and letterheads.</summary>
    static int Top(TextLine[] lines, ListMark?[] marks, int title)
    {
        var top = title;
        // The lines of a title stand together.
        while (top > 0 && title - top < LongestTitle && !lines[top].AfterBlank && CanBeTitle(lines, marks, top - 1))
            top--;
        var first = top;
        for (var above = top - 1; above >= 0; above--)
        {
            var line = lines[above].Text;
            if (lines[above].IsTable)
                break;
            if (
                DocumentWords.IsNumber(line)
                || DocumentWords.IsMarking(line)
                || DocumentWords.IsLetterhead(line)
                || DocumentWords.IsBody(line)
            )
                top = above;
            else if (
                !DocumentWords.IsRule(line)
                && !DocumentWords.IsSiteLine(line)
                && !(above > 0 && DocumentWords.IsName(line) && DocumentWords.IsSignedBy(lines[above - 1].Text))
            )
                break;
        }
        // A body right below a label is what the label says.
        while (
            top > 0
            && top < first
            && !lines[top].AfterBlank
            && DocumentWords.IsBody(lines[top].Text)
            && !DocumentWords.IsLetterhead(lines[top].Text)
        )
            top++;
        return top;
    }
}
