using System.Data;
using Marten;
using Npgsql;
using NpgsqlTypes;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Consultation.FormLetters;

/// <summary>
/// Places comments into letters soon after they came, and takes those out that were withdrawn. Recording a comment waits for nothing of it: it
/// leaves a row, which goes in the transaction that places the comment, so none is forgotten and none is placed twice, whatever ends when. Of
/// several processes one does it: others step in when it has done nothing for a while though something waits. What it keeps of a
/// consultation is 0.7 KB a letter, and only while comments come.
/// </summary>
sealed class PlaceComments(IDocumentStore store, NpgsqlDataSource database, TimeProvider time, ILogger<PlaceComments> logger)
    : BackgroundService
{
    // By the machine's clock: placed within two seconds.
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(400),
        KeptFor = TimeSpan.FromMinutes(10);

    // No transaction that records a comment lasts as long, nor do the clocks of two machines differ as much.
    static readonly TimeSpan LongestRecording = TimeSpan.FromMinutes(10);

    const long LooksEach = 600_000;

    const int AtOnce = 500,
        MostKept = 50;

    const long RenewedEach = 3_000;

    readonly Guid self = Guid.NewGuid();
    long renewedAt,
        lookedAt;
    readonly Dictionary<Guid, Known> known = [];

    sealed record Known(SortedLetters Letters, long Version, long UsedAt);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause);
        var isBegun = false;
        do
        {
            try
            {
                isBegun = isBegun || await Begin(stoppingToken);
                await LookForForgotten(stoppingToken);
                while (await PlaceSome(stoppingToken)) { }
                Forget();
                await KeepTurn(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // What was sorted and is not stored is sorted again. Comments are taken whatever becomes of this.
                known.Clear();
                if (Faults.IsForNextTime(e, stoppingToken))
                    logger.LogInformation("Comments cannot be placed just now: {Reason}", e.Message);
                else
                    logger.LogError(e, "Comments cannot be placed; it is tried again");
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Whoever ends in order hands its turn over at once.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await using var command = database.CreateCommand($"delete from {LetterTables.Turn} where holder = $1");
            command.Parameters.AddWithValue(self);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (Exception e) when (Faults.IsForNextTime(e, cancellationToken))
        {
            // It passes by itself.
        }
    }

    // Consultations of which nothing was sorted yet: those of a release before this one, and those that are to be made anew.
    async Task<bool> Begin(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"""
            with fresh as (
                insert into {LetterTables.Progress} (consultation_id, version, is_decided)
                select c.id, 0, false from consultation.mt_doc_publicconsultation c
                where not exists (select from {LetterTables.Progress} p where p.consultation_id = c.id)
                on conflict do nothing
                returning consultation_id
            )
            insert into {LetterTables.ToPlace} (consultation_id, comment_id)
            select c.consultation_id, c.id from consultation.mt_doc_comment c join fresh f on f.consultation_id = c.consultation_id
            order by c.received_at, c.id
            """
        );
        await command.ExecuteNonQueryAsync(cancellation);
        lookedAt = Environment.TickCount64 - LooksEach;
        return true;
    }

    // What a process of a release before this one took in beside one of this leaves no row. What was looked at once is not looked at again: a
    // start costs the same after 200,000 comments.
    async Task LookForForgotten(CancellationToken cancellation)
    {
        if (Environment.TickCount64 - lookedAt < LooksEach)
            return;
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(
            new(
                $"""
                insert into {LetterTables.ToPlace} (consultation_id, comment_id)
                select f.consultation_id, f.id from consultation.mt_doc_publicconsultation p cross join lateral (
                    select c.consultation_id, c.id, c.received_at from consultation.mt_doc_comment c
                    where c.consultation_id = p.id
                    and c.received_at >= coalesce((select until from {LetterTables.Looked}), '-infinity')
                    and lower(c.data ->> 'state') <> 'withdrawn' and c.data ->> 'text' <> ''
                    and not exists (select from {LetterTables.Comments} l where l.comment_id = c.id)
                    and not exists (select from {LetterTables.ToPlace} t where t.comment_id = c.id)
                    offset 0
                ) f
                order by f.received_at, f.id
                """
            )
        );
        batch.BatchCommands.Add(
            new(
                $"""
                insert into {LetterTables.Looked} as l (id, until) values (1, $1)
                on conflict (id) do update set until = greatest(l.until, excluded.until)
                """
            )
            {
                Parameters = { new() { Value = time.GetUtcNow() - LongestRecording } },
            }
        );
        await batch.ExecuteNonQueryAsync(cancellation);
        lookedAt = Environment.TickCount64;
    }

    // Whoever knows the letters keeps the turn while nothing comes: another one would have to read them all first.
    async Task KeepTurn(CancellationToken cancellation)
    {
        if (known.Count == 0 || Environment.TickCount64 - renewedAt < RenewedEach)
            return;
        renewedAt = Environment.TickCount64;
        await using var command = database.CreateCommand(
            $"update {LetterTables.Turn} set until = clock_timestamp() + interval '10 seconds' where holder = $1"
        );
        command.Parameters.AddWithValue(self);
        if (await command.ExecuteNonQueryAsync(cancellation) == 0)
            known.Clear();
    }

    async Task<bool> PlaceSome(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        if (await Scalar(connection, $"select 1 from {LetterTables.ToPlace} limit 1", [], cancellation) is null)
            return false;
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var isMine = await Scalar(
            connection,
            $"""
            insert into {LetterTables.Turn} as t (id, holder, until) values (1, $1, clock_timestamp() + interval '10 seconds')
            on conflict (id) do update set holder = excluded.holder, until = excluded.until
            where t.holder = excluded.holder or t.until < clock_timestamp()
            returning 1
            """,
            [self],
            cancellation
        );
        if (isMine is null)
            return false;
        var waiting = new List<(long Id, Guid Consultation, Guid Comment)>();
        await using (
            var take = new NpgsqlCommand(
                $"""
                delete from {LetterTables.ToPlace} where id in (select id from {LetterTables.ToPlace} order by id limit {AtOnce})
                returning id, consultation_id, comment_id
                """,
                connection
            )
        )
        await using (var reader = await take.ExecuteReaderAsync(cancellation))
            while (await reader.ReadAsync(cancellation))
                waiting.Add((reader.GetInt64(0), reader.GetGuid(1), reader.GetGuid(2)));
        // In one order, so that no two wait for each other crosswise.
        var isPlaced = false;
        foreach (var of in waiting.OrderBy(w => w.Id).GroupBy(w => w.Consultation).OrderBy(g => g.Key))
        {
            const string before = "before";
            Guid[] comments = [.. of.Select(w => w.Comment).Distinct()];
            // Not known again before it is stored.
            known.Remove(of.Key, out var was);
            await transaction.SaveAsync(before, cancellation);
            try
            {
                known[of.Key] = await Place(connection, of.Key, comments, was, cancellation);
                await DecideAgain(connection, transaction, of.Key, cancellation);
                await transaction.ReleaseAsync(before, cancellation);
                isPlaced = true;
            }
            catch (Exception e) when (e is not OperationCanceledException && connection.State is ConnectionState.Open)
            {
                // The other consultations do not wait for this one, which is tried again behind them.
                await transaction.RollbackAsync(before, cancellation);
                known.Remove(of.Key);
                await PutBack(connection, of.Key, comments, cancellation);
                logger.LogError(e, "Comments of consultation {Consultation} cannot be placed; it is tried again", of.Key);
            }
        }
        await transaction.CommitAsync(cancellation);
        return isPlaced;
    }

    static async Task PutBack(NpgsqlConnection connection, Guid consultation, Guid[] comments, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"insert into {LetterTables.ToPlace} (consultation_id, comment_id) select $1, c from unnest($2) c",
            connection
        )
        {
            Parameters =
            {
                new() { Value = consultation },
                new() { Value = comments },
            },
        };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    async Task<Known> Place(NpgsqlConnection connection, Guid consultation, Guid[] comments, Known? before, CancellationToken cancellation)
    {
        await Scalar(
            connection,
            $"insert into {LetterTables.Progress} (consultation_id, version, is_decided) values ($1, 0, true) on conflict do nothing",
            [consultation],
            cancellation
        );
        var version = (long)
            (
                await Scalar(
                    connection,
                    $"update {LetterTables.Progress} set version = version + 1 where consultation_id = $1 returning version",
                    [consultation],
                    cancellation
                )
            )!;
        // Somebody merged or split letters, or another process placed comments.
        var letters = before?.Version == version - 1 ? before.Letters : await Load(connection, consultation, cancellation);
        var said = await Texts(connection, comments, cancellation);
        await letters.Leave([.. comments.Where(c => !said.ContainsKey(c))], cancellation);
        await letters.Place([.. comments.Where(said.ContainsKey).Select(c => (c, said[c]))], cancellation);
        await Store(connection, consultation, letters, cancellation);
        return new(letters, version, Environment.TickCount64);
    }

    // Once all that was to be made anew is placed: what people decided about it.
    async Task DecideAgain(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid consultation, CancellationToken cancellation)
    {
        var isDue = await Scalar(
            connection,
            $"""
            update {LetterTables.Progress} set is_decided = true, version = version + 1
            where consultation_id = $1 and not is_decided and not exists (select from {LetterTables.ToPlace} where consultation_id = $1)
            returning 1
            """,
            [consultation],
            cancellation
        );
        if (isDue is null)
            return;
        await using var session = store.LightweightSession(Marten.Services.SessionOptions.ForTransaction(transaction));
        await session.DecideAgain(consultation, cancellation);
    }

    // Texts are read on connections of their own: the letters are used in later transactions as well.
    async ValueTask<IReadOnlyDictionary<Guid, string>> Texts(IReadOnlyCollection<Guid> comments, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await Texts(connection, comments, cancellation);
    }

    static async Task<Dictionary<Guid, string>> Texts(
        NpgsqlConnection connection,
        IReadOnlyCollection<Guid> comments,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand(
            "select id, data ->> 'text' from consultation.mt_doc_comment where id = any($1) and lower(data ->> 'state') <> 'withdrawn'",
            connection
        )
        {
            Parameters = { new() { Value = comments.ToArray() } },
        };
        var texts = new Dictionary<Guid, string>(comments.Count);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            texts[reader.GetGuid(0)] = reader.GetString(1);
        return texts;
    }

    async Task<SortedLetters> Load(NpgsqlConnection connection, Guid consultation, CancellationToken cancellation)
    {
        var letters = new List<(SortedLetter Letter, IReadOnlyList<byte[]> Signatures)>();
        var parts = new List<(SortedLetter Part, Guid Of)>();
        await using (
            var command = new NpgsqlCommand(
                $"""
                select id, number, medoid, signatures, looks_at, by_hand, part_of, near, near_likeness
                from {LetterTables.Letters} where consultation_id = $1 order by number
                """,
                connection
            )
            {
                Parameters = { new() { Value = consultation } },
            }
        )
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
            while (await reader.ReadAsync(cancellation))
            {
                var letter = new SortedLetter(reader.GetGuid(0), reader.GetInt64(1))
                {
                    Medoid = reader.GetGuid(2),
                    LooksAt = reader.GetInt32(4),
                    IsByHand = reader.GetBoolean(5),
                    Near = reader.IsDBNull(7) ? null : reader.GetGuid(7),
                    NearLikeness = reader.IsDBNull(8) ? 0 : reader.GetDouble(8),
                };
                letters.Add((letter, [.. reader.GetFieldValue<byte[]>(3).Chunk(LetterSignature.Length)]));
                if (!reader.IsDBNull(6))
                    parts.Add((letter, reader.GetGuid(6)));
            }
        var byId = letters.ToDictionary(l => l.Letter.Id, l => l.Letter);
        // What is part of a letter that is gone is gone.
        foreach (var (part, of) in parts)
            if (byId.TryGetValue(of, out var whole))
                part.PartOf = whole;
            else
                letters.RemoveAll(l => l.Letter == part);
        var comments = new List<(Guid, Guid, double)>();
        await using (
            var command = new NpgsqlCommand(
                $"select comment_id, letter_id, likeness from {LetterTables.Comments} where consultation_id = $1 order by comment_id",
                connection
            )
            {
                Parameters = { new() { Value = consultation } },
            }
        )
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
            while (await reader.ReadAsync(cancellation))
                comments.Add((reader.GetGuid(0), reader.GetGuid(1), reader.GetDouble(2)));
        var sorted = new SortedLetters(Texts);
        sorted.Restore(letters, comments);
        return sorted;
    }

    static async Task Store(NpgsqlConnection connection, Guid consultation, SortedLetters sorted, CancellationToken cancellation)
    {
        var (letters, gone, comments) = sorted.TakeChanges();
        var placed = comments.Select(c => (Comment: c, At: sorted.Of(c))).ToLookup(c => c.At is not null);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new($"delete from {LetterTables.Letters} where id = any($1)") { Parameters = { new() { Value = gone.ToArray() } } },
                new(
                    $"""
                    insert into {LetterTables.Letters}
                        (consultation_id, id, number, medoid, signatures, comments, looks_at, by_hand, part_of, near, near_likeness)
                    select $1, l.* from unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11) l
                    on conflict (id) do update set medoid = excluded.medoid, signatures = excluded.signatures, comments = excluded.comments,
                        looks_at = excluded.looks_at, near = excluded.near, near_likeness = excluded.near_likeness
                    """
                )
                {
                    Parameters =
                    {
                        new() { Value = consultation },
                        new() { Value = letters.Select(l => l.Id).ToArray() },
                        new() { Value = letters.Select(l => l.Number).ToArray() },
                        new() { Value = letters.Select(l => l.Medoid).ToArray() },
                        new() { Value = letters.Select(l => sorted.SignaturesOf(l).SelectMany(s => s).ToArray()).ToArray() },
                        new() { Value = letters.Select(l => l.Comments.Count).ToArray() },
                        new() { Value = letters.Select(l => l.LooksAt).ToArray() },
                        new() { Value = letters.Select(l => l.IsByHand).ToArray() },
                        Values(NpgsqlDbType.Uuid, letters.Select(l => l.PartOf?.Id)),
                        Values(NpgsqlDbType.Uuid, letters.Select(l => l.Near)),
                        Values(NpgsqlDbType.Double, letters.Select(l => l.Near is null ? (double?)null : l.NearLikeness)),
                    },
                },
                new($"delete from {LetterTables.Comments} where comment_id = any($1)")
                {
                    Parameters = { new() { Value = placed[false].Select(c => c.Comment).ToArray() } },
                },
                new(
                    $"""
                    insert into {LetterTables.Comments} (consultation_id, comment_id, letter_id, likeness)
                    select $1, c.* from unnest($2, $3, $4) c
                    on conflict (comment_id) do update set letter_id = excluded.letter_id, likeness = excluded.likeness
                    """
                )
                {
                    Parameters =
                    {
                        new() { Value = consultation },
                        new() { Value = placed[true].Select(c => c.Comment).ToArray() },
                        new() { Value = placed[true].Select(c => c.At!.Value.Letter.Id).ToArray() },
                        new() { Value = placed[true].Select(c => c.At!.Value.Likeness).ToArray() },
                    },
                },
                new($"update {LetterTables.Progress} set letters = $2 where consultation_id = $1")
                {
                    Parameters =
                    {
                        new() { Value = consultation },
                        new() { Value = (long)sorted.LetterCount },
                    },
                },
            },
        };
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    static NpgsqlParameter Values<T>(NpgsqlDbType type, IEnumerable<T?> values)
        where T : struct => new() { NpgsqlDbType = NpgsqlDbType.Array | type, Value = values.ToArray() };

    static async Task<object?> Scalar(NpgsqlConnection connection, string sql, Guid[] values, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.AddWithValue(value);
        return await command.ExecuteScalarAsync(cancellation);
    }

    void Forget()
    {
        var now = Environment.TickCount64;
        foreach (
            var (consultation, _) in known
                .OrderByDescending(k => k.Value.UsedAt)
                .Where((k, n) => n >= MostKept || now - k.Value.UsedAt > KeptFor.TotalMilliseconds)
                .ToArray()
        )
            known.Remove(consultation);
    }
}
