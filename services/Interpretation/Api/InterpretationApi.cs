using Grpc.Core;
using Marten;
using PolicyPlatform.Contracts.Interpretation.V1;
using PolicyPlatform.Interpretation.Materials;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Interpretation.Api;

/// <summary>What other services ask over gRPC.</summary>
public sealed class InterpretationApi(IQuerySession session, PublicMaterials materials) : Contracts.Interpretation.V1.Interpretation.InterpretationBase
{
    const int MostShown = 200;

    /// <inheritdoc/>
    public override async Task<ListByDocumentResponse> ListByDocument(ListByDocumentRequest request, ServerCallContext context)
    {
        if (!Guid.TryParse(request.DocumentId, out var id)) throw new Invalid().Add("documentId", "value.malformed", "The id of a document is a UUID.").Problem!.ToRpcException();
        var found = await session.Query<InterpretationMaterial>().Where(m => m.DocumentId == id && m.Signed != null).OrderByDescending(m => m.ChangedAt).Take(MostShown).ToListAsync(context.CancellationToken);
        var answer = new ListByDocumentResponse();
        if (found.Count == 0 || !await materials.Shows(found[0], context.CancellationToken)) return answer;
        answer.Interpretations.AddRange(found.Select(m => new ExplainedBy
        {
            Id = m.Id.ToString(),
            Title = m.Signed!.Title,
            Form = System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(m.Signed.Form.ToString()),
            Link = $"/api/v1/interpretations/{m.Id}",
        }));
        return answer;
    }
}
