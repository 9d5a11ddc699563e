using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Decisions;

/// <summary>Takes an item out of the catalogue.</summary>
/// <param name="Reason">Why.</param>
/// <example>{"reason": "上级规划调整，本年度不再实施。"}</example>
public sealed record WithdrawDecisionItem(string? Reason) : IEndpoint
{
    const int LongestReason = 2000;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/decision-catalogues/{year:int}/items/{code}/withdraw", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<DecisionItemView>()
            .WithName("withdrawDecisionItem");

    static Task<IResult> Post(
        int year,
        string code,
        WithdrawDecisionItem command,
        Caller caller,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    ) =>
        writer.Step(
            http,
            year,
            code,
            200,
            time,
            (catalogue, _) =>
                Task.FromResult(
                    catalogue?.Find(code) is not { } kept ? ReadDecisions.NotFound(year, code)
                    : new Invalid().Text("/reason", command.Reason, LongestReason).Problem is { } problem ? problem
                    : kept.WithdrawnBecause is not null
                        ? CatalogProblems.DecisionItemState.With($"The item was withdrawn: {kept.WithdrawnBecause}")
                    : catalogue.Tell(
                        Decision.Record(new DecisionItemWithdrawn(code, command.Reason!.Trim(), caller.Actor(), time.GetUtcNow())),
                        code
                    )
                )
        );
}
