using System.Text.Json;
using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.PersonalData;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Interpretation.Benefits;

/// <summary>
/// Registers, reads and erases profiles of the caller. New and changed benefits are matched against them and pushed to the owner's
/// webhooks.
/// </summary>
/// <param name="Profile">The facts, by the names of the profile schema.</param>
/// <example>{"profile": {"kind": "enterprise", "size": "small", "registeredOn": "2021-05-18", "staff": 46,
/// "qualifications": ["高新技术企业"], "hasArrears": false}}</example>
public sealed record RegisterProfile(IReadOnlyDictionary<string, JsonElement>? Profile) : IEndpoint
{
    const int LongestName = 100;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPut("/benefits/profiles/{name}", Put)
            .RequireAnyRole(Roles.Integrator)
            .Produces<RegisterProfile>()
            .WithName("registerProfile");
        api.MapGet("/benefits/profiles/{name}", Get).RequireAnyRole(Roles.Integrator).Produces<RegisterProfile>().WithName("readProfile");
        api.MapGet("/benefits/profiles/{name}/matches", Matches)
            .RequireAnyRole(Roles.Integrator)
            .Produces<MatchedBenefits>()
            .WithName("matchProfile");
        api.MapDelete("/benefits/profiles/{name}", Delete).RequireAnyRole(Roles.Integrator).Produces(204).WithName("eraseProfile");
    }

    /// <summary>
    /// Registers a profile of the caller under a name, or replaces the one that is there. Benefits that are published from then on are
    /// matched against it; those that fit are pushed to the caller's webhooks.
    /// </summary>
    static async Task<IResult> Put(
        string name,
        RegisterProfile command,
        Caller caller,
        Seals seals,
        IDocumentSession session,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid().Text("name", name, LongestName);
        await MatchBenefits.Check(command.Profile, "/profile", session, invalid, http.RequestAborted);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        session.HardDelete<RegisteredProfile>(OldKey(caller, name));
        session.Store(new RegisteredProfile(Key(caller, name, seals), caller.Id, new(name), new(command.Profile!), time.GetUtcNow()));
        await session.SaveChangesAsync(http.RequestAborted);
        return Results.Ok(command);
    }

    /// <summary>The facts of a profile as the caller registered them. Nobody sees the profiles of others.</summary>
    static async Task<IResult> Get(string name, Caller caller, Seals seals, IQuerySession session, HttpContext http) =>
        await Find(session, caller, name, seals, http.RequestAborted) is { } profile
            ? Results.Ok(new RegisterProfile(profile.Facts.Value))
            : NotFound(name).ToResult();

    /// <summary>
    /// Matches a registered profile of the caller against all benefits that are to be had today, and says why each fits, may fit or does
    /// not; at most 50 of each kind are told, and how many there are in all.
    /// </summary>
    static async Task<IResult> Matches(
        string name,
        Caller caller,
        Seals seals,
        IQuerySession session,
        OfferedBenefits benefits,
        TimeProvider time,
        HttpContext http
    )
    {
        if (await Find(session, caller, name, seals, http.RequestAborted) is not { } profile)
            return NotFound(name).ToResult();
        return Results.Ok(
            MatchedBenefits.Of(
                await benefits.On(time.Today(), http.RequestAborted),
                time.Today(),
                profile.Facts.Value,
                MatchedBenefits.MostShown
            )
        );
    }

    /// <summary>Erases a profile of the caller. One that is not there is answered in the same way.</summary>
    static async Task<IResult> Delete(string name, Caller caller, Seals seals, IDocumentSession session, HttpContext http)
    {
        session.HardDelete<RegisteredProfile>(OldKey(caller, name));
        session.HardDelete<RegisteredProfile>(Key(caller, name, seals));
        await session.SaveChangesAsync(http.RequestAborted);
        return Results.NoContent();
    }

    static async Task<RegisteredProfile?> Find(
        IQuerySession session,
        Caller caller,
        string name,
        Seals seals,
        CancellationToken cancellation
    ) =>
        await session.LoadAsync<RegisteredProfile>(Key(caller, name, seals), cancellation)
        ?? await session.LoadAsync<RegisteredProfile>(OldKey(caller, name), cancellation);

    static string Key(Caller caller, string name, Seals seals) => $"{caller.Id}#{seals.Fingerprint(OldKey(caller, name))}";

    // Names once stood in the key as they are.
    static string OldKey(Caller caller, string name) => $"{caller.Id}/{name}";

    static Problem NotFound(string name) => InterpretationProblems.ProfileNotFound.With($"You registered no profile {name}.");
}
