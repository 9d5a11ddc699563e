using Marten;
using PolicyPlatform.Consultation.Comments;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Consultation.FormLetters;

/// <summary>
/// The form letters of a consultation: comments that say the same in at least four fifths. They are known within two seconds of their receipt.
/// For those who look at them a letter counts once; for each sender it is theirs.
/// </summary>
public sealed class ReadFormLetters : IEndpoint
{
    // So many comments of a letter are looked at for what all share: those least like its middle.
    const int LookedAt = 20;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        var letters = api.MapGroup("/consultations/{id:guid}/form-letters")
            .RequireAnyRole(Roles.Publisher, Roles.Drafter, Roles.Reviewer, Roles.Supervisor);
        letters.MapGet("", List).Produces<Page<FormLetterView>>().WithName("listFormLetters");
        letters.MapGet("/proposals", Proposals).Produces<Page<FormLetterProposal>>().WithName("listFormLetterProposals");
        letters.MapGet("/{letter:guid}", One).Produces<FormLetterView>().WithName("readFormLetter");
        letters.MapGet("/{letter:guid}/comments", Comments).Produces<Page<FormLetterComment>>().WithName("listCommentsOfFormLetter");
    }

    /// <summary>The letters that more than one sent, those of most comments first, paged; with what their comments share, and where they differ.</summary>
    static async Task<IResult> List(Guid id, int? pageSize, string? pageToken, Caller caller, IQuerySession session, HttpContext http)
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Largest>(pageSize, pageToken, invalid, of: id.ToString());
        if (await Refused(id, invalid, caller, session, http.RequestAborted) is { } refused)
            return refused.ToResult();
        var rows = await session.LargestLetters(
            id,
            page.After?.Comments ?? int.MaxValue,
            page.After?.Id ?? Guid.AllBitsSet,
            page.Size + 1,
            http.RequestAborted
        );
        var views = (await Views(session, [.. rows.Take(page.Size)], http.RequestAborted)).ToDictionary(v => v.Id);
        return Results.Ok(page.Page(rows, r => views[r.Id], r => new Largest(r.Comments, r.Id)));
    }

    /// <summary>
    /// One letter, with what its comments share, and where they differ; and in which groups they are: those that came after it was put into one
    /// are in none.
    /// </summary>
    static async Task<IResult> One(Guid id, Guid letter, Caller caller, IQuerySession session, HttpContext http)
    {
        if (await Refused(id, new(), caller, session, http.RequestAborted) is { } refused)
            return refused.ToResult();
        var rows = await session.LettersById(id, [letter], http.RequestAborted);
        return rows.Count == 0
            ? NotFound(letter).ToResult()
            : Results.Ok(
                (await Views(session, rows, http.RequestAborted))[0] with
                {
                    Groups = await session.GroupsOf(letter, http.RequestAborted),
                }
            );
    }

    /// <summary>The comments of a letter, those that differ most from the one in its middle first, paged; each with the words that differ.</summary>
    static async Task<IResult> Comments(
        Guid id,
        Guid letter,
        int? pageSize,
        string? pageToken,
        Caller caller,
        IQuerySession session,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var page = PageRequest.From<LeastLike>(pageSize, pageToken, invalid, of: letter.ToString());
        if (await Refused(id, invalid, caller, session, http.RequestAborted) is { } refused)
            return refused.ToResult();
        if ((await session.LettersById(id, [letter], http.RequestAborted)).SingleOrDefault() is not { } found)
            return NotFound(letter).ToResult();
        var rows = await session.CommentsOfLetter(
            letter,
            page.After?.Likeness ?? -1,
            page.After?.Id ?? Guid.Empty,
            page.Size + 1,
            http.RequestAborted
        );
        var comments = await Said(session, [found.Medoid, .. rows.Take(page.Size).Select(r => r.Comment)], http.RequestAborted);
        var medoid = Words(comments.GetValueOrDefault(found.Medoid));
        return Results.Ok(
            page.Page(
                rows,
                r => new FormLetterComment(
                    CommentView.Of(comments[r.Comment], inside: true, null, null, new(letter, found.Comments - 1)),
                    Likeness(medoid, Words(comments[r.Comment])),
                    LetterDifferences.Between(medoid, Words(comments[r.Comment]))
                ),
                r => new LeastLike(r.Likeness, r.Comment)
            )
        );
    }

    /// <summary>
    /// Letters that are half alike or more, the most alike first, paged: whether they are one is for a person to say. They are merged, or kept
    /// apart.
    /// </summary>
    static async Task<IResult> Proposals(Guid id, int? pageSize, string? pageToken, Caller caller, IQuerySession session, HttpContext http)
    {
        var invalid = new Invalid();
        var page = PageRequest.From<MostLike>(pageSize, pageToken, invalid, of: id.ToString());
        if (await Refused(id, invalid, caller, session, http.RequestAborted) is { } refused)
            return refused.ToResult();
        var rows = await session.LettersNearOthers(
            id,
            page.After?.Likeness ?? 1,
            page.After?.Id ?? Guid.Empty,
            page.Size + 1,
            http.RequestAborted
        );
        var shown = rows.Take(page.Size).ToArray();
        // Of letters that are found anew at this moment one can be gone: its proposal tells of the other alone.
        var others = await session.LettersById(id, [.. shown.Select(r => r.Near!.Value)], http.RequestAborted);
        var views = (await Views(session, [.. shown.Concat(others).DistinctBy(r => r.Id)], http.RequestAborted)).ToDictionary(v => v.Id);
        return Results.Ok(
            page.Page(
                rows,
                r =>
                {
                    var other = views.GetValueOrDefault(r.Near!.Value) ?? views[r.Id];
                    return new FormLetterProposal(
                        views[r.Id],
                        other,
                        Likeness(views[r.Id].Text, other.Text),
                        LetterDifferences.Between(other.Text, views[r.Id].Text)
                    );
                },
                r => new MostLike(r.NearLikeness!.Value, r.Id)
            )
        );
    }

    static async Task<Problem?> Refused(Guid id, Invalid invalid, Caller caller, IQuerySession session, CancellationToken cancellation) =>
        invalid.Problem is { } problem ? problem
        : await session.LoadAsync<PublicConsultation>(id, cancellation) is not { } consultation ? ConsultationSteps.NotFound(id)
        : caller.SeesInside(consultation) ? null
        : ConsultationSteps.Foreign(consultation);

    internal static async Task<IReadOnlyList<FormLetterView>> Views(
        IQuerySession session,
        IReadOnlyList<LetterRow> rows,
        CancellationToken cancellation
    )
    {
        var least = (await session.LeastLike([.. rows.Select(r => r.Id)], LookedAt, cancellation)).ToLookup(c => c.Letter, c => c.Comment);
        var comments = await Said(session, [.. rows.SelectMany(r => least[r.Id].Append(r.Medoid))], cancellation);
        return
        [
            .. rows.Select(r =>
            {
                var text = Words(comments.GetValueOrDefault(r.Medoid));
                var (shared, differing) = LetterDifferences.Shared(
                    text,
                    least[r.Id].Select(c => Words(comments.GetValueOrDefault(c))).Where(t => t.Length > 0).Distinct()
                );
                return new FormLetterView(r.Id, r.Comments, r.Medoid, text, shared, differing, r.ByHand);
            }),
        ];
    }

    static async Task<Dictionary<Guid, Comment>> Said(IQuerySession session, IEnumerable<Guid> comments, CancellationToken cancellation) =>
        (await session.LoadManyAsync<Comment>(cancellation, [.. comments.Distinct()])).ToDictionary(c => c.Id);

    // One that was withdrawn a moment ago says nothing any more.
    static string Words(Comment? comment) => comment is { State: not CommentState.Withdrawn } ? comment.Text : "";

    static double Likeness(string one, string other) => Math.Round(LetterText.Likeness(LetterText.Of(one), LetterText.Of(other)), 3);

    internal static Problem NotFound(Guid id) =>
        ConsultationProblems.FormLetterNotFound.With(
            $"There is no form letter {id} in this consultation. Letters are found anew as comments come: GET …/form-letters lists them."
        );

    sealed record Largest(int Comments, Guid Id);

    sealed record LeastLike(double Likeness, Guid Id);

    sealed record MostLike(double Likeness, Guid Id);
}

