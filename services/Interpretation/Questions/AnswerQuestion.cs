using Marten;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Interpretation.KnownDocuments;
using PolicyPlatform.Interpretation.Plans;
using PolicyPlatform.Interpretation.Tasks;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Interpretation.Questions;

/// <summary>Writes the answer to a question, with the blocks that it cites. A published answer stays public until this one is.</summary>
/// <param name="Question">The question in general words.</param>
/// <param name="Answer">The answer.</param>
/// <param name="DocumentId">The document that it is taken from.</param>
/// <param name="Revision">The revision that it was written for; the newest that the caller sees when left out.</param>
/// <param name="Blocks">The blocks cited; at least one.</param>
/// <param name="Body">The answering body; the one that was asked when left out.</param>
public sealed record AnswerQuestion(
    string? Question,
    string? Answer,
    Guid? DocumentId,
    int? Revision,
    IReadOnlyList<string>? Blocks,
    string? Body
) : IEndpoint
{
    const int LongestAnswer = 20_000,
        MostBlocks = 50;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/questions/{id:guid}/answer", Put)
            .RequireAnyRole(Roles.Drafter, Roles.Publisher, Roles.Hotline)
            .Produces<QuestionView>()
            .WithTags("Interpretation")
            .WithName("answerQuestion");

    static Task<IResult> Put(
        Guid id,
        AnswerQuestion command,
        Caller caller,
        Documents.DocumentsClient documents,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    ) =>
        writer.Step(
            http,
            id,
            caller,
            time,
            async (question, _) =>
            {
                var invalid = new Invalid()
                    .Text("/question", command.Question, AskQuestion.Longest)
                    .Text("/answer", command.Answer, LongestAnswer)
                    .If(command.DocumentId is null, "/documentId", "value.missing", "An answer cites the document that it is taken from.")
                    .If(command.Blocks is null or { Count: 0 }, "/blocks", "value.missing", "An answer cites at least one block.")
                    .If(command.Blocks?.Count > MostBlocks, "/blocks", "blocks.tooMany", $"At most {MostBlocks} blocks.")
                    .If(
                        command.Body is null && question.Body is null && caller.Organisation.Length == 0,
                        "/body",
                        "value.missing",
                        "The answering body is required."
                    )
                    .Text("/body", command.Body, AskQuestion.LongestBody, required: false);
                var revision = command.Revision;
                if (
                    command.DocumentId is { } document
                    && await documents.Seen(document, "/documentId", invalid, http.RequestAborted) is { } seen
                )
                {
                    revision ??= seen.CurrentRevision;
                    if (command.Blocks is { Count: <= MostBlocks })
                        await documents.WithBlocks(document, revision.Value, command.Blocks, invalid, http.RequestAborted);
                }
                return invalid.Problem is { } problem ? problem
                    : question.State is QuestionState.Withdrawn ? question.WrongState("answered", "unless it was withdrawn")
                    : Decision.Record(
                        new AnswerDrafted(
                            new(
                                command.Question!.Trim(),
                                command.Answer!.Trim(),
                                command.DocumentId!.Value,
                                revision!.Value,
                                command.Blocks!,
                                command.Body ?? question.Body ?? caller.Organisation
                            ),
                            caller.Actor(),
                            time.GetUtcNow()
                        )
                    );
            }
        );
}

/// <summary>Approves a written answer.</summary>
public sealed class ApproveAnswer : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/questions/{id:guid}/approve", Post)
            .RequireAnyRole(Roles.Reviewer, Roles.Publisher)
            .Produces<QuestionView>()
            .WithTags("Interpretation")
            .WithName("approveAnswer");

    static Task<IResult> Post(Guid id, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Step(
            http,
            id,
            caller,
            time,
            (question, _) =>
                Task.FromResult(
                    question.State is not QuestionState.Drafted
                        ? question.WrongState("approved", "while it is drafted")
                        : Decision.Record(new AnswerApproved(caller.Actor(), time.GetUtcNow()))
                )
        );
}

