using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Fluent.Slices;
using ArchUnitNET.Fluent.Syntax.Elements.Types;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnitV3;
using PolicyPlatform.Catalog.Organisations;
using PolicyPlatform.Documents;
using PolicyPlatform.Interpretation.KnownDocuments;
using PolicyPlatform.Testing;
using static ArchUnitNET.Fluent.ArchRuleDefinition;
using Assembly = System.Reflection.Assembly;

namespace PolicyPlatform.EndToEnd;

/// <summary>Who may know of whom.</summary>
public sealed partial class when_looking_at_the_architecture
{
    static readonly Assembly[] Services = [typeof(Organisation).Assembly, typeof(PolicyDocument).Assembly, typeof(KnownDocument).Assembly];

    static readonly Architecture Platform = new ArchLoader()
        .LoadAssemblies([
            .. Services,
            typeof(PolicyPlatform.Consultation.Hearings.Draw).Assembly,
            typeof(Gateway.Routing.Services).Assembly,
            typeof(ServiceDefaults.OfficialTime).Assembly,
            typeof(Shared.Search.SearchQuery).Assembly,
            typeof(Contracts.IAboutDocument).Assembly,
        ])
        .Build();

    [Theory]
    [InlineData("Catalog")]
    [InlineData("Documents")]
    [InlineData("Interpretation")]
    [InlineData("Consultation")]
    public void a_service_knows_of_contracts_and_of_what_all_share_and_of_no_other_service(string service) =>
        In($"PolicyPlatform.{service}")
            .Should()
            .NotDependOnAny(
                Types()
                    .That()
                    .ResideInNamespaceMatching(
                        $@"^PolicyPlatform\.(?!{service}(\.|$)|Contracts(\.|$)|ServiceDefaults(\.|$)|Shared(\.|$))\w+"
                    )
            )
            .Check(Platform);

    [Theory]
    [InlineData("Catalog")]
    [InlineData("Documents")]
    [InlineData("Interpretation")]
    public void no_two_capabilities_of_a_service_use_each_other(string service) =>
        SliceRuleDefinition.Slices().Matching($"PolicyPlatform.{service}.(*)").Should().BeFreeOfCycles().Check(Platform);

    [Theory]
    [InlineData("Catalog")]
    [InlineData("Documents")]
    [InlineData("Interpretation")]
    public void a_file_is_one_thing_that_can_be_asked_for(string service)
    {
        var files = Directory
            .EnumerateFiles(Path.Combine(Repository.Folder, "services", service), "*.cs", SearchOption.AllDirectories)
            .Select(file => (Name: Path.GetFileNameWithoutExtension(file), Endpoints: Endpoint().Matches(File.ReadAllText(file))))
            .Where(file => file.Endpoints.Count > 0)
            .ToArray();
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.Equal([file.Name], file.Endpoints.Select(e => e.Groups["name"].Value)));
    }

    [Theory]
    [InlineData("ServiceDefaults", "Catalog|Documents|Interpretation|Consultation|Gateway|Shared")]
    [InlineData("Shared", "Catalog|Documents|Interpretation|Consultation|Gateway")]
    public void what_all_share_knows_of_no_service(string shared, string others) =>
        In($"PolicyPlatform.{shared}")
            .Should()
            .NotDependOnAny(Types().That().ResideInNamespaceMatching($@"^PolicyPlatform\.({others})(\.|$)"))
            .Check(Platform);

    [Fact]
    public void contracts_know_of_nobody() =>
        In("PolicyPlatform.Contracts")
            .Should()
            .NotDependOnAny(Types().That().ResideInNamespaceMatching(@"^PolicyPlatform\.(?!Contracts(\.|$))\w+"))
            .Check(Platform);

    [Fact]
    public void pure_text_work_knows_of_no_capability_of_no_database_and_of_no_http() =>
        In("PolicyPlatform.Documents.Text")
            .Should()
            .NotDependOnAny(Types().That().ResideInNamespaceMatching(@"^PolicyPlatform\.Documents(\.(?!Text(\.|$))\w+)*$"))
            .AndShould()
            .NotDependOnAnyTypesThat()
            .ResideInNamespaceMatching(@"^(Marten|Wolverine|Npgsql|Microsoft\.AspNetCore)(\.|$)")
            .Check(Platform);

    [Fact]
    public void one_folder_knows_of_the_search_engine() =>
        Types()
            .That()
            .ResideInNamespaceMatching(@"^PolicyPlatform\.(?!Documents\.Library\.Indexing(\.|$))")
            .And()
            // Texts are cut into words by the engine's dictionary.
            .DoNotResideInNamespaceMatching(@"^PolicyPlatform\.Documents\.Text(\.|$)")
            .Should()
            .NotDependOnAnyTypesThat()
            .ResideInNamespaceMatching(@"^Lucene(\.|$)")
            .Check(Platform);

    [Fact]
    public void the_gateway_knows_of_no_database_and_of_no_messages() =>
        In("PolicyPlatform.Gateway")
            .Should()
            .NotDependOnAnyTypesThat()
            .ResideInNamespaceMatching(@"^(Marten|Wolverine|Npgsql|JasperFx)(\.|$)")
            .Check(Platform);

    // Whoever records for several together must know what is done with the session of each.
    [Theory]
    [InlineData("session.BeginTransaction", "HeldSessions.cs")]
    [InlineData("ConditionalWeakTable<IDocumentSession", "HeldSessions.cs", "SessionNotes.cs")]
    public void what_a_session_holds_or_notes_is_known(string how, params string[] where) =>
        Assert.Equal(
            where,
            Directory
                .EnumerateFiles(Path.Combine(Repository.Folder, "services"), "*.cs", SearchOption.AllDirectories)
                .Where(file => File.ReadAllText(file).Contains(how, StringComparison.OrdinalIgnoreCase))
                .Select(Path.GetFileName)
                .Order(StringComparer.Ordinal)
        );

    [GeneratedRegex(@"(?:record|class) (?<name>\w+)(?=[^;{]*?:\s*(?:\w+, )*IEndpoint\b)")]
    private static partial Regex Endpoint();

    static GivenTypesConjunction In(string space) => Types().That().ResideInNamespaceMatching($@"^{space}(\.|$)");
}
