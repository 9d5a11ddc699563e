namespace PolicyPlatform.Documents.Text;

/// <summary>What a line is by the place where it stands.</summary>
/// <param name="Kind">Its kind; null for a line of the body, whose level <see cref="TextStructure"/> finds.</param>
/// <param name="Label">附件1.</param>
/// <param name="Joins">Whether it goes on in the block of the line before.</param>
/// <param name="IsQuoted">Whether it stands within quotation marks that an earlier line opened: what it begins with is no mark of this
/// text.</param>
/// <param name="BeginsText">Whether a text of its own begins here, that counts anew.</param>
/// <param name="IsBroken">Whether it is the rest of the line before, which a page's width broke.</param>
readonly record struct PlacedLine(
    BlockKind? Kind,
    string? Label = null,
    bool Joins = false,
    bool IsQuoted = false,
    bool BeginsText = false,
    bool IsBroken = false
);

/// <summary>
/// Finds the parts of an official document from what stands where: the head (markings, letterhead, number, title, addressee), the body, the
/// foot (signers, date, notes, copies),
/// and after it the texts that it encloses and its attachments, each with a title of its own.
/// </summary>
sealed class DocumentParts
{
    const int LongestTitle = 6,
        LongestHead = 40,
        LongestContents = 400,
        MostContents = 100,
        LongestQuotation = 200,
        LongestGroup = 60,
        MostSigners = 12;

    readonly TextLine[] lines;
    readonly ListMark?[] marks;
    readonly PlacedLine[] placed;
    readonly List<TextFinding> findings;

    DocumentParts(TextLine[] lines, ListMark?[] marks, List<TextFinding> findings)
    {
        (this.lines, this.marks, this.findings) = (lines, marks, findings);
        placed = new PlacedLine[lines.Length];
    }

    /// <summary>Places every line.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="marks">What each begins with.</param>
    /// <param name="findings">What was assumed, with the number of the line.</param>
    public static PlacedLine[] Of(TextLine[] lines, ListMark?[] marks, List<TextFinding> findings)
    {
        var parts = new DocumentParts(lines, marks, findings);
        parts.FindGiven();
        var begins = parts.FindSurroundings();
        parts.FindQuotations();
        parts.FindContents();
        parts.Read(begins);
        return parts.placed;
    }

    string Line(int i) => lines[i].Text;

    bool IsFree(int i) => i < lines.Length && placed[i] is { Kind: null, IsQuoted: false };

    /// <summary>A line that stands alone: nothing has placed it, no mark counts it.</summary>
    bool IsPlain(int i) => IsFree(i) && marks[i] is not { Certainty: MarkCertainty.Clear } && DocumentWords.AttachmentOf(Line(i)) is null;

    void Place(int i, BlockKind kind, bool joins = false, bool beginsText = false, string? label = null) =>
        placed[i] = new(kind, label, joins, BeginsText: beginsText);

