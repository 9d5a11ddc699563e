using JasperFx.Events;
using Marten;
using PolicyPlatform.Catalog.Lists;
using PolicyPlatform.Consultation.Comments;
using PolicyPlatform.Documents;
using PolicyPlatform.Documents.Relations;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Audit.Streams;

/// <summary>
/// Reads the events of a service once, some streams at a time, makes everything of them that the service makes, and compares. What it needs
/// does not grow with the number of events.
/// </summary>
static class Rebuild
{
    // A page ends with whichever comes first; a longer stream is read in pieces by itself.
    const int StreamsAtOnce = 500,
        EventsAtOnce = 2_000;

    public static async Task Check(Snapshot at, DateTimeOffset? since, Findings findings, CancellationToken cancellation)
    {
        var made = Of(at.Service, since is null);
        var known = made.Select(m => m.Name).ToHashSet();
        if (at.Service.Made.Where(m => !known.Contains(m.Name)).Select(m => m.Name).ToArray() is { Length: > 0 } unknown)
            throw new InvalidOperationException($"The audit does not know how {string.Join(", ", unknown)} is made of events.");
        await foreach (var page in Pages(at, since, cancellation))
        {
            // The events of a page are read before anything is made of them.
            var (streams, events) = await FirstOf(at, page, findings, cancellation);
            if (streams.Count == 0)
                continue;
            await Read(at, streams, events, made, findings, cancellation);
            foreach (var m in made)
                await m.Compare(at, streams, findings, cancellation);
        }
        if (since is null)
            foreach (var m in made)
                await m.Finish(at, findings, cancellation);
    }

    static async IAsyncEnumerable<IReadOnlyList<Stream>> Pages(
        Snapshot at,
        DateTimeOffset? since,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var byCode = at.Service.IsByCode;
        object after = byCode ? "" : Guid.Empty;
        var page = new List<Stream>();
        while (true)
        {
            var next = await at.Rows(
                $"select id, version from {at.Service.Name}.mt_streams where id > $1 and timestamp >= $2 order by id limit {StreamsAtOnce}",
                r => byCode ? new Stream(Guid.Empty, r.GetString(0), r.GetInt64(1)) : new Stream(r.GetGuid(0), null, r.GetInt64(1)),
                cancellation,
                after,
                StreamChecks.Instant(since)
            );
            if (next.Count == 0)
                yield break;
            after = next[^1].Key;
            page.Clear();
            var events = 0L;
            foreach (var stream in next)
            {
                if (page.Count > 0 && events + stream.Version > EventsAtOnce)
                {
                    yield return page;
                    page = [];
                    events = 0;
                }
                page.Add(stream);
                events += stream.Version;
            }
            yield return page;
            page = [];
        }
    }

    // One event that nobody can read any more keeps the others from being read in one go: its stream is told, and left out.
    static async Task<(IReadOnlyList<Stream> Streams, IReadOnlyList<IEvent> Events)> FirstOf(
        Snapshot at,
        IReadOnlyList<Stream> page,
        Findings findings,
        CancellationToken cancellation
    )
    {
        try
        {
            return (page, await Events(at, page, 0, cancellation));
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            if (page is [var stream])
            {
                findings.Add(
                    new(
                        at.Service.Name,
                        "event.unreadable",
                        stream.ToString(),
                        "events that this release can read",
                        e.GetType().Name,
                        "From a backup, or by the release that wrote them."
                    )
                );
                return ([], []);
            }
        }
        var (streams, events) = (new List<Stream>(), new List<IEvent>());
        foreach (var stream in page)
        {
            var (readable, read) = await FirstOf(at, [stream], findings, cancellation);
            streams.AddRange(readable);
            events.AddRange(read);
        }
        return (streams, events);
    }

    static bool IsUnreadable(Exception e) => e is not (OperationCanceledException or Npgsql.NpgsqlException);

