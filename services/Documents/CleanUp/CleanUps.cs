using JasperFx.Events;
using Marten;
using Marten.Events.Aggregation;
using PolicyPlatform.Documents.Amendment;
using PolicyPlatform.Documents.Drafting;
using PolicyPlatform.Documents.Library;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.CleanUp;

// A clean-up is a stream of its own. Its events, as all events, are kept for good.

/// <summary>A clean-up (清理) of chosen documents began (R 37).</summary>
public sealed record CleanUpOpened(
    Guid CleanUpId,
    string Title,
    DateOnly? DueOn,
    IReadOnlyList<CleanUpItem> Items,
    Actor By,
    DateTimeOffset At
);

/// <summary>Documents were given to a body to look at.</summary>
public sealed record CleanUpAssigned(IReadOnlyList<Guid> Documents, string Body, Actor By, DateTimeOffset At);

/// <summary>What a body proposes to do with a document; a later proposal replaces it until the outcomes are applied.</summary>
public sealed record OutcomeRecorded(
    Guid DocumentId,
    CleanUpOutcome Outcome,
    string Reason,
    DateOnly? EffectiveFrom,
    Actor By,
    DateTimeOffset At
);

/// <summary>The outcomes of these documents took effect.</summary>
public sealed record OutcomesApplied(IReadOnlyList<Guid> Documents, Actor By, DateTimeOffset At);

/// <summary>A document in a clean-up.</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Title">标题 when it was chosen.</param>
/// <param name="Body">The organisation that looks at it.</param>
/// <param name="Outcome">What it proposes; null while it has not said.</param>
/// <param name="Reason">Why.</param>
/// <param name="EffectiveFrom">For a repeal, its first day; for a declared expiry, the day after the last one; the day of applying when
/// left out.</param>
/// <param name="Applied">Whether the outcome has taken effect.</param>
public sealed record CleanUpItem(
    Guid DocumentId,
    string Title,
    string Body,
    CleanUpOutcome? Outcome = null,
    string? Reason = null,
    DateOnly? EffectiveFrom = null,
    bool Applied = false
);

/// <summary>A clean-up as it stands.</summary>
public sealed record CleanUpCampaign
{
    /// <summary>The clean-up.</summary>
    public Guid Id { get; init; }

    /// <summary>How many events there are; set by Marten.</summary>
    public long Version { get; set; }

    /// <summary>What it is called.</summary>
    public string Title { get; init; } = "";

    /// <summary>When all outcomes are to be there, Asia/Shanghai.</summary>
    public DateOnly? DueOn { get; init; }

    /// <summary>The documents.</summary>
    public IReadOnlyList<CleanUpItem> Items { get; init; } = [];

    /// <summary>When it began, UTC.</summary>
    public DateTimeOffset OpenedAt { get; init; }

    /// <summary>The state after one more event.</summary>
    public static CleanUpCampaign? Next(CleanUpCampaign? campaign, object happened) =>
        (campaign, happened) switch
        {
            (null, CleanUpOpened e) => new()
            {
                Id = e.CleanUpId,
                Title = e.Title,
                DueOn = e.DueOn,
                Items = e.Items,
                OpenedAt = e.At,
            },
            ({ } c, CleanUpAssigned e) => c.With(e.Documents, item => item with { Body = e.Body }),
            ({ } c, OutcomeRecorded e) => c.With(
                [e.DocumentId],
                item => item with { Outcome = e.Outcome, Reason = e.Reason, EffectiveFrom = e.EffectiveFrom }
            ),
            ({ } c, OutcomesApplied e) => c.With(e.Documents, item => item with { Applied = true }),
            var (c, _) => c,
        };

    CleanUpCampaign With(IReadOnlyList<Guid> documents, Func<CleanUpItem, CleanUpItem> change) =>
        this with
        {
            Items = [.. Items.Select(i => documents.Contains(i.DocumentId) ? change(i) : i)],
        };
}

/// <summary>Keeps a <see cref="CleanUpCampaign"/> beside its stream.</summary>
sealed partial class CleanUpProjection : SingleStreamProjection<CleanUpCampaign, Guid>
{
    /// <summary>Listens to clean-ups alone: a recorded text does not look for one.</summary>
    public CleanUpProjection()
    {
        IncludeType<CleanUpOpened>();
        IncludeType<CleanUpAssigned>();
        IncludeType<OutcomeRecorded>();
        IncludeType<OutcomesApplied>();
    }

    /// <inheritdoc/>
    public override CleanUpCampaign? Evolve(CleanUpCampaign? snapshot, Guid id, IEvent e) => CleanUpCampaign.Next(snapshot, e.Data);
}

