using System.Diagnostics;
using System.Globalization;
using Marten;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using NpgsqlTypes;
using PolicyPlatform.Documents.Library.Indexing;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.Library;

/// <summary>
/// Keeps a process's <see cref="LibraryIndex"/> up to date. Every read first asks the database what changed since the last question, so a
/// change is visible at once, whichever process made it; reads that come together share one question.
/// </summary>
sealed class IndexedLibrary(
    IDocumentStore store,
    NpgsqlDataSource database,
    RevisionTexts texts,
    IConfiguration settings,
    TimeProvider time,
    ILogger<IndexedLibrary> logger
) : BackgroundService, IHealthCheck
{
    /// <summary>The setting that names the folder of the index; without it, it lies in one that is gone with the process.</summary>
    public const string FolderSetting = "Library:IndexFolder";

    const int LoadedAtOnce = 100,
        KeptAfter = 50;

    // What was put in since it was kept is read from the database again by a process that starts again.
    static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(1),
        KeptEvery = TimeSpan.FromSeconds(30);

    readonly Lock gate = new();
    IndexFolder? folder;
    LibraryIndex? index;
    Task? running,
        next;
    int toRead,
        haveRead;
    string? failure;
    volatile bool isDisposed;
    volatile bool isBroken;

    // What was read is read on, as nothing can be written.
    volatile bool isBehind;
    long kept;

    // By the machine's clock; from the start on until it was read for the first time.
    long read = Stopwatch.GetTimestamp();

    // Up to which transaction the index knows what changed; 0 until it was compared with the database as a whole.
    ulong seen;

    /// <summary>Reads the library as it is now. <paramref name="read"/> does not wait for anything.</summary>
    public async Task<T> Read<T>(Func<LibraryIndex, T> read, CancellationToken cancellation)
    {
        using var held = await Hold(cancellation);
        try
        {
            return read(held);
        }
        catch (Exception e) when (e is IOException or IndexOutOfRangeException)
        {
            // Files that broke while they are used are looked through, and made anew, before the next read.
            isBroken = true;
            throw;
        }
    }

    /// <summary>The library as it is now, until it is disposed of: for whom reads it piece by piece.</summary>
    public async Task<LibraryIndex> Hold(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await UpToDate().WaitAsync(cancellation);
            }
            // Where its files cannot be written it is read as it was, unless something in it was taken from the public since.
            catch (Exception e) when (Faults.OfStorage(e) is not null && Volatile.Read(ref index) is { } before && before.Hold())
            {
                if ((await TakenDown(cancellation)).All(d => !(before.Find(d.Id)?.Document.Version < d.Version)))
                    return before;
                before.Dispose();
                throw;
            }
            // All who waited go on at once, and the next question with them, instead of one after the other on the thread that had the answer.
            await Task.Yield();
            // Where it was closed at this moment, there is a newer one.
            if (Volatile.Read(ref index) is { } now && now.Hold())
                return now;
        }
    }

    /// <summary>How long ago it was last brought up to date.</summary>
    public TimeSpan Age => Stopwatch.GetElapsedTime(Volatile.Read(ref read));

    /// <summary>The service is ready when its library is.</summary>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            Volatile.Read(ref seen) > 0 ? HealthCheckResult.Healthy()
            : isBehind && Volatile.Read(ref index) is not null
                ? HealthCheckResult.Degraded(
                    $"The library's index cannot be written, and what changed since is not found: make room in {FolderSetting}."
                )
            : HealthCheckResult.Unhealthy(
                failure ?? $"The library's index is being made: {haveRead:N0} of {toRead:N0} documents are in it."
            )
        );

    /// <summary>Reads what changed also while nobody asks, so that nobody waits for it, and keeps what was read.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(ReadEvery);
        do
        {
            try
            {
                var isFirst = seen == 0;
                await UpToDate().WaitAsync(stoppingToken);
                failure = null;
                if (isFirst)
                    logger.LogInformation("The library's index holds {Count} documents", Volatile.Read(ref index)?.Count);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                failure = $"The library's index cannot be brought up to date: {e.Message}";
                logger.LogWarning(e, "The library's index could not be brought up to date; it is tried again");
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>What is being read is read before the files are closed.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        isDisposed = true;
        Task? last;
        lock (gate)
            last = next ?? running;
        if (last is not null)
            await Task.WhenAny(last, Task.Delay(Timeout.Infinite, cancellationToken));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        isDisposed = true;
        Close(f => f.Dispose());
        base.Dispose();
    }

    // A question that was under way when the caller came may have missed what the caller knows of: it waits for the next one.
    Task UpToDate()
    {
        lock (gate)
        {
            if (running is null)
                return running = Ask(null);
            return next ??= Ask(running);
        }
    }

    async Task Ask(Task? before)
    {
        if (before is null)
            await Task.Yield();
        else
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            lock (gate)
                (running, next) = (next, null);
        }
        try
        {
            await Refresh();
        }
        finally
        {
            lock (gate)
                if (next is null)
                    running = null;
        }
    }

    async Task Refresh()
    {
        var today = time.Today();
        ObjectDisposedException.ThrowIf(isDisposed, this);
        var isDoubted = Interlocked.Exchange(ref isBroken, false);
        if (isDoubted)
            Close(f => f.Dispose());
        if (folder is null)
        {
            Volatile.Write(ref folder, IndexFolder.Open(settings[FolderSetting], isDoubted, logger));
            try
            {
                Interlocked.Exchange(ref index, folder.Now(today))?.Dispose();
            }
            catch (Exception e)
            {
                // What cannot even be listed is looked through, and made anew, by the next one.
                isBroken = Faults.OfStorage(e) is null;
                Close(f => f.Abandon(), readOn: !isBroken);
                throw;
            }
            if (!isDoubted)
            {
                var opened = index;
                opened.Hold();
                _ = Task.Run(() => LookThrough(opened), CancellationToken.None);
            }
        }
        var (horizon, changed) = await Changed(today);
        (toRead, haveRead) = (changed.Count, 0);
        var puts = 0;
        await Parallel.ForEachAsync(
            changed.Chunk(LoadedAtOnce),
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            async (ids, cancellation) =>
            {
                var (documents, gone) = await Load(ids, today, cancellation);
                Write(() =>
                {
                    foreach (var id in gone)
                        folder.Remove(id);
                    foreach (var document in documents)
                        Put(document, today);
                    if (Interlocked.Increment(ref puts) % KeptAfter == 0)
                        folder.Keep();
                });
                Interlocked.Add(ref haveRead, ids.Length);
            }
        );
        Renew(today);
        if (seen == 0 || Environment.TickCount64 - kept > KeptEvery.TotalMilliseconds)
        {
            Write(folder.Keep);
            kept = Environment.TickCount64;
        }
        Volatile.Write(ref seen, horizon);
        isBehind = false;
        Volatile.Write(ref read, Stopwatch.GetTimestamp());
    }

    // Gigabytes of check sums would keep everybody waiting. Whoever reads a broken place before that notices it.
    void LookThrough(LibraryIndex opened)
    {
        try
        {
            opened.LookThrough();
        }
        catch (Exception e)
        {
            logger.LogWarning(e, "The library's index is broken; it is looked through, and made anew");
            isBroken = true;
        }
        finally
        {
            opened.Dispose();
        }
    }

    // A document that cannot be indexed must not keep the others from being found.
    void Put(IndexedDocument document, DateOnly today)
    {
        try
        {
            folder!.Put(document, today);
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            logger.LogError(e, "Document {Document} cannot be indexed; it is not found by a search", document.Entry.Id);
        }
    }

    // What is to be put in, and what was taken from the public.
    async Task<(IReadOnlyList<IndexedDocument> Documents, IReadOnlyList<Guid> Gone)> Load(
        Guid[] ids,
        DateOnly today,
        CancellationToken cancellation
    )
    {
        await using var session = store.QuerySession();
        var read = (await session.LoadManyAsync<LibraryEntry>(cancellation, ids)).ToLookup(e => e.IsFoundOn(today));
        // What was noted by the same transaction twice is known already.
        var entries = read[true].Where(e => !IsKnown(e.Id, e.Version, e.ChangedAt, today)).ToArray();
        var found = await texts.Find(session, [.. entries.Select(e => (e.Id, e.TextOn(today).Revision))], cancellation);
        return (
            [
                .. entries
                    .Where(e => found.ContainsKey(e.Id))
                    .Select(e => new IndexedDocument(
                        e,
                        [.. found[e.Id].Blocks.Select(IndexedBlock.Of)],
                        [.. found[e.Id].Files.Where(f => f.Sent is true).Select(f => f.Name)]
                    )),
            ],
            [.. read[false].Select(e => e.Id)]
        );
    }

    bool IsKnown(Guid id, long version, DateTimeOffset changedAt, DateOnly day) =>
        index!.Find(id) is { Document: var known } && known.Is(version, changedAt, day);

    // The state after what was put in, and on another day.
    void Renew(DateOnly today) =>
        Write(() =>
        {
            var before = index!;
            if (folder!.After(before, today) is not { } after)
                return;
            Volatile.Write(ref index, after);
            before.Dispose();
        });

    // After a failure it is opened anew, and compared with the database, when somebody reads next.
    void Write(Action write)
    {
        // Another one failed at the same time; what comes of that is its matter.
        if (Volatile.Read(ref folder) is not { } written)
            throw new OperationCanceledException("The library's index was closed.");
        try
        {
            write();
        }
        catch (Exception e)
        {
            if (Volatile.Read(ref folder) == written)
                Close(f => f.Abandon(), readOn: Faults.OfStorage(e) is not null);
            throw;
        }
    }

    void Close(Action<IndexFolder> end, bool readOn = false)
    {
        isBehind = readOn;
        Volatile.Write(ref seen, 0);
        if (!readOn)
            Interlocked.Exchange(ref index, null)?.Dispose();
        if (Interlocked.Exchange(ref folder, null) is { } open)
            end(open);
    }

    async Task<(ulong Horizon, IReadOnlyCollection<Guid> Changed)> Changed(DateOnly today)
    {
        var (horizon, changed) = await ChangedSince(seen);
        // A database that was restored counts its transactions anew.
        if (seen == 0 || horizon < seen)
            return (horizon, await Differing(today));
        if (today != index!.Day)
        {
            changed.UnionWith(index.All().Where(d => !d.IsReadOn(today)).Select(d => d.Id));
            // Another text than the one that is taken down may be read from today on.
            changed.UnionWith((await TakenDown(CancellationToken.None)).Select(d => d.Id));
        }
        return (horizon, changed);
    }

    // The documents of which something is taken down, each with the version of its history.
    async Task<IReadOnlyList<(Guid Id, long Version)>> TakenDown(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "select id, (data ->> 'version')::bigint from documents.mt_doc_libraryentry where jsonb_array_length(data -> 'down') > 0"
        );
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var down = new List<(Guid, long)>();
        while (await reader.ReadAsync(cancellation))
            down.Add((reader.GetGuid(0), reader.GetInt64(1)));
        return down;
    }

    // Transactions of the future are those of another cluster, out of which the table was restored.
    async Task<(ulong Horizon, HashSet<Guid> Changed)> ChangedSince(ulong transaction)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new("select pg_snapshot_xmin(pg_current_snapshot())"));
        if (transaction > 0)
            batch.BatchCommands.Add(
                new(
                    $"select document_id from {LibraryChangesProjection.Table} where changed_in >= $1 and changed_in < pg_snapshot_xmax(pg_current_snapshot())"
                )
                {
                    Parameters =
                    {
                        new() { Value = transaction, NpgsqlDbType = NpgsqlDbType.Xid8 },
                    },
                }
            );
        await using var reader = await batch.ExecuteReaderAsync();
        await reader.ReadAsync();
        var horizon = reader.GetFieldValue<ulong>(0);
        await reader.NextResultAsync();
        var changed = new HashSet<Guid>();
        while (await reader.ReadAsync())
            changed.Add(reader.GetGuid(0));
        return (horizon, changed);
    }

    // Whatever the files hold, where they came from and how old they are: each document of the database is compared with them.
    async Task<IReadOnlyCollection<Guid>> Differing(DateOnly today)
    {
        // What an earlier try had put in counts.
        Renew(today);
        // One look at what is listed, and the columns alone: looking each up and reading each as a document took most of a start.
        var listed = index!.All().ToDictionary(d => d.Id);
        var differing = new List<Guid>();
        await using var command = database.CreateCommand(
            "select id, (data ->> 'version')::bigint, data ->> 'changedAt' from documents.mt_doc_libraryentry"
        );
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var changedAt = DateTimeOffset.Parse(reader.GetString(2), CultureInfo.InvariantCulture);
            if (!listed.Remove(reader.GetGuid(0), out var known) || !known.Is(reader.GetInt64(1), changedAt, today))
                differing.Add(reader.GetGuid(0));
        }
        Write(() =>
        {
            foreach (var id in listed.Keys)
                folder!.Remove(id);
        });
        return differing;
    }
}
