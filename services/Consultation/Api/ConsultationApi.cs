using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Marten;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Consultation.Api;

/// <summary>What other services and integrating systems ask over gRPC. What writes is the call over HTTP.</summary>
public sealed class ConsultationApi(IQuerySession session, EndpointCalls calls, HideDocuments hiding, TimeProvider time)
    : Contracts.Consultation.V1.Consultation.ConsultationBase
{
    const int MostShown = 200,
        MostDocuments = 1000;

    /// <inheritdoc/>
    public override async Task<ListByDocumentResponse> ListByDocument(ListByDocumentRequest request, ServerCallContext context)
    {
        var answer = new ListByDocumentResponse();
        var hidden = await session.Hidden(context.CancellationToken);
        answer.Consultations.AddRange(
            (await About(request.DocumentId, context))
                .Where(c => !hidden.Covers(c.DocumentId, c.Revisions.Select(r => r.Revision)))
                .Select(c => new AboutDocument
                {
                    Id = c.Id.ToString(),
                    Version = c.PublicVersion,
                    Title = c.Title,
                    State = Now(c),
                    Revision = c.Revision,
                    OpenedAt = Timestamp.FromDateTimeOffset(c.OpenedAt),
                    ClosesOn = Day(c.ClosesOn),
                })
        );
        return answer;
    }

    /// <inheritdoc/>
    public override async Task<GetParticipationResponse> GetParticipation(GetParticipationRequest request, ServerCallContext context)
    {
        var answer = new GetParticipationResponse();
        foreach (var consultation in await About(request.DocumentId, context))
        {
            var participation = new Participation
            {
                ConsultationId = consultation.Id.ToString(),
                Version = consultation.Version,
                State = Now(consultation),
                Revision = consultation.Revision,
                ClosesOn = Day(consultation.ClosesOn),
            };
            if ((consultation.CompletedAt ?? consultation.GivenUpAt) is { } ended)
                participation.EndedOn = Day(OfficialTime.DateIn(ended));
            answer.Participations.Add(participation);
        }
        return answer;
    }

    /// <inheritdoc/>
    public override async Task<ListShownInterpretationsResponse> ListShownInterpretations(
        ListShownInterpretationsRequest request,
        ServerCallContext context
    )
    {
        var ids = request.DocumentIds.Select(id => Guid.TryParse(id, out var document) ? document : default).ToArray();
        if (
            new Invalid()
                .If(ids.Contains(default), "documentIds", "value.malformed", "The id of a document is a UUID.")
                .If(ids.Length > MostDocuments, "documentIds", "ids.tooMany", $"At most {MostDocuments} documents are asked for at once.")
                .Problem is
            { } problem
        )
            throw problem.ToRpcException();
        var found = await session.Query<PublicConsultation>().Where(c => c.DocumentId.IsOneOf(ids)).ToListAsync(context.CancellationToken);
        var answer = new ListShownInterpretationsResponse();
        answer.Interpretations.AddRange(
            found.SelectMany(c =>
                c.Interpretations.Select(i => new ShownInterpretation
                {
                    Id = i.ToString(),
                    ConsultationId = c.Id.ToString(),
                    Revision = c.Revision,
                })
            )
        );
        return answer;
    }

    /// <inheritdoc/>
    public override Task<ConsultationList> ListConsultations(ListConsultationsRequest request, ServerCallContext context) =>
        calls.Make<ConsultationList>("listConsultations", request, context);

    /// <inheritdoc/>
    public override Task<ConsultationDetails> GetConsultation(GetConsultationRequest request, ServerCallContext context) =>
        calls.Make<ConsultationDetails>("readConsultation", request, context);

    /// <inheritdoc/>
    public override Task<SubmittedComment> SubmitComment(SubmitCommentRequest request, ServerCallContext context) =>
        calls.Make<SubmittedComment>("submitComment", request, context);

    /// <inheritdoc/>
    public override Task<OwnComment> ReadComment(ReadCommentRequest request, ServerCallContext context) =>
        calls.Make<OwnComment>("readOwnComment", request, context);

    /// <inheritdoc/>
    public override async Task<HideDocumentResponse> HideDocument(HideDocumentRequest request, ServerCallContext context)
    {
        await hiding.Hide(request, context);
        return new();
    }

    async Task<IReadOnlyList<PublicConsultation>> About(string document, ServerCallContext context) =>
        Guid.TryParse(document, out var id)
            ? await session
                .Query<PublicConsultation>()
                .Where(c => c.DocumentId == id)
                .OrderByDescending(c => c.OpenedAt)
                .Take(MostShown)
                .ToListAsync(context.CancellationToken)
            : throw new Invalid().Add("documentId", "value.malformed", "The id of a document is a UUID.").Problem!.ToRpcException();

    Contracts.Consultation.V1.ConsultationState Now(PublicConsultation consultation) =>
        consultation.StateAt(time.GetUtcNow()).In<Contracts.Consultation.V1.ConsultationState>();

    static string Day(DateOnly day) => day.ToString("O", System.Globalization.CultureInfo.InvariantCulture);
}
