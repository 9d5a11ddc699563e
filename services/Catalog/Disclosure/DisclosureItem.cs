using System.Globalization;
using System.Text.RegularExpressions;
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

/// <summary>公开方式.</summary>
public enum DisclosureWay
{
    /// <summary>主动.</summary>
    Proactive,

    /// <summary>依申请.</summary>
    OnRequest,
}

/// <summary>公开时限: how long there is for publishing, from the making or change of the information.</summary>
/// <param name="Days">How many days.</param>
/// <param name="WorkingDays">Whether working days are counted, or all days.</param>
public sealed partial record DeadlineRule(int Days, bool WorkingDays)
{
    /// <summary>20 working days, where nothing shorter is set (D 26).</summary>
    public static readonly DeadlineRule Default = new(20, true);

    /// <summary>
    /// Reads a deadline as catalogues write it: 20个工作日, 10日内, 自信息形成之日起7个工作日内公开. Nothing means the default; null for one that cannot be
    /// read.
    /// </summary>
    public static DeadlineRule? Read(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return Default;
        var periods = Period().Matches(text);
        // Two periods in one rule are two rules: somebody has to say which one holds for what.
        return
            periods is [var one]
            && int.TryParse(one.Groups["days"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var days)
            && days is > 0 and <= Calendar.WorkingCalendar.Longest
            ? new(days, one.Groups["unit"].Value.Contains("工作", StringComparison.Ordinal))
            : null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Days}{(WorkingDays ? "个工作日" : "日")}";

    [GeneratedRegex("(?<days>[0-9]+)\\s*个?\\s*(?<unit>工作日|自然日|日|天)", RegexOptions.NonBacktracking)]
    private static partial Regex Period();
}

/// <summary>公开渠道和载体, with a deadline of its own where it has one.</summary>
/// <param name="Name">website, newMedia, zone …, or the channel's name.</param>
/// <param name="Deadline">The deadline of this channel; null for the item's.</param>
public sealed record Channel(string Name, DeadlineRule? Deadline = null)
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
public sealed record ItemContent(
    string Category,
    string Name,
    IReadOnlyList<string> Content,
    string LegalBasis,
    DeadlineRule Deadline,
    IReadOnlyList<string> Bodies,
    IReadOnlyList<Channel> Channels,
    string? Audience,
    DisclosureWay Way
)
{
    /// <summary>Whether another one says the same.</summary>
    public bool Says(ItemContent other) =>
        this with { Content = [], Bodies = [], Channels = [] } == other with { Content = [], Bodies = [], Channels = [] }
        && Content.SequenceEqual(other.Content)
        && Bodies.SequenceEqual(other.Bodies)
        && Channels.SequenceEqual(other.Channels);
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
public sealed record DisclosureItemView(string Code, Layer Layer, ItemContent Content, DateOnly From, long Version)
{
    internal static DisclosureItemView? Of(DisclosureItem item, DateOnly on) =>
        item.Versions.LastOrDefault(v => v.From <= on) is { Content: { } content } version
            ? new(item.Code, item.Layer, content, version.From, item.Version)
            : null;
}
