using Marten;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.OpenDays;

/// <summary>Publishes what came of an open day that is over, with its counts; once more, and the text is replaced.</summary>
/// <param name="Text">What was shown, asked and promised.</param>
/// <example>{"text": "居民代表参观了供热调度中心，提出的八个问题当场答复六个，其余两个将在十个工作日内答复。"}</example>
public sealed record PublishOpenDaySummary(string? Text) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/open-days/{id:guid}/summary", Put)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter)
            .Produces<OpenDayView>()
            .WithName("publishOpenDaySummary");

    static Task<IResult> Put(
        Guid id,
        PublishOpenDaySummary command,
        Caller caller,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    ) =>
        writer.Step(
            http,
            id,
            caller,
            new Invalid().Text("/text", command.Text, Limits.LongestText),
            time,
            async (day, session) =>
            {
                var now = time.GetUtcNow();
                if (day.StateAt(now) is not (OpenDayState.Over or OpenDayState.Completed))
                    return day.WrongState(now, "summarised", "once it is over");
                var seats = await SeatsTaken.Of(session, day, http.RequestAborted);
                var asked = session.Query<OpenDayQuestion>().Where(q => q.OpenDayId == id);
                return Decision.Record(
                    new OpenDaySummarised(
                        command.Text!.Trim(),
                        new(
                            seats.People,
                            seats.SeatedPeople,
                            seats.Attended,
                            await asked.CountAsync(q => !q.IsLive, http.RequestAborted),
                            await asked.CountAsync(q => q.IsLive, http.RequestAborted),
                            await asked.CountAsync(q => q.IsLive && q.Answer != null, http.RequestAborted)
                        ),
                        caller.Actor(),
                        now
                    )
                );
            }
        );
}
