using Marten;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>
/// Reads names and contacts of applicants, to send them something or to let them in: those who carry the hearing out, and whoever answers for
/// personal data. Who read whose, when and why is recorded.
/// </summary>
/// <param name="Numbers">The numbers of the applications.</param>
/// <param name="Reason">Why they are needed.</param>
/// <example>{"numbers": [3, 17], "reason": "送达听证会材料。"}</example>
public sealed record ReadHearingContacts(IReadOnlyList<long>? Numbers, string? Reason) : IEndpoint
{
    const int MostAtOnce = 200,
        LongestReason = 500;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/hearings/{id:guid}/contact-readings", Post)
            .RequireAnyRole(Roles.Drafter, Roles.Publisher, Roles.PersonalData)
            .Produces<HearingContacts>()
            .WithName("readHearingContacts");
        api.MapGet("/hearings/{id:guid}/contact-readings", List)
            .RequireAnyRole(Roles.Publisher, Roles.Supervisor, Roles.PersonalData)
            .Produces<Page<HearingContactReading>>()
            .WithName("listHearingContactReadings");
    }

    static Task<IResult> Post(Guid id, ReadHearingContacts command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http)
    {
        var invalid = new Invalid()
            .If(
                command.Numbers is not { Count: > 0 and <= MostAtOnce },
                "/numbers",
                "value.outOfRange",
                $"The numbers of 1 to {MostAtOnce} applications."
            )
            .Text("/reason", command.Reason, LongestReason);
        return writer.Append<PublicHearing>(
            http,
            id,
            async (hearing, session) =>
            {
                if (hearing is null)
                    return HearingSteps.NotFound(id);
                if (!caller.WorksFor(hearing.Bodies) && !caller.HasAny(Roles.PersonalData))
                    return HearingSteps.Foreign(hearing);
                if (invalid.Problem is { } problem)
                    return problem;
                var found = await session.Find(id, [.. command.Numbers!.Distinct()], http.RequestAborted);
                return Decision
                    .Record(
                        new HearingContactsRead(
                            [.. found.Where(f => f.Data is not null).Select(f => f.Application.Number)],
                            command.Reason!.Trim(),
                            caller.Actor(),
                            time.GetUtcNow()
                        )
                    )
                    .Knowing(
                        new HearingContacts([
                            .. found
                                .Where(f => f.Data is not null)
                                .Select(f => new HearingContact(f.Application.Number, f.Data!.Value.Name, f.Data.Value.Contact)),
                        ])
                    );
            },
            recorded => new Answer(200, recorded.Known<HearingContacts>()!)
        );
    }

    /// <summary>Who read contacts of applicants of a hearing, when and why, oldest first, paged.</summary>
    static async Task<IResult> List(Guid id, int? pageSize, string? pageToken, IQuerySession session, HttpContext http)
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid, $"{id}");
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        if (await session.LoadAsync<PublicHearing>(id, http.RequestAborted) is not { } hearing)
            return HearingSteps.NotFound(id).ToResult();
        var rows = hearing.Readings.Index().Skip(page.After?.Number ?? 0).Take(page.Size + 1).ToArray();
        return Results.Ok(page.Page(rows, r => r.Item, r => new Place(r.Index + 1)));
    }

    sealed record Place(int Number);
}

/// <summary>Names and contacts that were read.</summary>
/// <param name="Contacts">Those asked for; whoever was erased is left out.</param>
public sealed record HearingContacts(IReadOnlyList<HearingContact> Contacts);

/// <summary>An applicant's name and contact.</summary>
/// <param name="Number">The number of the application.</param>
/// <param name="Name">The name.</param>
/// <param name="Contact">A telephone number or an e-mail address.</param>
public sealed record HearingContact(long Number, string Name, string Contact);
