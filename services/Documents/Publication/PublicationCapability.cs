using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Documents.Publication;

/// <summary>审核、签发、发布: the way from a draft to a public document.</summary>
sealed class PublicationCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) =>
        service
            .Endpoint<RequestReview>()
            .Endpoint<RecordLegalityReview>()
            .Endpoint<RecordDecision>()
            .Endpoint<RecordStep>()
            .Endpoint<ExemptInterpretation>()
            .Endpoint<ReopenInterpretation>()
            .Endpoint<Sign>()
            .Endpoint<Issue>()
            .Endpoint<Publish>()
            .Endpoint<Withdraw>()
            .Sends<DocumentSentToReviewMessage>("interpretation")
            .Sends<DocumentWithdrawnMessage>("interpretation", "consultation")
            .Sends<InterpretationExemptedMessage>("interpretation")
            .Sends<InterpretationReopenedMessage>("interpretation")
            .Sends<DocumentIssuedMessage>("catalog")
            .Sends<DocumentPublishedMessage>("interpretation", "catalog", "consultation");
}
