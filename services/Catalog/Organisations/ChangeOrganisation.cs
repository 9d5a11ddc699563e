using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Organisations;

/// <summary>Gives an organisation another name from a day on. Its code stays.</summary>
/// <param name="Name">The new name.</param>
/// <param name="EffectiveFrom">The first day, Asia/Shanghai; today when left out.</param>
public sealed record RenameOrganisation(string? Name, DateOnly? EffectiveFrom) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPatch("/organisations/{code}", Patch)
            .RequireAnyRole(Roles.Publisher)
            .Produces<OrganisationView>()
            .WithTags("Catalog")
            .WithName("renameOrganisation");

    static Task<IResult> Patch(
        string code,
        RenameOrganisation command,
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
            new Invalid().Text("/name", command.Name, CreateOrganisation.LongestName),
            (_, from, _) =>
                Task.FromResult(Decision.Record(new OrganisationRenamed(command.Name!.Trim(), caller.Actor(), time.GetUtcNow(), from)))
        );
}

/// <summary>Puts an organisation elsewhere in the tree from a day on.</summary>
/// <param name="Parent">The organisation above it from then on; null for the top.</param>
/// <param name="EffectiveFrom">The first day, Asia/Shanghai; today when left out.</param>
public sealed record MoveOrganisation(string? Parent, DateOnly? EffectiveFrom) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/organisations/{code}/move", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<OrganisationView>()
            .WithTags("Catalog")
            .WithName("moveOrganisation");

    static Task<IResult> Post(
        string code,
        MoveOrganisation command,
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
            new(),
            async (organisation, from, session) =>
                (await OrganisationTree.Read(session, http.RequestAborted)).Obstacle(organisation.Id, command.Parent, from) is { } problem
                    ? problem
                    : Decision.Record(new OrganisationMoved(command.Parent, from, caller.Actor(), time.GetUtcNow()))
        );
}

/// <summary>Dissolves an organisation (撤销). What is below it is moved first.</summary>
/// <param name="EffectiveFrom">The first day on which it no longer exists, Asia/Shanghai; today when left out.</param>
/// <param name="Successor">The organisation that takes over, if there is one.</param>
/// <param name="Reason">Why: the decision on it.</param>
public sealed record DissolveOrganisation(DateOnly? EffectiveFrom, string? Successor, string? Reason) : IEndpoint
{
    internal const int LongestReason = 2000;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/organisations/{code}/dissolve", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<OrganisationView>()
            .WithTags("Catalog")
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

/// <summary>Merges an organisation into another one (合并): it ends, and what is below it comes along.</summary>
/// <param name="Into">The organisation that takes over.</param>
/// <param name="EffectiveFrom">The first day on which it no longer exists, Asia/Shanghai; today when left out.</param>
/// <param name="Reason">Why: the decision on it.</param>
public sealed record MergeOrganisation(string? Into, DateOnly? EffectiveFrom, string? Reason) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/organisations/{code}/merge", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<OrganisationView>()
            .WithTags("Catalog")
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

/// <summary>What the changes have in common.</summary>
static class OrganisationChanges
{
    public static Task<IResult> Change(
        this EventWriter writer,
        HttpContext http,
        string code,
        DateOnly? effectiveFrom,
        TimeProvider time,
        Invalid invalid,
        Func<Organisation, DateOnly, IDocumentSession, Task<Decision>> decide
    )
    {
        var from = effectiveFrom ?? time.Today();
        return writer.Append<Organisation>(
            http,
            code,
            async (organisation, session) =>
            {
                if (organisation is null)
                    return FindOrganisation.NotFound(code);
                if (!organisation.ExistsOn(from))
                    invalid.Add(
                        "/effectiveFrom",
                        "organisation.notThere",
                        $"{code} exists from {organisation.ValidFrom:yyyy-MM-dd} to {organisation.ValidUntil?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) ?? "no end"}."
                    );
                return invalid.Problem is { } problem ? problem : await decide(organisation, from, session);
            },
            recorded => new Answer(200, OrganisationView.Of(recorded.After(), time.Today()))
        );
    }
}
