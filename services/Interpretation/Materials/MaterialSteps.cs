using Marten;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Interpretation.Plans;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Interpretation.Materials;

/// <summary>What every step on a material has in common.</summary>
static class MaterialSteps
{
    public static Task<IResult> Step(
        this EventWriter writer,
        HttpContext http,
        Guid id,
        Caller caller,
        TimeProvider time,
        Func<InterpretationMaterial, IDocumentSession, Task<Decision>> decide
    ) =>
        writer.Append<InterpretationMaterial>(
            http,
            id,
            async (material, session) =>
                material is null || !caller.WorksFor(material.Issuers) ? ReadMaterials.NotFound(id) : await decide(material, session),
            recorded => new Answer(200, MaterialView.Inside(recorded.After(), time))
        );

    public static Task<IResult> Step<TFacts>(
        this EventWriter writer,
        HttpContext http,
        Guid id,
        Caller caller,
        TimeProvider time,
        Func<InterpretationMaterial, Task<TFacts>> ask,
        Func<InterpretationMaterial, TFacts, IDocumentSession, Task<Decision>> decide
    ) =>
        writer.Append<InterpretationMaterial, TFacts?>(
            http,
            id,
            async material => material is null || !caller.WorksFor(material.Issuers) ? default : await ask(material),
            async (material, facts, session) =>
                material is null || !caller.WorksFor(material.Issuers)
                    ? ReadMaterials.NotFound(id)
                    : await decide(material, facts!, session),
            recorded => new Answer(200, MaterialView.Inside(recorded.After(), time))
        );

    /// <summary>
    /// Changes what a material says: not while it waits for its document. Whoever is faster than the message that the document is public
    /// records first that the material is. Before issuance nothing waits for a material: what was signed is what a consultation shows, and
    /// what is changed is signed anew.
    /// </summary>
    public static Task<IResult> Change(
        this EventWriter writer,
        HttpContext http,
        Guid id,
        Caller caller,
        Documents.DocumentsClient documents,
        TimeProvider time,
        Func<InterpretationMaterial, IDocumentSession, Task<Decision>> decide
    ) =>
        writer.Step(
            http,
            id,
            caller,
            time,
            async material => IsFrozen(material) && (await documents.WhichArePublic([material.DocumentId], http.RequestAborted)).Count > 0,
            async (material, isPublic, session) =>
            {
                if (IsFrozen(material) && !isPublic)
                    return InterpretationProblems.MaterialFrozen.With(
                        $"The material is signed and waits for its document. POST /api/v1/documents/{material.DocumentId}/interpretation/reopen opens it again; it is then signed anew."
                    );
                var decision = await decide(material, session);
                return IsFrozen(material) && decision.Problem is null
                    ? decision.After(new MaterialShown(Actor.Platform, time.GetUtcNow())).Telling(SignMaterial.Shown(material))
                    : decision;
            }
        );

    static bool IsFrozen(InterpretationMaterial material) => material is { Waits: true, Phase: not Phase.PreIssuance };
}
