using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Documents.Amendment;

/// <summary>修改、更正、废止、失效: what happens to a public document.</summary>
sealed class AmendmentCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) =>
        service
            .Endpoint<Amend>()
            .Endpoint<Correct>()
            .Endpoint<CorrectNote>()
            .Endpoint<RepealDocument>()
            .Endpoint<Supersede>()
            .Endpoint<ChangeExpiry>()
            .Sends<DocumentTextChangedMessage>("interpretation", "catalog")
            .Sends<DocumentExpiryChangedMessage>("interpretation")
            .Sends<DocumentRepealedMessage>("interpretation", "catalog")
            .Sends<DocumentSupersededMessage>("interpretation", "catalog")
            .Sends<DocumentExpiredMessage>("interpretation", "catalog");
}
