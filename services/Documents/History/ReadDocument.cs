using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.History;

/// <summary>State, elements, validity and open gates of a document.</summary>
public sealed class ReadDocument : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/documents/{id:guid}", Get).Produces<DocumentView>().WithName("readDocument");

    static async Task<IResult> Get(
        Guid id,
        DateOnly? inForceOn,
        DateTimeOffset? recordedAt,
        Caller caller,
        IQuerySession session,
        TimeProvider time,
        HttpContext http
    )
    {
        var document = await session.LoadAsync<PolicyDocument>(id, http.RequestAborted);
        if (!caller.Sees(document))
            return Visibility.NotFound(id, document).ToResult();
        if (recordedAt is { } instant)
        {
            // What was believed at an instant is told for the day of that instant, unless another is asked for.
            var then = await DocumentAsOf.Find(session, document!, instant, http.RequestAborted);
            if (!caller.Sees(then))
                return DocumentProblems.NotFound.With($"At {instant:O} the library had no document {id} that you may see.").ToResult();
            http.Response.Headers.ETag = ConditionalRequests.Tag(then!.Version);
            return Results.Ok(View(then, caller.SeesInside(then), inForceOn ?? OfficialTime.DateIn(instant)));
        }
        var day = inForceOn ?? time.Today();
        var inside = caller.SeesInside(document!);
        var view = View(document!, inside, day);
        // The tag is the version, as writes expect it; where a day has changed the answer since the last event, it says nothing about what
        // a reader has.
        var changed = OfficialTime.DateIn(document!.ChangedAt);
        if (
            inForceOn is null
            && document.ValidityOn(changed) == document.ValidityOn(day)
            && document.TextInForceOn(changed) == document.TextInForceOn(day)
        )
            return http.Conditional(ConditionalRequests.Tag(document.Version, inside), () => Results.Ok(view));
        http.Response.Headers.ETag = ConditionalRequests.Tag(document.Version);
        http.Response.Headers.CacheControl = "no-store";
        return Results.Ok(view);
    }

    internal static DocumentView View(PolicyDocument d, bool inside, DateOnly day)
    {
        var text = d.IsPublished && !d.HasEndedBy(day) ? d.TextInForceOn(day) : null;
        var coming = d.PublicTexts.ComingAfter(day);
        return new(
            d.Id,
            d.Version,
            d.State,
            d.ValidityOn(day),
            day,
            inside ? d.TitleOn(day) : d.PublicTitleOn(day),
            d.Kind,
            d.Issuers,
            d.Subject,
            d.Disclosure,
            d.Number?.ToString(),
            d.WrittenOn,
            d.IndexNumber,
            d.PublishedOn,
            d.IsPublished ? d.PublicTexts.Earliest().EffectiveFrom : null,
            d.ExpiresOn,
            d.DisclosureItem,
            d.Repealed,
            d.Superseded,
            text?.Revision,
            coming?.Revision,
            coming?.EffectiveFrom,
            inside ? d.Revision : null,
            inside ? d.MajorDecision : null,
            inside ? Gates.Open(d) : null,
            inside ? d.WithdrawnBecause : null,
            [.. d.Down.Select(down => new TakenDownView(down.Revision, down.Explanation, inside ? down.Ground : null, down.At))],
            inside ? d.Scheduled : null,
            inside && d.Prepared is { } prepared
                ? new(prepared.Revision, prepared.SentToReviewAt, prepared.Legality?.Passed, prepared.SignedOn, prepared.Corrects)
                : null,
            d.CreatedAt,
            d.ChangedAt,
            new(
                $"/api/v1/documents/{d.Id}",
                $"/api/v1/documents/{d.Id}/revisions",
                $"/api/v1/documents/{d.Id}/revisions/current",
                $"/api/v1/documents/{d.Id}/history",
                $"/api/v1/documents/{d.Id}/relations"
            )
        );
    }
}

