using System.Globalization;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Consultation.Questionnaires;

/// <summary>
/// A condition on earlier answers: all, any or not of others, or a question with exactly one comparison. A question that was not answered,
/// or not asked, fits no comparison.
/// </summary>
/// <param name="All">All of these hold.</param>
/// <param name="Any">One of these holds.</param>
/// <param name="Not">This does not hold.</param>
/// <param name="Question">The code of an earlier question: single, multiple, scale or number.</param>
/// <param name="Is">This is the answer, or among the options that were chosen; a number for scale and number.</param>
/// <param name="IsAnyOf">One of these is.</param>
/// <param name="GreaterThan">The answer is more.</param>
/// <param name="AtLeast">The answer is as much or more.</param>
/// <param name="LessThan">The answer is less.</param>
/// <param name="AtMost">The answer is as much or less.</param>
public sealed record FormCondition(
    IReadOnlyList<FormCondition>? All = null,
    IReadOnlyList<FormCondition>? Any = null,
    FormCondition? Not = null,
    string? Question = null,
    string? Is = null,
    IReadOnlyList<string>? IsAnyOf = null,
    decimal? GreaterThan = null,
    decimal? AtLeast = null,
    decimal? LessThan = null,
    decimal? AtMost = null
)
{
    internal const int Deepest = 8;
    const int MostParts = 50;

    /// <summary>Whether it holds for what was answered so far.</summary>
    /// <param name="answers">The answers, by the code of the question.</param>
    internal bool Holds(IReadOnlyDictionary<string, AnswerToQuestion> answers) =>
        All is not null ? All.All(c => c.Holds(answers))
        : Any is not null ? Any.Any(c => c.Holds(answers))
        : Not is not null ? !Not.Holds(answers)
        : answers.TryGetValue(Question!, out var answer) && Fits(answer);

    bool Fits(AnswerToQuestion answer) =>
        Is is not null ? Says(answer, Is)
        : IsAnyOf is not null ? IsAnyOf.Any(v => Says(answer, v))
        : GreaterThan is not null ? answer.Number > GreaterThan
        : AtLeast is not null ? answer.Number >= AtLeast
        : LessThan is not null ? answer.Number < LessThan
        : answer.Number <= AtMost;

    static bool Says(AnswerToQuestion answer, string value) =>
        answer.Number is { } number ? number == Number(value) : answer.Options!.Contains(value);

    /// <summary>The questions that it is about.</summary>
    internal IEnumerable<string> Questions() =>
        Question is not null ? [Question] : (All ?? Any ?? (Not is null ? [] : [Not])).SelectMany(c => c.Questions());

    /// <summary>Notes what is wrong with it.</summary>
    /// <param name="at">Where it stands.</param>
    /// <param name="earlier">The questions before it, by their codes.</param>
    /// <param name="invalid">Where what is wrong goes.</param>
    internal void Check(string at, IReadOnlyDictionary<string, FormQuestion> earlier, Invalid invalid)
    {
        var parts = 0;
        Check(at, earlier, invalid, 1, ref parts);
    }

    void Check(string at, IReadOnlyDictionary<string, FormQuestion> earlier, Invalid invalid, int depth, ref int parts)
    {
        if (depth > Deepest || ++parts > MostParts)
        {
            invalid.Add(at, "condition.tooLarge", $"A condition has at most {MostParts} parts, {Deepest} deep.");
            return;
        }
        object?[] forms = [All, Any, Not, Question];
        object?[] comparisons = [Is, IsAnyOf, GreaterThan, AtLeast, LessThan, AtMost];
        if (forms.Count(f => f is not null) != 1 || comparisons.Count(c => c is not null) != (Question is null ? 0 : 1))
        {
            invalid.Add(
                at,
                "condition.unclear",
                "A condition is one of all, any and not, or a question with one of is, isAnyOf, greaterThan, atLeast, lessThan and atMost."
            );
            return;
        }
        foreach (var (name, list) in new[] { ("all", All), ("any", Any) })
        {
            invalid.If(list is { Count: 0 }, $"{at}/{name}", "value.missing", "At least one condition.");
            for (var i = 0; i < (list?.Count ?? 0) && parts <= MostParts; i++)
                list![i].Check($"{at}/{name}/{i}", earlier, invalid, depth + 1, ref parts);
        }
        Not?.Check($"{at}/not", earlier, invalid, depth + 1, ref parts);
        if (Question is null)
            return;
        if (earlier.GetValueOrDefault(Question) is not { } question)
        {
            invalid.Add($"{at}/question", "question.notEarlier", $"There is no earlier question {Question}.");
            return;
        }
        var isNumber = question.Kind is QuestionKind.Scale or QuestionKind.Number;
        if (!isNumber && question.Kind is not (QuestionKind.Single or QuestionKind.Multiple))
        {
            invalid.Add($"{at}/question", "question.notComparable", "Only answers to single, multiple, scale and number can be compared.");
            return;
        }
        invalid
            .If(
                !isNumber && Is is null && IsAnyOf is null,
                at,
                "condition.comparison.unfit",
                $"Options are compared by is and isAnyOf; {Question} has options."
            )
            .If(
                IsAnyOf is { Count: 0 } or { Count: > FormCheck.MostOptions },
                $"{at}/isAnyOf",
                "value.outOfRange",
                $"1 to {FormCheck.MostOptions} values."
            );
        foreach (var (value, place) in Values().Take(FormCheck.MostOptions))
            invalid.If(
                isNumber ? Number(value) is null : !question.OptionCodes.Contains(value),
                $"{at}/{place}",
                isNumber ? "number.invalid" : "option.unknown",
                isNumber ? (Wording)$"{Shown(value)} is no number." : $"Question {Question} has no option {Shown(value)}."
            );
    }

    IEnumerable<(string Value, string Place)> Values() =>
        Is is not null ? [(Is, "is")] : (IsAnyOf ?? []).Select((v, i) => (v, $"isAnyOf/{i}"));

    static string Shown(string value) => value.Length <= FormCheck.LongestCode ? value : $"{value[..FormCheck.LongestCode]}…";

    static decimal? Number(string value) =>
        decimal.TryParse(
            value,
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : null;
}
