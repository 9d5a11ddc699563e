using Grpc.Core;
using Marten;
using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.Contracts.Interpretation.V1;
using PolicyPlatform.Documents.Relations;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.History;

/// <summary>Everything that the page of a published document shows, in one call, as the public sees it.</summary>
public sealed class ReadDocumentPage : IEndpoint
{
    const int MostHistory = 50;

    // A page without its interpretations or consultations is better than a page that does not come.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/documents/{id:guid}/page", Get).Produces<DocumentPage>().WithName("readDocumentPage");

    static async Task<IResult> Get(
        Guid id,
        IQuerySession session,
        RevisionTexts texts,
        FoundRelations relations,
        Interpretation.InterpretationClient interpretations,
        Consultation.ConsultationClient consultations,
        TimeProvider time,
        HttpContext http
    )
    {
        var cancellation = http.RequestAborted;
        var document = await session.LoadAsync<PolicyDocument>(id, cancellation);
        if (document is null || !Caller.Public.Sees(document))
            return Visibility.NotFound(id, document).ToResult();
        var today = time.Today();
        var current = Visibility.CurrentRevision(document, today);
        if (!Caller.Public.SeesRevision(document, current))
            return Caller.Public.NoRevision(document, current).ToResult();
        var asking = Ask(interpretations, id, cancellation);
        var consulting = Ask(consultations, id, cancellation);
        var text = (await texts.Find(session, document, current, cancellation))!;
        var related = await relations.Of(session, document, Caller.Public, today, cancellation);
        var history = (
            await session.QueryAsync(
                new ReadHistory.NewestPublicEntries
                {
                    DocumentId = id,
                    Before = long.MaxValue,
                    Limit = MostHistory,
                },
                cancellation
            )
        ).Select(e => ReadHistory.Public(e, document)).ToArray();
        var explained = await asking;
        var consulted = await consulting;
        http.Response.Headers.CacheControl = "no-cache";
        return Results.Ok(
            new DocumentPage(
                ReadDocument.View(document, inside: false, today),
                current,
                text.Blocks,
                AttachedFiles.Links(id, text),
                history,
                related.Relations,
                related.Citations,
                explained,
                consulted
            )
        );
    }

    static async Task<IReadOnlyList<PageConsultation>?> Ask(
        Consultation.ConsultationClient consultations,
        Guid id,
        CancellationToken cancellation
    )
    {
        try
        {
            var found = await consultations.ListByDocumentAsync(
                new() { DocumentId = id.ToString() },
                deadline: DateTime.UtcNow + Patience,
                cancellationToken: cancellation
            );
            return [.. found.Consultations.Select(c => PageConsultation.Of(c, id))];
        }
        catch (RpcException)
        {
            return null;
        }
    }

    static async Task<IReadOnlyList<PageInterpretation>?> Ask(
        Interpretation.InterpretationClient interpretations,
        Guid id,
        CancellationToken cancellation
    )
    {
        try
        {
            var found = await interpretations.ListByDocumentAsync(
                new() { DocumentId = id.ToString() },
                deadline: DateTime.UtcNow + Patience,
                cancellationToken: cancellation
            );
            return
            [
                .. found.Interpretations.Select(i => new PageInterpretation(
                    i.Id,
                    i.Title,
                    i.InterpretationForm.GivenWord() ?? "",
                    i.Link,
                    i.Comparison.OrNone()
                )),
            ];
        }
        catch (RpcException)
        {
            return null;
        }
    }
}

/// <summary>A published document as its page shows it.</summary>
/// <param name="Document">Elements, validity and links.</param>
/// <param name="Revision">The revision that is shown.</param>
/// <param name="Blocks">Its text.</param>
/// <param name="Files">The files that the text holds, and those that go with it.</param>
/// <param name="History">What happened to it, newest first; the whole of it is at <c>…/history</c>.</param>
/// <param name="Relations">Its relations, from both ends.</param>
/// <param name="Citations">What its text cites.</param>
/// <param name="Interpretations">What explains it; null when the service that knows does not answer just now.</param>
/// <param name="Consultations">How the public was asked about it, the newest first, for ever (M 18); null as well when that is not known.</param>
public sealed record DocumentPage(
    DocumentView Document,
    int Revision,
    IReadOnlyList<Block> Blocks,
    IReadOnlyList<FileLink> Files,
    IReadOnlyList<HistoryItem> History,
    IReadOnlyList<Relation> Relations,
    IReadOnlyList<FoundCitation> Citations,
    IReadOnlyList<PageInterpretation>? Interpretations,
    IReadOnlyList<PageConsultation>? Consultations
);

/// <summary>Something that explains a document.</summary>
/// <param name="Id">The interpretation.</param>
/// <param name="Title">Its title.</param>
/// <param name="Form">Its form.</param>
/// <param name="Link">Where it is.</param>
/// <param name="Comparison">What changed in the document since it was written; null while it fits the text in force.</param>
public sealed record PageInterpretation(string Id, string Title, string Form, string Link, string? Comparison);

/// <summary>A consultation about a document.</summary>
/// <param name="Id">The consultation.</param>
/// <param name="Title">The title of the draft.</param>
/// <param name="State">Where it is on its way.</param>
/// <param name="Revision">The revision put up last.</param>
/// <param name="ClosesOn">The last day for comments, Asia/Shanghai.</param>
/// <param name="Link">Where it is.</param>
/// <param name="Summary">Where its published summary is: what was asked, what was said, what was done; null before it is completed.</param>
/// <param name="Groups">Where the groups of comments are that changed the text, by block (?block=…); null before it is completed.</param>
public sealed record PageConsultation(
    string Id,
    string Title,
    string State,
    int Revision,
    string ClosesOn,
    string Link,
    string? Summary,
    string? Groups
)
{
    internal static PageConsultation Of(AboutDocument c, Guid document)
    {
        var link = $"/api/v1/consultations/{c.Id}";
        var isCompleted = c.State is ConsultationState.Completed;
        return new(
            c.Id,
            c.Title,
            c.State.GivenWord() ?? "",
            c.Revision,
            c.ClosesOn,
            link,
            isCompleted ? $"{link}/summary" : null,
            isCompleted ? $"/api/v1/documents/{document}/consultations/groups" : null
        );
    }
}
