using Marten;
using Marten.Schema;
using PolicyPlatform.Consultation.Answering;
using PolicyPlatform.Consultation.Comments;
using PolicyPlatform.Consultation.Evaluations;
using PolicyPlatform.Consultation.FormLetters;
using PolicyPlatform.Consultation.Groups;
using PolicyPlatform.Consultation.Hearings;
using PolicyPlatform.Consultation.OpenDays;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.Consultation.Questionnaires;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.Attachments;
using PolicyPlatform.Shared.DocumentAccess;
using Weasel.Postgresql;

namespace PolicyPlatform.Consultation;

/// <summary>What Consultation keeps.</summary>
static class ConsultationStore
{
    /// <summary>The versions of what is made of events. Whoever changes what one makes counts its version up.</summary>
    internal static readonly (string Name, int Version)[] Made =
    [
        (nameof(PublicConsultation), 3),
        (nameof(Comment), 2),
        (nameof(CommentGroup), 1),
        (nameof(PublicHearing), 3),
        (nameof(HearingApplication), 1),
        (nameof(HearingDraw), 1),
        (nameof(OpenDay), 2),
        (nameof(OpenDayRegistration), 1),
        (nameof(OpenDayQuestion), 1),
        (nameof(Questionnaire), 2),
        (nameof(Evaluation), 2),
    ];

    internal static void Configure(StoreOptions options)
    {
        options.Keep<PublicConsultation, Guid>();
        options.Schema.For<PublicConsultation>().Duplicate(c => c.DocumentId).Duplicate(c => c.OpenedAt).Duplicate(c => c.ClosesAt);
        options.Schema.For<ConsultedText>();
        options.Keep<Comment, Guid>();
        options.Schema.For<Comment>();
        options.Policies.ForAllDocuments(mapping =>
        {
            if (mapping.DocumentType == typeof(Comment))
                IndexComments(mapping);
        });
        options.Schema.For<CommentSender>().Index(s => s.ConsultationId);
        options.KeepTallies();
        options.KeepLetters();
        options.Keep<CommentGroup, Guid>();
        options.Schema.For<CommentGroup>().Duplicate(g => g.ConsultationId);
        options.Schema.For<FeedbackTemplate>();
        options.Schema.For<UntoldFeedback>().Index(f => f.ConsultationId);
        options.Schema.For<ConsultationSummary>();
        options.Keep<PublicHearing, Guid>();
        options.Schema.For<PublicHearing>().Duplicate(h => h.AnnouncedAt).Duplicate(h => h.DocumentId).Duplicate(h => h.ConsultationId);
        options.Keep<HearingApplication, Guid>();
        options.Schema.For<HearingApplication>().Index(a => a.HearingId).Index(a => a.Number);
        options.Keep<HearingDraw, Guid>();
        options.Schema.For<HearingApplicant>().UniqueIndex(UniqueIndexType.DuplicatedField, "hearing_contact", a => a.Fingerprint!);
        options.Schema.For<HearingText>();
        options.Storage.ExtendedSchemaObjects.Add(new Sequence(HearingTurn.Numbers));
        options.Keep<OpenDay, Guid>();
        options.Schema.For<OpenDay>().Duplicate(d => d.StartsAt).Duplicate(d => d.EndsAt);
        options.Keep<OpenDayRegistration, Guid>();
        // In the order of their numbers: who has a seat is counted over them.
        options
            .Schema.For<OpenDayRegistration>()
            .UniqueIndex(UniqueIndexType.DuplicatedField, "registration_number", r => r.OpenDayId, r => r.Number)
            .Duplicate(r => r.Receipt);
        options.Schema.For<OpenDayRegistrant>().Duplicate(r => r.OpenDayId);
        options.Keep<OpenDayQuestion, Guid>();
        options.Schema.For<OpenDayQuestion>().Duplicate(q => q.OpenDayId);
        options.Keep<Questionnaire, Guid>();
        options.Schema.For<Questionnaire>().Duplicate(q => q.DraftedAt).Duplicate(q => q.ConsultationId).Duplicate(q => q.Body);
        options.Schema.For<QuestionnaireForm>();
        options.Schema.For<GivenAnswer>().Duplicate(a => a.QuestionnaireId).Duplicate(a => a.Edition);
        options.KeepTurns();
        options.Keep<Evaluation, Guid>();
        options.Schema.For<Evaluation>().Duplicate(e => e.DocumentId).Duplicate(e => e.BegunAt).Duplicate(e => e.State);
        options.Schema.For<DocumentTerm>().Duplicate(t => t.EffectiveFrom).Duplicate(t => t.ExpiresOn);
        options.Schema.For<HiddenDocument>();
        options.KeepFiles();
    }

    // Comments are looked for within a consultation and in an order. Duplicate() would make an index of each column alone, which finds none of
    // them, and costs as much in a flood. What everybody reads, and what waits, is found past all that does not, however much that is.
    static void IndexComments(DocumentMapping mapping)
    {
        foreach (
            var member in new[]
            {
                nameof(Comment.ConsultationId),
                nameof(Comment.ReceivedAt),
                nameof(Comment.Block),
                nameof(Comment.Waits),
                nameof(Comment.ShownAt),
                nameof(Comment.GroupId),
            }
        )
            mapping.DuplicateField([typeof(Comment).GetProperty(member)!]);
        foreach (
            var (name, columns, of) in new (string, string[], string?)[]
            {
                ("all", ["consultation_id", "received_at", "id"], null),
                ("waiting", ["consultation_id", "received_at", "id"], "waits"),
                ("shown", ["consultation_id", "received_at", "id"], "shown_at is not null"),
                ("shown_in_block", ["consultation_id", "block", "received_at", "id"], "shown_at is not null"),
                ("shown_last", ["consultation_id", "shown_at"], "shown_at is not null"),
                ("grouped", ["group_id", "received_at", "id"], "group_id is not null"),
            }
        )
            mapping.Indexes.Add(new DocumentIndex(mapping, columns) { Name = $"comments_{name}", Predicate = of });
    }
}
