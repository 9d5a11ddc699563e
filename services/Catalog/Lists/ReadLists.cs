using System.ComponentModel;
using System.Text.Json;
using Marten;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Catalog.Lists;

/// <summary>The lists, their entries in any version, and what differs between two. Public.</summary>
public sealed class ReadLists : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/lists", Lists).Produces<Page<ServiceListView>>().WithName("listLists");
        api.MapGet("/lists/{kind}", One).Produces<ServiceListView>().WithName("readList");
        api.MapGet(
                "/lists/{kind}/entries",
                (string kind, string? q, string? body, int? pageSize, string? pageToken, IQuerySession session, HttpContext http) =>
                    Entries(kind, null, q, body, pageSize, pageToken, session, http)
            )
            .Produces<Page<ListEntryView>>()
            .WithDescription(
                "The entries of a list as they stand now, by code, in pages. "
                    + "`q` finds those with this in their titles, or of this very code."
            )
            .WithName("listEntries");
        api.MapGet("/lists/{kind}/entries/{code}", Entry).Produces<ListEntryView>().WithName("readEntry");
        api.MapGet("/lists/{kind}/entries/{code}/history", History).Produces<Page<ListEntryView>>().WithName("readEntryHistory");
        api.MapGet("/lists/{kind}/versions", Versions).Produces<Page<ListVersion>>().WithName("listVersions");
        api.MapGet(
                "/lists/{kind}/versions/{version:long}",
                (
                    string kind,
                    long version,
                    string? q,
                    string? body,
                    int? pageSize,
                    string? pageToken,
                    IQuerySession session,
                    HttpContext http
                ) => Entries(kind, version, q, body, pageSize, pageToken, session, http)
            )
            .Produces<Page<ListEntryView>>()
            .WithDescription(
                "The entries of a list as they stood in a version, by code, in pages. "
                    + "`q` finds those with this in their titles, or of this very code."
            )
            .WithName("readListVersion");
        api.MapGet("/lists/{kind}/comparison", Compare).Produces<ListComparison>().WithName("compareListVersions");
    }

    /// <summary>The lists, by kind, in pages: each with the schema of its entries and its newest version.</summary>
    static async Task<IResult> Lists(int? pageSize, string? pageToken, IQuerySession session, HttpContext http)
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        IQueryable<ServiceList> query = session.Query<ServiceList>();
        if (page.After is { } after)
            query = query.Where(l => l.Id.CompareTo(after.Code) > 0);
        var rows = await query.OrderBy(l => l.Id).Take(page.Size + 1).ToListAsync(http.RequestAborted);
        return Results.Ok(page.Page(rows, ServiceListView.Of, l => new Place(l.Id)));
    }

    /// <summary>A list: its name, the schema of its entries and its newest version. Its entries are read by themselves.</summary>
    static async Task<IResult> One(string kind, IQuerySession session, HttpContext http) =>
        await session.LoadAsync<ServiceList>(ServiceList.Key(kind), http.RequestAborted) is { } list
            ? http.Conditional(ConditionalRequests.Tag(list.Version), () => Results.Ok(ServiceListView.Of(list)))
            : NotFound(kind).ToResult();

    static async Task<IResult> Entries(
        string kind,
        long? version,
        string? q,
        string? body,
        int? pageSize,
        string? pageToken,
        IQuerySession session,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid, kind);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        if (await session.LoadAsync<ServiceList>(ServiceList.Key(kind), http.RequestAborted) is not { } list)
            return NotFound(kind).ToResult();
        if (version < 1 || version > list.Version)
            return NoVersion(list, version.Value).ToResult();
        var query = ListEntry.In(session, kind, version, q, body);
        if (page.After is { } after)
            query = query.Where(e => e.Code.CompareTo(after.Code) > 0);
        var rows = await query.Take(page.Size + 1).ToListAsync(http.RequestAborted);
        return Results.Ok(page.Page(rows, ListEntryView.Of, e => new Place(e.Code)));
    }

    /// <summary>An entry as it stands now. One that was retired is found in its history alone.</summary>
    static async Task<IResult> Entry(string kind, string code, IQuerySession session, HttpContext http) =>
        await session.Query<ListEntry>().FirstOrDefaultAsync(e => e.Kind == kind && e.Code == code && e.Until == null, http.RequestAborted)
            is { } entry
            ? http.Conditional(ConditionalRequests.Tag(entry.From), () => Results.Ok(ListEntryView.Of(entry)))
            : NoEntry(kind, code).ToResult();

    /// <summary>Everything that an entry has said, newest first, in pages; a retired entry has its history as well.</summary>
    static async Task<IResult> History(string kind, string code, int? pageSize, string? pageToken, IQuerySession session, HttpContext http)
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Before>(pageSize, pageToken, invalid, $"{kind}/{code}");
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var query = session.Query<ListEntry>().Where(e => e.Kind == kind && e.Code == code);
        if (page.After is { } after)
            query = query.Where(e => e.From < after.Version);
        var rows = await query.OrderByDescending(e => e.From).Take(page.Size + 1).ToListAsync(http.RequestAborted);
        return rows.Count == 0 && page.After is null
            ? NoEntry(kind, code).ToResult()
            : Results.Ok(page.Page(rows, ListEntryView.Of, e => new Before(e.From)));
    }

    /// <summary>The versions of a list, newest first, in pages: when and why each was made, and what was done to which entries.</summary>
    static async Task<IResult> Versions(string kind, int? pageSize, string? pageToken, IQuerySession session, HttpContext http)
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Before>(pageSize, pageToken, invalid, kind);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        if (await session.LoadAsync<ServiceList>(ServiceList.Key(kind), http.RequestAborted) is not { } list)
            return NotFound(kind).ToResult();
        // The events say what the entries say: no more of them are read than are shown.
        var newest = page.After is { } after ? Math.Min(after.Version - 1, list.Version) : list.Version;
        var rows =
            newest < 1
                ? []
                : (
                    await session.Events.FetchStreamAsync(
                        ServiceList.Key(kind),
                        version: newest,
                        fromVersion: Math.Max(1, newest - page.Size),
                        token: http.RequestAborted
                    )
                )
                    .Reverse()
                    .ToArray();
        return Results.Ok(
            page.Page(
                rows,
                e =>
                    e.Data is ListChanged c
                        ? new ListVersion(e.Version, c.At, c.Note, c.Entries)
                        : new ListVersion(e.Version, ((ListDefined)e.Data).At, null, new Dictionary<string, EntryAction>()),
                e => new Before(e.Version)
            )
        );
    }

    /// <summary>
    /// What differs between two versions of a list: entries added, removed and changed, each by code, with the places that differ. Left
    /// out, <c>to</c> is the newest version and <c>from</c> the one before the newest.
    /// </summary>
    static async Task<IResult> Compare(
        string kind,
        [Description("The older version; the one before `to` when left out.")] long? from,
        [Description("The newer version; the newest when left out.")] long? to,
        IQuerySession session,
        HttpContext http
    )
    {
        if (await session.LoadAsync<ServiceList>(ServiceList.Key(kind), http.RequestAborted) is not { } list)
            return NotFound(kind).ToResult();
        var (older, newer) = (from ?? Math.Max(1, list.Version - 1), to ?? list.Version);
        foreach (var version in new[] { older, newer })
            if (version < 1 || version > list.Version)
                return NoVersion(list, version).ToResult();
        var before = (await ListEntry.In(session, kind, older).ToListAsync(http.RequestAborted)).ToDictionary(e => e.Code);
        var after = (await ListEntry.In(session, kind, newer).ToListAsync(http.RequestAborted)).ToDictionary(e => e.Code);
        return Results.Ok(
            new ListComparison(
                older,
                newer,
                [.. after.Keys.Except(before.Keys).Order(StringComparer.Ordinal).Select(code => ListEntryView.Of(after[code]))],
                [.. before.Keys.Except(after.Keys).Order(StringComparer.Ordinal).Select(code => ListEntryView.Of(before[code]))],
                [
                    .. before
                        .Keys.Intersect(after.Keys)
                        .Order(StringComparer.Ordinal)
                        .Where(code => before[code].Id != after[code].Id)
                        .Select(code => new ChangedEntry(code, after[code].Title, [.. Differences(before[code], after[code])]))
                        .Where(c => c.Differences.Count > 0),
                ]
            )
        );
    }

    static IEnumerable<Difference> Differences(ListEntry before, ListEntry after)
    {
        if (before.Title != after.Title)
            yield return new("/title", JsonSerializer.SerializeToElement(before.Title), JsonSerializer.SerializeToElement(after.Title));
        if (before.Body != after.Body)
            yield return new("/body", JsonSerializer.SerializeToElement(before.Body), JsonSerializer.SerializeToElement(after.Body));
        foreach (var difference in Differences("/content", before.Content, after.Content))
            yield return difference;
    }

    // Down to the members of objects; arrays and values are shown as a whole.
    static IEnumerable<Difference> Differences(string pointer, JsonElement? before, JsonElement? after)
    {
        if (before is { ValueKind: JsonValueKind.Object } b && after is { ValueKind: JsonValueKind.Object } a)
            return b.EnumerateObject()
                .Select(p => p.Name)
                .Union(a.EnumerateObject().Select(p => p.Name))
                .SelectMany(name =>
                    Differences(
                        $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}",
                        b.TryGetProperty(name, out var was) ? was : null,
                        a.TryGetProperty(name, out var @is) ? @is : null
                    )
                );
        return before is { } x && after is { } y && JsonElement.DeepEquals(x, y) ? [] : [new(pointer, before, after)];
    }

    internal static Problem NotFound(string kind) =>
        CatalogProblems.ListNotFound.With($"There is no list {kind}. GET /api/v1/lists names those there are.");

    static Problem NoVersion(ServiceList list, long version) =>
        CatalogProblems.ListNotFound.With($"The list {list.Kind} has no version {version}; its newest is {list.Version}.");

    static Problem NoEntry(string kind, string code) =>
        CatalogProblems.ListNotFound.With(
            $"The list {kind} has no entry {code}. Its history may: GET /api/v1/lists/{kind}/entries/{code}/history."
        );

    sealed record Place(string Code);

    sealed record Before(long Version);
}

