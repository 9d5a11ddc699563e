using System.ServiceModel.Syndication;
using System.Text.Json;
using System.Xml;
using Marten;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Catalog.Subscriptions;

/// <summary>The notices of a subscription as an Atom feed (RFC 4287), newest first, to whoever has its link.</summary>
public sealed class SubscriptionFeed : IEndpoint
{
    const int MostEntries = 100;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/subscriptions/{id:guid}/feed.atom", Get).Produces<string>(200, "application/atom+xml").WithTags("Catalog").WithName("readSubscriptionFeed");

    static async Task<IResult> Get(Guid id, string? token, IQuerySession session, HttpContext http)
    {
        if (!ManageSubscriptions.Fits(await session.LoadAsync<SubscriptionTarget>(id, http.RequestAborted), token)) return ManageSubscriptions.NotFound(id).ToResult();
        var notices = await session.Query<Delivery>().Where(d => d.SubscriptionId == id).OrderByDescending(d => d.At).ThenByDescending(d => d.Id).Take(MostEntries).ToListAsync(http.RequestAborted);
        return http.Conditional($"\"{notices.Count}-{(notices.Count > 0 ? notices[0].At.UtcTicks : 0)}\"", () =>
        {
            var address = PublicAddress.Of(http.Request);
            var feed = new SyndicationFeed("政策通知", null, null, $"urn:uuid:{id}", notices.Count > 0 ? notices[0].At : DateTimeOffset.UnixEpoch, notices.Select(n => Entry(n, address)));
            feed.Links.Add(new(new($"{address}{http.Request.Path}"), "self", null, "application/atom+xml", 0));
            feed.Authors.Add(new() { Name = "政策文件库" });
            using var xml = new MemoryStream();
            using (var writer = XmlWriter.Create(xml, new() { Indent = true, Encoding = new System.Text.UTF8Encoding(false) })) feed.GetAtom10Formatter().WriteTo(writer);
            return Results.Bytes(xml.ToArray(), "application/atom+xml; charset=utf-8");
        });
    }

    static SyndicationItem Entry(Delivery notice, string address)
    {
        var item = new SyndicationItem { Id = $"urn:policyplatform:notice:{notice.EventId}", Title = new(notice.Title), LastUpdatedTime = notice.At };
        item.Links.Add(SyndicationLink.CreateAlternateLink(new($"{address}{JsonDocument.Parse(notice.Body).RootElement.GetProperty("data").GetProperty("link").GetString()}"), "application/json"));
        item.Categories.Add(new(notice.Type));
        return item;
    }
}
