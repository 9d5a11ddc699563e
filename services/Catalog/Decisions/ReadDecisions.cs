using System.ComponentModel;
using Marten;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Catalog.Decisions;

/// <summary>The decision catalogue of a year, its items and its history. The public reads it once it is published.</summary>
public sealed class ReadDecisions : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/decision-catalogues/{year:int}", Catalogue).Produces<DecisionCatalogueView>().WithName("readDecisionCatalogue");
        api.MapGet("/decision-catalogues/{year:int}/items", List).Produces<Page<DecisionItemView>>().WithName("listDecisionItems");
        api.MapGet("/decision-catalogues/{year:int}/items/{code}", One).Produces<DecisionItemView>().WithName("readDecisionItem");
        api.MapGet("/decision-catalogues/{year:int}/history", History)
            .Produces<Page<DecisionHistoryEntry>>()
            .WithName("readDecisionHistory");
    }

    /// <summary>
    /// The decision catalogue of a year: when it was published, and how many items it has, withdrawn ones included. The public finds it
    /// once it is published.
    /// </summary>
    static async Task<IResult> Catalogue(int year, Caller caller, IQuerySession session, HttpContext http) =>
        await Visible(year, caller, session, http.RequestAborted) is { } catalogue
            ? http.Conditional(
                ConditionalRequests.Tag(catalogue.Version),
                () => Results.Ok(new DecisionCatalogueView(year, catalogue.PublishedOn, catalogue.Items.Count, catalogue.Version))
            )
            : NotFound(year).ToResult();

    /// <summary>
    /// The items of the catalogue of a year, by code, in pages, withdrawn ones among them unless <c>withdrawn</c> is false. The public
    /// finds them once the catalogue is published; the document of an item is shown to those who may see it.
    /// </summary>
    static async Task<IResult> List(
        int year,
        string? body,
        [OneOf(typeof(RequiredStep))] string? step,
        [Description("Only those that were withdrawn, or only those that were not.")] bool? withdrawn,
        int? pageSize,
        string? pageToken,
        Caller caller,
        Documents.DocumentsClient documents,
        IQuerySession session,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid, $"{year}");
        var ofStep = invalid.OneOf<RequiredStep>("step", step);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        if (await Visible(year, caller, session, http.RequestAborted) is not { } catalogue)
            return NotFound(year).ToResult();
        var rows = catalogue
            .Items.Where(i =>
                (body is null || i.Item.Body == body)
                && (ofStep is null || i.Item.Steps.Contains(ofStep.Value))
                && (withdrawn is null || withdrawn == i.WithdrawnBecause is not null)
                && (page.After is null || string.CompareOrdinal(i.Item.Code, page.After.Code) > 0)
            )
            .OrderBy(i => i.Item.Code, StringComparer.Ordinal)
            .Take(page.Size + 1)
            .ToArray();
        var seen = await Seen(rows, caller, documents, http.RequestAborted);
        var names = await CatalogNames.Read(session, rows.Select(i => i.Item.Body), time.Today(), http.RequestAborted);
        return Results.Ok(page.Page(rows, i => DecisionItemView.Of(i, names, seen(i)), i => new Place(i.Item.Code)));
    }

    /// <summary>
    /// An item of the catalogue of a year, also one that was withdrawn. The public finds it once the catalogue is published; its document
    /// is shown to those who may see it.
    /// </summary>
    static async Task<IResult> One(
        int year,
        string code,
        Caller caller,
        Documents.DocumentsClient documents,
        IQuerySession session,
        TimeProvider time,
        HttpContext http
    )
    {
        if (await Visible(year, caller, session, http.RequestAborted) is not { } catalogue || catalogue.Find(code) is not { } item)
            return NotFound(year, code).ToResult();
        var seen = (await Seen([item], caller, documents, http.RequestAborted))(item);
        var names = await CatalogNames.Read(session, [item.Item.Body], time.Today(), http.RequestAborted);
        return http.Conditional(
            ConditionalRequests.Tag(catalogue.Version, $"{names.Beside()}{(seen ? "" : "p")}"),
            () => Results.Ok(DecisionItemView.Of(item, names, seen))
        );
    }

    // A draft is known to those who work on it (D 16), what is published to everybody.
    static async Task<Func<KeptItem, bool>> Seen(
        IEnumerable<KeptItem> items,
        Caller caller,
        Documents.DocumentsClient documents,
        CancellationToken cancellation
    )
    {
        if (caller.HasAny(Roles.Reviewer, Roles.Signer, Roles.Publisher, Roles.Supervisor))
            return _ => true;
        var published = await documents.WhichArePublic(items.Where(i => !IsOwn(i)).Select(i => i.DocumentId).OfType<Guid>(), cancellation);
        return i => IsOwn(i) || i.DocumentId is { } id && published.Contains(id);

        bool IsOwn(KeptItem item) => caller.HasAny(Roles.Drafter) && item.Item.Body == caller.Organisation;
    }

    /// <summary>
    /// What happened to the catalogue of a year, newest first, in pages: items added, changed, withdrawn and linked, with the reasons, and
    /// its publication. The public finds it once the catalogue is published.
    /// </summary>
    static async Task<IResult> History(
        int year,
        int? pageSize,
        string? pageToken,
        Caller caller,
        IQuerySession session,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Before>(pageSize, pageToken, invalid, $"{year}");
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        if (await Visible(year, caller, session, http.RequestAborted) is null)
            return NotFound(year).ToResult();
        var events = await session.Events.FetchStreamAsync(DecisionCatalogue.Key(year), token: http.RequestAborted);
        var rows = events
            .Where(e => page.After is null || e.Version < page.After.Version)
            .OrderByDescending(e => e.Version)
            .Take(page.Size + 1)
            .ToArray();
        var told = rows.ToDictionary(e => e.Version, e => DecisionHistoryEntry.Of(e.Version, e.Data));
        var names = await CatalogNames.Read(
            session,
            told.Values.SelectMany(t => new[] { t.By, t.Item?.Body }).OfType<string>().Where(c => c.Length > 0),
            time.Today(),
            http.RequestAborted
        );
        return Results.Ok(page.Page(rows, e => told[e.Version].Named(names), e => new Before(e.Version)));
    }

    static async Task<DecisionCatalogue?> Visible(int year, Caller caller, IQuerySession session, CancellationToken cancellation) =>
        await session.LoadAsync<DecisionCatalogue>(DecisionCatalogue.Key(year), cancellation) is { } catalogue
        && (catalogue.PublishedOn is not null || !caller.IsPublic)
            ? catalogue
            : null;

    internal static Problem NotFound(int year, string? code = null) =>
        CatalogProblems.DecisionItemNotFound.With(
            code is null
                ? (Wording)$"There is no published decision catalogue of {year}."
                : $"The decision catalogue of {year} has no item {code} that you may see. GET /api/v1/decision-catalogues/{year}/items lists those there are."
        );

    sealed record Place(string Code);

    sealed record Before(long Version);
}