/// <summary>A version of a list.</summary>
/// <param name="Version">Its number.</param>
/// <param name="At">When it was made, UTC.</param>
/// <param name="Note">Why; null for a version in which the form of the entries was set.</param>
/// <param name="Entries">What was done to which entries.</param>
public sealed record ListVersion(long Version, DateTimeOffset At, string? Note, IReadOnlyDictionary<string, EntryAction> Entries);

/// <summary>What differs between two versions of a list.</summary>
/// <param name="From">The one.</param>
/// <param name="To">The other.</param>
/// <param name="Added">Entries that only the other has.</param>
/// <param name="Removed">Entries that only the one has.</param>
/// <param name="Changed">Entries that say something else.</param>
public sealed record ListComparison(
    long From,
    long To,
    IReadOnlyList<ListEntryView> Added,
    IReadOnlyList<ListEntryView> Removed,
    IReadOnlyList<ChangedEntry> Changed
);

/// <summary>An entry that says something else.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Title">Its title in the other version.</param>
/// <param name="Differences">Where.</param>
public sealed record ChangedEntry(string Code, string Title, IReadOnlyList<Difference> Differences);

/// <summary>A place in which two entries differ.</summary>
/// <param name="Pointer">The place, a JSON pointer.</param>
/// <param name="Before">What stood there; null for nothing.</param>
/// <param name="After">What stands there now; null for nothing.</param>
public sealed record Difference(string Pointer, JsonElement? Before, JsonElement? After);
