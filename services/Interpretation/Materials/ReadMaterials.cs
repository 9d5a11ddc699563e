using Ganss.Xss;
using Markdig;
using Marten;
using PolicyPlatform.Interpretation.KnownDocuments;
using PolicyPlatform.Interpretation.Plans;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Shared.DocumentAccess;
using PolicyPlatform.Shared.Markup;

namespace PolicyPlatform.Interpretation.Materials;

/// <summary>
/// The materials, last changed first; by document, block, phase, form. The public sees what is signed, once its document is public or,
/// before issuance, consulted on; those who work on them see all.
/// </summary>
public sealed class ReadMaterials : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/interpretations", List).Produces<Page<MaterialView>>().WithName("listInterpretations");
        api.MapGet("/interpretations/{id:guid}", One).Produces<MaterialView>().WithName("readInterpretation");
        api.MapGet("/interpretations/{id:guid}/document", DocumentOf)
            .Produces<ExplainedDocument>()
            .WithName("readDocumentOfInterpretation");
        api.MapGet("/documents/{id:guid}/interpretations", OfDocument)
            .Produces<Page<MaterialView>>()
            .WithName("listInterpretationsOfDocument");
    }

    /// <summary>
    /// The materials that explain one document, last changed first, paged; by block, phase, form and whether they are outdated. The public
    /// sees what is signed, once the document is public or, before issuance, consulted on; those who work on them see all.
    /// </summary>
    static Task<IResult> OfDocument(
        Guid id,
        string? block,
        [OneOf(typeof(Phase))] string? phase,
        [OneOf(typeof(Form))] string? form,
        bool? outdated,
        int? pageSize,
        string? pageToken,
        Caller caller,
        IQuerySession session,
        PublicMaterials materials,
        TimeProvider time,
        HttpContext http
    ) => List(id, block, phase, form, outdated, pageSize, pageToken, caller, session, materials, time, http);

    /// <summary>
    /// The materials of all documents, last changed first, paged; by document, block, phase, form and whether they are outdated. The public
    /// sees what is signed, once its document is public or, before issuance, consulted on; those who work on them see all.
    /// </summary>
    static async Task<IResult> List(
        Guid? document,
        string? block,
        [OneOf(typeof(Phase))] string? phase,
        [OneOf(typeof(Form))] string? form,
        bool? outdated,
        int? pageSize,
        string? pageToken,
        Caller caller,
        IQuerySession session,
        PublicMaterials materials,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid);
        var inPhase = invalid.OneOf<Phase>("phase", phase);
        var inForm = invalid.OneOf<Form>("form", form);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var arrived = await materials.Arrived(session, document, http.RequestAborted);
        Guid[] published = [.. arrived.Documents],
            consulted = [.. arrived.Consulted.Keys];
        IQueryable<InterpretationMaterial> query = session.Query<InterpretationMaterial>();
        if (!caller.WorksFor([]))
            query = caller.HasAny(Roles.Drafter)
                ? query.Where(m =>
                    m.ShownAt != null
                    || m.Waits && m.Phase != Phase.PreIssuance && m.DocumentId.IsOneOf(published)
                    || m.Waits && m.Id.IsOneOf(consulted)
                    || m.Issuers.Contains(caller.Organisation)
                )
                : query.Where(m =>
                    m.ShownAt != null
                    || m.Waits && m.Phase != Phase.PreIssuance && m.DocumentId.IsOneOf(published)
                    || m.Waits && m.Id.IsOneOf(consulted)
                );
        if (!caller.WorksFor([]))
            query = Shown(query, arrived.Hidden, caller);
        if (document is not null)
            query = query.Where(m => m.DocumentId == document);
        // Everybody filters by what they see: what is worked on, or what was signed.
        var (seesAll, own) = (caller.WorksFor([]), caller.HasAny(Roles.Drafter) ? caller.Organisation : "");
        if (block is not null)
            query = seesAll
                ? query.Where(m => m.Draft.Blocks.Contains(block))
                : query.Where(m => m.Issuers.Contains(own) && m.Draft.Blocks.Contains(block) || m.Signed!.Blocks.Contains(block));
        if (inPhase is not null)
            query = query.Where(m => m.Phase == inPhase);
        if (inForm is { } wanted)
            query = seesAll
                ? query.Where(m => m.Draft.Form == wanted)
                : query.Where(m => m.Issuers.Contains(own) && m.Draft.Form == wanted || m.Signed!.Form == wanted);
        var today = time.Today();
        if (outdated is true)
            query = query.Where(m => m.Outdated != null && m.Outdated.From <= today);
        if (page.After is { } after)
            query = query.Where(m => m.ChangedAt < after.At || m.ChangedAt == after.At && m.Id.CompareTo(after.Id) < 0);
        var rows = await query
            .OrderByDescending(m => m.ChangedAt)
            .ThenByDescending(m => m.Id)
            .Take(page.Size + 1)
            .ToListAsync(http.RequestAborted);
        return Results.Ok(page.Page(rows, m => MaterialView.For(caller, arrived.AsShown(m) ?? m, time), m => new Place(m.ChangedAt, m.Id)));
    }

    // Without what is taken from the public, of whose documents the caller is none of the issuers.
    static IQueryable<InterpretationMaterial> Shown(IQueryable<InterpretationMaterial> query, HiddenParts hidden, Caller caller)
    {
        var own = caller.HasAny(Roles.Drafter) ? caller.Organisation : "";
        var documents = hidden.Documents;
        if (documents.Length > 0)
            query = query.Where(m => m.Issuers.Contains(own) || !m.DocumentId.IsOneOf(documents));
        foreach (var (document, revision) in hidden.Texts)
            query = query.Where(m => m.Issuers.Contains(own) || m.DocumentId != document || m.Signed!.Revision != revision);
        return query;
    }

    /// <summary>
    /// One material. Those who work on it see what is being worked on, everybody else what was signed last, once its document is public or,
    /// before issuance, consulted on.
    /// </summary>
    static async Task<IResult> One(
        Guid id,
        Caller caller,
        IQuerySession session,
        PublicMaterials materials,
        TimeProvider time,
        HttpContext http
    ) =>
        await Visible(id, caller, session, materials, http.RequestAborted) is var (material, missing) && material is not null
            ? http.Conditional(
                ConditionalRequests.Tag(
                    material.Version,
                    caller.WorksFor(material.Issuers),
                    material.Outdated?.From > time.Today() ? 1 : 0
                ),
                () => Results.Ok(MaterialView.For(caller, material, time))
            )
            : missing.ToResult();

    /// <summary>
    /// The document that a material explains: the revision and the blocks that it was written for, and where to read them; of a draft, in the
    /// consultation. Title and number are null while the document has not been heard of here.
    /// </summary>
    static async Task<IResult> DocumentOf(Guid id, Caller caller, IQuerySession session, PublicMaterials materials, HttpContext http)
    {
        var (material, missing) = await Visible(id, caller, session, materials, http.RequestAborted);
        if (material is null)
            return missing.ToResult();
        var known = await session.LoadAsync<KnownDocument>(material.DocumentId, http.RequestAborted);
        var content = caller.WorksFor(material.Issuers) ? material.Draft : material.Signed!;
        var document = $"/api/v1/documents/{material.DocumentId}";
        return Results.Ok(
            new ExplainedDocument(
                material.DocumentId,
                known?.Title,
                known?.DocumentNumber,
                content.Revision,
                content.Blocks,
                document,
                $"{MaterialView.Consulted(material) ?? document}/revisions/{content.Revision}",
                MaterialView.Consulted(material)
            )
        );
    }

    /// <summary>The material, if the caller may know of it, and otherwise why not.</summary>
    internal static async Task<(InterpretationMaterial? Material, Problem Missing)> Visible(
        Guid id,
        Caller caller,
        IQuerySession session,
        PublicMaterials materials,
        CancellationToken cancellation
    )
    {
        var material = await session.LoadAsync<InterpretationMaterial>(id, cancellation);
        if (material is null || caller.WorksFor(material.Issuers))
            return (material, NotFound(id));
        var arrived = await materials.Among(session, [material], cancellation);
        return (arrived.AsShown(material), (material.ShownAt is null ? null : arrived.Refusal(material)) ?? NotFound(id));
    }

    internal static Problem NotFound(Guid id) =>
        InterpretationProblems.MaterialNotFound.With(
            $"There is no interpretation {id} that you may see. One is public when it is signed and its document is published or, before issuance, consulted on."
        );

    sealed record Place(DateTimeOffset At, Guid Id);
}