    /// <summary>Tables, and what whoever sent the text says that a line is.</summary>
    void FindGiven()
    {
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].IsTable)
                Place(i, BlockKind.Table);
            else if (lines[i].Given is { } kind)
                Place(
                    i,
                    kind,
                    lines[i].GoesOn,
                    kind is BlockKind.Attachment || kind is BlockKind.Title && i > 0,
                    kind is BlockKind.Attachment ? DocumentWords.AttachmentOf(Line(i))?.Label : null
                );
        }
    }

    /// <summary>
    /// 将第三条修改为：“第三条 …: what stands between the marks is quoted, over several lines too. An opening that is never closed quotes nothing.
    /// </summary>
    void FindQuotations()
    {
        // The next line that closes any.
        var closing = new int[lines.Length + 1];
        closing[lines.Length] = int.MaxValue;
        for (var i = lines.Length - 1; i >= 0; i--)
            closing[i] = Line(i).AsSpan().ContainsAny('”', '」') ? i : closing[i + 1];
        for (var i = 0; i < lines.Length; i++)
        {
            if (!Line(i).AsSpan().ContainsAny('“', '「') || Depth(Line(i), 0) is not > 0 || closing[i + 1] > i + LongestQuotation)
                continue;
            var (depth, end) = (Depth(Line(i), 0), i + 1);
            while (end < lines.Length && end - i <= LongestQuotation && depth > 0)
                depth = Depth(Line(end++), depth);
            if (depth > 0)
                continue;
            for (var quoted = i + 1; quoted < end; quoted++)
                if (placed[quoted].Kind is null)
                    placed[quoted] = placed[quoted] with { IsQuoted = true };
            i = end - 1;
        }

        // Each paragraph of a long quotation opens it again; only the last one closes it.
        static int Depth(string line, int depth)
        {
            for (var i = 0; i < line.Length; i++)
            {
                if (line[i] is '“' or '「' && !(i == 0 && depth > 0))
                    depth++;
                else if (line[i] is '”' or '」' && depth > 0)
                    depth--;
            }
            return depth;
        }
    }

    /// <summary>目录 and what it lists: everything up to the line with which it begins again in the text.</summary>
    void FindContents()
    {
        var found = 0;
        for (var i = 0; i + 1 < lines.Length && found < MostContents; i++)
        {
            if (!IsFree(i) || !DocumentWords.IsContents(Line(i)))
                continue;
            found++;
            var first = Entry(Line(i + 1));
            var end = -1;
            for (var n = i + 2; n < Math.Min(lines.Length, i + LongestContents) && end < 0; n++)
                if (Entry(Line(n)) == first)
                    end = n;
            // Where its first line does not come again, it ends before the first sentence.
            if (end < 0)
                for (
                    end = i + 1;
                    end < lines.Length
                        && Line(end).IndexOf('。') < 0
                        && (marks[end]?.Style is not MarkStyle.Article || marks[end]!.Value.Length < 3);
                    end++
                ) { }
            // The title of the text that it lists stands between it and the text.
            while (
                end > i + 2
                && marks[end - 1] is null
                && DocumentWords.AttachmentOf(Line(end - 1)) is null
                && Entry(Line(end - 1)) is var entry
                && entry.Length == CanonicalText.Fold(Line(end - 1)).Length
                && !BeginsLater(entry, end)
            )
                end--;
            for (var n = i; n < end; n++)
                placed[n] = new(BlockKind.Contents, Joins: n > i);
            i = end - 1;
        }

        bool BeginsLater(string entry, int from)
        {
            for (var n = from; n < Math.Min(lines.Length, from + LongestContents); n++)
                if (Entry(Line(n)) == entry)
                    return true;
            return false;
        }

        // Dots and the number of the page go.
        static string Entry(string line) =>
            CanonicalText.Fold(line).TrimEnd('.', '…', '·', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
    }

    /// <summary>What a page says around the document, which is kept as notes; where the document begins.</summary>
    int FindSurroundings()
    {
        var (begins, ends) = (PageSurroundings.Beginning(lines, marks), PageSurroundings.End(lines, marks));
        for (var i = 0; i < lines.Length; i++)
            if (placed[i].Kind is null && (i < begins || i >= ends || DocumentWords.IsPageNumber(Line(i))))
                Place(i, BlockKind.Note);
        if (begins > 0)
            findings.Add(
                new("page.around", 0, $"{begins} lines above the title were taken for what the page says that the document was found on.")
            );
        if (ends < lines.Length)
            findings.Add(
                new(
                    "page.around",
                    ends,
                    $"{lines.Length - ends} lines at the end were taken for what the page says that the document was found on."
                )
            );
        return begins;
    }

    void Read(int begins)
    {
        var i = Head(begins, isMain: true);
        var isMain = true;
        var counted = new Dictionary<MarkStyle, int>();
        var began = i;
        for (; i < lines.Length; i++)
        {
            if (placed[i].Kind is not null || placed[i].IsQuoted)
                continue;
            var line = Line(i);
            if (lines[i].HeadingLevel == 1 && marks[i] is null)
            {
                i = Begin(i) - 1;
                began = i + 1;
                continue;
            }
            if (DocumentWords.AttachmentOf(line) is { } mark && IsAttachment(i, mark, isMain))
            {
                if (IsAttachmentList(i, mark, isMain))
                    i = AttachmentList(i) - 1;
                else
                {
                    i = Attachment(i, mark) - 1;
                    counted.Clear();
                    isMain = false;
                }
                began = i + 1;
                continue;
            }
            if (DocumentWords.IsCopies(line))
            {
                i = Copies(i) - 1;
                continue;
            }
            if (DocumentWords.IsIssuing(line))
            {
                Place(i, BlockKind.IssuingLine);
                continue;
            }
            if (DocumentWords.IsDate(line) && i > began && IsFoot(i))
            {
                Signature(i, began);
                i = Tail(i + 1) - 1;
                var next = i + 1;
                while (next < lines.Length && placed[next].Kind is BlockKind.Contents)
                    next++;
                if (isMain && next + 1 < lines.Length && BeginsText(next))
                {
                    i = Begin(next) - 1;
                    counted.Clear();
                }
                began = i + 1;
                continue;
            }
            if (i > began && StartsAnew(i, counted))
            {
                i = Begin(i) - 1;
                counted.Clear();
                began = i + 1;
                continue;
            }
            if (
                DocumentWords.IsFootnote(line)
                || i == lines.Length - 1
                    && DocumentWords.IsBracketed(line)
                    && DocumentWords.IsTailNote(line)
                    && Responsibility.Of(line).Count == 0
            )
                Place(i, BlockKind.Note);
            if (marks[i] is { Certainty: MarkCertainty.Clear } counts)
                counted[counts.Style] = counts.Number;
        }
        LastSigner();
    }

    /// <summary>What stands before the first sentence.</summary>
    int Head(int from, bool isMain)
    {
        var (titles, number, hasTitle) = (new List<int>(), -1, false);
        var i = from;
        for (; i < Math.Min(lines.Length, from + LongestHead); i++)
        {
            if (placed[i].Kind is BlockKind.Contents || placed[i].Kind is BlockKind.Note && lines[i].Given is null)
                continue;
            if (
                lines[i].Given
                is BlockKind.Title
                    or BlockKind.Letterhead
                    or BlockKind.DocumentNumber
                    or BlockKind.Marking
                    or BlockKind.Note
                    or BlockKind.Addressee
            )
            {
                hasTitle |= lines[i].Given is BlockKind.Title;
                if (lines[i].Given is BlockKind.DocumentNumber)
                    number = i;
                continue;
            }
            if (!IsFree(i))
                break;
            var line = Line(i);
            if (lines[i].HeadingLevel == 1 && marks[i] is null)
                titles.Add(i);
            else if (number < 0 && DocumentWords.IsNumber(line))
                Place(number = i, BlockKind.DocumentNumber);
            else if (DocumentWords.IsMarking(line))
                Place(i, BlockKind.Marking);
            // A second name below 签发人.
            else if (
                i > from
                && placed[i - 1].Kind is BlockKind.Marking
                && DocumentWords.IsSignedBy(Line(i - 1))
                && DocumentWords.IsName(line)
            )
                Place(i, BlockKind.Marking, joins: true);
            else if (DocumentWords.IsRule(line) || DocumentWords.IsSiteLine(line) && !DocumentWords.IsAddressee(line))
                Place(i, BlockKind.Note);
            // Above everything else, what has a label is told by the site.
            else if (
                titles.Count == 0
                && number < 0
                && isMain
                && marks[i] is null
                && DocumentWords.IsLabelled(line)
                && !Responsibility.IsStatement(line)
                && DocumentWords.AttachmentOf(line) is null
                && DocumentWords.NoteOf(line) is null
                && HasTitleSoon(i)
            )
                Place(i, BlockKind.Note);
            else if (DocumentWords.IsPromulgation(line) && titles.Count > 0)
                Place(i, BlockKind.Note);
            else if (titles.Count > 0 && DocumentWords.IsTitleSuffix(line))
                titles.Add(i);
            else if (
                titles.Count > 0
                && DocumentWords.IsBracketed(line)
                && lines[i].HeadingLevel == 0
                && DocumentWords.AttachmentOf(line) is null
                && marks[i] is null
            )
                Place(i, BlockKind.Note);
            else if (titles.Count > 0 && DocumentWords.IsDate(line) && HasBodyAfter(i))
                Place(i, BlockKind.Note);
            else if (
                lines[i].HeadingLevel == 0
                && marks[i] is null or { Certainty: MarkCertainty.Doubtful }
                && DocumentWords.CanBeTitle(line)
                && DocumentWords.AttachmentOf(line) is null
                && !DocumentWords.IsClosingChapter(line)
            )
                titles.Add(i);
            else
                break;
        }
        // An addressee of several lines may break in the middle of a name.
        var addressee = i;
        if (i < lines.Length && IsFree(i) && DocumentWords.IsAddressee(Line(i)))
            while (
                titles.Count > 0
                && titles[^1] == addressee - 1
                && (titles.Count > 1 || number >= 0)
                && !lines[addressee].AfterBlank
                && !DocumentWords.IsNamed(Line(titles[^1]))
                && Line(titles[^1]).AsSpan().ContainsAny('、', '，')
                && !Line(titles[^1]).Contains("关于", StringComparison.Ordinal)
            )
            {
                titles.RemoveAt(titles.Count - 1);
                addressee--;
            }
        if (!hasTitle)
            Title(titles, number);
        if (addressee < i)
            return Addressee(addressee, i);
        while (i < lines.Length && placed[i].Kind is BlockKind.Contents)
            i++;
        if (
            i < lines.Length
            && IsFree(i)
            && lines[i].HeadingLevel == 0
            && marks[i] is null
            && (titles.Count > 0 || number >= 0 || i == from)
        )
            i = Addressee(i);
        if (isMain && titles.Count == 0 && !hasTitle)
            findings.Add(new("title.missing", from, "No title was found."));
        return i;
    }

    /// <summary>主送机关, over several lines too.</summary>
    int Addressee(int i)
    {
        var end = i;
        while (
            end + 1 < lines.Length
            && end < i + 6
            && Line(end)[^1] is '，' or '、' or ','
            && IsFree(end + 1)
            && marks[end + 1] is null
            && Line(end).IndexOf('。') < 0
        )
            end++;
        if (!DocumentWords.IsAddressee(Line(end)))
            return i;
        return Addressee(i, end);
    }

    int Addressee(int first, int last)
    {
        for (var n = first; n <= last; n++)
            placed[n] = new(BlockKind.Addressee, Joins: n > first, IsBroken: n > first);
        return last + 1;
    }

    /// <summary>Tells the title from letterheads, from the title of the page it was found on, and from who published it.</summary>
    void Title(List<int> candidates, int number)
    {
        if (candidates.Count == 0)
            return;
        var marked = candidates.Where(c => lines[c].HeadingLevel == 1).ToList();
        foreach (var other in candidates.Where(c => marked.Count > 0 && !marked.Contains(c)).ToArray())
            if (number >= 0 && other < number)
                Place(other, BlockKind.Letterhead);
        if (marked.Count > 0)
        {
            // A title may be marked line by line; a heading after a complete one is the title of a text within.
            var first = marked.TakeWhile((c, n) => n == 0 || c == marked[n - 1] + 1 && !IsComplete(marked[..n])).ToList();
            PlaceTitle(
                [
                    .. first,
                    .. candidates
                        .SkipWhile(c => c <= first[^1])
                        .TakeWhile(c => !marked.Contains(c) && DocumentWords.IsTitleSuffix(Line(c))),
                ],
                false
            );
            foreach (var more in marked.Skip(first.Count))
                Place(more, BlockKind.Title, beginsText: true);
            return;
        }
        var above = candidates.Where(c => number < 0 || c < number).ToList();
        var below = candidates.Where(c => number >= 0 && c > number).ToList();
        // …的专题会议纪要 and …的公告 may be the last line of a title.
        var letterheads = above
            .Where(c =>
                DocumentWords.IsLetterhead(Line(c))
                && (
                    Line(c).EndsWith("文件", StringComparison.Ordinal)
                    || !Joined(above.TakeWhile(a => a <= c)).Contains("关于", StringComparison.Ordinal)
                )
            )
            .ToList();
        // A sentence that a page broke is no title, which no comma divides before it says what it is about.
        if (
            below.FindIndex(c =>
                Line(c).Contains('，', StringComparison.Ordinal)
                && !DocumentWords.IsNamed(Line(c))
                && !Joined(below.TakeWhile(b => b <= c)).Contains("关于", StringComparison.Ordinal)
            )
            is var sentence
                and >= 0
        )
            below.RemoveRange(sentence, below.Count - sentence);
        if (
            number >= 0
            && letterheads.Count > 0
            && (below.Count > 0 || letterheads.Any(c => Line(c).EndsWith("文件", StringComparison.Ordinal)))
        )
        {
            var last = letterheads[^1];
            foreach (var c in above.Where(c => c <= last))
                Place(c, BlockKind.Letterhead);
            above.RemoveAll(c => c <= last);
        }
        if (number >= 0 && below.Count > 0 && above.Count > 0 && above.All(c => DocumentWords.IsBody(Line(c))))
        {
            foreach (var c in above)
                Place(c, BlockKind.Letterhead);
            above.Clear();
        }
        // What a page says above a document, and the document says again, is said by the document.
        foreach (var stretch in new[] { above, below })
        {
            while (
                stretch.Count > 1
                && Repeated(stretch, above.Count > 0 && below.Count > 0 && stretch == above ? below : stretch) is { } count
            )
            {
                foreach (var c in stretch.Take(count))
                    Place(c, BlockKind.Note);
                stretch.RemoveRange(0, count);
            }
        }
        if (above.Count > 0 && below.Count > 0)
        {
            var (one, other) = (Joined(above), Joined(below));
            if (one == other || other.EndsWith(one, StringComparison.Ordinal) || one.EndsWith(other, StringComparison.Ordinal))
            {
                foreach (var c in above)
                    Place(c, BlockKind.Note);
                above.Clear();
            }
            else if (IsComplete(above) || !IsComplete(below))
                below.Clear();
            else
            {
                foreach (var c in above)
                    Place(c, BlockKind.Letterhead);
                above.Clear();
            }
        }
        var title = above.Count > 0 ? above : below;
        if (title.Count == 0)
        {
            findings.Add(new("title.missing", candidates[0], "A letterhead and a number stand here, and no title."));
            return;
        }
        var whole = WholeTitle(title);
        // Who published it, below a complete title.
        foreach (var c in title.Skip(whole))
            Place(c, DocumentWords.IsBody(Line(c)) ? BlockKind.Note : BlockKind.Paragraph);
        PlaceTitle([.. title.Take(whole)], false);
        if (!IsComplete([.. title.Take(whole)]))
            findings.Add(
                new(
                    "title.assumed",
                    title[0],
                    "What kind of document it is does not end this title: it was taken for one from where it stands."
                )
            );
    }

    string Joined(IEnumerable<int> range) => string.Concat(range.Select(c => CanonicalText.Fold(Line(c))));

    bool IsComplete(List<int> title) =>
        title.Count > 0 && (DocumentWords.IsNamed(Joined(title)) || DocumentWords.IsTitleSuffix(Line(title[^1])));

    /// <summary>How many of the first lines say what the others say again; null for none.</summary>
    int? Repeated(List<int> stretch, List<int> within)
    {
        var first = "";
        for (var count = 1; count <= Math.Min(3, stretch.Count - (within == stretch ? 1 : 0)); count++)
        {
            first += CanonicalText.Fold(Line(stretch[count - 1]));
            if (first.Length < 8)
                continue;
            var rest = within == stretch ? stretch.Skip(count).ToList() : within;
            if (Joined(rest).Contains(first, StringComparison.Ordinal))
                return count;
        }
        return null;
    }

    /// <summary>How many of the lines are one title: up to the kind of document that ends it.</summary>
    int WholeTitle(List<int> title)
    {
        for (var count = 1; count < title.Count; count++)
        {
            if (!DocumentWords.IsNamed(Line(title[count - 1])) && !DocumentWords.IsTitleSuffix(Line(title[count - 1])))
                continue;
            var next = title[count];
            if (
                DocumentWords.IsTitleSuffix(Line(next))
                || !lines[next].AfterBlank && DocumentWords.IsNamed(Line(next)) && !DocumentWords.IsBody(Line(next))
            )
                continue;
            // 关于印发…办法 goes on: a title that begins so ends in 通知, 函 or 批复.
            if (title.Skip(count).Any(c => DocumentWords.IsNamed(Line(c))) && !lines[next].AfterBlank)
                continue;
            return count;
        }
        return title.Count;
    }

    void PlaceTitle(List<int> title, bool beginsText)
    {
        for (var n = 0; n < title.Count; n++)
            // Between the lines of a title nothing else stands.
            Place(title[n], BlockKind.Title, joins: n > 0 && title[n] == title[n - 1] + 1, beginsText: beginsText && n == 0);
    }

    /// <summary>Whether something that can be a title, a letterhead or a number follows what a site says above it.</summary>
    bool HasTitleSoon(int i)
    {
        for (var n = i + 1; n < Math.Min(lines.Length, i + LongestHead); n++)
            if (DocumentWords.IsNumber(Line(n)) || DocumentWords.CanBeTitle(Line(n)) && DocumentWords.IsNamed(Line(n)))
                return true;
            else if (Line(n).Contains('。', StringComparison.Ordinal))
                return false;
        return false;
    }

    bool HasBodyAfter(int i) =>
        Enumerable
            .Range(i + 1, Math.Min(8, lines.Length - i - 1))
            .Any(n => lines[n].IsTable || Line(n).IndexOfAny(['。', '；']) >= 0 || marks[n] is not null);

    /// <summary>Whether a text with a title of its own begins at a line after the foot.</summary>
    bool IsTitleHere(int i) =>
        IsPlain(i)
        && lines[i].HeadingLevel is 0 or 1
        && DocumentWords.CanBeTitle(Line(i))
        && !DocumentWords.IsTailNote(Line(i))
        && !DocumentWords.IsClosingChapter(Line(i));

    /// <summary>A title and what belongs to its head: where the body goes on.</summary>
    int Begin(int i)
    {
        var title = TitleLines(i);
        PlaceTitle(title, beginsText: true);
        i = title[^1] + 1;
        for (; i < lines.Length; i++)
        {
            if (placed[i].Kind is BlockKind.Contents)
                continue;
            if (!IsFree(i))
                break;
            if (
                DocumentWords.IsPromulgation(Line(i))
                || DocumentWords.IsBracketed(Line(i)) && marks[i] is null && Responsibility.Of(Line(i)).Count == 0
            )
                Place(i, BlockKind.Note);
            else
                break;
        }
        return i;
    }

    /// <summary>The lines of a title that begins here.</summary>
    List<int> TitleLines(int i)
    {
        var title = new List<int> { i };
        if (lines[i].HeadingLevel == 1)
            return title;
        for (var next = i + 1; next < lines.Length && title.Count < LongestTitle; next++)
        {
            var suffix = DocumentWords.IsTitleSuffix(Line(next));
            if (
                !IsPlain(next)
                || lines[next].HeadingLevel > 0
                || !suffix
                    && (
                        !DocumentWords.CanBeTitle(Line(next))
                        || DocumentWords.IsBracketed(Line(next))
                        || DocumentWords.IsTailNote(Line(next))
                    )
            )
                break;
            var complete = IsComplete(title);
            if (!suffix && complete && (lines[next].AfterBlank || !DocumentWords.IsNamed(Line(next))))
                break;
            if (!suffix && !complete && lines[next].AfterBlank && title.Count > 1)
                break;
            title.Add(next);
        }
        // Lines that never come to the name of a kind are a title of one line, and what follows it.
        return IsComplete(title) ? title : [i];
    }

    /// <summary>In the body: a line that names a kind of document, after which the counting begins anew.</summary>
    bool StartsAnew(int i, Dictionary<MarkStyle, int> counted)
    {
        // Most lines are not followed by a first number.
        if (
            !BeginsSoon(i)
            || !IsPlain(i)
            || marks[i] is not null
            || !DocumentWords.CanBeTitle(Line(i))
            || i > 0 && Line(i - 1)[^1] is '：' or ':' or '“'
        )
            return false;
        var title = TitleLines(i);
        if (!IsComplete(title))
            return false;
        for (var n = title[^1] + 1; n < Math.Min(lines.Length, title[^1] + 8); n++)
        {
            if (placed[n].Kind is BlockKind.Contents)
                return true;
            if (marks[n] is not { Certainty: not MarkCertainty.Doubtful } mark)
                continue;
            if (mark.Number != 1)
                return false;
            return mark.Style switch
            {
                MarkStyle.Article or MarkStyle.Chapter or MarkStyle.Part or MarkStyle.Division => counted.ContainsKey(MarkStyle.Article)
                    || !counted.ContainsKey(mark.Style),
                MarkStyle.Chinese => counted.ContainsKey(MarkStyle.Chinese) && (lines[i].AfterBlank || counted[MarkStyle.Chinese] > 1),
                _ => false,
            };
        }
        return false;
    }

    bool BeginsSoon(int i)
    {
        for (var n = i + 1; n < Math.Min(lines.Length, i + LongestTitle + 8); n++)
            if (marks[n] is { Number: 1 } || placed[n].Kind is BlockKind.Contents)
                return true;
        return false;
    }

    /// <summary>附件：是指…, and a line of a sentence, are none.</summary>
    bool IsAttachment(int i, AttachmentMark mark, bool isMain)
    {
        var rest = Line(i)[mark.Length..].TrimStart();
        if (rest.Length == 0)
            return true;
        if (
            rest.StartsWith('是')
            || rest.StartsWith("系指", StringComparison.Ordinal)
            || rest.IndexOf('。') is var stop and >= 0 && stop < rest.Length - 1
        )
            return false;
        return rest[^1] is not ('。' or '，') || mark.HasColon && isMain && rest.Length <= 120 && rest.IndexOf('，') < 0;
    }

    /// <summary>附件说明, the list that a notice has before its signature, and not the attachment itself.</summary>
    bool IsAttachmentList(int i, AttachmentMark mark, bool isMain)
    {
        var rest = Line(i)[mark.Length..].TrimStart();
        if (
            !mark.IsNumbered
            && mark.HasColon
            && rest.Length > 0
            && ListMark.Of(rest) is { Style: MarkStyle.Arabic or MarkStyle.Chinese or MarkStyle.BracketedArabic or MarkStyle.Circled }
        )
            return true;
        if (rest.Length == 0)
            // 附件： above 1.… and before the signature.
            return !mark.IsNumbered
                && isMain
                && mark.HasColon
                && i + 1 < lines.Length
                && (marks[i + 1] is { Style: MarkStyle.Arabic, Number: 1 } && SignatureFollows(i + 1) || IsFileName(Line(i + 1)));
        if (!isMain)
            return false;
        // Before the signature, or where nothing but further entries follow.
        return SignatureFollows(i) || mark.HasColon && !HasBodyAfterEntries(i);

        bool HasBodyAfterEntries(int from)
        {
            var n = from + 1;
            while (
                n < lines.Length
                && n - from < LongestHead
                && (DocumentWords.AttachmentOf(Line(n)) is { HasColon: true } || marks[n] is { Style: MarkStyle.Arabic })
            )
                n++;
            return n < lines.Length
                && !DocumentWords.IsTailNote(Line(n))
                && !DocumentWords.IsCopies(Line(n))
                && !DocumentWords.IsIssuing(Line(n))
                && DocumentWords.AttachmentOf(Line(n)) is null;
        }
    }

    static bool IsFileName(string line) =>
        line.Length <= 100
        && line.LastIndexOf('.') is var dot and > 0
        && line.Length - dot is >= 3 and <= 6
        && line[(dot + 1)..].All(char.IsAsciiLetterOrDigit)
        && !char.IsAsciiDigit(line[^1]);

    /// <summary>Whether the signature of the document comes after a line, before any attachment begins.</summary>
    bool SignatureFollows(int i)
    {
        for (var n = i + 1; n < Math.Min(lines.Length, i + 40); n++)
        {
            if (DocumentWords.IsDate(Line(n)))
                return true;
            if (DocumentWords.AttachmentOf(Line(n)) is { } mark && mark.Length == Line(n).Length)
                return false;
            if (Line(n).Contains('。') && marks[n] is null)
                return false;
        }
        return false;
    }

    int AttachmentList(int i)
    {
        Place(i, BlockKind.Attachment, label: DocumentWords.AttachmentOf(Line(i))!.Value.Label);
        var next = i + 1;
        for (; IsFree(next); next++)
        {
            var line = Line(next);
            if (DocumentWords.AttachmentOf(line) is { } mark)
            {
                if (mark.Length == line.Length || !SignatureFollows(next - 1))
                    break;
                Place(next, BlockKind.Attachment, label: mark.Label);
                continue;
            }
            var counted = marks[next] is { Style: MarkStyle.Arabic or MarkStyle.Chinese or MarkStyle.BracketedArabic or MarkStyle.Circled };
            // An entry may go on in the next line, which is no signer.
            var goesOn =
                !lines[next].AfterBlank
                && marks[next] is null
                && Line(next - 1)[^1] is not ('。' or '；')
                && DocumentWords.CanBeTitle(line)
                && !DocumentWords.IsBody(line)
                && (IsFileName(line) || DocumentWords.IsNamed(line) && !DocumentWords.IsNamed(Line(next - 1)));
            var broken = !lines[next].AfterBlank && marks[next] is null && IsOpen(Line(next - 1)) && line.Length <= 40;
            if (!counted && !goesOn && !broken || line.IndexOf('。') is var stop and >= 0 && stop < line.Length - 1)
                break;
            placed[next] = new(BlockKind.Attachment, Joins: true, IsBroken: !counted && !IsFileName(line));
        }
        return next;
    }

    /// <summary>Whether a bracket or a title within it goes on in the next line.</summary>
    static bool IsOpen(string line) => line.LastIndexOfAny(['（', '(', '《']) > line.LastIndexOfAny(['）', ')', '》']);

    /// <summary>The mark of an attachment and its title: where its content begins.</summary>
    int Attachment(int i, AttachmentMark mark)
    {
        Place(i, BlockKind.Attachment, beginsText: true, label: Line(i)[..mark.Length].TrimEnd());
        if (mark.Length < Line(i).Length)
            return i + 1;
        if (i + 1 >= lines.Length || !IsTitleHere(i + 1) || DocumentWords.IsDate(Line(i + 1)))
            return i + 1;
        var title = TitleLines(i + 1);
        PlaceTitle(title, beginsText: false);
        var next = title[^1] + 1;
        while (
            next < lines.Length
            && IsFree(next)
            && (DocumentWords.IsPromulgation(Line(next)) || DocumentWords.IsBracketed(Line(next)) && marks[next] is null)
        )
            Place(next++, BlockKind.Note);
        return next;
    }

    int Copies(int i)
    {
        Place(i, BlockKind.Copies);
        var next = i + 1;
        for (; IsFree(next) && marks[next] is null && Line(next).Length <= 120; next++)
        {
            var line = Line(next);
            // Each group of those who get a copy may end in a full stop of its own.
            var group = Line(next - 1)[^1] is '。';
            if (group && (lines[next].AfterBlank || line.Length > LongestGroup || line.IndexOf('。') != line.Length - 1))
                break;
            if (
                DocumentWords.IsCopies(line)
                || DocumentWords.IsIssuing(line)
                || DocumentWords.AttachmentOf(line) is not null
                || DocumentWords.IsTailNote(line)
                || line.IndexOf('。') is var stop and >= 0 && stop < line.Length - 1
            )
                break;
            // The body that prints it may stand on a line of its own above the date.
            if (
                next + 1 < lines.Length
                && DocumentWords.IsIssuing(Line(next + 1))
                && Line(next + 1)[0] is >= '0' and <= '9' or >= '０' and <= '９'
                && DocumentWords.IsBody(line)
                && Line(next - 1)[^1] is not ('，' or '、' or ',')
            )
            {
                Place(next++, BlockKind.IssuingLine);
                break;
            }
            if (
                !group
                && Line(next - 1)[^1] is not ('，' or '、' or ',' or '：' or ':' or '；')
                && !(DocumentWords.IsBody(line.TrimEnd('。', '，')) && !lines[next].AfterBlank)
            )
                break;
            placed[next] = new(BlockKind.Copies, Joins: true, IsBroken: true);
        }
        return next;
    }

    /// <summary>The date and, above it, who signed: the lines before it that are no sentences.</summary>
    void Signature(int date, int began)
    {
        var first = date;
        while (
            first - 1 >= began
            && date - first < MostSigners
            && IsPlain(first - 1)
            && marks[first - 1] is null
            && lines[first - 1].HeadingLevel == 0
        )
        {
            var line = Line(first - 1);
            if (
                !DocumentWords.CanBeTitle(line)
                || DocumentWords.IsBracketed(line)
                || DocumentWords.IsTailNote(line)
                || line.Contains('：', StringComparison.Ordinal)
                || line.Contains(':', StringComparison.Ordinal)
            )
                break;
            // Next to the date anything short signs; above it bodies do.
            if (first < date && !DocumentWords.IsBody(line))
                break;
            if (first == date && line.Length > 40 && !DocumentWords.IsBody(line))
                break;
            first--;
        }
        for (var i = first; i <= date; i++)
            Place(i, BlockKind.Signature);
    }

    /// <summary>
    /// Whether a date signs, and is none in the body such as that of a programme: a body stands above it, or what comes after is the end,
    /// the foot, an attachment or another text.
    /// </summary>
    bool IsFoot(int date)
    {
        if (IsPlain(date - 1) && DocumentWords.IsBody(Line(date - 1)))
            return true;
        var next = date + 1;
        while (
            next < lines.Length
            && IsFree(next)
            && (DocumentWords.IsTailNote(Line(next)) || DocumentWords.IsCopies(Line(next)) || DocumentWords.IsIssuing(Line(next)))
        )
            next++;
        return next > date + 1
            || next >= lines.Length
            || DocumentWords.AttachmentOf(Line(next)) is not null
            || lines[next].HeadingLevel == 1
            || BeginsText(next);
    }

    /// <summary>
    /// Whether a text of its own begins after a foot: with a title that is one by its last word, or that a first number follows.
    /// </summary>
    bool BeginsText(int i) => IsTitleHere(i) && (lines[i].HeadingLevel == 1 || IsComplete(TitleLines(i)) || BeginsSoon(i));

    /// <summary>A body alone at the end of the document signed it without a date.</summary>
    void LastSigner()
    {
        var last = lines.Length - 1;
        while (last > 0 && placed[last].Kind is BlockKind.Copies or BlockKind.IssuingLine or BlockKind.Note)
            last--;
        if (
            last > 1
            && IsPlain(last)
            && marks[last] is null
            && !placed.Any(p => p.Kind is BlockKind.Signature or BlockKind.Attachment)
            && DocumentWords.CanBeTitle(Line(last))
            && DocumentWords.IsBody(Line(last))
            && Line(last - 1)[^1] is '。'
            && placed.Any(p => p.Kind is BlockKind.Title or BlockKind.DocumentNumber)
        )
            Place(last, BlockKind.Signature);
    }

    /// <summary>What stands below the signature.</summary>
    int Tail(int i)
    {
        for (; i < lines.Length && IsFree(i); i++)
        {
            var line = Line(i);
            if (DocumentWords.IsCopies(line))
                i = Copies(i) - 1;
            else if (DocumentWords.IsIssuing(line))
                Place(i, BlockKind.IssuingLine);
            else if (DocumentWords.AttachmentOf(line) is null && DocumentWords.IsTailNote(line))
                Place(i, BlockKind.Note);
            else
                break;
        }
        return i;
    }
}
