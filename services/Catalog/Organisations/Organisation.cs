using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Organisations;

/// <summary>Kinds of organisations.</summary>
public enum OrganisationType
{
    /// <summary>区: the government of the district and its office.</summary>
    District,

    /// <summary>区政府部门（单位）.</summary>
    Department,

    /// <summary>街道.</summary>
    Subdistrict,

    /// <summary>镇.</summary>
    Town,

    /// <summary>国务院 and its office.</summary>
    StateCouncil,

    /// <summary>国务院部门.</summary>
    StateDepartment,

    /// <summary>省、自治区、直辖市: the government of the province and its office.</summary>
    Province,

    /// <summary>省级政府部门.</summary>
    ProvincialDepartment,

    /// <summary>设区的市、自治州: the government of the city and its office.</summary>
    City,

    /// <summary>市级政府部门.</summary>
    MunicipalDepartment,

    /// <summary>乡、民族乡.</summary>
    Township,

    /// <summary>居民委员会.</summary>
    ResidentsCommittee,

    /// <summary>村民委员会.</summary>
    VillagersCommittee,

    /// <summary>公共企事业单位 (D 55): schools, hospitals, water, heating.</summary>
    PublicInstitution,
}

/// <summary>What holds from a day on, until something else does.</summary>
/// <param name="From">The first day, Asia/Shanghai.</param>
/// <param name="Value">What holds.</param>
public sealed record Dated(DateOnly From, string? Value);

/// <summary>An organisation came into the Catalog.</summary>
public sealed record OrganisationCreated(
    string Code,
    string Name,
    OrganisationType Type,
    string? Parent,
    DateOnly ValidFrom,
    Actor By,
    DateTimeOffset At
) : IEventOf<Organisation>;

/// <summary>An organisation has another name from a day on; the earlier one stays in its history. Without a day: since it exists.</summary>
public sealed record OrganisationRenamed(string Name, Actor By, DateTimeOffset At, DateOnly? From = null) : IEventOf<Organisation>;

/// <summary>An organisation stands elsewhere in the tree from a day on.</summary>
public sealed record OrganisationMoved(string? Parent, DateOnly From, Actor By, DateTimeOffset At) : IEventOf<Organisation>;

/// <summary>An organisation exists until a day; another one may take over what it did (机构改革).</summary>
public sealed record OrganisationEnded(DateOnly LastDay, string? Successor, string Reason, Actor By, DateTimeOffset At)
    : IEventOf<Organisation>;

/// <summary>
/// An organisation: a body that issues documents and answers for tasks. Its names and its place are kept with their days.
/// </summary>
public sealed record Organisation : IState<Organisation>
{
    /// <summary>Its code, <c>370114-ZJ</c>, and its stream's key.</summary>
    public string Id { get; init; } = "";

    /// <summary>How many events there are; set by Marten.</summary>
    public long Version { get; set; }

    /// <summary>Its names, earliest first.</summary>
    public IReadOnlyList<Dated> Names { get; init; } = [];

    /// <summary>What it is.</summary>
    public OrganisationType Type { get; init; }

    /// <summary>The codes of the organisations above it, earliest first; null at the top.</summary>
    public IReadOnlyList<Dated> Parents { get; init; } = [];

    /// <summary>The first day on which it existed, Asia/Shanghai.</summary>
    public DateOnly ValidFrom { get; init; }

    /// <summary>The last day on which it exists; null for no end.</summary>
    public DateOnly? ValidUntil { get; init; }

    /// <summary>The organisation that takes over.</summary>
    public string? Successor { get; init; }

    /// <summary>Whether it exists on a day.</summary>
    public bool ExistsOn(DateOnly day) => ValidFrom <= day && !(ValidUntil < day);

    /// <summary>Its name on a day; its first one before it existed.</summary>
    public string NameOn(DateOnly day) => (Names.LastOrDefault(n => n.From <= day) ?? Names[0]).Value!;

    /// <summary>The organisations of a name: those that bear it on a day, or else those that ever did, those that exist first.</summary>
    public static IReadOnlyList<Organisation> Named(IEnumerable<Organisation> all, string name, DateOnly on)
    {
        var ever = all.Where(o => o.Names.Any(n => n.Value == name)).OrderBy(o => o.Id, StringComparer.Ordinal).ToArray();
        var there = ever.Where(o => o.ExistsOn(on)).ToArray();
        return there.Where(o => o.NameOn(on) == name).ToArray() is { Length: > 0 } today ? today
            : there is { Length: > 0 } ? there
            : ever;
    }

    /// <summary>The code of the organisation above it on a day; null at the top.</summary>
    public string? ParentOn(DateOnly day) => (Parents.LastOrDefault(n => n.From <= day) ?? Parents[0]).Value;

    /// <summary>How many changes are decided that begin after a day.</summary>
    public int Ahead(DateOnly day) => Names.Concat(Parents).Count(d => d.From > day);

    /// <summary>The state after one more event.</summary>
    public static Organisation? Next(Organisation? organisation, IEventOf<Organisation> happened) =>
        (organisation, happened) switch
        {
            (null, OrganisationCreated e) => new()
            {
                Id = e.Code,
                Names = [new(e.ValidFrom, e.Name)],
                Type = e.Type,
                Parents = [new(e.ValidFrom, e.Parent)],
                ValidFrom = e.ValidFrom,
            },
            ({ } o, OrganisationRenamed e) => o with { Names = With(o.Names, new(e.From ?? o.ValidFrom, e.Name)) },
            ({ } o, OrganisationMoved e) => o with { Parents = With(o.Parents, new(e.From, e.Parent)) },
            ({ } o, OrganisationEnded e) => o with { ValidUntil = e.LastDay, Successor = e.Successor },
            _ => organisation,
        };

    static Dated[] With(IReadOnlyList<Dated> known, Dated change) =>
        [.. known.Where(k => k.From != change.From).Append(change).OrderBy(k => k.From)];
}

/// <summary>An organisation as the API shows it, on a day.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Name">Its name on that day.</param>
/// <param name="Type">What it is.</param>
/// <param name="Parent">The code of the organisation above it on that day; null at the top.</param>
/// <param name="ValidFrom">The first day on which it existed, Asia/Shanghai.</param>
/// <param name="ValidUntil">The last day on which it exists; null for no end.</param>
/// <param name="Successor">The organisation that takes over.</param>
/// <param name="Names">All its names with their days, past and future.</param>
/// <param name="Parents">All its places with their days.</param>
/// <param name="Version">The version of its history: its ETag.</param>
public sealed record OrganisationView(
    string Code,
    string Name,
    OrganisationType Type,
    string? Parent,
    DateOnly ValidFrom,
    DateOnly? ValidUntil,
    string? Successor,
    IReadOnlyList<Dated> Names,
    IReadOnlyList<Dated> Parents,
    long Version
)
{
    internal static OrganisationView Of(Organisation o, DateOnly on) =>
        new(o.Id, o.NameOn(on), o.Type, o.ParentOn(on), o.ValidFrom, o.ValidUntil, o.Successor, o.Names, o.Parents, o.Version);
}
