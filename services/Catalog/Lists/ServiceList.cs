using System.Text.Json;
using JasperFx.Events;
using Marten;
using Marten.Events.Projections;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Lists;

/// <summary>What is done to an entry.</summary>
public enum EntryAction
{
    /// <summary>It comes into the list.</summary>
    Add,

    /// <summary>It says something else.</summary>
    Change,

    /// <summary>It leaves the list.</summary>
    Retire,
}

/// <summary>A kind of list came into being, or its entries have another form from now on.</summary>
public sealed record ListDefined(string Kind, string Name, JsonElement Schema, Actor By, DateTimeOffset At) : IEventOf<ServiceList>;

/// <summary>What an entry says.</summary>
/// <param name="Code">Its code, which stays.</param>
/// <param name="Title">Its title.</param>
/// <param name="Body">责任单位, a code of an organisation.</param>
/// <param name="Content">What it says, by the list's schema.</param>
public sealed record EntrySays(string Code, string Title, string? Body, JsonElement Content);

/// <summary>Entries of a list were added, changed and retired, all at once. The first release left out what they say.</summary>
public sealed record ListChanged(
    IReadOnlyDictionary<string, EntryAction> Entries,
    string Note,
    Actor By,
    DateTimeOffset At,
    IReadOnlyList<EntrySays>? Say = null
) : IEventOf<ServiceList>;

/// <summary>清单 of a kind: 办事指南, 权责清单, 收费目录 ….</summary>
public sealed record ServiceList : IState<ServiceList>
{
    /// <summary>The stream's key.</summary>
    public string Id { get; init; } = "";

    /// <summary>How many events there are; set by Marten. It is the number of the list's newest version.</summary>
    public long Version { get; set; }

    /// <summary>Its kind, a code.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";

    /// <summary>The JSON Schema of what an entry says.</summary>
    public JsonElement Schema { get; init; }

    /// <summary>When it last changed, UTC.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>The key of a kind's stream.</summary>
    public static string Key(string kind) => $"list/{kind}";

    /// <summary>The state after one more event.</summary>
    public static ServiceList? Next(ServiceList? list, IEventOf<ServiceList> happened) =>
        happened switch
        {
            ListDefined e => (list ?? new() { Id = Key(e.Kind), Kind = e.Kind }) with
            {
                Name = e.Name,
                Schema = e.Schema,
                ChangedAt = e.At,
            },
            ListChanged e => list! with { ChangedAt = e.At },
            _ => list,
        };
}

/// <summary>
/// What an entry says in the versions of its list from one on, before another; made out of the list's events. Never changed but for its
/// end.
/// </summary>
/// <param name="Id">Kind, code and first version.</param>
/// <param name="Kind">The list.</param>
/// <param name="Code">The entry's code, which stays.</param>
/// <param name="From">The first version of the list in which it says this.</param>
/// <param name="Until">The first version in which it no longer does; null while it does.</param>
/// <param name="Title">Its title.</param>
/// <param name="Body">责任单位, a code of an organisation.</param>
/// <param name="Content">What it says, by the list's schema.</param>
/// <param name="At">Since when, UTC.</param>
public sealed record ListEntry(
    string Id,
    string Kind,
    string Code,
    long From,
    long? Until,
    string Title,
    string? Body,
    JsonElement Content,
    DateTimeOffset At
)
{
    /// <summary>The entries of a list as they stood in a version, by code.</summary>
    /// <param name="session">Where they are.</param>
    /// <param name="kind">The list.</param>
    /// <param name="version">The version; the newest when null.</param>
    /// <param name="q">Only those with this in their titles, or of this code.</param>
    /// <param name="body">Only those of this body.</param>
    public static IQueryable<ListEntry> In(IQuerySession session, string kind, long? version, string? q = null, string? body = null)
    {
        var query = session.Query<ListEntry>().Where(e => e.Kind == kind);
        query = version is { } v ? query.Where(e => e.From <= v && (e.Until == null || e.Until > v)) : query.Where(e => e.Until == null);
        if (q is not null)
            query = query.Where(e => e.Title.Contains(q, StringComparison.OrdinalIgnoreCase) || e.Code == q);
        if (body is not null)
            query = query.Where(e => e.Body == body);
        return query.OrderBy(e => e.Code);
    }

    /// <summary>The entries that are on their lists now, by their names <c>kind/code</c>; those that are not are left out.</summary>
    public static async Task<IReadOnlyDictionary<string, ListEntry>> Named(
        IQuerySession session,
        IEnumerable<string> names,
        CancellationToken cancellation
    )
    {
        var wanted = names.ToHashSet();
        var codes = wanted.Select(n => n[(n.IndexOf('/', StringComparison.Ordinal) + 1)..]).ToArray();
        return codes.Length == 0
            ? new Dictionary<string, ListEntry>()
            : (await session.Query<ListEntry>().Where(e => e.Until == null && e.Code.IsOneOf(codes)).ToListAsync(cancellation))
                .Where(e => wanted.Contains($"{e.Kind}/{e.Code}"))
                .ToDictionary(e => $"{e.Kind}/{e.Code}");
    }
}

