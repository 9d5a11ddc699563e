using System.ServiceModel.Syndication;
using System.Text.Json;
using System.Xml;
using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Catalog.Subscriptions;

/// <summary>The notices of a subscription as an Atom feed (RFC 4287), newest first, to whoever has its link.</summary>
public sealed class SubscriptionFeed : IEndpoint
{
    const int MostEntries = 100;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/subscriptions/{id:guid}/feed.atom", Get)
            .Produces<string>(200, "application/atom+xml")
            .WithName("readSubscriptionFeed");

    static async Task<IResult> Get(Guid id, string? token, IQuerySession session, HttpContext http)
    {
        if (!ManageSubscriptions.Fits(await session.LoadAsync<SubscriptionTarget>(id, http.RequestAborted), token))
            return ManageSubscriptions.NotFound(id).ToResult();
        var hidden = await session.Hidden(http.RequestAborted);
        var newest = await session
            .Query<Delivery>()
            .Where(d => d.SubscriptionId == id)
            .OrderByDescending(d => d.At)
            .ThenByDescending(d => d.Id)
            .Take(MostEntries)
            .ToListAsync(http.RequestAborted);
        Delivery[] notices = [.. newest.Where(d => d.Refusal(hidden) is null)];
        return http.Conditional(
            $"\"{ConditionalRequests.Mark(notices.Select(n => $"{n.Id} {n.Body.IsReadable}"))}\"",
            () =>
            {
                var address = PublicAddress.Of(http.Request);
                var feed = new SyndicationFeed(
                    "政策通知",
                    null,
                    null,
                    $"urn:uuid:{id}",
                    notices.Length > 0 ? notices[0].At : DateTimeOffset.UnixEpoch,
                    notices.Select(n => Entry(n, address))
                );
                feed.Links.Add(
                    new(new($"{address}{http.Request.Path}{http.Request.QueryString}"), "self", null, "application/atom+xml", 0)
                );
                feed.Authors.Add(new() { Name = "政策文件库" });
                using var xml = new MemoryStream();
                using (var writer = XmlWriter.Create(xml, new() { Indent = true, Encoding = new System.Text.UTF8Encoding(false) }))
                    feed.GetAtom10Formatter().WriteTo(writer);
                return Results.Bytes(xml.ToArray(), "application/atom+xml; charset=utf-8");
            }
        );
    }

    static SyndicationItem Entry(Delivery notice, string address)
    {
        var item = new SyndicationItem
        {
            Id = $"urn:policyplatform:notice:{notice.EventId}",
            Title = new(Characters.Clean(notice.Title)),
            LastUpdatedTime = notice.At,
        };
        item.Categories.Add(new(notice.Type));
        if (!notice.Body.IsReadable)
        {
            item.Content = new TextSyndicationContent(item.Title.Text);
            return item;
        }
        using var body = JsonDocument.Parse(notice.Body.Value);
        var data = body.RootElement.GetProperty("data");
        // What a person can open is the document; what has none is for those who work with the API, and says all in its title (RFC 4287,
        // 4.1.3.1: without an alternate link an entry has content).
        if (data.TryGetProperty("documentId", out var document))
            item.Links.Add(
                SyndicationLink.CreateAlternateLink(
                    new($"{address}/api/v1/documents/{document.GetString()}/revisions/current"),
                    "text/html"
                )
            );
        else
            item.Content = new TextSyndicationContent(item.Title.Text);
        item.Links.Add(new(new($"{address}{data.GetProperty("link").GetString()}"), "related", null, "application/json", 0));
        return item;
    }
}
