using System.Text.Json;
using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Interpretation.Benefits;

/// <summary>
/// Registers, reads and erases profiles of the caller. New and changed benefits are matched against them and pushed to the owner's
/// webhooks.
/// </summary>
/// <param name="Profile">The facts, by the names of the profile schema.</param>
public sealed record RegisterProfile(IReadOnlyDictionary<string, JsonElement>? Profile) : IEndpoint
{
    const int LongestName = 100;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPut("/benefits/profiles/{name}", Put)
            .RequireAnyRole(Roles.Integrator)
            .Produces<RegisterProfile>()
            .WithTags("Interpretation")
            .WithName("registerProfile");
        api.MapGet("/benefits/profiles/{name}", Get)
            .RequireAnyRole(Roles.Integrator)
            .Produces<RegisterProfile>()
            .WithTags("Interpretation")
            .WithName("readProfile");
        api.MapGet("/benefits/profiles/{name}/matches", Matches)
            .RequireAnyRole(Roles.Integrator)
            .Produces<MatchedBenefits>()
            .WithTags("Interpretation")
            .WithName("matchProfile");
        api.MapDelete("/benefits/profiles/{name}", Delete)
            .RequireAnyRole(Roles.Integrator)
            .Produces(204)
            .WithTags("Interpretation")
            .WithName("eraseProfile");
    }

    static async Task<IResult> Put(
        string name,
        RegisterProfile command,
        Caller caller,
        IDocumentSession session,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid().Text("name", name, LongestName);
        await MatchBenefits.Check(command.Profile, "/profile", session, invalid, http.RequestAborted);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        session.Store(new RegisteredProfile(Key(caller, name), caller.Id, name, new(command.Profile!), time.GetUtcNow()));
        await session.SaveChangesAsync(http.RequestAborted);
        return Results.Ok(command);
    }

    static async Task<IResult> Get(string name, Caller caller, IQuerySession session, HttpContext http) =>
        await session.LoadAsync<RegisteredProfile>(Key(caller, name), http.RequestAborted) is { } profile
            ? Results.Ok(new RegisterProfile(profile.Facts.Value))
            : NotFound(name).ToResult();

    static async Task<IResult> Matches(
        string name,
        Caller caller,
        IQuerySession session,
        OfferedBenefits benefits,
        TimeProvider time,
        HttpContext http
    )
    {
        if (await session.LoadAsync<RegisteredProfile>(Key(caller, name), http.RequestAborted) is not { } profile)
            return NotFound(name).ToResult();
        return Results.Ok(
            MatchedBenefits.Of(await benefits.On(time.Today(), http.RequestAborted), profile.Facts.Value, MatchedBenefits.MostShown)
        );
    }

    static async Task<IResult> Delete(string name, Caller caller, IDocumentSession session, HttpContext http)
    {
        session.HardDelete<RegisteredProfile>(Key(caller, name));
        await session.SaveChangesAsync(http.RequestAborted);
        return Results.NoContent();
    }

    static string Key(Caller caller, string name) => $"{caller.Id}/{name}";

    static Problem NotFound(string name) => InterpretationProblems.ProfileNotFound.With($"You registered no profile {name}.");
}
