using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Reading;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Comments;

/// <summary>What somebody thinks of what is drafted.</summary>
public enum Position
{
    /// <summary>支持.</summary>
    Support,

    /// <summary>反对.</summary>
    Oppose,

    /// <summary>建议.</summary>
    Suggest,
}

/// <summary>Who says it [W 八].</summary>
public enum CommenterKind
{
    /// <summary>公民.</summary>
    Citizen,

    /// <summary>企业.</summary>
    Enterprise,

    /// <summary>行业协会商会.</summary>
    TradeAssociation,

    /// <summary>其他组织机构.</summary>
    Institution,
}

/// <summary>The way by which a comment came.</summary>
public enum CommentChannel
{
    /// <summary>Sent by its sender.</summary>
    Online,

    /// <summary>信函.</summary>
    Letter,

    /// <summary>12345.</summary>
    Hotline,

    /// <summary>电子邮件.</summary>
    Email,

    /// <summary>传真.</summary>
    Fax,

    /// <summary>来访.</summary>
    Visit,

    /// <summary>座谈会.</summary>
    Meeting,
}

/// <summary>Where a comment is.</summary>
public enum CommentState
{
    /// <summary>It came in; nobody has looked at it yet.</summary>
    Received,

    /// <summary>Everybody reads it.</summary>
    Shown,

    /// <summary>It is not shown, for a reason that its sender reads.</summary>
    NotShown,

    /// <summary>Its sender took it back.</summary>
    Withdrawn,
}

/// <summary>Why a comment is not shown: a fixed list, which everybody can read. It counts all the same, and is worked on.</summary>
public enum ReasonNotToShow
{
    /// <summary>It holds personal data, its sender's or somebody else's.</summary>
    PersonalData,

    /// <summary>It insults or threatens.</summary>
    Insult,

    /// <summary>It advertises.</summary>
    Advertising,

    /// <summary>It is about something else.</summary>
    OffTopic,

    /// <summary>What it says may not be published by law.</summary>
    Unlawful,

    /// <summary>It cannot be read, or says nothing.</summary>
    Unreadable,
}

/// <summary>What became of what was said (M 18).</summary>
public enum FeedbackOutcome
{
    /// <summary>采纳.</summary>
    Adopted,

    /// <summary>部分采纳.</summary>
    PartlyAdopted,

    /// <summary>不采纳.</summary>
    NotAdopted,
}

/// <summary>The words that a comment is about.</summary>
/// <param name="Block">The block.</param>
/// <param name="Start">The first character, counted from 0 in UTF-16 as browsers do; null for the whole block.</param>
/// <param name="End">The character behind the last one; null for the whole block.</param>
/// <param name="Quote">The words themselves, as they stood in the revision; null for the whole block.</param>
public sealed record Anchor(string Block, int? Start = null, int? End = null, string? Quote = null);

/// <summary>Something that its sender added later.</summary>
/// <param name="Text">What was added.</param>
/// <param name="At">When, UTC.</param>
/// <param name="IsShown">Whether everybody reads it.</param>
public sealed record Supplement([property: IsText] string Text, DateTimeOffset At, bool IsShown);

/// <summary>A file that was sent with a comment.</summary>
/// <param name="Name">Its name as it was sent.</param>
/// <param name="MediaType">Its type as its bytes tell it.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">The SHA-256 of its bytes, in hexadecimal digits.</param>
/// <param name="IsShown">Whether everybody reads it.</param>
public sealed record CommentFile(string Name, string MediaType, long Bytes, string Sha256, bool IsShown = false);

/// <summary>What was done with what was said, and why (M 18, 29, 32).</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reason">Why.</param>
/// <param name="Revision">The revision of the draft that answers it; null while there is none.</param>
/// <param name="Block">The block in which it does; null for the block that was commented on.</param>
/// <param name="At">When, UTC.</param>
public sealed record Feedback(FeedbackOutcome Outcome, string Reason, int? Revision, string? Block, DateTimeOffset At);

