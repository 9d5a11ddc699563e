using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Interpretation.KnownDocuments;

/// <summary>What Interpretation knows of documents.</summary>
sealed class KnownDocumentsCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) =>
        service
            .Endpoint<ListKnownDocuments>()
            .Says(messages => messages.WaitFor<NotKnownYetException>())
            .Services.AddSingleton<HideDocuments>();
}
