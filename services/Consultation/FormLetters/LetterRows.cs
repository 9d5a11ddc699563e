using Marten;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.FormLetters;

/// <summary>A letter as it is kept.</summary>
/// <param name="Id">The letter.</param>
/// <param name="Medoid">The comment in the middle.</param>
/// <param name="Comments">How many comments there are.</param>
/// <param name="ByHand">Whether a person merged or split it.</param>
/// <param name="Near">The letter that it is most like; null for none.</param>
/// <param name="NearLikeness">How alike the two were when that was found.</param>
sealed record LetterRow(Guid Id, Guid Medoid, int Comments, bool ByHand, Guid? Near, double? NearLikeness);

/// <summary>A comment of a letter as it is kept.</summary>
/// <param name="Comment">The comment.</param>
/// <param name="Letter">Its letter.</param>
/// <param name="Likeness">How like the middle it is.</param>
sealed record LetterCommentRow(Guid Comment, Guid Letter, double Likeness);

/// <summary>Reads of the tables of letters, in a session's transaction where it has one.</summary>
static class LetterRows
{
    const string Row =
        "jsonb_build_object('id', l.id, 'medoid', l.medoid, 'comments', l.comments, 'byHand', l.by_hand, 'near', l.near, 'nearLikeness', l.near_likeness) as data";

    const string CommentRow = "jsonb_build_object('comment', c.comment_id, 'letter', c.letter_id, 'likeness', c.likeness) as data";

    /// <summary>The letters of a consultation that more than one sent, those of most comments first; those behind a place.</summary>
    public static Task<IReadOnlyList<LetterRow>> LargestLetters(
        this IQuerySession session,
        Guid consultation,
        int afterComments,
        Guid afterId,
        int count,
        CancellationToken cancellation
    ) =>
        session.QueryAsync<LetterRow>(
            $"""
            select {Row} from {LetterTables.Letters} l
            where l.consultation_id = ? and l.part_of is null and l.comments > 1 and (l.comments, l.id) < (?, ?)
            order by l.comments desc, l.id desc limit ?
            """,
            cancellation,
            consultation,
            afterComments,
            afterId,
            count
        );

    /// <summary>The letters of a consultation with these ids.</summary>
    public static Task<IReadOnlyList<LetterRow>> LettersById(
        this IQuerySession session,
        Guid consultation,
        IReadOnlyCollection<Guid> ids,
        CancellationToken cancellation
    ) =>
        session.QueryAsync<LetterRow>(
            $"select {Row} from {LetterTables.Letters} l where l.consultation_id = ? and l.id = any(?) and l.part_of is null",
            cancellation,
            consultation,
            ids.ToArray()
        );

    /// <summary>The letters that are like an earlier one without being the same, the most alike first; those behind a place.</summary>
    public static Task<IReadOnlyList<LetterRow>> LettersNearOthers(
        this IQuerySession session,
        Guid consultation,
        double afterLikeness,
        Guid afterId,
        int count,
        CancellationToken cancellation
    ) =>
        session.QueryAsync<LetterRow>(
            $"""
            select {Row} from {LetterTables.Letters} l
            join {LetterTables.Letters} n on n.id = l.near and n.part_of is null
            where l.consultation_id = ? and l.part_of is null and l.near_likeness is not null and (l.near_likeness, l.id) < (?, ?)
            order by l.near_likeness desc, l.id desc limit ?
            """,
            cancellation,
            consultation,
            afterLikeness,
            afterId,
            count
        );

    /// <summary>The comments of a letter, those least like its middle first; those behind a place.</summary>
    public static Task<IReadOnlyList<LetterCommentRow>> CommentsOfLetter(
        this IQuerySession session,
        Guid letter,
        double afterLikeness,
        Guid afterId,
        int count,
        CancellationToken cancellation
    ) =>
        session.QueryAsync<LetterCommentRow>(
            $"""
            select {CommentRow} from {LetterTables.Comments} c
            where c.letter_id = ? and (c.likeness, c.comment_id) > (?, ?)
            order by c.likeness, c.comment_id limit ?
            """,
            cancellation,
            letter,
            afterLikeness,
            afterId,
            count
        );

