using PolicyPlatform.Contracts;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults;
using Wolverine;

namespace PolicyPlatform.Shared.DocumentAccess;

/// <summary>
/// A service's note to itself: what it keeps of a document's title, issuers and other elements may not be what the public reads any more.
/// </summary>
/// <param name="DocumentId">The document.</param>
public sealed record ReadElementsAgain(Guid DocumentId) : IAboutDocument
{
    /// <summary>After a correction: now, and from the first day of the text on that was put right with it.</summary>
    public static OutgoingMessages After(DocumentElementsCorrectedMessage message, DateTimeOffset now) =>
        NowAndOn(message.DocumentId, message.FirstDay, now);

    /// <summary>After an amendment, which may bring another title: from the first day of the new text on.</summary>
    public static OutgoingMessages After(DocumentTextChangedMessage message, DateTimeOffset now) =>
        NowAndOn(message.DocumentId, message.EffectiveFrom, now);

    /// <summary>
    /// After a document was put back: while it was taken from the public nobody could be asked what it is called. And after one text of it was
    /// taken from the public or put back: it is not called after a text that nobody reads.
    /// </summary>
    public static OutgoingMessages After(DocumentVisibilityChangedMessage message) =>
        message.PutBack || message.Revision is not null ? [new ReadElementsAgain(message.DocumentId)] : [];

    static OutgoingMessages NowAndOn(Guid document, DateOnly day, DateTimeOffset now)
    {
        var note = new ReadElementsAgain(document);
        OutgoingMessages told = [note];
        if (OfficialTime.StartOf(day) is var begins && begins > now)
            told.Schedule(note, begins);
        return told;
    }
}
