using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.DocumentAccess;
using PolicyPlatform.Shared.PersonalData;

namespace PolicyPlatform.Interpretation.Questions;

/// <summary>Writes the answer to a question, with the blocks that it cites. A published answer stays public until this one is.</summary>
/// <param name="Question">The question in general words.</param>
/// <param name="Answer">The answer.</param>
/// <param name="DocumentId">The document that it is taken from.</param>
/// <param name="Revision">The revision that it was written for; the newest that the caller sees when left out.</param>
/// <param name="Blocks">The blocks cited; at least one.</param>
/// <param name="Body">The answering body; the one that was asked when left out.</param>
/// <example>{"question": "外地户籍的高校毕业生能申请租房补贴吗？", "answer": "能。申请不受户籍限制，在云泽区就业并租房居住即可。",
/// "documentId": "01920f4e-7a3b-7c5d-9e2f-0a1b2c3d4e5f", "blocks": ["b12"], "body": "370114-ZJ"}</example>
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
                var body = command.Body.OrNone() ?? question.Body ?? caller.Organisation;
                if (!caller.AnswersFor(body))
                    return InterpretationProblems.ForeignBody.With(
                        $"The answer would be one of {body}; you answer for {caller.Organisation}."
                    );
                var invalid = new Invalid()
                    .Text("/question", command.Question, AskQuestion.Longest)
                    .Text("/answer", command.Answer, LongestAnswer)
                    .If(command.DocumentId is null, "/documentId", "value.missing", "An answer cites the document that it is taken from.")
                    .If(command.Blocks is null or { Count: 0 }, "/blocks", "value.missing", "An answer cites at least one block.")
                    .If(command.Blocks?.Count > MostBlocks, "/blocks", "blocks.tooMany", $"At most {MostBlocks} blocks.")
                    .If(
                        command.Body.OrNone() is null && question.Body is null && caller.Organisation.Length == 0,
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
                                PersonalNumbers.Hide(command.Question!.Trim()),
                                PersonalNumbers.Hide(command.Answer!.Trim(), landlines: false),
                                command.DocumentId!.Value,
                                revision!.Value,
                                command.Blocks!,
                                body
                            ),
                            caller.Actor(),
                            time.GetUtcNow()
                        )
                    );
            }
        );
}
