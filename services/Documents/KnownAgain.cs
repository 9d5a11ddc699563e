using Marten;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents;

/// <summary>A document number that is given away.</summary>
/// <param name="Id">The number as it is printed.</param>
/// <param name="DocumentId">The document that has it.</param>
public sealed record TakenNumber(string Id, Guid DocumentId);

/// <summary>By what an imported document is known again: its number, or else its title and leading issuer.</summary>
/// <param name="Id">The number, or title and issuer.</param>
/// <param name="DocumentId">The document.</param>
public sealed record ImportedDocument(string Id, Guid DocumentId);

/// <summary>By what a document is known again when it comes once more.</summary>
static class KnownAgain
{
    /// <summary>Title and leading issuer, which is all that there is of a document without a number.</summary>
    public static string ByTitle(string title, string issuer) => $"{CanonicalText.Fold(title)}|{issuer}";

    /// <summary>
    /// Makes a document known by its right elements in the same transaction: a number belongs to one document, and the wrong one is free again.
    /// </summary>
    /// <param name="session">The session that the correction is written in.</param>
    /// <param name="document">The document as it was.</param>
    /// <param name="corrected">The correction.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>What is in the way; null for nothing.</returns>
    public static async Task<Problem?> Rename(
        this IDocumentSession session,
        PolicyDocument document,
        ElementsCorrected corrected,
        CancellationToken cancellation
    )
    {
        var after = document.Then(corrected)!;
        if (corrected.After.Number is { } number)
        {
            if (await session.LoadAsync<TakenNumber>(number.ToString(), cancellation) is not null)
                return DocumentProblems.NumberTaken.With(
                    $"{number} belongs to another document. Put that one right first, or give the right number."
                );
            // The row's key makes two who take the same number at once meet.
            session.Insert(new TakenNumber(number.ToString(), document.Id));
            if (document.Number is { } wrong)
                session.Delete<TakenNumber>(wrong.ToString());
        }
        else if (after.Number is null)
            session.Store(new ImportedDocument(ByTitle(after.Title, after.Issuers[0]), document.Id));
        return null;
    }
}
