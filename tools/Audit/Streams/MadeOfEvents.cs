using System.Text.Json;
using JasperFx.Events;
using Marten;
using Marten.Events.Aggregation;
using Marten.Events.Projections;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Audit.Streams;

/// <summary>A stream: known by a UUID, or by a code that people gave.</summary>
readonly record struct Stream(Guid Id, string? Code, long Version)
{
    public object Key => Code is null ? Id : Code;

    public override string ToString() => Code ?? Id.ToString();
}

/// <summary>
/// Something that is made of the events of streams, made again of the same events by the same code and compared with what is stored. It sees
/// the events of a few streams in their order, compares, and forgets them.
/// </summary>
interface IMadeOfEvents
{
    /// <summary>Its name among what the service makes; null for what is made beside that.</summary>
    string? Name { get; }

    /// <summary>One more event of a stream.</summary>
    ValueTask Apply(Stream stream, IEvent happened);

    /// <summary>Compares what was made of these streams with what is stored.</summary>
    Task Compare(Snapshot at, IReadOnlyList<Stream> streams, Findings findings, CancellationToken cancellation);

    /// <summary>Looks for what no stream accounts for, once all of them were seen.</summary>
    Task Finish(Snapshot at, Findings findings, CancellationToken cancellation) => Task.CompletedTask;
}

/// <summary>A state beside its stream.</summary>
sealed class MadeState<TState, TId>(string name, SingleStreamProjection<TState, TId> projection) : IMadeOfEvents
    where TState : class
    where TId : notnull
{
    static readonly System.Reflection.PropertyInfo? version = typeof(TState).GetProperty(nameof(IState<>.Version));

    readonly Dictionary<object, TState?> states = [];

    /// <inheritdoc/>
    public string Name => name;

    /// <summary>What else is to be counted of a state that was made.</summary>
    public Action<TState>? Seen { get; init; }

    /// <inheritdoc/>
    public ValueTask Apply(Stream stream, IEvent happened)
    {
        states[stream.Key] = Next(states.GetValueOrDefault(stream.Key), stream.Key, happened);
        return ValueTask.CompletedTask;
    }

    TState? Next(TState? state, object id, IEvent happened)
    {
        var next = projection.Evolve(state, (TId)id, happened);
        if (next is not null && happened.Data is IEventOf<TState>)
            version?.SetValue(next, happened.Version);
        return next;
    }

    /// <inheritdoc/>
    public async Task Compare(Snapshot at, IReadOnlyList<Stream> streams, Findings findings, CancellationToken cancellation)
    {
        var service = at.Service;
        TId[] ids = [.. streams.Select(s => (TId)s.Key)];
        var stored = (
            await at.Rows(
                $"select id, data::text from {service.TableOf<TState>()} where id = any($1)",
                r => (Id: (object)r.GetFieldValue<TId>(0), Data: r.GetString(1)),
                cancellation,
                ids
            )
        ).ToDictionary(r => r.Id, r => r.Data);
        foreach (var stream in streams)
        {
            var made = states.GetValueOrDefault(stream.Key);
            if (made is not null)
                Seen?.Invoke(made);
            var (expected, found) = (made is null ? null : service.Json(made), stored.GetValueOrDefault(stream.Key));
            if (expected is null && found is null || expected is not null && found is not null && Differences.AreNone(expected, found))
                continue;
            findings.Add(
                new(
                    service.Name,
                    found is null ? "state.missing"
                        : expected is null ? "state.orphaned"
                        : "state.stale",
                    $"{name} {stream}",
                    expected is null ? "no row: nothing in its stream makes one"
                        : found is null ? "a row, as its stream makes it"
                        : Differences.Of(expected, found).Expected,
                    found is null ? "none"
                        : expected is null ? "a row"
                        : Differences.Of(expected, found).Found,
                    "It is made anew of its stream."
                )
                {
                    Mend = c => Mend(service, stream, c),
                }
            );
        }
        states.Clear();
    }

    /// <inheritdoc/>
    public async Task Finish(Snapshot at, Findings findings, CancellationToken cancellation)
    {
        foreach (
            var id in await at.Rows(
                $"select id::text from {at.Service.TableOf<TState>()} d where not exists (select from {at.Service.Name}.mt_streams s where s.id = d.id) limit 1000",
                r => r.GetString(0),
                cancellation
            )
        )
            findings.Add(
                new(
                    at.Service.Name,
                    "state.orphaned",
                    $"{name} {id}",
                    "no row: it has no stream",
                    "a row",
                    "Its stream from a backup, or nothing."
                )
            );
    }

    // Who writes to the stream waits, and finds what is stored here.
    async Task Mend(AuditedService service, Stream stream, CancellationToken cancellation)
    {
        await using var session = service.Mending();
        await session.Lock(service, stream, cancellation);
        TState? state = null;
        foreach (var happened in await session.EventsOf(stream, cancellation))
            state = Next(state, stream.Key, happened);
        if (state is not null)
            session.Store(state);
        else if (stream.Code is { } code)
            session.HardDelete<TState>(code);
        else
            session.HardDelete<TState>(stream.Id);
        await session.SaveChangesAsync(cancellation);
    }
}