/// <summary>The answer to a step of a clean-up.</summary>
/// <param name="Id">The clean-up.</param>
/// <param name="Version">Its version from now on: its ETag.</param>
/// <param name="Documents">How many documents the step was about.</param>
public sealed record CleanUpStep(Guid Id, long Version, int Documents);

/// <summary>Begins a clean-up of the documents that a query of the library finds.</summary>
/// <param name="Title">What it is called.</param>
/// <param name="DueOn">When all outcomes are to be there, Asia/Shanghai.</param>
/// <param name="Criteria">The documents, as the library is asked for them. Documents that are no longer in force are left out.</param>
/// <param name="Body">The organisation that looks at them; each document's leading issuer when left out.</param>
public sealed record OpenCleanUp(string? Title, DateOnly? DueOn, LibraryQuery? Criteria, string? Body) : IEndpoint
{
    const int MostDocuments = 1000;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/cleanups", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<CleanUpStep>(201)
            .WithTags("CleanUp")
            .WithName("openCleanUp");

    static async Task<IResult> Post(
        OpenCleanUp command,
        IndexedLibrary library,
        LibraryTopics topics,
        CatalogCodes catalog,
        Caller caller,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid().Text("/title", command.Title, Elements.LongestTitle);
        var search = await topics.Within(
            command.Criteria?.Topic,
            (command.Criteria ?? new(null, null, null, null, null, null, null)).Read(invalid),
            invalid,
            http.RequestAborted
        );
        if (command.Body is { } body)
            await catalog.Check(body, "/body", invalid, http.RequestAborted);
        var items = await library.Read(
            index =>
                search
                    .All(index)
                    .Where(f => f.Validity is Validity.InForce or Validity.Amended or Validity.NotYetInForce)
                    .Select(f => new CleanUpItem(f.Document.Id, f.Document.Title, command.Body ?? f.Document.Issuers[0]))
                    .ToArray(),
            http.RequestAborted
        );
        invalid
            .If(items.Length == 0, "/criteria", "cleanUp.empty", "No document in force fits these criteria.")
            .If(
                items.Length > MostDocuments,
                "/criteria",
                "cleanUp.tooMany",
                $"{items.Length:N0} documents fit; a clean-up has at most {MostDocuments:N0}. Narrow the criteria."
            );
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var id = Guid.CreateVersion7();
        return await writer.Start<CleanUpCampaign>(
            http,
            id,
            _ =>
                Task.FromResult(
                    Decision.Record(new CleanUpOpened(id, command.Title!.Trim(), command.DueOn, items, caller.Actor(), time.GetUtcNow()))
                ),
            recorded => new Answer(201, new CleanUpStep(id, recorded.Version, items.Length), $"/api/v1/cleanups/{id}")
        );
    }
}

/// <summary>Gives documents of a clean-up to another body.</summary>
/// <param name="Documents">The documents.</param>
/// <param name="Body">The organisation that looks at them from now on.</param>
public sealed record AssignCleanUp(IReadOnlyList<Guid>? Documents, string? Body) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/cleanups/{id:guid}/assignments", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<CleanUpStep>()
            .WithTags("CleanUp")
            .WithName("assignCleanUp");

    static async Task<IResult> Post(
        Guid id,
        AssignCleanUp command,
        CatalogCodes catalog,
        Caller caller,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid().Text("/body", command.Body, 100);
        if (command.Body is { Length: > 0 } body)
            await catalog.Check(body, "/body", invalid, http.RequestAborted);
        return await writer.Append<CleanUpCampaign>(
            http,
            id,
            (campaign, _) =>
                Task.FromResult(
                    campaign is null ? CleanUpProblems.NotFound(id)
                    : new Invalid(invalid).Check(campaign, command.Documents).Problem is { } problem ? problem
                    : Decision.Record(new CleanUpAssigned(command.Documents!, command.Body!, caller.Actor(), time.GetUtcNow()))
                ),
            recorded => new Answer(200, new CleanUpStep(id, recorded.Version, command.Documents!.Count))
        );
    }
}

