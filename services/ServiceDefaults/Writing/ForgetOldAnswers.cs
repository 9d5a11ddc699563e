using Marten;
using Microsoft.Extensions.Logging;
using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.ServiceDefaults.Writing;

/// <summary>Deletes, once an hour, the answers of idempotency keys that are older than they are kept.</summary>
sealed class ForgetOldAnswers(IDocumentStore store, TimeProvider time, ILogger<ForgetOldAnswers> logger) : HourlyWork(time, logger)
{
    readonly TimeProvider time = time;

    protected override async Task Do(CancellationToken stopping)
    {
        await using var session = store.LightweightSession();
        var before = time.GetUtcNow() - IdempotentAnswer.Kept;
        session.DeleteWhere<IdempotentAnswer>(a => a.At < before);
        await session.SaveChangesAsync(stopping);
    }
}
