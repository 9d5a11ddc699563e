using PolicyPlatform.Consultation.Comments;
using PolicyPlatform.Consultation.Groups;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Consultation.Answering;

/// <summary>One answer to groups and comments.</summary>
/// <param name="Groups">The groups: each comment in them has this answer.</param>
/// <param name="Comments">Comments that are answered by themselves.</param>
/// <param name="Template">A template that outcome and reason are taken from, where they are not given.</param>
/// <param name="Outcome">What became of what they say.</param>
/// <param name="Reason">Why, up to 2,000 characters.</param>
/// <param name="Revision">The revision of the draft that answers it.</param>
/// <param name="Block">The block in which it does; the one commented on when left out.</param>
public sealed record FeedbackFor(
    IReadOnlyList<Guid>? Groups,
    IReadOnlyList<Guid>? Comments,
    Guid? Template,
    FeedbackOutcome? Outcome,
    string? Reason,
    int? Revision,
    string? Block
);

/// <summary>
/// Says what was done with what was said, and why (M 18, 29, 32): for groups and for comments, many at once; all of it, or nothing when
/// anything is wrong. A later answer takes the place of an earlier one.
/// </summary>
/// <param name="Answers">The answers, up to 200.</param>
/// <example>{"answers": [{"groups": ["01920f4e-7a3b-7c5d-9e2f-0a1b2c3d4e5f"], "outcome": "partlyAdopted",
/// "reason": "退费比例由百分之五十提高到百分之六十。", "revision": 3, "block": "b12"}]}</example>
public sealed record GiveFeedback(IReadOnlyList<FeedbackFor>? Answers) : IEndpoint
{
    const int MostAnswers = 200;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/consultations/{id:guid}/feedback", Post)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter)
            .Produces<GivenFeedback>()
            .WithName("giveFeedback");

    static Task<IResult> Post(
        Guid id,
        GiveFeedback command,
        Caller caller,
        Documents.DocumentsClient documents,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        var answered = new GivenFeedback(0, 0);
        return writer.Append<PublicConsultation, Asked>(
            http,
            id,
            consultation => Ask(consultation, command, documents, http.RequestAborted),
            async (consultation, asked, session) =>
            {
                if (consultation is null)
                    return ConsultationSteps.NotFound(id);
                if (!caller.WorksOn(consultation))
                    return ConsultationSteps.Foreign(consultation);
                var now = time.GetUtcNow();
                if (consultation.IsOver)
                    return consultation.WrongState(now, "given feedback", "until it is completed");
                var invalid = Check(command, asked.Document);
                if (invalid.Problem is { } problem)
                    return problem;
                answered = new(0, 0);
                var (groupsAnswered, commentsAnswered) = (new List<Guid>(), new List<Guid>());
                HashSet<string> known = command.Answers!.Any(a => a.Block.OrNone() is not null)
                    ? [.. await session.KnownBlocks(consultation, http.RequestAborted), .. asked.Blocks]
                    : [];
                foreach (var (i, answer) in command.Answers!.Index())
                {
                    invalid.If(
                        answer.Block.OrNone() is { } block && !known.Contains(block),
                        $"/answers/{i}/block",
                        "block.unknown",
                        $"Neither a revision that was put up nor the one that answers has a block {answer.Block}."
                    );
                    var template = answer.Template is { } named
                        ? await session.LoadAsync<FeedbackTemplate>(named, http.RequestAborted)
                        : null;
                    invalid.If(
                        answer.Template is not null && template is null,
                        $"/answers/{i}/template",
                        "template.unknown",
                        $"There is no template {answer.Template}. GET …/feedback-templates lists them."
                    );
                    var groups = (await session.LoadManyAsync<CommentGroup>(http.RequestAborted, [.. answer.Groups ?? []]))
                        .Where(g => g.ConsultationId == id)
                        .ToArray();
                    foreach (var (k, group) in (answer.Groups ?? []).Index())
                        invalid.If(
                            groups.All(g => g.Id != group),
                            $"/answers/{i}/groups/{k}",
                            "commentGroup.unknown",
                            $"The consultation has no group {group}."
                        );
                    var comments = await session.LoadComments(
                        consultation,
                        answer.Comments ?? [],
                        $"/answers/{i}/comments",
                        invalid,
                        http.RequestAborted
                    );
                    if (invalid.Problem is not null)
                        continue;
                    var feedback = new Feedback(
                        answer.Outcome ?? template!.Outcome,
                        (answer.Reason.OrNone() ?? template!.Reason).Trim(),
                        answer.Revision,
                        answer.Block.OrNone(),
                        now
                    );
                    foreach (var group in groups)
                        session.Events.Append(group.Id, group.Version + 1, new GroupAnswered(feedback, caller.Actor(), now));
                    foreach (var comment in comments)
                        session.Happen(comment, new CommentAnswered(feedback, caller.Actor(), now));
                    groupsAnswered.AddRange(groups.Select(g => g.Id));
                    commentsAnswered.AddRange(comments.Select(c => c.Id));
                    answered = new(answered.Groups + groups.Length, answered.Comments + comments.Count);
                }
                return invalid.Problem is { } wrong ? wrong : session.Answered(id, groupsAnswered, commentsAnswered, now);
            },
            _ => new Answer(200, answered)
        );
    }

