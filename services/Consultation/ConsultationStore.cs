using Marten;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.Attachments;

namespace PolicyPlatform.Consultation;

/// <summary>What Consultation keeps.</summary>
static class ConsultationStore
{
    /// <summary>The versions of what is made of events. Whoever changes what one makes counts its version up.</summary>
    internal static readonly (string Name, int Version)[] Made = [(nameof(PublicConsultation), 1)];

    internal static void Configure(StoreOptions options)
    {
        options.Keep<PublicConsultation, Guid>();
        options.Schema.For<PublicConsultation>().Duplicate(c => c.DocumentId).Duplicate(c => c.OpenedAt).Duplicate(c => c.ClosesAt);
        options.Schema.For<ConsultedText>();
        options.KeepFiles();
    }
}
