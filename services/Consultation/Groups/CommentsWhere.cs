using Marten;
using PolicyPlatform.Consultation.Comments;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Consultation.Groups;

/// <summary>Comments by what they have in common, as their list finds them: all that is given must fit. Withdrawn ones never do.</summary>
/// <param name="Block">The block that they are about; none for what was said about the whole.</param>
/// <param name="Position">What their senders think.</param>
/// <param name="Kind">Who says it.</param>
/// <param name="Region">Where that is, a code of GB/T 2260.</param>
/// <param name="Text">Words that they hold, as they stand there.</param>
/// <param name="Group">The group that they are in; those that are in none when left out.</param>
public sealed record CommentsWhere(
    string? Block,
    Position? Position,
    CommenterKind? Kind,
    string? Region,
    [property: IsText] string? Text,
    Guid? Group
)
{
    /// <summary>The ids of those in a consultation; more than can be taken at once are noted.</summary>
    public async Task<IReadOnlyList<Guid>> Find(
        IQuerySession session,
        PublicConsultation consultation,
        Invalid invalid,
        CancellationToken cancellation
    )
    {
        if (
            invalid
                .If(
                    (Block, Position, Kind, Region, Text.OrNone(), Group) is (null, null, null, null, null, null),
                    "/where",
                    "value.missing",
                    "What they have in common: block, position, kind, region, text or group."
                )
                .Text("/where/text", Text, FittingComments.LongestWords, required: false)
                .Problem
            is not null
        )
            return [];
        var query = session
            .Query<Comment>()
            .Where(c => c.ConsultationId == consultation.Id && c.State != CommentState.Withdrawn && c.GroupId == Group)
            .Fitting(Block, Position, Kind, Region, Text);
        var found = await query.OrderBy(c => c.ReceivedAt).Take(ManyComments.Most + 1).Select(c => c.Id).ToListAsync(cancellation);
        if (found.Count <= ManyComments.Most)
            return found;
        var all = await query.CountAsync(cancellation);
        invalid.Add(
            "/where",
            "comments.tooMany",
            $"{all} comments fit, and at most {ManyComments.Most} are put into a group at once. Say more of what they have in common, such as a block or a region."
        );
        return [];
    }
}
