using PolicyPlatform.Contracts.Documents.V1;
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
        writer.Change(
            http,
            id,
            caller,
            documents,
            time,
            async (material, _) =>
            {
                var invalid = new Invalid();
                var content = await command.Read(material.DocumentId, documents, invalid, http.RequestAborted);
                return invalid.Problem is { } problem
                    ? problem
                    : Decision.Record(new MaterialRevised(content, caller.Actor(), time.GetUtcNow()));
            }
        );
}
