using Marten;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Writing;

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
}
