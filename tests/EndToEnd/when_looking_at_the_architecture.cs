using ArchUnitNET.Domain;
using ArchUnitNET.Fluent.Syntax.Elements.Types;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnitV3;
using PolicyPlatform.Catalog.Organisations;
using PolicyPlatform.Documents;
using PolicyPlatform.Interpretation.KnownDocuments;
using static ArchUnitNET.Fluent.ArchRuleDefinition;
using Assembly = System.Reflection.Assembly;

namespace PolicyPlatform.EndToEnd;

/// <summary>Who may know of whom.</summary>
public sealed class when_looking_at_the_architecture
{
    static readonly Assembly[] Services = [typeof(Organisation).Assembly, typeof(PolicyDocument).Assembly, typeof(KnownDocument).Assembly];

    static readonly Architecture Platform = new ArchLoader()
        .LoadAssemblies([
            .. Services,
            typeof(Gateway.Routing.Services).Assembly,
            typeof(ServiceDefaults.OfficialTime).Assembly,
            typeof(Contracts.IAboutDocument).Assembly,
        ])
        .Build();

    [Theory]
    [InlineData("Catalog")]
    [InlineData("Documents")]
    [InlineData("Interpretation")]
    public void a_service_knows_of_contracts_and_of_what_all_share_and_of_no_other_service(string service) =>
        In($"PolicyPlatform.{service}")
            .Should()
            .NotDependOnAny(
                Types().That().ResideInNamespaceMatching($@"^PolicyPlatform\.(?!{service}(\.|$)|Contracts(\.|$)|ServiceDefaults(\.|$))\w+")
            )
            .Check(Platform);

    [Fact]
    public void what_all_share_knows_of_no_service() =>
        In("PolicyPlatform.ServiceDefaults")
            .Should()
            .NotDependOnAny(Types().That().ResideInNamespaceMatching(@"^PolicyPlatform\.(Catalog|Documents|Interpretation|Gateway)(\.|$)"))
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

    static GivenTypesConjunction In(string space) => Types().That().ResideInNamespaceMatching($@"^{space}(\.|$)");
}
