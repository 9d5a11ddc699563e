using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;
using Marten;
using PolicyPlatform.Consultation.Hearings;
using PolicyPlatform.Consultation.OpenDays;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.Consultation.TakenDown;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;

namespace PolicyPlatform.Consultation.FrontEnds;

/// <summary>When the public can take part, as a calendar (RFC 5545). Public.</summary>
public sealed class ConsultationsCalendar : IEndpoint
{
    const int MostEntries = 500;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/consultations/calendar.ics", Get).Produces<string>(200, "text/calendar").WithName("consultationsCalendar");

    /// <summary>
    /// When the public can take part: the last days of the consultations that take comments, as whole days (Asia/Shanghai), hearings and
    /// symposia with the end of applications, open days with the end of registration; next first, at most 500 of each. What was called off
    /// stays until its time as CANCELLED. An entry keeps its UID, and its SEQUENCE rises with each change.
    /// </summary>
    static async Task<IResult> Get(IQuerySession session, TimeProvider time, HttpContext http)
    {
        var now = time.GetUtcNow();
        var shown = await session.Query<PublicConsultation>().Shown(session, Caller.Public, http.RequestAborted);
        var consultations = await shown
            .Where(c => c.ClosesAt > now && c.CompletedAt == null)
            .OrderBy(c => c.ClosesAt)
            .Take(MostEntries)
            .ToListAsync(http.RequestAborted);
        var held = await session.Query<PublicHearing>().Shown(session, Caller.Public, http.RequestAborted);
        var hearings = await held.Where(h => h.EndsAt > now).OrderBy(h => h.EndsAt).Take(MostEntries).ToListAsync(http.RequestAborted);
        var openDays = await session
            .Query<OpenDay>()
            .Where(d => d.EndsAt > now)
            .OrderBy(d => d.EndsAt)
            .Take(MostEntries)
            .ToListAsync(http.RequestAborted);
        return http.Conditional(
            $"\"{ConditionalRequests.Mark(
                [
                    .. consultations.Select(c => $"{c.Id} {c.PublicVersion}"),
                    .. hearings.Select(h => $"{h.Id} {h.PublicVersion} {h.ApplicationsUntil > now}"),
                    .. openDays.Select(d => $"{d.Id} {d.PublicVersion} {d.RegistrationUntil > now}"),
                ]
            )}\"",
            () =>
            {
                var address = PublicAddress.Of(http.Request);
                var calendar = new Calendar { ProductId = "-//PolicyPlatform//Consultations//ZH" };
                // Names and pauses that applications go by, RFC 7986 and what came before it.
                foreach (var (name, value) in new[] { ("NAME", "公众参与"), ("X-WR-CALNAME", "公众参与"), ("X-PUBLISHED-TTL", "PT1H") })
                    calendar.AddProperty(name, value);
                calendar.Events.AddRange([
                    .. consultations.Select(c => Entry(c, address)),
                    .. hearings.SelectMany(h => Entries(h, address, now)),
                    .. openDays.SelectMany(d => Entries(d, address, now)),
                ]);
                return Results.Text(new CalendarSerializer().SerializeToString(calendar)!, "text/calendar; charset=utf-8");
            }
        );
    }

    static CalendarEvent Entry(PublicConsultation c, string address) =>
        new()
        {
            Uid = $"{c.Id}@policyplatform",
            // A day, not an instant: it is the same day wherever the calendar is looked at.
            Start = new CalDateTime(c.ClosesOn.Year, c.ClosesOn.Month, c.ClosesOn.Day),
            Summary = $"征求意见截止：{Characters.Clean(c.Title)}",
            Description = c.Announcement.Contact,
            Url = new($"{address}/api/v1/consultations/{c.Id}"),
            Sequence = (int)c.PublicVersion,
            Status = Status(c.GivenUpAt is not null),
            Transparency = TransparencyType.Transparent,
        };

    static IEnumerable<CalendarEvent> Entries(PublicHearing h, string address, DateTimeOffset now)
    {
        var (terms, url) = (h.Terms, new Uri($"{address}/api/v1/hearings/{h.Id}"));
        var name = $"{(terms.Kind is HearingKind.Hearing ? "听证会" : "座谈会")}：{Characters.Clean(terms.Title)}";
        yield return new()
        {
            Uid = $"{h.Id}@policyplatform",
            Start = At(terms.StartsAt),
            End = At(terms.EndsAt),
            Summary = name,
            Location = Characters.Clean(terms.Place),
            Description = terms.Contact,
            Url = url,
            Sequence = (int)h.PublicVersion,
            Status = Status(h.CancelledAt is not null),
        };
        if (terms.ApplicationsUntil is { } until && until > now)
            yield return Deadline($"{h.Id}-applications", until, $"报名截止：{name}", url, h.PublicVersion, h.CancelledAt is not null);
    }

    static IEnumerable<CalendarEvent> Entries(OpenDay d, string address, DateTimeOffset now)
    {
        var (name, url) = ($"政府开放日：{Characters.Clean(d.Topic)}", new Uri($"{address}/api/v1/open-days/{d.Id}"));
        yield return new()
        {
            Uid = $"{d.Id}@policyplatform",
            Start = At(d.StartsAt),
            End = At(d.EndsAt),
            Summary = name,
            Location = Characters.Clean(d.Place),
            Url = url,
            Sequence = (int)d.PublicVersion,
            Status = Status(d.CancelledAt is not null),
        };
        if (d.RegistrationUntil > now && d.RegistrationUntil < d.StartsAt)
            yield return Deadline(
                $"{d.Id}-registration",
                d.RegistrationUntil,
                $"报名截止：{name}",
                url,
                d.PublicVersion,
                d.CancelledAt is not null
            );
    }

    // An instant: it has a beginning and no end.
    static CalendarEvent Deadline(string id, DateTimeOffset at, string summary, Uri url, long version, bool isCancelled) =>
        new()
        {
            Uid = $"{id}@policyplatform",
            Start = At(at),
            Summary = summary,
            Url = url,
            Sequence = (int)version,
            Status = Status(isCancelled),
            Transparency = TransparencyType.Transparent,
        };

    static CalDateTime At(DateTimeOffset instant) => new(instant.UtcDateTime, "UTC");

    static string Status(bool isCancelled) => isCancelled ? EventStatus.Cancelled : EventStatus.Confirmed;
}
