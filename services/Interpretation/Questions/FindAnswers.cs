using Grpc.Core;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Interpretation.Questions;

/// <summary>
/// Answers a question with what there is: the best published answers and the clauses of documents in force, each with its place and a
/// score. When it knows nothing it says so; it
/// never makes an answer up. Public.
/// </summary>
/// <param name="Question">The question.</param>
/// <param name="Limit">How many answers and how many clauses at most; 5 when left out.</param>
/// <example>{"question": "大学生租房补贴怎么申请？", "limit": 5}</example>
public sealed record FindAnswers(string? Question, int? Limit) : IEndpoint
{
    const int MostAnswers = 20;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/questions/answer", Post).Produces<FoundAnswers>().WithName("findAnswers");

    static async Task<IResult> Post(
        FindAnswers command,
        AnswerIndex index,
        Documents.DocumentsClient documents,
        TimeProvider time,
        ILogger<FindAnswers> logger,
        HttpContext http
    )
    {
        var invalid = new Invalid()
            .Text("/question", command.Question, AskQuestion.Longest)
            .If(command.Limit is < 1 or > MostAnswers, "/limit", "limit.outOfRange", $"1 to {MostAnswers}.");
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var limit = command.Limit ?? 5;
        var today = time.Today();
        var (answers, words) = await index.Find(command.Question!, today, limit, http.RequestAborted);
        FindClausesResponse? clauses = null;
        try
        {
            clauses = await documents.FindClausesAsync(
                AskedClauses.Of(command.Question!, words, limit),
                cancellationToken: http.RequestAborted
            );
        }
        catch (RpcException e) when (Faults.IsTemporary(e))
        {
            logger.LogWarning("Documents cannot be asked for clauses; the published answers are given alone");
        }
        FoundAnswer[] found =
        [
            .. answers
                .Where(a => a.IsAnswer)
                .Select(a => (Answer: a, Shown: a.Item.Shown!))
                .Select(a => new FoundAnswer(
                    a.Answer.Item.Id,
                    a.Shown.Question,
                    a.Shown.Answer,
                    Math.Round(a.Answer.Score, 3),
                    Math.Round(a.Answer.Coverage, 3),
                    a.Answer.Near is { } near ? Math.Round(near, 3) : null,
                    new(
                        a.Shown.DocumentId,
                        a.Shown.Revision,
                        a.Shown.Blocks,
                        $"/api/v1/documents/{a.Shown.DocumentId}/revisions/{a.Shown.Revision}"
                    ),
                    a.Shown.Body,
                    a.Answer.Item.IsOutdatedOn(today) ? a.Answer.Item.Outdated!.Link(a.Shown.DocumentId) : null
                )),
        ];
        IReadOnlyList<FoundClause> all = clauses is null ? [] : clauses.Clauses;
        var judged = all.Take(limit).Select((c, i) => (Clause: c, IsAnswer: AskedClauses.IsAnswer(i, all, command.Question!))).ToArray();
        FoundPassage[] passages = Passages(judged.Where(j => j.IsAnswer)),
            related = Passages(judged.Where(j => !j.IsAnswer && AskedClauses.IsRelated(j.Clause)));
        var known = found.Length + passages.Length > 0;
        return Results.Ok(
            new FoundAnswers(
                found,
                passages,
                known,
                known ? null
                    : related.Length > 0
                        ? "没有找到能够回答的问答和条文，related 列出的条文只是提到其中一些词，仅供参考。可以 POST /api/v1/questions 提交问题，由责任单位答复。"
                    : "没有找到相关的问答和条文。可以 POST /api/v1/questions 提交问题，由责任单位答复。",
                clauses is null,
                related
            )
        );

        static FoundPassage[] Passages(IEnumerable<(FoundClause Clause, bool IsAnswer)> some) =>
            [
                .. some.Select(j => j.Clause)
                    .Select(c => new FoundPassage(
                        c.Text,
                        c.Label,
                        Math.Round(c.Score, 3),
                        Math.Round(c.Coverage, 3),
                        c.Title,
                        c.DocumentNumber,
                        new(Guid.Parse(c.DocumentId), c.Revision, [c.BlockId], $"/api/v1/documents/{c.DocumentId}/revisions/{c.Revision}")
                    )),
            ];
    }
}

/// <summary>What there is to a question.</summary>
/// <param name="Answers">Published answers, the best first.</param>
/// <param name="Clauses">Clauses of documents in force, the best first.</param>
/// <param name="Known">Whether anything is known at all.</param>
/// <param name="Advice">What to do when nothing is.</param>
/// <param name="WithoutClauses">Whether the library could not be asked.</param>
/// <param name="Related">Clauses that have some words of the question and are not taken for an answer: for people to judge.</param>
public sealed record FoundAnswers(
    IReadOnlyList<FoundAnswer> Answers,
    IReadOnlyList<FoundPassage> Clauses,
    bool Known,
    string? Advice,
    bool WithoutClauses,
    IReadOnlyList<FoundPassage> Related
);

/// <summary>A published answer.</summary>
/// <param name="Id">The question.</param>
/// <param name="Question">The question in general words.</param>
/// <param name="Answer">The answer as it was approved.</param>
/// <param name="Score">How well it fits; comparable within one answer.</param>
/// <param name="Coverage">The share of what was asked that its words cover, 0 to 1.</param>
/// <param name="Near">The measure of the embedding model, 1 for the same meaning; null without a model.</param>
/// <param name="Citation">What it is taken from.</param>
/// <param name="Body">Who answers for it.</param>
/// <param name="Comparison">What changed in the document since; null while the answer fits.</param>
public sealed record FoundAnswer(
    Guid Id,
    string Question,
    string Answer,
    double Score,
    double Coverage,
    double? Near,
    Citation Citation,
    string Body,
    string? Comparison
);

/// <summary>A clause of a document in force.</summary>
/// <param name="Text">The clause, word for word.</param>
/// <param name="Label">第八条, (一) ….</param>
/// <param name="Score">How well it fits; comparable within one answer.</param>
/// <param name="Coverage">The share of what was asked that it speaks of, 0 to 1.</param>
/// <param name="Title">标题 of the document.</param>
/// <param name="DocumentNumber">发文字号.</param>
/// <param name="Citation">Where it stands.</param>
public sealed record FoundPassage(
    string Text,
    string Label,
    double Score,
    double Coverage,
    string Title,
    string DocumentNumber,
    Citation Citation
);

/// <summary>A place in a document.</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Revision">The revision.</param>
/// <param name="Blocks">The blocks.</param>
/// <param name="Link">Where that text is.</param>
public sealed record Citation(Guid DocumentId, int Revision, IReadOnlyList<string> Blocks, string Link);
