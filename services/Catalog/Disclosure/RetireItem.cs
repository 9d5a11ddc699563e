using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Disclosure;

/// <summary>Takes an item out of the catalogue from a day on.</summary>
/// <param name="EffectiveFrom">The first day, Asia/Shanghai; today when left out.</param>
/// <param name="Reason">Why.</param>
/// <example>{"effectiveFrom": "2026-03-01", "reason": "该事项已并入住房保障类其他事项。"}</example>
public sealed record RetireItem(DateOnly? EffectiveFrom, string? Reason) : IEndpoint
{
    const int LongestReason = 2000;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/disclosure-catalogues/{layer}/items/{code}/retire", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<DisclosureItemHistory>()
            .WithName("retireDisclosureItem");

    static Task<IResult> Post(
        [OneOf(typeof(Layer))] string layer,
        string code,
        RetireItem command,
        Caller caller,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        var from = command.EffectiveFrom ?? time.Today();
        if (FindItems.Layer(layer) is not { } known)
            return Task.FromResult(FindItems.NotFound(layer, code).ToResult());
        return writer.Append<DisclosureItem>(
            http,
            DisclosureItem.Key(known, code),
            async (item, session) =>
            {
                if (item is null)
                    return FindItems.NotFound(layer, code);
                if (
                    new Invalid()
                        .Text("/reason", command.Reason, LongestReason)
                        .If(
                            item.On(from) is null,
                            "/effectiveFrom",
                            "item.notThere",
                            $"The item is not in the catalogue on {from:yyyy-MM-dd}."
                        )
                        .Problem is
                    { } problem
                )
                    return problem;
                return Decision
                    .Record(new DisclosureItemRetired(from, command.Reason!.Trim(), caller.Actor(), time.GetUtcNow()))
                    .Knowing(await FindItems.Names(session, item, time.Today(), http.RequestAborted));
            },
            recorded => new Answer(200, DisclosureItemHistory.Of(recorded.After(), recorded.Version, recorded.Known<CatalogNames>()!))
        );
    }
}
