using JasperFx.Events;
using PolicyPlatform.Consultation.FormLetters;

namespace PolicyPlatform.Audit.Streams;

/// <summary>
/// Every comment is in a consultation; every one that says something stands in one letter, or is about to be placed, and every letter has as many as
/// it says.
/// </summary>
sealed class CommentPlaces : IMadeOfEvents
{
    // As those that place comments find them.
    const string Unplaced = $"""
        select c.consultation_id, c.id from consultation.mt_doc_comment c
        where lower(c.data ->> 'state') <> 'withdrawn' and c.data ->> 'text' <> ''
        and not exists (select from {LetterTables.Comments} l where l.comment_id = c.id)
        and not exists (select from {LetterTables.ToPlace} t where t.comment_id = c.id)
        limit 10000
        """;

    const string Miscounted = $"""
        select l.consultation_id, l.id, l.comments, count(c.comment_id)::int from {LetterTables.Letters} l left join {LetterTables.Comments} c on c.letter_id = l.id
        group by l.consultation_id, l.id, l.comments having count(c.comment_id) <> l.comments
        """;

    const string Unlettered =
        $"select c.comment_id from {LetterTables.Comments} c where not exists (select from {LetterTables.Letters} l where l.id = c.letter_id) limit 10000";

    /// <inheritdoc/>
    public string? Name => null;

    /// <inheritdoc/>
    public ValueTask Apply(Stream stream, IEvent happened) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public Task Compare(Snapshot at, IReadOnlyList<Stream> streams, Findings findings, CancellationToken cancellation) =>
        Task.CompletedTask;

    // A comment belongs to a consultation, and where it is in a group, to one of that consultation.
    const string Homeless = """
        select c.id, c.group_id from consultation.mt_doc_comment c
        where not exists (select from consultation.mt_doc_publicconsultation p where p.id = c.consultation_id)
        or c.group_id is not null and not exists (
            select from consultation.mt_doc_commentgroup g where g.id = c.group_id and g.consultation_id = c.consultation_id
        )
        limit 10000
        """;

    /// <inheritdoc/>
    public async Task Finish(Snapshot at, Findings findings, CancellationToken cancellation)
    {
        var service = at.Service;
        foreach (
            var (comment, group) in await at.Rows(Homeless, r => (r.GetGuid(0), r.IsDBNull(1) ? (Guid?)null : r.GetGuid(1)), cancellation)
        )
            findings.Add(
                new(
                    service.Name,
                    "comment.homeless",
                    $"{comment}",
                    group is null ? "the consultation that it was sent to" : $"group {group} in the consultation that it was sent to",
                    "none",
                    "From a backup of Consultation."
                )
            );
        foreach (var (consultation, comment) in await at.Rows(Unplaced, r => (r.GetGuid(0), r.GetGuid(1)), cancellation))
            findings.Add(
                new(service.Name, "letter.unplaced", $"{comment}", "a letter that the comment stands in", "none", "It is placed again.")
                {
                    Mend = c =>
                        service.Execute(
                            $"insert into {LetterTables.ToPlace} (consultation_id, comment_id) values ($1, $2)",
                            c,
                            consultation,
                            comment
                        ),
                }
            );
        foreach (
            var (consultation, letter, said, counted) in await at.Rows(
                Miscounted,
                r => (r.GetGuid(0), r.GetGuid(1), r.GetInt32(2), r.GetInt32(3)),
                cancellation
            )
        )
            findings.Add(
                new(service.Name, "letter.count", $"{letter}", $"{counted} comments", $"{said}", "They are counted again.")
                {
                    // Whoever changes letters holds this row, and knows by its number that somebody else did.
                    Mend = c =>
                        service.Execute(
                            $"""
                            with turn as (update {LetterTables.Progress} set version = version + 1 where consultation_id = $1 returning 1)
                            update {LetterTables.Letters} l set comments = (select count(*) from {LetterTables.Comments} c where c.letter_id = l.id)
                            where l.id = $2 and exists (select from turn)
                            """,
                            c,
                            consultation,
                            letter
                        ),
                }
            );
        foreach (var comment in await at.Rows(Unlettered, r => r.GetGuid(0), cancellation))
            findings.Add(
                new(
                    service.Name,
                    "letter.missing",
                    $"{comment}",
                    "the letter that the comment was placed in",
                    "none",
                    "Delete the consultation's rows of the three tables of letters: they are made anew when Consultation starts."
                )
            );
    }
}
