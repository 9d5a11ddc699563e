using System.Xml.Linq;
using System.Xml.Schema;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Exchange;

public sealed class when_writing_akoma_ntoso
{
    internal static readonly Lazy<XmlSchemaSet?> Schema = new(() =>
    {
        if (Corpus.Standard("akomantoso30.xsd") is not { } akn)
            return null;
        var set = new XmlSchemaSet { XmlResolver = new System.Xml.XmlUrlResolver() };
        set.Add(null, akn);
        set.Compile();
        return set;
    });

    public static IEnumerable<TheoryDataRow<string>> Texts() => [.. Corpus.Regulations(), new("jinan-zhangqiu-2025-2.txt")];

    [Theory]
    [MemberData(nameof(Texts))]
    public void every_text_is_valid_by_the_schema_of_oasis_and_loses_no_word(string file)
    {
        var text = Corpus.Read(file);
        Assert.SkipWhen(Schema.Value is null, "The OASIS schema is not beside this repository (../shared/standards).");
        var (blocks, _) = BlockIdentity.Carry(
            [],
            file.EndsWith(".md", StringComparison.Ordinal) ? MarkdownText.Cut(text) : TextStructure.Cut(text),
            1
        );
        var xml = AkomaNtoso.Write(
            new(Guid.NewGuid(), "测试条例", "测政发〔2026〕1号", "370114", 2, new(2026, 5, 20), new(2026, 6, 1), DateTimeOffset.UnixEpoch),
            blocks
        );

        List<string> errors = [];
        XDocument.Parse(xml.ToString()).Validate(Schema.Value!, (_, e) => errors.Add(e.Message));
        Assert.Empty(errors);
        var act = xml.Root!.Elements().Single();
        Assert.Equal(
            Words(CanonicalText.Of(blocks)),
            Words(string.Concat(act.Elements().Where(e => e.Name.LocalName != "meta").Select(e => e.Value)))
        );
        Assert.Equal(blocks.Count(b => b.Kind is BlockKind.Article), act.Descendants().Count(e => e.Name.LocalName == "article"));

        static string Words(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
    }

    [Fact]
    public void a_draft_of_the_evening_in_utc_is_of_the_next_day_in_china()
    {
        var (blocks, _) = BlockIdentity.Carry([], TextStructure.Cut("第一条 甲。"), 1);
        var xml = AkomaNtoso
            .Write(new(Guid.NewGuid(), "测试条例", null, "370114", 1, null, null, new(2026, 12, 31, 18, 0, 0, TimeSpan.Zero)), blocks)
            .ToString();
        Assert.Contains("/akn/cn/act/2027/", xml, StringComparison.Ordinal);
        Assert.Contains("zho@2027-01-01", xml, StringComparison.Ordinal);
        Assert.DoesNotContain("2026-12-31", xml, StringComparison.Ordinal);
    }
}
