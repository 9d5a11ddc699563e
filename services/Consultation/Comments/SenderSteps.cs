using Marten;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Comments;

/// <summary>What every step of a sender, who has the receipt and nothing else, has in common.</summary>
static class SenderSteps
{
    internal static readonly Actor Sender = new("public", "");

    /// <summary>Changes one's own comment.</summary>
    public static Task<IResult> OwnStep(
        this EventWriter writer,
        HttpContext http,
        string receipt,
        Func<Comment, PublicConsultation, IDocumentSession, Decision> decide,
        Func<Comment, Answer> answer
    ) =>
        writer.Append<Comment>(
            http,
            SubmitComment.IdOf(receipt),
            async (comment, session) =>
            {
                if (
                    comment is null
                    || await session.LoadAsync<PublicConsultation>(comment.ConsultationId, http.RequestAborted) is not { } consultation
                )
                    return NotFound();
                var decision = decide(comment, consultation, session);
                if (decision.Problem is null)
                    session.Count(comment, comment.Then(decision.Events));
                return decision;
            },
            recorded => answer(recorded.After())
        );

    /// <summary>The problem of one who comes too late to add to a comment; null where there is still time.</summary>
    public static Problem? TooLate(this Comment comment, PublicConsultation consultation, DateTimeOffset now) =>
        comment.State is CommentState.Withdrawn
            ? ConsultationProblems.CommentState.With("The comment was withdrawn. What else there is to say is sent as a new comment.")
        : consultation.StateAt(now) is not ConsultationState.Open
            ? ConsultationProblems.WrongState.With(
                $"The consultation is {JsonDefaults.Word(consultation.StateAt(now))}. Comments are added to while it is open, until {consultation.ClosesAt:yyyy-MM-ddTHH:mm:ssZ}."
            )
        : null;

    public static Problem NotFound() =>
        ConsultationProblems.CommentNotFound.With(
            "There is no comment with this receipt. It is the word that the answer to the comment held."
        ) with
        {
            IsWrongSecret = true,
        };
}
