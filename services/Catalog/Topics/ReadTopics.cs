using Grpc.Core;
using Marten;
using PolicyPlatform.Catalog.Lists;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Contracts.Interpretation.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Catalog.Topics;

/// <summary>
/// The topics, and the page of one: what was chosen and what came by itself, as the public sees it now. What is not public, repealed away
/// or withdrawn is left out. Public.
/// </summary>
public sealed class ReadTopics : IEndpoint
{
    const int MostByRule = 50;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/topics", List).Produces<Page<TopicHeading>>().WithName("listTopics");
        api.MapGet("/topics/{code}", One).Produces<TopicPage>().WithName("readTopic");
    }

    /// <summary>The topics, by code, in pages; those that were taken off are left out.</summary>
    static async Task<IResult> List(int? pageSize, string? pageToken, IQuerySession session, HttpContext http)
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var query = session.Query<Topic>().Where(t => !t.IsRemoved);
        if (page.After is { } after)
            query = query.Where(t => t.Code.CompareTo(after.Code) > 0);
        var rows = await query.OrderBy(t => t.Code).Take(page.Size + 1).ToListAsync(http.RequestAborted);
        return Results.Ok(page.Page(rows, t => new TopicHeading(t.Code, t.Title, t.Summary, t.Version), t => new Place(t.Code)));
    }

    /// <summary>
    /// A topic's page as the public sees it now: in each part what was chosen, then what comes by itself, up to 50 documents or entries for
    /// each rule. What is not public, repealed away or withdrawn is left out, and <c>without</c> names the services that could not be
    /// asked.
    /// </summary>
    static async Task<IResult> One(
        string code,
        IQuerySession session,
        Documents.DocumentsClient documents,
        Interpretation.InterpretationClient interpretation,
        ILogger<ReadTopics> logger,
        TimeProvider time,
        HttpContext http
    )
    {
        if (await session.LoadAsync<Topic>(Topic.Key(code), http.RequestAborted) is not { IsRemoved: false } topic)
            return NotFound(code).ToResult();
        var away = new List<string>();
        var found =
            await Ask(
                "documents",
                () => documents.FindPublic(topic.Targets(TopicItemKind.Document).Select(Guid.Parse), http.RequestAborted)
            ) ?? new Dictionary<Guid, PublicDocument>();
        var described = await Ask("interpretation", () => Describe(topic, interpretation, http.RequestAborted)) ?? new();
        var sections = new List<TopicPageSection>();
        foreach (var section in topic.Sections)
        {
            var items = new List<TopicPageItem>();
            foreach (var item in section.Items)
                if (await Resolve(item, found, described, session, http.RequestAborted) is { } resolved)
                    items.Add(item.Title is { } title ? resolved with { Title = title } : resolved);
            foreach (var rule in section.Rules)
            {
                if (rule.Filter() is { } filter)
                    items.AddRange(
                        (
                            (
                                await Ask(
                                    "documents",
                                    async () =>
                                        await documents.SearchLibraryAsync(
                                            new() { Filter = filter, Limit = MostByRule },
                                            cancellationToken: http.RequestAborted
                                        )
                                )
                            )?.Documents
                            ?? []
                        ).Select(Of)
                    );
                else if (rule.List is { } kind)
                    items.AddRange(
                        (
                            await ListEntry.In(session, kind, null, rule.Q, rule.Issuer).Take(MostByRule).ToListAsync(http.RequestAborted)
                        ).Select(Of)
                    );
                else
                    items.AddRange(described.Benefits.Where(b => b.Tags.Contains(rule.BenefitTag)).Select(Of));
            }
            sections.Add(new(section.Title, [.. items.DistinctBy(i => (i.Kind, i.Target))]));
        }
        // The detail of an entry is the body that it belongs to.
        var names = await CatalogNames.Read(
            session,
            sections.SelectMany(s => s.Items).Where(i => i.Kind is TopicItemKind.ListEntry).Select(i => i.Detail).OfType<string>(),
            time.Today(),
            http.RequestAborted
        );
        return Results.Ok(
            new TopicPage(
                topic.Code,
                topic.Title,
                topic.Summary,
                [
                    .. sections.Select(s =>
                        s with
                        {
                            Items =
                            [
                                .. s.Items.Select(i =>
                                    i is { Kind: TopicItemKind.ListEntry, Detail: { } body } ? i with { BodyName = names.Body(body) } : i
                                ),
                            ],
                        }
                    ),
                ],
                [.. away.Distinct()],
                topic.Version
            )
        );

        async Task<T?> Ask<T>(string service, Func<Task<T>> ask)
            where T : class
        {
            try
            {
                return await ask();
            }
            catch (RpcException e) when (Faults.IsTemporary(e))
            {
                logger.LogWarning("{Service} cannot be asked; the topic is shown without what it has", service);
                away.Add(service);
                return null;
            }
        }
    }

    // Topics that were set before there was a limit have more than is answered at once.
    const int MostAtOnce = 1000;

    static async Task<DescribePublicResponse> Describe(
        Topic topic,
        Interpretation.InterpretationClient interpretation,
        CancellationToken cancellation
    )
    {
        var described = new DescribePublicResponse();
        var asked = topic
            .Targets(TopicItemKind.Interpretation)
            .Select(id => (Id: id, IsBenefit: false))
            .Concat(topic.Targets(TopicItemKind.Benefit).Select(id => (Id: id, IsBenefit: true)))
            .Chunk(MostAtOnce)
            .ToList();
        string[] tags = [.. topic.Sections.SelectMany(s => s.Rules).Select(r => r.BenefitTag).OfType<string>().Distinct()];
        if (asked.Count == 0 && tags.Length > 0)
            asked.Add([]);
        foreach (var (some, i) in asked.Select((s, i) => (s, i)))
        {
            var ask = new DescribePublicRequest();
            ask.Interpretations.AddRange(some.Where(s => !s.IsBenefit).Select(s => s.Id));
            ask.Benefits.AddRange(some.Where(s => s.IsBenefit).Select(s => s.Id));
            if (i == 0)
                ask.BenefitTags.AddRange(tags);
            described.MergeFrom(await interpretation.DescribePublicAsync(ask, cancellationToken: cancellation));
        }
        return described;
    }

    static async Task<TopicPageItem?> Resolve(
        TopicItem item,
        IReadOnlyDictionary<Guid, PublicDocument> found,
        DescribePublicResponse described,
        IQuerySession session,
        CancellationToken cancellation
    ) =>
        item.Kind switch
        {
            TopicItemKind.Link => new(item.Kind, item.Target, item.Title!, null, item.Target),
            TopicItemKind.Document => found.GetValueOrDefault(Guid.Parse(item.Target)) is { } d ? Of(d) : null,
            TopicItemKind.Interpretation => described.Interpretations.FirstOrDefault(d => d.Id == Guid.Parse(item.Target).ToString())
                is { } i
                ? new(item.Kind, i.Id, i.Title, i.InterpretationForm.GivenWord(), i.Link)
                : null,
            TopicItemKind.Benefit => described.Benefits.FirstOrDefault(b => b.Id == Guid.Parse(item.Target).ToString()) is { } b
                ? Of(b)
                : null,
            _ => item.Target.Split('/') is [var kind, var code]
            && await session.Query<ListEntry>().FirstOrDefaultAsync(e => e.Kind == kind && e.Code == code && e.Until == null, cancellation)
                is { } entry
                ? Of(entry)
                : null,
        };

    static TopicPageItem Of(PublicDocument d) =>
        new(TopicItemKind.Document, d.Id, d.Title, d.DocumentNumber, $"/api/v1/documents/{d.Id}/page");

    static TopicPageItem Of(ListEntry e) =>
        new(TopicItemKind.ListEntry, $"{e.Kind}/{e.Code}", e.Title, e.Body, $"/api/v1/lists/{e.Kind}/entries/{e.Code}");

    static TopicPageItem Of(OfferedBenefit b) => new(TopicItemKind.Benefit, b.Id, b.Title, null, b.Link);

    internal static Problem NotFound(string code) =>
        CatalogProblems.TopicNotFound.With($"There is no topic {code}. GET /api/v1/topics lists those there are.");

    sealed record Place(string Code);
}

