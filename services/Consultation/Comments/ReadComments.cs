using System.ComponentModel;
using System.Text.Json.Serialization;
using Marten;
using PolicyPlatform.Consultation.FormLetters;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.PersonalData;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Reading;
using PolicyPlatform.Shared.Attachments;

namespace PolicyPlatform.Consultation.Comments;

/// <summary>
/// The comments of a consultation, last received first, and one of them. Everybody reads those that are shown; those who carry the consultation
/// out read all.
/// </summary>
public sealed class ReadComments : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/consultations/{id:guid}/comments", List).Produces<Page<CommentView>>().WithName("listComments");
        api.MapGet("/consultations/{id:guid}/comments/{comment:guid}", One).Produces<CommentView>().WithName("readComment");
        api.MapGet("/consultations/{id:guid}/comments/{comment:guid}/attachments/{sha256}", File)
            .Produces(200)
            .WithName("readAttachmentOfComment");
    }

    /// <summary>
    /// The comments, last received first, paged; by block, position, kind of sender, region, words, group and state. Everybody reads those that are
    /// shown; those who carry the consultation out read all, and who sent them.
    /// </summary>
    static async Task<IResult> List(
        Guid id,
        [Description("A block; none for what was said about the whole.")] string? block,
        [OneOf(typeof(Position))] string? position,
        [OneOf(typeof(CommenterKind))] string? kind,
        string? region,
        [Description("Words that a comment holds; for those who carry the consultation out.")] string? text,
        Guid? group,
        [OneOf(typeof(CommentState))] string? state,
        int? pageSize,
        string? pageToken,
        Caller caller,
        IQuerySession session,
        ReadDatabase database,
        ChangedBlocks changed,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid, of: id.ToString());
        var thinks = invalid.OneOf<Position>("position", position);
        var says = invalid.OneOf<CommenterKind>("kind", kind);
        var inState = invalid.OneOf<CommentState>("state", state);
        invalid.Text("text", text, FittingComments.LongestWords, required: false);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        if (await session.LoadAsync<PublicConsultation>(id, http.RequestAborted) is not { } consultation)
            return ConsultationSteps.NotFound(id).ToResult();
        var sees = caller.SeesInside(consultation);
        // Each text is looked through for it.
        if (text is not null && !sees)
            return ConsultationSteps.Foreign(consultation).ToResult();
        IQueryable<Comment> query = session.Query<Comment>().Where(c => c.ConsultationId == id);
        if (!sees)
            query = query.Where(c => c.ShownAt != null && c.State == CommentState.Shown);
        if (inState is not null)
            query = query.Where(c => c.State == inState);
        query = query.Fitting(block, thinks, says, region, text);
        if (group is not null)
            query = query.Where(c => c.GroupId == group);
        if (page.After is { } after)
            query = query.Where(c => c.ReceivedAt <= after.At && (c.ReceivedAt < after.At || c.Id.CompareTo(after.Id) < 0));
        var rows = await query
            .OrderByDescending(c => c.ReceivedAt)
            .ThenByDescending(c => c.Id)
            .Take(page.Size + 1)
            .ToListAsync(http.RequestAborted);
        var senders =
            caller.WorksOn(consultation) && rows.Count > 0
                ? (await session.LoadManyAsync<CommentSender>(http.RequestAborted, [.. rows.Select(r => r.Id)])).ToDictionary(s => s.Id)
                : [];
        var carried = await changed.Carry(rows, consultation, session, http.RequestAborted);
        var placed = await database.LettersOf(sees ? [.. rows.Take(page.Size).Select(r => r.Id)] : [], http.RequestAborted);
        return Results.Ok(
            page.Page(
                rows,
                c =>
                    CommentView.Of(
                        c,
                        sees,
                        senders.GetValueOrDefault(c.Id)?.Sender,
                        carried.GetValueOrDefault(c.Id),
                        placed.GetValueOrDefault(c.Id)
                    ),
                c => new Place(c.ReceivedAt, c.Id)
            )
        );
    }

    /// <summary>One comment, as the caller may read it.</summary>
    static async Task<IResult> One(
        Guid id,
        Guid comment,
        Caller caller,
        IQuerySession session,
        ReadDatabase database,
        ChangedBlocks changed,
        HttpContext http
    )
    {
        if (await Visible(id, comment, caller, session, http.RequestAborted) is not { Comment: { } found } visible)
            return CommentNotFound(comment).ToResult();
        var sees = caller.SeesInside(visible.Consultation);
        var sender = caller.WorksOn(visible.Consultation) ? await session.LoadAsync<CommentSender>(comment, http.RequestAborted) : null;
        var placed = sees ? (await database.LettersOf([comment], http.RequestAborted)).GetValueOrDefault(comment) : null;
        return await http.ConditionalAsync(
            ConditionalRequests.Tag(
                found.Version,
                $"{visible.Consultation.Revision}{(sees ? ConditionalRequests.Mark([$"{sender?.Sender.IfReadable}", $"{placed}"]) : "")}"
            ),
            async () =>
                Results.Ok(
                    CommentView.Of(
                        found,
                        sees,
                        sender?.Sender,
                        (await changed.Carry([found], visible.Consultation, session, http.RequestAborted)).GetValueOrDefault(found.Id),
                        placed
                    )
                )
        );
    }

    /// <summary>A file of a comment, to whoever may read it. Pictures are shown in the browser, everything else is downloaded.</summary>
    static async Task<IResult> File(
        Guid id,
        Guid comment,
        string sha256,
        Caller caller,
        IQuerySession session,
        ReadDatabase database,
        HttpContext http
    )
    {
        if (await Visible(id, comment, caller, session, http.RequestAborted) is not { Comment: { } found } visible)
            return CommentNotFound(comment).ToResult();
        var sees = caller.SeesInside(visible.Consultation);
        return found.Files.FirstOrDefault(f => f.Sha256 == sha256 && (sees || f.IsShown)) is { } file
            ? await http.SendFile(session, database, sha256, file.Name, file.MediaType)
            : ConsultationProblems
                .FileNotFound.With("The comment has no such file that you may see. GET …/comments/{id} lists its files.")
                .ToResult();
    }

    sealed record Seen(Comment? Comment, PublicConsultation Consultation);

    static async Task<Seen?> Visible(Guid consultation, Guid comment, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        if (
            await session.LoadAsync<Comment>(comment, cancellation) is not { } found
            || found.ConsultationId != consultation
            || await session.LoadAsync<PublicConsultation>(consultation, cancellation) is not { } about
        )
            return null;
        return found.IsShown || caller.SeesInside(about) ? new(found, about) : null;
    }

    internal static Problem CommentNotFound(Guid id) =>
        ConsultationProblems.CommentNotFound.With($"There is no comment {id} that you may see. One's own is read with its receipt.");

    sealed record Place(DateTimeOffset At, Guid Id);
}

