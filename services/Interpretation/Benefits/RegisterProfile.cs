using System.Text.Json;
using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.PersonalData;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Interpretation.Benefits;

/// <summary>
/// Registers, reads and erases profiles of the caller. New and changed benefits are matched against them and pushed to the owner's
/// webhooks, and so are those that begin to fit because days pass.
/// </summary>
/// <param name="Profile">The facts, by the names of the profile schema. What has values may be stated by their names: 微型企业.</param>
/// <example>{"profile": {"kind": "enterprise", "size": "小型企业", "registeredOn": "2021-05-18", "staff": 46,
/// "qualifications": ["高新技术企业"], "hasArrears": false}}</example>
public sealed record RegisterProfile(IReadOnlyDictionary<string, JsonElement>? Profile) : IEndpoint
{
    const int LongestName = 100;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPut("/benefits/profiles/{name}", Put).RequireAnyRole(Roles.Integrator).Produces<ProfileView>().WithName("registerProfile");
        api.MapGet("/benefits/profiles/{name}", Get).RequireAnyRole(Roles.Integrator).Produces<ProfileView>().WithName("readProfile");
        api.MapGet("/benefits/profiles/{name}/matches", Matches)
            .RequireAnyRole(Roles.Integrator)
            .Produces<MatchedBenefits>()
            .WithName("matchProfile");
        api.MapDelete("/benefits/profiles/{name}", Delete).RequireAnyRole(Roles.Integrator).Produces(204).WithName("eraseProfile");
    }

    /// <summary>
    /// Registers a profile of the caller under a name, or replaces the one that is there. Benefits that are published from then on are
    /// matched against it; those that fit are pushed to the caller's webhooks, as are those that begin to fit because days pass. What fits
    /// already is at <c>…/matches</c>.
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
        var profile = await MatchBenefits.Read(command.Profile, "/profile", session, invalid, http.RequestAborted);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        session.HardDelete<RegisteredProfile>(OldKey(caller, name));
        session.Store(new RegisteredProfile(Key(caller, name, seals), caller.Id, new(name), new(profile.Facts), time.GetUtcNow()));
        await session.SaveChangesAsync(http.RequestAborted);
        Languages.Tell(http);
        return Results.Ok(ProfileView.Of(profile));
    }

    /// <summary>The facts of a profile as the caller registered them. Nobody sees the profiles of others.</summary>
    static async Task<IResult> Get(string name, Caller caller, Seals seals, IQuerySession session, HttpContext http)
    {
        if (await Find(session, caller, name, seals, http.RequestAborted) is not { } profile)
            return NotFound(name).ToResult();
        Languages.Tell(http);
        return Results.Ok(ProfileView.Of(ProfileFacts.Of(profile.Facts.Value, await ProfileSchema.Known(session, http.RequestAborted))));
    }

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
        Languages.Tell(http);
        return Results.Ok(
            MatchedBenefits.Of(
                await benefits.On(time.Today(), http.RequestAborted),
                time.Today(),
                ProfileFacts.Of(profile.Facts.Value, await ProfileSchema.Known(session, http.RequestAborted)),
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

/// <summary>A registered profile as the API shows it.</summary>
/// <param name="Profile">The facts, by the names of the profile schema; values, whatever they were called.</param>
/// <param name="Facts">The same for people.</param>
public sealed record ProfileView(IReadOnlyDictionary<string, JsonElement> Profile, IReadOnlyList<StatedFact> Facts)
{
    internal static ProfileView Of(ProfileFacts profile) =>
        new(
            profile.Facts,
            [
                .. profile
                    .Facts.Where(f => f.Value.ValueKind is not JsonValueKind.Null && profile.Fields.ContainsKey(f.Key))
                    .Select(f => (Field: profile.Fields[f.Key], f.Value))
                    .Select(f => new StatedFact(f.Field.Name, f.Field.Label, f.Value, Reason.Said(f.Field, f.Value))),
            ]
        );
}

/// <summary>A fact that a profile states.</summary>
/// <param name="Field">Its name in profiles.</param>
/// <param name="Label">Its name for people.</param>
/// <param name="Value">What is stated.</param>
/// <param name="Stated">What is stated, in words.</param>
public sealed record StatedFact(string Field, string Label, JsonElement Value, Wording Stated);
