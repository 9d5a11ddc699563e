using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Consultation.TakenDown;

/// <summary>What is told of documents that are taken from the public: nothing but the explanation.</summary>
sealed class TakenDownCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) => service.Before(TakenDownDoor.Refuse).Services.AddSingleton<HideDocuments>();
}
