using System.Globalization;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Language;

namespace PolicyPlatform.Documents.Text;

/// <summary>
/// Reads a text that comes as HTML, as one reads it in a browser: headings tell their level, lists their numbers, tables their cells; what
/// is hidden, deleted, read out beside the
/// characters or there to click on is no text.
/// </summary>
public static class HtmlText
{
    // Below 512 the parser puts everything on one level, and takes the more time for it.
    const int MostColumns = 63,
        DeepestHeading = 6,
        Deepest = 500,
        LongestShown = 100,
        MostElements = 200_000,
        MostCells = CanonicalText.LongestCharacters;

    static readonly HashSet<string> Blocks = new(StringComparer.OrdinalIgnoreCase)
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "legend",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    };

    static readonly HashSet<string> NoText = new(StringComparer.OrdinalIgnoreCase)
    {
        "script",
        "style",
        "template",
        "head",
        "title",
        "nav",
        "button",
        "select",
        "textarea",
        "datalist",
        "del",
        "rt",
        "rp",
        "iframe",
        "object",
        "video",
        "audio",
        "canvas",
        "svg",
    };

    /// <summary>How much HTML is read at most, in characters: markup is a multiple of the words in it.</summary>
    public const int Longest = 5 * CanonicalText.LongestCharacters;

    /// <summary>
    /// Cuts an HTML text, and tells what was assumed; null for one that is longer, nests deeper or has more elements or cells than any page.
    /// </summary>
    public static CutText? Read(string html)
    {
        var findings = new List<TextFinding>();
        return Lines(html, findings) is not { } lines ? null
            // A text beyond the limit is refused, and not read for that.
            : lines.Sum(l => l.Text.Length) > CanonicalText.LongestCharacters
                ? new([.. lines.Select(l => new CutBlock(BlockKind.Paragraph, -1, null, l.Text))], [])
            : TextStructure.Read(lines, findings);
    }

    /// <summary>The lines of a page, or of a piece of one; null where <see cref="Read"/> is.</summary>
    internal static List<TextLine>? Lines(string html, List<TextFinding> findings)
    {
        if (html.Length > Longest)
            return null;
        try
        {
            var growth = new Growth();
            var page = new HtmlParser(
                new()
                {
                    OnCreated = (element, _) => growth.Add(element),
                    ShouldEmitAttribute = (ref _, name) => Attributes.Contains(name.ToString()),
                    SkipComments = true,
                    SkipProcessingInstructions = true,
                }
            ).ParseDocument(html);
            var reader = new Reader(findings);
            reader.Read(page.Body!);
            return reader.Lines;
        }
        catch (TooMuchException)
        {
            return null;
        }
    }

    // All that is asked of an element: a tag with a million others takes no time.
    static readonly HashSet<string> Attributes = new(StringComparer.OrdinalIgnoreCase)
    {
        "alt",
        "alttext",
        "colspan",
        "hidden",
        "reversed",
        "rowspan",
        "start",
        "style",
        "type",
        "value",
    };

    /// <summary>There is more of something than in any page.</summary>
    sealed class TooMuchException : Exception;

    /// <summary>
    /// Watches the tree as it grows: what HTML makes of an element takes time in proportion to how deep it stands, and what is left open
    /// comes again in each paragraph.
    /// </summary>
    sealed class Growth
    {
        INode? last;
        int count;

        public void Add(IElement element)
        {
            var depth = 0;
            for (var above = last; above is not null; above = above.Parent)
                depth++;
            // What is made again is not told; it stands in the element that was told last.
            for (var below = last?.LastChild; below is not null; below = below.LastChild)
            {
                depth++;
                if (below is IElement)
                    count++;
            }
            last = element;
            if (depth > Deepest || ++count > MostElements)
                throw new TooMuchException();
        }
    }

    /// <summary>Goes through a page in reading order; whoever nests without end finds no end of a stack here.</summary>
    sealed class Reader(List<TextFinding> findings)
    {
        readonly StringBuilder words = new();
        readonly Stack<(string Type, int Next)> lists = new();
        string marker = "";
        int level,
            preformatted;

        public List<TextLine> Lines { get; } = [];

        public void Read(INode root)
        {
            var open = new Stack<(INode Node, bool Leaving)>([(root, false)]);
            while (open.TryPop(out var step))
            {
                var (node, leaving) = step;
                if (leaving)
                {
                    Leave((IElement)node);
                    continue;
                }
                switch (node)
                {
                    case IText text:
                        Add(text.Data);
                        continue;
                    case not IElement:
                        continue;
                    case IElement element when NoText.Contains(element.LocalName) || IsHidden(element):
                        continue;
                    // What it says in one line is its text.
                    case IElement { LocalName: "math" } math:
                        words.Append(math.GetAttribute("alttext") is { Length: > 0 } line ? line : Plain(math));
                        continue;
                    case IHtmlImageElement image:
                        findings.Add(
                            new(
                                "html.image",
                                Lines.Count,
                                image.AlternativeText is { Length: > 0 } shown
                                    ? (Wording)$"A picture was left out: {Short(shown)}. Send it in `files`."
                                    : "A picture was left out. Send it in `files`."
                            )
                        );
                        continue;
                    case IHtmlTableElement table when !IsLayout(table):
                        Flush();
                        if (table.Caption is { } caption)
                            Lines.AddRange(CanonicalText.Lines(Words(caption)).Select(l => new TextLine(l)));
                        if (TextLine.Table(Rows(table)) is { } read)
                            Lines.Add(read);
                        continue;
                    case IElement element:
                        Enter(element);
                        break;
                }
                open.Push((node, true));
                for (var i = node.ChildNodes.Length - 1; i >= 0; i--)
                    open.Push((node.ChildNodes[i], false));
            }
            Flush();
        }

        void Enter(IElement element)
        {
            if (element.LocalName is "br")
            {
                // A heading on two lines is one heading.
                if (level == 0)
                    Flush();
                return;
            }
            if (!Blocks.Contains(element.LocalName))
                return;
            Flush();
            switch (element)
            {
                case IHtmlHeadingElement:
                    level = element.LocalName[1] - '0';
                    break;
                case IHtmlPreElement:
                    preformatted++;
                    break;
                case IHtmlOrderedListElement list:
                    lists.Push((list.Type is { Length: > 0 } type ? type : "1", list.Start));
                    break;
                case IHtmlUnorderedListElement:
                    lists.Push(("", 0));
                    break;
                case IHtmlListItemElement item when lists.TryPeek(out var list) && list.Type.Length > 0:
                    lists.Pop();
                    var number = item.Value ?? list.Next;
                    lists.Push((list.Type, number + 1));
                    marker = Number(list.Type, number);
                    break;
            }
        }

        void Leave(IElement element)
        {
            if (!Blocks.Contains(element.LocalName))
                return;
            Flush();
            switch (element)
            {
                case IHtmlHeadingElement:
                    level = 0;
                    break;
                case IHtmlPreElement:
                    preformatted--;
                    break;
                case IHtmlOrderedListElement or IHtmlUnorderedListElement:
                    lists.TryPop(out _);
                    break;
                case IHtmlListItemElement:
                    marker = "";
                    break;
            }
        }

        /// <summary>
        /// White space is one space; a line end of the source between two Chinese characters is none (CSS Text 3, 4.1.3).
        /// </summary>
        void Add(string data)
        {
            if (preformatted > 0)
            {
                words.Append(data);
                return;
            }
            for (var i = 0; i < data.Length; i++)
            {
                if (data[i] is not (' ' or '\t' or '\n' or '\r' or '\f'))
                {
                    words.Append(data[i]);
                    continue;
                }
                var breaks = false;
                var end = i;
                for (; end < data.Length && data[end] is ' ' or '\t' or '\n' or '\r' or '\f'; end++)
                    breaks |= data[end] is '\n' or '\r';
                var between = words.Length > 0 && IsWide(words[^1]) && end < data.Length && IsWide(data[end]);
                if (!(breaks && between) && words.Length > 0 && words[^1] != ' ')
                    words.Append(' ');
                i = end - 1;
            }
        }

        static string Short(string shown) => shown.Length <= LongestShown ? shown : shown[..LongestShown] + "…";

        static bool IsWide(char c) => c is >= '\u2E80' and < '\uD800' or >= '\uF900' and <= '\uFAFF' or >= '\uFF01' and <= '\uFF60';

        void Flush()
        {
            foreach (var line in CanonicalText.Lines(words.ToString()))
            {
                // A list whose items have numbers of their own shows them alone.
                Lines.Add(new(marker.Length > 0 && ListMark.Of(line) is null ? marker + line : line, Math.Min(level, DeepestHeading)));
                marker = "";
            }
            words.Clear();
        }
    }

    static string Number(string type, int number)
    {
        var written = type switch
        {
            "a" or "A" => LatinNumbers.Letters(number, type[0]),
            "i" => LatinNumbers.Roman(number)?.ToLowerInvariant(),
            "I" => LatinNumbers.Roman(number),
            _ => null,
        };
        return $"{written ?? number.ToString(CultureInfo.InvariantCulture)}. ";
    }

    static bool IsHidden(IElement element) =>
        element.HasAttribute("hidden")
        || element.GetAttribute("style") is { } style
            && Characters
                .Clean(style)
                .Replace(" ", "", StringComparison.Ordinal)
                .Contains("display:none", StringComparison.OrdinalIgnoreCase);

    /// <summary>A table that holds another one only lays the page out.</summary>
    static bool IsLayout(IHtmlTableElement table)
    {
        var open = new Stack<INode>(table.ChildNodes);
        while (open.TryPop(out var node))
        {
            if (node is IHtmlTableElement)
                return true;
            foreach (var child in node.ChildNodes)
                open.Push(child);
        }
        return false;
    }

    static string Plain(INode root)
    {
        var plain = new StringBuilder();
        var open = new Stack<INode>([root]);
        while (open.TryPop(out var node))
        {
            if (node is IText text)
                plain.Append(text.Data.Trim());
            for (var i = node.ChildNodes.Length - 1; i >= 0; i--)
                open.Push(node.ChildNodes[i]);
        }
        return plain.ToString();
    }

    /// <summary>The words below a node, lines where blocks begin.</summary>
    static string Words(INode root)
    {
        var reader = new Reader([]);
        reader.Read(root);
        return string.Join('\n', reader.Lines.Select(l => l.Text));
    }

    /// <summary>The rows of a table; a cell over several columns or rows is followed by the empty ones that it covers.</summary>
    static List<string[]> Rows(IHtmlTableElement table)
    {
        var rows = new List<string[]>();
        var left = MostCells;
        var covered = new Dictionary<int, int>();
        foreach (var row in table.Rows.Where(r => !IsHidden(r)))
        {
            var cells = new List<string>();
            var below = new Dictionary<int, int>();
            foreach (var cell in row.Cells)
            {
                Cover(cells, below);
                var wide = Math.Clamp(cell.ColumnSpan, 1, MostColumns);
                for (var column = 0; column < wide; column++)
                {
                    if (cell.RowSpan > 1)
                        below[cells.Count] = cell.RowSpan - 1;
                    Add(cells, column == 0 ? Words(cell).Replace('\n', ' ') : "");
                }
            }
            Cover(cells, below);
            covered = below;
            rows.Add([.. cells]);
        }
        return rows;

        void Cover(List<string> cells, Dictionary<int, int> below)
        {
            while (covered.TryGetValue(cells.Count, out var more))
            {
                if (more > 1)
                    below[cells.Count] = more - 1;
                Add(cells, "");
            }
        }

        // A cell that spans thousands makes as many in each row.
        void Add(List<string> cells, string words)
        {
            if (--left < 0)
                throw new TooMuchException();
            cells.Add(words);
        }
    }
}
