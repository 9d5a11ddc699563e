using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace PolicyPlatform.ServiceDefaults.OpenApi;

/// <summary>The words of the document that are made of names and comments.</summary>
public static partial class Words
{
    // By the names of what they are of; of methods, without their parameters.
    static readonly ConcurrentDictionary<Assembly, IReadOnlyDictionary<string, XElement>> comments = new();

    /// <summary><c>readDocumentPage</c> as a title: <c>Read document page</c>.</summary>
    public static string Title(string name)
    {
        var words = Humps().Replace(name, m => $" {m.Value.ToLowerInvariant()}").Trim();
        return char.ToUpperInvariant(words[0]) + words[1..];
    }

    /// <summary>A comment without the line breaks of the file that it stands in.</summary>
    public static string? OneLine(string? comment) => comment is null ? null : Spaces().Replace(comment, " ").Trim();

    /// <summary>The summary of a handler, or of the slice that it is in; null where neither has one.</summary>
    public static string? Summary(MethodInfo handler, Type slice) =>
        Summary(slice.Assembly, $"M:{slice.FullName}.{handler.Name}") ?? Summary(slice);

    /// <summary>The summary of a type; null where it has none.</summary>
    public static string? Summary(Type type) => Summary(type.Assembly, $"T:{type.FullName?.Replace('+', '.')}");

    /// <summary>The summary of a field.</summary>
    public static string? Summary(FieldInfo field) =>
        Summary(field.DeclaringType!.Assembly, $"F:{field.DeclaringType.FullName}.{field.Name}");

    /// <summary>What an enum is for, and what each of its words means.</summary>
    public static string OfEnum(Type type) =>
        string.Join(
            "\n",
            type.GetEnumNames()
                .Select(name =>
                    $"- `{JsonNamingPolicy.CamelCase.ConvertName(name)}`: {Summary(type.Assembly, $"F:{type.FullName?.Replace('+', '.')}.{name}")}"
                )
                .Prepend($"{Summary(type)}\n")
        );

    /// <summary>What the comment of a record says of one of its members, <c>item</c>; null where it says nothing.</summary>
    public static string? Member(Type type, string member) =>
        Comment(type.Assembly, $"T:{type.FullName?.Replace('+', '.')}")
            ?.Elements("param")
            .FirstOrDefault(p => JsonNamingPolicy.CamelCase.ConvertName(p.Attribute("name")!.Value) == member)
            is { } said
            ? OneLine(string.Concat(said.Nodes().Select(Text)))
            : null;

    static string? Summary(Assembly assembly, string name) =>
        Comment(assembly, name)?.Element("summary") is { } summary ? OneLine(string.Concat(summary.Nodes().Select(Text))) : null;

    static XElement? Comment(Assembly assembly, string name) => comments.GetOrAdd(assembly, Read).GetValueOrDefault(name);

    static IReadOnlyDictionary<string, XElement> Read(Assembly assembly)
    {
        var file = Path.ChangeExtension(assembly.Location, ".xml");
        return File.Exists(file)
            ? XDocument
                .Load(file)
                .Descendants("member")
                .DistinctBy(m => m.Attribute("name")!.Value.Split('(')[0])
                .ToDictionary(m => m.Attribute("name")!.Value.Split('(')[0])
            : new Dictionary<string, XElement>();
    }

    static string Text(XNode node) =>
        node switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "see" or "paramref" } e => $"`{(e.FirstAttribute?.Value ?? "").Split('.', ':')[^1]}`",
            XElement { Name.LocalName: "c" } e => $"`{e.Value}`",
            XElement e => string.Concat(e.Nodes().Select(Text)),
            _ => "",
        };

    [GeneratedRegex("[A-Z]", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Humps();

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Spaces();
}
