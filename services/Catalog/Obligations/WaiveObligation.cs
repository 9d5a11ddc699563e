using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Obligations;

/// <summary>Says that it need not be published (D 14–16), with the reason.</summary>
/// <param name="Reason">Why.</param>
/// <example>{"reason": "属内部事务信息，依据《政府信息公开条例》第十六条不予公开。"}</example>
public sealed record WaiveObligation(string? Reason) : IEndpoint
{
    const int LongestReason = 2000;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/obligations/{id}/waive", Post).RequireAnyRole(Roles.Publisher).Produces<ObligationView>().WithName("waiveObligation");

    static Task<IResult> Post(string id, WaiveObligation command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Step(
            http,
            id,
            caller,
            time,
            (obligation, _) =>
                new Invalid().Text("/reason", command.Reason, LongestReason).Problem is { } problem ? problem
                : obligation.NextDueOn is null ? CatalogProblems.ObligationState.With("Nothing is open any more.")
                : Decision.Record(new ObligationWaived(command.Reason!.Trim(), caller.Actor(), time.GetUtcNow()))
        );
}