/// <summary>Somebody said something about a draft. Who that is stands beside the events (<see cref="CommentSender"/>).</summary>
/// <param name="CommentId">The comment.</param>
/// <param name="ConsultationId">The consultation.</param>
/// <param name="Revision">The revision that it was made on.</param>
/// <param name="Anchor">The words that it is about; null for the whole.</param>
/// <param name="Position">What its sender thinks.</param>
/// <param name="Text">What its sender says; empty where a file says it.</param>
/// <param name="Kind">Who says it; null where that was not said.</param>
/// <param name="Region">Where that is, a code of GB/T 2260; null where that was not said.</param>
/// <param name="Channel">The way by which it came.</param>
/// <param name="Signatures">How many people signed it.</param>
/// <param name="IsShown">Whether it is shown at once.</param>
/// <param name="By">Who recorded it; "public" for somebody without a token.</param>
/// <param name="At">When it was received, UTC.</param>
/// <param name="Reference">What it is known by where it came in first; null for none.</param>
public sealed record CommentReceived(
    Guid CommentId,
    Guid ConsultationId,
    int Revision,
    Anchor? Anchor,
    Position Position,
    string Text,
    CommenterKind? Kind,
    string? Region,
    CommentChannel Channel,
    int Signatures,
    bool IsShown,
    Actor By,
    DateTimeOffset At,
    string? Reference = null
) : IEventOf<Comment>;

/// <summary>Its sender added something.</summary>
public sealed record CommentSupplemented(string Text, bool IsShown, Actor By, DateTimeOffset At) : IEventOf<Comment>;

/// <summary>A file was added to it.</summary>
public sealed record CommentFileAttached(CommentFile File, Actor By, DateTimeOffset At) : IEventOf<Comment>;

/// <summary>Its sender took it back.</summary>
public sealed record CommentWithdrawn(Actor By, DateTimeOffset At) : IEventOf<Comment>;

/// <summary>It was released as it is: everybody reads it.</summary>
public sealed record CommentReleased(Actor By, DateTimeOffset At) : IEventOf<Comment>;

/// <summary>It is not shown.</summary>
public sealed record CommentHeldBack(ReasonNotToShow Reason, string? Note, Actor By, DateTimeOffset At) : IEventOf<Comment>;

/// <summary>It was put into a group, or taken out of its group (null).</summary>
public sealed record CommentGrouped(Guid? GroupId, Actor By, DateTimeOffset At) : IEventOf<Comment>;

/// <summary>It was answered by itself.</summary>
public sealed record CommentAnswered(Feedback Feedback, Actor By, DateTimeOffset At) : IEventOf<Comment>;

/// <summary>意见: what somebody said about a draft. Each is a stream of its own, so that none waits for another.</summary>
[SentByPublic]
public sealed record Comment : IState<Comment>
{
    /// <summary>Made of the receipt, from which alone it is found by its sender; the stream's id.</summary>
    public Guid Id { get; init; }

    /// <summary>How many events there are; set by Marten.</summary>
    public long Version { get; set; }

    /// <summary>The consultation.</summary>
    public Guid ConsultationId { get; init; }

    /// <summary>The revision that it was made on.</summary>
    public int Revision { get; init; }

    /// <summary>The words that it is about; null for the whole.</summary>
    public Anchor? Anchor { get; init; }

    /// <summary>The block that it is about; null for the whole.</summary>
    public string? Block { get; init; }

    /// <summary>What its sender thinks.</summary>
    public Position Position { get; init; }

    /// <summary>What its sender says.</summary>
    public string Text { get; init; } = "";

    /// <summary>What its sender added.</summary>
    public IReadOnlyList<Supplement> Supplements { get; init; } = [];

    /// <summary>What was sent with it.</summary>
    public IReadOnlyList<CommentFile> Files { get; init; } = [];

    /// <summary>Who says it.</summary>
    public CommenterKind? Kind { get; init; }

    /// <summary>Where that is.</summary>
    public string? Region { get; init; }

    /// <summary>The way by which it came.</summary>
    public CommentChannel Channel { get; init; }

    /// <summary>How many people signed it.</summary>
    public int Signatures { get; init; }

    /// <summary>Where it is.</summary>
    public CommentState State { get; init; }

    /// <summary>Whether somebody has to look at it: it, or what was added to it, is neither released nor held back.</summary>
    public bool Waits { get; init; }

