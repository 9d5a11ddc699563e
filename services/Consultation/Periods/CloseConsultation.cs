using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Periods;

/// <summary>
/// Closes a consultation before its last day has passed; it closes by itself at the end of that day. What touches business stays open as long
/// as the rules want.
/// </summary>
/// <param name="Reason">Why; published.</param>
/// <example>{"reason": "草案作重大修改，另行征求意见。"}</example>
public sealed record CloseConsultation(string? Reason) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/consultations/{id:guid}/close", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<ConsultationView>()
            .WithName("closeConsultation");

    static Task<IResult> Post(
        Guid id,
        CloseConsultation command,
        Caller caller,
        CommentPeriod rules,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    ) =>
        writer.Step(
            http,
            id,
            caller,
            new Invalid().Text("/reason", command.Reason, Limits.LongestReason),
            time,
            consultation => Decide(consultation, command, rules, caller.Actor(), time.GetUtcNow())
        );

    internal static Decision Decide(
        PublicConsultation consultation,
        CloseConsultation command,
        CommentPeriod rules,
        Actor by,
        DateTimeOffset now
    ) =>
        consultation.StateAt(now) is not (ConsultationState.Open or ConsultationState.Suspended)
            ? consultation.WrongState(now, "closed", "while it is open or suspended")
        : consultation.TouchesBusiness
        && !rules.IsLongEnough(OfficialTime.DateIn(consultation.OpenedAt), OfficialTime.DateIn(now).AddDays(-1))
            ? ConsultationProblems.WrongState.With(
                $"What touches business is consulted on for at least {rules.MinimumDays} days (优化营商环境条例 62). It can be closed from {OfficialTime.DateIn(consultation.OpenedAt).AddDays(rules.MinimumDays + 1):yyyy-MM-dd} on."
            )
        : Decision.Record(new ConsultationClosed(command.Reason!.Trim(), by, now));
}