/// <summary>Rows that a projection makes of each event, or of the events of each stream.</summary>
/// <param name="name">The projection.</param>
/// <param name="idOf">The id of a row.</param>
/// <param name="make">Makes the rows of a stream; it ends with all that are not replaced by later ones.</param>
/// <param name="find">The rows that are stored for some streams, each with the key of its stream.</param>
sealed class MadeRows<TRow>(
    string name,
    Func<TRow, object> idOf,
    Func<AuditedService, IReadOnlyList<IEvent>, Task<IReadOnlyList<TRow>>> make,
    Func<IQuerySession, IReadOnlyList<Stream>, CancellationToken, Task<IReadOnlyList<(object Stream, TRow Row)>>> find
) : IMadeOfEvents
    where TRow : class
{
    readonly Dictionary<object, List<IEvent>> events = [];

    /// <summary>Which events rows are made of; all of them when left out.</summary>
    public Func<object, bool> Concerns { get; init; } = _ => true;

    /// <summary>Makes an event small before it is kept until its stream has been seen: without what no row holds.</summary>
    public Func<IEvent, IEvent> Lighten { get; init; } = e => e;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public ValueTask Apply(Stream stream, IEvent happened)
    {
        if (!Concerns(happened.Data))
            return ValueTask.CompletedTask;
        if (!events.TryGetValue(stream.Key, out var known))
            events[stream.Key] = known = [];
        known.Add(Lighten(happened));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task Compare(Snapshot at, IReadOnlyList<Stream> streams, Findings findings, CancellationToken cancellation)
    {
        var service = at.Service;
        var stored = (await find(at.Session, streams, cancellation)).ToLookup(r => r.Stream, r => r.Row);
        foreach (var stream in streams)
        {
            var expected = (events.GetValueOrDefault(stream.Key) is { } happened ? await make(service, happened) : []).ToDictionary(
                idOf,
                r => service.Json(r)
            );
            var found = stored[stream.Key].ToDictionary(idOf, r => service.Json(r));
            var missing = expected.Keys.Where(k => !found.ContainsKey(k)).ToArray();
            var extra = found.Keys.Where(k => !expected.ContainsKey(k)).ToArray();
            var others = expected.Where(e => found.TryGetValue(e.Key, out var other) && !Differences.AreNone(e.Value, other)).ToArray();
            if (missing.Length + extra.Length + others.Length == 0)
                continue;
            findings.Add(
                new(
                    service.Name,
                    "rows.stale",
                    $"{name} {stream}",
                    others.Length > 0 ? Differences.Of(others[0].Value, found[others[0].Key]).Expected : $"{expected.Count} rows",
                    others.Length > 0
                        ? Differences.Of(others[0].Value, found[others[0].Key]).Found
                        : $"{found.Count} rows; {missing.Length} are missing, {extra.Length} too many",
                    "They are made anew of their stream."
                )
                {
                    Mend = c => Mend(service, stream, c),
                }
            );
        }
        events.Clear();
    }

    async Task Mend(AuditedService service, Stream stream, CancellationToken cancellation)
    {
        await using var session = service.Mending();
        await session.Lock(service, stream, cancellation);
        var rows = await make(service, [.. (await session.EventsOf(stream, cancellation)).Where(e => Concerns(e.Data))]);
        var ids = rows.Select(idOf).ToHashSet();
        foreach (var (_, row) in await find(session, [stream], cancellation))
            if (!ids.Contains(idOf(row)))
                session.HardDelete(row);
        session.Store(rows.ToArray());
        await session.SaveChangesAsync(cancellation);
    }
}

/// <summary>What mending has in common.</summary>
static class Mends
{
    /// <summary>Lets nobody else write to a stream until the session has saved.</summary>
    public static async Task Lock(this IDocumentSession session, AuditedService service, Stream stream, CancellationToken cancellation)
    {
        await session.BeginTransactionAsync(cancellation);
        await using var command = session.Connection!.CreateCommand();
        command.CommandText = $"select version from {service.Name}.mt_streams where id = $1 for update";
        command.Parameters.Add(new() { Value = stream.Key });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The events of a stream, oldest first.</summary>
    public static Task<IReadOnlyList<IEvent>> EventsOf(this IQuerySession session, Stream stream, CancellationToken cancellation) =>
        stream.Code is { } code
            ? session.Events.FetchStreamAsync(code, token: cancellation)
            : session.Events.FetchStreamAsync(stream.Id, token: cancellation);

    /// <summary>The rows that a projection stores for some events.</summary>
    public static async Task<IReadOnlyList<TRow>> Make<TRow>(
        this EventProjection projection,
        AuditedService service,
        IReadOnlyList<IEvent> events
    )
        where TRow : class
    {
        await using var gathering = service.Gathering();
        foreach (var happened in events)
            await projection.ApplyAsync(gathering, happened, CancellationToken.None);
        return [.. gathering.PendingChanges.AllChangedFor<TRow>()];
    }
}

/// <summary>What two JSON texts say differently, by value: the order of members and the way in which a number is written do not matter.</summary>
static class Differences
{
    const int Longest = 200,
        LongestWord = 40;

    public static bool AreNone(string expected, string found)
    {
        using var one = JsonDocument.Parse(expected);
        using var other = JsonDocument.Parse(found);
        return JsonElement.DeepEquals(one.RootElement, other.RootElement);
    }

    /// <summary>The members that differ, each side with its own value.</summary>
    public static (string Expected, string Found) Of(string expected, string found)
    {
        using var one = JsonDocument.Parse(expected);
        using var other = JsonDocument.Parse(found);
        if (one.RootElement.ValueKind is not JsonValueKind.Object || other.RootElement.ValueKind is not JsonValueKind.Object)
            return (Plain(one.RootElement), Plain(other.RootElement));
        var names = one
            .RootElement.EnumerateObject()
            .Select(p => p.Name)
            .Union(other.RootElement.EnumerateObject().Select(p => p.Name))
            .Where(n =>
                !(
                    one.RootElement.TryGetProperty(n, out var a)
                    && other.RootElement.TryGetProperty(n, out var b)
                    && JsonElement.DeepEquals(a, b)
                )
            )
            .ToArray();
        return (Said(one.RootElement), Said(other.RootElement));

        string Said(JsonElement root) =>
            Short(string.Join(", ", names.Select(n => $"{n}: {(root.TryGetProperty(n, out var value) ? Plain(value) : "nothing")}")));
    }

    // What people wrote does not end up in a log.
    static string Plain(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String when value.GetString() is { Length: <= LongestWord } text && text.All(c => char.IsAscii(c) && c != ' ') =>
                text,
            JsonValueKind.String => $"a text of {value.GetString()!.Length} characters",
            JsonValueKind.Array => $"{value.GetArrayLength()} items",
            JsonValueKind.Object => "an object",
            _ => value.GetRawText(),
        };

    static string Short(string text) => text.Length <= Longest ? text : $"{text[..Longest]}…";
}
