using PolicyPlatform.Consultation.FormLetters;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Reading;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Comments;

/// <summary>Takes one's own comment back: nobody reads it any more, and it counts as withdrawn. Possible until the consultation is completed.</summary>
public sealed class WithdrawComment : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/comments/{receipt}", Delete).Produces<OwnComment>().TakesFromPublic().WithName("withdrawComment");

    /// <summary>Takes one's own comment back. Once it is withdrawn the same request changes nothing.</summary>
    static Task<IResult> Delete(string receipt, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.OwnStep(
            http,
            receipt,
            (comment, consultation, session) =>
            {
                if (comment.State is CommentState.Withdrawn)
                    return Decision.Record();
                if (consultation.IsOver)
                    return consultation.WrongState(time.GetUtcNow(), "left by a comment", "until it is completed");
                session.Delete<CommentSender>(comment.Id);
                session.ToBePlaced(comment.ConsultationId, comment.Id);
                return Decision.Record(new CommentWithdrawn(SenderSteps.Sender, time.GetUtcNow()));
            },
            comment => new Answer(200, OwnComment.Of(comment))
        );
}
