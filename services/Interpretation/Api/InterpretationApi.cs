using Grpc.Core;
using PolicyPlatform.Contracts.Interpretation.V1;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Interpretation.Api;

/// <summary>What other services ask over gRPC.</summary>
public sealed class InterpretationApi : Contracts.Interpretation.V1.Interpretation.InterpretationBase
{
    /// <inheritdoc/>
    public override Task<ListByDocumentResponse> ListByDocument(ListByDocumentRequest request, ServerCallContext context) => Guid.TryParse(request.DocumentId, out _)
        // Documents are followed here, and no interpretation of one can be published yet.
        ? Task.FromResult(new ListByDocumentResponse())
        : throw new Invalid().Add("documentId", "value.malformed", "The id of a document is a UUID.").Problem!.ToRpcException();
}
