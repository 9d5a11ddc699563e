using Marten;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults.Reading;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Consultation.Comments;

/// <summary>Where the words that a comment is about stand in a later revision.</summary>
/// <param name="Revision">The later revision.</param>
/// <param name="Exists">Whether the block is still there.</param>
/// <param name="Changed">Whether its text is another one.</param>
/// <param name="Start">Where the words begin in the new text; null where they are not in it, or the comment is about the whole block.</param>
/// <param name="End">The character behind the last one.</param>
public sealed record CarriedAnchor(int Revision, bool Exists, bool Changed, int? Start, int? End);

/// <summary>What changed in a block since it was commented on.</summary>
/// <param name="Block">The block.</param>
/// <param name="FromRevision">The revision that was commented on.</param>
/// <param name="ToRevision">The revision that it is compared with: the one that answers, the published one, or the one put up last.</param>
/// <param name="Before">Its text then.</param>
/// <param name="After">Its text now; null where it was taken out.</param>
/// <param name="Words">The words exchanged.</param>
public sealed record ChangedBlock(
    string Block,
    int FromRevision,
    int ToRevision,
    string Before,
    string? After,
    IReadOnlyList<ExchangedWords> Words
);

/// <summary>Words that were exchanged for others.</summary>
/// <param name="Before">What stood there; empty for what only came.</param>
/// <param name="After">What stands there; empty for what only went.</param>
public sealed record ExchangedWords(string Before, string After);

/// <summary>What became of the words that comments are about, in the revisions that everybody may read.</summary>
[ReadsBySession]
sealed class ChangedBlocks(ConsultedTexts texts, Documents.DocumentsClient documents)
{
    /// <summary>Where the words of comments that were made on earlier revisions stand in the one put up last, by comment.</summary>
    public async Task<IReadOnlyDictionary<Guid, CarriedAnchor>> Carry(
        IEnumerable<Comment> comments,
        PublicConsultation consultation,
        IQuerySession session,
        CancellationToken cancellation
    )
    {
        var carried = new Dictionary<Guid, CarriedAnchor>();
        foreach (var comment in comments.Where(c => c.Anchor is not null && c.Revision != consultation.Revision))
        {
            var before = (await texts.Find(consultation.Id, comment.Revision, cancellation))!;
            var after = (await texts.Find(consultation.Id, consultation.Revision, cancellation))!;
            carried[comment.Id] = Carry(comment.Anchor!, before, after, consultation.Revision);
        }
        return carried;
    }

    internal static CarriedAnchor Carry(
        Anchor anchor,
        IReadOnlyDictionary<string, ConsultedBlock> before,
        IReadOnlyDictionary<string, ConsultedBlock> after,
        int revision
    )
    {
        if (!after.TryGetValue(anchor.Block, out var now))
            return new(revision, false, true, null, null);
        var same = now.Text == before[anchor.Block].Text;
        if (anchor is not { Start: { } start, End: { } end, Quote: { } quote })
            return new(revision, true, !same, null, null);
        if (same)
            return new(revision, true, false, start, end);
        // The same words nearest to where they stood.
        var found = -1;
        for (
            var at = now.Text.IndexOf(quote, StringComparison.Ordinal);
            at >= 0;
            at = now.Text.IndexOf(quote, at + 1, StringComparison.Ordinal)
        )
            if (found < 0 || Math.Abs(at - start) < Math.Abs(found - start))
                found = at;
        return found < 0 ? new(revision, true, true, null, null) : new(revision, true, true, found, found + quote.Length);
    }

    /// <summary>
    /// What changed in the block of a comment: in the revision that answers it, as far as everybody may read that one, or else in the published
    /// one or in the one put up last. Null where nothing did.
    /// </summary>
    public async Task<ChangedBlock?> Since(
        Comment comment,
        Feedback? feedback,
        PublicConsultation consultation,
        IQuerySession session,
        CancellationToken cancellation
    )
    {
        if ((feedback?.Block ?? comment.Block) is not { } block)
            return null;
        var before = await texts.Find(consultation.Id, comment.Revision, cancellation);
        if (before is null || !before.TryGetValue(block, out var then))
            return null;
        var published = (await documents.FindPublic([consultation.DocumentId], cancellation)).Values.FirstOrDefault();
        var revision = feedback?.Revision ?? published?.Revision ?? consultation.Revision;
        string? now;
        if (consultation.Revisions.Any(r => r.Revision == revision))
            now = (await texts.Find(consultation.Id, revision, cancellation))!.GetValueOrDefault(block)?.Text;
        else if (published is not null)
        {
            // What answers was recorded on the way to what is published; everybody may read that alone.
            revision = published.Revision;
            // Where that text is taken from the public, there is nothing to compare with.
            if (await documents.Blocks(consultation.DocumentId, revision, cancellation) is not { } blocks)
                return null;
            now = blocks.Blocks.FirstOrDefault(b => b.Id == block)?.Text;
        }
        else
            return null;
        if (now == then.Text || revision == comment.Revision)
            return null;
        return new(block, comment.Revision, revision, then.Text, now, now is null ? [] : await Words(then.Text, now, cancellation));
    }

    async Task<IReadOnlyList<ExchangedWords>> Words(string before, string after, CancellationToken cancellation)
    {
        var compared = await documents.CompareWordsAsync(new() { Before = before, After = after }, cancellationToken: cancellation);
        return
        [
            .. compared.Exchanged.Select(e => new ExchangedWords(
                before[e.BeforeStart..(e.BeforeStart + e.BeforeLength)],
                after[e.AfterStart..(e.AfterStart + e.AfterLength)]
            )),
        ];
    }
}
