using Grpc.Core;
using Marten;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Documents.Drafting;
using PolicyPlatform.Documents.Publication;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.Api;

/// <summary>What other services ask over gRPC. The same eyes as over HTTP: without a token, what is public.</summary>
public sealed class DocumentsApi(IQuerySession session, RevisionTexts texts, TimeProvider time) : Contracts.Documents.V1.Documents.DocumentsBase
{
    /// <inheritdoc/>
    public override async Task<Document> GetDocument(GetDocumentRequest request, ServerCallContext context)
    {
        var (document, _) = await Find(request.Id, context);
        var answer = new Document
        {
            Id = document.Id.ToString(),
            Version = document.Version,
            Title = document.Title,
            DocumentNumber = document.Number?.ToString() ?? "",
            Subject = document.Subject ?? "",
            State = Gates.Word(document.State),
            Validity = document.ValidityOn(time.Today()) is { } validity ? Gates.Word(validity) : "",
            CurrentRevision = Visibility.CurrentRevision(document, time.Today()),
        };
        answer.Issuers.AddRange(document.Issuers);
        return answer;
    }

    /// <inheritdoc/>
    public override async Task<RevisionBlocks> GetRevisionBlocks(GetRevisionBlocksRequest request, ServerCallContext context)
    {
        var (document, caller) = await Find(request.Id, context);
        var revision = request.Revision == 0 ? Visibility.CurrentRevision(document, time.Today()) : request.Revision;
        if (!caller.SeesRevision(document, revision) || await texts.Find(session, document.Id, revision, context.CancellationToken) is not { } text)
            throw DocumentProblems.RevisionNotFound.With($"There is no revision {revision} of this document that you may see.").ToRpcException();
        var answer = new RevisionBlocks { Id = document.Id.ToString(), Revision = revision };
        foreach (var block in text.Blocks)
        {
            var sent = new Block { Id = block.Id, Kind = Gates.Word(block.Kind), ParentId = block.ParentId ?? "", Label = block.Label ?? "", Text = block.Text };
            sent.ResponsibleBodies.AddRange(block.ResponsibleBodies ?? []);
            answer.Blocks.Add(sent);
        }
        return answer;
    }

    /// <inheritdoc/>
    public override async Task<DocumentExistsResponse> DocumentExists(DocumentExistsRequest request, ServerCallContext context) =>
        new() { Exists = Caller.From(context.GetHttpContext().User).Sees(await session.LoadAsync<PolicyDocument>(Id(request.Id), context.CancellationToken)) };

    async Task<(PolicyDocument Document, Caller Caller)> Find(string id, ServerCallContext context)
    {
        var caller = Caller.From(context.GetHttpContext().User);
        var document = await session.LoadAsync<PolicyDocument>(Id(id), context.CancellationToken);
        return caller.Sees(document) ? (document!, caller) : throw Visibility.NotFound(Id(id)).ToRpcException();
    }

    static Guid Id(string id) => Guid.TryParse(id, out var parsed)
        ? parsed
        : throw new Invalid().Add("id", "value.malformed", "The id of a document is a UUID.").Problem!.ToRpcException();
}
