using System.Globalization;
using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.OpenDays;

/// <summary>What every step on an open day has in common.</summary>
static class OpenDaySteps
{
    /// <summary>
    /// Changes an open day of the caller's. Whoever registers meanwhile does so before it or after it: both take the same turn.
    /// </summary>
    public static Task<IResult> Step(
        this EventWriter writer,
        HttpContext http,
        Guid id,
        Caller caller,
        Invalid invalid,
        TimeProvider time,
        Func<OpenDay, IDocumentSession, Task<Decision>> decide
    )
    {
        var seats = new SeatsTaken();
        return writer.Append<OpenDay>(
            http,
            id,
            async (day, session) =>
            {
                if (day is null)
                    return NotFound(id);
                if (!caller.WorksFor([day.Body]))
                    return Foreign(day);
                if (invalid.Problem is { } problem)
                    return problem;
                await session.TakeTurn(id, http.RequestAborted);
                var decision = await decide(day, session);
                if (decision.Problem is null)
                    seats = await SeatsTaken.Of(session, day.Then(decision.Events)!, http.RequestAborted);
                return decision;
            },
            recorded => new Answer(200, OpenDayView.Of(recorded.After(), seats, time.GetUtcNow(), inside: true))
        );
    }

    /// <summary>The same for a decision that reads nothing else.</summary>
    public static Task<IResult> Step(
        this EventWriter writer,
        HttpContext http,
        Guid id,
        Caller caller,
        Invalid invalid,
        TimeProvider time,
        Func<OpenDay, Decision> decide
    ) => writer.Step(http, id, caller, invalid, time, (day, _) => Task.FromResult(decide(day)));

    /// <summary>Who acts, also where it is somebody without a token.</summary>
    public static Actor Anybody(this Caller caller) => caller.IsPublic ? new("public", "") : caller.Actor();

    /// <summary>An instant as people in China read it.</summary>
    public static string OnTheClock(this DateTimeOffset instant) =>
        instant
            .ToOffset(OfficialTime.StartOf(OfficialTime.DateIn(instant)).Offset)
            .ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);

    public static Problem NotFound(Guid id) => ConsultationProblems.OpenDayNotFound.With($"There is no open day {id}.");

    public static Problem Foreign(OpenDay day) =>
        ConsultationProblems.ForeignBody.With($"The open day is held by {day.Body}; its drafters and the publishers work on it.");

    public static Problem WrongState(this OpenDay day, DateTimeOffset now, Wording step, Wording when) =>
        ConsultationProblems.OpenDayState.With($"The open day is {JsonDefaults.Word(day.StateAt(now))}. It can be {step} {when}.");

    /// <summary>Notes what is wrong with the times of an open day; those that were left out are taken for its beginning.</summary>
    public static OpenDayTimes Times(
        Invalid invalid,
        DateTimeOffset? startsAt,
        DateTimeOffset? endsAt,
        DateTimeOffset? registrationUntil,
        DateTimeOffset? questionsUntil,
        DateTimeOffset now
    )
    {
        var times = new OpenDayTimes(
            (startsAt ?? now).ToUniversalTime(),
            (endsAt ?? now).ToUniversalTime(),
            (registrationUntil ?? startsAt ?? now).ToUniversalTime(),
            (questionsUntil ?? startsAt ?? now).ToUniversalTime()
        );
        invalid
            .If(startsAt is null, "/startsAt", "value.missing", "When it begins is required.")
            .If(startsAt <= now, "/startsAt", "date.inPast", "It begins in the future.")
            .If(startsAt > now.AddDays(MostDaysAhead), "/startsAt", "date.tooFar", $"At most {MostDaysAhead} days ahead.")
            .If(endsAt is null, "/endsAt", "value.missing", "When it ends is required.")
            .If(
                endsAt is not null && startsAt is not null && (endsAt <= startsAt || endsAt > startsAt.Value.AddDays(MostDays)),
                "/endsAt",
                "value.outOfRange",
                $"After its beginning, and at most {MostDays} days after it."
            );
        Check("/registrationUntil", registrationUntil);
        Check("/questionsUntil", questionsUntil);
        return times;

        void Check(string pointer, DateTimeOffset? until) =>
            invalid.If(
                until is not null && (until <= now || startsAt is not null && until > startsAt),
                pointer,
                "value.outOfRange",
                "In the future, and not after the beginning."
            );
    }

    // Nobody plans further ahead, and none is longer.
    const int MostDaysAhead = 366,
        MostDays = 31;
}
