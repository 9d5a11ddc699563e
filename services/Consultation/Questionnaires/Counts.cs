using System.Globalization;
using Marten;
using PolicyPlatform.ServiceDefaults.Language;

namespace PolicyPlatform.Consultation.Questionnaires;

/// <summary>
/// The answers, counted by the database each time: what was chosen, never with what else. A tally kept beside the answers would be a second
/// truth, and a row that every answer waits for; ten thousand answers of twenty questions are counted faster than a page is shown.
/// </summary>
static class Counts
{
    /// <summary>How many answers there are to each edition.</summary>
    public static async Task<IReadOnlyList<EditionAnswers>> AnswersByEdition(
        this IQuerySession session,
        Guid questionnaire,
        CancellationToken cancellation
    ) =>
        [
            .. (
                await session.AdvancedSql.QueryAsync<EditionAnswers>(
                    """
                    select jsonb_build_object('edition', edition, 'answers', count(*)) as data
                    from consultation.mt_doc_givenanswer where questionnaire_id = ? group by edition
                    """,
                    cancellation,
                    questionnaire
                )
            ).OrderBy(e => e.Edition),
        ];

    /// <summary>The questions of these editions, newest first, each once with all editions that ask the same.</summary>
    public static async Task<IReadOnlyList<AskedQuestion>> Asked(
        this IQuerySession session,
        Guid questionnaire,
        IEnumerable<int> editions,
        CancellationToken cancellation
    )
    {
        var asked = new List<AskedQuestion>();
        var forms = await session.LoadManyAsync<QuestionnaireForm>(
            cancellation,
            [.. editions.Distinct().Select(e => QuestionnaireForm.IdOf(questionnaire, e))]
        );
        foreach (var form in forms.OrderByDescending(f => f.Edition))
        foreach (var question in form.Questions())
            if (asked.FindIndex(a => a.Question.AsksTheSameAs(question)) is >= 0 and var same)
                asked[same] = asked[same] with { Editions = [form.Edition, .. asked[same].Editions] };
            else
                asked.Add(new(question, [form.Edition]));
        return asked;
    }

    /// <summary>The results of questions, in their order.</summary>
    public static async Task<IReadOnlyList<QuestionResult>> Count(
        this IQuerySession session,
        Guid questionnaire,
        IReadOnlyList<AskedQuestion> asked,
        CancellationToken cancellation
    )
    {
        var places = asked
            .SelectMany(
                (a, i) => a.Editions.Select(e => (Entry: i, Edition: e, a.Question.Code, IsNumber: a.Question.Kind is QuestionKind.Number))
            )
            .ToArray();
        const string answers = """
            from unnest(?, ?, ?, ?) as asked (entry, edition, question, is_number)
            join consultation.mt_doc_givenanswer g on g.questionnaire_id = ? and g.edition = asked.edition
            cross join lateral jsonb_array_elements(g.data -> 'answers') as answer
            """;
        object[] values =
        [
            places.Select(p => p.Entry).ToArray(),
            places.Select(p => p.Edition).ToArray(),
            places.Select(p => p.Code!).ToArray(),
            places.Select(p => p.IsNumber).ToArray(),
            questionnaire,
        ];
        var counted = (
            await session.AdvancedSql.QueryAsync<Counted>(
                $"""
                select jsonb_build_object('entry', entry, 'key', key, 'count', count(*)) as data
                {answers}
                cross join lateral (
                    select '' as key
                    union all select o from jsonb_array_elements_text(answer -> 'options') as o
                    union all select concat(c ->> 'row', '/', c ->> 'column') from jsonb_array_elements(answer -> 'cells') as c
                    union all select answer ->> 'number' where not is_number and answer ->> 'number' is not null
                ) as chosen
                where answer ->> 'question' = asked.question
                group by entry, key
                """,
                cancellation,
                values
            )
        ).ToDictionary(c => (c.Entry, c.Key), c => c.Count);
        var numbers = places.Any(p => p.IsNumber)
            ? (
                await session.AdvancedSql.QueryAsync<Measured>(
                    $"""
                    select jsonb_build_object('entry', entry, 'mean', avg(n), 'median', percentile_cont(0.5) within group (order by n), 'least', min(n), 'most', max(n)) as data
                    {answers}
                    cross join lateral (select (answer ->> 'number')::double precision as n) as said
                    where is_number and answer ->> 'question' = asked.question and n is not null
                    group by entry
                    """,
                    cancellation,
                    values
                )
            ).ToDictionary(m => m.Entry)
            : [];
        return [.. asked.Select((a, i) => Result(a, key => counted.GetValueOrDefault((i, key)), numbers.GetValueOrDefault(i)))];
    }

    static QuestionResult Result(AskedQuestion asked, Func<string, long> count, Measured? numbers)
    {
        var question = asked.Question;
        IReadOnlyList<OptionCount> options = question.Kind switch
        {
            QuestionKind.Single or QuestionKind.Multiple =>
            [
                .. (question.Options ?? []).Select(o => new OptionCount(o.Code!, o.Label!, count(o.Code!))),
                .. question.Other is true
                    ? [new OptionCount(FormQuestion.OtherCode, ((Wording)"Other").Told, count(FormQuestion.OtherCode))]
                    : Array.Empty<OptionCount>(),
            ],
            QuestionKind.Scale => [.. question.Steps.Select(s => Step(question, s)).Select(s => s with { Count = count(s.Code) })],
            _ => [],
        };
        var steps = question.Kind is QuestionKind.Scale ? Spread.Of(options) : null;
        return new(
            question.Code!,
            question.Kind,
            question.Text!,
            asked.Editions,
            count(""),
            options,
            [
                .. (question.Rows ?? []).Select(r => new RowCounts(
                    r.Code!,
                    r.Label!,
                    [.. question.Options!.Select(o => new OptionCount(o.Code!, o.Label!, count($"{r.Code}/{o.Code}")))]
                )),
            ],
            steps?.Mean ?? numbers?.Mean,
            steps?.Median ?? numbers?.Median,
            numbers?.Least,
            numbers?.Most
        );
    }

    static OptionCount Step(FormQuestion question, int step)
    {
        var code = step.ToString(CultureInfo.InvariantCulture);
        var label =
            step == question.Least ? question.LeastLabel
            : step == question.Most ? question.MostLabel
            : null;
        return new(code, label is null ? code : $"{code} {label}", 0);
    }

    sealed record Counted(int Entry, string Key, long Count);

    sealed record Measured(int Entry, double? Mean, double? Median, double? Least, double? Most);
}

/// <summary>Mean and median of the steps of a scale.</summary>
sealed record Spread(double Mean, double Median)
{
    /// <summary>Null where nobody has answered.</summary>
    public static Spread? Of(IReadOnlyList<OptionCount> steps)
    {
        var all = steps.Sum(s => s.Count);
        return all == 0 ? null : new(steps.Sum(s => Value(s) * s.Count) / all, (At((all - 1) / 2) + At(all / 2)) / 2);

        // The n-th from below, counted from 0.
        double At(long n) => Value(steps.First(s => (n -= s.Count) < 0));

        static double Value(OptionCount step) => double.Parse(step.Code, CultureInfo.InvariantCulture);
    }
}

/// <summary>A question with the editions that ask the same.</summary>
/// <param name="Question">The question.</param>
/// <param name="Editions">The editions, oldest first.</param>
sealed record AskedQuestion(FormQuestion Question, IReadOnlyList<int> Editions);