    /// <summary>Since when it, or what was added to it first of what waits, is to be looked at, UTC; null while nothing is.</summary>
    public DateTimeOffset? WaitsSince { get; init; }

    /// <summary>Why it is not shown.</summary>
    public ReasonNotToShow? NotShownBecause { get; init; }

    /// <summary>What its sender is told about that.</summary>
    public string? NotShownNote { get; init; }

    /// <summary>The group that it was put into; null for none.</summary>
    public Guid? GroupId { get; init; }

    /// <summary>What became of it, where it was answered by itself.</summary>
    public Feedback? Feedback { get; init; }

    /// <summary>When it was received, UTC.</summary>
    public DateTimeOffset ReceivedAt { get; init; }

    /// <summary>When it was shown last, UTC.</summary>
    public DateTimeOffset? ShownAt { get; init; }

    /// <summary>When something last happened to it, UTC.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>Whether everybody reads it.</summary>
    public bool IsShown => State is CommentState.Shown;

    /// <summary>The state after one more event.</summary>
    public static Comment? Next(Comment? comment, IEventOf<Comment> happened) =>
        (comment, happened) switch
        {
            (null, CommentReceived e) => new()
            {
                Id = e.CommentId,
                ConsultationId = e.ConsultationId,
                Revision = e.Revision,
                Anchor = e.Anchor,
                Block = e.Anchor?.Block,
                Position = e.Position,
                Text = e.Text,
                Kind = e.Kind,
                Region = e.Region,
                Channel = e.Channel,
                Signatures = e.Signatures,
                State = e.IsShown ? CommentState.Shown : CommentState.Received,
                Waits = !e.IsShown,
                WaitsSince = e.IsShown ? null : e.At,
                ReceivedAt = e.At,
                ShownAt = e.IsShown ? e.At : null,
                ChangedAt = e.At,
            },
            ({ } c, CommentSupplemented e) => c with
            {
                Supplements = [.. c.Supplements, new(e.Text, e.At, e.IsShown)],
                Waits = c.Waits || !e.IsShown,
                WaitsSince = c.WaitsSince ?? (e.IsShown ? null : e.At),
                ChangedAt = e.At,
            },
            ({ } c, CommentFileAttached e) => c with
            {
                Files = [.. c.Files, e.File],
                Waits = c.Waits || !e.File.IsShown,
                WaitsSince = c.WaitsSince ?? (e.File.IsShown ? null : e.At),
                ChangedAt = e.At,
            },
            ({ } c, CommentWithdrawn e) => c with { State = CommentState.Withdrawn, Waits = false, WaitsSince = null, ChangedAt = e.At },
            ({ } c, CommentReleased e) => c with
            {
                State = CommentState.Shown,
                Waits = false,
                WaitsSince = null,
                NotShownBecause = null,
                NotShownNote = null,
                Supplements = [.. c.Supplements.Select(s => s with { IsShown = true })],
                Files = [.. c.Files.Select(f => f with { IsShown = true })],
                ShownAt = e.At,
                ChangedAt = e.At,
            },
            ({ } c, CommentHeldBack e) => c with
            {
                State = CommentState.NotShown,
                Waits = false,
                WaitsSince = null,
                NotShownBecause = e.Reason,
                NotShownNote = e.Note,
                ChangedAt = e.At,
            },
            ({ } c, CommentGrouped e) => c with { GroupId = e.GroupId, ChangedAt = e.At },
            ({ } c, CommentAnswered e) => c with { Feedback = e.Feedback, ChangedAt = e.At },
            _ => comment,
        };
}

/// <summary>
/// Who sent a comment: personal data, so it is one erasable, sealed row and not in the events. Seen by those who carry out the consultation
/// alone; erased when its sender asks for it, and when it is kept long enough.
/// </summary>
/// <param name="Id">The comment.</param>
/// <param name="ConsultationId">The consultation.</param>
/// <param name="Sender">Who it is.</param>
public sealed record CommentSender(Guid Id, Guid ConsultationId, PolicyPlatform.ServiceDefaults.PersonalData.Sealed<SenderDetails> Sender);

/// <summary>What a sender says of themselves.</summary>
/// <param name="Name">A name.</param>
/// <param name="Contact">A telephone number or an address.</param>
public sealed record SenderDetails(string? Name, string? Contact);
