using System.Globalization;
using System.Xml.Linq;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults;

namespace PolicyPlatform.Documents.Revisions;

/// <summary>What an Akoma Ntoso file tells about the document beside its text.</summary>
/// <param name="Id">The document.</param>
/// <param name="Title">标题.</param>
/// <param name="Number">发文字号.</param>
/// <param name="Issuer">The leading issuer's code.</param>
/// <param name="Revision">The revision.</param>
/// <param name="WrittenOn">成文日期, where it is known.</param>
/// <param name="EffectiveFrom">The first day of this text; null for a draft.</param>
/// <param name="RecordedAt">When it was recorded, UTC.</param>
sealed record AkomaNtosoHead(
    Guid Id,
    string Title,
    string? Number,
    string Issuer,
    int Revision,
    DateOnly? WrittenOn,
    DateOnly? EffectiveFrom,
    DateTimeOffset RecordedAt
);

/// <summary>Writes a text as Akoma Ntoso 3.0 (OASIS LegalDocML): the hierarchy of 编章节条款项目, each element with its block's id.</summary>
static class AkomaNtoso
{
    public const string MediaType = "application/akn+xml";

    static readonly XNamespace Akn = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0";

    const string Editor = "#policyplatform";

    public static XDocument Write(AkomaNtosoHead head, IReadOnlyList<Block> blocks)
    {
        var children = blocks.ToLookup(b => b.ParentId ?? "");
        // What belongs to the title stands beside it here: Akoma Ntoso tells head, body and foot apart. A further title begins a text that
        // this one encloses.
        var title = blocks.Where(b => b.ParentId is null).TakeWhile(b => IsHead(b.Kind)).FirstOrDefault(b => b.Kind is BlockKind.Title)?.Id;
        var tops = blocks.Where(b => b.ParentId is null || b.ParentId == title).ToList();
        var firstOfBody = tops.FindIndex(b => !IsHead(b.Kind) || b.Id != title && children.Contains(b.Id));
        if (firstOfBody < 0)
            firstOfBody = tops.Count;
        var firstOfFoot = tops.Count;
        while (firstOfFoot > firstOfBody && IsFoot(tops[firstOfFoot - 1].Kind))
            firstOfFoot--;

        var act = new XElement(
            Akn + "act",
            new XAttribute("name", "regulation"),
            new XAttribute("contains", head.Revision == 1 ? "originalVersion" : "singleVersion"),
            Meta(head)
        );
        if (firstOfBody > 0)
            act.Add(new XElement(Akn + "preface", tops.Take(firstOfBody).Select(Paragraph)));
        var body = tops.Skip(firstOfBody).Take(firstOfFoot - firstOfBody).SelectMany(b => Hierarchy(b, children)).ToArray();
        act.Add(
            new XElement(
                Akn + "body",
                body.Length > 0
                    ? body
                    :
                    [
                        new XElement(
                            Akn + "paragraph",
                            new XAttribute("eId", "empty"),
                            new XElement(Akn + "content", new XElement(Akn + "p"))
                        ),
                    ]
            )
        );
        if (firstOfFoot < tops.Count)
            act.Add(new XElement(Akn + "conclusions", tops.Skip(firstOfFoot).Select(Paragraph)));
        return new XDocument(new XDeclaration("1.0", "utf-8", null), new XElement(Akn + "akomaNtoso", act));
    }

    static bool IsHead(BlockKind kind) =>
        kind
            is BlockKind.Title
                or BlockKind.Letterhead
                or BlockKind.DocumentNumber
                or BlockKind.Addressee
                or BlockKind.Marking
                or BlockKind.Contents
                or BlockKind.Note;

    static bool IsFoot(BlockKind kind) => kind is BlockKind.Signature or BlockKind.Copies or BlockKind.IssuingLine or BlockKind.Note;

