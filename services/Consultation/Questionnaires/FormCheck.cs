using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Consultation.Questionnaires;

/// <summary>Reads the pages of a questionnaire as they are given: what is left out gets its value, and all that is wrong is noted.</summary>
static class FormCheck
{
    internal const int MostOptions = 100,
        MostQuestions = 200,
        LongestCode = 40,
        LongestAnswer = 5000;
    const int MostPages = 50,
        MostRows = 50,
        LongestQuestion = 1000,
        LongestLabel = 200,
        UsualAnswer = 2000,
        LastStep = 10;
    internal const decimal Farthest = 1_000_000_000_000;

    /// <summary>Whether something can be called so in answers.</summary>
    public static bool IsCode(string? code) =>
        code is { Length: > 0 and <= LongestCode } && code.All(c => char.IsLetterOrDigit(c) || c is '_' or '-');

    /// <summary>The pages; only of use where nothing was noted.</summary>
    public static IReadOnlyList<FormPage> Read(IReadOnlyList<FormPage>? given, Invalid invalid)
    {
        var questions = given?.Sum(p => (long)(p.Questions?.Count ?? 0)) ?? 0;
        if (questions is 0 or > MostQuestions || given!.Count > MostPages)
        {
            invalid.Add(
                "/pages",
                questions == 0 ? "value.missing" : "value.outOfRange",
                $"A questionnaire has 1 to {MostQuestions} questions on at most {MostPages} pages."
            );
            return [];
        }
        var earlier = new Dictionary<string, FormQuestion>();
        var pages = new List<FormPage>();
        foreach (var (page, p) in given.Select((page, p) => (page, p)))
        {
            invalid
                .Text($"/pages/{p}/title", page.Title, Limits.LongestTitle, required: false)
                .Text($"/pages/{p}/introduction", page.Introduction, Limits.LongestReason, required: false);
            var read = new List<FormQuestion>();
            foreach (var (question, q) in (page.Questions ?? []).Select((question, q) => (question, q)))
                read.Add(Read(question, $"/pages/{p}/questions/{q}", earlier, invalid));
            pages.Add(new(page.Title.OrNone()?.Trim(), page.Introduction.OrNone()?.Trim(), read));
        }
        return pages;
    }

    static FormQuestion Read(FormQuestion given, string at, Dictionary<string, FormQuestion> earlier, Invalid invalid)
    {
        var question = given with
        {
            Text = given.Text?.Trim(),
            Help = given.Help.OrNone()?.Trim(),
            Required = given.Required is true,
            Options = ReadOptions(given.Options, $"{at}/options", MostOptions, given.Other is true, invalid),
            Rows = ReadOptions(given.Rows, $"{at}/rows", MostRows, false, invalid),
            Least = given.Least ?? (given.Kind is QuestionKind.Scale ? 1 : null),
            Most =
                given.Most
                ?? given.Kind switch
                {
                    QuestionKind.Scale => 5,
                    QuestionKind.Text => UsualAnswer,
                    _ => null,
                },
            LeastLabel = given.LeastLabel.OrNone()?.Trim(),
            MostLabel = given.MostLabel.OrNone()?.Trim(),
        };
        invalid
            .If(!IsCode(given.Code), $"{at}/code", "code.invalid", $"A code has 1 to {LongestCode} letters, digits, _ and -.")
            .If(
                given.Code is not null && earlier.ContainsKey(given.Code),
                $"{at}/code",
                "code.twice",
                $"Another question is called {given.Code}."
            )
            .Text($"{at}/text", given.Text, LongestQuestion)
            .Text($"{at}/help", given.Help, LongestQuestion, required: false)
            .Text($"{at}/leastLabel", given.LeastLabel, LongestLabel, required: false)
            .Text($"{at}/mostLabel", given.MostLabel, LongestLabel, required: false);
        Fits(question, at, invalid);
        given.ShowIf?.Check($"{at}/showIf", earlier, invalid);
        if (IsCode(given.Code))
            earlier.TryAdd(given.Code!, question);
        return question;
    }

