using System.Globalization;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Consultation.Questionnaires.Import;

/// <summary>What was read of another tool's questionnaire.</summary>
/// <param name="Title">Its title; null for none.</param>
/// <param name="Introduction">What stands before the questions.</param>
/// <param name="Pages">The pages.</param>
/// <param name="Findings">What was not understood or taken otherwise, each with its place.</param>
sealed record ReadForm(string? Title, string? Introduction, IReadOnlyList<FormPage> Pages, IReadOnlyList<ProblemError> Findings);

/// <summary>Puts a form together of what another tool names in its own way, and keeps what could not be taken as it is.</summary>
sealed class FormBuilder
{
    const int MostFindings = 500;

    readonly List<ProblemError> findings = [];
    readonly List<(string? Title, List<string> Notes, List<FormQuestion> Questions)> pages = [];
    readonly Dictionary<string, Named> named = [];
    readonly HashSet<string> codes = [];

    sealed record Named(FormQuestion Question, IReadOnlyDictionary<string, string> Values);

    /// <summary>Notes what was not understood, or taken otherwise.</summary>
    public void Find(string place, string code, Wording detail)
    {
        if (findings.Count < MostFindings)
            findings.Add(new(place, code, detail));
        else if (findings.Count == MostFindings)
            findings.Add(new("", "findings.tooMany", $"There is more; the first {MostFindings} are told."));
    }

    /// <summary>Begins a page.</summary>
    public void Page(string? title) => pages.Add((title.OrNone(), [], []));

    /// <summary>Adds words that ask for nothing: they stand before the questions of their page.</summary>
    public void Note(string words) => Last().Notes.Add(words);

    (string? Title, List<string> Notes, List<FormQuestion> Questions) Last()
    {
        if (pages.Count == 0)
            Page(null);
        return pages[^1];
    }

    /// <summary>Options, or rows, with codes of their own; what they are called elsewhere is kept for conditions.</summary>
    public (IReadOnlyList<FormOption> Options, Dictionary<string, string> Values) Options(
        IReadOnlyList<(string Value, string Label)> given,
        string place
    )
    {
        var options = new List<FormOption>();
        var values = new Dictionary<string, string>();
        foreach (var (value, label) in given)
        {
            var code = FormCheck.IsCode(value) && value != FormQuestion.OtherCode ? value : Free("option", values.Values.ToHashSet());
            if (!values.TryAdd(value, code))
            {
                Find(place, "option.twice", $"{Short(value)} stands there twice; the first one was taken.");
                continue;
            }
            if (code != value)
                Find(
                    place,
                    "code.renamed",
                    $"{Short(value)} is called {code} here: a code has letters, digits, _ and -, and other is taken."
                );
            options.Add(new(code, label.OrNone() ?? value));
        }
        return (options, values);
    }

    /// <summary>Adds a question.</summary>
    /// <param name="name">What it is called elsewhere.</param>
    /// <param name="question">It, without a code and a condition.</param>
    /// <param name="values">What its options are called elsewhere, with their codes.</param>
    /// <param name="conditions">When it is asked, as it is written elsewhere; all of them hold.</param>
    /// <param name="place">Where it stands.</param>
    public void Question(
        string name,
        FormQuestion question,
        IReadOnlyDictionary<string, string> values,
        IReadOnlyList<(string Text, string Place)> conditions,
        string place
    )
    {
        var code = FormCheck.IsCode(name) && !codes.Contains(name) ? name : Free("q", codes);
        codes.Add(code);
        if (code != name)
            Find(place, "code.renamed", $"{Short(name)} is called {code} here: a code has letters, digits, _ and -, and stands once.");
        var parts = conditions.Select(c => Condition(c.Text, c.Place)).OfType<FormCondition>().ToArray();
        question = question with
        {
            Code = code,
            ShowIf = parts switch
            {
                [] => null,
                [var only] => only,
                _ => new(All: parts),
            },
        };
        Last().Questions.Add(question);
        named.TryAdd(name, new(question, values));
    }

    static string Free(string prefix, HashSet<string> taken)
    {
        for (var n = 1; ; n++)
            if (string.Create(CultureInfo.InvariantCulture, $"{prefix}{n}") is var free && !taken.Contains(free))
                return free;
    }

