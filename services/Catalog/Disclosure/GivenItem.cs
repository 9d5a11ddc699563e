using Marten;
using PolicyPlatform.Catalog.Organisations;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Catalog.Disclosure;

/// <summary>What an item says, as it is sent.</summary>
/// <param name="Category">一级事项.</param>
/// <param name="Name">二级事项.</param>
/// <param name="Content">公开内容（要素）.</param>
/// <param name="LegalBasis">公开依据.</param>
/// <param name="Deadline">公开时限 as catalogues write it: 20个工作日, 10日内, 及时公开, 每年3月底前; 20 working days when left out (D 26), and of
/// words that name no day.</param>
/// <param name="Bodies">公开主体, codes of organisations.</param>
/// <param name="Channels">公开渠道和载体, by code or name; the website when left out.</param>
/// <param name="Audience">公开对象: 全社会 when left out, else the group.</param>
/// <param name="Way">公开方式; proactive when left out.</param>
/// <param name="Levels">公开层级, the levels whose authorities publish it; that of the catalogue when left out.</param>
/// <param name="Area">领域, in a catalogue that has several.</param>
/// <param name="Note">备注.</param>
public sealed record GivenItem(
    string? Category,
    string? Name,
    IReadOnlyList<string>? Content,
    string? LegalBasis,
    string? Deadline,
    IReadOnlyList<string>? Bodies,
    IReadOnlyList<GivenChannel>? Channels,
    string? Audience,
    DisclosureWay? Way,
    IReadOnlyList<DisclosureLevel>? Levels = null,
    string? Area = null,
    string? Note = null
)
{
    const int LongestName = 300,
        LongestText = 4000,
        MostOf = 100;

    internal const string Everyone = "全社会";

    /// <summary>Reads it; what is wrong is noted, each at its place below <paramref name="at"/>.</summary>
    /// <param name="at">Where it stands.</param>
    /// <param name="layer">Whose catalogue it is in.</param>
    /// <param name="organisations">All organisations, by code.</param>
    /// <param name="channels">The channels that are known.</param>
    /// <param name="present">What the item says already: words and channels that nobody knows may stay as they are.</param>
    /// <param name="from">The day from which on it holds.</param>
    /// <param name="invalid">Where it is noted.</param>
    /// <param name="keepsWords">Whether a 公开时限 that cannot be read is kept in its words.</param>
    internal ItemContent? Read(
        string at,
        Layer layer,
        IReadOnlyDictionary<string, Organisation> organisations,
        ChannelList channels,
        ItemContent? present,
        DateOnly from,
        Invalid invalid,
        bool keepsWords = false
    )
    {
        var here = new Invalid()
            .Text($"{at}/category", Category, LongestName)
            .Text($"{at}/name", Name, LongestName)
            .Text($"{at}/legalBasis", LegalBasis, LongestText)
            .If(Content is null or { Count: 0 }, $"{at}/content", "value.missing", "公开内容（要素） is required.")
            .If(Bodies is null or { Count: 0 }, $"{at}/bodies", "value.missing", "公开主体 is required, codes of organisations.")
            .If(
                Content?.Count > MostOf || Bodies?.Count > MostOf || Channels?.Count > MostOf,
                at,
                "values.tooMany",
                $"At most {MostOf} of each."
            )
            .Text($"{at}/audience", Audience, LongestName, required: false)
            .Text($"{at}/deadline", Deadline, LongestName, required: false)
            .Text($"{at}/area", Area, LongestName, required: false)
            .Text($"{at}/note", Note, LongestText, required: false);
        for (var i = 0; i < Math.Min(Content?.Count ?? 0, MostOf); i++)
            here.Text($"{at}/content/{i}", Content![i], LongestText);
        for (var i = 0; i < Math.Min(Bodies?.Count ?? 0, MostOf); i++)
            here.If(
                !organisations.TryGetValue(Bodies![i], out var body) || !body.ExistsOn(from),
                $"{at}/bodies/{i}",
                "organisation.unknown",
                $"There is no organisation {Bodies[i]} on {from:yyyy-MM-dd}."
            );
        var deadline = Rule($"{at}/deadline", Deadline, keepsWords ? DeadlineRule.Kept(Deadline ?? "") : present?.Deadline, here);
        var used = new List<Channel>();
        foreach (var (channel, i) in (Channels ?? []).Take(MostOf).Select((c, i) => (c, i)))
        {
            var code = channels.CodeOf(channel.Name ?? "");
            var before = present?.Channels.FirstOrDefault(c => channels.CodeOf(c.Name) == code);
            here.Text($"{at}/channels/{i}/name", channel.Name, LongestName)
                .If(
                    !string.IsNullOrWhiteSpace(channel.Name) && channels.Find(channel.Name) is null && before is null,
                    $"{at}/channels/{i}/name",
                    "channel.unknown",
                    $"There is no channel {channel.Name}. Those there are, by name or code: {channels.Known}. A further one is an entry of the list {ChannelList.Kind}."
                )
                .If(used.Any(c => c.Name == code), $"{at}/channels/{i}/name", "channel.twice", "A channel is named once.")
                .Text($"{at}/channels/{i}/note", channel.Note, LongestName, required: false);
            used.Add(
                new(
                    code,
                    string.IsNullOrWhiteSpace(channel.Deadline)
                        ? null
                        : Rule($"{at}/channels/{i}/deadline", channel.Deadline, before?.Deadline, here),
                    channel.Note.OrNone()?.Trim()
                )
            );
        }
        foreach (var error in here.Problem?.Errors ?? [])
            invalid.Add(error.Pointer, error.Code, error.Detail);
        return here.Problem is not null
            ? null
            : new(
                Category!.Trim(),
                Name!.Trim(),
                Content!,
                LegalBasis!.Trim(),
                deadline!,
                Bodies!,
                used is [] ? [new(Channel.Website)] : used,
                string.IsNullOrWhiteSpace(Audience) || Audience == Everyone ? null : Audience.Trim(),
                Way ?? DisclosureWay.Proactive,
                LevelsIn(layer),
                Area.OrNone()?.Trim(),
                Note.OrNone()?.Trim()
            );
    }

    /// <summary>The level that a catalogue is of: what its items say where they name no other.</summary>
    internal static DisclosureLevel LevelOf(Layer layer) => layer is Layer.Township ? DisclosureLevel.Township : DisclosureLevel.County;

    // One that is of the level of its catalogue alone says nothing of levels.
    DisclosureLevel[]? LevelsIn(Layer layer)
    {
        DisclosureLevel[] levels = [.. (Levels ?? []).Distinct().Order()];
        return levels is [] || levels is [var one] && one == LevelOf(layer) ? null : levels;
    }

    static DeadlineRule? Rule(string pointer, string? text, DeadlineRule? present, Invalid invalid)
    {
        var rule = DeadlineRule.Read(text) ?? (present is not null && text?.Trim() == present.Words ? present : null);
        invalid.If(
            rule is null,
            pointer,
            "deadline.unknown",
            $"No deadline can be read out of “{text}”. One is written 20个工作日, 10日, 及时公开 or 每年3月底前; left out, it is {DeadlineRule.Default} (D 26)."
        );
        return rule;
    }

    /// <summary>All organisations, by code.</summary>
    internal static async Task<IReadOnlyDictionary<string, Organisation>> Organisations(
        IQuerySession session,
        CancellationToken cancellation
    ) => (await session.Query<Organisation>().ToListAsync(cancellation)).ToDictionary(o => o.Id);
}

/// <summary>A channel as it is sent.</summary>
/// <param name="Name">Its code or its name: website or 政府网站.</param>
/// <param name="Deadline">The deadline of this channel; the item's when left out.</param>
/// <param name="Note">Where in the channel: the screen in the square for other.</param>
public sealed record GivenChannel(string? Name, string? Deadline, string? Note = null);
