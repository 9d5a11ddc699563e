using System.Text.Json.Serialization;
using Marten;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>The list of participants; public once it is published.</summary>
public sealed class ReadParticipants : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/hearings/{id:guid}/participants", List).Produces<Page<HearingParticipant>>().WithName("listHearingParticipants");

    /// <summary>
    /// The participants of a hearing by their numbers, paged: for whom they take part, and the surnames of those who agreed to it. Those who
    /// work on the hearing see the list before it is published.
    /// </summary>
    static async Task<IResult> List(Guid id, int? pageSize, string? pageToken, Caller caller, IQuerySession session, HttpContext http)
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid, $"{id}");
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        if (await session.LoadAsync<PublicHearing>(id, http.RequestAborted) is not { } hearing)
            return HearingSteps.NotFound(id).ToResult();
        if (hearing.ParticipantsPublishedAt is null && !caller.SeesInside(hearing.Bodies))
            return ConsultationProblems.HearingNotShown.With("The list of participants is not published yet.").ToResult();
        long[] numbers = [.. hearing.Seated.Select(s => s.Number).Where(n => n > (page.After?.Number ?? 0)).Order().Take(page.Size + 1)];
        var rows = await session.Find(id, numbers, http.RequestAborted);
        return Results.Ok(
            page.Page(
                rows,
                r => new HearingParticipant(
                    r.Application.Number,
                    r.Application.Kind,
                    r.Data?.IfReadable?.Surname,
                    r.Application.StateIn(hearing),
                    r.Data is { IsReadable: false } ? true : null
                ),
                r => new Place(r.Application.Number)
            )
        );
    }

    sealed record Place(long Number);
}

/// <summary>Somebody who takes part in a hearing.</summary>
/// <param name="Number">The number of the application.</param>
/// <param name="Kind">For whom.</param>
/// <param name="Surname">The surname, where it was agreed that it is shown; null otherwise.</param>
/// <param name="State">chosen, or confirmed by the participant.</param>
/// <param name="IsUnreadable">True where the surname is sealed with a key that is missing.</param>
public sealed record HearingParticipant(
    long Number,
    ApplicantKind Kind,
    string? Surname,
    HearingApplicationState State,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? IsUnreadable = null
);
