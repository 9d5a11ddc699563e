using System.Text.Json;
using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Interpretation.Benefits;

/// <summary>
/// Matches a profile against all benefits that are to be had today: which fit, which may fit and what is not known for that, which do not
/// fit and why. Nothing of the profile is kept. Public.
/// </summary>
/// <param name="Profile">
/// The facts, by the names of the profile schema; what is left out is unknown. What has values may be stated by their names: 微型企业.
/// </param>
/// <param name="Tag">Only benefits with this tag.</param>
/// <param name="Limit">How many of each kind are told at most; 50 when left out.</param>
/// <example>{"profile": {"kind": "个人", "status": ["高校毕业生"], "birthday": "2003-09-01", "income": 4200}, "tag": "住房", "limit": 20}</example>
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
        var profile = await Read(command.Profile, "/profile", session, invalid, http.RequestAborted);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var today = time.Today();
        Languages.Tell(http);
        return Results.Ok(
            MatchedBenefits.Of(
                (await benefits.On(today, http.RequestAborted)).Where(b => command.Tag is null || b.Content.Tags.Contains(command.Tag)),
                today,
                profile,
                command.Limit ?? MatchedBenefits.MostShown
            )
        );
    }

    /// <summary>Notes what is wrong with a profile, and reads it, with values in the place of their names.</summary>
    internal static async Task<ProfileFacts> Read(
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
        var fields = await ProfileSchema.Known(session, cancellation);
        foreach (var (name, value) in profile ?? new Dictionary<string, JsonElement>())
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
        return ProfileFacts.Of(profile ?? new Dictionary<string, JsonElement>(), fields);
    }
}

/// <summary>How the benefits fit a profile.</summary>
/// <param name="Matching">Those that fit; those that end first come first.</param>
/// <param name="Possible">Those that may fit; each names the facts that are missing, those with the fewest first.</param>
/// <param name="NotMatching">
/// Those that do not fit: those first that will by themselves, the nearest day before the others; then those of which the least is not the
/// case.
/// </param>
/// <param name="MatchingCount">How many fit in all.</param>
/// <param name="PossibleCount">How many may fit in all.</param>
/// <param name="NotMatchingCount">How many do not fit in all.</param>
/// <param name="Day">The day of the match, Asia/Shanghai: ages and periods are counted up to it.</param>
/// <param name="Ask">What to ask for next: the facts on which it depends whether those that may fit do, those first that decide most of them.</param>
public sealed record MatchedBenefits(
    IReadOnlyList<BenefitMatch> Matching,
    IReadOnlyList<BenefitMatch> Possible,
    IReadOnlyList<BenefitMatch> NotMatching,
    int MatchingCount,
    int PossibleCount,
    int NotMatchingCount,
    DateOnly Day,
    IReadOnlyList<MissingFact> Ask
)
{
    internal const int MostShown = 50;

    internal static MatchedBenefits Of(IEnumerable<Offered> benefits, DateOnly day, ProfileFacts profile, int limit)
    {
        // All are decided; why is told only of those that are shown, and asked of those that may fit.
        var fits = benefits.ToLookup(b => b.Conditions?.For(profile.Facts, day) ?? Truth.Holds);
        var possible = fits[Truth.Unknown].Select(Match).OrderBy(m => m.Missing.Count).ToArray();
        return new(
            [.. fits[Truth.Holds].OrderBy(b => BenefitItem.LastDay(b.Content, b.Document) ?? DateOnly.MaxValue).Take(limit).Select(Match)],
            [.. possible.Take(limit)],
            [
                .. fits[Truth.Fails]
                    .OrderBy(b => BenefitMatch.FirstDay(b, profile, day) ?? DateOnly.MaxValue)
                    .ThenBy(b => b.Conditions!.Plain().Amiss(profile.Facts, day))
                    .Take(limit)
                    .Select(Match),
            ],
            fits[Truth.Holds].Count(),
            possible.Length,
            fits[Truth.Fails].Count(),
            day,
            MissingFact.Of(possible, profile.Fields)
        );

        BenefitMatch Match(Offered b) => BenefitMatch.Of(b, profile, day);
    }
}

