using System.Reflection;
using System.Text;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Testing;

namespace PolicyPlatform.EndToEnd;

/// <summary>docs/problems.md is made from the code. After a change: <c>UPDATE_DOCS=1 dotnet test</c>.</summary>
public sealed class when_reading_the_list_of_problems
{
    static readonly Assembly[] Services =
    [
        typeof(ProblemCode).Assembly,
        typeof(Catalog.CatalogProblems).Assembly,
        typeof(PolicyPlatform.Documents.DocumentProblems).Assembly,
        typeof(PolicyPlatform.Consultation.ConsultationProblems).Assembly,
        typeof(PolicyPlatform.Interpretation.InterpretationProblems).Assembly,
    ];

    [Fact]
    public void it_has_every_code_once_with_its_status_and_its_title()
    {
        var codes = Services
            .SelectMany(a => a.GetExportedTypes())
            .SelectMany(t => t.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Where(f => f.FieldType == typeof(ProblemCode))
            .Select(f => (ProblemCode)f.GetValue(null)!)
            .OrderBy(c => c.Code, StringComparer.Ordinal)
            .ToArray();
        Assert.Equal(codes.Length, codes.Select(c => c.Code).Distinct().Count());

        var page = new StringBuilder(
            "# Problems\n\nThe stable codes of `application/problem+json` answers. Made from the code; the entries of `errors` have codes of their own, which their details explain.\n\n| code | status | title |\n| --- | --- | --- |\n"
        );
        foreach (var code in codes)
            page.Append(System.Globalization.CultureInfo.InvariantCulture, $"| `{code.Code}` | {code.Status} | {code.Title} |\n");
        var file = Path.Combine(Repository.Folder, "docs", "problems.md");
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") is "1")
            File.WriteAllText(file, page.ToString());
        Assert.Equal(page.ToString(), File.ReadAllText(file));
    }
}