/// <summary>Records what is to become of a document; a drafter does so for the documents of the own organisation.</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Outcome">keep, amend, repeal or declareExpired.</param>
/// <param name="Reason">Why.</param>
/// <param name="EffectiveFrom">For a repeal or a declared expiry, the first day on which it is no longer in force; the day of applying when
/// left out.</param>
public sealed record RecordOutcome(Guid? DocumentId, CleanUpOutcome? Outcome, string? Reason, DateOnly? EffectiveFrom) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/cleanups/{id:guid}/outcomes", Post)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter)
            .Produces<CleanUpStep>()
            .WithTags("CleanUp")
            .WithName("recordOutcome");

    static Task<IResult> Post(Guid id, RecordOutcome command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Append<CleanUpCampaign>(
            http,
            id,
            (campaign, _) =>
                Task.FromResult(campaign is null ? CleanUpProblems.NotFound(id) : Decide(campaign, command, caller, time.GetUtcNow())),
            recorded => new Answer(200, new CleanUpStep(id, recorded.Version, 1))
        );

    internal static Decision Decide(CleanUpCampaign campaign, RecordOutcome command, Caller caller, DateTimeOffset now)
    {
        var invalid = new Invalid()
            .Text("/reason", command.Reason, RecordRevision.LongestNote)
            .If(command.Outcome is null, "/outcome", "value.missing", "One of keep, amend, repeal, declareExpired.")
            .Check(campaign, command.DocumentId is { } document ? [document] : null, "/documentId");
        if (invalid.Problem is { } problem)
            return problem;
        var item = campaign.Items.First(i => i.DocumentId == command.DocumentId);
        if (!caller.HasAny(Roles.Publisher) && item.Body != caller.Organisation)
            return DocumentProblems.ForeignItem.With($"{item.Title} is given to {item.Body}, and you speak for {caller.Organisation}.");
        return Decision.Record(
            new OutcomeRecorded(item.DocumentId, command.Outcome!.Value, command.Reason!, command.EffectiveFrom, caller.Actor(), now)
        );
    }
}

/// <summary>Lets the outcomes that are recorded take effect on the documents, all in one transaction.</summary>
public sealed record ApplyOutcomes : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/cleanups/{id:guid}/apply", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<CleanUpStep>()
            .WithTags("CleanUp")
            .WithName("applyOutcomes");

    static Task<IResult> Post(Guid id, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Append<CleanUpCampaign>(
            http,
            id,
            async (campaign, session) =>
            {
                if (campaign is null)
                    return CleanUpProblems.NotFound(id);
                var by = caller.Actor();
                var now = time.GetUtcNow();
                var due = campaign.Items.Where(i => i is { Outcome: not null, Applied: false }).ToArray();
                var invalid = new Invalid().If(
                    due.Length == 0,
                    "",
                    "cleanUp.nothingToApply",
                    "No outcome waits to be applied. Record outcomes first: POST …/outcomes."
                );
                var decided = new List<Decision>();
                foreach (var item in due)
                {
                    var stream = await session.Events.FetchForWriting<PolicyDocument>(item.DocumentId, http.RequestAborted);
                    var decision = Effect(stream.Aggregate!, campaign.Id, item, by, now);
                    if (decision.Problem is { } wrong)
                        invalid.Add($"/documents/{item.DocumentId}", wrong.Kind.Code, $"{item.Title}: {wrong.Detail}");
                    else
                        stream.AppendMany(decision.Events);
                    decided.Add(decision);
                }
                if (invalid.Problem is { } problem)
                    return problem;
                var all = Decision
                    .Record(new OutcomesApplied([.. due.Select(i => i.DocumentId)], by, now))
                    .Telling([.. decided.SelectMany(d => d.Messages)]);
                return decided.SelectMany(d => d.Scheduled).Aggregate(all, (sofar, note) => sofar.Later(note.Message, note.At));
            },
            recorded => new Answer(200, new CleanUpStep(id, recorded.Version, recorded.The<OutcomesApplied>().Documents.Count))
        );

    /// <summary>
    /// What an outcome does to its document. One that has ended meanwhile keeps its end; the outcome is recorded all the same.
    /// </summary>
    internal static Decision Effect(PolicyDocument document, Guid cleanUp, CleanUpItem item, Actor by, DateTimeOffset now)
    {
        var outcome = new DocumentCleanedUp(cleanUp, item.Outcome!.Value, item.Reason!, by, now);
        var today = OfficialTime.DateIn(now);
        // What follows comes after the outcome.
        document = document with
        {
            Version = document.Version + 1,
        };
        var effect = item.Outcome switch
        {
            CleanUpOutcome.Repeal when !document.HasEnded => RepealDocument.Decide(
                document,
                new(item.Reason, item.EffectiveFrom, null),
                by,
                now
            ),
            CleanUpOutcome.DeclareExpired when !document.HasEnded && !(document.ExpiresOn < today) => ChangeExpiry.Decide(
                document,
                (item.EffectiveFrom ?? today).AddDays(-1),
                item.Reason!,
                by,
                now
            ),
            _ => Decision.Record(),
        };
        return effect.Problem is null ? effect.After(outcome) : effect;
    }
}

