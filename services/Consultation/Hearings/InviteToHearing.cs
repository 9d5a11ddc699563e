using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.PersonalData;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.Receipts;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>
/// Invites somebody to a symposium. The answer holds a receipt, once, for whoever is invited: with it they confirm, see what became of it,
/// and have their personal data erased.
/// </summary>
/// <param name="Name">The name; the list of participants shows the surname at most, and only where that was agreed to.</param>
/// <param name="Contact">A telephone number or an e-mail address; never published.</param>
/// <param name="Kind">For whom.</param>
/// <param name="Region">Where they live or work.</param>
/// <param name="Reason">Why they are invited.</param>
/// <param name="ShowsSurname">Whether they agreed that the list of participants shows the surname; the number alone when left out.</param>
/// <example>{"name": "李四", "contact": "lisi@example.com", "kind": "enterprise", "reason": "供热企业代表。"}</example>
public sealed record InviteToHearing(string? Name, string? Contact, ApplicantKind? Kind, string? Region, string? Reason, bool? ShowsSurname)
    : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/hearings/{id:guid}/invitations", Post)
            .RequireAnyRole(Roles.Drafter, Roles.Publisher)
            .Produces<AppliedForHearing>(201)
            .WithName("inviteToHearing");

    static Task<IResult> Post(
        Guid id,
        InviteToHearing command,
        Caller caller,
        Seals seals,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        var application = Guid.CreateVersion7();
        var receipt = Receipt.New();
        return writer.Step(
            http,
            id,
            caller,
            new Invalid(),
            time,
            async (hearing, session) =>
            {
                var now = time.GetUtcNow();
                var invalid = new Invalid();
                var invited = new ApplyForHearing(
                    command.Name,
                    command.Contact,
                    command.Kind,
                    command.Region,
                    command.Reason,
                    command.ShowsSurname
                ).Check(hearing, invalid);
                if (invalid.Problem is { } problem)
                    return problem;
                if (hearing.Terms.Method is not SelectionMethod.Invitation)
                    return ConsultationProblems.HearingState.With(
                        "People apply for this hearing, and are chosen by the rule that was announced. Nobody is invited."
                    );
                if (hearing.StateAt(now) is not (HearingState.Announced or HearingState.Selected) || now >= hearing.Terms.StartsAt)
                    return hearing.WrongState(now, "invited to", "until it begins");
                if (hearing.Seated.Count >= hearing.Terms.Seats)
                    return ConsultationProblems.HearingFull.With(
                        $"All {hearing.Terms.Seats} seats are given. Who gives one up makes room for somebody else."
                    );
                var number = await session.NextNumber(id, http.RequestAborted);
                if (await session.Admit(application, id, invited!, seals, http.RequestAborted) is { } taken)
                    return taken;
                var applied = new HearingAppliedFor(
                    application,
                    id,
                    number,
                    command.Kind!.Value,
                    Receipt.HashOf(receipt),
                    true,
                    caller.Actor(),
                    now
                );
                session.Events.StartStream<HearingApplication>(application, applied);
                return Decision.Record(new HearingParticipantInvited(number, command.Kind.Value, caller.Actor(), now));
            },
            recorded =>
            {
                var invited = recorded.The<HearingParticipantInvited>();
                return new Answer(
                    201,
                    new AppliedForHearing(application, recorded.Version, invited.Number, invited.At, receipt),
                    $"/api/v1/hearings/{id}/applications/{application}"
                );
            }
        );
    }
}
