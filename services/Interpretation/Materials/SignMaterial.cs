using PolicyPlatform.Contracts.Consultation.V1;
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
/// (三同步, W 五). Before issuance it is public from the moment on at which that revision is consulted on.
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
        Consultation.ConsultationClient consultations,
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
                (
                    Document: await documents.GetDocumentAsync(
                        new() { Id = material.DocumentId.ToString() },
                        cancellationToken: http.RequestAborted
                    ),
                    // What was never signed is shown by nobody.
                    Shown: material is { Phase: Phase.PreIssuance, Signed: not null }
                        ? (await consultations.WhatIsShown([material.DocumentId], http.RequestAborted)).GetValueOrDefault(material.Id)
                        : null
                ),
            async (material, asked, session) =>
            {
                // Its publication is heard of before this or after it, and not in between.
                await session.TakeTurn(material.DocumentId, http.RequestAborted);
                var plan = await session.Events.FetchForWriting<InterpretationPlan>(material.PlanId, http.RequestAborted);
                var known = await session.LoadAsync<KnownDocument>(material.DocumentId, http.RequestAborted);
                var isPublic = known is not null;
                var decision = Decide(
                    material,
                    asked.Document.PublishedOn.Length > 0 ? 0 : asked.Document.NewestRevision,
                    isPublic,
                    asked.Shown,
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
                if (isPublic && plan.Aggregate is { Phase: Phase.PostImplementation, State: not PlanState.Carried })
                {
                    planned = planned.And(new PlanCarried(Actor.Platform, time.GetUtcNow()));
                    await InterpretationTask.Done(session, TaskKind.FollowUp, plan.Aggregate.Id, time.GetUtcNow(), http.RequestAborted);
                }
                plan.AppendMany(planned.Events);
                decision = decision.Telling(planned.Messages);
                var fits = Math.Max(material.Draft.Revision, material.HoldsFor);
                if (
                    material.Phase is Phase.PreIssuance
                    || await documents.Outdates(known, fits, material.Draft.Blocks, time.Today(), http.RequestAborted) is not { } because
                )
                    return decision;
                var now = time.GetUtcNow();
                session.Store(
                    InterpretationTask.Outdated(
                        TaskKind.OutdatedMaterial,
                        id,
                        material.DocumentId,
                        material.Issuers,
                        material.Draft.Title,
                        because,
                        now
                    )
                );
                return decision.And(new MaterialOutdated(because, Actor.Platform, now));
            }
        );

    /// <summary>Signs.</summary>
    /// <param name="material">The material.</param>
    /// <param name="newest">The newest revision of a document on its way to publication; 0 for a public one.</param>
    /// <param name="isPublic">Whether it is known here that the document is public.</param>
    /// <param name="shown">The consultation that shows it, with the revision put up last; null for none.</param>
    /// <param name="by">Who signs.</param>
    /// <param name="now">When.</param>
    internal static Decision Decide(
        InterpretationMaterial material,
        int newest,
        bool isPublic,
        ShownMaterial? shown,
        Actor by,
        DateTimeOffset now
    )
    {
        if (material.IsSignedAsIs)
            return InterpretationProblems.MaterialState.With(
                "The material is signed as it is. Change it first: PUT …/interpretations/{id}."
            );
        if (material.Phase is Phase.PreIssuance)
        {
            if (newest == 0 && shown is null)
                return InterpretationProblems.MaterialState.With(
                    "The document is published and was not consulted on with this material. Follow up on it: POST …/interpretation-plans with phase postImplementation."
                );
            // What everybody reads already is signed for what everybody reads.
            if (shown is not null)
                return material.Draft.Revision <= shown.Revision
                    ? Decision.Record(new MaterialSigned(by, now))
                    : InterpretationProblems.RevisionMoved.With(
                        $"The material is shown with revision {shown.Revision} of the draft, and revision {material.Draft.Revision} is not put up yet. Draft another material for that one: it is shown with it."
                    );
        }
        if (newest > 0 && material.Draft.Revision != newest)
            return InterpretationProblems.RevisionMoved.With(
                $"The material was written for revision {material.Draft.Revision}, and the text is revision {newest} by now. Look through it and PUT it for that revision."
            );
        var signed = Decision.Record(new MaterialSigned(by, now));
        return isPublic && material is { ShownAt: null, Phase: not Phase.PreIssuance }
            ? Decision.Record(new MaterialSigned(by, now), new MaterialShown(Actor.Platform, now)).Telling(Shown(material))
            : signed;
    }

    internal static MaterialPublishedMessage Shown(InterpretationMaterial material) =>
        new(
            material.Id,
            material.DocumentId,
            material.Draft.Title,
            JsonDefaults.Word(material.Draft.Form),
            Revision: material.Draft.Revision
        );
}
