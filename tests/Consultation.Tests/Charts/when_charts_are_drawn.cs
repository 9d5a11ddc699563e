using System.Text;
using System.Xml.Linq;
using CsCheck;
using PolicyPlatform.Consultation.Charts;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.Charts;

public sealed class when_charts_are_drawn
{
    static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    static readonly Bar[] Bars = [new("满意", 12), new("一般", 0), new("不满意", 3)];

    static Chart[] Every(string words) =>
        [
            new BarChart(words, words, words, words, [new(words, 3), new(words, 0), new(words, long.MaxValue / 4)]),
            new BarChart(words, words, words, words, []),
            new StackedBarChart(words, words, words, [words, words, words], [new(words, [3, 0, 1]), new(words, [7])]),
            new StackedBarChart(words, words, words, [], []),
            new TimelineChart(
                words,
                words,
                words,
                words,
                [new(new(2026, 6, 1), 3), new(new(2026, 6, 3), double.NaN), new(new(2026, 6, 4), 1e300)]
            ),
            new TimelineChart(words, words, words, words, []),
            new PointChart(
                words,
                words,
                (words, words, words, words),
                [words],
                [
                    new(words, 1, 2, 0),
                    new(words, double.MaxValue, -double.MaxValue, 7),
                    new(words, -double.MaxValue, double.MaxValue, -1),
                    new(words, double.NaN, double.PositiveInfinity, 0),
                ]
            ),
            new PointChart(words, words, (words, words, words, words), [], []),
        ];

    static XElement Read(Chart chart) => XDocument.Parse(chart.ToSvg()).Root!;

    [Fact]
    public void they_say_what_they_are_and_every_bar_its_count()
    {
        var svg = Read(new BarChart("您对供热是否满意？", "15份答卷中12份满意。", "选项", "份数", Bars));
        Assert.Equal(("img", "您对供热是否满意？"), (svg.Attribute("role")!.Value, svg.Attribute("aria-label")!.Value));
        Assert.Equal(("您对供热是否满意？", "15份答卷中12份满意。"), (svg.Element(Svg + "title")!.Value, svg.Element(Svg + "desc")!.Value));
        Assert.Equal(
            ["满意: 12", "一般: 0", "不满意: 3"],
            svg.Elements(Svg + "rect").Select(r => r.Element(Svg + "title")?.Value).OfType<string>()
        );
        Assert.Equal("<svg", new BarChart("a", "b", "c", "d", Bars).ToSvg()[..4]);
    }

