using System.Globalization;
using PolicyPlatform.ServiceDefaults.Language;

namespace PolicyPlatform.Consultation.Questionnaires.Import;

/// <summary>How a value is compared in another tool's expression.</summary>
enum Comparison
{
    Equal,
    NotEqual,
    Greater,
    AtLeast,
    Less,
    AtMost,

    /// <summary>Is among the options that were chosen: <c>contains</c>, <c>selected(…)</c>.</summary>
    Contains,

    /// <summary>Is one of these: <c>anyof</c>.</summary>
    AnyOf,
}

/// <summary>A condition as other tools write it.</summary>
abstract record Expression
{
    /// <summary>All of these hold, or one of them.</summary>
    public sealed record Several(bool All, IReadOnlyList<Expression> Parts) : Expression;

    /// <summary>This does not hold.</summary>
    public sealed record Not(Expression Part) : Expression;

    /// <summary>A question is compared with values.</summary>
    public sealed record Compare(string Question, Comparison How, IReadOnlyList<string> Values) : Expression;

    const int Longest = 2000,
        Deepest = 16,
        MostParts = 50;

    /// <summary>
    /// Reads the simple kind of the expressions of SurveyJS (<c>{q1} = 'a' and {q2} &gt; 3</c>) and of XLSForm
    /// (<c>${q1} = 'a' and selected(${q2}, 'b')</c>): comparisons of a question with literals, and, or, not and parentheses. Each character is
    /// looked at once.
    /// </summary>
    /// <param name="text">The expression.</param>
    /// <param name="problem">What is not understood, and where.</param>
    public static Expression? Read(string text, out Wording? problem)
    {
        var reader = new Reader(text.Length > Longest ? text[..Longest] : text);
        try
        {
            if (text.Length > Longest)
                throw reader.Wrong($"at most {Longest} characters are read");
            var read = reader.Either(1);
            reader.End();
            problem = null;
            return read;
        }
        catch (NotUnderstood e)
        {
            problem = e.Why;
            return null;
        }
    }

    sealed class NotUnderstood(Wording why) : Exception
    {
        public Wording Why => why;
    }

    // or of and of not of a comparison, or of the whole in parentheses.
    sealed class Reader(string text)
    {
        int at,
            parts;

        public Expression Either(int depth) => Chain(false, ["or", "||"], depth, Both);

        Expression Both(int depth) => Chain(true, ["and", "&&"], depth, One);

        Expression Chain(bool all, string[] words, int depth, Func<int, Expression> part)
        {
            List<Expression> read = [part(depth)];
            while (words.Any(Take))
                read.Add(part(depth));
            return read is [var only] ? only : new Several(all, read);
        }

        Expression One(int depth)
        {
            if (depth > Deepest)
                throw Wrong($"parentheses stand in each other at most {Deepest} deep");
            if (++parts > MostParts)
                throw Wrong($"an expression has at most {MostParts} parts");
            if (Take("not") || Take("!"))
                return new Not(One(depth + 1));
            if (Take("("))
            {
                var read = Either(depth + 1);
                Need(")");
                return read;
            }
            if (Take("selected"))
            {
                Need("(");
                var question = Variable();
                Need(",");
                var value = Literal();
                Need(")");
                return new Compare(question, Comparison.Contains, [value]);
            }
            var compared = Variable();
            var how = How();
            return new Compare(compared, how, how is Comparison.AnyOf ? Literals() : [Literal()]);
        }

        Comparison How() =>
            Take("!=") || Take("<>") || Take("notequal") ? Comparison.NotEqual
            : Take("==") || Take("=") || Take("equal") ? Comparison.Equal
            : Take(">=") || Take("greaterorequal") ? Comparison.AtLeast
            : Take("<=") || Take("lessorequal") ? Comparison.AtMost
            : Take(">") || Take("greater") ? Comparison.Greater
            : Take("<") || Take("less") ? Comparison.Less
            : Take("anyof") ? Comparison.AnyOf
            : Take("contains") || Take("contain") ? Comparison.Contains
            : throw Wrong("a comparison is expected: =, !=, <, <=, >, >=, contains, anyof");

        string Variable()
        {
            Take("$");
            Need("{");
            var end = text.IndexOf('}', at);
            if (end < 0)
                throw Wrong("a question in braces is not closed");
            var name = text[at..end].Trim();
            at = end + 1;
            return name;
        }

        string[] Literals()
        {
            Need("[");
            List<string> values = [Literal()];
            while (Take(","))
                values.Add(Literal());
            Need("]");
            return [.. values];
        }

        string Literal()
        {
            Blanks();
            if (at < text.Length && text[at] is '\'' or '"')
            {
                var end = text.IndexOf(text[at], at + 1);
                if (end < 0)
                    throw Wrong("a text in quotes is not closed");
                var value = text[(at + 1)..end];
                at = end + 1;
                return value;
            }
            var start = at;
            while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is '-' or '.' or '_'))
                at++;
            var word = text[start..at];
            // Words without quotes are questions, functions and constants of other tools.
            if (
                word is not ("true" or "false")
                && !decimal.TryParse(
                    word,
                    NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out _
                )
            )
            {
                at = start;
                throw Wrong("a text in quotes or a number is expected");
            }
            return word;
        }

        bool Take(string word)
        {
            Blanks();
            if (string.Compare(text, at, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) != 0)
                return false;
            var after = at + word.Length;
            if (char.IsAsciiLetter(word[0]) && after < text.Length && (char.IsLetterOrDigit(text[after]) || text[after] is '_' or '-'))
                return false;
            at = after;
            return true;
        }

        void Need(string word)
        {
            if (!Take(word))
                throw Wrong($"{word} is expected");
        }

        public void End()
        {
            Blanks();
            if (at < text.Length)
                throw Wrong("and, or, or the end is expected");
        }

        void Blanks()
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
                at++;
        }

        public NotUnderstood Wrong(Wording what) => new($"At character {at + 1}: {what}.");
    }
}
