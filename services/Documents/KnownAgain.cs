using Marten;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents;

/// <summary>A document number that is given away.</summary>
/// <param name="Id">The number as it is printed.</param>
/// <param name="DocumentId">The document that has it.</param>
public sealed record TakenNumber(string Id, Guid DocumentId);

/// <summary>By what an imported document is known again when it comes once more, also once that was put right.</summary>
/// <param name="Id">Number, title and leading issuer as they came; without a number the other two.</param>
/// <param name="DocumentId">The document.</param>
public sealed record ImportedDocument(string Id, Guid DocumentId);

/// <summary>By what a document is known again when it comes once more.</summary>
static class KnownAgain
{
    /// <summary>What a document is known by: its number, where it has one, its title and its leading issuer.</summary>
    public static string By(DocumentNumber? number, string title, string issuer) =>
        number is null ? $"{CanonicalText.Fold(title)}|{issuer}" : $"{number}|{CanonicalText.Fold(title)}|{issuer}";

    /// <summary>
    /// Makes a document known by its right elements, in the transaction in which they are put right, and keeps it known by the wrong ones: a
    /// file that says them comes again. A number belongs to one document, and the wrong one is free again.
    /// </summary>
    /// <param name="session">The session that the correction is written in.</param>
    /// <param name="document">The document as it was.</param>
    /// <param name="corrected">The correction.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <param name="exchanged">Whether the document that has the number gets that of this one, in the same transaction.</param>
    /// <returns>What is in the way; null for nothing.</returns>
    public static async Task<Problem?> Rename(
        this IDocumentSession session,
        PolicyDocument document,
        ElementsCorrected corrected,
        CancellationToken cancellation,
        bool exchanged = false
    )
    {
        var after = document.Then(corrected)!;
        if (corrected.After.Number is { } gets && exchanged)
            // Its row is there; that two do not change it at once the versions of both documents see to.
            session.Store(new TakenNumber(gets.ToString(), document.Id));
        else if (corrected.After.Number is { } number)
        {
            if (await session.LoadAsync<TakenNumber>(number.ToString(), cancellation) is not null)
                return DocumentProblems.NumberTaken.With(
                    $"{number} belongs to another document. Put that one right first, or give the right number; where each of the two has the number of the other one, `exchangeWith` exchanges both."
                );
            // The row's key makes two who take the same number at once meet.
            session.Insert(new TakenNumber(number.ToString(), document.Id));
            if (document.Number is { } wrong)
                session.Delete<TakenNumber>(wrong.ToString());
        }
        var title = corrected.Before.Title ?? document.Title;
        foreach (
            var key in new[]
            {
                By(document.Number, title, document.Issuers[0]),
                By(after.Number, corrected.After.Title ?? title, after.Issuers[0]),
            }.Distinct()
        )
            // What another document is known by stays with it.
            if (await session.LoadAsync<ImportedDocument>(key, cancellation) is null)
                session.Store(new ImportedDocument(key, document.Id));
        return null;
    }
}
