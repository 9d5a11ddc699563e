using Marten;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.CleanUp;

/// <summary>The clean-ups, newest first, paged; and one with its documents and how far it has come.</summary>
public sealed class ReadCleanUps : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/cleanups", List)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter, Roles.Reviewer, Roles.Supervisor)
            .Produces<Page<CleanUpView>>()
            .WithName("listCleanUps");
        api.MapGet("/cleanups/{id:guid}", One)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter, Roles.Reviewer, Roles.Supervisor)
            .Produces<CleanUpView>()
            .WithName("readCleanUp");
    }

    /// <summary>
    /// All clean-ups, newest first, paged, each with how many outcomes are there, how many have taken effect, and who has still to look at
    /// how many. The documents themselves are left out.
    /// </summary>
    static async Task<IResult> List(int? pageSize, string? pageToken, IQuerySession session, HttpContext http)
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        IQueryable<CleanUpCampaign> query = session.Query<CleanUpCampaign>();
        if (page.After is { } after)
            query = query.Where(c => c.OpenedAt < after.OpenedAt || c.OpenedAt == after.OpenedAt && c.Id.CompareTo(after.Id) < 0);
        var rows = await query
            .OrderByDescending(c => c.OpenedAt)
            .ThenByDescending(c => c.Id)
            .Take(page.Size + 1)
            .ToListAsync(http.RequestAborted);
        return Results.Ok(page.Page(rows, c => CleanUpView.Of(c, withItems: false), c => new Place(c.OpenedAt, c.Id)));
    }

    /// <summary>
    /// One clean-up with how far it has come and all of its documents: who looks at each, what is to become of it, and whether that has
    /// taken effect. The draft that amends a document is named to those who may see the draft; what is taken from the public is called by what it
    /// is called to those alone who work on it, and for everybody else the explanation stands in place of its title.
    /// </summary>
    static async Task<IResult> One(Guid id, Caller caller, IQuerySession session, HttpContext http)
    {
        if (await session.LoadAsync<CleanUpCampaign>(id, http.RequestAborted) is not { } campaign)
            return CleanUpProblems.NotFound(id).ToResult();
        var begun = campaign.Items.Select(i => i.Draft).OfType<Guid>().ToArray();
        var drafts = begun.Length > 0 ? await session.LoadManyAsync<PolicyDocument>(http.RequestAborted, begun) : [];
        var seen = drafts.Where(caller.Sees).Select(d => d.Id).ToHashSet();
        var hidden = await Hidden(campaign, caller, session, http.RequestAborted);
        return http.Conditional(
            ConditionalRequests.Tag(
                campaign.Version,
                begun.Length + hidden.Count > 0
                    ? ConditionalRequests.Mark([
                        .. seen.Order().Select(d => d.ToString()),
                        .. hidden.OrderBy(h => h.Key).Select(h => $"{h}"),
                    ])
                    : ""
            ),
            () => Results.Ok(CleanUpView.Of(campaign, withItems: true, seen, hidden))
        );
    }

    // What stands in place of the titles that the caller does not read.
    static async Task<IReadOnlyDictionary<Guid, string>> Hidden(
        CleanUpCampaign campaign,
        Caller caller,
        IQuerySession session,
        CancellationToken cancellation
    )
    {
        // Who works on every document reads what each is called.
        if (caller.SeesInside([]))
            return new Dictionary<Guid, string>();
        Guid[] all = [.. campaign.Items.Select(i => i.DocumentId)];
        return (await session.Query<PolicyDocument>().Where(d => d.Id.IsOneOf(all) && d.Down.Any()).ToListAsync(cancellation))
            .Where(d => !caller.Sees(d))
            .ToDictionary(d => d.Id, d => d.Down.Of(revision: null)!.Explanation);
    }

    sealed record Place(DateTimeOffset OpenedAt, Guid Id);
}

/// <summary>A clean-up and how far it has come.</summary>
/// <param name="Id">The clean-up.</param>
/// <param name="Version">Its version: its ETag.</param>
/// <param name="Title">What it is called.</param>
/// <param name="DueOn">When all outcomes are to be there.</param>
/// <param name="OpenedAt">When it began, UTC.</param>
/// <param name="Total">How many documents there are.</param>
/// <param name="Open">How many have no outcome yet.</param>
/// <param name="Applied">How many outcomes have taken effect.</param>
/// <param name="Outcomes">How many came to what.</param>
/// <param name="OpenByBody">How many each body has still to look at.</param>
/// <param name="Items">The documents; null in the list.</param>
public sealed record CleanUpView(
    Guid Id,
    long Version,
    string Title,
    DateOnly? DueOn,
    DateTimeOffset OpenedAt,
    int Total,
    int Open,
    int Applied,
    IReadOnlyDictionary<CleanUpOutcome, int> Outcomes,
    IReadOnlyDictionary<string, int> OpenByBody,
    IReadOnlyList<CleanUpItem>? Items
)
{
    internal static CleanUpView Of(
        CleanUpCampaign c,
        bool withItems,
        IReadOnlySet<Guid>? drafts = null,
        IReadOnlyDictionary<Guid, string>? hidden = null
    )
    {
        return new(
            c.Id,
            c.Version,
            c.Title,
            c.DueOn,
            c.OpenedAt,
            c.Items.Count,
            c.Items.Count(i => i.Outcome is null),
            c.Items.Count(i => i.Applied),
            c.Items.Where(i => i.Outcome is not null).CountBy(i => i.Outcome!.Value).ToDictionary(),
            c.Items.Where(i => i.Outcome is null).CountBy(i => i.Body).ToDictionary(),
            withItems ? [.. c.Items.Select(Shown)] : null
        );

        // What people wrote about a document that is taken from the public may tell of it as its title does.
        CleanUpItem Shown(CleanUpItem item) =>
            (hidden?.GetValueOrDefault(item.DocumentId) is { } explanation ? item with { Title = explanation, Reason = null } : item) with
            {
                Draft = item.Draft is { } draft && drafts?.Contains(draft) is true ? draft : null,
            };
    }
}
