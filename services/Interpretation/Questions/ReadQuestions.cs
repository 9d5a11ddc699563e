using System.ComponentModel;
using Marten;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Interpretation.KnownDocuments;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Shared.DocumentAccess;
using PolicyPlatform.Shared.Receipts;

namespace PolicyPlatform.Interpretation.Questions;

/// <summary>
/// The questions, last changed first, by document, block, body and state; or the published answers to what is asked, the best first. The
/// public sees published answers; an asker sees the
/// own question with its receipt.
/// </summary>
public sealed class ReadQuestions : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/questions", List).Produces<Page<QuestionView>>().WithName("listQuestions");
        api.MapGet("/questions/{id:guid}", One).Produces<QuestionView>().WithName("readQuestion");
    }

    /// <summary>
    /// The questions, last changed first, paged; by document, block, body, open day, state and whether the answer is outdated. With <c>q</c> the
    /// published answers to what is asked, the best first. The public sees published answers; those who work on them also see what was
    /// asked and what is being written.
    /// </summary>
    static async Task<IResult> List(
        string? q,
        Guid? document,
        string? block,
        string? body,
        Guid? openDay,
        [OneOf(typeof(QuestionState))] string? state,
        bool? outdated,
        int? pageSize,
        string? pageToken,
        Caller caller,
        IQuerySession session,
        AnswerIndex index,
        Documents.DocumentsClient documents,
        TimeProvider time,
        HttpContext http
    )
    {
        if (q is not null)
            return await Found(
                q,
                document,
                block,
                body,
                openDay,
                state,
                outdated,
                pageSize,
                pageToken,
                caller,
                session,
                index,
                documents,
                time.Today(),
                http
            );
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid);
        var inState = invalid.OneOf<QuestionState>("state", state);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        IQueryable<PolicyQuestion> query = session.Query<PolicyQuestion>();
        var sees = caller.HasAny(Roles.Hotline, Roles.Reviewer, Roles.Publisher, Roles.Supervisor);
        if (!sees)
            query = caller.HasAny(Roles.Drafter)
                ? query.Where(q => q.Shown != null || q.Body == null || q.Body == caller.Organisation)
                : query.Where(q => q.Shown != null);
        if (!caller.ReadsTakenDown(null))
            query = Shown(query, await session.Hidden(http.RequestAborted), caller);
        // What is being worked on is chosen by what it says now, everything else by what it shows.
        var isDrafter = caller.HasAny(Roles.Drafter);
        var own = caller.Organisation;
        if (document is { } about && !(await documents.SeenBy(caller, session, [about], http.RequestAborted)).Contains(about))
            query = query.Where(q => q.Shown!.DocumentId == about);
        else if (document is not null)
            query = sees
                ? query.Where(q => q.DocumentId == document)
                : query.Where(q =>
                    q.Shown!.DocumentId == document || isDrafter && (q.Body == null || q.Body == own) && q.DocumentId == document
                );
        if (block is not null)
            query = query.Where(q => q.Shown!.Blocks.Contains(block) || q.Shown == null && q.Draft!.Blocks.Contains(block));
        if (body is not null)
            query = sees
                ? query.Where(q => q.Body == body)
                : query.Where(q => q.Shown!.Body == body || isDrafter && (q.Body == null || q.Body == own) && q.Body == body);
        if (openDay is not null)
            query = query.Where(q => q.OpenDayId == openDay);
        if (inState is { } wanted)
        {
            var isPublished = wanted is QuestionState.Published;
            query = sees
                ? query.Where(q => q.State == wanted)
                : query.Where(q => isPublished && q.Shown != null || isDrafter && (q.Body == null || q.Body == own) && q.State == wanted);
        }
        var today = time.Today();
        if (outdated is true)
            query = query.Where(q => q.Outdated != null && q.Outdated.From <= today);
        if (page.After is { } after)
            query = query.Where(q => q.ChangedAt < after.At || q.ChangedAt == after.At && q.Id.CompareTo(after.Id) < 0);
        var rows = await query
            .OrderByDescending(q => q.ChangedAt)
            .ThenByDescending(q => q.Id)
            .Take(page.Size + 1)
            .ToListAsync(http.RequestAborted);
        var seen = await documents.SeenBy(caller, session, rows.SelectMany(q => q.About()), http.RequestAborted);
        return Results.Ok(page.Page(rows, q => QuestionView.For(caller, q, today, seen), q => new Place(q.ChangedAt, q.Id)));
    }

    // Without answers out of what is taken from the public, where the caller's body is not the one that answers.
    static IQueryable<PolicyQuestion> Shown(IQueryable<PolicyQuestion> query, HiddenParts hidden, Caller caller)
    {
        var own = caller.HasAny(Roles.Drafter) ? caller.Organisation : "";
        var documents = hidden.Documents;
        var asked = documents.Cast<Guid?>().ToArray();
        if (documents.Length > 0)
            query = query.Where(q =>
                q.Body == own
                || (q.Shown == null || !q.Shown.DocumentId.IsOneOf(documents)) && (q.DocumentId == null || !asked.Contains(q.DocumentId))
            );
        foreach (var (document, revision) in hidden.Texts)
            query = query.Where(q => q.Body == own || q.Shown == null || q.Shown.DocumentId != document || q.Shown.Revision != revision);
        return query;
    }

    static async Task<IResult> Found(
        string q,
        Guid? document,
        string? block,
        string? body,
        Guid? openDay,
        [OneOf(typeof(QuestionState))] string? state,
        bool? outdated,
        int? pageSize,
        string? pageToken,
        Caller caller,
        IQuerySession session,
        AnswerIndex index,
        Documents.DocumentsClient documents,
        DateOnly today,
        HttpContext http
    )
    {
        var invalid = new Invalid()
            .Text("q", q, AskQuestion.Longest)
            .If(state is not (null or "published"), "state", "value.contradicts", "What is searched is published; leave out state or q.");
        var page = PageRequest.From<Rank>(pageSize, pageToken, invalid);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var (answers, _) = await index.Find(q, today, MostFound, http.RequestAborted);
        var rows = answers
            .Select(a => a.Item)
            .Where(a =>
                (document is null || a.Shown!.DocumentId == document)
                && (block is null || a.Shown!.Blocks.Contains(block))
                && (body is null || a.Shown!.Body == body)
                && (openDay is null || a.OpenDayId == openDay)
                && (outdated is null || outdated == a.IsOutdatedOn(today))
            )
            .Index()
            .Skip(page.After?.Number ?? 0)
            .Take(page.Size + 1)
            .ToArray();
        var seen = await documents.SeenBy(caller, session, rows.SelectMany(a => a.Item.About()), http.RequestAborted);
        return Results.Ok(page.Page(rows, a => QuestionView.For(caller, a.Item, today, seen), a => new Rank(a.Index + 1)));
    }

    /// <summary>
    /// One question with its answer. The public sees published answers, an asker the own question with its receipt, and those who work on
    /// it what is being written too.
    /// </summary>
    static async Task<IResult> One(
        Guid id,
        [Description("What the asker was given: shows the question before it is answered.")] string? receipt,
        Caller caller,
        IQuerySession session,
        Documents.DocumentsClient documents,
        TimeProvider time,
        HttpContext http
    )
    {
        if (await session.LoadAsync<PolicyQuestion>(id, http.RequestAborted) is not { } question)
            return (NotFound(id) with { IsWrongSecret = receipt is not null }).ToResult();
        var isAsker = receipt is not null && question.Receipt == Receipt.HashOf(receipt);
        if (question.Shown is null && !caller.WorksOn(question) && !isAsker || caller.IsPublic && receipt is not null && !isAsker)
            return (NotFound(id) with { IsWrongSecret = receipt is not null }).ToResult();
        if (
            !caller.ReadsTakenDown(question.Body)
            && (question.Shown?.DocumentId ?? question.DocumentId) is { } about
            && (await session.Hidden(http.RequestAborted)).Refusal(about, question.Shown is { } shown ? [shown.Revision] : []) is { } down
        )
            return down.ToResult();
        var today = time.Today();
        var seen = await documents.SeenBy(caller, session, caller.WorksOn(question) ? question.About() : [], http.RequestAborted);
        var sees = !caller.WorksOn(question) || question.About().All(seen.Contains);
        return http.Conditional(
            ConditionalRequests.Tag(
                question.Version,
                $"{(question.Outdated?.From > today ? "1" : "")}{(caller.WorksOn(question) ? "" : isAsker ? "a" : "p")}{(sees ? "" : "d")}"
            ),
            () =>
                Results.Ok(
                    isAsker && !caller.WorksOn(question)
                        ? QuestionView.ForAsker(question, today)
                        : QuestionView.For(caller, question, today, seen)
                )
        );
    }

    internal static Problem NotFound(Guid id) =>
        InterpretationProblems.QuestionNotFound.With(
            $"There is no question {id} that you may see. One that you asked is shown with its receipt: ?receipt=…."
        );

    const int MostFound = 500;

    sealed record Place(DateTimeOffset At, Guid Id);

    sealed record Rank(int Number);
}

