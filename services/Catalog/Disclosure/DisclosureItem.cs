using System.Text.Json.Serialization;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Disclosure;

/// <summary>公开层级: whose catalogue it is.</summary>
public enum Layer
{
    /// <summary>区级.</summary>
    District,

    /// <summary>部门.</summary>
    Department,

    /// <summary>镇（街道）.</summary>
    Township,
}

/// <summary>公开层级 in the tables of offices: the levels whose authorities publish an item.</summary>
public enum DisclosureLevel
{
    /// <summary>省级.</summary>
    Province,

    /// <summary>市级.</summary>
    City,

    /// <summary>县级.</summary>
    County,

    /// <summary>乡级.</summary>
    Township,

    /// <summary>村级.</summary>
    Village,
}

/// <summary>公开方式.</summary>
public enum DisclosureWay
{
    /// <summary>主动.</summary>
    Proactive,

    /// <summary>依申请.</summary>
    OnRequest,
}

/// <summary>公开渠道和载体, with a deadline of its own where it has one.</summary>
/// <param name="Name">The code of a channel that is known: website, newMedia, zone …; of old items, whatever it was called.</param>
/// <param name="Deadline">The deadline of this channel; null for the item's.</param>
/// <param name="Note">Where in the channel: 其他（户外电子屏）; null for nothing said.</param>
public sealed record Channel(
    string Name,
    DeadlineRule? Deadline = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Note = null
)
{
    /// <summary>The library itself: published there is published.</summary>
    public const string Website = "website";
}

/// <summary>What an item of the disclosure catalogue says; the columns of the standard catalogues of the basic level.</summary>
/// <param name="Category">一级事项.</param>
/// <param name="Name">二级事项.</param>
/// <param name="Content">公开内容（要素）.</param>
/// <param name="LegalBasis">公开依据.</param>
/// <param name="Deadline">公开时限.</param>
/// <param name="Bodies">公开主体, codes of organisations.</param>
/// <param name="Channels">公开渠道和载体.</param>
/// <param name="Audience">公开对象: everyone when null, else the group.</param>
/// <param name="Way">公开方式.</param>
/// <param name="Levels">公开层级, the levels whose authorities publish it; null for that of the catalogue alone.</param>
/// <param name="Area">领域: the sheet of a catalogue that has several; null for none.</param>
/// <param name="Note">备注, and what further columns of a table said, each with its heading.</param>
public sealed record ItemContent(
    string Category,
    string Name,
    IReadOnlyList<string> Content,
    string LegalBasis,
    DeadlineRule Deadline,
    IReadOnlyList<string> Bodies,
    IReadOnlyList<Channel> Channels,
    string? Audience,
    DisclosureWay Way,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<DisclosureLevel>? Levels = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Area = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Note = null
)
{
    /// <summary>Whether another one says the same. A channel that is written by its name is the one of its code.</summary>
    public bool Says(ItemContent other) =>
        this with
        {
            Content = [],
            Bodies = [],
            Channels = [],
            Levels = null,
        } == other with { Content = [], Bodies = [], Channels = [], Levels = null }
        && Content.SequenceEqual(other.Content)
        && Bodies.SequenceEqual(other.Bodies)
        && Channels.Select(Coded).SequenceEqual(other.Channels.Select(Coded))
        && (Levels ?? []).SequenceEqual(other.Levels ?? []);

    static Channel Coded(Channel channel) => channel with { Name = ChannelList.Standard.CodeOf(channel.Name) };
}

/// <summary>An item says this from a day on.</summary>
public sealed record DisclosureItemSet(Layer Layer, string Code, ItemContent Content, DateOnly From, Actor By, DateTimeOffset At)
    : IEventOf<DisclosureItem>;

/// <summary>An item is not in the catalogue from a day on.</summary>
public sealed record DisclosureItemRetired(DateOnly From, string Reason, Actor By, DateTimeOffset At) : IEventOf<DisclosureItem>;

/// <summary>What an item says from a day on.</summary>
/// <param name="From">The first day, Asia/Shanghai.</param>
/// <param name="Content">What it says; null for one that is not in the catalogue.</param>
/// <param name="Reason">Why it left the catalogue.</param>
public sealed record ItemVersion(DateOnly From, ItemContent? Content, string? Reason = null);

/// <summary>主动公开事项: what a body must publish, with every version of it.</summary>
public sealed record DisclosureItem : IState<DisclosureItem>
{
    /// <summary>The stream's key: <c>disclosure/district/04-01</c>.</summary>
    public string Id { get; init; } = "";

    /// <summary>How many events there are; set by Marten.</summary>
    public long Version { get; set; }

    /// <summary>公开层级.</summary>
    public Layer Layer { get; init; }

    /// <summary>Its code within the layer.</summary>
    public string Code { get; init; } = "";

    /// <summary>What it said, says and will say, earliest first.</summary>
    public IReadOnlyList<ItemVersion> Versions { get; init; } = [];

    /// <summary>What it says on a day; null when it is not in the catalogue then.</summary>
    public ItemContent? On(DateOnly day) => Versions.LastOrDefault(v => v.From <= day)?.Content;

    /// <summary>How much of what is decided begins after a day.</summary>
    public int Ahead(DateOnly day) => Versions.Count(v => v.From > day);

    /// <summary>The key of an item's stream.</summary>
    public static string Key(Layer layer, string code) => $"disclosure/{Name(layer, code)}";

    /// <summary>How documents name an item: <c>district/04-01</c>.</summary>
    public static string Name(Layer layer, string code) => $"{JsonDefaults.Word(layer)}/{code}";

    /// <summary>The state after one more event.</summary>
    public static DisclosureItem? Next(DisclosureItem? item, IEventOf<DisclosureItem> happened) =>
        (item, happened) switch
        {
            (_, DisclosureItemSet e) => (
                item
                ?? new()
                {
                    Id = Key(e.Layer, e.Code),
                    Layer = e.Layer,
                    Code = e.Code,
                }
            )
                is var i
                ? i with
                {
                    Versions = With(i.Versions, new(e.From, e.Content)),
                }
                : null,
            ({ } i, DisclosureItemRetired e) => i with { Versions = With(i.Versions, new(e.From, null, e.Reason)) },
            _ => item,
        };

    static ItemVersion[] With(IReadOnlyList<ItemVersion> known, ItemVersion change) =>
        [.. known.Where(k => k.From != change.From).Append(change).OrderBy(k => k.From)];
}

/// <summary>An item as the API shows it.</summary>
/// <param name="Code">Its code within the layer.</param>
/// <param name="Layer">公开层级.</param>
/// <param name="Content">What it says on the day asked for.</param>
/// <param name="From">The day from which on it says that.</param>
/// <param name="Version">The version of its history: its ETag.</param>
/// <param name="BodyNames">The names of <c>content.bodies</c> on that day, in their order; the code where there is none.</param>
/// <param name="ChannelNames">The names of <c>content.channels</c>, in their order.</param>
public sealed record DisclosureItemView(
    string Code,
    Layer Layer,
    ItemContent Content,
    DateOnly From,
    long Version,
    IReadOnlyList<string> BodyNames,
    IReadOnlyList<string> ChannelNames
)
{
    internal static DisclosureItemView? Of(DisclosureItem item, DateOnly on, CatalogNames names) =>
        item.Versions.LastOrDefault(v => v.From <= on) is { Content: { } content } version
            ? new(
                item.Code,
                item.Layer,
                content,
                version.From,
                item.Version,
                [.. content.Bodies.Select(names.Body)],
                [.. content.Channels.Select(c => names.Channel(c.Name))]
            )
            : null;
}
