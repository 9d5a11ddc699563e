using Marten;
using PolicyPlatform.Consultation.Groups;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Consultation.Comments;

/// <summary>What became of one's own comment: whoever has its receipt.</summary>
public sealed class ReadOwnComment : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/comments/{receipt}", Get).Produces<OwnComment>().WithName("readOwnComment");

    /// <summary>
    /// What became of one's own comment: whether it is shown, and why not; the feedback that it, or its group, got; and which words of the block
    /// changed since. While the document is taken from the public, without what is quoted and answered out of it.
    /// </summary>
    static async Task<IResult> Get(string receipt, IQuerySession session, ChangedBlocks changed, TimeProvider time, HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (await session.LoadAsync<Comment>(SubmitComment.IdOf(receipt), http.RequestAborted) is not { } comment)
            return SenderSteps.NotFound().ToResult();
        var consultation = (await session.LoadAsync<PublicConsultation>(comment.ConsultationId, http.RequestAborted))!;
        // Own words and what became of them, without what is quoted and answered out of the document.
        if ((await session.Hidden(http.RequestAborted)).Covers(consultation.DocumentId, consultation.Revisions.Select(r => r.Revision)))
            return Results.Ok(
                OwnComment.Of(comment) with
                {
                    ConsultationState = consultation.StateAt(time.GetUtcNow()),
                    Anchor = null,
                    Feedback = null,
                }
            );
        var group = comment.GroupId is { } id ? await session.LoadAsync<CommentGroup>(id, http.RequestAborted) : null;
        var own = OwnComment.Of(comment) with
        {
            ConsultationState = consultation.StateAt(time.GetUtcNow()),
            Feedback = comment.Feedback ?? group?.Feedback,
            Group = group?.Title,
        };
        return Results.Ok(own with { Change = await changed.Since(comment, own.Feedback, consultation, session, http.RequestAborted) });
    }
}

/// <summary>A comment as its sender sees it.</summary>
/// <param name="Id">The comment, as everybody knows it once it is shown.</param>
/// <param name="ConsultationId">The consultation.</param>
/// <param name="ConsultationState">Where the consultation is on its way; null in answers to writes.</param>
/// <param name="State">Where the comment is.</param>
/// <param name="NotShownBecause">Why it is not shown.</param>
/// <param name="NotShownNote">What there is to say about that.</param>
/// <param name="Revision">The revision that it was made on.</param>
/// <param name="Anchor">The words that it is about; null for the whole.</param>
/// <param name="Position">What its sender thinks.</param>
/// <param name="Text">What its sender says.</param>
/// <param name="Supplements">What was added.</param>
/// <param name="Files">What was sent with it.</param>
/// <param name="ReceivedAt">When it was received, UTC.</param>
/// <param name="Group">The title of the group that it was put into.</param>
/// <param name="Feedback">What became of it.</param>
/// <param name="Change">What changed in the block since; null where nothing did, and in answers to writes.</param>
public sealed record OwnComment(
    Guid Id,
    Guid ConsultationId,
    ConsultationState? ConsultationState,
    CommentState State,
    ReasonNotToShow? NotShownBecause,
    string? NotShownNote,
    int Revision,
    Anchor? Anchor,
    Position Position,
    string Text,
    IReadOnlyList<Supplement> Supplements,
    IReadOnlyList<CommentFile> Files,
    DateTimeOffset ReceivedAt,
    string? Group,
    Feedback? Feedback,
    ChangedBlock? Change
)
{
    internal static OwnComment Of(Comment c) =>
        new(
            c.Id,
            c.ConsultationId,
            null,
            c.State,
            c.NotShownBecause,
            c.NotShownNote,
            c.Revision,
            c.Anchor,
            c.Position,
            c.Text,
            c.Supplements,
            c.Files,
            c.ReceivedAt,
            null,
            c.Feedback,
            null
        );
}
