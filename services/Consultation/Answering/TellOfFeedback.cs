using Marten;
using PolicyPlatform.Consultation.Comments;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.Writing;
using Wolverine;
using Wolverine.Attributes;

namespace PolicyPlatform.Consultation.Answering;

/// <summary>What was answered at once and nobody was told of yet. It is put down with the answers, and goes with the message that tells of it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="ConsultationId">The consultation.</param>
/// <param name="Groups">The groups.</param>
/// <param name="Comments">The comments that were answered by themselves.</param>
/// <param name="At">When, UTC.</param>
public sealed record UntoldFeedback(
    Guid Id,
    Guid ConsultationId,
    IReadOnlyList<Guid> Groups,
    IReadOnlyList<Guid> Comments,
    DateTimeOffset At
);

/// <summary>Consultation's note to itself for the instant at which others are to know of what was answered.</summary>
/// <param name="Id">What was answered.</param>
/// <param name="ConsultationId">The consultation.</param>
public sealed record TellOfFeedback(Guid Id, Guid ConsultationId);

/// <summary>
/// Tells that comments were answered: once for all that was answered within an hour of the first, however many and by however many commands.
/// Who sent them reads the answer with the receipt at once.
/// </summary>
[WolverineHandler]
public static class FeedbackTold
{
    const int MostGroups = 200;

    static readonly TimeSpan Together = TimeSpan.FromHours(1),
        Again = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Puts down what was answered, and when it is to be told. Each has a note of its own: whatever is put down while others are being told is
    /// not forgotten.
    /// </summary>
    internal static Decision Answered(
        this IDocumentSession session,
        Guid consultation,
        IReadOnlyList<Guid> groups,
        IReadOnlyList<Guid> comments,
        DateTimeOffset now
    )
    {
        var answered = new UntoldFeedback(Guid.CreateVersion7(), consultation, groups, comments, now);
        session.Insert(answered);
        return Decision.Record().Later(new TellOfFeedback(answered.Id, consultation), now + Together);
    }

    /// <summary>Tells of what was answered, and of all that was answered since, unless it was told with something before.</summary>
    public static async Task<OutgoingMessages> Handle(
        TellOfFeedback note,
        IDocumentSession session,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var told = new OutgoingMessages();
        if (await session.LoadAsync<UntoldFeedback>(note.Id, cancellation) is not { } first)
            return told;
        if (time.GetUtcNow() < first.At + Together)
            // A clock was put back.
            told.Delay(note, Again);
        else if (await session.LoadAsync<PublicConsultation>(note.ConsultationId, cancellation) is { } consultation)
            told.AddRange(await session.Untold(consultation, cancellation));
        return told;
    }

    /// <summary>The message about all that nobody was told of, which then is; none where there is nothing.</summary>
    internal static async Task<IReadOnlyList<FeedbackGivenMessage>> Untold(
        this IDocumentSession session,
        PublicConsultation consultation,
        CancellationToken cancellation
    )
    {
        // Of several processes one tells.
        await session.TakeTurn(consultation.Id, cancellation);
        var answered = await session
            .Query<UntoldFeedback>()
            .Where(f => f.ConsultationId == consultation.Id)
            .OrderBy(f => f.At)
            .ThenBy(f => f.Id)
            .ToListAsync(cancellation);
        if (answered.Count == 0)
            return [];
        foreach (var one in answered)
            session.Delete(one);
        Guid[] groups = [.. answered.SelectMany(f => f.Groups).Distinct()];
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
        return
        [
            new(
                answered[0].Id,
                consultation.Id,
                consultation.DocumentId,
                consultation.Title,
                consultation.Body,
                consultation.Issuers,
                consultation.Subject,
                [.. groups.Take(MostGroups)],
                groups.Length,
                inGroups,
                answered.SelectMany(f => f.Comments).Distinct().Count(),
                answered[^1].At,
                consultation.Texts()
            ),
        ];
    }
}
