using System.Text.Json.Serialization;
using JasperFx.Events;
using Marten;
using Marten.Events.Projections;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Revisions;

/// <summary>
/// One event of a document as a person reads it. Holds no text, so that a page of history costs the same at 20 and at 5,000 revisions.
/// </summary>
/// <param name="Id">The id of the event.</param>
/// <param name="DocumentId">The document.</param>
/// <param name="Version">The place of the event in the document's history, from 1.</param>
/// <param name="What">A stable code: <c>revisionRecorded</c>.</param>
/// <param name="Summary">What happened.</param>
/// <param name="By">Who, by id.</param>
/// <param name="At">When the library came to know of it, UTC.</param>
/// <param name="Note">What was said about it.</param>
/// <param name="Revision">The revision that it is about.</param>
/// <param name="TextRevision">The revision whose text the event holds; null where it holds none.</param>
/// <param name="Significance">For a recorded text, what its author called the change.</param>
/// <param name="TextHash">For a recorded text, its SHA-256.</param>
/// <param name="CompleteIn">For a recorded text, the revision whose event holds the complete text that it builds on.</param>
/// <param name="IsPublic">Whether the public may know of it: what came before publication is process information (D 16).</param>
/// <param name="Link">Where it took place, or what it began, below the API's address; null for what took place here.</param>
/// <param name="EmergencyReason">For a change that went no way and that no published document orders, why; null for any other.</param>
/// <param name="Files">For a recorded text, the SHA-256 of its files as far as they are kept; null for none.</param>
public sealed record HistoryEntry(
    Guid Id,
    Guid DocumentId,
    long Version,
    string What,
    Wording Summary,
    Actor By,
    DateTimeOffset At,
    string? Note = null,
    int? Revision = null,
    int? TextRevision = null,
    Significance? Significance = null,
    string? TextHash = null,
    int? CompleteIn = null,
    bool IsPublic = false,
    string? Link = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Files = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? EmergencyReason = null
);

/// <summary>Writes the history page with the events, in the same transaction.</summary>
sealed partial class HistoryProjection : EventProjection
{
    /// <summary>Is known by its name.</summary>
    public HistoryProjection() => Name = nameof(HistoryProjection);

    /// <inheritdoc/>
    public override ValueTask ApplyAsync(IDocumentOperations operations, IEvent e, CancellationToken cancellation)
    {
        if (Entry(e) is { } entry)
            operations.Store(entry);
        return ValueTask.CompletedTask;
    }

