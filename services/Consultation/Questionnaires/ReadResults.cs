using System.ComponentModel;
using System.Globalization;
using Marten;
using PolicyPlatform.Consultation.Charts;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Consultation.Questionnaires;

/// <summary>What was answered, counted: as JSON, as a table, and each question as a picture.</summary>
public sealed class ReadResults : IEndpoint
{
    static readonly string[] Offered = ["application/json", "text/csv"];

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/questionnaires/{id:guid}/results", All)
            .Produces<QuestionnaireResults>(200, Offered[0], Offered[1..])
            .WithName("readQuestionnaireResults");
        api.MapGet("/questionnaires/{id:guid}/questions/{question}/chart", OfQuestion).ProducesChart().WithName("readQuestionnaireChart");
    }

    /// <summary>
    /// The results: how often each option was chosen, never with what other; words are not among them. Of all editions together, where the
    /// question is the same, or of one. As JSON or CSV, by Accept. Everybody sees them when the questionnaire says so.
    /// </summary>
    static async Task<IResult> All(
        Guid id,
        [Description("The results of this edition alone.")] int? edition,
        Caller caller,
        IQuerySession session,
        TimeProvider time,
        HttpContext http
    )
    {
        if (http.Request.Accepted(Offered) is not { } format)
            return CommonProblems.NotAcceptable.With($"Results can be had as {string.Join(", ", Offered)}.").ToResult();
        var (found, problem) = await Find(id, edition, caller, session, time.GetUtcNow(), http.RequestAborted);
        if (problem is not null)
            return problem.ToResult();
        var (questionnaire, editions) = found;
        return await http.ConditionalAsync(
            ConditionalRequests.Tag(
                questionnaire.VersionFor(caller.SeesInside(questionnaire)),
                string.Create(CultureInfo.InvariantCulture, $"{editions.Sum(e => e.Answers)}.{edition}.{format[^3..]}")
            ),
            async () =>
            {
                var asked = await session.Asked(id, Editions(questionnaire, editions, edition), http.RequestAborted);
                var results = await session.Count(id, asked, http.RequestAborted);
                return format is "text/csv"
                    ? Results.Bytes(Table(questionnaire, results).ToCsv(), "text/csv; charset=utf-8", "results.csv")
                    : Results.Ok(new QuestionnaireResults(id, edition, editions.Sum(e => e.Answers), editions, results));
            }
        );
    }

    /// <summary>
    /// The results of a question as a picture (SVG): bars of its options or steps, stacked bars of the rows of a matrix. By Accept also the
    /// table behind it, as JSON, CSV or HTML. Words and numbers have none.
    /// </summary>
    static async Task<IResult> OfQuestion(
        Guid id,
        string question,
        [Description("The results of this edition alone.")] int? edition,
        Caller caller,
        IQuerySession session,
        TimeProvider time,
        HttpContext http
    )
    {
        var (found, problem) = await Find(id, edition, caller, session, time.GetUtcNow(), http.RequestAborted);
        if (problem is not null)
            return problem.ToResult();
        var (questionnaire, editions) = found;
        var asked = await session.Asked(id, Editions(questionnaire, editions, edition), http.RequestAborted);
        // Of several that were called so the newest.
        if (
            asked.FirstOrDefault(a => a.Question.Code == question && a.Question.Kind is not (QuestionKind.Text or QuestionKind.Number))
            is not { } one
        )
            return ConsultationProblems
                .QuestionnaireNotFound.With(
                    $"The questionnaire has no question {question} of kind single, multiple, scale or matrix in what is asked for."
                )
                .ToResult();
        return await http.ShowChart(
            questionnaire.VersionFor(caller.SeesInside(questionnaire)),
            $"{editions.Sum(e => e.Answers)}.{edition}.",
            async () => Chart((await session.Count(id, [one], http.RequestAborted))[0])
        );
    }

    static async Task<((Questionnaire Questionnaire, IReadOnlyList<EditionAnswers> Editions), Problem?)> Find(
        Guid id,
        int? edition,
        Caller caller,
        IQuerySession session,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        if (await session.Seen(id, caller, cancellation) is not { } questionnaire)
            return (default, QuestionnaireSteps.NotFound(id));
        if (!caller.SeesInside(questionnaire) && !questionnaire.ShowsResults(now))
            return (
                default,
                questionnaire.Results is ShowingOfResults.Never
                    ? ConsultationProblems.QuestionnaireNotFound.With($"The results of the questionnaire {id} are not published.")
                    : ConsultationProblems.QuestionnaireState.With(
                        $"The results are shown once the questionnaire is closed: from {questionnaire.ClosesAt:yyyy-MM-ddTHH:mm:ssZ} on."
                    )
            );
        if (edition < 1 || edition > questionnaire.Edition)
            return (default, ConsultationProblems.QuestionnaireNotFound.With($"There is no edition {edition} of a questionnaire {id}."));
        var editions = await session.AnswersByEdition(id, cancellation);
        return ((questionnaire, edition is null ? editions : [.. editions.Where(e => e.Edition == edition)]), null);
    }

    // The edition of now is shown also while nobody has answered it.
    static IEnumerable<int> Editions(Questionnaire questionnaire, IReadOnlyList<EditionAnswers> answered, int? edition) =>
        edition is { } one ? [one] : answered.Select(e => e.Edition).Append(questionnaire.Edition);

    static Wording Times => "Answers";

    static ChartTable Table(Questionnaire questionnaire, IReadOnlyList<QuestionResult> results) =>
        new(
            questionnaire.Title,
            ["question", "kind", "text", "editions", "row", "option", "label", "count", "mean", "median", "least", "most"],
            [
                .. results.SelectMany(r =>
                    (IEnumerable<IReadOnlyList<string>>)
                        [
                            Row(r, "", "", "", r.Answers, r.Mean, r.Median, r.Least, r.Most),
                            .. r.Options.Select(o => Row(r, "", o.Code, o.Label, o.Count)),
                            .. r.Rows.SelectMany(row =>
                                row.Options.Select(o => Row(r, row.Code, o.Code, $"{row.Label} – {o.Label}", o.Count))
                            ),
                        ]
                ),
            ]
        );

    static string[] Row(QuestionResult result, string row, string option, string label, long count, params double?[] numbers) =>
        [
            result.Code,
            JsonDefaults.Word(result.Kind),
            result.Text,
            string.Join(';', result.Editions),
            row,
            option,
            label,
            count.ToString(CultureInfo.InvariantCulture),
            .. Enumerable.Range(0, 4).Select(i => numbers.ElementAtOrDefault(i)?.ToString(CultureInfo.InvariantCulture) ?? ""),
        ];

    internal static Chart Chart(QuestionResult result)
    {
        var answered = ((Wording)$"{result.Answers} answers.").Told;
        return result.Kind is QuestionKind.Matrix
            ? new StackedBarChart(
                result.Text,
                answered,
                ((Wording)"Row").Told,
                [.. result.Rows[0].Options.Select(o => o.Label)],
                [.. result.Rows.Select(r => new StackedBar(r.Label, [.. r.Options.Select(o => o.Count)]))]
            )
            : new BarChart(
                result.Text,
                answered,
                ((Wording)"Option").Told,
                Times.Told,
                [.. result.Options.Select(o => new Bar(o.Label, o.Count))]
            );
    }
}

