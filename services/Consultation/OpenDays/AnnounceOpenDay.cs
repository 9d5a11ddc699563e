using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.OpenDays;

/// <summary>
/// Announces an open day (政府开放日, W 九): from that instant on everybody reads of it, registers and asks. A drafter announces those of the
/// own organisation.
/// </summary>
/// <param name="Topic">What it is about.</param>
/// <param name="Body">Who opens its doors, a code of the Catalog; the caller's organisation when left out.</param>
/// <param name="Place">Where.</param>
/// <param name="Description">What there is to see and to ask.</param>
/// <param name="StartsAt">When it begins.</param>
/// <param name="EndsAt">When it ends.</param>
/// <param name="Capacity">How many seats there are.</param>
/// <param name="RegistrationUntil">The first instant that is too late to register; its beginning when left out.</param>
/// <param name="QuestionsUntil">The first instant that is too late for a question before the day; its beginning when left out.</param>
/// <example>{"topic": "走进供热调度中心", "body": "370114-ZJ", "place": "云泽大街1号供热调度中心", "description": "参观调度大厅，现场解答冬季供热政策。",
/// "startsAt": "2026-06-20T09:00:00+08:00", "endsAt": "2026-06-20T11:30:00+08:00", "capacity": 100,
/// "registrationUntil": "2026-06-18T18:00:00+08:00", "questionsUntil": "2026-06-15T18:00:00+08:00"}</example>
public sealed record AnnounceOpenDay(
    string? Topic,
    string? Body,
    string? Place,
    string? Description,
    DateTimeOffset? StartsAt,
    DateTimeOffset? EndsAt,
    int? Capacity,
    DateTimeOffset? RegistrationUntil,
    DateTimeOffset? QuestionsUntil
) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/open-days", Post)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter)
            .Produces<OpenDayView>(201)
            .WithName("announceOpenDay");

    static async Task<IResult> Post(
        AnnounceOpenDay command,
        Caller caller,
        Catalog.CatalogClient catalog,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        var now = time.GetUtcNow();
        var body = command.Body.OrNone()?.Trim() ?? caller.Organisation;
        var invalid = new Invalid()
            .Text("/topic", command.Topic, Limits.LongestTitle)
            .Text("/place", command.Place, Limits.LongestTitle)
            .Text("/description", command.Description, Limits.LongestText)
            .Text("/body", body, Limits.LongestCode)
            .If(command.Capacity is null, "/capacity", "value.missing", "How many seats there are is required.")
            .Capacity(command.Capacity);
        var times = OpenDaySteps.Times(invalid, command.StartsAt, command.EndsAt, command.RegistrationUntil, command.QuestionsUntil, now);
        if (body.Length is > 0 and <= Limits.LongestCode)
        {
            if (!caller.WorksFor([body]))
                return ConsultationProblems
                    .ForeignBody.With(
                        $"You speak for {caller.Organisation}; an open day of {body} is announced by {body} or by a publisher."
                    )
                    .ToResult();
            var found = await catalog.ResolveCodesAsync(new() { Organisations = { body } }, cancellationToken: http.RequestAborted);
            invalid.If(
                found.Organisations.Count == 0,
                "/body",
                "organisation.unknown",
                $"The Catalog has no organisation {body} today. See GET /api/v1/organisations."
            );
        }
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var announced = new OpenDayAnnounced(
            Guid.CreateVersion7(),
            command.Topic!.Trim(),
            body,
            command.Place!.Trim(),
            command.Description!.Trim(),
            times,
            command.Capacity!.Value,
            caller.Actor(),
            now
        );
        return await writer.Start<OpenDay>(
            http,
            announced.OpenDayId,
            _ => Task.FromResult(Decision.Record(announced)),
            recorded => new Answer(
                201,
                OpenDayView.Of(recorded.After(), new SeatsTaken(), now, inside: true),
                $"/api/v1/open-days/{announced.OpenDayId}"
            )
        );
    }
}
