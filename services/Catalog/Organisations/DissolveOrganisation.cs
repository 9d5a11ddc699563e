using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Organisations;

/// <summary>Dissolves an organisation (撤销). What is below it is moved first.</summary>
/// <param name="EffectiveFrom">The first day on which it no longer exists, Asia/Shanghai; today when left out.</param>
/// <param name="Successor">The organisation that takes over, if there is one.</param>
/// <param name="Reason">Why: the decision on it.</param>
/// <example>{"effectiveFrom": "2026-03-01", "successor": "370114-ZJ", "reason": "《云泽区机构改革方案》撤销该机构。"}</example>
public sealed record DissolveOrganisation(DateOnly? EffectiveFrom, string? Successor, string? Reason) : IEndpoint
{
    internal const int LongestReason = 2000;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/organisations/{code}/dissolve", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<OrganisationView>()
            .WithName("dissolveOrganisation");

    static Task<IResult> Post(
        string code,
        DissolveOrganisation command,
        Caller caller,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    ) =>
        writer.Change(
            http,
            code,
            command.EffectiveFrom,
            time,
            new Invalid().Text("/reason", command.Reason, LongestReason),
            async (organisation, from, session) =>
            {
                var tree = await OrganisationTree.Read(session, http.RequestAborted);
                if (command.Successor is not null && tree.Missing("/successor", command.Successor, from, except: code) is { } problem)
                    return problem;
                return tree.Below(code, from) is { Count: > 0 } below
                    ? CatalogProblems.OrganisationState.With(
                        $"{string.Join(", ", below.Select(b => b.Id))} stand below {code} on {from:yyyy-MM-dd}. Move or dissolve them first, or POST …/merge, which takes them along."
                    )
                    : Decision.Record(
                        new OrganisationEnded(from.AddDays(-1), command.Successor, command.Reason!.Trim(), caller.Actor(), time.GetUtcNow())
                    );
            }
        );
}
