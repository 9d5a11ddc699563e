using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>
/// Publishes the record of a hearing and the report on it, which says what was done with what was heard and why (R 16, M 18), once
/// participants have confirmed the record or objected to it.
/// </summary>
/// <param name="Report">The report.</param>
/// <param name="SilentBecause">Why it is published without those who said nothing; published.</param>
/// <example>{"report": "听证会共有10名参加人，8人赞成、2人反对。采纳意见5条，未采纳2条，理由如下。", "silentBecause": "两次通知后仍未确认。"}</example>
public sealed record PublishHearingRecord([property: IsText] string? Report, string? SilentBecause) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/hearings/{id:guid}/record/publish", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<HearingView>()
            .WithName("publishHearingRecord");

    static Task<IResult> Post(
        Guid id,
        PublishHearingRecord command,
        Caller caller,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    ) =>
        writer.Step(
            http,
            id,
            caller,
            new Invalid()
                .Text("/report", command.Report, Limits.LongestText)
                .Text("/silentBecause", command.SilentBecause, Limits.LongestReason, required: false),
            time,
            async (hearing, session) =>
            {
                // Who answers does so before or after, not meanwhile.
                await session.BeAlone(id, http.RequestAborted);
                long[] seated = [.. hearing.Seated.Select(s => s.Number)];
                var participants = await session
                    .Query<HearingApplication>()
                    .Where(a => a.HearingId == id && a.Number.IsOneOf(seated))
                    .ToListAsync(http.RequestAborted);
                var decision = Decide(hearing, command, participants, caller.Actor(), time.GetUtcNow());
                if (decision.Problem is null)
                    session.Insert(new HearingText(HearingText.OfReport(id), new(command.Report!.Trim())));
                return decision;
            }
        );

    internal static Decision Decide(
        PublicHearing hearing,
        PublishHearingRecord command,
        IReadOnlyCollection<HearingApplication> participants,
        Actor by,
        DateTimeOffset now
    )
    {
        if (hearing.StateAt(now) is not HearingState.Recorded)
            return hearing.WrongState(now, "given its report", "once its record is written");
        var answers = participants.Select(p => p.Answer).Where(a => a?.Record == hearing.Record).ToArray();
        var confirmed = answers.Count(a => a!.Confirms);
        var silent = hearing.Seated.Count - answers.Length;
        return silent > 0 && command.SilentBecause.OrNone() is null
            ? new Invalid()
                .Add(
                    "/silentBecause",
                    "hearing.record.unconfirmed",
                    $"{silent} participants have neither confirmed the record nor objected to it (M 17). Wait for them, or give a reason, which is published."
                )
                .Problem!
            : Decision.Record(
                new HearingRecordPublished(
                    confirmed,
                    answers.Length - confirmed,
                    silent,
                    silent > 0 ? command.SilentBecause!.Trim() : null,
                    by,
                    now
                )
            );
    }
}
