using Marten;
using PolicyPlatform.Consultation.FormLetters;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.Receipts;

namespace PolicyPlatform.Consultation.Comments;

/// <summary>
/// Says something about a draft: anybody, without an account. The answer holds a receipt, once; with it the sender sees what becomes of it,
/// adds to it, or takes it back. Numbers of telephones, identity and bank cards in the text are left out.
/// </summary>
/// <param name="Revision">The revision that it is made on; the one put up last when left out.</param>
/// <param name="Anchor">The words that it is about; the whole when left out.</param>
/// <param name="Position">What its sender thinks.</param>
/// <param name="Text">What its sender says, up to 5,000 characters.</param>
/// <param name="OnlyAttachment">Whether a file says it, which is sent next; then there can be no text. False when left out.</param>
/// <param name="Kind">Who says it.</param>
/// <param name="Region">Where that is, a code of GB/T 2260 with 6, 9 or 12 digits.</param>
/// <param name="Name">Who the sender is; sealed, seen by those who carry out the consultation alone.</param>
/// <param name="Contact">How to reach the sender; sealed as well.</param>
/// <param name="DeviceToken">A random word that a front end keeps on a device, so that one device does not speak for many; only its hash is
/// looked at, and nothing of it is kept.</param>
/// <param name="Proof">The proof of work, where the consultation asks for one.</param>
/// <example>{"anchor": {"block": "b12", "start": 4, "end": 16}, "position": "suggest", "text": "退费比例建议提高到百分之六十。",
/// "kind": "citizen", "region": "370114"}</example>
public sealed record SubmitComment(
    int? Revision,
    GivenAnchor? Anchor,
    Position? Position,
    [property: IsText] string? Text,
    bool? OnlyAttachment,
    CommenterKind? Kind,
    string? Region,
    string? Name,
    string? Contact,
    string? DeviceToken,
    string? Proof
) : IEndpoint
{
    const int LongestToken = 200;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/consultations/{id:guid}/comments", Post).Produces<SubmittedComment>(201).WithName("submitComment");

    static async Task<IResult> Post(
        Guid id,
        SubmitComment command,
        Caller caller,
        RecentDevices devices,
        GroupedWriter<AskedAbout, Comment> writer,
        TimeProvider time,
        HttpContext http
    )
    {
        var now = time.GetUtcNow();
        var given = new GivenComment(
            command.Revision,
            command.Anchor,
            command.Position,
            command.Text,
            command.Kind,
            command.Region.OrNone()
        );
        var sender = new SenderDetails(command.Name.OrNone()?.Trim(), command.Contact.OrNone()?.Trim());
        var invalid = new Invalid().Text("/deviceToken", command.DeviceToken, LongestToken, required: false);
        given.Check(invalid, "", needsText: command.OnlyAttachment is not true, sender);
        // Whoever corrects a form has sent nothing yet.
        if (invalid.Problem is null && devices.Refuses(id, command.DeviceToken) is { } tooMany)
            return tooMany.ToResult();
        var receipt = Receipt.New();
        return await writer.Start(
            http,
            id,
            about =>
            {
                if (about is not { Consultation: var consultation })
                    return ConsultationSteps.NotFound(id);
                if (consultation.StateAt(now) is not ConsultationState.Open)
                    return ConsultationProblems.WrongState.With(
                        $"The consultation is {JsonDefaults.Word(consultation.StateAt(now))}. Comments are taken while it is open, until {consultation.ClosesAt:yyyy-MM-ddTHH:mm:ssZ}."
                    );
                var wrong = new Invalid(invalid);
                var revision = command.Revision ?? consultation.Revision;
                var anchor = given.In(about.Blocks.GetValueOrDefault(revision), revision, wrong, "");
                wrong.If(
                    !ProofOfWork.Holds(id, command.Text ?? "", command.Proof, consultation.WorkBits),
                    "/proof",
                    "proof.wrong",
                    $"SHA-256 of the consultation's id, the hash of the text and the proof, a line each, begins with {consultation.WorkBits} zero bits."
                );
                if (wrong.Problem is { } problem)
                    return problem;
                var received = new CommentReceived(
                    IdOf(receipt),
                    id,
                    revision,
                    anchor,
                    command.Position!.Value,
                    given.Words,
                    command.Kind,
                    command.Region.OrNone(),
                    CommentChannel.Online,
                    1,
                    consultation.Showing is ShowingOfComments.AtOnce,
                    caller.IsPublic ? new("public", "") : caller.Actor(),
                    now
                );
                return new(
                    received.CommentId,
                    Decision.Record(received),
                    new Answer(
                        201,
                        new SubmittedComment(received.CommentId, receipt, Comment.Next(null, received)!.State),
                        $"/api/v1/comments/{receipt}"
                    ),
                    session => session.Receive(received, sender)
                );
            }
        );
    }

    /// <summary>A comment is found by its receipt: its id is made of it, and says nothing of it.</summary>
    internal static Guid IdOf(string receipt) => NamedId.Of($"comment/{receipt}");
}

/// <summary>What is stored with a comment that comes in.</summary>
static class ReceivedComments
{
    /// <summary>Counts it, keeps who sent it, and notes that it is to be placed among those that say the same.</summary>
    public static void Receive(this IDocumentSession session, CommentReceived received, SenderDetails sender)
    {
        session.Count(null, Comment.Next(null, received));
        session.ToBePlaced(received.ConsultationId, received.CommentId);
        if (sender is not (null, null))
            session.Insert(new CommentSender(received.CommentId, received.ConsultationId, new(sender)));
    }
}

/// <summary>A comment that was received.</summary>
/// <param name="Id">The comment, as everybody knows it once it is shown.</param>
/// <param name="Receipt">Shows it to its sender: GET /api/v1/comments/{receipt}. Told once.</param>
/// <param name="State">Whether it is shown already, or waits for release.</param>
public sealed record SubmittedComment(Guid Id, string Receipt, CommentState State);
