using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Consultation.Moderation;

/// <summary>审核展示: which comments everybody reads, by public rules.</summary>
sealed class ModerationCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) => service.Endpoint<ModerateComments>().Endpoint<ReadModeration>();
}
