using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.Revisions;

/// <summary>The forms in which a text can come in; exactly one is given.</summary>
public interface ITextInput
{
    /// <summary>Plain text, a paragraph a line.</summary>
    string? Text { get; }

    /// <summary>Markdown.</summary>
    string? Markdown { get; }

    /// <summary>HTML, a page or a piece of one.</summary>
    string? Html => null;

    /// <summary>A Word file (.docx), in JSON as base64.</summary>
    byte[]? Docx { get; }

    /// <summary>The paragraphs one by one, in reading order.</summary>
    IReadOnlyList<GivenBlock>? Blocks { get; }

    /// <summary>The files that go with the text; those of the text before when left out.</summary>
    IReadOnlyList<GivenFile>? Files => null;
}

/// <summary>
/// A paragraph of a text as a client sends it. What it is, and which block of the last revision, is recognised from the words.
/// </summary>
/// <param name="Text">The words, the number included: 第八条 ….</param>
/// <param name="Kind">What it is, where the client knows and is to be believed; recognised when left out.</param>
/// <param name="Rows">A table's rows with their cells, instead of a text.</param>
public sealed record GivenBlock(
    [property: IsText] string? Text,
    BlockKind? Kind = null,
    [property: IsText] IReadOnlyList<IReadOnlyList<string?>?>? Rows = null
);

/// <summary>A text that was read.</summary>
/// <param name="Blocks">Its blocks.</param>
/// <param name="Files">The files that it holds.</param>
/// <param name="Findings">What it did not say for sure.</param>
public sealed record ReadText(IReadOnlyList<CutBlock> Blocks, IReadOnlyList<FileInText> Files, IReadOnlyList<TextFinding> Findings)
{
    /// <summary>
    /// The files that go with it, told from those that went with the text before: all of these, unless something else is said.
    /// </summary>
    public Func<IReadOnlyList<GivenFile>, IReadOnlyList<GivenFile>> Sent { get; init; } = before => before;

    /// <summary>Whether it is said which files go with it.</summary>
    public bool NamesFiles { get; init; }

    /// <summary>The formulas that it holds.</summary>
    public IReadOnlyList<TextFormula> Formulas { get; init; } = [];

    /// <summary>Pictures that stand in it and are kept already.</summary>
    public IReadOnlyList<AttachedFile> Kept { get; init; } = [];

    /// <summary>The same text once more.</summary>
    public static ReadText Again(CompleteText text)
    {
        var places = text.Blocks.Select((b, i) => (b.Id, i)).ToDictionary(b => b.Id, b => b.i);
        return new(
            [.. text.Blocks.Select(b => new CutBlock(b.Kind, b.ParentId is { } parent ? places[parent] : -1, b.Label, b.Text))],
            [],
            text.Findings
        )
        {
            Formulas = text.Formulas,
            Kept = [.. text.Files.Where(f => f.Sent is null)],
        };
    }

    /// <summary>标题 as the text has it, on one line; null where it has none.</summary>
    public string? Title => Blocks.FirstOrDefault(b => b.Kind is BlockKind.Title)?.Text.Replace("\n", "", StringComparison.Ordinal);
}

