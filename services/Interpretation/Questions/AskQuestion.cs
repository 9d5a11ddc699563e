using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.DocumentAccess;
using PolicyPlatform.Shared.PersonalData;
using PolicyPlatform.Shared.Receipts;

namespace PolicyPlatform.Interpretation.Questions;

/// <summary>Asks a question: anybody. The answer to it holds a receipt, once; with it the asker looks the question up.</summary>
/// <param name="Question">The question.</param>
/// <param name="DocumentId">The document that it is about, if the asker knows.</param>
/// <param name="Body">Who is asked, a code of the Catalog; the leading issuer of the document when left out.</param>
/// <example>{"question": "外地户籍的高校毕业生能申请租房补贴吗？", "documentId": "01920f4e-7a3b-7c5d-9e2f-0a1b2c3d4e5f", "body": "370114-ZJ"}</example>
public sealed record AskQuestion(string? Question, Guid? DocumentId, string? Body) : IEndpoint
{
    internal const int Longest = 2000,
        LongestBody = 40;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/questions", Post).Produces<AskedQuestion>(201).WithName("askQuestion");

    static async Task<IResult> Post(
        AskQuestion command,
        Caller caller,
        Documents.DocumentsClient documents,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid().Text("/question", command.Question, Longest).Text("/body", command.Body, LongestBody, required: false);
        var document = command.DocumentId is { } about ? await documents.Seen(about, "/documentId", invalid, http.RequestAborted) : null;
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var receipt = caller.IsPublic ? Receipt.New() : null;
        var asked = new QuestionAsked(
            Guid.CreateVersion7(),
            PersonalNumbers.Hide(command.Question!.Trim()),
            command.DocumentId,
            command.Body.OrNone() ?? document?.Issuers.FirstOrDefault(),
            receipt is null ? null : Receipt.HashOf(receipt),
            caller.IsPublic ? new("public", "") : caller.Actor(),
            time.GetUtcNow()
        );
        return await writer.Start<PolicyQuestion>(
            http,
            asked.QuestionId,
            _ => Task.FromResult(Decision.Record(asked)),
            recorded => new Answer(
                201,
                new AskedQuestion(asked.QuestionId, recorded.Version, receipt),
                $"/api/v1/questions/{asked.QuestionId}"
            )
        );
    }
}

/// <summary>A question that was asked.</summary>
/// <param name="Id">The question.</param>
/// <param name="Version">The version of its history.</param>
/// <param name="Receipt">Shows it to the asker: <c>?receipt=…</c>. Told once; null for staff.</param>
public sealed record AskedQuestion(Guid Id, long Version, string? Receipt);
