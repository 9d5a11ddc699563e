using System.Text.Json;
using Marten;
using PolicyPlatform.Interpretation.KnownDocuments;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.PersonalData;
using PolicyPlatform.ServiceDefaults.Problems;
using Wolverine;
using Wolverine.Attributes;

namespace PolicyPlatform.Interpretation.Benefits;

/// <summary>
/// A profile that a system registered for its users. It is personal: kept in a sealed row that can be erased, never in an event, a message
/// or a log.
/// </summary>
/// <param name="Id">Owner and name.</param>
/// <param name="Owner">The system that registered it.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Facts">What it states.</param>
/// <param name="At">When it was last set, UTC.</param>
public sealed record RegisteredProfile(
    string Id,
    string Owner,
    string Name,
    Sealed<IReadOnlyDictionary<string, JsonElement>> Facts,
    DateTimeOffset At
);

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
            MatchedBenefits.Of(await benefits.On(time.Today(), http.RequestAborted), profile.Facts.Value, MatchedBenefits.Told)
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

/// <summary>Interpretation's note to itself: match a benefit against the registered profiles.</summary>
/// <param name="BenefitId">The benefit.</param>
/// <param name="Version">The version that was published.</param>
public sealed record OfferBenefit(Guid BenefitId, long Version);

/// <summary>Finds the registered profiles that a new or changed benefit fits, and tells their owners.</summary>
[WolverineHandler]
public static class OfferBenefits
{
    const int MostInMessage = 1000;

    /// <summary>Matches; a benefit that was published again since is left to the later note.</summary>
    public static async Task<OutgoingMessages> Handle(
        OfferBenefit note,
        IQuerySession session,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var told = new OutgoingMessages();
        if (
            await session.LoadAsync<BenefitItem>(note.BenefitId, cancellation) is not { Shown: { } content } benefit
            || benefit.PublishedIn > note.Version
        )
            return told;
        var document = await session.LoadAsync<KnownDocument>(benefit.DocumentId, cancellation);
        if (BenefitItem.LastDay(content, document) < time.Today())
            return told;
        var fitting = await Fitting(content, session, cancellation);
        foreach (var owner in fitting.GroupBy(p => p.Owner))
        foreach (var some in owner.Select(p => p.Name).Order(StringComparer.Ordinal).Chunk(MostInMessage).Index())
            told.Add(
                new Contracts.Interpretation.V1.BenefitOffered(
                    benefit.Id,
                    note.Version,
                    some.Index,
                    benefit.DocumentId,
                    content.Title,
                    owner.Key,
                    some.Item
                )
            );
        return told;
    }

    /// <summary>The registered profiles that a benefit fits.</summary>
    internal static async Task<IReadOnlyList<RegisteredProfile>> Fitting(
        BenefitContent content,
        IQuerySession session,
        CancellationToken cancellation
    )
    {
        var fitting = new List<RegisteredProfile>();
        await foreach (var profile in session.Query<RegisteredProfile>().ToAsyncEnumerable(cancellation))
            if (content.Conditions is null || content.Conditions.For(profile.Facts.Value) is Truth.Holds)
                fitting.Add(profile);
        return fitting;
    }
}