/// <summary>Keeps the entries of all versions beside the streams of their lists.</summary>
sealed class ListEntryProjection : IProjection
{
    /// <inheritdoc/>
    public Task ApplyAsync(IDocumentOperations operations, IReadOnlyList<IEvent> events, CancellationToken cancellation) =>
        Apply(
            events,
            async (kind, codes) =>
                await operations
                    .Query<ListEntry>()
                    .Where(r => r.Kind == kind && r.Until == null && r.Code.IsOneOf(codes))
                    .ToListAsync(cancellation),
            entry => operations.Store(entry)
        );

    /// <summary>Makes the entries.</summary>
    /// <param name="events">What happened to lists, in order.</param>
    /// <param name="open">What entries of a list say by what happened before, by their codes.</param>
    /// <param name="store">Keeps an entry in place of the one with its id.</param>
    internal static async Task Apply(
        IReadOnlyList<IEvent> events,
        Func<string, string[], Task<IReadOnlyList<ListEntry>>> open,
        Action<ListEntry> store
    )
    {
        // What the events before say of an entry is not in the database yet: null for one that is in the list no more, or not yet.
        var known = new Dictionary<string, ListEntry?>();
        foreach (var e in events)
        {
            if (e.Data is not ListChanged { Say: { } say } changed)
                continue;
            var kind = e.StreamKey![ServiceList.Key("").Length..];
            string[] unseen = [.. changed.Entries.Keys.Where(code => !known.ContainsKey(Place(kind, code)))];
            foreach (var code in unseen)
                known[Place(kind, code)] = null;
            foreach (var entry in await open(kind, unseen))
                known[Place(kind, entry.Code)] = entry;
            foreach (var code in changed.Entries.Keys)
            {
                if (known[Place(kind, code)] is { } ended)
                    store(ended with { Until = e.Version });
                known[Place(kind, code)] = null;
            }
            foreach (var says in say)
            {
                var entry = new ListEntry(
                    $"{Place(kind, says.Code)}/{e.Version}",
                    kind,
                    says.Code,
                    e.Version,
                    null,
                    says.Title,
                    says.Body,
                    says.Content,
                    changed.At
                );
                store(entry);
                known[Place(kind, says.Code)] = entry;
            }
        }
    }

    static string Place(string kind, string code) => $"{kind}/{code}";
}

/// <summary>A list as the API shows it.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its newest version: its ETag.</param>
/// <param name="Schema">The JSON Schema of what an entry says.</param>
/// <param name="ChangedAt">When it last changed, UTC.</param>
public sealed record ServiceListView(string Kind, string Name, long Version, JsonElement Schema, DateTimeOffset ChangedAt)
{
    internal static ServiceListView Of(ServiceList l) => new(l.Kind, l.Name, l.Version, l.Schema, l.ChangedAt);
}

/// <summary>An entry as the API shows it.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Title">Its title.</param>
/// <param name="Body">责任单位.</param>
/// <param name="Content">What it says.</param>
/// <param name="FromVersion">The first version of the list in which it says this.</param>
/// <param name="UntilVersion">The first version in which it no longer does; null while it does.</param>
/// <param name="At">Since when, UTC.</param>
public sealed record ListEntryView(
    string Code,
    string Title,
    string? Body,
    JsonElement Content,
    long FromVersion,
    long? UntilVersion,
    DateTimeOffset At
)
{
    internal static ListEntryView Of(ListEntry e) => new(e.Code, e.Title, e.Body, e.Content, e.From, e.Until, e.At);
}
