using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Catalog.Decisions;

/// <summary>重大行政决策事项年度目录.</summary>
sealed class DecisionsCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) =>
        service
            .Endpoint<AddDecisionItem>()
            .Endpoint<WithdrawDecisionItem>()
            .Endpoint<LinkDecisionItem>()
            .Endpoint<PublishDecisions>()
            .Endpoint<ReadDecisions>()
            .Sends<DecisionItemLinkedMessage>("documents");
}