    // The draft, where one of its revisions answers, and the blocks that have come with those of them that were not put up.
    sealed record Asked(Document? Document, IReadOnlyList<string> Blocks);

    static async Task<Asked> Ask(
        PublicConsultation? consultation,
        GiveFeedback command,
        Documents.DocumentsClient documents,
        CancellationToken cancellation
    )
    {
        if (
            consultation is null
            || command.Answers is not { Count: > 0 and <= MostAnswers } answers
            || !answers.Any(a => a.Revision is not null)
            || await documents.Seen(consultation.DocumentId, "/documentId", new(), cancellation) is not { } document
        )
            return new(null, []);
        var blocks = new List<string>();
        foreach (var revision in answers.Where(a => a.Block.OrNone() is not null).Select(a => a.Revision).OfType<int>().Distinct())
            if (revision >= 1 && revision <= document.NewestRevision && consultation.Revisions.All(r => r.Revision != revision))
                blocks.AddRange(
                    (await documents.WithBlocks(consultation.DocumentId, revision, [], new(), cancellation))?.Blocks.Select(b => b.Id) ?? []
                );
        return new(document, blocks);
    }

    static Invalid Check(GiveFeedback command, Document? document)
    {
        var invalid = new Invalid()
            .If(command.Answers is null or { Count: 0 }, "/answers", "value.missing", "At least one answer is required.")
            .If(command.Answers?.Count > MostAnswers, "/answers", "answers.tooMany", $"At most {MostAnswers} answers are given at once.");
        if (invalid.Problem is not null)
            return invalid;
        foreach (var (i, answer) in command.Answers!.Index())
        {
            invalid
                .If(
                    answer.Groups is null or { Count: 0 } && answer.Comments is null or { Count: 0 },
                    $"/answers/{i}/groups",
                    "value.missing",
                    "Groups or comments that are answered are required."
                )
                .Named($"/answers/{i}/groups", answer.Groups, required: false)
                .Named($"/answers/{i}/comments", answer.Comments, required: false)
                .If(
                    answer.Outcome is null && answer.Template is null,
                    $"/answers/{i}/outcome",
                    "value.missing",
                    "One of adopted, partlyAdopted and notAdopted."
                )
                .Text($"/answers/{i}/reason", answer.Reason, Limits.LongestReason, required: answer.Template is null)
                .Text($"/answers/{i}/block", answer.Block, Limits.LongestCode, required: false)
                .If(
                    answer.Revision is { } revision && (revision < 1 || revision > document?.NewestRevision),
                    $"/answers/{i}/revision",
                    "revision.unknown",
                    $"The draft has no revision {answer.Revision}."
                );
        }
        foreach (var twice in command.Answers!.SelectMany(a => a.Groups ?? []).GroupBy(g => g).Where(g => g.Count() > 1))
            invalid.Add("/answers", "commentGroup.twice", $"{twice.Key} is answered more than once.");
        foreach (var twice in command.Answers!.SelectMany(a => (a.Comments ?? []).Distinct()).GroupBy(c => c).Where(g => g.Count() > 1))
            invalid.Add("/answers", "comment.twice", $"{twice.Key} is answered more than once.");
        return invalid.If(
            command.Answers!.Sum(a => a.Comments?.Count ?? 0) > ManyComments.Most,
            "/answers",
            "comments.tooMany",
            $"At most {ManyComments.Most} comments are answered at once. More are answered in groups."
        );
    }
}

/// <summary>What was answered.</summary>
/// <param name="Groups">How many groups.</param>
/// <param name="Comments">How many comments by themselves.</param>
public sealed record GivenFeedback(int Groups, int Comments);
