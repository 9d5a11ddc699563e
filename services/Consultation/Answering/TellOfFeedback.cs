using Marten;
using PolicyPlatform.Consultation.Comments;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Answering;

/// <summary>Tells that comments were answered: one message, however many were. Who sent them reads the answer with the receipt.</summary>
static class TellOfFeedback
{
    const int MostGroups = 200;

    /// <summary>What is told with what was recorded.</summary>
    public static async Task<Decision> Told(
        this IQuerySession session,
        PublicConsultation consultation,
        IReadOnlyList<Guid> groups,
        int comments,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        Guid?[] ids = [.. groups];
        var inGroups =
            ids.Length == 0
                ? 0
                : await session
                    .Query<Comment>()
                    .CountAsync(
                        c => c.GroupId.IsOneOf(ids) && c.Feedback == null && c.State != Comments.CommentState.Withdrawn,
                        cancellation
                    );
        return Decision
            .Record()
            .Telling(
                new FeedbackGivenMessage(
                    Guid.CreateVersion7(),
                    consultation.Id,
                    consultation.DocumentId,
                    consultation.Title,
                    consultation.Body,
                    consultation.Issuers,
                    consultation.Subject,
                    [.. groups.Take(MostGroups)],
                    groups.Count,
                    inGroups,
                    comments,
                    now
                )
            );
    }
}
