using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Consultation.Answering;

/// <summary>意见采纳情况反馈: what was done with what was said, and why.</summary>
sealed class AnsweringCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) =>
        service
            .Endpoint<GiveFeedback>()
            .Endpoint<FeedbackTemplates>()
            .Endpoint<WriteSummary>()
            .Endpoint<CompleteConsultation>()
            .Sends<FeedbackGivenMessage>("catalog")
            .Sends<FeedbackDueMessage>("catalog")
            .Services.AddHostedService<RemindOfFeedback>();
}
