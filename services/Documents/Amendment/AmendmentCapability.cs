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
            .Sends<Contracts.Documents.V1.DocumentTextChangedMessage>("interpretation", "catalog")
            .Sends<Contracts.Documents.V1.DocumentExpiryChangedMessage>("interpretation")
            .Sends<Contracts.Documents.V1.DocumentRepealedMessage>("interpretation", "catalog")
            .Sends<Contracts.Documents.V1.DocumentSupersededMessage>("interpretation", "catalog")
            .Sends<Contracts.Documents.V1.DocumentExpiredMessage>("interpretation", "catalog");
}
