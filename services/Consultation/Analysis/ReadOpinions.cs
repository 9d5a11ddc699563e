using System.ComponentModel;
using Marten;
using PolicyPlatform.Consultation.Charts;
using PolicyPlatform.Consultation.Groups;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.Consultation.Questionnaires;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Consultation.Analysis;

/// <summary>
/// Groups of opinion: an analysis to look at, never a decision. Whoever comments is not recognised from one comment to the next, so what
/// respondents think of many things at once is read from a questionnaire of the consultation; where it has none, from what the comments of
/// each group think of each block. For those who carry the consultation out: what one person answered to several questions is nobody else's.
/// </summary>
public sealed class ReadOpinions : IEndpoint
{
    // Fewer say nothing about groups, and too much about each of them.
    const int Fewest = 10,
        FewestGroups = 3;

    const int Telling = 5,
        MostRespondents = 50_000,
        MostStatements = 300,
        MostCells = 5_000_000;

    // Of fewer what they think would be what one of them answered.
    const int FewestTold = 5;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/consultations/{id:guid}/statistics/opinions", Get)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter, Roles.Reviewer, Roles.Supervisor)
            .Produces<OpinionGroups>()
            .WithName("readOpinions");
        api.MapGet("/consultations/{id:guid}/statistics/opinions/chart", Draw)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter, Roles.Reviewer, Roles.Supervisor)
            .ProducesChart()
            .WithName("drawOpinions");
    }

    /// <summary>
    /// Groups of opinion: how many stand together, and in what they differ from the others. Of the answers to a questionnaire of the consultation,
    /// or of its groups of comments by block where nobody answered one.
    /// </summary>
    static async Task<IResult> Get(
        Guid id,
        [Description("A questionnaire of the consultation; the one that was answered most when left out.")] Guid? questionnaire,
        Caller caller,
        IQuerySession session,
        HttpContext http
    )
    {
        var (consultation, source, problem) = await Find(id, questionnaire, caller, session, http.RequestAborted);
        return problem is not null
            ? problem.ToResult()
            : await http.ConditionalAsync(
                ConditionalRequests.Tag(consultation!.PublicVersion, source!.Mark),
                async () => Results.Ok(Grouped(id, await source.Read()))
            );
    }

    /// <summary>
    /// The same as a picture (SVG), a point a respondent, or by <c>Accept</c> as its table (JSON, CSV, HTML); who it is stands nowhere, and at
    /// least five respondents to a questionnaire share a place.
    /// </summary>
    static async Task<IResult> Draw(
        Guid id,
        [Description("A questionnaire of the consultation; the one that was answered most when left out.")] Guid? questionnaire,
        Caller caller,
        IQuerySession session,
        HttpContext http
    )
    {
        var (consultation, source, problem) = await Find(id, questionnaire, caller, session, http.RequestAborted);
        if (problem is not null)
            return problem.ToResult();
        return await http.ShowChart(
            consultation!.PublicVersion,
            source!.Mark,
            async () =>
            {
                var groups = Grouped(id, await source.Read());
                return new PointChart(
                    "意见群体",
                    $"《{consultation.Title}》公开征求意见中立场相近的群体，供分析参考，不作为决策结论。",
                    ("序号", "主轴", "次轴", "群体"),
                    [.. groups.Groups.Select(g => $"第{g.Number}组（{g.Respondents}）")],
                    [.. groups.Points.Select((p, i) => new Point($"{i + 1}", p.X, p.Y, p.Group - 1))]
                );
            }
        );
    }

    // What they are made of: what tells it from what was made before, and the reading of it, which takes work as what follows does.
    sealed record Source(string Mark, Func<Task<Opinions>> Read);

    sealed record Opinions(Guid? Questionnaire, IReadOnlyList<string> Statements, IReadOnlyList<double?[]> Rows, int Fewest);

    static async Task<(PublicConsultation? Consultation, Source? Source, Problem? Problem)> Find(
        Guid id,
        Guid? questionnaire,
        Caller caller,
        IQuerySession session,
        CancellationToken cancellation
    )
    {
        if (await session.LoadAsync<PublicConsultation>(id, cancellation) is not { } consultation)
            return (null, null, ConsultationSteps.NotFound(id));
        if (!caller.SeesInside(consultation))
            return (null, null, ConsultationSteps.Foreign(consultation));
        var answered = new List<(Guid Id, EditionAnswers Edition)>();
        foreach (var one in await session.Query<Questionnaire>().Where(q => q.ConsultationId == id).ToListAsync(cancellation))
            // Another body's answers are its own.
            if ((questionnaire is null || questionnaire == one.Id) && caller.SeesInside(one))
                answered.AddRange((await session.AnswersByEdition(one.Id, cancellation)).Select(e => (one.Id, e)));
        if (answered.Count == 0)
            return questionnaire is null
                ? (consultation, await OfGroups(consultation, session, cancellation), null)
                : (
                    null,
                    null,
                    ConsultationProblems.QuestionnaireNotFound.With(
                        $"Nobody answered a questionnaire {questionnaire} of this consultation."
                    )
                );
        // What one edition asked: the others can have asked otherwise.
        var (asked, edition) = answered.OrderByDescending(a => a.Edition.Answers).ThenBy(a => a.Id).First();
        return (
            consultation,
            new(
                ConditionalRequests.Mark([$"{asked} {edition.Edition} {edition.Answers}"]),
                () => OfAnswers(asked, edition.Edition, session, cancellation)
            ),
            null
        );
    }

    // What a question says about opinions: a step of a scale, an option that was chosen or not, the option of a row.
    static async Task<Opinions> OfAnswers(Guid questionnaire, int edition, IQuerySession session, CancellationToken cancellation)
    {
        var form = (await session.LoadAsync<QuestionnaireForm>(QuestionnaireForm.IdOf(questionnaire, edition), cancellation))!;
        var statements = new List<(string Text, Func<AnswerToQuestion, double?> Read, string Question)>();
        foreach (var question in form.Questions())
        {
            var options = (question.Options ?? []).Select(o => o.Code!).ToList();
            switch (question.Kind)
            {
                case QuestionKind.Scale:
                    statements.Add(
                        (question.Text!, a => Between((double?)a.Number, (double)question.Least!, (double)question.Most!), question.Code!)
                    );
                    break;
                case QuestionKind.Single or QuestionKind.Multiple:
                    // Of two options one says all.
                    foreach (
                        var option in (question.Options ?? []).Take(
                            options.Count == 2 && question.Kind is QuestionKind.Single ? 1 : options.Count
                        )
                    )
                        statements.Add(
                            (
                                $"{question.Text} – {option.Label}",
                                a =>
                                    a.Options is not { Count: > 0 } chosen ? null
                                    : chosen.Contains(option.Code!) ? 1
                                    : -1,
                                question.Code!
                            )
                        );
                    break;
                case QuestionKind.Matrix:
                    foreach (var row in question.Rows ?? [])
                        statements.Add(
                            (
                                $"{question.Text} – {row.Label}",
                                a =>
                                    a.Cells?.FirstOrDefault(c => c.Row == row.Code) is { Column: { } column }
                                        ? Between(options.IndexOf(column), options.Count - 1, 0)
                                        : null,
                                question.Code!
                            )
                        );
                    break;
            }
        }
        if (statements.Count > MostStatements)
            statements.RemoveRange(MostStatements, statements.Count - MostStatements);
        var answers = await session
            .Query<GivenAnswer>()
            .Where(a => a.QuestionnaireId == questionnaire && a.Edition == edition)
            .OrderBy(a => a.Id)
            .Take(Math.Min(MostRespondents, MostCells / Math.Max(1, statements.Count)))
            .ToListAsync(cancellation);
        return new(
            questionnaire,
            [.. statements.Select(s => s.Text)],
            [
                .. answers.Select(given =>
                {
                    var said = given.Answers.ToDictionary(a => a.Question!);
                    return (double?[])[.. statements.Select(s => said.TryGetValue(s.Question, out var a) ? s.Read(a) : null)];
                }),
            ],
            Fewest
        );

        static double? Between(double? value, double least, double most) => most == least ? null : 2 * (value - least) / (most - least) - 1;
    }

    // Of a group's comments on a block: how many more support than oppose it.
    static async Task<Source> OfGroups(PublicConsultation consultation, IQuerySession session, CancellationToken cancellation)
    {
        var counts = await session.AdvancedSql.QueryAsync<GroupOnBlock>(
            """
            select jsonb_build_object('group', group_id, 'block', coalesce(data ->> 'block', ''), 'count', count(*),
                'balance', sum(case lower(data ->> 'position') when 'support' then 1 when 'oppose' then -1 else 0 end)) as data
            from consultation.mt_doc_comment
            where consultation_id = ? and group_id is not null and lower(data ->> 'state') <> 'withdrawn'
            group by group_id, data ->> 'block'
            """,
            cancellation,
            consultation.Id
        );
        return new(
            ConditionalRequests.Mark(
                counts
                    .OrderBy(c => c.Group)
                    .ThenBy(c => c.Block, StringComparer.Ordinal)
                    .Select(c => $"{c.Group} {c.Block} {c.Count} {c.Balance}")
            ),
            () => OfGroups(consultation, counts, session, cancellation)
        );
    }

    static async Task<Opinions> OfGroups(
        PublicConsultation consultation,
        IReadOnlyList<GroupOnBlock> counts,
        IQuerySession session,
        CancellationToken cancellation
    )
    {
        var groups = await session
            .Query<CommentGroup>()
            .Where(g => g.ConsultationId == consultation.Id)
            .OrderBy(g => g.Id)
            .ToListAsync(cancellation);
        var text = await session.Text(consultation.Id, consultation.Revision, cancellation);
        string[] blocks = [.. counts.Select(c => c.Block).Distinct().Order(StringComparer.Ordinal)];
        var balance = counts.ToDictionary(c => (c.Group, c.Block), c => (double)c.Balance / c.Count);
        return new(
            null,
            [
                .. blocks.Select(b =>
                    b.Length == 0 ? "全文"
                    : text?.Blocks.FirstOrDefault(t => t.Id == b) is { } block ? block.Label ?? block.Text
                    : b
                ),
            ],
            [
                .. groups
                    .Where(g => counts.Any(c => c.Group == g.Id))
                    .Select(g => (double?[])[.. blocks.Select(b => balance.TryGetValue((g.Id, b), out var of) ? of : (double?)null)]),
            ],
            FewestGroups
        );
    }

    sealed record GroupOnBlock(Guid Group, string Block, long Count, long Balance);

    static OpinionGroups Grouped(Guid id, Opinions opinions)
    {
        var basis = opinions.Questionnaire is null ? OpinionBasis.CommentGroups : OpinionBasis.Questionnaire;
        if (opinions.Rows.Count < opinions.Fewest || OpinionMap.Of(opinions.Rows) is not { } map)
            return new(id, basis, opinions.Questionnaire, opinions.Rows.Count, null, null, null, [], []);
        var fewest = basis is OpinionBasis.Questionnaire ? FewestTold : 1;
        return new(
            id,
            basis,
            opinions.Questionnaire,
            opinions.Rows.Count,
            Math.Round(map.Silhouette, 3),
            Math.Round(map.Explained.X, 3),
            Math.Round(map.Explained.Y, 3),
            [
                .. Enumerable
                    .Range(0, map.Groups)
                    .Select(g =>
                    {
                        var own = opinions.Rows.Where((_, i) => map.Points[i].Group == g).ToArray();
                        var others = opinions.Rows.Where((_, i) => map.Points[i].Group != g).ToArray();
                        return new OpinionGroup(
                            g + 1,
                            own.Length,
                            [
                                .. opinions
                                    .Statements.Select(
                                        (statement, k) => (statement, Own: Mean(own, k, fewest), Others: Mean(others, k, fewest))
                                    )
                                    .Where(s => s.Own is not null && s.Others is not null)
                                    .OrderByDescending(s => Math.Abs(s.Own!.Value - s.Others!.Value))
                                    .Take(Telling)
                                    .Select(s => new TellingStatement(
                                        s.statement,
                                        Math.Round(s.Own!.Value, 3),
                                        Math.Round(s.Others!.Value, 3)
                                    )),
                            ]
                        );
                    }),
            ],
            basis is OpinionBasis.Questionnaire
                ? CoarsePoints.Of([.. map.Points.Select(p => (p.X, p.Y, p.Group))], FewestTold)
                : [.. map.Points.Select(p => new OpinionPoint(Math.Round(p.X, 3), Math.Round(p.Y, 3), p.Group + 1))]
        );
    }

    // What those who said something of it think; null of fewer.
    static double? Mean(double?[][] rows, int statement, int fewest) =>
        rows.Count(r => r[statement] is not null) >= fewest ? rows.Average(r => r[statement]) : null;
}

