using System.Buffers;

namespace PolicyPlatform.Shared.Markup;

/// <summary>
/// The marks of Markdown within a paragraph, brackets and those of emphasis and code. Which of them belong together is found by looking at
/// all that are open: it takes the square of how many there are.
/// </summary>
public static class MarkdownMarks
{
    // A paragraph of ten thousand, or a hundred of a thousand each. Emphasis alone makes some ten.
    const long MostWork = 100_000_000;

    static readonly SearchValues<char> Marks = SearchValues.Create("[]*_`");

    /// <summary>Whether they are few enough for the text to be read.</summary>
    public static bool AreFew(string markdown)
    {
        var (work, marks) = (0L, 0L);
        foreach (var range in markdown.AsSpan().Split('\n'))
        {
            var line = markdown.AsSpan(range);
            // An empty line ends a paragraph, and whatever else they are looked for in; so does what cannot go on with one.
            if (line.IndexOfAnyExcept(' ', '\t', '\r') < 0 || Begins(line))
            {
                work += marks * marks;
                marks = 0;
            }
            for (var rest = line; rest.IndexOfAny(Marks) is var at and >= 0; )
            {
                marks++;
                // Several of the same, but for brackets, are one.
                var length = rest[at] is '[' or ']' ? 1 : rest[at..].IndexOfAnyExcept(rest[at]);
                rest = length < 0 ? [] : rest[(at + length)..];
            }
            if (work + marks * marks > MostWork)
                return false;
        }
        return true;
    }

    // An item of a list without numbers, or a heading.
    static bool Begins(ReadOnlySpan<char> line)
    {
        var indent = line.IndexOfAnyExcept(' ');
        return indent is >= 0 and <= 3 && line[indent..] is ['-' or '*' or '+', ' ', not (' ' or '\t' or '\r'), ..] or ['#', ' ', ..];
    }
}
