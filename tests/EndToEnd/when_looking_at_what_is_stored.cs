using Mono.Cecil;
using PolicyPlatform.Catalog.Organisations;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.Documents;
using PolicyPlatform.Interpretation.KnownDocuments;

namespace PolicyPlatform.EndToEnd;

/// <summary>What a service stores is named where it begins: whoever may not change tables finds all of them made.</summary>
public sealed class when_looking_at_what_is_stored
{
    static readonly Type[] Services = [typeof(Organisation), typeof(PolicyDocument), typeof(KnownDocument), typeof(PublicConsultation)];

    [Fact]
    public void every_table_is_made_before_the_first_request()
    {
        using var graph = new CallGraph(Services.Select(s => s.Assembly.Location));
        var calls = graph.GenericCalls().ToArray();
        Assert.Equal(
            [],
            Services
                .Select(s => s.Assembly.GetName().Name!)
                .SelectMany(service => Rows(service, IsUse).Except(Rows(service, IsNamed)).Select(row => $"{service}: {row}"))
                .Order()
        );
        // It sees both.
        Assert.True(Rows("PolicyPlatform.Catalog", IsUse).Count() > 10);

        IEnumerable<string> Rows(string service, Func<GenericInstanceMethod, bool> which) =>
            calls
                .Where(c => c.From == service && which(c.Called))
                .Select(c => c.Called.GenericArguments[0])
                .Where(t => t is not GenericParameter)
                .Select(t => t.FullName)
                .Distinct();
    }

    static bool IsUse(GenericInstanceMethod called) =>
        // By words of its own it reads what it likes.
        called.Name
            is not "QueryAsync"
        && called.DeclaringType.Name is "IQuerySession" or "IDocumentOperations" or "IDocumentSession" or "IBatchedQuery";

    static bool IsNamed(GenericInstanceMethod called) =>
        called.Name is "Keep" || called is { Name: "For", DeclaringType.Name: "MartenRegistry" };
}
