using Marten;
using PolicyPlatform.Catalog.Organisations;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Catalog.Disclosure;

/// <summary>What an item says, as it is sent.</summary>
/// <param name="Category">一级事项.</param>
/// <param name="Name">二级事项.</param>
/// <param name="Content">公开内容（要素）.</param>
/// <param name="LegalBasis">公开依据.</param>
/// <param name="Deadline">公开时限 as catalogues write it: 20个工作日, 10日内; 20 working days when left out (D 26).</param>
/// <param name="Bodies">公开主体, codes of organisations.</param>
/// <param name="Channels">公开渠道和载体: website, newMedia, zone or a name; the website when left out.</param>
/// <param name="Audience">公开对象: 全社会 when left out, else the group.</param>
/// <param name="Way">公开方式; proactive when left out.</param>
public sealed record GivenItem(
    string? Category,
    string? Name,
    IReadOnlyList<string>? Content,
    string? LegalBasis,
    string? Deadline,
    IReadOnlyList<string>? Bodies,
    IReadOnlyList<GivenChannel>? Channels,
    string? Audience,
    DisclosureWay? Way
)
{
    const int LongestName = 300,
        LongestText = 4000,
        MostOf = 100;

    internal const string Everyone = "全社会";

    /// <summary>Reads it; what is wrong is noted, each at its place below <paramref name="at"/>.</summary>
    internal ItemContent? Read(string at, IReadOnlyDictionary<string, Organisation> organisations, DateOnly from, Invalid invalid)
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
            .Text($"{at}/audience", Audience, LongestName, required: false);
        for (var i = 0; i < Math.Min(Content?.Count ?? 0, MostOf); i++)
            here.Text($"{at}/content/{i}", Content![i], LongestText);
        for (var i = 0; i < Math.Min(Bodies?.Count ?? 0, MostOf); i++)
            here.If(
                !organisations.TryGetValue(Bodies![i], out var body) || !body.ExistsOn(from),
                $"{at}/bodies/{i}",
                "organisation.unknown",
                $"There is no organisation {Bodies[i]} on {from:yyyy-MM-dd}."
            );
        var deadline = Rule($"{at}/deadline", Deadline, here);
        var channels = new List<Channel>();
        foreach (var (channel, i) in (Channels ?? []).Take(MostOf).Select((c, i) => (c, i)))
        {
            here.Text($"{at}/channels/{i}/name", channel.Name, LongestName)
                .If(channels.Any(c => c.Name == channel.Name), $"{at}/channels/{i}/name", "channel.twice", "A channel is named once.");
            channels.Add(
                new(
                    channel.Name ?? "",
                    string.IsNullOrWhiteSpace(channel.Deadline) ? null : Rule($"{at}/channels/{i}/deadline", channel.Deadline, here)
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
                channels is [] ? [new(Channel.Website)] : channels,
                string.IsNullOrWhiteSpace(Audience) || Audience == Everyone ? null : Audience.Trim(),
                Way ?? DisclosureWay.Proactive
            );
    }

    static DeadlineRule? Rule(string pointer, string? text, Invalid invalid)
    {
        var rule = DeadlineRule.Read(text);
        invalid.If(
            rule is null,
            pointer,
            "deadline.unknown",
            $"No deadline can be read out of “{text}”. One is written 20个工作日 or 10日; left out, it is {DeadlineRule.Default} (D 26)."
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
/// <param name="Name">website, newMedia, zone or a name.</param>
/// <param name="Deadline">The deadline of this channel; the item's when left out.</param>
public sealed record GivenChannel(string? Name, string? Deadline);
