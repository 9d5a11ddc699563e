using Marten;
using PolicyPlatform.ServiceDefaults.Reading;
using PolicyPlatform.ServiceDefaults.Writing;
using Weasel.Postgresql.Tables;

namespace PolicyPlatform.Consultation.FormLetters;

/// <summary>
/// Where comments stand that say the same. All of it is made of the comments and of what people decided about letters, and can be made anew:
/// where a consultation has no row in <see cref="Progress"/> (deleted with its rows of the other two), it is, at the next start, first as the
/// comments are, then as people decided.
/// </summary>
static class LetterTables
{
    /// <summary>Comments that came, or were withdrawn, and are still to be placed.</summary>
    internal const string ToPlace = "consultation.comments_to_place";

    /// <summary>Letters: the comment in the middle, how it is found, how many comments there are.</summary>
    internal const string Letters = "consultation.form_letters";

    /// <summary>Comments, each with its letter.</summary>
    internal const string Comments = "consultation.form_letter_comments";

    /// <summary>How often the letters of a consultation were changed: whoever changes them holds its row, and knows them by its number.</summary>
    internal const string Progress = "consultation.form_letter_progress";

    /// <summary>Which process places comments, and until when that is so without its doing anything.</summary>
    internal const string Turn = "consultation.form_letter_turn";

    /// <summary>Up to when comments were received of which it is known that each was placed, or leaves a row.</summary>
    internal const string Looked = "consultation.form_letter_looked";

    static readonly SessionNotes<List<(Guid Consultation, Guid Comment)>> pending = new();

    /// <summary>Notes in a session's transaction that a comment came, or was withdrawn: it is placed soon after.</summary>
    public static void ToBePlaced(this IDocumentSession session, Guid consultation, Guid comment) =>
        pending.Of(session).Add((consultation, comment));

    /// <summary>Makes the tables, and lets sessions write into them what they note.</summary>
    public static void KeepLetters(this StoreOptions options)
    {
        var toPlace = new Table(ToPlace);
        toPlace.AddColumn<long>("id").AsPrimaryKey();
        toPlace.ColumnFor("id")!.IsAutoNumber = true;
        toPlace.AddColumn<Guid>("consultation_id").NotNull();
        toPlace.AddColumn<Guid>("comment_id").NotNull();

        var letters = new Table(Letters);
        letters.AddColumn<Guid>("id").AsPrimaryKey();
        letters.AddColumn<Guid>("consultation_id").NotNull();
        letters.AddColumn<long>("number").NotNull();
        letters.AddColumn<Guid>("medoid").NotNull();
        letters.AddColumn("signatures", "bytea").NotNull();
        letters.AddColumn<int>("comments").NotNull();
        letters.AddColumn<int>("looks_at").NotNull();
        letters.AddColumn<bool>("by_hand").NotNull();
        letters.AddColumn<Guid>("part_of");
        letters.AddColumn<Guid>("near");
        letters.AddColumn("near_likeness", "double precision");
        letters.Indexes.Add(new IndexDefinition("form_letters_consultation") { Columns = ["consultation_id", "comments", "id"] });
        letters.Indexes.Add(
            new IndexDefinition("form_letters_near")
            {
                Columns = ["consultation_id", "near_likeness", "id"],
                Predicate = "near_likeness is not null",
            }
        );

        var comments = new Table(Comments);
        comments.AddColumn<Guid>("comment_id").AsPrimaryKey();
        comments.AddColumn<Guid>("consultation_id").NotNull();
        comments.AddColumn<Guid>("letter_id").NotNull();
        comments.AddColumn("likeness", "double precision").NotNull();
        comments.Indexes.Add(new IndexDefinition("form_letter_comments_letter") { Columns = ["letter_id", "likeness", "comment_id"] });
        comments.Indexes.Add(new IndexDefinition("form_letter_comments_consultation") { Columns = ["consultation_id"] });

        var progress = new Table(Progress);
        progress.AddColumn<Guid>("consultation_id").AsPrimaryKey();
        progress.AddColumn<long>("version").NotNull();
        progress.AddColumn<bool>("is_decided").NotNull();
        // How many there are; null until some are placed.
        progress.AddColumn<long>("letters");

        var turn = new Table(Turn);
        turn.AddColumn<int>("id").AsPrimaryKey();
        turn.AddColumn<Guid>("holder").NotNull();
        turn.AddColumn("until", "timestamptz").NotNull();

        var looked = new Table(Looked);
        looked.AddColumn<int>("id").AsPrimaryKey();
        looked.AddColumn("until", "timestamptz").NotNull();

        foreach (var table in (Table[])[toPlace, letters, comments, progress, turn, looked])
            options.Storage.ExtendedSchemaObjects.Add(table);
        options.Listeners.Add(new Writing());
    }

    /// <summary>The letters of comments, and how many comments each has; those that are not placed yet have none.</summary>
    public static async Task<IReadOnlyDictionary<Guid, PlacedComment>> LettersOf(
        this ReadDatabase database,
        IReadOnlyCollection<Guid> comments,
        CancellationToken cancellation
    )
    {
        var placed = new Dictionary<Guid, PlacedComment>();
        if (comments.Count == 0)
            return placed;
        await using var command = database.CreateCommand(
            $"select c.comment_id, l.id, l.comments from {Comments} c join {Letters} l on l.id = c.letter_id where c.comment_id = any($1)"
        );
        command.Parameters.AddWithValue(comments.ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            placed[reader.GetGuid(0)] = new(reader.GetGuid(1), reader.GetInt32(2) - 1);
        return placed;
    }

    /// <summary>How many letters a consultation has; those that one person sent count as well.</summary>
    public static async Task<long> CountLetters(this ReadDatabase database, Guid consultation, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"""
            select coalesce(p.letters, (select count(*) from {Letters} l where l.consultation_id = $1 and l.part_of is null))
            from {Progress} p where p.consultation_id = $1
            """
        );
        command.Parameters.AddWithValue(consultation);
        return (long?)await command.ExecuteScalarAsync(cancellation) ?? 0;
    }

    sealed class Writing : DocumentSessionListenerBase
    {
        public override Task BeforeSaveChangesAsync(IDocumentSession session, CancellationToken token)
        {
            if (pending.Take(session) is not { } comments)
                return Task.CompletedTask;
            session.QueueSqlCommand(
                $"insert into {ToPlace} (consultation_id, comment_id) select * from unnest(?, ?)",
                comments.Select(c => c.Consultation).ToArray(),
                comments.Select(c => c.Comment).ToArray()
            );
            return Task.CompletedTask;
        }
    }
}

/// <summary>Where a comment was placed.</summary>
/// <param name="Letter">Its letter.</param>
/// <param name="Others">How many other comments say the same.</param>
sealed record PlacedComment(Guid Letter, int Others);