    static async Task Read(
        Snapshot at,
        IReadOnlyList<Stream> page,
        IReadOnlyList<IEvent> events,
        IReadOnlyList<IMadeOfEvents> made,
        Findings findings,
        CancellationToken cancellation
    )
    {
        var streams = page.ToDictionary(s => s.Key);
        var last = new Dictionary<object, (long Version, long Sequence)>();
        for (var from = (long)EventsAtOnce; ; from += EventsAtOnce)
        {
            foreach (var happened in events)
            {
                object key = at.Service.IsByCode ? happened.StreamKey! : happened.StreamId;
                var before = last.GetValueOrDefault(key);
                if (happened.Sequence <= before.Sequence)
                    findings.Add(
                        new(
                            at.Service.Name,
                            "events.order",
                            $"{key} version {happened.Version}",
                            $"a number after {before.Sequence}, that of version {before.Version}",
                            $"{happened.Sequence}",
                            "From a backup: events are never changed here."
                        )
                    );
                last[key] = (happened.Version, happened.Sequence);
                foreach (var m in made)
                    await m.Apply(streams[key], happened);
            }
            if (page.Count > 1 || page[0].Version <= from)
                return;
            events = await Events(at, page, from, cancellation);
        }
    }

    static async Task<IReadOnlyList<IEvent>> Events(Snapshot at, IReadOnlyList<Stream> page, long from, CancellationToken cancellation)
    {
        var query = at.Session.Events.QueryAllRawEvents();
        if (at.Service.IsByCode)
        {
            string[] codes = [.. page.Select(s => s.Code!)];
            return page.Count > 1
                ? await query
                    .Where(e => e.StreamKey!.IsOneOf(codes))
                    .OrderBy(e => e.StreamKey)
                    .ThenBy(e => e.Version)
                    .ToListAsync(cancellation)
                : await at.Session.Events.FetchStreamAsync(
                    codes[0],
                    version: from + EventsAtOnce,
                    fromVersion: from + 1,
                    token: cancellation
                );
        }
        Guid[] ids = [.. page.Select(s => s.Id)];
        return page.Count > 1
            ? await query.Where(e => e.StreamId.IsOneOf(ids)).OrderBy(e => e.StreamId).ThenBy(e => e.Version).ToListAsync(cancellation)
            : await at.Session.Events.FetchStreamAsync(ids[0], version: from + EventsAtOnce, fromVersion: from + 1, token: cancellation);
    }

    // The states by the projections that keep them, and what each service makes beside them.
    static List<IMadeOfEvents> Of(AuditedService service, bool everything)
    {
        var made = new List<IMadeOfEvents>();
        var tallies = new CommentTallies();
        foreach (var projection in service.Options.Projections.All)
            switch (projection)
            {
                case StateProjection<Comment, Guid> comments:
                    made.Add(new MadeState<Comment, Guid>(nameof(Comment), comments) { Seen = tallies.Count });
                    break;
                case LibraryProjection library:
                    made.Add(new MadeState<LibraryEntry, Guid>(nameof(LibraryProjection), library));
                    break;
                case HistoryProjection history:
                    made.Add(
                        new MadeRows<HistoryEntry>(
                            nameof(HistoryProjection),
                            e => e.Id,
                            history.Make<HistoryEntry>,
                            async (session, streams, cancellation) =>
                            {
                                Guid[] ids = [.. streams.Select(s => s.Id)];
                                return
                                [
                                    .. (
                                        await session.Query<HistoryEntry>().Where(e => e.DocumentId.IsOneOf(ids)).ToListAsync(cancellation)
                                    ).Select(e => ((object)e.DocumentId, e)),
                                ];
                            }
                        )
                        {
                            Concerns = e => e is IEventOf<PolicyDocument>,
                            // A page of history has no text.
                            Lighten = e =>
                                e is Event<RevisionRecorded> { Data: var r } recorded
                                    ? new Event<RevisionRecorded>(r with { Blocks = [], Changes = null })
                                    {
                                        Id = recorded.Id,
                                        StreamId = recorded.StreamId,
                                        Version = recorded.Version,
                                        Sequence = recorded.Sequence,
                                    }
                                    : e,
                        }
                    );
                    break;
                case RelationsProjection relations:
                    made.Add(
                        new MadeRows<RelationEntry>(
                            nameof(RelationsProjection),
                            e => e.Id,
                            async (service, events) =>
                            {
                                // What was taken back does not come again.
                                var gone = events.Select(e => e.Data).OfType<RelationTakenBack>().Select(e => e.RelationId).ToHashSet();
                                return [.. (await relations.Make<RelationEntry>(service, events)).Where(r => !gone.Contains(r.Id))];
                            },
                            async (session, streams, cancellation) =>
                            {
                                Guid[] ids = [.. streams.Select(s => s.Id)];
                                return
                                [
                                    .. (
                                        await session.Query<RelationEntry>().Where(e => e.Source.IsOneOf(ids)).ToListAsync(cancellation)
                                    ).Select(e => ((object)e.Source, e)),
                                ];
                            }
                        )
                        {
                            Concerns = e => e is RelationStated or RelationTakenBack,
                        }
                    );
                    break;
                case LibraryChangesProjection:
                    made.Add(new LibraryChangeRows());
                    break;
                case var kept when StateOf(kept.GetType()) is { } state:
                    made.Add((IMadeOfEvents)Activator.CreateInstance(typeof(MadeState<,>).MakeGenericType(state), state[0].Name, kept)!);
                    break;
                default:
                    // It is wrapped, and is known by what it makes.
                    if (projection.Name == nameof(ListEntryProjection))
                        made.Add(ListEntries());
                    break;
            }
        if (service.Name == "documents")
            made.Add(new TextChains());
        if (service.Name == "consultation" && everything)
        {
            made.Add(tallies);
            made.Add(new CommentPlaces());
        }
        if (service.Name is not "catalog")
            made.Add(new AttachedFiles());
        return made;
    }