    static void Fits(FormQuestion question, string at, Invalid invalid)
    {
        var kind = question.Kind;
        var (hasOptions, hasBounds) = (
            kind is QuestionKind.Single or QuestionKind.Multiple or QuestionKind.Matrix,
            kind is QuestionKind.Multiple or QuestionKind.Scale or QuestionKind.Number
        );
        Misplaced("options", !hasOptions && question.Options is not null);
        Misplaced("other", question.Other is true && kind is not (QuestionKind.Single or QuestionKind.Multiple));
        Misplaced("rows", kind is not QuestionKind.Matrix && question.Rows is not null);
        Misplaced("least", !hasBounds && question.Least is not null);
        Misplaced("most", !hasBounds && kind is not QuestionKind.Text && question.Most is not null);
        Misplaced("whole", kind is not QuestionKind.Number && question.Whole is true);
        Misplaced("leastLabel", kind is not QuestionKind.Scale && question.LeastLabel is not null);
        Misplaced("mostLabel", kind is not QuestionKind.Scale && question.MostLabel is not null);
        invalid
            .If(hasOptions && question.Options is null, $"{at}/options", "value.missing", "Options are required.")
            .If(kind is QuestionKind.Matrix && question.Rows is null, $"{at}/rows", "value.missing", "Rows are required.");
        var (least, most) = (question.Least ?? decimal.MinValue, question.Most ?? decimal.MaxValue);
        var wrong = kind switch
        {
            QuestionKind.Scale => least is not (0 or 1) || most != decimal.Truncate(most) || most <= least || most > LastStep
                ? (Wording)$"A scale goes in whole steps from 0 or 1 to at most {LastStep}."
                : null,
            QuestionKind.Multiple => question.Least is < 0
            || question.Least != Whole(question.Least)
            || question.Most != Whole(question.Most)
            || question.Most is < 1
            || most < least
            || Math.Max(question.Least ?? 0, question.Most ?? 0) > question.OptionCodes.Count()
                ? (Wording)$"How many options are chosen: least is no more than most, and most no more than there are."
                : null,
            QuestionKind.Text => most < 1 || most > LongestAnswer || most != decimal.Truncate(most)
                ? (Wording)$"A text has 1 to {LongestAnswer} characters at most."
                : null,
            QuestionKind.Number => Math.Abs(question.Least ?? 0) > Farthest || Math.Abs(question.Most ?? 0) > Farthest || most < least
                ? (Wording)$"least is no more than most, and neither is farther from 0 than {Farthest}."
                : null,
            _ => null,
        };
        if (wrong is not null)
            invalid.Add($"{at}/most", "value.outOfRange", wrong);

        static decimal? Whole(decimal? value) => value is { } v ? decimal.Truncate(v) : null;

        void Misplaced(string member, bool isMisplaced) =>
            invalid.If(isMisplaced, $"{at}/{member}", "value.misplaced", $"A question of kind {JsonDefaults.Word(kind)} has no {member}.");
    }

    static FormOption[]? ReadOptions(IReadOnlyList<FormOption>? given, string at, int most, bool other, Invalid invalid)
    {
        if (given is null or { Count: 0 })
            return null;
        if (given.Count > most)
        {
            invalid.Add(at, "value.outOfRange", $"At most {most}.");
            return null;
        }
        var codes = new HashSet<string>();
        foreach (var (option, i) in given.Select((o, i) => (o, i)))
            invalid
                .If(!IsCode(option.Code), $"{at}/{i}/code", "code.invalid", $"A code has 1 to {LongestCode} letters, digits, _ and -.")
                .If(
                    option.Code is not null && !codes.Add(option.Code),
                    $"{at}/{i}/code",
                    "code.twice",
                    $"Another one is called {option.Code}."
                )
                .If(
                    other && option.Code == FormQuestion.OtherCode,
                    $"{at}/{i}/code",
                    "code.twice",
                    "other is the option with words of one's own. Call this one otherwise."
                )
                .Text($"{at}/{i}/label", option.Label, LongestLabel);
        return [.. given.Select(o => new FormOption(o.Code, o.Label?.Trim()))];
    }
}