    static XElement Meta(AkomaNtosoHead head)
    {
        var work = $"/akn/cn/act/{(head.WrittenOn ?? head.EffectiveFrom ?? OfficialTime.DateIn(head.RecordedAt)).Year}/{head.Id}";
        var expression = string.Create(
            CultureInfo.InvariantCulture,
            $"{work}/zho@{head.EffectiveFrom ?? OfficialTime.DateIn(head.RecordedAt):yyyy-MM-dd}"
        );
        var written = (head.WrittenOn ?? head.EffectiveFrom ?? OfficialTime.DateIn(head.RecordedAt)).ToString(
            "yyyy-MM-dd",
            CultureInfo.InvariantCulture
        );
        var recorded = OfficialTime.DateIn(head.RecordedAt).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return new(
            Akn + "meta",
            new XElement(
                Akn + "identification",
                new XAttribute("source", Editor),
                new XElement(
                    Akn + "FRBRWork",
                    Value("FRBRthis", $"{work}/!main"),
                    Value("FRBRuri", work),
                    Alias(head.Title),
                    Date(written, "成文"),
                    new XElement(Akn + "FRBRauthor", new XAttribute("href", "#issuer")),
                    new XElement(Akn + "FRBRcountry", new XAttribute("value", "cn")),
                    head.Number is null ? null : Value("FRBRnumber", head.Number)
                ),
                new XElement(
                    Akn + "FRBRExpression",
                    Value("FRBRthis", $"{expression}/!main"),
                    Value("FRBRuri", expression),
                    Date(
                        head.EffectiveFrom?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? recorded,
                        head.EffectiveFrom is null ? "草案" : "施行"
                    ),
                    new XElement(Akn + "FRBRauthor", new XAttribute("href", "#issuer")),
                    new XElement(Akn + "FRBRversionNumber", new XAttribute("value", head.Revision)),
                    new XElement(Akn + "FRBRlanguage", new XAttribute("language", "zho"))
                ),
                new XElement(
                    Akn + "FRBRManifestation",
                    Value("FRBRthis", $"{expression}/!main.xml"),
                    Value("FRBRuri", $"{expression}.akn"),
                    Date(recorded, "记录"),
                    new XElement(Akn + "FRBRauthor", new XAttribute("href", Editor))
                )
            ),
            new XElement(
                Akn + "references",
                new XAttribute("source", Editor),
                Organization("issuer", $"/ontology/organization/cn/{head.Issuer}", head.Issuer),
                Organization("policyplatform", "/ontology/organization/cn/policyplatform", "PolicyPlatform")
            )
        );

        static XElement Value(string name, string value) => new(Akn + name, new XAttribute("value", Characters.Clean(value)));
        static XElement Alias(string title) =>
            new(Akn + "FRBRalias", new XAttribute("value", Characters.Clean(title)), new XAttribute("name", "title"));
        static XElement Date(string date, string name) => new(Akn + "FRBRdate", new XAttribute("date", date), new XAttribute("name", name));
        static XElement Organization(string id, string href, string shown) =>
            new(Akn + "TLCOrganization", new XAttribute("eId", id), new XAttribute("href", href), new XAttribute("showAs", shown));
    }

    static XElement Paragraph(Block block) =>
        new(
            Akn + "p",
            new XAttribute("eId", block.Id),
            block.Kind is BlockKind.Title ? new XElement(Akn + "docTitle", Lines(block.Text))
                : block.Kind is BlockKind.DocumentNumber ? new XElement(Akn + "docNumber", block.Text)
                : Lines(block.Text)
        );

    /// <summary>
    /// A block and what belongs to it. The text right under an article or an item introduces what follows; what has nothing below it is
    /// plain content.
    /// </summary>
    static IEnumerable<XElement> Hierarchy(Block block, ILookup<string, Block> children)
    {
        var below = children[block.Id].ToArray();
        var element = new XElement(Akn + Name(block.Kind), new XAttribute("eId", block.Id));
        if (block.Kind is BlockKind.Attachment or BlockKind.Title)
            element.Add(new XAttribute("name", block.Kind is BlockKind.Title ? "title" : "attachment"));
        if (
            block.Kind
            is BlockKind.Note
                or BlockKind.Signature
                or BlockKind.Copies
                or BlockKind.IssuingLine
                or BlockKind.Letterhead
                or BlockKind.DocumentNumber
                or BlockKind.Addressee
                or BlockKind.Marking
                or BlockKind.Contents
        )
            element.Add(new XAttribute("class", block.Kind.ToString().ToLowerInvariant()));
        var divides =
            block.Kind
            is BlockKind.Part
                or BlockKind.Chapter
                or BlockKind.Section
                or BlockKind.Heading
                or BlockKind.Attachment
                or BlockKind.Title;
        if (block.Label is { } label)
            element.Add(new XElement(Akn + "num", label));
        var words = block.Label is null ? block.Text : block.Text[block.Label.Length..].TrimStart(' ');
        if (block.Rows is { } rows)
            element.Add(
                new XElement(
                    Akn + "content",
                    new XElement(
                        Akn + "table",
                        rows.Select(row => new XElement(
                            Akn + "tr",
                            row.Select(cell => new XElement(Akn + "td", new XElement(Akn + "p", Characters.CleanText(cell))))
                        ))
                    )
                )
            );
        else if (divides)
        {
            element.Add(new XElement(Akn + "heading", Lines(words)));
            if (below.Length == 0)
                element.Add(new XElement(Akn + "content", new XElement(Akn + "p")));
        }
        else
            element.Add(new XElement(Akn + (below.Length == 0 ? "content" : "intro"), new XElement(Akn + "p", Lines(words))));
        element.Add(below.SelectMany(b => Hierarchy(b, children)));
        yield return element;
    }

    static IEnumerable<object> Lines(string text)
    {
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (i > 0)
                yield return new XElement(Akn + "eol");
            yield return Characters.CleanText(lines[i]);
        }
    }

    static string Name(BlockKind kind) =>
        kind switch
        {
            BlockKind.Part => "part",
            BlockKind.Chapter => "chapter",
            BlockKind.Section or BlockKind.Heading => "section",
            BlockKind.Article => "article",
            BlockKind.Clause => "clause",
            BlockKind.Item => "point",
            BlockKind.SubItem => "indent",
            BlockKind.Attachment or BlockKind.Title => "hcontainer",
            _ => "paragraph",
        };
}
