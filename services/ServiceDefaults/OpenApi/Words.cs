using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace PolicyPlatform.ServiceDefaults.OpenApi;

/// <summary>The words of the document that are made of names and comments.</summary>
public static partial class Words
{
    static readonly Dictionary<string, XDocument?> comments = [];

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
        Summary(slice.Assembly, $"M:{slice.FullName}.{handler.Name}", "(") ?? Summary(slice);

    /// <summary>The summary of a type; null where it has none.</summary>
    public static string? Summary(Type type) => Summary(type.Assembly, $"T:{type.FullName?.Replace('+', '.')}", "");

    /// <summary>The summary of a field.</summary>
    public static string? Summary(FieldInfo field) =>
        Summary(field.DeclaringType!.Assembly, $"F:{field.DeclaringType.FullName}.{field.Name}", "");

    /// <summary>What an enum is for, and what each of its words means.</summary>
    public static string OfEnum(Type type) =>
        string.Join(
            "\n",
            type.GetEnumNames()
                .Select(name =>
                    $"- `{JsonNamingPolicy.CamelCase.ConvertName(name)}`: {Summary(type.Assembly, $"F:{type.FullName?.Replace('+', '.')}.{name}", "")}"
                )
                .Prepend($"{Summary(type)}\n")
        );

    /// <summary>What the comment of a record says of one of its members, <c>item</c>; null where it says nothing.</summary>
    public static string? Member(Type type, string member) =>
        Comment(type.Assembly, $"T:{type.FullName?.Replace('+', '.')}", "")
            ?.Elements("param")
            .FirstOrDefault(p => JsonNamingPolicy.CamelCase.ConvertName(p.Attribute("name")!.Value) == member)
            is { } said
            ? OneLine(string.Concat(said.Nodes().Select(Text)))
            : null;

    static string? Summary(Assembly assembly, string name, string open) =>
        Comment(assembly, name, open)?.Element("summary") is { } summary ? OneLine(string.Concat(summary.Nodes().Select(Text))) : null;

    static XElement? Comment(Assembly assembly, string name, string open)
    {
        XDocument? file;
        lock (comments)
            if (!comments.TryGetValue(assembly.Location, out file))
            {
                var path = Path.ChangeExtension(assembly.Location, ".xml");
                comments[assembly.Location] = file = File.Exists(path) ? XDocument.Load(path) : null;
            }
        return file
            ?.Descendants("member")
            .FirstOrDefault(m =>
                m.Attribute("name")?.Value is { } n && (n == name || open.Length > 0 && n.StartsWith(name + open, StringComparison.Ordinal))
            );
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
