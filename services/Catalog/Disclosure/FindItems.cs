using System.ComponentModel;
using Marten;
using PolicyPlatform.Catalog.Calendar;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Catalog.Disclosure;

/// <summary>The catalogue of a layer as it was on a day, one of its items, and what that said and will say. Public.</summary>
public sealed class FindItems : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/disclosure-catalogues/{layer}/items", List).Produces<Page<DisclosureItemView>>().WithName("listDisclosureItems");
        api.MapGet("/disclosure-catalogues/{layer}/items/{code}", One).Produces<DisclosureItemView>().WithName("readDisclosureItem");
        api.MapGet("/disclosure-catalogues/{layer}/items/{code}/history", History)
            .Produces<DisclosureItemHistory>()
            .WithName("readDisclosureItemHistory");
    }

    /// <summary>
    /// The items that are in the catalogue of a layer on a day, today when left out, by code, in pages. <c>q</c> looks into codes,
    /// categories, names and contents.
    /// </summary>
    static async Task<IResult> List(
        [OneOf(typeof(Layer))] string layer,
        [Day] string? on,
        string? body,
        [Description("Only those that are published in this channel: a code or a name.")] string? channel,
        [Description("Only those of this first-level category.")] string? category,
        [Description("Words that must all be found in the item.")] string? q,
        int? pageSize,
        string? pageToken,
        IQuerySession session,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid, layer);
        var known = invalid.OneOf<Layer>("layer", layer);
        var day = on is null ? time.Today() : invalid.Day("on", on);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var channels = await ChannelList.Read(session, http.RequestAborted);
        var wanted = channel is null ? null : channels.CodeOf(channel);
        var rows = (await On(session, known!.Value, day, http.RequestAborted))
            .Where(i =>
                (body is null || i.Content.Bodies.Contains(body))
                && (wanted is null || i.Content.Channels.Any(c => channels.CodeOf(c.Name) == wanted))
                && (category is null || i.Content.Category == category)
                && (
                    q is null
                    || $"{i.Code}\n{i.Content.Category}\n{i.Content.Name}\n{string.Join('\n', i.Content.Content)}".Contains(
                        q,
                        StringComparison.OrdinalIgnoreCase
                    )
                )
                && (page.After is null || string.CompareOrdinal(i.Code, page.After.Code) > 0)
            )
            .Take(page.Size + 1)
            .ToArray();
        return Results.Ok(page.Page(rows, i => i, i => new Place(i.Code)));
    }

    /// <summary>
    /// What an item of the catalogue says on a day, today when left out. One that is not in the catalogue on that day is not found.
    /// </summary>
    static async Task<IResult> One(
        [OneOf(typeof(Layer))] string layer,
        string code,
        [Day] string? on,
        IQuerySession session,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var day = on is null ? time.Today() : invalid.Day("on", on);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        if (await Load(session, layer, code, http.RequestAborted) is not { } item || item.On(day) is not { } content)
            return NotFound(layer, code).ToResult();
        var names = await CatalogNames.Read(session, content.Bodies, day, http.RequestAborted);
        return http.Conditional(
            ConditionalRequests.Tag(item.Version, names.Beside(item.Ahead(day))),
            () => Results.Ok(DisclosureItemView.Of(item, day, names)!)
        );
    }

    /// <summary>What an item said, says and will say, earliest first, and why it left the catalogue where it did.</summary>
    static async Task<IResult> History(
        [OneOf(typeof(Layer))] string layer,
        string code,
        IQuerySession session,
        TimeProvider time,
        HttpContext http
    )
    {
        if (await Load(session, layer, code, http.RequestAborted) is not { } item)
            return NotFound(layer, code).ToResult();
        var names = await Names(session, item, time.Today(), http.RequestAborted);
        return http.Conditional(
            ConditionalRequests.Tag(item.Version, names.Beside()),
            () => Results.Ok(DisclosureItemHistory.Of(item, item.Version, names))
        );
    }

    /// <summary>The names of all that an item ever said.</summary>
    internal static Task<CatalogNames> Names(IQuerySession session, DisclosureItem item, DateOnly on, CancellationToken cancellation) =>
        CatalogNames.Read(session, item.Versions.SelectMany(v => v.Content?.Bodies ?? []), on, cancellation);

    /// <summary>The catalogue of a layer on a day, by code.</summary>
    internal static async Task<IReadOnlyList<DisclosureItemView>> On(
        IQuerySession session,
        Layer layer,
        DateOnly day,
        CancellationToken cancellation
    )
    {
        var items = await session.Query<DisclosureItem>().Where(i => i.Layer == layer).ToListAsync(cancellation);
        var names = await CatalogNames.Read(session, items.SelectMany(i => i.On(day)?.Bodies ?? []), day, cancellation);
        return
        [
            .. items
                .Select(i => DisclosureItemView.Of(i, day, names))
                .OfType<DisclosureItemView>()
                .OrderBy(i => i.Code, StringComparer.Ordinal),
        ];
    }

    internal static Layer? Layer(string word) => new Invalid().OneOf<Layer>("layer", word);

    internal static Problem NotFound([OneOf(typeof(Layer))] string layer, string code) =>
        CatalogProblems.DisclosureItemNotFound.With(
            $"The catalogue {layer} has no item {code} on that day. GET /api/v1/disclosure-catalogues/{layer}/items lists those there are; the layers are district, department, township."
        );

    static async Task<DisclosureItem?> Load(
        IQuerySession session,
        [OneOf(typeof(Layer))] string layer,
        string code,
        CancellationToken cancellation
    ) => Layer(layer) is { } known ? await session.LoadAsync<DisclosureItem>(DisclosureItem.Key(known, code), cancellation) : null;

    sealed record Place(string Code);
}

/// <summary>What an item said, says and will say.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Layer">公开层级.</param>
/// <param name="Versions">Earliest first.</param>
/// <param name="Version">The version of its history: its ETag.</param>
/// <param name="Names">The names of today of the bodies and channels in it, by what stands there.</param>
public sealed record DisclosureItemHistory(
    string Code,
    Layer Layer,
    IReadOnlyList<ItemVersion> Versions,
    long Version,
    IReadOnlyDictionary<string, string> Names
)
{
    internal static DisclosureItemHistory Of(DisclosureItem item, long version, CatalogNames names)
    {
        var contents = item.Versions.Select(v => v.Content).OfType<ItemContent>().ToArray();
        var told = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var body in contents.SelectMany(c => c.Bodies))
            told[body] = names.Body(body);
        foreach (var channel in contents.SelectMany(c => c.Channels))
            told[channel.Name] = names.Channel(channel.Name);
        return new(item.Code, item.Layer, item.Versions, version, told);
    }
}
