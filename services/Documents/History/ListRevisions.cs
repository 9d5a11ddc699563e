using System.Text.Json.Serialization;
using Marten;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.PersonalData;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.History;

/// <summary>
/// The revisions of a document without their texts, newest first, paged. The public sees those that were in force or will be.
/// </summary>
public sealed class ListRevisions : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/documents/{id:guid}/revisions", Get).Produces<Page<RevisionSummary>>().WithName("listRevisions");

    static async Task<IResult> Get(
        Guid id,
        int? pageSize,
        string? pageToken,
        Caller caller,
        IQuerySession session,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid, $"{id}");
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var cancellation = http.RequestAborted;
        var document = await session.LoadAsync<PolicyDocument>(id, cancellation);
        if (!caller.Sees(document))
            return Visibility.NotFound(id, document).ToResult();

        var inside = caller.SeesInside(document!);
        var before = page.After?.Revision ?? int.MaxValue;
        var query = session.Query<HistoryEntry>().Where(e => e.DocumentId == id && e.TextRevision < before);
        if (!inside)
        {
            var published = document!.PublicTexts.Select(t => (int?)t.Revision).ToArray();
            query = query.Where(e => published.Contains(e.TextRevision));
        }
        var rows = await query.OrderByDescending(e => e.TextRevision!).Take(page.Size + 1).ToListAsync(cancellation);
        var who = await ActorNames.Find(session, rows.Select(r => r.By.Id), cancellation);
        var today = time.Today();
        var current = Visibility.CurrentRevision(document!, today);
        return http.Conditional(
            $"\"{document!.Version}-{(inside ? ActorNames.Mark(who) : "p")}-{page.Size}-{before}-{current}\"",
            () => Results.Ok(page.Page(rows, e => Summary(e, document, inside, who, current), e => new Place(e.Revision!.Value)))
        );
    }

    internal static RevisionSummary Summary(
        HistoryEntry e,
        PolicyDocument document,
        bool inside,
        IReadOnlyDictionary<string, Sealed<string>> names,
        int current
    )
    {
        var text = document.PublicTexts.FirstOrDefault(t => t.Revision == e.Revision);
        var name = inside ? names.GetValueOrDefault(e.By.Id) : null;
        var down = text is null ? null : document.Down.Of(text.Revision);
        // The author's note on a draft is process information; the public reads the note of the amendment.
        return new(
            e.Revision!.Value,
            text?.EffectiveFrom,
            e.Revision == current,
            inside ? e.Note
                : down is null ? text?.Note
                : null,
            e.Significance,
            name?.IfReadable,
            e.By.Organisation,
            e.At,
            e.TextHash!,
            down?.Explanation,
            name is { IsReadable: false } ? true : null
        );
    }

    sealed record Place(int Revision);
}

/// <summary>A revision without its text.</summary>
/// <param name="Revision">Its number, 1 for the first.</param>
/// <param name="EffectiveFrom">The first day on which it is the text in force, Asia/Shanghai; null for a draft.</param>
/// <param name="IsCurrent">Whether it is the text that <c>revisions/current</c> shows.</param>
/// <param name="ChangeNote">What was changed and why.</param>
/// <param name="Significance">What its author called the change.</param>
/// <param name="RecordedBy">Who recorded it; only for those who work on the document.</param>
/// <param name="Organisation">The organisation it was recorded for.</param>
/// <param name="RecordedAt">When, UTC.</param>
/// <param name="TextHash">SHA-256 of the canonical text.</param>
/// <param name="TakenDown">What the public reads in its place, where it is taken from the public; left out where it is not.</param>
/// <param name="IsUnreadable">True where who recorded it is sealed with a key that is missing.</param>
public sealed record RevisionSummary(
    int Revision,
    DateOnly? EffectiveFrom,
    bool IsCurrent,
    string? ChangeNote,
    Significance? Significance,
    string? RecordedBy,
    string Organisation,
    DateTimeOffset RecordedAt,
    string TextHash,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? TakenDown = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? IsUnreadable = null
);
