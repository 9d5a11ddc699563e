using Marten;
using Npgsql;
using NpgsqlTypes;
using PolicyPlatform.Documents.Drafting;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.Library;

/// <summary>
/// Keeps a process's <see cref="LibraryIndex"/> up to date. Every read first asks the database what changed since the last question, so a
/// change is visible at once,
/// whichever process made it; reads that come together share one question.
/// </summary>
sealed class IndexedLibrary(
    IDocumentStore store,
    NpgsqlDataSource database,
    RevisionTexts texts,
    TimeProvider time,
    ILogger<IndexedLibrary> logger
) : BackgroundService
{
    const int LoadedAtOnce = 4;

    readonly LibraryIndex index = new();
    readonly ReaderWriterLockSlim access = new();
    readonly Lock gate = new();
    Task? running,
        next;
    ulong seen;
    DateOnly day;

    /// <summary>Reads the library as it is now. <paramref name="read"/> does not wait for anything.</summary>
    public async Task<T> Read<T>(Func<LibraryIndex, DateOnly, T> read, CancellationToken cancellation)
    {
        await UpToDate().WaitAsync(cancellation);
        // All who waited go on at once, and the next question with them, instead of one after the other on the thread that had the answer.
        await Task.Yield();
        access.EnterReadLock();
        try
        {
            return read(index, day);
        }
        finally
        {
            access.ExitReadLock();
        }
    }

    /// <summary>Loads the library when the service starts, so that the first reader does not wait for it.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await UpToDate().WaitAsync(stoppingToken);
            logger.LogInformation("The library's index holds {Count} documents", index.All.Count());
        }
        catch (Exception e) when (Faults.IsForNextTime(e, stoppingToken))
        {
            logger.LogWarning(e, "The library's index could not be loaded yet; the first search tries again");
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        access.Dispose();
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
        var (horizon, changed) = await Changed();
        var stale = changed.ToHashSet();
        if (day != default && today != day)
            stale.UnionWith(index.All.Where(d => d.Entry.TextOn(today) != d.Entry.TextOn(d.Day)).Select(d => d.Entry.Id));
        var documents = new System.Collections.Concurrent.ConcurrentBag<IndexedDocument>();
        foreach (var chunk in stale.Chunk(200))
        {
            await using var session = store.QuerySession();
            var entries = await session.LoadManyAsync<LibraryEntry>(chunk);
            // What was noted by the same transaction twice is known already.
            await Parallel.ForEachAsync(
                entries.Where(e =>
                    index.Find(e.Id) is not { } known
                    || known.Entry.Version != e.Version
                    || known.Entry.TextOn(known.Day) != e.TextOn(today)
                ),
                new ParallelOptions { MaxDegreeOfParallelism = LoadedAtOnce },
                async (entry, cancellation) =>
                {
                    await using var own = store.QuerySession();
                    if (await texts.Find(own, entry.Id, entry.TextOn(today).Revision, cancellation) is { } text)
                        documents.Add(
                            IndexedDocument.Of(entry, text.Blocks, today, [.. text.Files.Where(f => f.Sent is true).Select(f => f.Name)])
                        );
                }
            );
        }
        if (!documents.IsEmpty)
        {
            access.EnterWriteLock();
            try
            {
                foreach (var document in documents.OrderBy(d => d.Entry.Id))
                    index.Put(document);
            }
            finally
            {
                access.ExitWriteLock();
            }
        }
        seen = horizon;
        day = today;
    }

    async Task<(ulong Horizon, List<Guid> Changed)> Changed()
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new("select pg_snapshot_xmin(pg_current_snapshot())"));
        batch.BatchCommands.Add(
            new($"select document_id from {LibraryChangesProjection.Table} where changed_in >= $1")
            {
                Parameters =
                {
                    new() { Value = seen, NpgsqlDbType = NpgsqlDbType.Xid8 },
                },
            }
        );
        await using var reader = await batch.ExecuteReaderAsync();
        await reader.ReadAsync();
        var horizon = reader.GetFieldValue<ulong>(0);
        await reader.NextResultAsync();
        var changed = new List<Guid>();
        while (await reader.ReadAsync())
            changed.Add(reader.GetGuid(0));
        return (horizon, changed);
    }
}
