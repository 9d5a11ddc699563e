using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Organisations;

/// <summary>Merges an organisation into another one (合并): it ends, and what is below it comes along.</summary>
/// <param name="Into">The organisation that takes over.</param>
/// <param name="EffectiveFrom">The first day on which it no longer exists, Asia/Shanghai; today when left out.</param>
/// <param name="Reason">Why: the decision on it.</param>
/// <example>{"into": "370114-ZJ", "effectiveFrom": "2026-03-01", "reason": "《云泽区机构改革方案》将两局合并。"}</example>
public sealed record MergeOrganisation(string? Into, DateOnly? EffectiveFrom, string? Reason) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/organisations/{code}/merge", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<OrganisationView>()
            .WithName("mergeOrganisation");

    static Task<IResult> Post(
        string code,
        MergeOrganisation command,
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
            new Invalid().Text("/into", command.Into, 40).Text("/reason", command.Reason, DissolveOrganisation.LongestReason),
            async (_, from, session) =>
            {
                var tree = await OrganisationTree.Read(session, http.RequestAborted);
                if (tree.Missing("/into", command.Into!, from, except: code) is { } problem)
                    return problem;
                foreach (var below in tree.Below(code, from))
                {
                    if (tree.Obstacle(below.Id, command.Into, from) is { } cycle)
                        return cycle;
                    session.Events.Append(
                        below.Id,
                        below.Version + 1,
                        new OrganisationMoved(command.Into, from, caller.Actor(), time.GetUtcNow())
                    );
                }
                return Decision.Record(
                    new OrganisationEnded(from.AddDays(-1), command.Into, command.Reason!.Trim(), caller.Actor(), time.GetUtcNow())
                );
            }
        );
}
