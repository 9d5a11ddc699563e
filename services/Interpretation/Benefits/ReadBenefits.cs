using System.Text.Json;
using Marten;
using PolicyPlatform.Interpretation.KnownDocuments;
using PolicyPlatform.Interpretation.Plans;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Interpretation.Benefits;

/// <summary>The benefits, last changed first, and one of them. The public sees what is offered; those who work on them see all.</summary>
public sealed class ReadBenefits : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/benefits", List).Produces<Page<BenefitView>>().WithTags("Interpretation").WithName("listBenefits");
        api.MapGet("/benefits/{id:guid}", One).Produces<BenefitView>().WithTags("Interpretation").WithName("readBenefit");
    }

    static async Task<IResult> List(
        Guid? document,
        string? block,
        string? tag,
        string? body,
        string? access,
        bool? offered,
        int? pageSize,
        string? pageToken,
        Caller caller,
        IQuerySession session,
        OfferedBenefits benefits,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid);
        var by = invalid.OneOf<Access>("access", access);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var today = time.Today();
        var rows =
            caller.IsPublic || offered is true
                ? (await benefits.On(today, http.RequestAborted)).Select(b => (b.Benefit, b.Content, b.Document))
                : await Inside(session, caller, http.RequestAborted);
        var shown = rows.Where(b =>
                (document is null || b.Content.DocumentId == document)
                && (block is null || b.Content.Blocks.Contains(block))
                && (tag is null || b.Content.Tags.Contains(tag))
                && (body is null || b.Content.Body == body)
                && (by is null || b.Content.Access == by)
                && (
                    page.After is not { } after
                    || b.Benefit.ChangedAt < after.At
                    || b.Benefit.ChangedAt == after.At && b.Benefit.Id.CompareTo(after.Id) < 0
                )
            )
            .OrderByDescending(b => b.Benefit.ChangedAt)
            .ThenByDescending(b => b.Benefit.Id)
            .Take(page.Size + 1)
            .ToArray();
        return Results.Ok(
            page.Page(
                shown,
                b => BenefitView.Of(b.Benefit, b.Content, b.Document, today),
                b => new Place(b.Benefit.ChangedAt, b.Benefit.Id)
            )
        );
    }

    static async Task<IEnumerable<(BenefitItem Benefit, BenefitContent Content, KnownDocument? Document)>> Inside(
        IQuerySession session,
        Caller caller,
        CancellationToken cancellation
    )
    {
        var all = (await session.Query<BenefitItem>().ToListAsync(cancellation))
            .Select(b => (Benefit: b, Content: caller.WorksFor([b.Draft.Body]) ? b.Draft : b.Shown))
            .Where(b => b.Content is not null)
            .ToArray();
        var documents = (
            await session.LoadManyAsync<KnownDocument>(cancellation, [.. all.Select(b => b.Benefit.DocumentId).Distinct()])
        ).ToDictionary(d => d.Id);
        return all.Select(b => (b.Benefit, b.Content!, documents.GetValueOrDefault(b.Benefit.DocumentId)));
    }

    static async Task<IResult> One(Guid id, Caller caller, IQuerySession session, TimeProvider time, HttpContext http)
    {
        if (
            await session.LoadAsync<BenefitItem>(id, http.RequestAborted) is not { } benefit
            || (caller.WorksFor([benefit.Draft.Body]) ? benefit.Draft : benefit.Shown) is not { } content
        )
            return NotFound(id).ToResult();
        var document = await session.LoadAsync<KnownDocument>(benefit.DocumentId, http.RequestAborted);
        var view = BenefitView.Of(benefit, content, document, time.Today());
        // It begins and ends with its document and on days, without a version of its own.
        return http.Conditional(
            ConditionalRequests.Tag(
                benefit.Version,
                $"{document?.Version ?? 0}.{(view.IsOffered ? 1 : 0)}{(view.Outdated is null ? 0 : 1)}"
            ),
            () => Results.Ok(view)
        );
    }

    internal static Problem NotFound(Guid id) =>
        InterpretationProblems.BenefitNotFound.With(
            $"There is no benefit {id} that you may see. GET /api/v1/benefits lists those there are."
        );

    sealed record Place(DateTimeOffset At, Guid Id);
}

/// <summary>
/// Matches a profile against all benefits that are to be had today: which fit, which may fit and what is not known for that, which do not
/// fit and why. Nothing of the profile is kept. Public.
/// </summary>
/// <param name="Profile">The facts, by the names of the profile schema; what is left out is unknown.</param>
/// <param name="Tag">Only benefits with this tag.</param>
/// <param name="Limit">How many of each kind are told at most; 50 when left out.</param>
public sealed record MatchBenefits(IReadOnlyDictionary<string, JsonElement>? Profile, string? Tag, int? Limit) : IEndpoint
{
    const int Most = 500;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/benefits/match", Post).Produces<MatchedBenefits>().WithTags("Interpretation").WithName("matchBenefits");

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
        return Results.Ok(
            MatchedBenefits.Of(
                (await benefits.On(time.Today(), http.RequestAborted)).Where(b =>
                    command.Tag is null || b.Content.Tags.Contains(command.Tag)
                ),
                command.Profile!,
                command.Limit ?? MatchedBenefits.Told
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
    internal const int Told = 50;

    internal static MatchedBenefits Of(
        IEnumerable<(BenefitItem Benefit, BenefitContent Content, KnownDocument? Document)> benefits,
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
            OfferedBenefits.Match(b.Benefit, b.Content, b.Document, profile);
    }
}
