using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Documents.CleanUp;

/// <summary>清理: whether documents in force still fit (R 37).</summary>
sealed class CleanUpCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) =>
        service
            .Endpoint<OpenCleanUp>()
            .Endpoint<AssignCleanUp>()
            .Endpoint<RecordOutcome>()
            .Endpoint<ApplyOutcomes>()
            .Endpoint<ReadCleanUps>();
}
