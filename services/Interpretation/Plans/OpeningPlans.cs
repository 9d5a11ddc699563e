using Grpc.Core;
using Marten;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Interpretation.Plans;

/// <summary>
/// A plan opens by the message that its document went to review. Whoever is faster than the message waits for it, and is never told that there
/// is no plan.
/// </summary>
sealed class OpeningPlans(IDocumentStore store, Documents.DocumentsClient documents)
{
    const int Looks = 50;

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // Before review there is no plan, and what was withdrawn gets none.
    static readonly DocumentState[] HavePlans = [DocumentState.UnderReview, DocumentState.Signed, DocumentState.Issued];

    /// <summary>The plan, once it is there; the problem of one that is not.</summary>
    public async Task<(InterpretationPlan? Plan, Problem? Missing)> Find(Guid id, CancellationToken cancellation)
    {
        for (var looks = 0; looks < Looks; looks++)
        {
            await using (var session = store.QuerySession())
                if (await session.LoadAsync<InterpretationPlan>(id, cancellation) is { } plan)
                    return (plan, null);
            if (looks == 0 && !await IsExpected(id, cancellation))
                return (null, ReadPlans.NotFound(id));
            await Task.Delay(Pause, cancellation);
        }
        return (
            null,
            InterpretationProblems.PlanOpening.With(
                $"Document {id} went to review, and its plan is not open yet. Send the request again in a moment."
            ) with
            {
                RetryAfterSeconds = 1,
            }
        );
    }

    // A plan that opens with its document has the document's id; Documents tells the caller of those alone that the caller sees.
    async Task<bool> IsExpected(Guid id, CancellationToken cancellation)
    {
        try
        {
            var document = await documents.GetDocumentAsync(new() { Id = id.ToString() }, cancellationToken: cancellation);
            return HavePlans.Contains(document.DocumentState);
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.NotFound)
        {
            return false;
        }
    }
}