/// <summary>How a benefit fits a profile.</summary>
/// <param name="Id">The benefit.</param>
/// <param name="Title">Its title.</param>
/// <param name="Benefit">What there is to be had.</param>
/// <param name="DocumentId">The document that it stands in.</param>
/// <param name="Blocks">The blocks that it stands in.</param>
/// <param name="Body">Who grants it.</param>
/// <param name="Access">How it reaches the person.</param>
/// <param name="EndsOn">The last day on which it is to be had.</param>
/// <param name="Materials">What must be handed in.</param>
/// <param name="Link">Where one applies.</param>
/// <param name="Comparison">What changed in the document since; null while the benefit fits the text in force.</param>
/// <param name="Fits">Whether the conditions hold.</param>
/// <param name="Missing">The facts that the profile does not state and on which it depends whether the benefit fits.</param>
/// <param name="Conditions">How each comparison came out as it stands, whether it decides or not; people are told the reasons.</param>
/// <param name="Reasons">Why it fits, may fit or does not, for people.</param>
/// <param name="FitsFrom">
/// The first day on which it fits if nothing changes but the day, Asia/Shanghai; null unless it does not fit today and will before it ends.
/// </param>
/// <param name="FitsUntil">The last day on which it fits if nothing changes but the day; null unless that comes before its end.</param>
public sealed record BenefitMatch(
    Guid Id,
    string Title,
    string Benefit,
    Guid DocumentId,
    IReadOnlyList<string> Blocks,
    string Body,
    Access Access,
    DateOnly? EndsOn,
    IReadOnlyList<string> Materials,
    string? Link,
    string? Comparison,
    Truth Fits,
    IReadOnlyList<string> Missing,
    IReadOnlyList<Outcome> Conditions,
    IReadOnlyList<Reason> Reasons,
    DateOnly? FitsFrom,
    DateOnly? FitsUntil
)
{
    internal static BenefitMatch Of(Offered offered, ProfileFacts profile, DateOnly day)
    {
        var (benefit, content, document, conditions) = offered;
        var outcomes = new List<Outcome>();
        var truth = conditions?.For(profile.Facts, day, outcomes) ?? Truth.Holds;
        IReadOnlyList<Reason> reasons = conditions is null ? [] : Benefits.Reasons.For(conditions, profile, day);
        var endsOn = BenefitItem.LastDay(content, document);
        return new(
            benefit.Id,
            content.Title,
            content.Benefit,
            content.DocumentId,
            content.Blocks,
            content.Body,
            content.Access,
            endsOn,
            content.Materials,
            content.Link,
            benefit.Outdated is { } outdated && outdated.From <= day ? outdated.Link(content.DocumentId) : null,
            truth,
            [.. reasons.SelectMany(r => r.Missing).Distinct()],
            outcomes,
            reasons,
            truth is Truth.Fails ? FirstDay(offered, profile, day) : null,
            truth is Truth.Holds
            && conditions?.FirstDay(profile.Facts, day, t => t is not Truth.Holds)?.AddDays(-1) is { } last
            && !(last >= endsOn)
                ? last
                : null
        );
    }

    /// <summary>The first day after this one on which it fits if nothing changes but the day; null where it ends before.</summary>
    internal static DateOnly? FirstDay(Offered offered, ProfileFacts profile, DateOnly day) =>
        offered.Conditions?.FirstDay(profile.Facts, day, t => t is Truth.Holds) is { } first
        && !(first > BenefitItem.LastDay(offered.Content, offered.Document))
            ? first
            : null;
}

/// <summary>A fact that the profile does not state, for a front end to ask for.</summary>
/// <param name="Field">Its name in profiles.</param>
/// <param name="Label">Its name for people.</param>
/// <param name="Type">What it is.</param>
/// <param name="Values">The values that it can have; null for any.</param>
/// <param name="Names">What people call the values; null where they are called as they are.</param>
/// <param name="Benefits">Of how many benefits that may fit it is missing.</param>
/// <param name="Decides">Of how many it alone is missing.</param>
/// <param name="Told">What is asked for, in a sentence.</param>
public sealed record MissingFact(
    string Field,
    string Label,
    FactType Type,
    IReadOnlyList<string>? Values,
    IReadOnlyDictionary<string, string>? Names,
    int Benefits,
    int Decides,
    Wording Told
)
{
    internal static IReadOnlyList<MissingFact> Of(IReadOnlyList<BenefitMatch> possible, IReadOnlyDictionary<string, ProfileField> fields) =>
        [
            .. possible
                .SelectMany(m => m.Missing.Select(name => (Name: name, IsAlone: m.Missing.Count == 1)))
                .GroupBy(m => m.Name)
                .Where(m => fields.ContainsKey(m.Key))
                .Select(m =>
                {
                    var (field, benefits, decides) = (fields[m.Key], m.Count(), m.Count(f => f.IsAlone));
                    return new MissingFact(
                        field.Name,
                        field.Label,
                        field.Type,
                        field.Values,
                        field.Names,
                        benefits,
                        decides,
                        benefits == 1
                            ? (Wording)$"State {field.Label}: whether a benefit fits depends on it."
                            : $"State {field.Label}: whether {benefits} benefits fit depends on it."
                    );
                })
                .OrderByDescending(m => m.Decides)
                .ThenByDescending(m => m.Benefits),
        ];
}
