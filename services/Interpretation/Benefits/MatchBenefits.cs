using System.Text.Json;
using Marten;
using PolicyPlatform.Interpretation.KnownDocuments;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Interpretation.Benefits;

/// <summary>
/// Matches a profile against all benefits that are to be had today: which fit, which may fit and what is not known for that, which do not
/// fit and why. Nothing of the profile is kept. Public.
/// </summary>
/// <param name="Profile">The facts, by the names of the profile schema; what is left out is unknown.</param>
/// <param name="Tag">Only benefits with this tag.</param>
/// <param name="Limit">How many of each kind are told at most; 50 when left out.</param>
/// <example>{"profile": {"kind": "person", "status": ["高校毕业生"], "income": 4200}, "tag": "住房", "limit": 20}</example>
public sealed record MatchBenefits(IReadOnlyDictionary<string, JsonElement>? Profile, string? Tag, int? Limit) : IEndpoint
{
    const int Most = 500;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/benefits/match", Post).Produces<MatchedBenefits>().WithName("matchBenefits");

    static async Task<IResult> Post(
        MatchBenefits command,
        IQuerySession session,
        OfferedBenefits benefits,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid().If(command.Limit is < 1 or > Most, "/limit", "limit.outOfRange", $"1 to {Most}.");
        await Check(command.Profile, "/profile", session, invalid, http.RequestAborted);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var today = time.Today();
        return Results.Ok(
            MatchedBenefits.Of(
                (await benefits.On(today, http.RequestAborted)).Where(b => command.Tag is null || b.Content.Tags.Contains(command.Tag)),
                today,
                command.Profile!,
                command.Limit ?? MatchedBenefits.MostShown
            )
        );
    }

    internal static async Task Check(
        IReadOnlyDictionary<string, JsonElement>? profile,
        string at,
        IQuerySession session,
        Invalid invalid,
        CancellationToken cancellation
    )
    {
        invalid.If(
            profile is null or { Count: 0 },
            at,
            "value.missing",
            "At least one fact is required. GET /api/v1/benefits/profile-schema lists the fields."
        );
        if (profile is null)
            return;
        var fields = await ProfileSchema.Known(session, cancellation);
        foreach (var (name, value) in profile)
        {
            if (!fields.TryGetValue(name, out var field))
                invalid.Add(
                    $"{at}/{name}",
                    "field.unknown",
                    $"Profiles have no field {name}. GET /api/v1/benefits/profile-schema lists those they have."
                );
            else if (value.ValueKind is not JsonValueKind.Null && ProfileSchema.Misfit(field, value) is { } expected)
                invalid.Add($"{at}/{name}", "value.wrong", $"The value is {expected}.");
        }
    }
}

/// <summary>How the benefits fit a profile.</summary>
/// <param name="Matching">Those that fit; those that end first come first.</param>
/// <param name="Possible">Those that may fit; each names the facts that are missing, those with the fewest first.</param>
/// <param name="NotMatching">Those that do not fit.</param>
/// <param name="MatchingCount">How many fit in all.</param>
/// <param name="PossibleCount">How many may fit in all.</param>
/// <param name="NotMatchingCount">How many do not fit in all.</param>
public sealed record MatchedBenefits(
    IReadOnlyList<BenefitMatch> Matching,
    IReadOnlyList<BenefitMatch> Possible,
    IReadOnlyList<BenefitMatch> NotMatching,
    int MatchingCount,
    int PossibleCount,
    int NotMatchingCount
)
{
    internal const int MostShown = 50;

    internal static MatchedBenefits Of(
        IEnumerable<(BenefitItem Benefit, BenefitContent Content, KnownDocument? Document)> benefits,
        DateOnly day,
        IReadOnlyDictionary<string, JsonElement> profile,
        int limit
    )
    {
        // All are decided; why is told only of those that are shown.
        var fits = benefits.ToLookup(b => b.Content.Conditions?.For(profile) ?? Truth.Holds);
        return new(
            [.. fits[Truth.Holds].OrderBy(b => BenefitItem.LastDay(b.Content, b.Document) ?? DateOnly.MaxValue).Take(limit).Select(Match)],
            [.. fits[Truth.Unknown].Select(Match).OrderBy(m => m.Missing.Count).Take(limit)],
            [.. fits[Truth.Fails].Take(limit).Select(Match)],
            fits[Truth.Holds].Count(),
            fits[Truth.Unknown].Count(),
            fits[Truth.Fails].Count()
        );

        BenefitMatch Match((BenefitItem Benefit, BenefitContent Content, KnownDocument? Document) b) =>
            OfferedBenefits.Match(b.Benefit, b.Content, b.Document, profile, day);
    }
}