    /// <summary>Of each of these letters the comments least like its middle: where letters differ is seen by them.</summary>
    public static Task<IReadOnlyList<LetterCommentRow>> LeastLike(
        this IQuerySession session,
        IReadOnlyCollection<Guid> letters,
        int count,
        CancellationToken cancellation
    ) =>
        session.QueryAsync<LetterCommentRow>(
            $"""
            select {CommentRow} from unnest(?) l cross join lateral
                (select * from {LetterTables.Comments} where letter_id = l order by likeness, comment_id limit ?) c
            """,
            cancellation,
            letters.ToArray(),
            count
        );

    /// <summary>Which of these comments are of a letter.</summary>
    public static Task<IReadOnlyList<Guid>> OfLetter(
        this IQuerySession session,
        Guid letter,
        IReadOnlyCollection<Guid> comments,
        CancellationToken cancellation
    ) =>
        session.QueryAsync<Guid>(
            $"select comment_id as data from {LetterTables.Comments} where letter_id = ? and comment_id = any(?)",
            cancellation,
            letter,
            comments.ToArray()
        );

    /// <summary>Whether a consultation has a letter.</summary>
    public static async Task<bool> HasLetter(this IQuerySession session, Guid consultation, Guid letter, CancellationToken cancellation) =>
        (await session.LettersById(consultation, [letter], cancellation)).Count > 0;

    /// <summary>Whether there is a letter, be it part of another one.</summary>
    public static async Task<bool> HasAnyLetter(this IQuerySession session, Guid letter, CancellationToken cancellation) =>
        (await session.QueryAsync<Guid>($"select id as data from {LetterTables.Letters} where id = ?", cancellation, letter)).Count > 0;

    /// <summary>Some of the comments of a letter that are not in a group, and how many others there are.</summary>
    public static async Task<(IReadOnlyList<Guid> Comments, int Left)> NotIn(
        this IQuerySession session,
        Guid? group,
        Guid letter,
        int most,
        CancellationToken cancellation
    )
    {
        const string from = $"""
            from {LetterTables.Comments} l join consultation.mt_doc_comment c on c.id = l.comment_id
            where l.letter_id = ? and c.group_id is distinct from nullif(?, '00000000-0000-0000-0000-000000000000'::uuid)
            """;
        var comments = await session.QueryAsync<Guid>(
            $"select l.comment_id as data {from} order by l.comment_id limit ?",
            cancellation,
            letter,
            group ?? Guid.Empty,
            most
        );
        var all = await session.QueryAsync<int>($"select count(*)::int as data {from}", cancellation, letter, group ?? Guid.Empty);
        return (comments, all[0] - comments.Count);
    }

    /// <summary>In which groups the comments of a letter are, and how many in none; those with most comments first.</summary>
    public static Task<IReadOnlyList<LetterInGroup>> GroupsOf(this IQuerySession session, Guid letter, CancellationToken cancellation) =>
        session.QueryAsync<LetterInGroup>(
            $"""
            select jsonb_build_object('group', c.group_id, 'comments', count(*)) as data
            from {LetterTables.Comments} l join consultation.mt_doc_comment c on c.id = l.comment_id
            where l.letter_id = ? group by c.group_id order by count(*) desc, c.group_id
            """,
            cancellation,
            letter
        );

    /// <summary>Holds the letters of a consultation, so that nothing is placed before the session's changes are saved.</summary>
    public static async Task HoldLetters(this IDocumentSession session, Guid consultation, CancellationToken cancellation)
    {
        await session.Hold(cancellation);
        await session.QueryAsync<long>(
            $"select version as data from {LetterTables.Progress} where consultation_id = ? for update",
            cancellation,
            consultation
        );
        session.QueueSqlCommand($"update {LetterTables.Progress} set version = version + 1 where consultation_id = ?", consultation);
    }
}