/// <summary>The clean-ups, newest first, paged; and one with its documents and how far it has come.</summary>
public sealed class ReadCleanUps : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/cleanups", List)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter, Roles.Reviewer, Roles.Supervisor)
            .Produces<Page<CleanUpView>>()
            .WithTags("CleanUp")
            .WithName("listCleanUps");
        api.MapGet("/cleanups/{id:guid}", One)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter, Roles.Reviewer, Roles.Supervisor)
            .Produces<CleanUpView>()
            .WithTags("CleanUp")
            .WithName("readCleanUp");
    }

    static async Task<IResult> List(int? pageSize, string? pageToken, IQuerySession session, HttpContext http)
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        IQueryable<CleanUpCampaign> query = session.Query<CleanUpCampaign>();
        if (page.After is { } after)
            query = query.Where(c => c.OpenedAt < after.OpenedAt || c.OpenedAt == after.OpenedAt && c.Id.CompareTo(after.Id) < 0);
        var rows = await query
            .OrderByDescending(c => c.OpenedAt)
            .ThenByDescending(c => c.Id)
            .Take(page.Size + 1)
            .ToListAsync(http.RequestAborted);
        return Results.Ok(page.Page(rows, c => CleanUpView.Of(c, withItems: false), c => new Place(c.OpenedAt, c.Id)));
    }

    static async Task<IResult> One(Guid id, IQuerySession session, HttpContext http) =>
        await session.LoadAsync<CleanUpCampaign>(id, http.RequestAborted) is { } campaign
            ? http.Conditional(ConditionalRequests.Tag(campaign.Version), () => Results.Ok(CleanUpView.Of(campaign, withItems: true)))
            : CleanUpProblems.NotFound(id).ToResult();

    sealed record Place(DateTimeOffset OpenedAt, Guid Id);
}

/// <summary>A clean-up and how far it has come.</summary>
/// <param name="Id">The clean-up.</param>
/// <param name="Version">Its version: its ETag.</param>
/// <param name="Title">What it is called.</param>
/// <param name="DueOn">When all outcomes are to be there.</param>
/// <param name="OpenedAt">When it began, UTC.</param>
/// <param name="Total">How many documents there are.</param>
/// <param name="Open">How many have no outcome yet.</param>
/// <param name="Applied">How many outcomes have taken effect.</param>
/// <param name="Outcomes">How many came to what.</param>
/// <param name="OpenByBody">How many each body has still to look at.</param>
/// <param name="Items">The documents; null in the list.</param>
public sealed record CleanUpView(
    Guid Id,
    long Version,
    string Title,
    DateOnly? DueOn,
    DateTimeOffset OpenedAt,
    int Total,
    int Open,
    int Applied,
    IReadOnlyDictionary<CleanUpOutcome, int> Outcomes,
    IReadOnlyDictionary<string, int> OpenByBody,
    IReadOnlyList<CleanUpItem>? Items
)
{
    internal static CleanUpView Of(CleanUpCampaign c, bool withItems) =>
        new(
            c.Id,
            c.Version,
            c.Title,
            c.DueOn,
            c.OpenedAt,
            c.Items.Count,
            c.Items.Count(i => i.Outcome is null),
            c.Items.Count(i => i.Applied),
            c.Items.Where(i => i.Outcome is not null).CountBy(i => i.Outcome!.Value).ToDictionary(),
            c.Items.Where(i => i.Outcome is null).CountBy(i => i.Body).ToDictionary(),
            withItems ? c.Items : null
        );
}

static class CleanUpProblems
{
    public static Problem NotFound(Guid id) => CommonProblems.NotFound.With($"There is no clean-up {id}.");

    /// <summary>Notes what is no document of the clean-up, or one whose outcome is applied.</summary>
    public static Invalid Check(
        this Invalid invalid,
        CleanUpCampaign campaign,
        IReadOnlyList<Guid>? documents,
        string pointer = "/documents"
    )
    {
        invalid.If(documents is not { Count: > 0 }, pointer, "value.missing", "A document of the clean-up is required.");
        foreach (var id in documents ?? [])
        {
            var item = campaign.Items.FirstOrDefault(i => i.DocumentId == id);
            invalid
                .If(item is null, pointer, "document.unknown", $"{id} is no document of this clean-up.")
                .If(item?.Applied is true, pointer, "outcome.applied", $"The outcome of {item?.Title} has taken effect.");
        }
        return invalid;
    }
}