/// <summary>The document that a material explains.</summary>
/// <param name="Id">The document.</param>
/// <param name="Title">标题; null while it has not been heard of here.</param>
/// <param name="DocumentNumber">发文字号.</param>
/// <param name="Revision">The revision that the material was written for.</param>
/// <param name="Blocks">The blocks that it explains.</param>
/// <param name="Link">Where the document is.</param>
/// <param name="Text">Where that text is: in the consultation, for what explains a draft.</param>
/// <param name="Consultation">The consultation on the draft that it explains, below the API's address; null for what explains none.</param>
public sealed record ExplainedDocument(
    Guid Id,
    string? Title,
    string? DocumentNumber,
    int Revision,
    IReadOnlyList<string> Blocks,
    string Link,
    string Text,
    string? Consultation
);

/// <summary>A material as the API shows it.</summary>
/// <param name="Id">The material.</param>
/// <param name="Version">The version of its history: its ETag.</param>
/// <param name="DocumentId">The document that it explains.</param>
/// <param name="Phase">When in the document's life.</param>
/// <param name="Title">Its title.</param>
/// <param name="Form">Its form.</param>
/// <param name="Text">Its text, as Markdown.</param>
/// <param name="Html">The same as HTML that can be put into a page: no scripts, no styles, no frames.</param>
/// <param name="Videos">Links to videos.</param>
/// <param name="Revision">The revision of the document that it was written for.</param>
/// <param name="Blocks">The blocks that it explains.</param>
/// <param name="Covers">What it covers.</param>
/// <param name="Lacks">What a material should cover and this one does not.</param>
/// <param name="Files">Its files, each at <c>…/attachments/{sha256}</c>.</param>
/// <param name="Outdated">Why it no longer fits the document, from the day on on which that is so; null while it fits.</param>
/// <param name="Comparison">What changed in the document since, for an outdated one.</param>
/// <param name="Consultation">The consultation that it is shown with, below the API's address; null for what explains no draft.</param>
/// <param name="PublishedAt">When it became public, as far as it was heard of, UTC.</param>
/// <param name="PlanId">Its plan; only for those who work on it.</param>
/// <param name="IsSigned">Whether what is shown is signed.</param>
/// <param name="ChangedAt">When something last happened to it, UTC.</param>
public sealed record MaterialView(
    Guid Id,
    long Version,
    Guid DocumentId,
    Phase Phase,
    string Title,
    Form Form,
    string Text,
    string Html,
    IReadOnlyList<string> Videos,
    int Revision,
    IReadOnlyList<string> Blocks,
    IReadOnlyList<Point> Covers,
    IReadOnlyList<Point> Lacks,
    IReadOnlyList<MaterialFile> Files,
    Outdating? Outdated,
    string? Comparison,
    string? Consultation,
    DateTimeOffset? PublishedAt,
    Guid? PlanId,
    bool IsSigned,
    DateTimeOffset ChangedAt
)
{
    static readonly MarkdownPipeline Markdown = new MarkdownPipelineBuilder().DisableHtml().UsePipeTables().Build();
    static readonly HtmlSanitizer Sanitizer = Strict();

    /// <summary>As the caller sees it.</summary>
    internal static MaterialView For(Caller caller, InterpretationMaterial m, TimeProvider time) =>
        caller.WorksFor(m.Issuers) ? Inside(m, time) : Of(m, m.Signed!, [.. m.Files.Take(m.SignedFiles)], null, true, time);

    /// <summary>As those see it who work on it.</summary>
    internal static MaterialView Inside(InterpretationMaterial m, TimeProvider time) =>
        Of(m, m.Draft, m.Files, m.PlanId, m.IsSignedAsIs, time);

    static MaterialView Of(
        InterpretationMaterial m,
        MaterialContent c,
        IReadOnlyList<MaterialFile> files,
        Guid? plan,
        bool signed,
        TimeProvider time
    )
    {
        var outdated = m.IsOutdatedOn(time.Today()) ? m.Outdated : null;
        return new(
            m.Id,
            m.Version,
            m.DocumentId,
            m.Phase,
            c.Title,
            c.Form,
            c.Text,
            Page(c.Text) ?? System.Net.WebUtility.HtmlEncode(c.Text),
            c.Videos,
            c.Revision,
            c.Blocks,
            c.Covers,
            [.. Enum.GetValues<Point>().Except(c.Covers)],
            files,
            outdated,
            outdated?.Link(m.DocumentId),
            Consulted(m),
            m.ShownAt,
            plan,
            signed,
            m.ChangedAt
        );
    }

    internal static string? Consulted(InterpretationMaterial m) =>
        m.ConsultationId is { } consultation ? $"/api/v1/consultations/{consultation}" : null;

    /// <summary>A text as a page shows it; null for one that nests deeper, or has more marks, than can be read.</summary>
    internal static string? Page(string markdown)
    {
        if (!MarkdownMarks.AreFew(markdown))
            return null;
        try
        {
            return Sanitizer.Sanitize(Markdig.Markdown.ToHtml(markdown, Markdown));
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    static HtmlSanitizer Strict()
    {
        var sanitizer = new HtmlSanitizer();
        sanitizer.AllowedSchemes.Clear();
        foreach (var scheme in new[] { "https", "http", "mailto" })
            sanitizer.AllowedSchemes.Add(scheme);
        sanitizer.AllowedAttributes.Remove("style");
        foreach (var tag in new[] { "form", "input", "button", "select", "textarea" })
            sanitizer.AllowedTags.Remove(tag);
        return sanitizer;
    }
}
