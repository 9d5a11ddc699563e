using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Periods;

/// <summary>What every step on a consultation has in common.</summary>
static class ConsultationSteps
{
    /// <summary>Changes a consultation that the caller carries out.</summary>
    public static Task<IResult> Step(
        this EventWriter writer,
        HttpContext http,
        Guid id,
        Caller caller,
        Invalid invalid,
        TimeProvider time,
        Func<PublicConsultation, IDocumentSession, Task<Decision>> decide
    ) =>
        writer.Append<PublicConsultation>(
            http,
            id,
            async (consultation, session) =>
                (Refuses(id, consultation, caller) ?? invalid.Problem) is { } problem ? problem : await decide(consultation!, session),
            recorded => new Answer(200, ConsultationView.Of(recorded.After(), null, time.GetUtcNow(), inside: true))
        );

    /// <summary>Does something within a consultation that the caller carries out; the answer is what the decision tells beside its events.</summary>
    public static Task<IResult> Step<TTold>(
        this EventWriter writer,
        HttpContext http,
        Guid id,
        Caller caller,
        Func<PublicConsultation, IDocumentSession, Task<Decision>> decide
    )
        where TTold : class =>
        writer.Append<PublicConsultation>(
            http,
            id,
            async (consultation, session) =>
                Refuses(id, consultation, caller) is { } problem ? problem : await decide(consultation!, session),
            recorded => new Answer(200, recorded.Known<TTold>()!)
        );

    static Problem? Refuses(Guid id, PublicConsultation? consultation, Caller caller) =>
        consultation is null ? NotFound(id)
        : !caller.WorksOn(consultation) ? Foreign(consultation)
        : null;

    /// <summary>The same for a decision that reads nothing else.</summary>
    public static Task<IResult> Step(
        this EventWriter writer,
        HttpContext http,
        Guid id,
        Caller caller,
        Invalid invalid,
        TimeProvider time,
        Func<PublicConsultation, Decision> decide
    ) => writer.Step(http, id, caller, invalid, time, (consultation, _) => Task.FromResult(decide(consultation)));

    public static Problem NotFound(Guid id) => ConsultationProblems.NotFound.With($"There is no consultation {id}.");

    public static Problem Foreign(PublicConsultation consultation) =>
        ConsultationProblems.ForeignBody.With(
            $"The consultation is carried out by {string.Join(", ", consultation.Issuers)} and by the publishers."
        );

    public static Problem WrongState(this PublicConsultation consultation, DateTimeOffset now, Wording step, Wording when) =>
        ConsultationProblems.WrongState.With(
            $"The consultation is {JsonDefaults.Word(consultation.StateAt(now))}. It can be {step} {when}."
        );
}
