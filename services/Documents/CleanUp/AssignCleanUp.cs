using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.CleanUp;

/// <summary>Gives documents of a clean-up to another body.</summary>
/// <param name="Documents">The documents.</param>
/// <param name="Body">The organisation that looks at them from now on.</param>
/// <example>{"documents": ["01920f4e-7a3b-7c5d-9e2f-0a1b2c3d4e5f"], "body": "370114-ZJ"}</example>
public sealed record AssignCleanUp(IReadOnlyList<Guid>? Documents, string? Body) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/cleanups/{id:guid}/assignments", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<CleanUpStep>()
            .WithName("assignCleanUp");

    static async Task<IResult> Post(
        Guid id,
        AssignCleanUp command,
        CatalogCodes catalog,
        Caller caller,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid().Text("/body", command.Body, 100);
        if (command.Body is { Length: > 0 } body)
            await catalog.Check(body, "/body", invalid, http.RequestAborted);
        return await writer.Append<CleanUpCampaign>(
            http,
            id,
            (campaign, _) =>
                Task.FromResult(
                    campaign is null ? CleanUpProblems.NotFound(id)
                    : new Invalid(invalid).Check(campaign, command.Documents).Problem is { } problem ? problem
                    : Decision.Record(new CleanUpAssigned(command.Documents!, command.Body!, caller.Actor(), time.GetUtcNow()))
                ),
            recorded => new Answer(200, new CleanUpStep(id, recorded.Version, command.Documents!.Count))
        );
    }
}
