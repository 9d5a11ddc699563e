using System.Globalization;
using Grpc.Core;
using Marten;
using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using Wolverine;
using Wolverine.Attributes;

namespace PolicyPlatform.Documents.Publication;

/// <summary>
/// Notes what becomes of the consultations about a draft (M 14–18). Messages come twice and out of order: what is known of a consultation from a
/// later version stays, and one that is over does not begin again.
/// </summary>
[WolverineHandler]
public static class HearOfConsultations
{
    /// <summary>A consultation was opened, or goes on with a later revision. That of a document that is given up hears so again.</summary>
    public static async Task<OutgoingMessages> Handle(
        ConsultationOpenedMessage message,
        IDocumentSession session,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var told = new OutgoingMessages();
        var stream = await session.Events.FetchForWriting<PolicyDocument>(message.DocumentId, cancellation);
        if (stream.Aggregate is not { } document)
            return told;
        var decision = Opened(document, message.ConsultationId, message.Version, message.Revision, message.ClosesOn, time.GetUtcNow());
        stream.AppendMany(decision.Events);
        told.AddRange(decision.Messages);
        return told;
    }

    /// <summary>A consultation is over.</summary>
    public static async Task Handle(
        ConsultationEndedMessage message,
        IDocumentSession session,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var stream = await session.Events.FetchForWriting<PolicyDocument>(message.DocumentId, cancellation);
        if (stream.Aggregate is { } document)
            stream.AppendMany(
                Ended(document, message.ConsultationId, message.Version, message.Completed, message.EndedOn, time.GetUtcNow()).Events
            );
    }

    internal static Decision Opened(
        PolicyDocument document,
        Guid consultation,
        long version,
        int revision,
        DateOnly closesOn,
        DateTimeOffset now
    )
    {
        var known = document.Consultations.FirstOrDefault(c => c.Id == consultation);
        return known is { IsOver: true } || known?.Version >= version || known?.Revision >= revision ? Decision.Record()
            : document.State is DocumentState.Withdrawn
                ? Decision.Record().Telling(new DocumentWithdrawnMessage(document.Id, document.Version))
            : Decision.Record(
                known is null
                    ? new ConsultationBegan(consultation, version, revision, closesOn, Actor.Platform, now)
                    : new ConsultationContinued(consultation, version, revision, closesOn, Actor.Platform, now)
            );
    }

    internal static Decision Ended(
        PolicyDocument document,
        Guid consultation,
        long version,
        bool completed,
        DateOnly endedOn,
        DateTimeOffset now
    ) =>
        document.Consultations.Any(c => c.Id == consultation && c.IsOver)
            ? Decision.Record()
            : Decision.Record(new ConsultationFinished(consultation, version, completed, endedOn, Actor.Platform, now));

    /// <summary>
    /// What is not known yet of the consultations that a document waits for. Whoever completes one and goes on at once is faster than the
    /// message that tells of it: it is asked for. While Consultation is away, the document waits.
    /// </summary>
    internal static async Task<IReadOnlyList<object>> Heard(
        this Consultation.ConsultationClient consultations,
        PolicyDocument document,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        if (!Gates.WaitsForParticipation(document))
            return [];
        try
        {
            var answer = await consultations.GetParticipationAsync(
                new() { DocumentId = document.Id.ToString() },
                cancellationToken: cancellation
            );
            return [.. answer.Participations.Reverse().SelectMany(p => Said(document, p, now).Events)];
        }
        catch (RpcException e) when (Faults.IsTemporary(e))
        {
            return [new Unanswered("Consultation", Gates.Participation)];
        }
    }

    static Decision Said(PolicyDocument document, Participation said, DateTimeOffset now) =>
        said.HasEndedOn
            ? Ended(
                document,
                Guid.Parse(said.ConsultationId),
                said.Version,
                said.State is ConsultationState.Completed,
                Day(said.EndedOn),
                now
            )
            : Opened(document, Guid.Parse(said.ConsultationId), said.Version, said.Revision, Day(said.ClosesOn), now);

    static DateOnly Day(string day) => DateOnly.Parse(day, CultureInfo.InvariantCulture);
}