/// <summary>A topic in a list.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Title">Its title.</param>
/// <param name="Summary">What it is about.</param>
/// <param name="Version">The version of its history.</param>
public sealed record TopicHeading(string Code, string Title, string? Summary, long Version);

/// <summary>A topic's page.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Title">Its title.</param>
/// <param name="Summary">What it is about.</param>
/// <param name="Sections">Its parts.</param>
/// <param name="Without">Services that could not be asked; what they have is missing.</param>
/// <param name="Version">The version of its history.</param>
public sealed record TopicPage(
    string Code,
    string Title,
    string? Summary,
    IReadOnlyList<TopicPageSection> Sections,
    IReadOnlyList<string> Without,
    long Version
);

/// <summary>A part of a topic's page.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Items">What is in it.</param>
public sealed record TopicPageSection(string Title, IReadOnlyList<TopicPageItem> Items);

/// <summary>Something on a topic's page.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Target">Its id.</param>
/// <param name="Title">How it is called.</param>
/// <param name="Detail">发文字号 of a document, the form of an interpretation, the body of an entry.</param>
/// <param name="Link">Where it is.</param>
/// <param name="BodyName">The name that the body of an entry has today.</param>
public sealed record TopicPageItem(TopicItemKind Kind, string Target, string Title, string? Detail, string Link, string? BodyName = null);
