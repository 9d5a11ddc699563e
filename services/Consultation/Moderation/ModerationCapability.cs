using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Consultation.Moderation;

/// <summary>审核展示: which comments everybody reads, by public rules.</summary>
sealed class ModerationCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) =>
        service
            .Endpoint<ModerateComments>()
            .Endpoint<ReadModeration>()
            .Sends<CommentsWaitingMessage>("catalog")
            .Services.AddSingleton<ModerationPatience>()
            .AddHostedService<RemindOfModeration>();
}