/// <summary>A document without its texts.</summary>
/// <param name="Id">The document.</param>
/// <param name="Version">The version of its history: its ETag.</param>
/// <param name="State">Where it is on its way.</param>
/// <param name="Validity">有效性 on <paramref name="ValidityOn"/>; null before publication.</param>
/// <param name="ValidityOn">The day that validity and the text in force are told for, Asia/Shanghai; today unless <c>inForceOn</c> asks for
/// another.</param>
/// <param name="Title">标题.</param>
/// <param name="Kind">The kind of document.</param>
/// <param name="Issuers">发文机关, codes of the Catalog.</param>
/// <param name="Subject">主题分类, a code of the Catalog.</param>
/// <param name="Disclosure">公开属性.</param>
/// <param name="DocumentNumber">发文字号.</param>
/// <param name="WrittenOn">成文日期.</param>
/// <param name="IndexNumber">索引号.</param>
/// <param name="PublishedOn">发布日期.</param>
/// <param name="EffectiveFrom">施行日期 of the document.</param>
/// <param name="ExpiresOn">有效期至.</param>
/// <param name="DisclosureItem">The item of the disclosure catalogue that it is filed under, <c>district/04-01</c>; null for none.</param>
/// <param name="Repealed">The repeal, if there was one.</param>
/// <param name="Superseded">The supersession, if there was one.</param>
/// <param name="RevisionInForce">The revision in force on the day; null before its first and once its force has ended.</param>
/// <param name="ComingRevision">The next text that will be in force.</param>
/// <param name="ComingFrom">Its first day.</param>
/// <param name="NewestRevision">The newest revision recorded; only for those who work on the document.</param>
/// <param name="MajorDecision">Whether it is a major administrative decision; only for those who work on the document.</param>
/// <param name="Gates">What is still missing on the way to publication; only for those who work on the document.</param>
/// <param name="WithdrawnBecause">Why it was withdrawn.</param>
/// <param name="TakenDown">What the public does not read for the time being, with the explanation in its place.</param>
/// <param name="PlannedPublication">When it will become public, and with which days; only for those who work on the document, null when
/// nothing is set.</param>
/// <param name="Prepared">The text that is prepared for an amendment or a correction; only for those who work on the document.</param>
/// <param name="CreatedAt">When it was begun, UTC.</param>
/// <param name="ChangedAt">When something last happened to it, UTC.</param>
/// <param name="Links">Where to go on.</param>
public sealed record DocumentView(
    Guid Id,
    long Version,
    DocumentState State,
    Validity? Validity,
    DateOnly ValidityOn,
    string Title,
    DocumentKind Kind,
    IReadOnlyList<string> Issuers,
    string? Subject,
    Disclosure? Disclosure,
    string? DocumentNumber,
    DateOnly? WrittenOn,
    string? IndexNumber,
    DateOnly? PublishedOn,
    DateOnly? EffectiveFrom,
    DateOnly? ExpiresOn,
    string? DisclosureItem,
    Repeal? Repealed,
    Supersession? Superseded,
    int? RevisionInForce,
    int? ComingRevision,
    DateOnly? ComingFrom,
    int? NewestRevision,
    bool? MajorDecision,
    IReadOnlyList<Gate>? Gates,
    string? WithdrawnBecause,
    IReadOnlyList<TakenDownView> TakenDown,
    ScheduledPublication? PlannedPublication,
    PreparedView? Prepared,
    DateTimeOffset CreatedAt,
    DateTimeOffset ChangedAt,
    DocumentLinks Links
);

/// <summary>What the public does not read of a document for the time being.</summary>
/// <param name="Revision">The text; null for the whole document.</param>
/// <param name="Explanation">What the public reads in its place.</param>
/// <param name="Ground">On what ground (D 14, 15); only for those who work on the document, since it tells what is kept back.</param>
/// <param name="At">Since when, UTC.</param>
public sealed record TakenDownView(int? Revision, string Explanation, TakeDownGround? Ground, DateTimeOffset At);

/// <summary>How far a prepared text is on its way.</summary>
/// <param name="Revision">The revision.</param>
/// <param name="SentToReviewAt">When it went to review, UTC; null before that, and once it was sent back.</param>
/// <param name="PassedLegality">Whether it passed the legality review; null while there is none.</param>
/// <param name="SignedOn">The day of the signature, Asia/Shanghai; null while it is not signed.</param>
/// <param name="Corrects">The published text that it is signed as a correction of; null for any other.</param>
public sealed record PreparedView(int Revision, DateTimeOffset? SentToReviewAt, bool? PassedLegality, DateOnly? SignedOn, int? Corrects);

/// <summary>Where to go on from a document.</summary>
/// <param name="Self">The document itself.</param>
/// <param name="Revisions">The list of its texts.</param>
/// <param name="Current">Its text in force; of a draft the newest.</param>
/// <param name="History">What happened to it.</param>
/// <param name="Relations">How it is related to other documents.</param>
public sealed record DocumentLinks(string Self, string Revisions, string Current, string History, string Relations);
