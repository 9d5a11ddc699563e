using PolicyPlatform.Consultation.Comments;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Reading;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Moderation;

/// <summary>Comments that are not shown, and why.</summary>
/// <param name="Comments">The comments.</param>
/// <param name="Reason">Why, one of the fixed list.</param>
/// <param name="Note">What their senders are told about it.</param>
public sealed record HoldBack(IReadOnlyList<Guid>? Comments, ReasonNotToShow? Reason, string? Note);

/// <summary>
/// Releases comments, and holds others back: all that are named, or none when anything is wrong. What was released can be held back later, and
/// the other way round. What is held back counts all the same, and its sender reads why.
/// </summary>
/// <param name="Release">The comments that everybody reads from now on.</param>
/// <param name="HoldBack">Those that nobody reads, with the reason.</param>
/// <example>{"release": ["01920f4e-7a3b-7c5d-9e2f-0a1b2c3d4e5f"], "holdBack": [{"comments":
/// ["01920f4e-7a3b-7c5d-9e2f-0a1b2c3d4e60"], "reason": "personalData", "note": "意见中有他人的住址。"}]}</example>
public sealed record ModerateComments(IReadOnlyList<Guid>? Release, IReadOnlyList<HoldBack>? HoldBack) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/consultations/{id:guid}/moderation", Post)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter)
            .Produces<Moderated>()
            .WithName("moderateComments");

    static async Task<IResult> Post(
        Guid id,
        ModerateComments command,
        Caller caller,
        EventWriter writer,
        StandbyPatience standbys,
        TimeProvider time,
        HttpContext http
    )
    {
        // Most of what is held back was never shown, and nobody waits for that. What is only answered again may have been.
        var wasShown = command.HoldBack is { Count: > 0 };
        var answer = await writer.Step<Moderated>(
            http,
            id,
            caller,
            async (consultation, session) =>
            {
                var invalid = new Invalid()
                    .If(
                        command.Release is null or { Count: 0 } && command.HoldBack is null or { Count: 0 },
                        "/release",
                        "value.missing",
                        "Comments to release or to hold back are required."
                    )
                    .Named("/release", command.Release, required: false);
                foreach (var (i, some) in (command.HoldBack ?? []).Index())
                    invalid
                        .Named($"/holdBack/{i}/comments", some.Comments)
                        .If(
                            some.Reason is null,
                            $"/holdBack/{i}/reason",
                            "value.missing",
                            $"One of {string.Join(", ", Enum.GetValues<ReasonNotToShow>().Select(JsonDefaults.Word))}."
                        )
                        .Text($"/holdBack/{i}/note", some.Note, Limits.LongestReason, required: false);
                Guid[] all = [.. command.Release ?? [], .. (command.HoldBack ?? []).SelectMany(h => h.Comments ?? [])];
                foreach (var twice in all.GroupBy(c => c).Where(g => g.Count() > 1))
                    invalid.Add("/holdBack", "comment.twice", $"{twice.Key} is named more than once.");
                invalid.If(
                    all.Length > ManyComments.Most,
                    "",
                    "comments.tooMany",
                    $"At most {ManyComments.Most} comments are named at once."
                );
                if (invalid.Problem is { } problem)
                    return problem;
                var release = await session.LoadComments(consultation, command.Release ?? [], "/release", invalid, http.RequestAborted);
                var hold = new List<(Comment Comment, HoldBack Because)>();
                foreach (var (i, some) in (command.HoldBack ?? []).Index())
                    hold.AddRange(
                        (
                            await session.LoadComments(
                                consultation,
                                some.Comments!,
                                $"/holdBack/{i}/comments",
                                invalid,
                                http.RequestAborted
                            )
                        ).Select(c => (c, some))
                    );
                foreach (var withdrawn in release.Concat(hold.Select(h => h.Comment)).Where(c => c.State is CommentState.Withdrawn))
                    invalid.Add("", "comment.withdrawn", $"{withdrawn.Id} was withdrawn by its sender.");
                if (invalid.Problem is { } wrong)
                    return wrong;
                wasShown = hold.Any(h => h.Comment.ShownAt is not null);
                var (by, now) = (caller.Actor(), time.GetUtcNow());
                var (released, heldBack) = (0, 0);
                foreach (var comment in release.Where(c => !c.IsShown || c.Waits))
                {
                    session.Happen(comment, new CommentReleased(by, now));
                    released++;
                }
                foreach (
                    var (comment, because) in hold.Where(h =>
                        h.Comment.Waits
                        || h.Comment.NotShownBecause != h.Because.Reason
                        || h.Comment.NotShownNote != h.Because.Note.OrNone()
                    )
                )
                {
                    session.Happen(comment, new CommentHeldBack(because.Reason!.Value, because.Note.OrNone()?.Trim(), by, now));
                    heldBack++;
                }
                return Decision.Record().Knowing(new Moderated(released, heldBack));
            }
        );
        if (wasShown)
            await standbys.WaitAfter(answer, http.RequestAborted);
        return answer;
    }
}

/// <summary>What was moderated.</summary>
/// <param name="Released">How many comments were released by this request.</param>
/// <param name="HeldBack">How many were held back by it.</param>
public sealed record Moderated(int Released, int HeldBack);
