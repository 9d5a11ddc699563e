using System.Text.Json.Serialization;
using Marten;
using Marten.Linq;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.PersonalData;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.History;

/// <summary>What happened to a document, newest first, paged.</summary>
public sealed class ReadHistory : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/documents/{id:guid}/history", Get).Produces<Page<HistoryItem>>().WithName("readHistory");

    static async Task<IResult> Get(Guid id, int? pageSize, string? pageToken, Caller caller, IQuerySession session, HttpContext http)
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid, $"{id}");
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var cancellation = http.RequestAborted;
        var before = page.After?.Version ?? long.MaxValue;
        var limit = page.Size + 1;
        var open = new NewestPublicEntries
        {
            DocumentId = id,
            Before = before,
            Limit = limit,
        };
        // Asked in one go. What whoever has a token sees is known from the document only: then all entries are asked for.
        var batch = session.CreateBatchQuery();
        var loading = batch.Load<PolicyDocument>(id);
        var reading = caller.IsPublic
            ? batch.Query(open)
            : batch.Query(
                new NewestEntries
                {
                    DocumentId = id,
                    Before = before,
                    Limit = limit,
                }
            );
        await batch.Execute(cancellation);
        var document = await loading;
        if (!caller.Sees(document))
            return Visibility.NotFound(id, document).ToResult();

        var inside = caller.SeesInside(document!);
        var entries = inside || caller.IsPublic ? await reading : await session.QueryAsync(open, cancellation);
        var rows = entries.ToArray();
        var who = await ActorNames.Find(session, rows.Select(r => r.By.Id), cancellation);
        // The draft that a clean-up began is the leading issuer's alone.
        var isLeading = inside && caller.SeesInside([document!.Issuers[0]]);
        return http.Conditional(
            $"\"{document!.Version}-{Form}-{(inside ? ActorNames.Mark(who) : "p")}-{isLeading}-{page.Size}-{before}\"",
            () =>
                Results.Ok(
                    page.Page(
                        rows,
                        e =>
                            inside
                                ? Item(isLeading || e.What is not "cleanedUp" ? e : e with { Link = null }, who.GetValueOrDefault(e.By.Id))
                                : Public(e, document),
                        e => new Place(e.Version)
                    )
                )
        );
    }

    /// <summary>As outsiders read it: which organisation acted, not which person; of a text that is taken down not what was said of it.</summary>
    internal static HistoryItem Public(HistoryEntry e, PolicyDocument document)
    {
        e = e with { EmergencyReason = null };
        return Item(
            e.Revision is { } text && e.What is not "takenDown" && document.Down.Of(text) is not null
                ? e with
                {
                    Note = null,
                    Summary = e.What is "noteCorrected" ? $"Note of revision {text} corrected" : e.Summary,
                }
                : e,
            null
        );
    }

    internal static HistoryItem Item(HistoryEntry e, Sealed<string>? name) =>
        new(
            e.Version,
            e.What,
            e.Summary,
            name?.IfReadable,
            e.By.Organisation,
            e.At,
            e.Note,
            e.Revision,
            e.Link,
            name is { IsReadable: false } ? true : null,
            e.EmergencyReason
        );

    // Counted up where the words or the members change.
    const int Form = 3;

    sealed record Place(long Version);

    /// <summary>A page of all entries.</summary>
    public sealed class NewestEntries : ICompiledListQuery<HistoryEntry>
    {
        /// <summary>The document.</summary>
        public Guid DocumentId { get; set; }

        /// <summary>Only entries before this version.</summary>
        public long Before { get; set; }

        /// <summary>At most so many.</summary>
        public int Limit { get; set; }

        /// <inheritdoc/>
        public System.Linq.Expressions.Expression<Func<IMartenQueryable<HistoryEntry>, IEnumerable<HistoryEntry>>> QueryIs() =>
            entries => entries.Where(e => e.DocumentId == DocumentId && e.Version < Before).OrderByDescending(e => e.Version).Take(Limit);
    }

    /// <summary>A page of the entries that the public may know of.</summary>
    public sealed class NewestPublicEntries : ICompiledListQuery<HistoryEntry>
    {
        /// <summary>The document.</summary>
        public Guid DocumentId { get; set; }

        /// <summary>Only entries before this version.</summary>
        public long Before { get; set; }

        /// <summary>At most so many.</summary>
        public int Limit { get; set; }

        /// <inheritdoc/>
        public System.Linq.Expressions.Expression<Func<IMartenQueryable<HistoryEntry>, IEnumerable<HistoryEntry>>> QueryIs() =>
            entries =>
                entries
                    .Where(e => e.DocumentId == DocumentId && e.IsPublic && e.Version < Before)
                    .OrderByDescending(e => e.Version)
                    .Take(Limit);
    }
}

/// <summary>One thing that happened.</summary>
/// <param name="Version">Its place in the document's history, from 1.</param>
/// <param name="What">A stable code: draftCreated, revisionRecorded, consultationBegan, published, amended, repealed ….</param>
/// <param name="Summary">What happened, in the language of the request.</param>
/// <param name="Who">Who did it; only for those who work on the document, and null where the name was erased.</param>
/// <param name="Organisation">The organisation it was done for.</param>
/// <param name="At">When the library came to know of it, UTC.</param>
/// <param name="Note">What was said about it.</param>
/// <param name="Revision">The revision that it is about.</param>
/// <param name="Link">
/// Where it took place, below the API's address: the consultation; of a clean-up that wants an amendment the draft
/// that was begun for it; of numbers that were exchanged the other document.
/// Null for what took place here.
/// </param>
/// <param name="IsUnreadable">True where who did it is sealed with a key that is missing.</param>
/// <param name="EmergencyReason">For a change that was made in an emergency, why it went no way; only for those who work on the document.</param>
public sealed record HistoryItem(
    long Version,
    string What,
    Wording Summary,
    string? Who,
    string Organisation,
    DateTimeOffset At,
    string? Note,
    int? Revision,
    string? Link,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? IsUnreadable = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? EmergencyReason = null
);
