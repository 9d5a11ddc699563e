using System.Text.Json;
using JasperFx.Events;
using Marten;
using Marten.Events.Aggregation;
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
public sealed record ListDefined(string Kind, string Name, JsonElement Schema, Actor By, DateTimeOffset At);

/// <summary>Entries of a list were added, changed and retired, all at once; what they say stands in their rows.</summary>
public sealed record ListChanged(IReadOnlyDictionary<string, EntryAction> Entries, string Note, Actor By, DateTimeOffset At);

/// <summary>清单 of a kind: 办事指南, 权责清单, 收费目录 ….</summary>
public sealed record ServiceList
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
    public static ServiceList? Next(ServiceList? list, object happened) => happened switch
    {
        ListDefined e => (list ?? new() { Id = Key(e.Kind), Kind = e.Kind }) with { Name = e.Name, Schema = e.Schema, ChangedAt = e.At },
        ListChanged e => list! with { ChangedAt = e.At },
        _ => list,
    };
}

/// <summary>Keeps a <see cref="ServiceList"/> beside its stream.</summary>
sealed partial class ServiceListProjection : SingleStreamProjection<ServiceList, string>
{
    /// <summary>Listens to the events of lists.</summary>
    public ServiceListProjection()
    {
        IncludeType<ListDefined>();
        IncludeType<ListChanged>();
    }

    /// <inheritdoc/>
    public override ServiceList? Evolve(ServiceList? snapshot, string id, IEvent e) => ServiceList.Next(snapshot, e.Data);
}

/// <summary>What an entry says in the versions of its list from one on, before another. Never changed but for its end.</summary>
/// <param name="Id">Kind, code and first version.</param>
/// <param name="Kind">The list.</param>
/// <param name="Code">The entry's code, which stays.</param>
/// <param name="From">The first version of the list in which it says this.</param>
/// <param name="Until">The first version in which it no longer does; null while it does.</param>
/// <param name="Title">Its title.</param>
/// <param name="Body">责任单位, a code of an organisation.</param>
/// <param name="Content">What it says, by the list's schema.</param>
/// <param name="At">Since when, UTC.</param>
public sealed record ListEntry(string Id, string Kind, string Code, long From, long? Until, string Title, string? Body, JsonElement Content, DateTimeOffset At)
{
    /// <summary>The entries of a list as they stood in a version, by code.</summary>
    public static IQueryable<ListEntry> In(IQuerySession session, string kind, long version) =>
        session.Query<ListEntry>().Where(e => e.Kind == kind && e.From <= version && (e.Until == null || e.Until > version)).OrderBy(e => e.Code);
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
public sealed record ListEntryView(string Code, string Title, string? Body, JsonElement Content, long FromVersion, long? UntilVersion, DateTimeOffset At)
{
    internal static ListEntryView Of(ListEntry e) => new(e.Code, e.Title, e.Body, e.Content, e.From, e.Until, e.At);
}
