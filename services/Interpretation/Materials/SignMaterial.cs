using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Contracts.Interpretation.V1;
using PolicyPlatform.Interpretation.KnownDocuments;
using PolicyPlatform.Interpretation.Plans;
using PolicyPlatform.Interpretation.Tasks;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Interpretation.Materials;

/// <summary>
/// Signs a material as it is, for the revision that it was written for. With an approved plan the document can then be published with it
/// (三同步, W 五).
/// </summary>
public sealed class SignMaterial : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/interpretations/{id:guid}/sign", Post).RequireAnyRole(Roles.Signer).Produces<MaterialView>().WithName("signMaterial");

    static Task<IResult> Post(
        Guid id,
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
            async material =>
                await documents.GetDocumentAsync(new() { Id = material.DocumentId.ToString() }, cancellationToken: http.RequestAborted),
            async (material, document, session) =>
            {
                // Its publication is heard of before this or after it, and not in between.
                await session.TakeTurn(material.DocumentId, http.RequestAborted);
                var plan = await session.Events.FetchForWriting<InterpretationPlan>(material.PlanId, http.RequestAborted);
                var isPublic = await session.LoadAsync<KnownDocument>(material.DocumentId, http.RequestAborted) is not null;
                var decision = Decide(
                    material,
                    document.PublishedOn.Length > 0 ? 0 : document.NewestRevision,
                    isPublic,
                    caller.Actor(),
                    time.GetUtcNow()
                );
                if (decision.Problem is not null || plan.Aggregate is null)
                    return decision;
                if (material.Outdated?.ToRevision <= material.Draft.Revision)
                    await InterpretationTask.Done(session, TaskKind.OutdatedMaterial, id, time.GetUtcNow(), http.RequestAborted);
                // Both histories in one transaction: whoever approves the plan at the same time is met, and one of the two finds everything
                // ready.
                var planned = InterpretationPlan.Complete(
                    plan.Aggregate,
                    Decision.Record(new PlanMaterialSigned(material.Id, material.Draft.Revision, caller.Actor(), time.GetUtcNow())),
                    caller.Actor(),
                    time.GetUtcNow()
                );
                if (isPublic && plan.Aggregate is { Phase: not Phase.Issuance, State: not PlanState.Carried })
                {
                    planned = planned.And(new PlanCarried(Actor.Platform, time.GetUtcNow()));
                    await InterpretationTask.Done(session, TaskKind.FollowUp, plan.Aggregate.Id, time.GetUtcNow(), http.RequestAborted);
                }
                plan.AppendMany(planned.Events);
                return decision.Telling(planned.Messages);
            }
        );

    /// <summary>Signs.</summary>
    /// <param name="material">The material.</param>
    /// <param name="newest">The newest revision of a document on its way to publication; 0 for a public one.</param>
    /// <param name="isPublic">Whether it is known here that the document is public.</param>
    /// <param name="by">Who signs.</param>
    /// <param name="now">When.</param>
    internal static Decision Decide(InterpretationMaterial material, int newest, bool isPublic, Actor by, DateTimeOffset now)
    {
        if (material.IsSignedAsIs)
            return InterpretationProblems.MaterialState.With(
                "The material is signed as it is. Change it first: PUT …/interpretations/{id}."
            );
        if (newest > 0 && material.Draft.Revision != newest)
            return InterpretationProblems.RevisionMoved.With(
                $"The material was written for revision {material.Draft.Revision}, and the text is revision {newest} by now. Look through it and PUT it for that revision."
            );
        var signed = Decision.Record(new MaterialSigned(by, now));
        return isPublic && material.ShownAt is null
            ? Decision.Record(new MaterialSigned(by, now), new MaterialShown(Actor.Platform, now)).Telling(Shown(material))
            : signed;
    }

    internal static MaterialPublishedMessage Shown(InterpretationMaterial material) =>
        new(material.Id, material.DocumentId, material.Draft.Title, JsonDefaults.Word(material.Draft.Form));
}
