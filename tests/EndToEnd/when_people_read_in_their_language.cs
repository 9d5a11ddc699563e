using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Testing;

namespace PolicyPlatform.EndToEnd;

/// <summary>
/// <c>Wordings.zh.resx</c> has the Chinese words of every sentence that the code says. <c>UPDATE_DOCS=1</c> puts new sentences there, without
/// words yet, and takes away what is said no more.
/// </summary>
public sealed partial class when_people_read_in_their_language
{
    static readonly string file = Path.Combine(Repository.Folder, "services", "ServiceDefaults", "Language", "Wordings.zh.resx");

    static readonly (SortedSet<string> Patterns, List<string> PutTogether)[] said =
    [
        .. new[]
        {
            typeof(ProblemCode),
            typeof(Shared.DocumentAccess.AskDocuments),
            typeof(Catalog.CatalogProblems),
            typeof(PolicyPlatform.Documents.DocumentProblems),
            typeof(PolicyPlatform.Interpretation.InterpretationProblems),
            typeof(PolicyPlatform.Consultation.Hearings.Draw),
            typeof(Gateway.Routing.ServiceCalls),
        }.Select(t => SpokenSentences.Of(t.Assembly.Location)),
    ];

    [Fact]
    public void every_sentence_has_chinese_words_and_no_other_has()
    {
        var sentences = said.SelectMany(s => s.Patterns).Distinct().Order(StringComparer.Ordinal).ToArray();
        var resources = XDocument.Load(file);
        var known = resources.Root!.Elements("data").ToDictionary(d => d.Attribute("name")!.Value, d => d.Element("value")!.Value);
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") is "1")
        {
            resources.Root.Elements("data").Remove();
            foreach (var sentence in sentences)
                resources.Root.Add(
                    new XElement("data", new XAttribute("name", sentence), new XElement("value", known.GetValueOrDefault(sentence, "")))
                );
            resources.Save(file);
        }
        Assert.Equal(sentences, known.Keys.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(known, k => string.IsNullOrWhiteSpace(k.Value));
        // What stands in a sentence stands in it in every language.
        Assert.All(known, k => Assert.Equal(Parts(k.Key), Parts(k.Value)));
        Assert.All(known, k => Assert.Matches(Ideograph(), k.Value));
    }

    [Fact]
    public void no_sentence_is_put_together_where_no_language_could_know_it() =>
        Assert.Equal("", string.Join('\n', said.SelectMany(s => s.PutTogether)));

    [Fact]
    public void a_sentence_is_told_in_a_language_with_what_stands_in_it()
    {
        Wording sentence = $"Revision {3} as it is has not passed the legality review: POST …/legality.";
        Assert.Equal("Revision 3 as it is has not passed the legality review: POST …/legality.", sentence.ToString());
        Assert.Contains("3", sentence.In(Languages.Chinese), StringComparison.Ordinal);
        Assert.Contains("合法性审查", sentence.In(Languages.Chinese), StringComparison.Ordinal);
        Assert.Equal("{a} {0} 5", ((Wording)$"{"{a}"} {{0}} {5}").In(Languages.Chinese));
        Wording outer = $"{(Wording)$"Signed on {new DateOnly(2026, 1, 5):yyyy-MM-dd}"} {new DateOnly(2026, 1, 5):yyyy/MM}";
        Assert.Equal("Signed on 2026-01-05 2026/01", outer.In(CultureInfo.InvariantCulture));
        Assert.DoesNotContain("Signed", outer.In(Languages.Chinese), StringComparison.Ordinal);
    }

    static string[] Parts(string pattern) => [.. Part().Matches(pattern).Select(m => m.Value).Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"(?<!\{)\{\d+\}")]
    private static partial Regex Part();

    [GeneratedRegex(@"[一-鿿]")]
    private static partial Regex Ideograph();
}