/// <summary>A comment as the API shows it.</summary>
/// <param name="Id">The comment.</param>
/// <param name="Version">The version of its history: its ETag.</param>
/// <param name="ConsultationId">The consultation.</param>
/// <param name="State">Where it is.</param>
/// <param name="Waits">Whether somebody has to look at it; null for the public.</param>
/// <param name="NotShownBecause">Why it is not shown.</param>
/// <param name="Revision">The revision that it was made on.</param>
/// <param name="Anchor">The words that it is about; null for the whole.</param>
/// <param name="Carried">Where that is in the revision put up last; null where it was made on that one, or is about the whole.</param>
/// <param name="Position">What its sender thinks.</param>
/// <param name="Text">What its sender says.</param>
/// <param name="Supplements">What was added.</param>
/// <param name="Files">What was sent with it.</param>
/// <param name="Kind">Who says it.</param>
/// <param name="Region">Where that is.</param>
/// <param name="Channel">The way by which it came.</param>
/// <param name="Signatures">How many people signed it.</param>
/// <param name="Group">The group that it was put into.</param>
/// <param name="Letter">The letter that it is one of, with others that say the same; null for the public, and until it is placed.</param>
/// <param name="LikeComments">How many other comments are of that letter; null where it is.</param>
/// <param name="Feedback">What became of it, where it was answered by itself.</param>
/// <param name="Sender">Who sent it; only for those who carry the consultation out.</param>
/// <param name="ReceivedAt">When it was received, UTC.</param>
/// <param name="ShownAt">When it was shown last, UTC.</param>
/// <param name="IsUnreadable">True where who sent it is sealed with a key that is missing.</param>
public sealed record CommentView(
    Guid Id,
    long Version,
    Guid ConsultationId,
    CommentState State,
    bool? Waits,
    ReasonNotToShow? NotShownBecause,
    int Revision,
    Anchor? Anchor,
    CarriedAnchor? Carried,
    Position Position,
    string Text,
    IReadOnlyList<Supplement> Supplements,
    IReadOnlyList<CommentFile> Files,
    CommenterKind? Kind,
    string? Region,
    CommentChannel Channel,
    int Signatures,
    Guid? Group,
    Guid? Letter,
    int? LikeComments,
    Feedback? Feedback,
    SenderDetails? Sender,
    DateTimeOffset ReceivedAt,
    DateTimeOffset? ShownAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? IsUnreadable = null
)
{
    // What was added after the release is shown when it is released as well.
    internal static CommentView Of(
        Comment c,
        bool inside,
        Sealed<SenderDetails>? sender,
        CarriedAnchor? carried,
        PlacedComment? placed = null
    ) =>
        new(
            c.Id,
            c.Version,
            c.ConsultationId,
            c.State,
            inside ? c.Waits : null,
            c.NotShownBecause,
            c.Revision,
            c.Anchor,
            carried,
            c.Position,
            c.State is CommentState.Withdrawn ? "" : c.Text,
            c.State is CommentState.Withdrawn ? [] : [.. c.Supplements.Where(s => inside || s.IsShown)],
            c.State is CommentState.Withdrawn ? [] : [.. c.Files.Where(f => inside || f.IsShown)],
            c.Kind,
            c.Region,
            c.Channel,
            c.Signatures,
            c.GroupId,
            placed?.Letter,
            placed?.Others,
            c.Feedback,
            sender?.IfReadable,
            c.ReceivedAt,
            c.ShownAt,
            sender is { IsReadable: false } ? true : null
        );
}
