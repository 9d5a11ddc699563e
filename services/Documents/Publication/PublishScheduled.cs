using Marten;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Writing;
using Wolverine;

namespace PolicyPlatform.Documents.Publication;

/// <summary>Documents' note to itself for the instant of a publication.</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="PublishAt">The instant as it was when the note was written; another may have been set since.</param>
public sealed record PublishScheduled(Guid DocumentId, DateTimeOffset PublishAt);

/// <summary>
/// Publishes at the instant that was set, also after a time in which the service was down. Everybody sees the document from the commit of
/// this event on, and the materials with
/// it: Interpretation shows them from the moment at which Documents says that the document is public.
/// </summary>
public static class PublishScheduledHandler
{
    // A note can come early when a clock was put back; it is looked at again.
    static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    /// <summary>Publishes once; where something is missing by now, the history says so.</summary>
    public static async Task<OutgoingMessages> Handle(
        PublishScheduled note,
        IDocumentSession session,
        RevisionTexts texts,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var messages = new OutgoingMessages();
        var stream = await session.Events.FetchForWriting<PolicyDocument>(note.DocumentId, cancellation);
        if (stream.Aggregate is not { Scheduled: { } scheduled } document || scheduled.PublishAt != note.PublishAt)
            return messages;
        var now = time.GetUtcNow();
        if (now < note.PublishAt)
        {
            messages.Delay(note, Again);
            return messages;
        }
        // The text cannot have changed since it was signed: what contradicts it, or the rules, was confirmed when the instant was set.
        var own = OwnDays.In((await texts.Newest(session, document, cancellation))?.Blocks ?? []);
        var (command, _, _) = Publish.WithOwnDays(
            document,
            new(null, scheduled.EffectiveFrom, scheduled.ExpiresOn, null, scheduled.DatesReason, scheduled.NoEnd),
            own,
            rules: null,
            now
        );
        if (Publish.Obstacle(document, command, OfficialTime.DateIn(now)) is { } problem)
        {
            stream.AppendOne(new PublicationHeld(problem.Detail.ToString(), Actor.Platform, now));
            return messages;
        }
        var decision = Publish.Decide(document, command, await Publish.NextSerial(session, cancellation), Actor.Platform, now);
        stream.AppendMany(decision.Events);
        foreach (var message in decision.Messages)
            messages.Add(message);
        foreach (var (message, at) in decision.Scheduled)
            messages.Schedule(message, at);
        return messages;
    }
}
