using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;
using Marten;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;

namespace PolicyPlatform.Consultation.FrontEnds;

/// <summary>The last days of the consultations that take comments, as a calendar (RFC 5545). Public.</summary>
public sealed class ConsultationsCalendar : IEndpoint
{
    const int MostEntries = 500;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/consultations/calendar.ics", Get).Produces<string>(200, "text/calendar").WithName("consultationsCalendar");

    /// <summary>The last days of the consultations that take comments, as whole days (Asia/Shanghai), next first; at most 500.</summary>
    static async Task<IResult> Get(IQuerySession session, TimeProvider time, HttpContext http)
    {
        var now = time.GetUtcNow();
        var open = await session
            .Query<PublicConsultation>()
            .Where(c => !c.IsOver && c.ClosesAt > now)
            .OrderBy(c => c.ClosesAt)
            .Take(MostEntries)
            .ToListAsync(http.RequestAborted);
        return http.Conditional(
            $"\"{ConditionalRequests.Mark(open.Select(c => $"{c.Id} {c.Version}"))}\"",
            () =>
            {
                var address = PublicAddress.Of(http.Request);
                var calendar = new Calendar { ProductId = "-//PolicyPlatform//Consultations//ZH" };
                // Names and pauses that applications go by, RFC 7986 and what came before it.
                foreach (
                    var (name, value) in new[] { ("NAME", "公开征求意见"), ("X-WR-CALNAME", "公开征求意见"), ("X-PUBLISHED-TTL", "PT1H") }
                )
                    calendar.AddProperty(name, value);
                foreach (var consultation in open)
                    calendar.Events.Add(
                        new CalendarEvent
                        {
                            Uid = $"{consultation.Id}@policyplatform",
                            // A day, not an instant: it is the same day wherever the calendar is looked at.
                            Start = new CalDateTime(consultation.ClosesOn.Year, consultation.ClosesOn.Month, consultation.ClosesOn.Day),
                            Summary = $"征求意见截止：{Characters.Clean(consultation.Title)}",
                            Description = consultation.Announcement.Contact,
                            Url = new($"{address}/api/v1/consultations/{consultation.Id}"),
                            Sequence = (int)consultation.Version,
                            Transparency = TransparencyType.Transparent,
                        }
                    );
                return Results.Text(new CalendarSerializer().SerializeToString(calendar)!, "text/calendar; charset=utf-8");
            }
        );
    }
}