    [Fact]
    public void what_colours_tell_is_told_by_patterns_and_shapes_too()
    {
        var positions = Read(
            new StackedBarChart("立场", "", "条款", ["支持", "反对", "建议"], [new("第一条", [5, 2, 1]), new("第二条", [0, 4, 0])])
        );
        var fills = positions
            .Elements(Svg + "rect")
            .Where(r => r.Element(Svg + "title") is not null)
            .Select(r => r.Attribute("fill")!.Value)
            .ToArray();
        Assert.Equal(["url(#fill-0)", "url(#fill-1)", "url(#fill-2)", "url(#fill-1)"], fills);
        var patterns = positions.Descendants(Svg + "pattern").ToDictionary(p => p.Attribute("id")!.Value, p => p.ToString());
        Assert.Equal(6, patterns.Values.Select(p => p[p.IndexOf("<rect", StringComparison.Ordinal)..]).Distinct().Count());
        Assert.Equal(5, patterns.Values.Count(p => p.Contains("<path", StringComparison.Ordinal)));

        var groups = Read(
            new PointChart(
                "观点群",
                "",
                ("编号", "横轴", "纵轴", "群"),
                ["甲", "乙"],
                [new("1", 0, 0, 0), new("2", 1, 1, 1), new("3", 1, 1, 1)]
            )
        );
        var marks = groups.Elements(Svg + "path").Where(p => p.Element(Svg + "title") is not null).ToArray();
        Assert.Equal(["1: 甲", "乙 × 2"], marks.Select(m => m.Element(Svg + "title")!.Value));
        Assert.Contains("a5 5", marks[0].Attribute("d")!.Value, StringComparison.Ordinal);
        Assert.Contains("h10v10", marks[1].Attribute("d")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void days_that_are_left_out_keep_their_place()
    {
        var days = Read(
            new TimelineChart("每日意见数", "", "日期", "件", [new(new(2026, 6, 1), 2), new(new(2026, 6, 2), 4), new(new(2026, 6, 5), 8)])
        );
        var line = days.Elements(Svg + "polyline").Single(p => p.Attribute("stroke")!.Value != "#c8c8c8").Attribute("points")!.Value;
        Assert.Equal(["64,234", "218,174", "680,54"], line.Split(' '));
    }

    [Fact]
    public void the_table_behind_them_has_the_same_rows()
    {
        var chart = new BarChart("<b>满意</b>", "", "选项", "份数", [new("=1+1", 12), new("<script>alert(1)</script>", 3)]);
        Assert.Equal(
            [
                ["=1+1", "12"],
                ["<script>alert(1)</script>", "3"],
            ],
            chart.Table.Rows
        );
        var html = chart.Table.ToHtml();
        Assert.Contains("<caption>&lt;b&gt;满意&lt;/b&gt;</caption>", html, StringComparison.Ordinal);
        Assert.Contains("<th scope=\"row\">&lt;script&gt;alert(1)&lt;/script&gt;</th><td>3</td>", html, StringComparison.Ordinal);
        Assert.Contains("\"'=1+1\",12", Encoding.UTF8.GetString(chart.Table.ToCsv()), StringComparison.Ordinal);
        Assert.Equal(["第一条", "5", "0"], new StackedBarChart("", "", "条款", ["支持", "反对"], [new("第一条", [5])]).Table.Rows.Single());
    }

    [Theory]
    [InlineData("满意", 5, "满意")]
    [InlineData("非常满意并且愿意推荐", 5, "非常满意…")]
    [InlineData("abcdefghij", 6, "abcdefghij")]
    [InlineData("abcdefghijkl", 6, "abcdefgh…")]
    [InlineData("😀😀😀😀", 3, "😀😀…")]
    [InlineData("", 3, "")]
    public void a_label_that_is_too_long_is_cut_between_characters(string label, double widest, string shown) =>
        Assert.Equal(shown, PolicyPlatform.Consultation.Charts.Svg.Cut(label, widest));

    [Fact]
    public void whatever_a_label_says_it_is_text()
    {
        AnyWords.Accepted.Sample(
            words =>
            {
                foreach (var chart in Every(words))
                {
                    var svg = Read(chart);
                    Assert.Empty(svg.Descendants(Svg + "script"));
                    Assert.DoesNotContain(
                        svg.DescendantsAndSelf().Attributes(),
                        a =>
                            a.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase)
                            || a.Value.Contains("NaN", StringComparison.Ordinal)
                    );
                }
                // A table has what the door has cleaned.
                foreach (var chart in Every(Characters.Clean(words)))
                    Assert.Equal("table", XDocument.Parse(chart.Table.ToHtml()).Root!.Name);
            },
            iter: 200
        );
        // A half of a character is none, and is told from what is one.
        Assert.Contains("\uFFFD", new BarChart("\uD800", "", "", "", []).ToSvg(), StringComparison.Ordinal);
    }

    [Fact]
    public void a_picture_of_very_many_points_has_an_end()
    {
        var points = Enumerable.Range(0, 200_000).Select(i => new Point($"{i}", Math.Sin(i), Math.Cos(i * 1.7), i % 4)).ToArray();
        Assert.InRange(
            new PointChart("观点群", "", ("编号", "横轴", "纵轴", "群"), ["甲", "乙", "丙", "丁"], points).ToSvg().Length,
            1,
            100_000_000
        );
    }
}
