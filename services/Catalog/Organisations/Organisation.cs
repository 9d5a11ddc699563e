using JasperFx.Events;
using Marten.Events.Aggregation;
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
}

/// <summary>An organisation came into the Catalog.</summary>
public sealed record OrganisationCreated(string Code, string Name, OrganisationType Type, string? Parent, DateOnly ValidFrom, Actor By, DateTimeOffset At);

/// <summary>An organisation got another name; the earlier one stays in its history.</summary>
public sealed record OrganisationRenamed(string Name, Actor By, DateTimeOffset At);

/// <summary>An organisation: a body that issues documents and answers for tasks.</summary>
public sealed record Organisation
{
    /// <summary>Its code, <c>370114-ZJ</c>, and its stream's key.</summary>
    public string Id { get; init; } = "";

    /// <summary>How many events there are; set by Marten.</summary>
    public long Version { get; set; }

    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";

    /// <summary>What it is.</summary>
    public OrganisationType Type { get; init; }

    /// <summary>The code of the organisation above it; null at the top.</summary>
    public string? Parent { get; init; }

    /// <summary>The first day on which it existed, Asia/Shanghai.</summary>
    public DateOnly ValidFrom { get; init; }

    /// <summary>The state after one more event.</summary>
    public static Organisation? Next(Organisation? organisation, object happened) => (organisation, happened) switch
    {
        (null, OrganisationCreated e) => new() { Id = e.Code, Name = e.Name, Type = e.Type, Parent = e.Parent, ValidFrom = e.ValidFrom },
        ({ } o, OrganisationRenamed e) => o with { Name = e.Name },
        _ => organisation,
    };
}

/// <summary>Keeps an <see cref="Organisation"/> beside its stream.</summary>
sealed partial class OrganisationProjection : SingleStreamProjection<Organisation, string>
{
    /// <inheritdoc/>
    public override Organisation? Evolve(Organisation? snapshot, string id, IEvent e) => Organisation.Next(snapshot, e.Data);
}

/// <summary>An organisation as the API shows it.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">What it is.</param>
/// <param name="Parent">The code of the organisation above it; null at the top.</param>
/// <param name="ValidFrom">The first day on which it existed, Asia/Shanghai.</param>
/// <param name="Version">The version of its history: its ETag.</param>
public sealed record OrganisationView(string Code, string Name, OrganisationType Type, string? Parent, DateOnly ValidFrom, long Version)
{
    internal static OrganisationView Of(Organisation o) => new(o.Id, o.Name, o.Type, o.Parent, o.ValidFrom, o.Version);
}
