using System.ServiceModel.Syndication;
using System.Text;
using System.Xml;
using Marten;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.Consultation.TakenDown;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;

namespace PolicyPlatform.Consultation.FrontEnds;

/// <summary>The consultations that take comments, as an Atom feed (RFC 4287); what was opened last comes first. Public.</summary>
public sealed class ConsultationsFeed : IEndpoint
{
    const int MostEntries = 100;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/consultations/feed.atom", Get).Produces<string>(200, "application/atom+xml").WithName("consultationsFeed");

    /// <summary>The consultations that take comments, as an Atom feed; what was opened last comes first, at most 100.</summary>
    static async Task<IResult> Get(IQuerySession session, TimeProvider time, HttpContext http)
    {
        var now = time.GetUtcNow();
        var shown = await session.Query<PublicConsultation>().Shown(session, Caller.Public, http.RequestAborted);
        var open = await shown
            .Where(c => !c.IsOver && c.ClosesAt > now && c.SuspendedAt == null)
            .OrderByDescending(c => c.OpenedAt)
            .Take(MostEntries)
            .ToListAsync(http.RequestAborted);
        return http.Conditional(
            $"\"{ConditionalRequests.Mark(open.Select(c => $"{c.Id} {c.PublicVersion}"))}\"",
            () =>
            {
                var address = PublicAddress.Of(http.Request);
                var feed = new SyndicationFeed(
                    "正在公开征求意见",
                    null,
                    null,
                    "urn:policyplatform:consultations:feed",
                    open.Count > 0 ? open.Max(LastChange) : DateTimeOffset.UnixEpoch,
                    open.Select(c => Entry(c, address))
                );
                feed.Links.Add(new(new($"{address}/api/v1/consultations/feed.atom"), "self", null, "application/atom+xml", 0));
                feed.Authors.Add(new() { Name = "公开征求意见" });
                using var xml = new MemoryStream();
                using (var writer = XmlWriter.Create(xml, new() { Indent = true, Encoding = new UTF8Encoding(false) }))
                    feed.GetAtom10Formatter().WriteTo(writer);
                return Results.Bytes(xml.ToArray(), "application/atom+xml; charset=utf-8");
            }
        );
    }

    static DateTimeOffset LastChange(PublicConsultation c) =>
        c.Changes.Select(change => change.At).Concat(c.Revisions.Select(r => r.At)).Max();

    static SyndicationItem Entry(PublicConsultation c, string address)
    {
        var item = new SyndicationItem
        {
            Id = $"urn:uuid:{c.Id}",
            Title = new(Characters.Clean(c.Title)),
            LastUpdatedTime = LastChange(c),
            PublishDate = c.OpenedAt,
            Summary = new($"{c.ClosesOn:yyyy-MM-dd}截止。{c.Announcement.Explanation}"),
        };
        item.Links.Add(SyndicationLink.CreateAlternateLink(new($"{address}/api/v1/consultations/{c.Id}"), "application/json"));
        foreach (var issuer in c.Issuers)
            item.Categories.Add(new(issuer, "issuer", issuer));
        if (c.Subject is { } subject)
            item.Categories.Add(new(subject, "subject", subject));
        return item;
    }
}
