using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.PersonalData;

namespace PolicyPlatform.Consultation.Questionnaires;

/// <summary>A cell of a matrix that was chosen.</summary>
/// <param name="Row">The code of the row.</param>
/// <param name="Column">The code of the option.</param>
public sealed record AnswerCell(string? Row, string? Column);

/// <summary>What was answered to a question: of the members those that its kind has.</summary>
/// <param name="Question">The code of the question.</param>
/// <param name="Options">The codes of the options chosen: one for single.</param>
/// <param name="Other">One's own words, where <c>other</c> is chosen.</param>
/// <param name="Number">The step of a scale, or the number.</param>
/// <param name="Text">The words.</param>
/// <param name="Cells">What was chosen in the rows of a matrix.</param>
public sealed record AnswerToQuestion(
    string? Question,
    IReadOnlyList<string>? Options = null,
    string? Other = null,
    decimal? Number = null,
    string? Text = null,
    IReadOnlyList<AnswerCell>? Cells = null
)
{
    // A form that was not filled in is sent as blanks.
    bool IsNone =>
        Options is null or { Count: 0 }
        && Cells is null or { Count: 0 }
        && Number is null
        && string.IsNullOrWhiteSpace(Text)
        && string.IsNullOrWhiteSpace(Other);

    /// <summary>
    /// The answers to the questions that are asked after them, as they are kept: an answer is accepted if, and only if, each question that
    /// it comes to and that is required is answered, and nothing else is.
    /// </summary>
    internal static IReadOnlyList<AnswerToQuestion> Read(QuestionnaireForm form, IReadOnlyList<AnswerToQuestion>? given, Invalid invalid)
    {
        if (given?.Count > FormCheck.MostQuestions)
        {
            invalid.Add("/answers", "value.outOfRange", $"At most {FormCheck.MostQuestions} answers.");
            return [];
        }
        var known = form.Questions().Select(q => q.Code!).ToHashSet();
        var places = new Dictionary<string, int>();
        for (var i = 0; i < (given?.Count ?? 0); i++)
        {
            var code = given![i].Question ?? "";
            if (!known.Contains(code))
                invalid.Add($"/answers/{i}/question", "question.unknown", $"There is no such question in edition {form.Edition}.");
            else if (!places.TryAdd(code, i))
                invalid.Add($"/answers/{i}/question", "answer.twice", $"Question {code} is answered twice.");
        }
        var read = new Dictionary<string, AnswerToQuestion>();
        // Whether what depends on a wrong answer is asked is not known.
        var wrong = new HashSet<string>();
        foreach (var question in form.Questions())
        {
            var code = question.Code!;
            if (question.ShowIf?.Questions().Any(wrong.Contains) is true)
            {
                wrong.Add(code);
                continue;
            }
            var at = places.TryGetValue(code, out var place) ? $"/answers/{place}" : "/answers";
            var answer = at.Length > "/answers".Length && !given![place].IsNone ? given[place] : null;
            if (question.ShowIf?.Holds(read) is false)
                invalid.If(answer is not null, at, "answer.hidden", $"Question {code} is not asked after these answers. Leave it out.");
            else if (answer is null)
                invalid.If(question.Required is true, at, "answer.missing", $"Question {code} has to be answered.");
            else if (answer.Kept(question, at, invalid) is { } kept)
                read.Add(code, kept);
            else
                wrong.Add(code);
        }
        return [.. read.Values];
    }

    AnswerToQuestion? Kept(FormQuestion question, string at, Invalid invalid)
    {
        var before = new Invalid();
        var kind = question.Kind;
        Misplaced("options", Options is { Count: > 0 } && kind is not (QuestionKind.Single or QuestionKind.Multiple));
        Misplaced("other", Other.OrNone() is not null && kind is not (QuestionKind.Single or QuestionKind.Multiple));
        Misplaced("number", Number is not null && kind is not (QuestionKind.Scale or QuestionKind.Number));
        Misplaced("text", Text.OrNone() is not null && kind is not QuestionKind.Text);
        Misplaced("cells", Cells is { Count: > 0 } && kind is not QuestionKind.Matrix);
        switch (kind)
        {
            case QuestionKind.Single or QuestionKind.Multiple:
                CheckOptions(question, at, before);
                break;
            case QuestionKind.Matrix:
                CheckCells(question, at, before);
                break;
            case QuestionKind.Scale:
                before.If(
                    Number is not { } step || step != decimal.Truncate(step) || step < question.Least || step > question.Most,
                    $"{at}/number",
                    "value.outOfRange",
                    $"A whole number from {question.Least} to {question.Most}."
                );
                break;
            case QuestionKind.Number:
                before
                    .If(
                        Number is null
                            || Number < (question.Least ?? -FormCheck.Farthest)
                            || Number > (question.Most ?? FormCheck.Farthest),
                        $"{at}/number",
                        "value.outOfRange",
                        $"A number from {question.Least ?? -FormCheck.Farthest} to {question.Most ?? FormCheck.Farthest}."
                    )
                    .If(
                        question.Whole is true && Number is { } whole && whole != decimal.Truncate(whole),
                        $"{at}/number",
                        "number.notWhole",
                        "A number without decimals."
                    );
                break;
            default:
                before.Text($"{at}/text", Text, (int)question.Most!);
                break;
        }
        foreach (var error in before.Problem?.Errors ?? [])
            invalid.Add(error.Pointer, error.Code, error.Detail);
        return before.Problem is not null
            ? null
            : new(
                question.Code,
                [.. Options ?? []],
                Hidden(Other),
                kind is QuestionKind.Scale ? decimal.Truncate(Number!.Value) : Number,
                Hidden(Text),
                [.. Cells ?? []]
            );

        void Misplaced(string member, bool isMisplaced) =>
            before.If(
                isMisplaced,
                $"{at}/{member}",
                "value.misplaced",
                $"An answer to a question of kind {JsonDefaults.Word(kind)} has no {member}."
            );

        // Nobody has asked for them, and nobody could take them out of the answers again.
        static string? Hidden(string? words) => words.OrNone() is { } said ? PersonalNumbers.Hide(said.Trim()) : null;
    }

    void CheckOptions(FormQuestion question, string at, Invalid invalid)
    {
        var options = Options ?? [];
        var (least, most) =
            question.Kind is QuestionKind.Single
                ? (1, 1)
                : ((int)(question.Least ?? 0), (int)(question.Most ?? question.OptionCodes.Count()));
        if (options.Count < Math.Max(1, least) || options.Count > most)
        {
            invalid.Add($"{at}/options", "value.outOfRange", $"{Math.Max(1, least)} to {most} options.");
            return;
        }
        var codes = question.OptionCodes.ToHashSet();
        var chosen = new HashSet<string>();
        for (var i = 0; i < options.Count; i++)
            invalid
                .If(!codes.Contains(options[i]), $"{at}/options/{i}", "option.unknown", $"One of {string.Join(", ", codes)}.")
                .If(!chosen.Add(options[i]), $"{at}/options/{i}", "option.twice", "An option is chosen once.");
        var isOther = chosen.Contains(FormQuestion.OtherCode) && question.Other is true;
        invalid
            .If(isOther && Other.OrNone() is null, $"{at}/other", "value.missing", "With other your own words are required.")
            .If(!isOther && Other.OrNone() is not null, $"{at}/other", "value.misplaced", "Words of one's own go with the option other.")
            .If(Other?.Length > LongestOther, $"{at}/other", "value.tooLong", $"At most {LongestOther} characters.");
    }

    const int LongestOther = 500;

    void CheckCells(FormQuestion question, string at, Invalid invalid)
    {
        var cells = Cells ?? [];
        var rows = question.Rows!.Select(r => r.Code!).ToHashSet();
        if (cells.Count > rows.Count)
        {
            invalid.Add($"{at}/cells", "value.outOfRange", $"At most one for each of the {rows.Count} rows.");
            return;
        }
        var columns = question.OptionCodes.ToHashSet();
        var answered = new HashSet<string>();
        for (var i = 0; i < cells.Count; i++)
            invalid
                .If(!rows.Contains(cells[i].Row ?? ""), $"{at}/cells/{i}/row", "option.unknown", $"One of {string.Join(", ", rows)}.")
                .If(
                    !columns.Contains(cells[i].Column ?? ""),
                    $"{at}/cells/{i}/column",
                    "option.unknown",
                    $"One of {string.Join(", ", columns)}."
                )
                .If(!answered.Add(cells[i].Row ?? ""), $"{at}/cells/{i}/row", "option.twice", "A row is answered once.");
        invalid.If(
            question.Required is true && cells.Count < rows.Count,
            $"{at}/cells",
            "answer.missing",
            $"Each row has to be answered: {string.Join(", ", rows.Except(answered))}."
        );
    }
}

/// <summary>An answer was given. What it says stands in a row of its own, and nothing says who gave it.</summary>
/// <param name="AnswerId">The answer.</param>
/// <param name="QuestionnaireId">The questionnaire.</param>
/// <param name="Edition">The edition that was answered.</param>
/// <param name="By">The public: also somebody with a token answers without a name.</param>
/// <param name="At">When, UTC.</param>
public sealed record AnswerGiven(Guid AnswerId, Guid QuestionnaireId, int Edition, Actor By, DateTimeOffset At) : IEventOf<GivenAnswer>;

/// <summary>
/// An answer to a questionnaire: a row of its own. Its id is chance, which tells no order; nothing leads to an invitation or a device.
/// </summary>
/// <param name="Id">The answer.</param>
/// <param name="QuestionnaireId">The questionnaire.</param>
/// <param name="Edition">The edition that was answered.</param>
/// <param name="On">The day, Asia/Shanghai.</param>
/// <param name="Answers">What was answered to each question.</param>
public sealed record GivenAnswer(Guid Id, Guid QuestionnaireId, int Edition, DateOnly On, IReadOnlyList<AnswerToQuestion> Answers);
