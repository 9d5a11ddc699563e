using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Periods;

/// <summary>Lets a consultation pause: no comments are taken until it is resumed.</summary>
/// <param name="Reason">Why; published.</param>
/// <example>{"reason": "草案附表有误，更正后继续。"}</example>
public sealed record SuspendConsultation(string? Reason) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/consultations/{id:guid}/suspend", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<ConsultationView>()
            .WithName("suspendConsultation");

    static Task<IResult> Post(
        Guid id,
        SuspendConsultation command,
        Caller caller,
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
            consultation =>
                consultation.StateAt(time.GetUtcNow()) is ConsultationState.Open
                    ? Decision.Record(new ConsultationSuspended(command.Reason!.Trim(), caller.Actor(), time.GetUtcNow()))
                    : consultation.WrongState(time.GetUtcNow(), "suspended", "while it is open")
        );
}

/// <summary>Lets a consultation that pauses go on; its last day is later by the days that it paused, begun ones included.</summary>
/// <param name="Reason">Why; published.</param>
/// <example>{"reason": "附表已更正，请继续提出意见。"}</example>
public sealed record ResumeConsultation(string? Reason) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/consultations/{id:guid}/resume", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<ConsultationView>()
            .WithName("resumeConsultation");

    static Task<IResult> Post(
        Guid id,
        ResumeConsultation command,
        Caller caller,
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
            consultation => Decide(consultation, command, caller.Actor(), time.GetUtcNow())
        );

    internal static Decision Decide(PublicConsultation consultation, ResumeConsultation command, Actor by, DateTimeOffset now)
    {
        if (consultation is not { SuspendedAt: { } since, IsOver: false })
            return consultation.WrongState(now, "resumed", "while it is suspended");
        var paused = (int)Math.Ceiling((now - since).TotalDays);
        return Decision.Record(new ConsultationResumed(consultation.ClosesOn.AddDays(paused), command.Reason!.Trim(), by, now));
    }
}
