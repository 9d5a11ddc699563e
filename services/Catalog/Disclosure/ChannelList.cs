using System.Text.Json;
using Marten;
using PolicyPlatform.Catalog.Lists;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.Shared.Search;

namespace PolicyPlatform.Catalog.Disclosure;

/// <summary>公开渠道和载体: a channel that is known.</summary>
/// <param name="Code">Its code, which items and obligations keep.</param>
/// <param name="Name">Its name, as the tables of offices have it.</param>
/// <param name="OtherNames">How else it is written.</param>
public sealed record KnownChannel(string Code, string Name, IReadOnlyList<string> OtherNames);

/// <summary>
/// The channels that are known, by code and by name: those of the standard catalogues of the basic level, and the entries of the list
/// <c>channels</c>, which adds to them and calls them otherwise.
/// </summary>
public sealed class ChannelList
{
    /// <summary>The kind of the list that a district keeps its own channels in.</summary>
    public const string Kind = "channels";

    /// <summary>Those that come with the platform.</summary>
    public static readonly ChannelList Standard = new(BuiltIn(), 0);

    readonly Dictionary<string, KnownChannel> named = [];

    ChannelList(IReadOnlyList<KnownChannel> all, long version)
    {
        All = all;
        Version = version;
        // A code is nobody else's name, and a name that came first stays where it is.
        foreach (var channel in all)
            named.TryAdd(Key(channel.Code), channel);
        foreach (var channel in all)
        foreach (var name in channel.OtherNames.Prepend(channel.Name))
            if (Key(name) is { Length: > 0 } key)
                named.TryAdd(key, channel);
    }

    /// <summary>All of them, those of the standard catalogues first, in their order there.</summary>
    public IReadOnlyList<KnownChannel> All { get; }

    /// <summary>The version of the list that adds to them; 0 where there is none.</summary>
    public long Version { get; }

    /// <summary>The channel of a code or a name, however it is spaced and bracketed; null for none.</summary>
    public KnownChannel? Find(string? written) => written is null ? null : named.GetValueOrDefault(Key(written));

    /// <summary>The code of a channel; what is unknown stands for itself.</summary>
    public string CodeOf(string written) => Find(written)?.Code ?? written;

    /// <summary>The name of a channel; what is unknown stands for itself.</summary>
    public string NameOf(string written) => Find(written)?.Name ?? written;

    /// <summary>What is known, for a person who wrote something else.</summary>
    public string Known => string.Join("、", All.Select(c => $"{c.Name} ({c.Code})"));

    /// <summary>Those of the standard catalogues and those of the list.</summary>
    public static async Task<ChannelList> Read(IQuerySession session, CancellationToken cancellation)
    {
        if (await session.LoadAsync<ServiceList>(ServiceList.Key(Kind), cancellation) is not { } list)
            return Standard;
        var own = await ListEntry.In(session, Kind, null).ToListAsync(cancellation);
        // Names that came with the platform go on being read under the code that they always had.
        KnownChannel[] all =
        [
            .. Standard.All.Select(c =>
                own.FirstOrDefault(e => e.Code == c.Code) is { } said
                    ? new(c.Code, said.Title, [.. OtherNames(said), c.Name, .. c.OtherNames])
                    : c
            ),
            .. own.Where(e => Standard.All.All(c => c.Code != e.Code)).Select(e => new KnownChannel(e.Code, e.Title, OtherNames(e))),
        ];
        return new(all, list.Version);
    }

    // An entry may say in its content how else a channel is written; its form is the district's.
    static string[] OtherNames(ListEntry entry) =>
        entry.Content.ValueKind is JsonValueKind.Object
        && entry.Content.TryGetProperty("otherNames", out var names)
        && names.ValueKind is JsonValueKind.Array
            ? [.. names.EnumerateArray().Where(n => n.ValueKind is JsonValueKind.String).Select(n => n.GetString()!)]
            : [];

    // 入户/现场 and 入户、现场, 公示栏（电子屏） and 公示栏(电子屏): signs and spaces make no other channel.
    static string Key(string written) =>
        string.Concat(CompatibilityForms.Fold(written).Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant));

    static KnownChannel[] BuiltIn()
    {
        using var file = typeof(ChannelList).Assembly.GetManifestResourceStream("channels.json")!;
        return JsonSerializer.Deserialize<KnownChannel[]>(file, JsonDefaults.Options)!;
    }
}
