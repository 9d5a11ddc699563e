using Marten;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Writing;
using Wolverine;

namespace PolicyPlatform.Documents.Amendment;

/// <summary>Documents' note to itself for the day after a document's last day.</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="ExpiresOn">The last day as it was when the note was written; it may have moved since.</param>
public sealed record ExpireDocument(Guid DocumentId, DateOnly ExpiresOn);

/// <summary>
/// Lets a document lapse by itself (失效). The note is stored with the event that set the last day, so it is found also after a night in
/// which the service was down.
/// </summary>
public static class ExpireDocumentHandler
{
    // A note can come early when a clock was put back; it is looked at again.
    static readonly TimeSpan Again = TimeSpan.FromSeconds(10);

    /// <summary>Writes the note along with the decision that set the last day.</summary>
    internal static Decision Expiring(this Decision decision, Guid documentId, DateOnly? expiresOn) =>
        expiresOn is { } last ? decision.Later(new ExpireDocument(documentId, last), OfficialTime.StartOf(last.AddDays(1))) : decision;

    /// <summary>Records that the last day has passed, once.</summary>
    public static async Task<OutgoingMessages> Handle(
        ExpireDocument note,
        IDocumentSession session,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var messages = new OutgoingMessages();
        var stream = await session.Events.FetchForWriting<PolicyDocument>(note.DocumentId, cancellation);
        if (stream.Aggregate is not { IsPublished: true } document || document.ExpiresOn != note.ExpiresOn || document.HasExpired)
            return messages;
        if (note.ExpiresOn >= time.Today())
            messages.Delay(note, Again);
        else if (!(document.Repealed?.EffectiveFrom <= note.ExpiresOn || document.Superseded?.EffectiveFrom <= note.ExpiresOn))
        {
            stream.AppendOne(new DocumentExpired(note.ExpiresOn, Actor.Platform, time.GetUtcNow()));
            messages.Add(new DocumentExpiredMessage(document.Id, document.Version + 1, note.ExpiresOn));
        }
        return messages;
    }
}
