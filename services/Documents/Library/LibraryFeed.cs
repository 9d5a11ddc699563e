using System.ServiceModel.Syndication;
using System.Xml;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.Library;

/// <summary>
/// What is new in the library as an Atom feed (RFC 4287), of everything or of what a query finds; what changed last comes first.
/// </summary>
public sealed class LibraryFeed : IEndpoint
{
    const int MostEntries = 100;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/library/feed.atom", Get).Produces<string>(200, "application/atom+xml").WithName("libraryFeed");

    static async Task<IResult> Get([AsParameters] LibraryQuery query, IndexedLibrary library, LibraryTopics topics, HttpContext http)
    {
        var invalid = new Invalid();
        var search = await topics.Within(query.Topic, query.Read(invalid), invalid, http.RequestAborted);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var (tag, found) = await library.Read(
            index =>
                (
                    http.LibraryTag(index, search.Topic),
                    search
                        .Found(index)
                        .OrderByDescending(f => f.Document.ChangedAt)
                        .ThenBy(f => f.Document.Id)
                        .Take(MostEntries)
                        .Select(f => (index.Read(f.Hit).Entry, f.Document.Title, f.Validity))
                        .ToArray()
                ),
            http.RequestAborted
        );
        return http.Conditional(
            tag,
            () =>
            {
                var address = PublicAddress.Of(http.Request);
                var self = new Uri($"{address}/api/v1/library/feed.atom{http.Request.QueryString}");
                var feed = new SyndicationFeed(
                    query.Q is { Length: > 0 } q ? $"政策文件库：{q}" : "政策文件库",
                    null,
                    null,
                    FeedId(http.Request),
                    found.Length > 0 ? found[0].Entry.ChangedAt : DateTimeOffset.UnixEpoch,
                    found.Select(f => Entry(f.Entry, f.Title, f.Validity, address))
                );
                feed.Links.Add(new(self, "self", null, "application/atom+xml", 0));
                feed.Authors.Add(new() { Name = "政策文件库" });
                using var xml = new MemoryStream();
                using (var writer = XmlWriter.Create(xml, new() { Indent = true, Encoding = new System.Text.UTF8Encoding(false) }))
                    feed.GetAtom10Formatter().WriteTo(writer);
                return Results.Bytes(xml.ToArray(), "application/atom+xml; charset=utf-8");
            }
        );
    }

    /// <summary>The same feed under whichever address it is read (RFC 4287, 4.2.6): made of what was asked.</summary>
    static string FeedId(HttpRequest request) =>
        $"urn:policyplatform:library:feed:{Text.CanonicalText.Hash(string.Join('&', request.Query.OrderBy(q => q.Key, StringComparer.Ordinal).Select(q => $"{q.Key.ToLowerInvariant()}={q.Value}")))[..32]}";

    static SyndicationItem Entry(LibraryEntry e, string title, Validity validity, string address)
    {
        var item = new SyndicationItem
        {
            Id = $"urn:uuid:{e.Id}",
            Title = new(Characters.Clean(title)),
            LastUpdatedTime = e.ChangedAt,
            PublishDate = OfficialTime.StartOf(e.PublishedOn),
            Summary = new(
                string.Join(
                    '，',
                    new[]
                    {
                        e.DocumentNumber,
                        $"{e.PublishedOn:yyyy-MM-dd}发布",
                        $"{e.EffectiveFrom:yyyy-MM-dd}起施行",
                        Word(validity),
                    }.Where(s => s is not null)
                )
            ),
        };
        item.Links.Add(SyndicationLink.CreateAlternateLink(new($"{address}/api/v1/documents/{e.Id}/revisions/current"), "text/html"));
        foreach (var issuer in e.Issuers)
            item.Categories.Add(new(issuer, "issuer", issuer));
        if (e.Subject is { } subject)
            item.Categories.Add(new(subject, "subject", subject));
        return item;
    }

    internal static string Word(Validity validity) =>
        validity switch
        {
            Validity.NotYetInForce => "尚未生效",
            Validity.InForce => "现行有效",
            Validity.Amended => "已修改",
            Validity.Superseded => "被替代",
            Validity.Repealed => "已废止",
            _ => "已失效",
        };
}
