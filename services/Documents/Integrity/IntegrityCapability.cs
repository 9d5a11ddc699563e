using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Documents.Integrity;

/// <summary>Proofs that history was not rewritten.</summary>
sealed class IntegrityCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) =>
        service
            .Endpoint<CheckIntegrity>()
            .Endpoint<MakeCheckpoint>()
            .Endpoint<ReadCheckpoints>()
            .Endpoint<ReadProof>()
            .Services.AddSingleton<CheckpointTree>()
            .AddSingleton<Checkpoints>()
            .AddHostedService<DailyCheckpoint>();
}
