using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.OpenDays;

/// <summary>
/// Cancels one's own registration, with its receipt: whoever waits moves up in the order of the numbers, and sees that with the own receipt.
/// Name and contact are erased.
/// </summary>
/// <param name="Receipt">What the answer to the registration told.</param>
/// <example>{"receipt": "0f8fad5bd9cb469fa16570867728950e"}</example>
public sealed record CancelOpenDayRegistration(string? Receipt) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/open-days/{id:guid}/registration", Get).Produces<OpenDayRegistrationView>().WithName("readOpenDayRegistration");
        api.MapPost("/open-days/{id:guid}/registration/cancel", Post)
            .Produces<OpenDayRegistrationView>()
            .WithName("cancelOpenDayRegistration");
    }

    /// <summary>One's own registration, with its receipt: whether there is a seat, or the place among those who wait.</summary>
    static async Task<IResult> Get(
        Guid id,
        [Required, Description("What the answer to the registration told.")] string? receipt,
        IQuerySession session,
        TimeProvider time,
        HttpContext http
    )
    {
        if (await Find(session, id, receipt, http.RequestAborted) is not { } registration)
            return Unknown(id).ToResult();
        var day = (await session.LoadAsync<OpenDay>(id, http.RequestAborted))!;
        var upTo = await SeatsTaken.Of(session, day, http.RequestAborted, registration.Number);
        var now = time.GetUtcNow();
        var shown = OpenDayRegistrationView.Of(registration, day, upTo, now);
        return http.Conditional(
            ConditionalRequests.Tag(
                registration.Version,
                $"{day.Version}.{JsonDefaults.Word(day.StateAt(now))}.{JsonDefaults.Word(shown.Standing)}{shown.Place}"
            ),
            () => Results.Ok(shown)
        );
    }

    static async Task<IResult> Post(
        Guid id,
        CancelOpenDayRegistration command,
        Caller caller,
        IQuerySession query,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        if (new Invalid().Text("/receipt", command.Receipt, Limits.LongestCode).Problem is { } problem)
            return problem.ToResult();
        if (await Find(query, id, command.Receipt, http.RequestAborted) is not { } found)
            return Unknown(id).ToResult();
        var day = (await query.LoadAsync<OpenDay>(id, http.RequestAborted))!;
        return await writer.Append<OpenDayRegistration>(
            http,
            found.Id,
            async (registration, session) =>
            {
                // Those who move up are told so from one moment to the next: nobody registers in between.
                await session.TakeTurn(id, http.RequestAborted);
                var decision = Decide(registration!, day, caller.Anybody(), time.GetUtcNow());
                if (decision.Problem is null)
                    session.HardDelete<OpenDayRegistrant>(found.Id);
                return decision;
            },
            recorded => new Answer(200, OpenDayRegistrationView.Of(recorded.After(), day, new SeatsTaken(), time.GetUtcNow()))
        );
    }

    internal static Decision Decide(OpenDayRegistration registration, OpenDay day, Actor by, DateTimeOffset now) =>
        registration.CancelledAt is { } cancelled
            ? ConsultationProblems.RegistrationState.With($"The registration was cancelled on {OfficialTime.DateIn(cancelled):yyyy-MM-dd}.")
        : registration.CheckedInAt is not null || now >= day.EndsAt
            ? ConsultationProblems.RegistrationState.With(
                "A registration can be cancelled until the open day is over, by those who have not come."
            )
        : Decision.Record(new OpenDayRegistrationCancelled(by, now));

    /// <summary>The registration of a receipt.</summary>
    internal static async Task<OpenDayRegistration?> Find(IQuerySession session, Guid day, string? receipt, CancellationToken cancellation)
    {
        if (receipt.OrNone() is not { Length: <= Limits.LongestCode } given)
            return null;
        var hash = Shared.Receipts.Receipt.HashOf(given);
        return await session.Query<OpenDayRegistration>().FirstOrDefaultAsync(r => r.Receipt == hash && r.OpenDayId == day, cancellation);
    }

    internal static Problem Unknown(Guid day) =>
        ConsultationProblems.RegistrationNotFound.With($"No registration for the open day {day} has this receipt.") with
        {
            IsWrongSecret = true,
        };
}
