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
            .Watches(
                "policyplatform.checkpoint.age",
                "s",
                "How long ago the newest checkpoint was made",
                null,
                """
                select null, extract(epoch from @now - max((data -> 'checkpoint' ->> 'at')::timestamptz))
                from documents.mt_doc_keptcheckpoint having count(*) > 0
                """
            )
            .Services.AddSingleton<CheckpointTree>()
            .AddSingleton<Checkpoints>()
            .AddHostedService<DailyCheckpoint>();
}
