using Grpc.Core;
using PolicyPlatform.Contracts;
using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.Contracts.Interpretation.V1;
using PolicyPlatform.ServiceDefaults.Reading;

namespace PolicyPlatform.Documents.Amendment;

/// <summary>Asks the services that show something about documents to show nothing of one, before it is taken down.</summary>
sealed class HiddenElsewhere(
    Catalog.CatalogClient catalog,
    Interpretation.InterpretationClient interpretation,
    Consultation.ConsultationClient consultation,
    StandbyPatience standbys,
    ILogger<HiddenElsewhere> logger
)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Has a document, or what was written for one text of it, hidden.</summary>
    /// <param name="document">The document as it is now.</param>
    /// <param name="revision">The text; null for the whole document.</param>
    /// <param name="explanation">What the public reads in its place.</param>
    /// <returns>Who could not be asked: they hear of it by the message.</returns>
    public async Task<IReadOnlyList<string>> Hide(PolicyDocument document, int? revision, string explanation)
    {
        var options = Options();
        var asked = await Task.WhenAll(
            Ask(
                "catalog",
                catalog.HideDocumentAsync(Asking<Contracts.Catalog.V1.HideDocumentRequest>(document, revision, explanation), options)
            ),
            Ask(
                "interpretation",
                interpretation.HideDocumentAsync(
                    Asking<Contracts.Interpretation.V1.HideDocumentRequest>(document, revision, explanation),
                    options
                )
            ),
            Ask(
                "consultation",
                consultation.HideDocumentAsync(
                    Asking<Contracts.Consultation.V1.HideDocumentRequest>(document, revision, explanation),
                    options
                )
            )
        );
        return [.. asked.OfType<string>()];
    }

    /// <summary>
    /// Has a text that is erased hidden where the public was asked about it, until it is erased there as well. Where that cannot be had, the
    /// text is not erased: nobody is told that it is gone while it is read.
    /// </summary>
    /// <param name="document">The document as it is now.</param>
    /// <param name="revision">The text.</param>
    /// <returns>Whether it is hidden.</returns>
    public async Task<bool> HideErased(PolicyDocument document, int revision)
    {
        var asked = Asking<Contracts.Consultation.V1.HideDocumentRequest>(document, revision, "该文本正在删除，不再公开。");
        asked.ForErasure = true;
        return await Ask("consultation", consultation.HideDocumentAsync(asked, Options())) is null;
    }

    static TRequest Asking<TRequest>(PolicyDocument document, int? revision, string explanation)
        where TRequest : IHideDocument, new() =>
        new()
        {
            DocumentId = $"{document.Id}",
            Revision = revision ?? 0,
            Explanation = explanation,
            Version = document.Version + 1,
        };

    // They wait for their standbys, as this service does for its own. Once one of them hides something all are asked, whether or not the
    // caller waits for it.
    CallOptions Options() => new(deadline: DateTime.UtcNow + Patience + standbys.Longest);

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
            logger.LogWarning(e, "{Service} cannot be asked to hide a document", service);
            return service;
        }
    }
}
