using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.Drafting;

/// <summary>The forms in which a text can come in; exactly one is given.</summary>
public interface ITextInput
{
    /// <summary>Plain text, a paragraph a line.</summary>
    string? Text { get; }

    /// <summary>Markdown.</summary>
    string? Markdown { get; }

    /// <summary>The paragraphs one by one, in reading order.</summary>
    IReadOnlyList<GivenBlock>? Blocks { get; }
}

/// <summary>A paragraph of a text as a client sends it. What it is, and which block of the last revision, is recognised from the words.</summary>
/// <param name="Text">The words, the number included: 第八条 ….</param>
public sealed record GivenBlock(string? Text);

/// <summary>Reads the text of a request.</summary>
static class TextInput
{
    /// <summary>The blocks of the text given, or null with a problem: what is wrong goes to <paramref name="invalid"/>, a text beyond the limit is returned.</summary>
    public static (IReadOnlyList<CutBlock>? Blocks, Problem? TooLong) Cut(this ITextInput input, Invalid invalid)
    {
        var forms = (input.Text is null ? 0 : 1) + (input.Markdown is null ? 0 : 1) + (input.Blocks is null ? 0 : 1);
        if (forms != 1)
        {
            invalid.Add("/text", forms == 0 ? "text.missing" : "text.ambiguous", "Give the complete text in exactly one of `text`, `markdown` and `blocks`.");
            return (null, null);
        }
        var length = input.Text?.Length ?? input.Markdown?.Length ?? input.Blocks!.Sum(b => b?.Text?.Length ?? 0);
        if (length > CanonicalText.LongestCharacters)
            return (null, DocumentProblems.TextTooLong.With($"The text has {length:N0} characters; one text may have {CanonicalText.LongestCharacters:N0}. Divide it into several documents."));
        var blocks = input.Markdown is { } markdown ? MarkdownText.Cut(markdown) : TextStructure.Cut(input.Text ?? string.Join('\n', input.Blocks!.Select(b => b?.Text ?? "")));
        if (blocks.Count == 0) invalid.Add(input.Markdown is not null ? "/markdown" : input.Text is not null ? "/text" : "/blocks", "text.empty", "The text has no words. Send the complete text of the revision.");
        return (blocks, null);
    }
}
