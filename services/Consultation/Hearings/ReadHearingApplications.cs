using System.ComponentModel;
using System.Text.Json.Serialization;
using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.PersonalData;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>The applications for a hearing, without names and contacts, for those who work on it; one for whoever has its receipt.</summary>
public sealed class ReadHearingApplications : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/hearings/{id:guid}/applications", List)
            .RequireAnyRole(Roles.Drafter, Roles.Reviewer, Roles.Publisher, Roles.Supervisor)
            .Produces<Page<HearingApplicationView>>()
            .WithName("listHearingApplications");
        api.MapGet("/hearings/{id:guid}/applications/{application:guid}", One)
            .Produces<HearingApplicationView>()
            .WithName("readHearingApplication");
    }

    /// <summary>
    /// The applications for a hearing by their numbers, paged; by kind. Without names and contacts, which are read for a reason that is
    /// recorded: POST …/contact-readings.
    /// </summary>
    static async Task<IResult> List(
        Guid id,
        [OneOf(typeof(ApplicantKind))] string? kind,
        int? pageSize,
        string? pageToken,
        Caller caller,
        IQuerySession session,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid, $"{id}");
        var ofKind = invalid.OneOf<ApplicantKind>("kind", kind);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        if (await session.LoadAsync<PublicHearing>(id, http.RequestAborted) is not { } hearing)
            return HearingSteps.NotFound(id).ToResult();
        if (!caller.SeesInside(hearing.Bodies))
            return HearingSteps.Foreign(hearing).ToResult();
        var query = session.Query<HearingApplication>().Where(a => a.HearingId == id);
        if (ofKind is not null)
            query = query.Where(a => a.Kind == ofKind.Value);
        if (page.After is { } after)
            query = query.Where(a => a.Number > after.Number);
        var rows = await session.WithApplicants(
            await query.OrderBy(a => a.Number).Take(page.Size + 1).ToListAsync(http.RequestAborted),
            http.RequestAborted
        );
        return Results.Ok(
            page.Page(rows, r => HearingApplicationView.Of(r.Application, hearing, r.Data, null), r => new Place(r.Application.Number))
        );
    }

    /// <summary>
    /// One application with what became of it, for whoever has its receipt. While applications are taken and seats are given in the order of
    /// receipt, it says which place it has so far.
    /// </summary>
    static async Task<IResult> One(
        Guid id,
        Guid application,
        [Description("What the applicant was given.")] string? receipt,
        IQuerySession session,
        TimeProvider time,
        HttpContext http
    )
    {
        if (await session.LoadAsync<HearingApplication>(application, http.RequestAborted) is not { } own || !own.IsShownBy(id, receipt))
            return HearingSteps.NoApplication(application).ToResult();
        var hearing = (await session.LoadAsync<PublicHearing>(id, http.RequestAborted))!;
        var place = await PlaceSoFar(own, hearing, session, http.RequestAborted);
        return await http.ConditionalAsync(
            ConditionalRequests.Tag(own.Version, $"{JsonDefaults.Word(own.StateIn(hearing))}{hearing.PublicVersion}.{place}"),
            async () =>
                Results.Ok(
                    HearingApplicationView.Of(
                        own,
                        hearing,
                        (await session.LoadAsync<HearingApplicant>(application, http.RequestAborted))?.Data,
                        place
                    )
                )
        );
    }

    static async Task<int?> PlaceSoFar(HearingApplication own, PublicHearing hearing, IQuerySession session, CancellationToken cancellation)
    {
        if (
            hearing.SelectedAt is not null
            || own.WithdrawnAt is not null
            || hearing.Terms.Method is not (SelectionMethod.FirstCome or SelectionMethod.ByGroup)
        )
            return null;
        var before = session
            .Query<HearingApplication>()
            .Where(a => a.HearingId == hearing.Id && a.Number < own.Number && a.WithdrawnAt == null);
        if (hearing.Terms.Method is SelectionMethod.ByGroup)
            before = before.Where(a => a.Kind == own.Kind);
        return await before.CountAsync(cancellation) + 1;
    }

    sealed record Place(long Number);
}

/// <summary>An application for a hearing as the API shows it; never with its contact.</summary>
/// <param name="Id">The application.</param>
/// <param name="HearingId">The hearing.</param>
/// <param name="Version">The version of its history.</param>
/// <param name="Number">Its number, in the order of receipt; public.</param>
/// <param name="Kind">For whom.</param>
/// <param name="State">What became of it.</param>
/// <param name="Place">Which place it has so far in the order of receipt, by group within its kind; null where that is known, or decides nothing.</param>
/// <param name="Region">Where the applicant lives or works; null in answers to writes, and once it was erased.</param>
/// <param name="Reason">Why the applicant wants to take part; null in answers to writes, and once it was erased.</param>
/// <param name="AppliedAt">When it was received, UTC.</param>
/// <param name="ConfirmedAt">When attendance was confirmed, UTC.</param>
/// <param name="ErasedAt">When it was erased who it is, UTC.</param>
/// <param name="Answer">What was said of the record.</param>
/// <param name="IsUnreadable">True where the rest is sealed with a key that is missing.</param>
public sealed record HearingApplicationView(
    Guid Id,
    Guid HearingId,
    long Version,
    long Number,
    ApplicantKind Kind,
    HearingApplicationState State,
    int? Place,
    string? Region,
    string? Reason,
    DateTimeOffset AppliedAt,
    DateTimeOffset? ConfirmedAt,
    DateTimeOffset? ErasedAt,
    HearingRecordAnswer? Answer,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? IsUnreadable = null
)
{
    internal static HearingApplicationView Of(HearingApplication a, PublicHearing hearing, Sealed<ApplicantData>? data, int? place) =>
        new(
            a.Id,
            a.HearingId,
            a.Version,
            a.Number,
            a.Kind,
            a.StateIn(hearing),
            place,
            data?.IfReadable?.Region,
            data?.IfReadable?.Reason,
            a.AppliedAt,
            a.ConfirmedAt,
            a.ErasedAt,
            a.Answer,
            data is { IsReadable: false } ? true : null
        );
}
