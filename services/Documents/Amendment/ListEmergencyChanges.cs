using System.ComponentModel;
using Marten;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.Amendment;

/// <summary>
/// The changes of the law in force that went no way and that no published document orders, the newest first, paged: how many there are, and
/// why.
/// </summary>
public sealed class ListEmergencyChanges : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/documents/emergency-changes", Get)
            .RequireAnyRole(Roles.Reviewer, Roles.Publisher, Roles.Supervisor)
            .Produces<EmergencyChanges>()
            .WithName("listEmergencyChanges");

    static async Task<IResult> Get(
        [Description("Made for this organisation, a code of the Catalog.")] string? organisation,
        [Description("Made on this day or later, Asia/Shanghai.")] DateOnly? from,
        [Description("Made on this day or earlier, Asia/Shanghai.")] DateOnly? to,
        int? pageSize,
        string? pageToken,
        IQuerySession session,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid, $"{organisation} {from:O} {to:O}");
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var query = session.Query<HistoryEntry>().Where(e => e.EmergencyReason != null);
        if (organisation is not null)
            query = query.Where(e => e.By.Organisation == organisation);
        if (from is { } first && first > DateOnly.MinValue)
        {
            var begins = OfficialTime.StartOf(first);
            query = query.Where(e => e.At >= begins);
        }
        if (to is { } last && last < DateOnly.MaxValue)
        {
            var ends = OfficialTime.StartOf(last.AddDays(1));
            query = query.Where(e => e.At < ends);
        }
        var total = await query.CountAsync(http.RequestAborted);
        // They are few, and none goes away.
        var before = page.After?.Shown ?? 0;
        var rows = await query
            .OrderByDescending(e => e.At)
            .ThenBy(e => e.Id)
            .Skip(before)
            .Take(page.Size + 1)
            .ToListAsync(http.RequestAborted);
        var documents = (
            await session.LoadManyAsync<PolicyDocument>(http.RequestAborted, [.. rows.Select(r => r.DocumentId).Distinct()])
        ).ToDictionary(d => d.Id);
        var shown = page.Page(
            rows,
            e => new EmergencyChange(
                e.DocumentId,
                documents[e.DocumentId].TitleOn(time.Today()),
                documents[e.DocumentId].Number?.ToString(),
                e.What,
                e.Summary,
                e.EmergencyReason!,
                e.By.Organisation,
                e.At,
                e.Version,
                e.Revision
            ),
            _ => new Place(before + page.Size)
        );
        http.Response.Headers.CacheControl = "no-store";
        return Results.Ok(new EmergencyChanges(total, shown.Items, shown.NextPageToken));
    }

    sealed record Place(int Shown);
}

/// <summary>A page of changes that were made in an emergency.</summary>
/// <param name="Total">How many there are.</param>
/// <param name="Items">These.</param>
/// <param name="NextPageToken">Asks for those after them; null for none.</param>
public sealed record EmergencyChanges(int Total, IReadOnlyList<EmergencyChange> Items, string? NextPageToken);

/// <summary>A change that was made in an emergency.</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Title">标题 today.</param>
/// <param name="DocumentNumber">发文字号.</param>
/// <param name="What">amended, corrected, repealed, superseded, restored, expiryChanged or elementsCorrected.</param>
/// <param name="Summary">What happened, in the language of the request.</param>
/// <param name="Reason">Why it went no way.</param>
/// <param name="Organisation">The organisation that it was made for.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Version">Its place in the document's history.</param>
/// <param name="Revision">The text; null for what is about none.</param>
public sealed record EmergencyChange(
    Guid DocumentId,
    string Title,
    string? DocumentNumber,
    string What,
    Wording Summary,
    string Reason,
    string Organisation,
    DateTimeOffset At,
    long Version,
    int? Revision
);
