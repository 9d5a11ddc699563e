using Marten;
using PolicyPlatform.Catalog.Lists;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Contracts.Interpretation.V1;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Catalog.Topics;

/// <summary>Sets a topic: what was chosen for it, and what comes into it by itself.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Summary">What it is about.</param>
/// <param name="Sections">Its parts.</param>
/// <example>{"title": "住有所居一件事", "summary": "住房保障的政策、补贴和办事入口。", "sections": [{"title": "政策",
/// "items": [{"kind": "document", "target": "01920f4e-7a3b-7c5d-9e2f-0a1b2c3d4e5f"}],
/// "rules": [{"q": "公共租赁住房", "issuer": "370114-ZJ"}, {"benefitTag": "住房"}]}, {"title": "办事",
/// "items": [{"kind": "listEntry", "target": "guides/ZJ-01"}, {"kind": "link", "target": "https://example.org/zfbz", "title": "省级住房保障平台"}],
/// "rules": [{"list": "guides", "issuer": "370114-ZJ"}]}]}</example>
public sealed record SetTopic(string? Title, string? Summary, IReadOnlyList<GivenSection>? Sections) : IEndpoint
{
    const int LongestTitle = 200,
        LongestSummary = 2000,
        LongestTarget = 2000,
        MostSections = 50,
        MostItems = 100,
        MostItemsOfAll = 1000,
        MostRules = 10;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/topics/{code}", Put).RequireAnyRole(Roles.Publisher).Produces<TopicHeading>().WithName("setTopic");

    /// <summary>
    /// Sets a topic. What is chosen for it has to be there for everybody to see; while a service that knows cannot be asked, nothing is
    /// recorded.
    /// </summary>
    static Task<IResult> Put(
        string code,
        SetTopic command,
        Caller caller,
        Documents.DocumentsClient documents,
        Interpretation.InterpretationClient interpretation,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid()
            .Code("code", code)
            .Text("/title", command.Title, LongestTitle)
            .Text("/summary", command.Summary, LongestSummary, required: false)
            .If(command.Sections is null or { Count: 0 }, "/sections", "value.missing", "A topic has at least one part.")
            .If(command.Sections?.Count > MostSections, "/sections", "sections.tooMany", $"At most {MostSections} parts.")
            .If(
                command.Sections?.Sum(s => s.Items?.Count ?? 0) > MostItemsOfAll,
                "/sections",
                "items.tooMany",
                $"At most {MostItemsOfAll:N0} items in all parts together."
            );
        var sections = (command.Sections ?? []).Take(MostSections).Select((s, i) => Read(s, $"/sections/{i}", invalid)).ToArray();
        if (invalid.Problem is { } problem)
            return Task.FromResult(problem.ToResult());
        return writer.Append<Topic, PublicTargets>(
            http,
            Topic.Key(code),
            _ => PublicTargets.Among(sections, documents, interpretation, http.RequestAborted),
            async (_, seen, session) =>
                (await Missing(sections, seen, session, http.RequestAborted)).Problem is { } missing
                    ? missing
                    : Decision.Record(
                        new TopicSet(code, command.Title!.Trim(), command.Summary?.Trim(), sections, caller.Actor(), time.GetUtcNow())
                    ),
            recorded => new Answer(200, new TopicHeading(code, command.Title!.Trim(), command.Summary?.Trim(), recorded.Version))
        );
    }

    // What is not there for everybody, each at its place.
    static async Task<Invalid> Missing(
        IReadOnlyList<TopicSection> sections,
        PublicTargets seen,
        IQuerySession session,
        CancellationToken cancellation
    )
    {
        var invalid = new Invalid();
        var entries = await ListEntry.Named(session, Topic.TargetsIn(sections, TopicItemKind.ListEntry), cancellation);
        foreach (var (s, section) in sections.Index())
        foreach (var (i, item) in section.Items.Index())
        {
            var at = $"/sections/{s}/items/{i}/target";
            switch (item.Kind)
            {
                case TopicItemKind.Document:
                    invalid.If(
                        !seen.Documents.Contains(Guid.Parse(item.Target)),
                        at,
                        "document.unknown",
                        $"There is no document {item.Target} that everybody may see. Publish it first, or leave it out; GET /api/v1/library lists those there are."
                    );
                    break;
                case TopicItemKind.Interpretation:
                    invalid.If(
                        !seen.Interpretations.Contains(Guid.Parse(item.Target)),
                        at,
                        "interpretation.unknown",
                        $"There is no interpretation {item.Target} that everybody may see. Choose it once it is public; GET /api/v1/interpretations lists those there are."
                    );
                    break;
                case TopicItemKind.Benefit:
                    invalid.If(
                        !seen.Benefits.Contains(Guid.Parse(item.Target)),
                        at,
                        "benefit.unknown",
                        $"There is no benefit {item.Target} that is to be had today. Choose it once it is; GET /api/v1/benefits lists those there are."
                    );
                    break;
                case TopicItemKind.ListEntry:
                    invalid.If(
                        !entries.ContainsKey(item.Target),
                        at,
                        "listEntry.unknown",
                        $"No list has an entry {item.Target} now. It is named by list and code, guides/ZJ-01; GET /api/v1/lists lists the lists."
                    );
                    break;
            }
        }
        return invalid;
    }

