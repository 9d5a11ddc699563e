using Marten;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Interpretation.Plans;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Interpretation.Materials;

/// <summary>Changes what a material says. The public goes on seeing what was signed last, until this is signed too.</summary>
public sealed class ReviseMaterial : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/interpretations/{id:guid}", Put)
            .RequireAnyRole(Roles.Drafter, Roles.Publisher)
            .Produces<MaterialView>()
            .WithTags("Interpretation")
            .WithName("reviseMaterial");

    static Task<IResult> Put(
        Guid id,
        GivenContent command,
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
            async (material, _) =>
            {
                if (material.Waits)
                    return Frozen(material);
                var invalid = new Invalid();
                var content = await command.Read(material.DocumentId, documents, invalid, http.RequestAborted);
                return invalid.Problem is { } problem
                    ? problem
                    : Decision.Record(new MaterialRevised(content, caller.Actor(), time.GetUtcNow()));
            }
        );

    internal static Problem Frozen(InterpretationMaterial material) =>
        InterpretationProblems.MaterialFrozen.With(
            $"The material is signed and waits for its document. POST /api/v1/documents/{material.DocumentId}/interpretation/reopen opens it again; it is then signed anew."
        );
}

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