/// <summary>Reads the text of a request.</summary>
static class TextInput
{
    /// <summary>
    /// The text given, or null with a problem: what is wrong goes to <paramref name="invalid"/>, a text beyond the limit is returned.
    /// </summary>
    public static (ReadText? Text, Problem? TooLong) Read(this ITextInput input, Invalid invalid)
    {
        var forms = new (string Pointer, bool Given)[]
        {
            ("/text", input.Text is not null),
            ("/markdown", input.Markdown is not null),
            ("/html", input.Html is not null),
            ("/docx", input.Docx is not null),
            ("/blocks", input.Blocks is not null),
        }
            .Where(f => f.Given)
            .ToArray();
        if (forms is not [var form])
        {
            invalid.Add(
                "/text",
                forms.Length == 0 ? "text.missing" : "text.ambiguous",
                "Give the complete text in exactly one of `text`, `markdown`, `html`, `docx` and `blocks`."
            );
            return (null, null);
        }
        var length =
            input.Text?.Length
            ?? input.Markdown?.Length
            ?? input.Blocks?.Sum(b => (b?.Text?.Length ?? 0) + (b?.Rows?.Sum(r => r?.Sum(c => c?.Length ?? 0) ?? 0) ?? 0))
            ?? 0;
        if (length > CanonicalText.LongestCharacters)
            return (null, TooLong(length));
        if (input.Html?.Length > HtmlText.Longest)
            return (
                null,
                DocumentProblems.TextTooLong.With(
                    $"The HTML has {input.Html.Length:N0} characters; at most {HtmlText.Longest:N0} are read. Send the text alone, or divide it into several documents."
                )
            );
        ReadText text;
        if (input.Docx is { } docx)
        {
            using var file = new MemoryStream(docx, writable: false);
            if (DocxText.Cut(file) is not { } word)
            {
                invalid.Add(
                    "/docx",
                    "text.docx.unreadable",
                    $"This is not a Word file that can be read. Send a .docx without a password and with at most {DocxText.MostPictures} pictures, {DocxText.LargestPictures / 1_000_000} MB together; save an old .doc as .docx first."
                );
                return (null, null);
            }
            text = new(word.Text.Blocks, word.Files, word.Text.Findings) { Formulas = word.Text.Formulas };
            if (text.Blocks.Sum(b => b.Text.Length) is var words && words > CanonicalText.LongestCharacters)
                return (null, TooLong(words));
        }
        else
        {
            var cut =
                input.Markdown is { } markdown ? MarkdownText.Read(markdown)
                : input.Html is { } html ? HtmlText.Read(html)
                : input.Text is { } plain ? TextStructure.Read(plain)
                : TextStructure.Read(Lines(input.Blocks!));
            if (cut is null)
            {
                var markup = input.Html is null ? "markdown" : "html";
                invalid.Add(
                    $"/{markup}",
                    $"text.{markup}.unreadable",
                    "The elements of this text nest deeper, or are more, than can be read. Send the text alone."
                );
                return (null, null);
            }
            text = new(cut.Blocks, [], cut.Findings);
            if (input.Html is not null && text.Blocks.Sum(b => b.Text.Length) is var words && words > CanonicalText.LongestCharacters)
                return (null, TooLong(words));
        }
        if (input.Files is { } files)
        {
            for (var i = 0; i < files.Count; i++)
                files[i].Check($"/files/{i}/", invalid);
            text = text with { Sent = _ => files, NamesFiles = true };
        }
        if (text.Blocks.Count == 0)
            invalid.Add(form.Pointer, "text.empty", "The text has no words. Send the complete text of the revision.");
        return (text, null);
    }

    static List<TextLine> Lines(IReadOnlyList<GivenBlock> given)
    {
        var lines = new List<TextLine>();
        foreach (var block in given)
        {
            if (block?.Rows is { Count: > 0 } rows)
            {
                if (TextLine.Table(rows.Select(row => (row ?? []).Select(cell => cell ?? "").ToArray())) is { } table)
                    lines.Add(table);
                continue;
            }
            if (block?.Kind is not { } kind)
                lines.AddRange(TextLine.Of(block?.Text ?? ""));
            else if (kind is BlockKind.Table)
            {
                if (TextLine.Table((block.Text ?? "").Split('\n').Select(row => row.Split('\t'))) is { } table)
                    lines.Add(table);
            }
            else
                lines.AddRange(CanonicalText.Lines(block.Text ?? "").Select((line, i) => new TextLine(line, Given: kind, GoesOn: i > 0)));
        }
        return lines;
    }

    static Problem TooLong(int length) =>
        DocumentProblems.TextTooLong.With(
            $"The text has {length:N0} characters; one text may have {CanonicalText.LongestCharacters:N0}. Divide it into several documents."
        );
}