/// <summary>A question as the API shows it.</summary>
/// <param name="Id">The question.</param>
/// <param name="Version">The version of its history: its ETag.</param>
/// <param name="State">Where it is on its way.</param>
/// <param name="Asked">What was asked; only for those who work on it and the asker.</param>
/// <param name="Answer">The question in general words and the answer.</param>
/// <param name="Body">Who answers.</param>
/// <param name="DocumentId">The document that it is about. A draft, and what is written about it, is shown to those who know of the draft.</param>
/// <param name="OpenDayId">The open day that it was asked before; null for none.</param>
/// <param name="Outdated">Why the answer no longer fits its document, from the day on on which that is so.</param>
/// <param name="Comparison">What changed in the document since.</param>
/// <param name="ChangedAt">When something last happened to it, UTC.</param>
public sealed record QuestionView(
    Guid Id,
    long Version,
    QuestionState State,
    string? Asked,
    PolicyAnswer? Answer,
    string? Body,
    Guid? DocumentId,
    Guid? OpenDayId,
    Outdating? Outdated,
    string? Comparison,
    DateTimeOffset ChangedAt
)
{
    internal static QuestionView For(Caller caller, PolicyQuestion q, DateOnly today, IReadOnlySet<Guid> seen) =>
        !caller.WorksOn(q) ? ForAsker(q, today) with { Asked = null }
        : Inside(q, today) is var view && q.About().All(seen.Contains) ? view
        : view with
        {
            DocumentId = view.DocumentId is { } about && seen.Contains(about) ? about : null,
            Answer = view.Answer is { } answer && seen.Contains(answer.DocumentId) ? answer : null,
            Comparison = null,
        };

    internal static QuestionView Inside(PolicyQuestion q, DateOnly today) => Of(q, q.Draft, q.Body, q.DocumentId, q.State, today);

    // An answer that is written anew shows nothing of itself, or of the document that it will be about, before it is published.
    internal static QuestionView ForAsker(PolicyQuestion q, DateOnly today) =>
        q.Shown is { } shown
            ? Of(q, shown, shown.Body, shown.DocumentId, QuestionState.Published, today)
            : Of(q, null, q.Body, q.Draft is null ? q.DocumentId : null, q.State, today);

    static QuestionView Of(PolicyQuestion q, PolicyAnswer? answer, string? body, Guid? document, QuestionState state, DateOnly today)
    {
        var outdated = q.IsOutdatedOn(today) ? q.Outdated : null;
        return new(
            q.Id,
            q.Version,
            state,
            q.Asked,
            answer,
            body,
            document,
            q.OpenDayId,
            outdated,
            document is { } about ? outdated?.Link(about) : null,
            q.ChangedAt
        );
    }
}