    static MadeRows<ListEntry> ListEntries() =>
        new(
            nameof(ListEntryProjection),
            e => e.Id,
            async (_, events) =>
            {
                var rows = new Dictionary<string, ListEntry>();
                // Nothing was there before the first event.
                await ListEntryProjection.Apply(events, (_, _) => Task.FromResult<IReadOnlyList<ListEntry>>([]), e => rows[e.Id] = e);
                return [.. rows.Values];
            },
            async (session, streams, cancellation) =>
            {
                string[] kinds =
                [
                    .. streams
                        .Where(s => s.Code!.StartsWith(ServiceList.Key(""), StringComparison.Ordinal))
                        .Select(s => s.Code![ServiceList.Key("").Length..]),
                ];
                return kinds.Length == 0
                    ? []
                    :
                    [
                        .. (await session.Query<ListEntry>().Where(e => e.Kind.IsOneOf(kinds)).ToListAsync(cancellation)).Select(e =>
                            ((object)ServiceList.Key(e.Kind), e)
                        ),
                    ];
            }
        )
        {
            Concerns = e => e is ListChanged,
        };

    static Type[]? StateOf(Type? type)
    {
        for (; type is not null; type = type.BaseType)
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(StateProjection<,>))
                return type.GetGenericArguments();
        return null;
    }
}

/// <summary>Each document of the library is in the table that tells readers what changed.</summary>
sealed class LibraryChangeRows : IMadeOfEvents
{
    /// <inheritdoc/>
    public string Name => nameof(LibraryChangesProjection);

    /// <inheritdoc/>
    public ValueTask Apply(Stream stream, IEvent happened) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async Task Compare(Snapshot at, IReadOnlyList<Stream> streams, Findings findings, CancellationToken cancellation)
    {
        var service = at.Service;
        foreach (
            var id in await at.Rows(
                $"select l.id from {service.TableOf<LibraryEntry>()} l where l.id = any($1) and not exists (select from {LibraryChangesProjection.Table} c where c.document_id = l.id)",
                r => r.GetGuid(0),
                cancellation,
                streams.Select(s => s.Id).ToArray()
            )
        )
            findings.Add(
                new(
                    service.Name,
                    "rows.stale",
                    $"{Name} {id}",
                    "a row, so that the index hears of the document",
                    "none",
                    "It is noted again as changed."
                )
                {
                    Mend = c =>
                        service.Execute(
                            $"insert into {LibraryChangesProjection.Table} (document_id, changed_in) values ($1, pg_current_xact_id()) on conflict (document_id) do update set changed_in = excluded.changed_in",
                            c,
                            id
                        ),
                }
            );
    }
}
