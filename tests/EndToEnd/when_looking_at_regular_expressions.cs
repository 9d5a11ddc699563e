using System.Reflection;
using System.Text.RegularExpressions;
using Mono.Cecil;
using PolicyPlatform.Catalog.Organisations;
using PolicyPlatform.Documents;
using PolicyPlatform.Interpretation.KnownDocuments;

namespace PolicyPlatform.EndToEnd;

/// <summary>What everybody can send is matched in time that grows with its length alone.</summary>
public sealed partial class when_looking_at_regular_expressions
{
    static readonly System.Reflection.Assembly[] Assemblies =
    [
        typeof(Organisation).Assembly,
        typeof(PolicyDocument).Assembly,
        typeof(KnownDocument).Assembly,
        typeof(Gateway.Routing.Services).Assembly,
        typeof(ServiceDefaults.OfficialTime).Assembly,
        typeof(Shared.Search.SearchQuery).Assembly,
    ];

    // These look around, which the engine that never goes back does not know, or name what they found as early as possible, which it tells
    // wrongly, or would be too large for it. They repeat nothing without end: what they look at from one character on is as long as a number,
    // a word, a quotation or twenty titles.
    static readonly string[] Bounded =
    [
        "AmendingClauses.Change",
        "AmendingClauses.Ending",
        "CatalogueTable.LooksCoded",
        "Citations.Cited",
        "DocumentNumber.Named",
        "MarkdownText.Definition",
        "PersonalNumbers.BankCards",
        "PersonalNumbers.IdentityCards",
        "PersonalNumbers.Landlines",
        "PersonalNumbers.Mobiles",
        "PersonalNumbers.OldIdentityCards",
        "Questions.Asking",
        "Responsibility.Verb",
    ];

    [Fact]
    public void each_is_matched_without_going_back_or_repeats_nothing_without_end()
    {
        var all = Assemblies
            .SelectMany(a => a.GetTypes())
            .SelectMany(t =>
                t.GetMembers(
                    BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly
                )
            )
            .Select(m => (Name: $"{m.DeclaringType!.Name}.{m.Name}", Regex: m.GetCustomAttribute<GeneratedRegexAttribute>()))
            .Where(m => m.Regex is not null)
            .ToArray();
        Assert.True(all.Length > 40);
        Assert.Equal(
            Bounded,
            all.Where(m => !m.Regex!.Options.HasFlag(RegexOptions.NonBacktracking)).Select(m => m.Name).Order(StringComparer.Ordinal)
        );
        // Some are too large for the engine, which is only found when one is made.
        Assert.All(all, m => Assert.NotNull(new Regex(m.Regex!.Pattern, m.Regex.Options)));
        Assert.All(all.Where(m => Bounded.Contains(m.Name)), m => Assert.DoesNotMatch(Endless(), Classes().Replace(m.Regex!.Pattern, ".")));
    }

    [Fact]
    public void none_is_made_otherwise()
    {
        // The patterns of schemas come from outside.
        string[] known = ["PolicyPlatform.Catalog.Lists.BoundedValidator"];
        var makers = Assemblies
            .Select(a => AssemblyDefinition.ReadAssembly(a.Location))
            .SelectMany(a => a.MainModule.GetTypes())
            .Where(t =>
                !t.Namespace.StartsWith("System.Text.RegularExpressions", StringComparison.Ordinal)
                && !Outer(t).Namespace.StartsWith("System.Text.RegularExpressions", StringComparison.Ordinal)
            )
            .Where(t =>
                t.Methods.Where(m => m.HasBody)
                    .SelectMany(m => m.Body.Instructions)
                    .Any(i =>
                        i.Operand is MethodReference { DeclaringType.FullName: "System.Text.RegularExpressions.Regex" } called
                        && (called.Name == ".ctor" || !called.HasThis && called.Name is not "Escape")
                    )
            )
            .Select(t => Outer(t).FullName)
            .Distinct()
            .ToArray();
        Assert.Equal(known, makers);

        static TypeDefinition Outer(TypeDefinition type) => type.DeclaringType is { } outer ? Outer(outer) : type;
    }

    // What is escaped and what stands in brackets is one character.
    [GeneratedRegex(@"\\.|\[(?:\\.|[^\]\\])+\]")]
    private static partial Regex Classes();

    [GeneratedRegex(@"[*+]|\{[0-9]+,\}")]
    private static partial Regex Endless();
}
