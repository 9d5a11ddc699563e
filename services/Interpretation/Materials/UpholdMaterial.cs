using PolicyPlatform.Interpretation.Tasks;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Interpretation.Materials;

/// <summary>Says that an outdated material still holds for the changed text. One that does not is changed and signed again.</summary>
/// <param name="Note">Why it holds.</param>
/// <example>{"note": "本次修改只调整了受理地点，解读的内容不受影响。"}</example>
public sealed record UpholdMaterial(string? Note) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/interpretations/{id:guid}/uphold", Post)
            .RequireAnyRole(Roles.Drafter, Roles.Publisher)
            .Produces<MaterialView>()
            .WithName("upholdMaterial");

    static Task<IResult> Post(Guid id, UpholdMaterial command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Step(
            http,
            id,
            caller,
            time,
            async (material, session) =>
            {
                if (new Invalid().Text("/note", command.Note, Limits.LongestReason).Problem is { } problem)
                    return problem;
                if (material.Outdated is not { } outdated)
                    return InterpretationProblems.MaterialState.With("The material is not outdated.");
                // What its document is called is written into its tasks, one after the other.
                await session.TakeTurn(material.DocumentId, http.RequestAborted);
                await InterpretationTask.Done(session, TaskKind.OutdatedMaterial, id, time.GetUtcNow(), http.RequestAborted);
                return Decision.Record(new MaterialUpheld(outdated.ToRevision, command.Note!, caller.Actor(), time.GetUtcNow()));
            }
        );
}