    static HistoryEntry? Entry(IEvent e)
    {
        return e.Data switch
        {
            DraftCreated d => Of("draftCreated", $"Drafted: “{d.Title}”", d.By, d.At),
            ElementsChanged d => Of("elementsChanged", $"Elements changed: “{d.Title}”", d.By, d.At),
            RevisionRecorded d => Of(
                "revisionRecorded",
                $"Text recorded as revision {d.Revision}",
                d.By,
                d.At,
                d.ChangeNote,
                d.Revision
            ) with
            {
                TextRevision = d.Revision,
                Significance = d.Significance,
                TextHash = d.TextHash,
                CompleteIn = d.CompleteIn ?? d.Revision,
                Files = d.KeptFiles() is { Count: > 0 } files ? files : null,
            },
            ReviewRequested d => Of("reviewRequested", "Review requested", d.By, d.At, d.Note, d.Revision),
            LegalityReviewed d => Of(
                "legalityReviewed",
                d.Passed ? (Wording)"Legality review passed" : "Legality review not passed, sent back",
                d.By,
                d.At,
                d.UrgentReason is null ? d.Opinion : $"{d.Opinion}\n{d.UrgentReason}",
                d.Revision
            ),
            DecisionRecorded d => Of(
                "decisionRecorded",
                d.Approved
                    ? (Wording)$"Approved by the collective decision of {d.Meeting}"
                    : $"Not approved by the collective decision of {d.Meeting}",
                d.By,
                d.At,
                d.Dissent.Count > 0 ? string.Join("\n", d.Dissent) : null,
                d.Revision
            ),
            InterpretationReadied d => Of(
                "interpretationReadied",
                "Interpretation plan approved and materials signed",
                d.By,
                d.At,
                null,
                d.Revision
            ),
            InterpretationReopened d => Of("interpretationReopened", "Interpretation opened again", d.By, d.At, d.Reason),
            InterpretationExempted d => Of("interpretationExempted", "Exempt from interpretation", d.By, d.At, d.Reason),
            StepsRequired d => Of("stepsRequired", $"Listed in the catalogue of major administrative decisions as {d.Item}", d.By, d.At),
            StepTaken d => Of("stepTaken", $"{Step(d.Step)} completed on {d.HeldOn:yyyy-MM-dd}", d.By, d.At, d.Conclusion),
            // The public was asked, and knows.
            ConsultationBegan d => InConsultation(
                d.ConsultationId,
                Of(
                    "consultationBegan",
                    $"Public consultation on revision {d.Revision}, until {d.ClosesOn:yyyy-MM-dd}",
                    d.By,
                    d.At,
                    null,
                    d.Revision
                )
            ),
            ConsultationContinued d => InConsultation(
                d.ConsultationId,
                Of(
                    "consultationContinued",
                    $"Public consultation continued with revision {d.Revision}, until {d.ClosesOn:yyyy-MM-dd}",
                    d.By,
                    d.At,
                    null,
                    d.Revision
                )
            ),
            ConsultationFinished d => InConsultation(
                d.ConsultationId,
                Of(
                    "consultationFinished",
                    d.Completed
                        ? (Wording)$"Public consultation completed on {d.EndedOn:yyyy-MM-dd}"
                        : $"Public consultation given up on {d.EndedOn:yyyy-MM-dd}",
                    d.By,
                    d.At
                )
            ),
            PublicationScheduled d => Of(
                "publicationScheduled",
                $"Publication scheduled for {OfficialTime.DateIn(d.PublishAt):yyyy-MM-dd}",
                d.By,
                d.At
            ),
            PublicationCancelled d => Of(
                "publicationCancelled",
                $"The publication planned for {OfficialTime.DateIn(d.PublishAt):yyyy-MM-dd} was cancelled",
                d.By,
                d.At,
                d.Reason
            ),
            PublicationHeld d => Of(
                "publicationHeld",
                "Not published at the time that was set: conditions were not met",
                d.By,
                d.At,
                d.Reason
            ),
            DocumentSigned d => Of("signed", $"Signed on {d.SignedOn:yyyy-MM-dd}", d.By, d.At, null, d.Revision),
            DocumentIssued d => Of("issued", $"Issued as {d.Number}, written on {d.WrittenOn:yyyy-MM-dd}", d.By, d.At),
            DocumentPublished d => Of(
                "published",
                $"Published, in force from {d.EffectiveFrom:yyyy-MM-dd}",
                d.By,
                d.At,
                d.DatesReason,
                d.Revision
            ) with
            {
                IsPublic = true,
            },
            DocumentWithdrawn d => Of("withdrawn", "The document was withdrawn", d.By, d.At, d.Reason),
            RevisionWithdrawn d => Of(
                "revisionWithdrawn",
                $"Revision {d.Revision}, which was prepared, was given up",
                d.By,
                d.At,
                d.Reason,
                d.Revision
            ),
            DocumentAmended d => Of("amended", $"Amended, in force from {d.EffectiveFrom:yyyy-MM-dd}", d.By, d.At, d.Note, d.Revision) with
            {
                IsPublic = true,
                EmergencyReason = d.EmergencyReason,
            },
            DocumentCorrected d => Of(
                "corrected",
                $"Corrected: revision {d.Revision} puts revision {d.Corrects} right",
                d.By,
                d.At,
                d.Reason,
                d.Revision
            ) with
            {
                IsPublic = true,
                EmergencyReason = d.EmergencyReason,
            },
            NoteCorrected d => Of(
                "noteCorrected",
                $"Note of revision {d.Revision} corrected: {d.Note}",
                d.By,
                d.At,
                d.Reason,
                d.Revision
            ) with
            {
                IsPublic = true,
            },
            ChangeConsented d => Of("changeConsented", $"Consent given to the change: {ConsentedChange.Said(d.To)}", d.By, d.At, d.Note),
            DocumentRestored d => Of(
                "restored",
                d.Repealed is { } repealed
                    ? (Wording)$"The repeal from {repealed.EffectiveFrom:yyyy-MM-dd} was recorded by mistake and is taken back"
                    : $"The supersession from {d.Superseded!.EffectiveFrom:yyyy-MM-dd} was recorded by mistake and is taken back",
                d.By,
                d.At,
                d.Reason
            ) with
            {
                IsPublic = true,
                Link = LinkTo(d.OrderedBy),
                EmergencyReason = d.EmergencyReason,
            },
            ElementsCorrected d => Of(
                "elementsCorrected",
                d.ExchangedWith is null
                    ? (Wording)$"Elements put right: {d.Said()}"
                    : $"Elements put right, and the number exchanged with that of another document: {d.Said()}",
                d.By,
                d.At,
                d.Reason
            ) with
            {
                IsPublic = true,
                Link = LinkTo(d.ExchangedWith ?? d.OrderedBy),
                EmergencyReason = d.EmergencyReason,
            },
            DocumentTakenDown d => Of(
                "takenDown",
                d.Revision is { } down ? (Wording)$"Revision {down} was taken from the public" : "The document was taken from the public",
                d.By,
                d.At,
                d.Explanation,
                d.Revision
            ) with
            {
                IsPublic = true,
            },
            DocumentPutBack d => Of(
                "putBack",
                d.Revision is { } back ? (Wording)$"Revision {back} is public again" : "The document is public again",
                d.By,
                d.At,
                null,
                d.Revision
            ) with
            {
                IsPublic = true,
            },
            RevisionErased d => Of(
                "erased",
                d.File is null
                    ? (Wording)$"The text of revision {d.Revision} was erased for good"
                    : $"A file of revision {d.Revision} was erased for good",
                d.By,
                d.At,
                d.Reason,
                d.Revision
            ),
            DocumentSuperseded d => Of("superseded", $"Superseded from {d.EffectiveFrom:yyyy-MM-dd}", d.By, d.At, d.Reason) with
            {
                IsPublic = true,
                EmergencyReason = d.EmergencyReason,
            },
            ExpiryChanged d => Of(
                "expiryChanged",
                d.ExpiresOn is { } last ? (Wording)$"In force until {last:yyyy-MM-dd}" : "In force without an end",
                d.By,
                d.At,
                d.Reason
            ) with
            {
                IsPublic = true,
                Link = LinkTo(d.OrderedBy),
                EmergencyReason = d.EmergencyReason,
            },
            DocumentExpired d => Of("expired", $"Lapsed: its term ended on {d.ExpiredOn:yyyy-MM-dd}", d.By, d.At) with { IsPublic = true },
            RelationStated d => Of("relationStated", $"Relation recorded: {Relation(d.Kind)}", d.By, d.At, d.Note),
            RelationTakenBack d => Of("relationTakenBack", $"Relation taken back: {Relation(d.Kind)}", d.By, d.At, d.Reason),
            // Who works on the document finds the draft that amends it; the public does not hear of either.
            DocumentCleanedUp d => Of("cleanedUp", $"Outcome of the clean-up: {Outcome(d.Outcome)}", d.By, d.At, d.Reason) with
            {
                Link = LinkTo(d.Draft),
            },
            DocumentEvaluated d => Of("evaluated", $"Conclusion of the evaluation: {Outcome(d.Conclusion)}", d.By, d.At, d.Reason) with
            {
                IsPublic = true,
            },
            DocumentImported d => Of("imported", $"Imported from an earlier library: “{d.Title}”", d.By, d.At, d.Source),
            DocumentRepealed d => Of("repealed", $"Repealed from {d.EffectiveFrom:yyyy-MM-dd}", d.By, d.At, d.Reason) with
            {
                IsPublic = true,
                EmergencyReason = d.EmergencyReason,
            },
            _ => null,
        };

        static string? LinkTo(Guid? document) => document is { } id ? $"/api/v1/documents/{id}" : null;

        static HistoryEntry InConsultation(Guid consultation, HistoryEntry entry) =>
            entry with
            {
                IsPublic = true,
                Link = $"/api/v1/consultations/{consultation}",
            };

        static Wording Relation(RelationKind kind) =>
            kind switch
            {
                RelationKind.Amends => (Wording)"amends",
                RelationKind.Repeals => "repeals",
                RelationKind.Supersedes => "supersedes",
                RelationKind.Implements => "implements",
                RelationKind.BasedOn => "is based on",
                _ => "relates to",
            };

        static Wording Step(DecisionStep step) =>
            step switch
            {
                DecisionStep.PublicParticipation => (Wording)"Public participation",
                DecisionStep.ExpertArgument => "Expert argument",
                DecisionStep.RiskAssessment => "Risk assessment",
                DecisionStep.Legality => "Legality review",
                _ => "Collective decision",
            };

        static Wording Outcome(CleanUpOutcome outcome) =>
            outcome switch
            {
                CleanUpOutcome.Keep => (Wording)"kept in force",
                CleanUpOutcome.Amend => "to be amended",
                CleanUpOutcome.Repeal => "to be repealed",
                _ => "declared lapsed",
            };

        HistoryEntry Of(string what, Wording summary, Actor by, DateTimeOffset at, string? note = null, int? revision = null) =>
            new(e.Id, e.StreamId, e.Version, what, summary, by, at, string.IsNullOrEmpty(note) ? null : note, revision);
    }
}
