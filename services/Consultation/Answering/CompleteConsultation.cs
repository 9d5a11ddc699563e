using Marten;
using PolicyPlatform.Consultation.Comments;
using PolicyPlatform.Consultation.Groups;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Answering;

/// <summary>Something that is missing before a consultation can be completed.</summary>
/// <param name="Code">feedback or summary.</param>
/// <param name="Detail">What is missing, and which call supplies it.</param>
public sealed record MissingFeedback(string Code, Wording Detail);

/// <summary>
/// Completes a consultation that has closed: every group and every comment outside of groups has its feedback, and the summary, which is
/// published with it, is written (M 18, 29). The public participation of the draft is taken with it.
/// </summary>
public sealed class CompleteConsultation : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/consultations/{id:guid}/complete", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<ConsultationView>()
            .WithName("completeConsultation");

    static Task<IResult> Post(Guid id, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Step(
            http,
            id,
            caller,
            new Invalid(),
            time,
            async (consultation, session) =>
            {
                var now = time.GetUtcNow();
                if (consultation.StateAt(now) is not Periods.ConsultationState.Closed)
                    return consultation.WrongState(now, "completed", "once it is closed");
                var summary = await session.LoadAsync<ConsultationSummary>(id, http.RequestAborted);
                var groups = await session
                    .Query<CommentGroup>()
                    .Where(g => g.ConsultationId == id && g.Feedback == null)
                    .OrderBy(g => g.MadeAt)
                    .Take(MostNamed)
                    .ToListAsync(http.RequestAborted);
                var counted = session.Query<Comment>().Where(c => c.ConsultationId == id && c.State != Comments.CommentState.Withdrawn);
                var open = await counted.CountAsync(c => c.GroupId == null && c.Feedback == null, http.RequestAborted);
                var missing = new List<MissingFeedback>();
                missing.AddRange(
                    groups.Select(g => new MissingFeedback("feedback", $"The group {g.Title} has no feedback: POST …/feedback."))
                );
                if (open > 0)
                    missing.Add(
                        new("feedback", $"{open} comments are in no group and have no feedback: POST …/grouping, or POST …/feedback.")
                    );
                if (summary is null)
                    missing.Add(new("summary", "The summary is not written: PUT …/summary; GET …/summary proposes one."));
                if (missing.Count > 0)
                    return ConsultationProblems.Incomplete.With(Wording.Together(missing.Select(m => m.Detail))) with
                    {
                        Extensions = new Dictionary<string, object?> { ["missing"] = missing },
                    };
                session.Store(summary! with { PublishedAt = now });
                var comments = await counted.CountAsync(http.RequestAborted);
                return Decision
                    .Record(new ConsultationCompleted(comments, caller.Actor(), now))
                    // What was answered last is told before.
                    .Telling(await session.Untold(consultation, http.RequestAborted))
                    .Telling(consultation.Ended(consultation.Version + 1, completed: true, comments, now));
            }
        );

    const int MostNamed = 50;
}