/// <summary>The results of a questionnaire.</summary>
/// <param name="QuestionnaireId">The questionnaire.</param>
/// <param name="Edition">The edition whose results they are; null for all together.</param>
/// <param name="Answers">How many answers there are.</param>
/// <param name="Editions">How many there are to each edition that was answered, oldest first.</param>
/// <param name="Questions">The questions in the order of the newest edition, then what only earlier ones asked, or asked otherwise.</param>
public sealed record QuestionnaireResults(
    Guid QuestionnaireId,
    int? Edition,
    long Answers,
    IReadOnlyList<EditionAnswers> Editions,
    IReadOnlyList<QuestionResult> Questions
);

/// <summary>How many answers there are to an edition.</summary>
/// <param name="Edition">The edition.</param>
/// <param name="Answers">How many.</param>
public sealed record EditionAnswers(int Edition, long Answers);

/// <summary>What was answered to a question.</summary>
/// <param name="Code">The code of the question.</param>
/// <param name="Kind">What was asked for.</param>
/// <param name="Text">The question.</param>
/// <param name="Editions">The editions in which it was asked so, oldest first.</param>
/// <param name="Answers">How many answered it.</param>
/// <param name="Options">How often each option was chosen, or each step of a scale.</param>
/// <param name="Rows">How often each option was chosen in each row of a matrix.</param>
/// <param name="Mean">The mean of a scale or of numbers; null where nobody has answered.</param>
/// <param name="Median">The median of a scale or of numbers.</param>
/// <param name="Least">The lowest number.</param>
/// <param name="Most">The highest number.</param>
public sealed record QuestionResult(
    string Code,
    QuestionKind Kind,
    string Text,
    IReadOnlyList<int> Editions,
    long Answers,
    IReadOnlyList<OptionCount> Options,
    IReadOnlyList<RowCounts> Rows,
    double? Mean,
    double? Median,
    double? Least,
    double? Most
);

/// <summary>How often something was chosen.</summary>
/// <param name="Code">The code of the option.</param>
/// <param name="Label">What people read.</param>
/// <param name="Count">How often.</param>
public sealed record OptionCount(string Code, string Label, long Count);

/// <summary>How often each option was chosen in a row.</summary>
/// <param name="Code">The code of the row.</param>
/// <param name="Label">What people read.</param>
/// <param name="Options">The options.</param>
public sealed record RowCounts(string Code, string Label, IReadOnlyList<OptionCount> Options);
