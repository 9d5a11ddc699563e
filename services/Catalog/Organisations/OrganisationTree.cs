using Marten;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Catalog.Organisations;

/// <summary>
/// A change of the tree, numbered. Each change inserts the next number: of two that were decided on the same tree one finds its number
/// taken and is decided again, so that two
/// moves, each harmless, cannot close a circle together.
/// </summary>
/// <param name="Id">Its number, 1 for the first.</param>
public sealed record TreeChange(long Id);

/// <summary>All organisations, as a tree on any day.</summary>
public sealed class OrganisationTree(IReadOnlyDictionary<string, Organisation> organisations)
{
    /// <summary>Reads the tree for a change, which is then the next one.</summary>
    public static async Task<OrganisationTree> Read(IDocumentSession session, CancellationToken cancellation)
    {
        // The number first: what is changed after it was read makes it a number taken.
        var last = await session.Query<TreeChange>().OrderByDescending(c => c.Id).Select(c => c.Id).FirstOrDefaultAsync(cancellation);
        var tree = new OrganisationTree((await session.Query<Organisation>().ToListAsync(cancellation)).ToDictionary(o => o.Id));
        session.Insert(new TreeChange(last + 1));
        return tree;
    }

    /// <summary>What stands directly below an organisation on a day or is set to later.</summary>
    public IReadOnlyList<Organisation> Below(string code, DateOnly from) =>
        [
            .. organisations
                .Values.Where(o => Changes(from).Any(day => o.ExistsOn(day) && o.ParentOn(day) == code))
                .OrderBy(o => o.Id, StringComparer.Ordinal),
        ];

    /// <summary>The problem of a code that names no organisation on a day; null when it does.</summary>
    public Problem? Missing(string pointer, string code, DateOnly from, string? except = null) =>
        code != except && organisations.TryGetValue(code, out var other) && other.ExistsOn(from)
            ? null
            : new Invalid()
                .Add(
                    pointer,
                    "organisation.unknown",
                    except is null
                        ? (Wording)$"There is no organisation {code} on {from:yyyy-MM-dd}."
                        : $"There is no other organisation {code} on {from:yyyy-MM-dd}."
                )
                .Problem;

    /// <summary>What keeps an organisation from standing below another one from a day on; null for nothing.</summary>
    public Problem? Obstacle(string code, string? parent, DateOnly from)
    {
        if (parent is null)
            return null;
        if (Missing("/parent", parent, from) is { } missing)
            return missing;
        var until = organisations.GetValueOrDefault(code)?.ValidUntil;
        if (organisations[parent].ValidUntil is { } last && !(until <= last))
            return new Invalid()
                .Add(
                    "/parent",
                    "organisation.ends",
                    organisations[parent].Successor is { } successor
                        ? (Wording)
                            $"{parent} exists until {last:yyyy-MM-dd}, and {code} longer. Choose the organisation that takes over, {successor}."
                        : $"{parent} exists until {last:yyyy-MM-dd}, and {code} longer. Choose the organisation that takes over."
                )
                .Problem;
        foreach (var day in Changes(from))
        {
            var path = new List<string> { parent };
            while (path[^1] != code && organisations.GetValueOrDefault(path[^1])?.ParentOn(day) is { } above && !path.Contains(above))
                path.Add(above);
            if (path[^1] == code)
                return new Invalid()
                    .Add(
                        "/parent",
                        "organisation.cycle",
                        $"On {day:yyyy-MM-dd} {parent} itself stands below {code}: {string.Join(" → ", path)}. Move {parent} elsewhere first."
                    )
                    .Problem;
        }
        return null;
    }

    // The days from which on the tree looks different, from one on.
    IEnumerable<DateOnly> Changes(DateOnly from) =>
        organisations.Values.SelectMany(o => o.Parents.Select(p => p.From)).Where(day => day > from).Append(from).Distinct().Order();
}
