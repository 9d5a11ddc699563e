using Marten;
using PolicyPlatform.Interpretation.Benefits;
using PolicyPlatform.Interpretation.Hotline;
using PolicyPlatform.Interpretation.KnownDocuments;
using PolicyPlatform.Interpretation.Materials;
using PolicyPlatform.Interpretation.Plans;
using PolicyPlatform.Interpretation.Questions;
using PolicyPlatform.Interpretation.Tasks;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.Attachments;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Interpretation;

/// <summary>What Interpretation keeps.</summary>
static class InterpretationStore
{
    /// <summary>The versions of what is made of events. Whoever changes what one makes counts its version up.</summary>
    internal static readonly (string Name, int Version)[] Made =
    [
        (nameof(InterpretationPlan), 2),
        (nameof(InterpretationMaterial), 2),
        (nameof(PolicyQuestion), 2),
        (nameof(Synonyms), 1),
        (nameof(BenefitItem), 2),
        (nameof(ProfileSchema), 1),
        (nameof(Ticket), 3),
    ];

    internal static void Configure(StoreOptions options)
    {
        options.Keep<InterpretationPlan, Guid>();
        options.Schema.For<WithdrawnDocument>().DocumentAlias("givenup");
        options.Keep<InterpretationMaterial, Guid>();
        options.Keep<PolicyQuestion, Guid>();
        options.Keep<Synonyms, Guid>();
        options.Keep<BenefitItem, Guid>();
        options.Keep<ProfileSchema, Guid>();
        options.Schema.For<BenefitItem>().Duplicate(b => b.DocumentId);
        options.Schema.For<RegisteredProfile>();
        options.Schema.For<MatchedUpTo>();
        options.Keep<Ticket, Guid>();
        options
            .Schema.For<Ticket>()
            .Duplicate(t => t.ReceivedAt)
            .Duplicate(t => t.Body!)
            .Duplicate(t => t.State)
            .Duplicate(t => t.About!.DocumentId);
        options
            .Schema.For<PolicyQuestion>()
            .Duplicate(q => q.DocumentId)
            .Duplicate(q => q.ChangedAt)
            .Duplicate(q => q.State)
            .Duplicate(q => q.OpenDayId);
        options.Schema.For<InterpretationPlan>().Duplicate(p => p.DocumentId).Duplicate(p => p.ChangedAt).Duplicate(p => p.State);
        options.Schema.For<InterpretationMaterial>().Duplicate(m => m.DocumentId).Duplicate(m => m.ChangedAt).Duplicate(m => m.Waits);
        options.Schema.For<InterpretationTask>().Index(t => t.OpenedAt).Duplicate(t => t.About);
        options.Schema.For<KnownDocument>().Index(d => d.PublishedOn);
        options.Schema.For<HiddenDocument>();
        options.Schema.For<PiledUpTickets>();
        options.KeepFiles();
    }
}