/// <summary>A letter that many send.</summary>
/// <param name="Id">The letter.</param>
/// <param name="Comments">How many comments it is.</param>
/// <param name="Example">The comment in its middle: that which is most like the others.</param>
/// <param name="Text">What that one says.</param>
/// <param name="Shared">What of it stands in the others as well, passage by passage.</param>
/// <param name="Differing">What of it stands otherwise in others, or not at all.</param>
/// <param name="ByHand">Whether a person merged or split it; then the platform changes nothing about it, and new comments come to it.</param>
/// <param name="Groups">In which groups its comments are, those with most first; null where that was not counted.</param>
public sealed record FormLetterView(
    Guid Id,
    int Comments,
    Guid Example,
    string Text,
    IReadOnlyList<string> Shared,
    IReadOnlyList<string> Differing,
    bool ByHand,
    IReadOnlyList<LetterInGroup>? Groups = null
);

/// <summary>How many comments of a letter are in a group.</summary>
/// <param name="Group">The group; null for those that are in none.</param>
/// <param name="Comments">How many comments.</param>
public sealed record LetterInGroup(Guid? Group, int Comments);

/// <summary>A comment of a letter.</summary>
/// <param name="Comment">The comment.</param>
/// <param name="Likeness">How like the one in the middle it is, 0 to 1.</param>
/// <param name="Differences">The words in which it differs from that one.</param>
public sealed record FormLetterComment(CommentView Comment, double Likeness, IReadOnlyList<ExchangedWords> Differences);

/// <summary>Two letters that may be one.</summary>
/// <param name="Letter">The letter.</param>
/// <param name="Other">The earlier one that it is most like.</param>
/// <param name="Likeness">How alike they are, 0 to 1.</param>
/// <param name="Differences">The words in which it differs from the earlier one.</param>
public sealed record FormLetterProposal(
    FormLetterView Letter,
    FormLetterView Other,
    double Likeness,
    IReadOnlyList<ExchangedWords> Differences
);
