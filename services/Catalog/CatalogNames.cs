using System.Globalization;
using Marten;
using PolicyPlatform.Catalog.Disclosure;
using PolicyPlatform.Catalog.Organisations;

namespace PolicyPlatform.Catalog;

/// <summary>The names that stand beside codes in what is shown, as they are on a day.</summary>
sealed class CatalogNames
{
    readonly IReadOnlyDictionary<string, Organisation> organisations;
    readonly IReadOnlyDictionary<string, DisclosureItem> items;
    readonly ChannelList channels;
    readonly DateOnly on;

    CatalogNames(
        IReadOnlyDictionary<string, Organisation> organisations,
        IReadOnlyDictionary<string, DisclosureItem> items,
        ChannelList channels,
        DateOnly on
    ) => (this.organisations, this.items, this.channels, this.on) = (organisations, items, channels, on);

    /// <summary>Reads the names of organisations, those of the channels and, where some are named, those of items.</summary>
    /// <param name="session">Where they are.</param>
    /// <param name="codes">The codes of the organisations.</param>
    /// <param name="on">The day whose names are wanted, Asia/Shanghai.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <param name="items">Items of disclosure catalogues: <c>district/04-01</c>.</param>
    public static async Task<CatalogNames> Read(
        IQuerySession session,
        IEnumerable<string> codes,
        DateOnly on,
        CancellationToken cancellation,
        IEnumerable<string>? items = null
    )
    {
        string[] wanted = [.. codes.Distinct()];
        string[] about = [.. (items ?? []).Distinct().Select(i => $"disclosure/{i}")];
        return new(
            wanted is []
                ? new Dictionary<string, Organisation>()
                : (await session.LoadManyAsync<Organisation>(cancellation, wanted)).ToDictionary(o => o.Id),
            about is []
                ? new Dictionary<string, DisclosureItem>()
                : (await session.LoadManyAsync<DisclosureItem>(cancellation, about)).ToDictionary(i => i.Id),
            await ChannelList.Read(session, cancellation),
            on
        );
    }

    /// <summary>The name of an organisation; its code where there is none of it.</summary>
    public string Body(string code) => organisations.GetValueOrDefault(code)?.NameOn(on) ?? code;

    /// <summary>The name of a channel; what is unknown stands for itself.</summary>
    public string Channel(string written) => channels.NameOf(written);

    /// <summary>The channels that are known.</summary>
    public ChannelList Channels => channels;

    /// <summary>二级事项: what an item is called on the day, or was or will be called; null for one that there is not.</summary>
    public string? Item(string name) =>
        items.GetValueOrDefault($"disclosure/{name}") is { } item
            ? (item.On(on) ?? item.Versions.Select(v => v.Content).LastOrDefault(c => c is not null))?.Name
            : null;

    /// <summary>
    /// What stands beside the version in the tag of what is shown with names: as long as none was ever changed, what is ahead alone.
    /// </summary>
    /// <param name="ahead">How much of what is decided is still ahead.</param>
    public string Beside(int ahead = 0)
    {
        var changes = organisations.Values.Sum(o => o.Version - 1) + items.Values.Sum(i => i.Version - 1) + channels.Version;
        var own = ahead > 0 ? ahead.ToString(CultureInfo.InvariantCulture) : "";
        // What begins on a day changes what is read on that day, without another version.
        var begins = organisations.Values.Sum(o => o.Ahead(on)) + items.Values.Sum(i => i.Ahead(on));
        return changes == 0 ? own : string.Create(CultureInfo.InvariantCulture, $"{own}n{changes}.{begins}");
    }
}