/// <summary>The catalogue of a year.</summary>
/// <param name="Year">The year.</param>
/// <param name="PublishedOn">When it was published, Asia/Shanghai; null before that.</param>
/// <param name="Items">How many items it has.</param>
/// <param name="Version">The version of its history: its ETag.</param>
public sealed record DecisionCatalogueView(int Year, DateOnly? PublishedOn, int Items, long Version);

/// <summary>Something that happened to the catalogue, newest first.</summary>
/// <param name="Version">Its number.</param>
/// <param name="What">itemAdded, itemChanged, itemWithdrawn, itemLinked, published.</param>
/// <param name="At">When, UTC.</param>
/// <param name="By">The organisation that did it.</param>
/// <param name="Code">The item.</param>
/// <param name="Item">What the item says from then on.</param>
/// <param name="Reason">Why.</param>
/// <param name="ByName">The name that the organisation has today.</param>
/// <param name="BodyName">The name of today of the item's body.</param>
public sealed record DecisionHistoryEntry(
    long Version,
    string What,
    DateTimeOffset At,
    string By,
    string? Code,
    DecisionItem? Item,
    string? Reason,
    string? ByName = null,
    string? BodyName = null
)
{
    internal DecisionHistoryEntry Named(CatalogNames names) =>
        this with
        {
            ByName = By.Length == 0 ? null : names.Body(By),
            BodyName = Item is null ? null : names.Body(Item.Body),
        };

    internal static DecisionHistoryEntry Of(long version, object happened) =>
        happened switch
        {
            DecisionItemAdded e => Entry("itemAdded", e.At, e.By, e.Item.Code, e.Item, e.Reason),
            DecisionItemChanged e => Entry("itemChanged", e.At, e.By, e.Item.Code, e.Item, e.Reason),
            DecisionItemWithdrawn e => Entry("itemWithdrawn", e.At, e.By, e.Code, null, e.Reason),
            DecisionItemBecame e => Entry("itemLinked", e.At, e.By, e.Code, null, null),
            DecisionCataloguePublished e => Entry("published", e.At, e.By, null, null, null),
            _ => throw new InvalidOperationException($"{happened.GetType().Name} is no event of a decision catalogue."),
        } with
        {
            Version = version,
        };

    static DecisionHistoryEntry Entry(string what, DateTimeOffset at, Actor by, string? code, DecisionItem? item, string? reason) =>
        new(0, what, at, by.Organisation, code, item, reason);
}
