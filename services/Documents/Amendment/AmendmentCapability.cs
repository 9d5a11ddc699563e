using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Documents.Amendment;

/// <summary>修改、更正、废止、失效: what happens to a public document.</summary>
sealed class AmendmentCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service)
    {
        service.Services.AddSingleton<HiddenElsewhere>();
        service.Services.AddSingleton(services =>
            WayOfChange.From(services.GetRequiredService<IConfiguration>(), services.GetRequiredService<RevisionTexts>())
        );
        service
            .Endpoint<Amend>()
            .Endpoint<Correct>()
            .Endpoint<CorrectNote>()
            .Endpoint<RepealDocument>()
            .Endpoint<Supersede>()
            .Endpoint<RestoreDocument>()
            .Endpoint<ConsentToChange>()
            .Endpoint<ChangeExpiry>()
            .Endpoint<CorrectElements>()
            .Endpoint<TakeDownDocument>()
            .Endpoint<PutBackDocument>()
            .Endpoint<EraseText>()
            .Endpoint<ListEmergencyChanges>()
            .Sends<DocumentTextChangedMessage>("interpretation", "catalog")
            .Sends<DocumentExpiryChangedMessage>("interpretation", "consultation")
            .Sends<DocumentRepealedMessage>("interpretation", "catalog", "consultation")
            .Sends<DocumentSupersededMessage>("interpretation", "catalog", "consultation")
            .Sends<DocumentExpiredMessage>("interpretation", "catalog", "consultation")
            .Sends<DocumentRestoredMessage>("interpretation", "catalog", "consultation")
            .Sends<DocumentElementsCorrectedMessage>("interpretation", "catalog", "consultation")
            .Sends<DocumentVisibilityChangedMessage>("interpretation", "catalog", "consultation")
            .Sends<RevisionErasedMessage>("consultation");
    }
}
