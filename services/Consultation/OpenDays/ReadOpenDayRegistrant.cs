using Marten;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.OpenDays;

/// <summary>Reads who registered, for a reason that is recorded with who read it and when.</summary>
/// <param name="Reason">Why it is needed.</param>
/// <example>{"reason": "活动改期，需电话通知本人。"}</example>
public sealed record ReadOpenDayRegistrant(string? Reason) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/open-days/{id:guid}/registrations", List)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter, Roles.Supervisor)
            .Produces<Page<OpenDayRegistrationView>>()
            .WithName("listOpenDayRegistrations");
        api.MapPost("/open-days/{id:guid}/registrations/{number:int}/readings", Post)
            .RequireAnyRole(Roles.PersonalData)
            .Produces<RegistrantShown>()
            .WithName("readOpenDayRegistrant");
    }

    /// <summary>
    /// The registrations of an open day in the order of their numbers, paged, for those who hold it: how each stands, and who has come. Who
    /// they are is not told here.
    /// </summary>
    static async Task<IResult> List(
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
        if (await session.LoadAsync<OpenDay>(id, http.RequestAborted) is not { } day)
            return OpenDaySteps.NotFound(id).ToResult();
        if (!caller.HasAny(Roles.Supervisor) && !caller.WorksFor([day.Body]))
            return OpenDaySteps.Foreign(day).ToResult();
        var after = page.After?.Number ?? 0;
        var rows = await session
            .Query<OpenDayRegistration>()
            .Where(r => r.OpenDayId == id && r.Number > after)
            .OrderBy(r => r.Number)
            .Take(page.Size + 1)
            .ToListAsync(http.RequestAborted);
        var upTo = await SeatsTaken.Of(session, day, http.RequestAborted, after);
        var shown = new Dictionary<int, OpenDayRegistrationView>();
        foreach (var registration in rows)
        {
            if (registration.CancelledAt is null)
                upTo = upTo.With(registration.Party, day.Capacity);
            shown[registration.Number] = OpenDayRegistrationView.Of(registration, day, upTo, time.GetUtcNow());
        }
        return Results.Ok(page.Page(rows, r => shown[r.Number], r => new Place(r.Number)));
    }

    static Task<IResult> Post(
        Guid id,
        int number,
        ReadOpenDayRegistrant command,
        Caller caller,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        if (new Invalid().Text("/reason", command.Reason, Limits.LongestReason).Problem is { } problem)
            return Task.FromResult(problem.ToResult());
        return writer.Append<OpenDayRegistration>(
            http,
            OpenDayRegistration.IdOf(id, number),
            async (registration, session) =>
                registration is not null
                && await session.LoadAsync<OpenDayRegistrant>(registration.Id, http.RequestAborted) is { } registrant
                    ? Decision
                        .Record(new OpenDayRegistrantRead(command.Reason!.Trim(), caller.Actor(), time.GetUtcNow()))
                        .Knowing(registrant.Details.Value)
                    : ConsultationProblems.RegistrationNotFound.With(
                        $"There is no registration {number} for this open day whose name and contact are still kept."
                    ),
            recorded => new Answer(
                200,
                new RegistrantShown(
                    number,
                    recorded.Known<RegistrantDetails>()!.Name,
                    recorded.Known<RegistrantDetails>()!.Contact,
                    recorded.After().Readings
                )
            )
        );
    }

    sealed record Place(int Number);
}

/// <summary>Who registered.</summary>
/// <param name="Number">The number of the registration.</param>
/// <param name="Name">The name.</param>
/// <param name="Contact">A telephone number or an e-mail address.</param>
/// <param name="Readings">Who read this before and now, oldest first.</param>
public sealed record RegistrantShown(int Number, string Name, string Contact, IReadOnlyList<RegistrantReading> Readings);
