using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Marten;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Consultation.Api;

/// <summary>What other services and integrating systems ask over gRPC. What writes is the call over HTTP.</summary>
public sealed class ConsultationApi(IQuerySession session, TimeProvider time) : Contracts.Consultation.V1.Consultation.ConsultationBase
{
    const int MostShown = 200;

    /// <inheritdoc/>
    public override async Task<ListByDocumentResponse> ListByDocument(ListByDocumentRequest request, ServerCallContext context)
    {
        if (!Guid.TryParse(request.DocumentId, out var id))
            throw new Invalid().Add("documentId", "value.malformed", "The id of a document is a UUID.").Problem!.ToRpcException();
        var found = await session
            .Query<PublicConsultation>()
            .Where(c => c.DocumentId == id)
            .OrderByDescending(c => c.OpenedAt)
            .Take(MostShown)
            .ToListAsync(context.CancellationToken);
        var answer = new ListByDocumentResponse();
        answer.Consultations.AddRange(
            found.Select(c => new AboutDocument
            {
                Id = c.Id.ToString(),
                Version = c.Version,
                Title = c.Title,
                State = c.StateAt(time.GetUtcNow()).In<Contracts.Consultation.V1.ConsultationState>(),
                Revision = c.Revision,
                OpenedAt = Timestamp.FromDateTimeOffset(c.OpenedAt),
                ClosesOn = c.ClosesOn.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
            })
        );
        return answer;
    }
}
