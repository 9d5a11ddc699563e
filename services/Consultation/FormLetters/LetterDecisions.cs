using Marten;
using PolicyPlatform.Consultation.Comments;
using PolicyPlatform.Consultation.Periods;

namespace PolicyPlatform.Consultation.FormLetters;

/// <summary>What people decide about letters, as it changes the tables in a session's transaction.</summary>
static class LetterDecisions
{
    // So many comments are looked at for the one in the middle.
    const int Sample = 32;

    /// <summary>Puts the comments of letters, and what comes that is like them, to another one.</summary>
    public static void Merge(this IDocumentSession session, Guid consultation, Guid letter, Guid[] others, int comments)
    {
        session.QueueSqlCommand(
            $"update {LetterTables.Letters} set part_of = ?, comments = 0, by_hand = true, near = null, near_likeness = null where id = any(?) or part_of = any(?)",
            letter,
            others,
            others
        );
        session.QueueSqlCommand($"update {LetterTables.Letters} set comments = ?, by_hand = true where id = ?", comments, letter);
        session.Forget([letter, .. others], letter);
        session.QueueSqlCommand(
            $"update {LetterTables.Letters} set near = ? where consultation_id = ? and near = any(?)",
            letter,
            consultation,
            others
        );
        session.QueueSqlCommand($"update {LetterTables.Comments} set letter_id = ? where letter_id = any(?)", letter, others);
        session.CountLetters(consultation, -others.Length);
    }

    static void CountLetters(this IDocumentSession session, Guid consultation, int more) =>
        session.QueueSqlCommand($"update {LetterTables.Progress} set letters = letters + ? where consultation_id = ?", more, consultation);

    /// <summary>Makes some comments of a letter one of their own.</summary>
    public static async Task Split(
        this IDocumentSession session,
        Guid consultation,
        LetterRow letter,
        Guid begun,
        Guid[] leaving,
        CancellationToken cancellation
    )
    {
        var (medoid, signatures) = await session.Middle([.. leaving.Order().Take(Sample)], cancellation);
        session.QueueSqlCommand(
            $"""
            insert into {LetterTables.Letters} (id, consultation_id, number, medoid, signatures, comments, looks_at, by_hand)
            select ?, ?, max(number) + 1, ?, ?, ?, ?, true from {LetterTables.Letters} where consultation_id = ?
            """,
            begun,
            consultation,
            medoid,
            signatures,
            leaving.Length,
            2 * leaving.Length,
            consultation
        );
        session.QueueSqlCommand(
            $"update {LetterTables.Comments} set letter_id = ? where letter_id = ? and comment_id = any(?)",
            begun,
            letter.Id,
            leaving
        );
        // What a person put into the letter and now takes out does not draw what is like it there any more.
        session.QueueSqlCommand($"delete from {LetterTables.Letters} where part_of = ? and medoid = any(?)", letter.Id, leaving);
        if (leaving.Contains(letter.Medoid))
        {
            var staying = await session.QueryAsync<Guid>(
                $"select comment_id as data from {LetterTables.Comments} where letter_id = ? and not comment_id = any(?) order by comment_id limit ?",
                cancellation,
                letter.Id,
                leaving,
                Sample
            );
            (medoid, signatures) = await session.Middle([.. staying], cancellation);
            session.QueueSqlCommand(
                $"update {LetterTables.Letters} set medoid = ?, signatures = ? where id = ?",
                medoid,
                signatures,
                letter.Id
            );
        }
        session.QueueSqlCommand(
            $"update {LetterTables.Letters} set comments = comments - ?, by_hand = true where id = ?",
            leaving.Length,
            letter.Id
        );
        session.CountLetters(consultation, 1);
    }

    /// <summary>Leaves two letters as they are: neither is proposed to be the other, and neither is merged by the platform.</summary>
    public static void KeepApart(this IDocumentSession session, Guid one, Guid other)
    {
        session.QueueSqlCommand($"update {LetterTables.Letters} set by_hand = true where id = any(?)", new[] { one, other });
        session.Forget([one, other], one);
        session.Forget([one, other], other);
    }

    // No letter is proposed to be one of these.
    static void Forget(this IDocumentSession session, Guid[] near, Guid letter) =>
        session.QueueSqlCommand(
            $"update {LetterTables.Letters} set near = null, near_likeness = null where id = ? and near = any(?)",
            letter,
            near
        );

    /// <summary>
    /// What was decided, once more: after the letters of a consultation were made anew. Letters are known by the comments in their middle.
    /// </summary>
    public static async Task DecideAgain(this IDocumentSession session, Guid consultation, CancellationToken cancellation)
    {
        foreach (var happened in await session.Events.FetchStreamAsync(consultation, token: cancellation))
        {
            if (happened.Data is FormLettersMerged merged)
            {
                var at = await session.LettersAt(merged.Medoids, cancellation);
                if (!at.TryGetValue(merged.Medoids[0], out var into))
                    continue;
                Guid[] others = [.. at.Values.Distinct().Where(l => l != into)];
                var rows = await session.LettersById(consultation, [into, .. others], cancellation);
                if (others.Length > 0)
                    session.Merge(consultation, into, others, rows.Sum(r => r.Comments));
            }
            else if (happened.Data is FormLetterSplit split)
            {
                var at = await session.LettersAt(split.Comments, cancellation);
                if (at.GroupBy(a => a.Value, a => a.Key).MaxBy(l => l.Count()) is not { } from)
                    continue;
                var row = (await session.LettersById(consultation, [from.Key], cancellation))[0];
                // One that was split off while the letters were made anew is there.
                if (row.Comments > from.Count() && !await session.HasAnyLetter(split.NewLetter, cancellation))
                    await session.Split(consultation, row, split.NewLetter, [.. from], cancellation);
            }
            else if (happened.Data is FormLettersKeptApart apart)
            {
                var at = await session.LettersAt(apart.Medoids, cancellation);
                if (at.Count == 2)
                    session.KeepApart(at[apart.Medoids[0]], at[apart.Medoids[1]]);
            }
            else
                continue;
            // The next one builds on it.
            await session.SaveChangesAsync(cancellation);
        }
    }

    static async Task<Dictionary<Guid, Guid>> LettersAt(
        this IQuerySession session,
        IReadOnlyList<Guid> comments,
        CancellationToken cancellation
    ) =>
        (
            await session.QueryAsync<LetterCommentRow>(
                $"""
                select jsonb_build_object('comment', comment_id, 'letter', letter_id, 'likeness', likeness) as data
                from {LetterTables.Comments} where comment_id = any(?)
                """,
                cancellation,
                comments.ToArray()
            )
        ).ToDictionary(c => c.Comment, c => c.Letter);

    static async Task<(Guid Medoid, byte[] Signatures)> Middle(this IQuerySession session, Guid[] comments, CancellationToken cancellation)
    {
        // What is withdrawn is in the middle only where nothing else is there, and leaves in its turn.
        var said = (await session.LoadManyAsync<Comment>(cancellation, comments)).ToDictionary(
            c => c.Id,
            c => LetterText.Of(c.State is CommentState.Withdrawn ? "" : c.Text)
        );
        Guid[] known = [.. comments.Where(said.ContainsKey).OrderBy(c => said[c].Words.Length == 0)];
        var middle = known[SortedLetters.Middle([.. known.Select(c => said[c])], known.Length)];
        return (middle, [.. LetterSignature.Of(said[middle]).SelectMany(s => s)]);
    }
}