/// <summary>What groups of opinion are made of.</summary>
public enum OpinionBasis
{
    /// <summary>The answers to a questionnaire: a respondent is who answered it.</summary>
    Questionnaire,

    /// <summary>The groups of comments: a respondent is a group, and a statement a block.</summary>
    CommentGroups,
}

/// <summary>Groups of opinion: an analysis to look at, never a decision.</summary>
/// <param name="ConsultationId">The consultation.</param>
/// <param name="Basis">What they are made of.</param>
/// <param name="QuestionnaireId">The questionnaire that was answered; null where they are not made of one.</param>
/// <param name="Respondents">How many respondents there are. Of fewer than ten (of groups of comments: three) no groups are made.</param>
/// <param name="Silhouette">How well the groups stand apart, -1 to 1; below 0.25 hardly. Null where there are none.</param>
/// <param name="ExplainedX">How much of all difference the first axis shows, 0 to 1.</param>
/// <param name="ExplainedY">How much the second one shows.</param>
/// <param name="Groups">The groups, the largest first.</param>
/// <param name="Points">
/// Where each respondent stands, in no order that leads to anybody. Respondents to a questionnaire stand in the middle of at least five of the
/// same group who are near each other, to a tenth; those of a group of fewer than five are not shown.
/// </param>
public sealed record OpinionGroups(
    Guid ConsultationId,
    OpinionBasis Basis,
    Guid? QuestionnaireId,
    int Respondents,
    double? Silhouette,
    double? ExplainedX,
    double? ExplainedY,
    IReadOnlyList<OpinionGroup> Groups,
    IReadOnlyList<OpinionPoint> Points
);

/// <summary>Respondents who think alike.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="Respondents">How many they are.</param>
/// <param name="Statements">
/// In what they differ most from the others; of a questionnaire what at least five of them and five of the others said something of.
/// </param>
public sealed record OpinionGroup(int Number, int Respondents, IReadOnlyList<TellingStatement> Statements);

/// <summary>What a group thinks otherwise.</summary>
/// <param name="Statement">The question and its option, or the block.</param>
/// <param name="Mean">What the group thinks of it, -1 to 1.</param>
/// <param name="Others">What the others think of it.</param>
public sealed record TellingStatement(string Statement, double Mean, double Others);

/// <summary>Where a respondent stands.</summary>
/// <param name="X">Along what divides respondents most.</param>
/// <param name="Y">Along what divides them most of the rest.</param>
/// <param name="Group">The number of the group.</param>
public sealed record OpinionPoint(double X, double Y, int Group);
