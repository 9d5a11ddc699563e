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
/// The topics, and the page of one: what was chosen and what came by itself, as the public sees it now, each document with its 有效性 and
/// what explains it. What is not public is left out. Public.
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
    /// each rule; each document with its 有效性 today and what explains it. What is not public is left out, and <c>without</c> names the
    /// services that could not be asked.
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
        var byRule = new Dictionary<LibraryFilter, IReadOnlyList<PublicDocument>>();
        foreach (var filter in topic.Sections.SelectMany(s => s.Rules).Select(r => r.Filter()).OfType<LibraryFilter>().Distinct())
            byRule[filter] =
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
                ?? [];
        var gathered = found.Values.Concat(byRule.Values.SelectMany(d => d)).Select(d => d.Id).Distinct();
        var described = await Ask("interpretation", () => Describe(topic, gathered, interpretation, http.RequestAborted));
        var explained = described is null ? null : ExplainedOf(described);
        var entries = await ListEntry.Named(session, topic.Targets(TopicItemKind.ListEntry), http.RequestAborted);
        var sections = new List<TopicPageSection>();
        foreach (var section in topic.Sections)
        {
            var items = new List<TopicPageItem>();
            foreach (var item in section.Items)
                if (Resolve(item, found, explained, described ?? new(), entries) is { } resolved)
                    items.Add(item.Title is { } title ? resolved with { Title = title } : resolved);
            foreach (var rule in section.Rules)
            {
                if (rule.Filter() is { } filter)
                    items.AddRange(byRule[filter].Select(d => Of(d, explained)));
                else if (rule.List is { } kind)
                    items.AddRange(
                        (
                            await ListEntry.In(session, kind, null, rule.Q, rule.Issuer).Take(MostByRule).ToListAsync(http.RequestAborted)
                        ).Select(Of)
                    );
                else
                    items.AddRange((described?.Benefits ?? []).Where(b => b.Tags.Contains(rule.BenefitTag)).Select(Of));
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

    static Task<DescribePublicResponse> Describe(
        Topic topic,
        IEnumerable<string> documents,
        Interpretation.InterpretationClient interpretation,
        CancellationToken cancellation
    ) =>
        interpretation.WhatIsPublic(
            topic.Targets(TopicItemKind.Interpretation),
            topic.Targets(TopicItemKind.Benefit),
            documents,
            topic.Sections.SelectMany(s => s.Rules).Select(r => r.BenefitTag).OfType<string>().Distinct(),
            cancellation
        );

    static ILookup<string, TopicExplanation> ExplainedOf(DescribePublicResponse described) =>
        described
            .Interpretations.Select(i => (i.DocumentId, Of: new TopicExplanation(i.Title, i.InterpretationForm.GivenWord(), i.Link)))
            .Concat(described.Answers.Select(a => (a.DocumentId, Of: new TopicExplanation(a.Question, "questionsAndAnswers", a.Link))))
            .DistinctBy(e => e.Of.Link)
            .ToLookup(e => e.DocumentId, e => e.Of);

    static TopicPageItem? Resolve(
        TopicItem item,
        IReadOnlyDictionary<Guid, PublicDocument> found,
        ILookup<string, TopicExplanation>? explained,
        DescribePublicResponse described,
        IReadOnlyDictionary<string, ListEntry> entries
    ) =>
        item.Kind switch
        {
            TopicItemKind.Link => new(item.Kind, item.Target, item.Title!, null, item.Target),
            TopicItemKind.Document => found.GetValueOrDefault(Guid.Parse(item.Target)) is { } d ? Of(d, explained) : null,
            TopicItemKind.Interpretation => described.Interpretations.FirstOrDefault(d => d.Id == Guid.Parse(item.Target).ToString())
                is { } i
                ? new(item.Kind, i.Id, i.Title, i.InterpretationForm.GivenWord(), i.Link)
                : null,
            TopicItemKind.Benefit => described.Benefits.FirstOrDefault(b => b.Id == Guid.Parse(item.Target).ToString()) is { } b
                ? Of(b)
                : null,
            _ => entries.GetValueOrDefault(item.Target) is { } entry ? Of(entry) : null,
        };

    static TopicPageItem Of(PublicDocument d, ILookup<string, TopicExplanation>? explained) =>
        new(
            TopicItemKind.Document,
            d.Id,
            d.Title,
            d.DocumentNumber,
            $"/api/v1/documents/{d.Id}/page",
            d.DocumentValidity.GivenWord(),
            explained is null ? null : [.. explained[d.Id]]
        );

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
/// <param name="Validity">
/// 有效性 of a document today, Asia/Shanghai: <c>notYetInForce</c>, <c>inForce</c>, <c>amended</c>, <c>superseded</c>, <c>repealed</c> or
/// <c>expired</c>; null for anything else.
/// </param>
/// <param name="Explained">
/// What explains a document, materials first, last changed first; null where that is not known just now, and for anything else.
/// </param>
/// <param name="BodyName">The name that the body of an entry has today.</param>
public sealed record TopicPageItem(
    TopicItemKind Kind,
    string Target,
    string Title,
    string? Detail,
    string Link,
    string? Validity = null,
    IReadOnlyList<TopicExplanation>? Explained = null,
    string? BodyName = null
);

/// <summary>Something public that explains a document of a topic.</summary>
/// <param name="Title">Its title; the question of an answer, in general words.</param>
/// <param name="Form">Its form: <c>text</c>, <c>video</c> …; <c>questionsAndAnswers</c> for an answer.</param>
/// <param name="Link">Where it is.</param>
public sealed record TopicExplanation(string Title, string? Form, string Link);