/// <summary>Publishes an approved answer. Its document must be public: an answer never runs ahead of it.</summary>
public sealed class PublishAnswer : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/questions/{id:guid}/publish", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<QuestionView>()
            .WithTags("Interpretation")
            .WithName("publishAnswer");

    static Task<IResult> Post(Guid id, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Step(
            http,
            id,
            caller,
            time,
            async (question, session) =>
            {
                if (question.State is not QuestionState.Approved)
                    return question.WrongState("published", "once it is approved");
                if (await session.LoadAsync<KnownDocument>(question.Draft!.DocumentId, http.RequestAborted) is null)
                    return InterpretationProblems.DocumentNotPublic.With(
                        $"Document {question.Draft.DocumentId} is not public yet; publish the answer after it."
                    );
                if (question.Outdated?.ToRevision <= question.Draft.Revision)
                    await InterpretationTask.Done(session, TaskKind.OutdatedAnswer, id, time.GetUtcNow(), http.RequestAborted);
                return Decision.Record(new AnswerPublished(caller.Actor(), time.GetUtcNow()));
            }
        );
}

/// <summary>Takes an answer back.</summary>
/// <param name="Reason">Why.</param>
public sealed record WithdrawAnswer(string? Reason) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/questions/{id:guid}/withdraw", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<QuestionView>()
            .WithTags("Interpretation")
            .WithName("withdrawAnswer");

    static Task<IResult> Post(Guid id, WithdrawAnswer command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Step(
            http,
            id,
            caller,
            time,
            async (question, session) =>
            {
                if (new Invalid().Text("/reason", command.Reason, OpenPlan.LongestReason).Problem is { } problem)
                    return problem;
                if (question.State is QuestionState.Withdrawn)
                    return question.WrongState("withdrawn", "once");
                await InterpretationTask.Done(session, TaskKind.OutdatedAnswer, id, time.GetUtcNow(), http.RequestAborted);
                return Decision.Record(new AnswerWithdrawn(command.Reason!.Trim(), caller.Actor(), time.GetUtcNow()));
            }
        );
}

/// <summary>Says that an outdated answer still holds for the changed text.</summary>
/// <param name="Note">Why it holds.</param>
public sealed record UpholdAnswer(string? Note) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/questions/{id:guid}/uphold", Post)
            .RequireAnyRole(Roles.Drafter, Roles.Publisher)
            .Produces<QuestionView>()
            .WithTags("Interpretation")
            .WithName("upholdAnswer");

    static Task<IResult> Post(Guid id, UpholdAnswer command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Step(
            http,
            id,
            caller,
            time,
            async (question, session) =>
            {
                if (new Invalid().Text("/note", command.Note, OpenPlan.LongestReason).Problem is { } problem)
                    return problem;
                if (question.Outdated is not { } outdated)
                    return InterpretationProblems.QuestionState.With("The answer is not outdated.");
                await InterpretationTask.Done(session, TaskKind.OutdatedAnswer, id, time.GetUtcNow(), http.RequestAborted);
                return Decision.Record(new AnswerUpheld(outdated.ToRevision, command.Note!, caller.Actor(), time.GetUtcNow()));
            }
        );
}

/// <summary>What every step on a question has in common.</summary>
static class QuestionSteps
{
    public static bool WorksOn(this Caller caller, PolicyQuestion question) =>
        caller.HasAny(Roles.Hotline, Roles.Reviewer, Roles.Publisher, Roles.Supervisor)
        || caller.HasAny(Roles.Drafter) && (question.Body is null || question.Body == caller.Organisation);

    public static Task<IResult> Step(
        this EventWriter writer,
        HttpContext http,
        Guid id,
        Caller caller,
        TimeProvider time,
        Func<PolicyQuestion, IDocumentSession, Task<Decision>> decide
    ) =>
        writer.Append<PolicyQuestion>(
            http,
            id,
            async (question, session) =>
                question is null || !caller.WorksOn(question) ? ReadQuestions.NotFound(id) : await decide(question, session),
            recorded => new Answer(200, QuestionView.Inside(recorded.After(), time.Today()))
        );

    public static Problem WrongState(this PolicyQuestion question, string step, string when) =>
        InterpretationProblems.QuestionState.With($"The question is {JsonDefaults.Word(question.State)}. It can be {step} {when}.");
}
