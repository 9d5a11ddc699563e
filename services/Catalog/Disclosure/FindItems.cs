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
        [Description("Only those that are published in this channel.")] string? channel,
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
        var rows = (await On(session, known!.Value, day, http.RequestAborted))
            .Where(i =>
                (body is null || i.Content.Bodies.Contains(body))
                && (channel is null || i.Content.Channels.Any(c => c.Name == channel))
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
        return await Load(session, layer, code, http.RequestAborted) is { } item && DisclosureItemView.Of(item, day) is { } view
            ? http.Conditional(ConditionalRequests.Tag(item.Version, item.Versions.Count(v => v.From > day)), () => Results.Ok(view))
            : NotFound(layer, code).ToResult();
    }

    /// <summary>What an item said, says and will say, earliest first, and why it left the catalogue where it did.</summary>
    static async Task<IResult> History([OneOf(typeof(Layer))] string layer, string code, IQuerySession session, HttpContext http) =>
        await Load(session, layer, code, http.RequestAborted) is { } item
            ? http.Conditional(
                ConditionalRequests.Tag(item.Version),
                () => Results.Ok(new DisclosureItemHistory(item.Code, item.Layer, item.Versions, item.Version))
            )
            : NotFound(layer, code).ToResult();

    /// <summary>The catalogue of a layer on a day, by code.</summary>
    internal static async Task<IReadOnlyList<DisclosureItemView>> On(
        IQuerySession session,
        Layer layer,
        DateOnly day,
        CancellationToken cancellation
    ) =>
        [
            .. (await session.Query<DisclosureItem>().Where(i => i.Layer == layer).ToListAsync(cancellation))
                .Select(i => DisclosureItemView.Of(i, day))
                .OfType<DisclosureItemView>()
                .OrderBy(i => i.Code, StringComparer.Ordinal),
        ];

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
public sealed record DisclosureItemHistory(string Code, Layer Layer, IReadOnlyList<ItemVersion> Versions, long Version);
