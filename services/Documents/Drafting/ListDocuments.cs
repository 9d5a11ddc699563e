using System.ComponentModel;
using Marten;
using PolicyPlatform.Documents.History;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.Drafting;

/// <summary>The documents that the caller works on, last changed first, paged: a drafter's are those of the own organisation.</summary>
public sealed class ListDocuments : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/documents", Get)
            .RequireAnyRole(Roles.Drafter, Roles.Reviewer, Roles.Signer, Roles.Publisher, Roles.Supervisor)
            .Produces<Page<DocumentView>>()
            .WithName("listDocuments");

    static async Task<IResult> Get(
        [OneOf(typeof(DocumentState))] string? state,
        string? issuer,
        [Description("Only documents whose publication is planned, or only others.")] bool? planned,
        int? pageSize,
        string? pageToken,
        Caller caller,
        IQuerySession session,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid);
        var inState = invalid.OneOf<DocumentState>("state", state);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        IQueryable<PolicyDocument> query = session.Query<PolicyDocument>();
        if (!caller.HasAny(Roles.Reviewer, Roles.Signer, Roles.Publisher, Roles.Supervisor))
            query = query.Where(d => d.Issuers.Contains(caller.Organisation));
        if (inState is { } wanted)
            query = query.Where(d => d.State == wanted);
        if (issuer is not null)
            query = query.Where(d => d.Issuers.Contains(issuer));
        if (planned is { } isPlanned)
            query = isPlanned ? query.Where(d => d.Scheduled != null) : query.Where(d => d.Scheduled == null);
        if (page.After is { } after)
            query = query.Where(d => d.ChangedAt < after.ChangedAt || d.ChangedAt == after.ChangedAt && d.Id.CompareTo(after.Id) < 0);
        var rows = await query
            .OrderByDescending(d => d.ChangedAt)
            .ThenByDescending(d => d.Id)
            .Take(page.Size + 1)
            .ToListAsync(http.RequestAborted);
        return Results.Ok(page.Page(rows, d => ReadDocument.View(d, inside: true, time.Today()), d => new Place(d.ChangedAt, d.Id)));
    }

    sealed record Place(DateTimeOffset ChangedAt, Guid Id);
}
