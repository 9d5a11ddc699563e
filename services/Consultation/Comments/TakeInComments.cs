using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.PersonalData;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Comments;

/// <summary>A comment that came by letter, by telephone or otherwise.</summary>
/// <param name="Reference">What it is known by where it came in first: the same one again is not taken in twice.</param>
/// <param name="Channel">The way by which it came.</param>
/// <param name="Signatures">How many people signed it; 1 when left out.</param>
/// <param name="Revision">The revision that it is made on; the one put up last when left out.</param>
/// <param name="Anchor">The words that it is about; the whole when left out.</param>
/// <param name="Position">What its sender thinks.</param>
/// <param name="Text">What its sender says, up to 5,000 characters.</param>
/// <param name="Kind">Who says it.</param>
/// <param name="Region">Where that is, a code of GB/T 2260.</param>
/// <param name="Name">Who the sender is; sealed.</param>
/// <param name="Contact">How to reach the sender; sealed.</param>
public sealed record GivenLetter(
    string? Reference,
    CommentChannel? Channel,
    int? Signatures,
    int? Revision,
    GivenAnchor? Anchor,
    Position? Position,
    [property: IsText] string? Text,
    CommenterKind? Kind,
    string? Region,
    string? Name,
    string? Contact
);

/// <summary>
/// Takes in what came by letter, by the hotline or otherwise, many at once, while the consultation is open: all of them, or none when anything
/// is wrong with one.
/// </summary>
/// <param name="Comments">The comments, up to 500.</param>
/// <example>{"comments": [{"reference": "XF-2026-0031", "channel": "letter", "signatures": 46, "position": "oppose",
/// "text": "我们小区四十六户不同意取消按面积计费。", "kind": "citizen", "region": "370114", "name": "王女士", "contact": "云泽大街9号"}]}</example>
public sealed record TakeInComments(IReadOnlyList<GivenLetter>? Comments) : IEndpoint
{
    const int Most = 500,
        LongestReference = 100,
        MostSignatures = 1_000_000;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/consultations/{id:guid}/letters", Post)
            .RequireAnyRole(Roles.Integrator, Roles.Hotline, Roles.Publisher, Roles.Drafter)
            .Produces<TakenIn>()
            .WithName("takeInComments");

    static async Task<IResult> Post(
        Guid id,
        TakeInComments command,
        Caller caller,
        ConsultedTexts texts,
        Seals seals,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        var now = time.GetUtcNow();
        var invalid = new Invalid()
            .If(command.Comments is null or { Count: 0 }, "/comments", "value.missing", "At least one comment is required.")
            .If(command.Comments?.Count > Most, "/comments", "comments.tooMany", $"At most {Most} comments are taken in at once.");
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var taken = new List<TakenComment>();
        return await writer.Append<PublicConsultation>(
            http,
            id,
            async (consultation, session) =>
            {
                if (consultation is null)
                    return ConsultationSteps.NotFound(id);
                if (caller.HasAny(Roles.Drafter) && !caller.HasAny(Roles.Integrator, Roles.Hotline) && !caller.WorksOn(consultation))
                    return ConsultationSteps.Foreign(consultation);
                if (consultation.StateAt(now) is not ConsultationState.Open)
                    return consultation.WrongState(now, "given comments, by staff too", "while it is open");
                taken.Clear();
                var wrong = new Invalid();
                var received = new List<(CommentReceived Received, SenderDetails Sender, string Receipt)>();
                foreach (var (i, letter) in command.Comments!.Index())
                    if (await Read(letter, i, consultation, caller, texts, seals, now, wrong, http.RequestAborted) is { } one)
                        received.Add(one);
                foreach (var twice in received.GroupBy(r => r.Received.CommentId).Where(g => g.Count() > 1))
                    wrong.Add("/comments", "reference.twice", $"{twice.First().Received.Reference} is named more than once.");
                if (wrong.Problem is { } bad)
                    return bad;
                var known = (await session.LoadManyAsync<Comment>(http.RequestAborted, [.. received.Select(r => r.Received.CommentId)]))
                    .Select(c => c.Id)
                    .ToHashSet();
                foreach (var (comment, sender, receipt) in received)
                {
                    var isNew = !known.Contains(comment.CommentId);
                    taken.Add(new(comment.Reference!, comment.CommentId, receipt, isNew));
                    if (!isNew)
                        continue;
                    session.Events.StartStream<Comment>(comment.CommentId, comment);
                    session.Receive(comment, sender);
                }
                return Decision.Record();
            },
            _ => new Answer(200, new TakenIn([.. taken]))
        );
    }

    static async Task<(CommentReceived, SenderDetails, string)?> Read(
        GivenLetter letter,
        int place,
        PublicConsultation consultation,
        Caller caller,
        ConsultedTexts texts,
        Seals seals,
        DateTimeOffset now,
        Invalid invalid,
        CancellationToken cancellation
    )
    {
        var at = $"/comments/{place}";
        var given = new GivenComment(letter.Revision, letter.Anchor, letter.Position, letter.Text, letter.Kind, letter.Region.OrNone());
        var sender = new SenderDetails(letter.Name.OrNone()?.Trim(), letter.Contact.OrNone()?.Trim());
        given.Check(invalid, at, needsText: true, sender);
        invalid
            .Text($"{at}/reference", letter.Reference, LongestReference)
            .If(
                letter.Channel is null or CommentChannel.Online,
                $"{at}/channel",
                "channel.wrong",
                "The way by which it came, other than online."
            )
            .If(
                letter.Signatures is < 1 or > MostSignatures,
                $"{at}/signatures",
                "value.outOfRange",
                $"1 to {MostSignatures} people sign one comment."
            );
        var revision = letter.Revision ?? consultation.Revision;
        var anchor = given.In(await texts.Find(consultation.Id, revision, cancellation), revision, invalid, at);
        if (invalid.Problem is not null)
            return null;
        // The same for the same letter, and not to be guessed without the key.
        var receipt = seals.Fingerprint($"letter/{consultation.Id}/{letter.Reference}")[..32];
        return (
            new(
                SubmitComment.IdOf(receipt),
                consultation.Id,
                revision,
                anchor,
                letter.Position!.Value,
                given.Words,
                letter.Kind,
                letter.Region.OrNone(),
                letter.Channel!.Value,
                letter.Signatures ?? 1,
                false,
                caller.Actor(),
                now,
                letter.Reference
            ),
            sender,
            receipt
        );
    }
}

/// <summary>What was taken in.</summary>
/// <param name="Comments">The comments, in their order.</param>
public sealed record TakenIn(IReadOnlyList<TakenComment> Comments);

/// <summary>A comment that was taken in.</summary>
/// <param name="Reference">What it is known by where it came in first.</param>
/// <param name="Id">The comment.</param>
/// <param name="Receipt">Shows it to its sender, who can be told it.</param>
/// <param name="IsNew">Whether it was taken in now; otherwise it had come before.</param>
public sealed record TakenComment(string Reference, Guid Id, string Receipt, bool IsNew);
