using Grpc.Core;
using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.Contracts.Interpretation.V1;

namespace PolicyPlatform.Documents.Amendment;

/// <summary>Asks the services that show something about documents to show nothing of one, before it is taken down.</summary>
sealed class HiddenElsewhere(
    Catalog.CatalogClient catalog,
    Interpretation.InterpretationClient interpretation,
    Consultation.ConsultationClient consultation,
    ILogger<HiddenElsewhere> logger
)
{
    // Standbys are waited for there.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Has a document, or what was written for one text of it, hidden.</summary>
    /// <param name="document">The document.</param>
    /// <param name="revision">The text; null for the whole document.</param>
    /// <param name="explanation">What the public reads in its place.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Who could not be asked: they hear of it by the message.</returns>
    public async Task<IReadOnlyList<string>> Hide(Guid document, int? revision, string explanation, CancellationToken cancellation)
    {
        var (id, text, deadline) = (document.ToString(), revision ?? 0, DateTime.UtcNow + Patience);
        var asked = await Task.WhenAll(
            Ask(
                "catalog",
                catalog.HideDocumentAsync(
                    new()
                    {
                        DocumentId = id,
                        Revision = text,
                        Explanation = explanation,
                    },
                    deadline: deadline,
                    cancellationToken: cancellation
                )
            ),
            Ask(
                "interpretation",
                interpretation.HideDocumentAsync(
                    new()
                    {
                        DocumentId = id,
                        Revision = text,
                        Explanation = explanation,
                    },
                    deadline: deadline,
                    cancellationToken: cancellation
                )
            ),
            Ask(
                "consultation",
                consultation.HideDocumentAsync(
                    new()
                    {
                        DocumentId = id,
                        Revision = text,
                        Explanation = explanation,
                    },
                    deadline: deadline,
                    cancellationToken: cancellation
                )
            )
        );
        return [.. asked.OfType<string>()];
    }

    async Task<string?> Ask<TAnswer>(string service, AsyncUnaryCall<TAnswer> call)
    {
        try
        {
            await call;
            return null;
        }
        // Whatever keeps them from it, it is not kept public for that.
        catch (RpcException e)
        {
            logger.LogWarning(e, "{Service} cannot be asked to hide a document; it hears of it by the message", service);
            return service;
        }
    }
}