    FormCondition? Condition(string text, string place)
    {
        Wording? problem = null;
        var read = Expression.Read(text, out problem) is { } expression ? Bound(expression, out problem) : null;
        if (read is null)
            Find(
                place,
                "condition.notUnderstood",
                $"The condition {Short(text)} was left out, and the question is asked of everybody: {problem!}"
            );
        return read;
    }

    FormCondition? Bound(Expression expression, out Wording? problem)
    {
        problem = null;
        switch (expression)
        {
            case Expression.Not(var part):
                return Bound(part, out problem) is { } not ? new(Not: not) : null;
            case Expression.Several(var all, var several):
                var parts = new List<FormCondition>();
                foreach (var part in several)
                {
                    if (Bound(part, out problem) is not { } bound)
                        return null;
                    parts.Add(bound);
                }
                return all ? new(All: parts) : new(Any: parts);
            default:
                return Bound((Expression.Compare)expression, out problem);
        }
    }

    FormCondition? Bound(Expression.Compare compare, out Wording? problem)
    {
        problem = null;
        if (named.GetValueOrDefault(compare.Question) is not { Question: var question, Values: var values })
        {
            problem = $"There is no earlier question {Short(compare.Question)}.";
            return null;
        }
        if (question.Kind is QuestionKind.Scale or QuestionKind.Number)
        {
            var numbers = compare.Values.Select(Number).OfType<decimal>().ToArray();
            if (numbers.Length < compare.Values.Count || compare.How is Comparison.Contains)
            {
                problem = $"{question.Code!} is a number.";
                return null;
            }
            var (value, number) = (numbers[0].ToString(CultureInfo.InvariantCulture), numbers[0]);
            return compare.How switch
            {
                Comparison.Equal => new(Question: question.Code, Is: value),
                Comparison.NotEqual => new(Not: new(Question: question.Code, Is: value)),
                Comparison.Greater => new(Question: question.Code, GreaterThan: number),
                Comparison.AtLeast => new(Question: question.Code, AtLeast: number),
                Comparison.Less => new(Question: question.Code, LessThan: number),
                Comparison.AtMost => new(Question: question.Code, AtMost: number),
                _ => new(Question: question.Code, IsAnyOf: [.. numbers.Select(n => n.ToString(CultureInfo.InvariantCulture))]),
            };
        }
        // With options that can be chosen together, = asks whether these alone were.
        var fits = question.Kind switch
        {
            QuestionKind.Single => compare.How is Comparison.Equal or Comparison.NotEqual or Comparison.AnyOf or Comparison.Contains,
            QuestionKind.Multiple => compare.How is Comparison.Contains or Comparison.AnyOf,
            _ => false,
        };
        if (!fits)
        {
            problem = $"Answers to {question.Code!} cannot be compared so.";
            return null;
        }
        var chosen = compare.Values.Select(v => values.GetValueOrDefault(v)).OfType<string>().ToArray();
        if (chosen.Length < compare.Values.Count)
        {
            problem = $"{question.Code!} has no such option.";
            return null;
        }
        return compare.How switch
        {
            Comparison.AnyOf => new(Question: question.Code, IsAnyOf: chosen),
            Comparison.NotEqual => new(Not: new(Question: question.Code, Is: chosen[0])),
            _ => new(Question: question.Code, Is: chosen[0]),
        };
    }

    static decimal? Number(string value) =>
        decimal.TryParse(
            value,
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : null;

    /// <summary>A text as a finding tells it.</summary>
    public static string Short(string text) => text.Length <= 80 ? text : $"{Cut(text)}…";

    // Between characters.
    static string Cut(string text) => text[..(char.IsHighSurrogate(text[78]) ? 78 : 79)];

    /// <summary>The form. A page of nothing but words gives them to the next one.</summary>
    public ReadForm Finished(string? title, string? introduction)
    {
        var read = new List<FormPage>();
        var notes = new List<string>();
        foreach (var page in pages)
        {
            notes.AddRange(page.Notes);
            if (page.Questions.Count == 0)
                continue;
            read.Add(new(page.Title, notes.Count > 0 ? string.Join("\n\n", notes) : null, page.Questions));
            notes.Clear();
        }
        foreach (var note in notes)
            Find("", "note.leftOut", $"No question follows the words {Short(note)}; they were left out.");
        return new(title.OrNone(), introduction.OrNone(), read, findings);
    }
}