    static TopicSection Read(GivenSection section, string at, Invalid invalid)
    {
        invalid
            .Text($"{at}/title", section.Title, LongestTitle)
            .If(
                section.Items is null or { Count: 0 } && section.Rules is null or { Count: 0 },
                at,
                "section.empty",
                "A part has items, or rules, or both."
            )
            .If(section.Items?.Count > MostItems, $"{at}/items", "items.tooMany", $"At most {MostItems} items.")
            .If(section.Rules?.Count > MostRules, $"{at}/rules", "rules.tooMany", $"At most {MostRules} rules.");
        foreach (var (item, i) in (section.Items ?? []).Take(MostItems).Select((s, i) => (s, i)))
        {
            var target = item.Target ?? "";
            var fits = item.Kind switch
            {
                TopicItemKind.Link => Uri.TryCreate(target, UriKind.Absolute, out var link) && link.Scheme is "https" or "http",
                TopicItemKind.ListEntry => target.Split('/').Length == 2,
                null => true,
                _ => Guid.TryParse(target, out _),
            };
            invalid
                .If(
                    item.Kind is null,
                    $"{at}/items/{i}/kind",
                    "value.missing",
                    "One of document, interpretation, benefit, listEntry, link."
                )
                .Text($"{at}/items/{i}/title", item.Title, LongestTitle, required: item.Kind is TopicItemKind.Link)
                .If(
                    !fits || target.Length is 0 or > LongestTarget,
                    $"{at}/items/{i}/target",
                    "target.malformed",
                    "A document, interpretation or benefit is named by its id, an entry by kind/code, a link by its address."
                );
        }
        foreach (var (rule, i) in (section.Rules ?? []).Take(MostRules).Select((s, i) => (s, i)))
        {
            invalid
                .StoredQuery($"{at}/rules/{i}", rule.Q, rule.Issuer, rule.Subject, ("benefitTag", rule.BenefitTag), ("list", rule.List))
                .If(
                    rule is { Q: null, Issuer: null, Subject: null, BenefitTag: null, List: null },
                    $"{at}/rules/{i}",
                    "rule.empty",
                    "A rule has q, issuer, subject, benefitTag, or list."
                )
                .If(
                    rule.BenefitTag is not null && rule is not { Q: null, Issuer: null, Subject: null, List: null }
                        || rule is { List: not null, Subject: not null },
                    $"{at}/rules/{i}",
                    "rule.contradicts",
                    "benefitTag stands alone; list goes with issuer and q."
                );
        }
        return new(
            section.Title?.Trim() ?? "",
            [.. (section.Items ?? []).Select(i => new TopicItem(i.Kind ?? default, i.Target ?? "", i.Title?.Trim()))],
            section.Rules ?? []
        );
    }
}

/// <summary>What everybody sees of that which is chosen for a topic.</summary>
sealed record PublicTargets(IReadOnlySet<Guid> Documents, IReadOnlySet<Guid> Interpretations, IReadOnlySet<Guid> Benefits)
{
    /// <summary>Asks the services that know. Fails while one of them that has to be asked is away.</summary>
    public static async Task<PublicTargets> Among(
        IReadOnlyList<TopicSection> sections,
        Documents.DocumentsClient documents,
        Interpretation.InterpretationClient interpretation,
        CancellationToken cancellation
    )
    {
        var chosen = sections
            .SelectMany(s => s.Items)
            .Where(i => i.Kind is not (TopicItemKind.ListEntry or TopicItemKind.Link))
            .ToLookup(i => i.Kind, i => Guid.Parse(i.Target));
        var described = await interpretation.WhatIsPublic(
            Ids(TopicItemKind.Interpretation),
            Ids(TopicItemKind.Benefit),
            [],
            [],
            cancellation
        );
        return new(
            await documents.WhichArePublic(chosen[TopicItemKind.Document], cancellation),
            described.Interpretations.Select(i => Guid.Parse(i.Id)).ToHashSet(),
            described.Benefits.Select(b => Guid.Parse(b.Id)).ToHashSet()
        );

        IEnumerable<string> Ids(TopicItemKind kind) => chosen[kind].Distinct().Select(id => id.ToString());
    }
}

/// <summary>A part of a topic, as it is sent.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Items">What was chosen, in its order.</param>
/// <param name="Rules">What comes by itself, after that.</param>
public sealed record GivenSection(string? Title, IReadOnlyList<GivenTopicItem>? Items, IReadOnlyList<TopicRule>? Rules);

/// <summary>Something chosen for a topic, as it is sent.</summary>
/// <param name="Kind">What it points to.</param>
/// <param name="Target">Its id; kind/code of a list entry; the address of a link.</param>
/// <param name="Title">How it is called here.</param>
public sealed record GivenTopicItem(TopicItemKind? Kind, string? Target, string? Title);
