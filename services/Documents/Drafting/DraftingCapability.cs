using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Documents.Drafting;

/// <summary>起草: drafts, their elements and texts.</summary>
sealed class DraftingCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) =>
        service
            .Endpoint<CreateDraft>()
            .Endpoint<ListDocuments>()
            .Endpoint<ChangeElements>()
            .Endpoint<RecordRevision>()
            .Endpoint<WithdrawRevision>()
            .Endpoint<AttachFile>()
            .Sends<RevisionRecordedMessage>("interpretation");
}
