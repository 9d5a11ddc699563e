using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Decisions;

/// <summary>Links an item to the document that comes of it; the document's gates follow from the item.</summary>
/// <param name="DocumentId">The document.</param>
/// <example>{"documentId": "01920f4e-7a3b-7c5d-9e2f-0a1b2c3d4e5f"}</example>
public sealed record LinkDecisionItem(Guid? DocumentId) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/decision-catalogues/{year:int}/items/{code}/link", Post)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter)
            .Produces<DecisionItemView>()
            .WithName("linkDecisionItem");

    static async Task<IResult> Post(
        int year,
        string code,
        LinkDecisionItem command,
        Caller caller,
        Documents.DocumentsClient documents,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid().If(command.DocumentId is null, "/documentId", "value.missing", "The document is required.");
        if (
            command.DocumentId is { } id
            && !(await documents.DocumentExistsAsync(new() { Id = id.ToString() }, cancellationToken: http.RequestAborted)).Exists
        )
            invalid.Add("/documentId", "document.unknown", $"There is no document {id} that you may see.");
        return await writer.Step(
            http,
            year,
            code,
            200,
            time,
            (catalogue, _) =>
            {
                if (catalogue?.Find(code) is not { } kept || !caller.HasAny(Roles.Publisher) && kept.Item.Body != caller.Organisation)
                    return Task.FromResult<Decision>(ReadDecisions.NotFound(year, code));
                return Task.FromResult(
                    invalid.Problem is { } problem ? problem
                    : kept.WithdrawnBecause is not null
                        ? CatalogProblems.DecisionItemState.With($"The item was withdrawn: {kept.WithdrawnBecause}")
                    : kept.DocumentId is { } other ? CatalogProblems.DecisionItemState.With($"The item is linked to document {other}.")
                    : catalogue.Tell(
                        Decision.Record(new DecisionItemBecame(code, command.DocumentId!.Value, caller.Actor(), time.GetUtcNow())),
                        code
                    )
                );
            }
        );
    }
}
