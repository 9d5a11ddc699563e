using System.Text;
using System.Text.RegularExpressions;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Kubernetes.Tests;

/// <summary>What the sources and documents of the repository say, as far as manifests and units repeat it.</summary>
static partial class Sources
{
    static readonly Lazy<string[]> code = new(() =>
        [
            .. new[] { "gateway", "services" }
                .SelectMany(folder =>
                    Directory.EnumerateFiles(Path.Combine(Repository.Folder, folder), "*.cs", SearchOption.AllDirectories)
                )
                .Select(File.ReadAllText),
        ]
    );

    static readonly Lazy<HashSet<string>> words = new(() =>
        [
            .. code
                .Value.SelectMany(text => Literal().Matches(text))
                .Select(m => Hole().Replace(m.Groups["text"].Value, "*"))
                .Concat(
                    code.Value.SelectMany(text => ConnectionName().Matches(text)).Select(m => $"ConnectionStrings:{m.Groups["name"].Value}")
                ),
        ]
    );

    static readonly Lazy<HashSet<string>> documented = new(() =>
        [
            .. Documented(Read("README.md"))
                .Concat(
                    new[] { "docs/operations.md", "docs/single-machine.md" }
                        .SelectMany(document => Variable().Matches(Read(document)))
                        .Select(m => m.Value.Replace("__", ":", StringComparison.Ordinal))
                ),
        ]
    );

    /// <summary>A file of the repository.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Repository.Folder, path));

    /// <summary>Which services each service asks over gRPC, by the names of their projects.</summary>
    public static IReadOnlyDictionary<string, string[]> Asks { get; } =
        Directory
            .EnumerateFiles(Path.Combine(Repository.Folder, "services"), "Program.cs", SearchOption.AllDirectories)
            .ToDictionary(
                file => Path.GetFileName(Path.GetDirectoryName(file)!),
                file => Ask().Matches(File.ReadAllText(file)).Select(m => m.Groups["other"].Value).ToArray()
            );

    /// <summary>The paths at which processes say how they are.</summary>
    public static IReadOnlyList<string> HealthPaths { get; } =
    [.. code.Value.SelectMany(text => Health().Matches(text)).Select(m => $"/health/{m.Groups["kind"].Value}").Distinct()];

    /// <summary>Whether an environment variable is a setting that some code reads and some document explains.</summary>
    public static bool IsSetting(string variable)
    {
        // What Npgsql reads by itself; it stands in its assembly as UTF-16.
        if (variable.StartsWith("PG", StringComparison.Ordinal))
            return File.ReadAllBytes(typeof(Npgsql.NpgsqlConnection).Assembly.Location)
                    .AsSpan()
                    .IndexOf(Encoding.Unicode.GetBytes(variable)) >= 0;
        var name = variable.Replace("__", ":", StringComparison.Ordinal);
        if (!documented.Value.Any(d => Fits(d, name)))
            return false;
        // Settings of the framework and the runtime are read by nobody here.
        return variable.StartsWith("ASPNETCORE_", StringComparison.Ordinal)
            || variable.StartsWith("DOTNET_", StringComparison.Ordinal)
            || name.StartsWith("Kestrel:", StringComparison.Ordinal)
            || words.Value.Any(w => Fits(w, name))
            || name.LastIndexOf(':') is > 0 and var last
                && words.Value.Contains(name[..last])
                && (words.Value.Contains(name[(last + 1)..]) || int.TryParse(name[(last + 1)..], out var _));
    }

    // What the table of settings names: a name that begins with a colon goes on where the one before it stood.
    static IEnumerable<string> Documented(string readme)
    {
        foreach (Match row in SettingRow().Matches(readme))
        {
            var section = "";
            foreach (Match one in Quoted().Matches(row.Groups["names"].Value))
            {
                var name = Hole().Replace(one.Groups["name"].Value, "*");
                if (!name.StartsWith(':'))
                    section = name.Contains(':', StringComparison.Ordinal) ? name[..name.LastIndexOf(':')] : name;
                else
                    name = section + name;
                yield return name.EndsWith(":0", StringComparison.Ordinal) ? name[..^1] + "*" : name;
            }
            foreach (Match one in Variable().Matches(row.Value))
                yield return one.Value.Replace("__", ":", StringComparison.Ordinal);
        }
    }

    static bool Fits(string pattern, string name) =>
        pattern == name
        || pattern.Contains('*', StringComparison.Ordinal)
            && pattern != "*"
            && Regex.IsMatch(name, $"^{Regex.Escape(pattern).Replace(@"\*", @"\w+", StringComparison.Ordinal)}$");

    [GeneratedRegex("\"(?<text>[A-Za-z][\\w:{}.]*)\"")]
    private static partial Regex Literal();

    [GeneratedRegex(@"GetConnectionString\(""(?<name>\w+)""\)")]
    private static partial Regex ConnectionName();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Hole();

    [GeneratedRegex(@"\.Asks<[\w.]+>\(""(?<other>\w+)""\)")]
    private static partial Regex Ask();

    [GeneratedRegex(@"MapHealth\(""(?<kind>\w+)""|""/health/(?<kind>\w+)""")]
    private static partial Regex Health();

    [GeneratedRegex(@"^\| (?<names>`[A-Z][^|]*)\|.*$", RegexOptions.Multiline)]
    private static partial Regex SettingRow();

    [GeneratedRegex(@"`(?<name>[\w:{}]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"(?:ASPNETCORE|OTEL|DOTNET)_\w+|[A-Z]\w+__\w+(?:__\w+)*")]
    private static partial Regex Variable();
}
