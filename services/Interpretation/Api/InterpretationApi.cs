using Grpc.Core;
using Marten;
using PolicyPlatform.Contracts.Interpretation.V1;
using PolicyPlatform.Interpretation.Benefits;
using PolicyPlatform.Interpretation.Materials;
using PolicyPlatform.Interpretation.Plans;
using PolicyPlatform.Interpretation.Questions;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Interpretation.Api;

/// <summary>What other services and integrating systems ask over gRPC. What writes is the call over HTTP.</summary>
public sealed class InterpretationApi(
    IQuerySession session,
    PublicMaterials materials,
    OfferedBenefits offered,
    EndpointCalls calls,
    HideDocuments hiding,
    TimeProvider time
) : Contracts.Interpretation.V1.Interpretation.InterpretationBase
{
    const int MostShown = 200,
        MostDescribed = 1000;

    /// <inheritdoc/>
    public override async Task<ListByDocumentResponse> ListByDocument(ListByDocumentRequest request, ServerCallContext context)
    {
        if (!Guid.TryParse(request.DocumentId, out var id))
            throw new Invalid().Add("documentId", "value.malformed", "The id of a document is a UUID.").Problem!.ToRpcException();
        var found = await session
            .Query<InterpretationMaterial>()
            .Where(m => m.DocumentId == id && m.Signed != null)
            .OrderByDescending(m => m.ChangedAt)
            .Take(MostShown)
            .ToListAsync(context.CancellationToken);
        var arrived = await materials.Among(session, found, context.CancellationToken);
        var (answer, today) = (new ListByDocumentResponse(), time.Today());
        answer.Interpretations.AddRange(found.Select(arrived.AsShown).OfType<InterpretationMaterial>().Select(m => Explained(m, today)));
        return answer;
    }

    /// <inheritdoc/>
    public override async Task<GetReadinessResponse> GetReadiness(GetReadinessRequest request, ServerCallContext context)
    {
        var invalid = new Invalid();
        var id = Ids("documentId", [request.DocumentId], invalid);
        if (invalid.Problem is { } problem)
            throw problem.ToRpcException();
        // Who does not work on the document hears of no plan: it may be that of a draft.
        return
            await session.LoadAsync<InterpretationPlan>(id[0], context.CancellationToken) is { State: PlanState.Ready } plan
            && Caller.From(context.GetHttpContext().User).WorksFor(plan.Issuers)
            ? new()
            {
                Ready = true,
                Revision = plan.Signed.Values.Max(),
                PlanVersion = plan.Version,
            }
            : new();
    }

    /// <inheritdoc/>
    public override async Task<ListSignedForConsultationResponse> ListSignedForConsultation(
        ListSignedForConsultationRequest request,
        ServerCallContext context
    )
    {
        var invalid = new Invalid();
        var id = Ids("documentId", [request.DocumentId], invalid);
        if (invalid.Problem is { } problem)
            throw problem.ToRpcException();
        var (document, revision, phase) = (id[0], request.Revision, Phase.PreIssuance);
        var signed = await session
            .Query<InterpretationMaterial>()
            .Where(m => m.DocumentId == document && m.Phase == phase && m.Waits && m.IsSignedAsIs && m.Signed!.Revision == revision)
            .OrderBy(m => m.Id)
            .Take(MostShown)
            .ToListAsync(context.CancellationToken);
        var caller = Caller.From(context.GetHttpContext().User);
        var answer = new ListSignedForConsultationResponse();
        answer.Interpretations.AddRange(signed.Where(m => caller.WorksFor(m.Issuers)).Select(m => m.Id.ToString()));
        return answer;
    }

    /// <inheritdoc/>
    public override async Task<DescribePublicResponse> DescribePublic(DescribePublicRequest request, ServerCallContext context)
    {
        var invalid = new Invalid().If(
            request.Interpretations.Count + request.Benefits.Count + request.Documents.Count > MostDescribed,
            "interpretations",
            "ids.tooMany",
            $"At most {MostDescribed} are asked for at once."
        );
        var asked = Ids("interpretations", request.Interpretations, invalid);
        var benefits = Ids("benefits", request.Benefits, invalid).ToHashSet();
        var documents = Ids("documents", request.Documents, invalid);
        if (invalid.Problem is { } problem)
            throw problem.ToRpcException();
        var (answer, today) = (new DescribePublicResponse(), time.Today());
        var found = (await session.LoadManyAsync<InterpretationMaterial>(context.CancellationToken, asked)).ToList();
        if (documents.Length > 0)
            found.AddRange(
                (
                    await session
                        .Query<InterpretationMaterial>()
                        .Where(m => m.DocumentId.IsOneOf(documents) && m.Signed != null)
                        .OrderByDescending(m => m.ChangedAt)
                        .Take(MostDescribed)
                        .ToListAsync(context.CancellationToken)
                ).ExceptBy(asked, m => m.Id)
            );
        var arrived = await materials.Among(session, found, context.CancellationToken);
        answer.Interpretations.AddRange(found.Select(arrived.AsShown).OfType<InterpretationMaterial>().Select(m => Explained(m, today)));
        foreach (var (benefit, content, _, _) in await offered.On(today, context.CancellationToken))
        {
            if (!benefits.Contains(benefit.Id) && !content.Tags.Intersect(request.BenefitTags).Any())
                continue;
            var described = new OfferedBenefit
            {
                Id = benefit.Id.ToString(),
                Title = content.Title,
                DocumentId = benefit.DocumentId.ToString(),
                Link = $"/api/v1/benefits/{benefit.Id}",
            };
            described.Tags.AddRange(content.Tags);
            answer.Benefits.Add(described);
        }
        answer.Answers.AddRange(await AnsweredOf(documents, arrived.Hidden, context.CancellationToken));
        return answer;
    }

    async Task<IReadOnlyList<AnsweredQuestion>> AnsweredOf(Guid[] documents, HiddenParts hidden, CancellationToken cancellation) =>
        documents.Length == 0
            ? []
            :
            [
                .. (
                    await session
                        .Query<PolicyQuestion>()
                        .Where(q => q.Shown != null && q.Shown.DocumentId.IsOneOf(documents))
                        .OrderByDescending(q => q.ChangedAt)
                        .Take(MostDescribed)
                        .ToListAsync(cancellation)
                )
                    .Where(q => !hidden.Covers(q.Shown!.DocumentId, q.Shown.Revision))
                    .Select(q => new AnsweredQuestion
                    {
                        Id = q.Id.ToString(),
                        Question = q.Shown!.Question,
                        DocumentId = q.Shown.DocumentId.ToString(),
                        Link = $"/api/v1/questions/{q.Id}",
                    }),
            ];

    /// <inheritdoc/>
    public override Task<ReceiveTicketResponse> ReceiveTicket(ReceiveTicketRequest request, ServerCallContext context) =>
        calls.Make<ReceiveTicketResponse>("receiveTicket", request, context);

    /// <inheritdoc/>
    public override async Task<HideDocumentResponse> HideDocument(HideDocumentRequest request, ServerCallContext context)
    {
        await hiding.Hide(request, context);
        return new();
    }

    static ExplainedBy Explained(InterpretationMaterial m, DateOnly today) =>
        new()
        {
            Id = m.Id.ToString(),
            Title = m.Signed!.Title,
            InterpretationForm = m.Signed.Form.In<InterpretationForm>(),
#pragma warning disable CS0612 // Whoever came before the enums reads the words.
            Form = JsonDefaults.Word(m.Signed.Form),
#pragma warning restore CS0612
            Link = $"/api/v1/interpretations/{m.Id}",
            Comparison = m.IsOutdatedOn(today) ? m.Outdated!.Link(m.DocumentId) : "",
            DocumentId = m.DocumentId.ToString(),
        };

    static Guid[] Ids(string pointer, IReadOnlyList<string> ids, Invalid invalid)
    {
        invalid.If(ids.Any(id => !Guid.TryParse(id, out _)), pointer, "value.malformed", "An id is a UUID.");
        return [.. ids.Where(id => Guid.TryParse(id, out _)).Select(Guid.Parse)];
    }
}
