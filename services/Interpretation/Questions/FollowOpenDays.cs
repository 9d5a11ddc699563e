using Marten;
using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.ServiceDefaults.PersonalData;
using PolicyPlatform.ServiceDefaults.Writing;
using Wolverine.Attributes;

namespace PolicyPlatform.Interpretation.Questions;

/// <summary>
/// Takes in what was asked before an open day: it is answered as all questions are, and the asker reads the answer here, with the receipt
/// that was given there.
/// </summary>
[WolverineHandler]
public static class FollowOpenDays
{
    /// <summary>Keeps the question, once.</summary>
    public static async Task Handle(
        OpenDayQuestionAskedMessage message,
        IDocumentSession session,
        Seals seals,
        CancellationToken cancellation
    )
    {
        if (await session.LoadAsync<PolicyQuestion>(message.QuestionId, cancellation) is not null)
            return;
        session.Events.StartStream<PolicyQuestion>(
            message.QuestionId,
            new QuestionAsked(
                message.QuestionId,
                seals.FromMessage(message.Text),
                null,
                message.Body,
                message.Receipt,
                message.Receipt is null ? Actor.Platform : new("public", ""),
                message.AskedAt,
                message.OpenDayId
            )
        );
    }
}
