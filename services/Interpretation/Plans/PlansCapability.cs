using PolicyPlatform.Contracts.Interpretation.V1;
using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Interpretation.Plans;

/// <summary>解读方案: whether, how and when a document is interpreted.</summary>
sealed class PlansCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) =>
        service
            .Endpoint<OpenPlan>()
            .Endpoint<WritePlan>()
            .Endpoint<ApprovePlan>()
            .Endpoint<ReadPlans>()
            .Sends<InterpretationReadyMessage>("documents")
            .Services.AddScoped<OpeningPlans>();
}
