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
    /// <param name="context">The call: for publishers, and for those who erase a text. It waits for standbys, so that nobody reads it any more.</param>
    public async Task Hide(IHideDocument asked, ServerCallContext context)
    {
        if (!MayHide(Caller.From(context.GetHttpContext().User), asked))
            throw CommonProblems
                .Forbidden.With(
                    $"This call needs one of the roles: {string.Join(", ", Roles.Publisher, Roles.PersonalData)}, the latter for one text that is erased."
                )
                .ToRpcException();
        if (!Guid.TryParse(asked.DocumentId, out var id))
            throw new Invalid().Add("documentId", "value.malformed", "The id of a document is a UUID.").Problem!.ToRpcException();
        var awaited = new AwaitedHiding(asked.Version, time.GetUtcNow() + HiddenDocuments.Patience);
        int? revision = asked.Revision > 0 ? asked.Revision : null;
        var part = new HiddenPart(revision, asked.Explanation, awaited, asked.ForErasure && revision is not null);
        await using (var session = store.LightweightSession())
        {
            await session.TakeTurn(id, context.CancellationToken);
            var known = await session.Known(id, context.CancellationToken);
            // What was heard in the meantime is newer than what is asked.
            if (known.Asked(part) is var now && now != known)
            {
                session.Store(now);
                await Decision.Record().Later(new ConfirmHidden(id), awaited.Until).Send(messaging, session);
            }
            await session.SaveChangesAsync(context.CancellationToken);
        }
        await standbys.Wait(context.CancellationToken);
    }

    /// <summary>Whether the caller may have it hidden: publishers whatever it is, and those who erase a text that they erase.</summary>
    public static bool MayHide(Caller caller, IHideDocument asked) =>
        caller.HasAny(Roles.Publisher) || caller.HasAny(Roles.PersonalData) && asked is { ForErasure: true, Revision: > 0 };
}
