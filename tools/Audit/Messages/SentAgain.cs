using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Documents;
using PolicyPlatform.Documents.Amendment;
using Wolverine;
using Wolverine.Runtime.Serialization;
using Wolverine.Util;

namespace PolicyPlatform.Audit.Messages;

/// <summary>
/// Tells a service again what it should have heard. Whoever hears something twice, or of something older than it knows, does nothing: what is
/// told can be told again.
/// </summary>
static class SentAgain
{
    // A queue of its own that every service has, whatever carries the messages between them.
    static readonly Uri inside = new("local://durable/");

    static readonly SystemTextJsonSerializer json = new(SystemTextJsonSerializer.DefaultOptions());

    /// <summary>Puts messages into the inbox of a service, where whoever looks for messages without an owner takes them up.</summary>
    public static async Task Hear(this AuditedService service, IEnumerable<object> messages, CancellationToken cancellation)
    {
        foreach (var message in messages)
        {
            var envelope = new Envelope(message)
            {
                Id = Guid.CreateVersion7(),
                MessageType = message.GetType().ToMessageTypeName(),
                ContentType = json.ContentType,
                Data = json.WriteMessage(message),
                Destination = inside,
                Source = "audit",
                SentAt = DateTimeOffset.UtcNow,
            };
            await service.Execute(
                $"insert into {service.MessageSchema}.wolverine_incoming_envelopes (id, status, owner_id, attempts, body, message_type, received_at) values ($1, 'Incoming', 0, 0, $2, $3, $4)",
                cancellation,
                envelope.Id,
                EnvelopeSerializer.Serialize(envelope),
                envelope.MessageType,
                inside.ToString()
            );
        }
    }

    /// <summary>Whether something that was told again, or what came of it, is not taken up yet or is being worked on.</summary>
    public static async Task<bool> IsListening(this AuditedService service, CancellationToken cancellation)
    {
        await using var at = await service.Look(cancellation);
        // What is handled is kept for a while, and what waits for a day is no matter of now.
        var waiting = await at.Rows(
            $"select count(*) from {service.MessageSchema}.wolverine_incoming_envelopes where status = 'Incoming' and received_at like 'local://%'",
            r => r.GetInt64(0),
            cancellation
        );
        return waiting[0] > 0;
    }

    /// <summary>What Documents told of a published document, oldest first.</summary>
    /// <param name="id">The document.</param>
    /// <param name="happened">Its events with their versions.</param>
    public static IEnumerable<object> OfDocument(Guid id, IEnumerable<(long Version, object Data)> happened)
    {
        PolicyDocument? document = null;
        foreach (var (version, data) in happened)
        {
            var before = document;
            if (data is ServiceDefaults.Writing.IEventOf<PolicyDocument> next)
                document = PolicyDocument.Next(document, next);
            switch (data)
            {
                case DocumentIssued e:
                    yield return new DocumentIssuedMessage(
                        id,
                        version,
                        before!.Title,
                        before.Issuers,
                        e.WrittenOn,
                        before.Disclosure is { Attribute: PolicyPlatform.Documents.DisclosureKind.Proactive },
                        before.DisclosureItem
                    );
                    break;
                case ReviewRequested e when before is { IsPublished: false }:
                    yield return new DocumentSentToReviewMessage(id, version, e.Revision, before!.Title, before.Issuers);
                    break;
                case InterpretationExempted e:
                    yield return new InterpretationExemptedMessage(id, version, before!.Revision, before.Title, before.Issuers, e.Reason);
                    break;
                case InterpretationReopened:
                    yield return new InterpretationReopenedMessage(id, version);
                    break;
                case DocumentWithdrawn:
                    yield return new DocumentWithdrawnMessage(id, version);
                    break;
                case DocumentPublished e:
                    yield return new DocumentPublishedMessage(
                        id,
                        version,
                        e.Revision,
                        e.PublishedOn,
                        e.EffectiveFrom,
                        before!.ReopenedIn,
                        e.ExpiresOn
                    );
                    break;
                case DocumentAmended e:
                    yield return new DocumentTextChangedMessage(
                        id,
                        version,
                        (before!.TextInForceOn(e.EffectiveFrom) ?? before.PublicTexts.Earliest()).Revision,
                        e.Revision,
                        e.EffectiveFrom,
                        e.At
                    );
                    break;
                case DocumentCorrected e:
                    yield return new DocumentTextChangedMessage(id, version, e.Corrects, e.Revision, e.EffectiveFrom, e.At);
                    break;
                case DocumentTakenDown e:
                    yield return before!.Changed(document!.Down, e.Revision, putBack: false) with
                    {
                        Version = version,
                    };
                    break;
                case DocumentPutBack e:
                    yield return before!.Changed(document!.Down, e.Revision, putBack: true) with
                    {
                        Version = version,
                    };
                    break;
                case RevisionErased { File: null } e:
                    yield return new RevisionErasedMessage(id, version, e.Revision, e.At);
                    break;
                case DocumentRestored:
                    yield return new DocumentRestoredMessage(id, version);
                    break;
                case ElementsCorrected e:
                    yield return new DocumentElementsCorrectedMessage(
                        id,
                        version,
                        document!.PublishedOn!.Value,
                        document.PublicTexts[0].EffectiveFrom,
                        e.Names(),
                        e.Revision,
                        document.PublicTexts.First(t => t.Revision == e.Revision).EffectiveFrom
                    );
                    break;
                case ExpiryChanged e:
                    yield return new DocumentExpiryChangedMessage(id, version, e.ExpiresOn);
                    break;
                case DocumentRepealed e:
                    yield return new DocumentRepealedMessage(id, version, e.EffectiveFrom);
                    break;
                case DocumentSuperseded e:
                    yield return new DocumentSupersededMessage(id, version, e.EffectiveFrom, e.SupersededBy);
                    break;
                case DocumentExpired e:
                    yield return new DocumentExpiredMessage(id, version, e.ExpiredOn);
                    break;
            }
        }
    }

    /// <summary>What Consultation told of a consultation.</summary>
    public static IEnumerable<object> OfConsultation(PublicConsultation consultation, IReadOnlyList<(long Version, object Data)> happened)
    {
        PublicConsultation? then = null;
        foreach (var (version, data) in happened)
        {
            if (data is ServiceDefaults.Writing.IEventOf<PublicConsultation> next)
                then = PublicConsultation.Next(then, next);
            switch (data)
            {
                case ConsultationOpened or RevisionPutUp:
                    yield return OpenConsultation.Told((then!, version));
                    break;
                case ConsultationCompleted e:
                    yield return consultation.Ended(version, completed: true, e.Comments, e.At);
                    break;
                case ConsultationGivenUp e:
                    yield return consultation.Ended(version, completed: false, comments: 0, e.At);
                    break;
            }
        }
    }
}
