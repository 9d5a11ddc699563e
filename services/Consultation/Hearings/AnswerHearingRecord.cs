using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>Confirms the record of a hearing, or objects to it: a participant, with the receipt, until it is published (M 17).</summary>
/// <param name="Receipt">What the applicant was given.</param>
/// <param name="Record">Which record was read; one that was written anew is confirmed anew.</param>
/// <param name="Confirms">Whether it is confirmed.</param>
/// <param name="Objection">What is wrong with it; required of whoever does not confirm it.</param>
/// <example>{"receipt": "0123456789abcdef0123456789abcdef", "record": 1, "confirms": true}</example>
public sealed record AnswerHearingRecord(string? Receipt, int? Record, bool? Confirms, string? Objection) : IEndpoint
{
    const int LongestObjection = 2000;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/hearings/{id:guid}/applications/{application:guid}/record-answer", Post)
            .Produces<HearingApplicationView>()
            .WithName("answerHearingRecord");

    static Task<IResult> Post(
        Guid id,
        Guid application,
        AnswerHearingRecord command,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    ) =>
        writer.OwnStep(
            http,
            id,
            application,
            command.Receipt,
            async (own, hearing, session) =>
            {
                var now = time.GetUtcNow();
                var applicant = await session.LoadAsync<HearingApplicant>(application, http.RequestAborted);
                var decision = Decide(own, hearing, command, now);
                if (decision.Problem is not null)
                    return decision;
                if (applicant is not null)
                    session.Store(
                        applicant with
                        {
                            Data = new(
                                applicant.Data.Value with
                                {
                                    Objection = command.Confirms is true ? null : command.Objection!.Trim(),
                                }
                            ),
                        }
                    );
                return decision;
            }
        );

    internal static Decision Decide(HearingApplication own, PublicHearing hearing, AnswerHearingRecord command, DateTimeOffset now)
    {
        var invalid = new Invalid()
            .If(command.Record is null, "/record", "value.missing", "Which record was read is required.")
            .If(command.Confirms is null, "/confirms", "value.missing", "true or false.")
            .Text("/objection", command.Objection, LongestObjection, required: command.Confirms is false)
            .If(
                command.Confirms is true && command.Objection.OrNone() is not null,
                "/objection",
                "value.contradicts",
                "Who confirms the record has no objection to it."
            );
        if (invalid.Problem is { } problem)
            return problem;
        if (hearing.StateAt(now) is not HearingState.Recorded)
            return hearing.WrongState(now, "confirmed by its participants", "once its record is written, until that is published");
        if (!hearing.IsSeated(own.Number) || own.WithdrawnAt is not null)
            return ConsultationProblems.HearingState.With("The record is confirmed by those who took part.");
        if (own.ErasedAt is not null && command.Confirms is false)
            return ConsultationProblems.HearingState.With(
                "Who you are was erased: there is nowhere to keep an objection. The body takes it by other ways."
            );
        if (command.Record != hearing.Record)
            return ConsultationProblems.HearingState.With(
                $"Record {hearing.Record} is the one that holds, and another one was read. Read it again: GET …/record."
            );
        return Decision.Record(new HearingRecordAnswered(hearing.Record, command.Confirms!.Value, HearingApplication.Applicant, now));
    }
}
