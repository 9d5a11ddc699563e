using Grpc.Core;
using Marten;
using PolicyPlatform.Contracts;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Reading;
using PolicyPlatform.ServiceDefaults.Writing;
using Wolverine.Runtime;

namespace PolicyPlatform.Shared.DocumentAccess;

/// <summary>What every service answers <c>HideDocument</c> with.</summary>
public sealed class HideDocuments(IDocumentStore store, IWolverineRuntime messaging, StandbyPatience standbys, TimeProvider time)
{
    /// <summary>
    /// Shows nothing of a document, or of what was written for a text of it, until it is heard whether it stays so; where that is not heard,
    /// Documents is asked.
    /// </summary>
    /// <param name="asked">What is to be hidden.</param>
    /// <param name="context">The call: for publishers, and for those who erase. It waits for standbys, so that nobody reads it any more.</param>
    public async Task Hide(IHideDocument asked, ServerCallContext context)
    {
        if (!Caller.From(context.GetHttpContext().User).HasAny(Roles.Publisher, Roles.PersonalData))
            throw CommonProblems
                .Forbidden.With($"This call needs one of the roles: {string.Join(", ", Roles.Publisher, Roles.PersonalData)}.")
                .ToRpcException();
        if (!Guid.TryParse(asked.DocumentId, out var id))
            throw new Invalid().Add("documentId", "value.malformed", "The id of a document is a UUID.").Problem!.ToRpcException();
        var awaited = new AwaitedHiding(asked.Version, time.GetUtcNow() + HiddenDocuments.Patience);
        var part = new HiddenPart(asked.Revision > 0 ? asked.Revision : null, asked.Explanation, awaited);
        await using (var session = store.LightweightSession())
        {
            await session.TakeTurn(id, context.CancellationToken);
            var known = await session.LoadAsync<HiddenDocument>(id, context.CancellationToken) ?? new(id, 0, []);
            // What was heard in the meantime is newer than what is asked.
            if (known.Version < asked.Version && known.Parts.All(p => p.Revision != part.Revision || p.Awaited is not null))
            {
                session.Store(known with { Parts = [.. known.Parts.Where(p => p.Revision != part.Revision), part] });
                await Decision.Record().Later(new ConfirmHidden(id), awaited.Until).Send(messaging, session);
            }
            await session.SaveChangesAsync(context.CancellationToken);
        }
        await standbys.Wait(context.CancellationToken);
    }
}
