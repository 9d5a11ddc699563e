using PolicyPlatform.Documents.Text;

namespace PolicyPlatform.Documents.Tests.Text;

public sealed class when_reading_html
{
    [Fact]
    public void a_page_is_read_as_a_browser_shows_it()
    {
        var text = HtmlText.Read(
            """
            <!DOCTYPE html><html><head><title>网站</title><style>p{color:red}</style></head><body>
            <nav><a href="/">首页</a></nav>
            <h1>云泽区停车<br>管理办法</h1>
            <!-- 注释 --><script>alert(1)</script>
            <p>　　第一条&nbsp; 为了规范停车，
               制定<b>本</b>办法。</p><p style="display: none">看不见</p><p hidden>也看不见</p>
            <p>第二条 停车人应当<del>按月</del><ins>按次</ins>缴费，<ruby>泊<rt>bó</rt></ruby>位见下表：</p>
            <table><caption>收费标准</caption><thead><tr><th rowspan="2">区域</th><th colspan="2">价格</th></tr><tr><th>日间</th><th>夜间</th></tr></thead><tbody><tr><td>一类</td><td>5</td><td></td></tr></tbody></table>
            <p>第三条 下列车辆免费：</p><ol><li>（一）救护车；</li><li>（二）消防车。</li></ol>
            <div>第四条 本办法自公布之日起施行。<img src="a.png" alt="印章"></div></body></html>
            """
        )!;
        Assert.Equal(
            [
                "云泽区停车管理办法",
                "第一条 为了规范停车，制定本办法。",
                "第二条 停车人应当按次缴费，泊位见下表：",
                "收费标准",
                "区域\t价格\t\n\t日间\t夜间\n一类\t5\t",
                "第三条 下列车辆免费：",
                "（一）救护车；",
                "（二）消防车。",
                "第四条 本办法自公布之日起施行。",
            ],
            text.Blocks.Select(b => b.Text)
        );
        Assert.Equal(
            [
                BlockKind.Title,
                BlockKind.Article,
                BlockKind.Article,
                BlockKind.Paragraph,
                BlockKind.Table,
                BlockKind.Article,
                BlockKind.Item,
                BlockKind.Item,
                BlockKind.Article,
            ],
            text.Blocks.Select(b => b.Kind)
        );
        Assert.Equal(["html.image"], text.Findings.Select(f => f.Code));
    }

    [Theory]
    [InlineData("<ol><li>甲项</li><li value=5>乙项</li></ol>", "1. 甲项\n5. 乙项")]
    [InlineData(
        "<ol type=a start=2><li>甲项<ol type=i><li>一目</li><li>二目</li></ol></li><li>乙项</li></ol>",
        "b. 甲项\ni. 一目\nii. 二目\nc. 乙项"
    )]
    [InlineData("<ul><li>甲项</li><li><p>乙项</p></li></ul>", "甲项\n乙项")]
    [InlineData("<pre>一行\n二行</pre>Word 与\nOffice <b>软</b> 件", "一行\n二行\nWord 与 Office 软 件")]
    [InlineData("<table><tr><td>导航</td><td><table><tr><td>甲</td><td>乙</td></tr></table></td></tr></table>", "导航\n甲\t乙")]
    [InlineData(
        "面积<math><mi>a</mi><mo>=</mo><mn>2</mn></math>，<math alttext=\"x^2\"><msup><mi>x</mi><mn>2</mn></msup></math>",
        "面积a=2，x^2"
    )]
    [InlineData("<frameset><frame src=x></frameset><noframes>条文</noframes>", "")]
    [InlineData("", "")]
    [InlineData("<p>a &lt; b &amp;amp; c</p><textarea>不是正文</textarea><button>打印</button>", "a < b &amp; c")]
    public void lists_tables_and_formulas_keep_what_they_say(string html, string text) =>
        Assert.Equal(text, string.Join('\n', HtmlText.Read(html)!.Blocks.Select(b => b.Text)));

    [Theory]
    [InlineData("<div>")]
    [InlineData("<table><tr><td>")]
    [InlineData("<ol><li>")]
    [InlineData("<math><mrow>")]
    public void what_nests_deep_is_read_and_what_nests_without_end_is_refused(string nested)
    {
        Assert.Contains(
            "条文",
            string.Concat(HtmlText.Read(string.Concat(Enumerable.Repeat(nested, 100)) + "条文")!.Blocks.Select(b => b.Text)),
            StringComparison.Ordinal
        );
        Assert.Null(HtmlText.Read(string.Concat(Enumerable.Repeat(nested, 200_000)) + "条文"));
    }

    [Theory]
    [InlineData("<p>")]
    [InlineData("<li>")]
    [InlineData("<b>")]
    [InlineData("</p><br>")]
    [InlineData("<div></div>")]
    [InlineData("<a href=x>")]
    public void elements_that_end_by_themselves_make_no_depth(string repeated)
    {
        var html = string.Concat(Enumerable.Repeat(repeated, 300)) + "条文" + string.Concat(Enumerable.Repeat(repeated + "条", 90));
        Assert.Contains("条文", string.Concat(HtmlText.Read(html)!.Blocks.Select(b => b.Text)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<div><!--</div>-->")]
    [InlineData("<div title='</div>'>")]
    [InlineData("<div><textarea></div></textarea>")]
    [InlineData("<svg><desc>")]
    public void comments_attributes_and_texts_hide_no_depth(string nested) =>
        Assert.Null(HtmlText.Read(string.Concat(Enumerable.Repeat(nested, 600)) + "条文"));

    [Fact]
    public void what_is_more_than_any_page_is_refused_before_it_is_there()
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        // Formatting that is left open comes again in each paragraph.
        Assert.Null(
            HtmlText.Read(
                string.Concat(Enumerable.Range(0, 300).Select(i => $"<p><b style='x{i}'>"))
                    + string.Concat(Enumerable.Repeat("<p>条文", 20_000))
            )
        );
        Assert.Null(HtmlText.Read(string.Concat(Enumerable.Repeat("<br>", 250_000))));
        Assert.Null(HtmlText.Read(new string('文', HtmlText.Longest + 1)));
        // 63 columns a cell, and all of them again in each row.
        Assert.Null(
            HtmlText.Read(
                $"<table><tr>{string.Concat(Enumerable.Repeat("<td colspan=63 rowspan=65534>甲", 1000))}{string.Concat(Enumerable.Repeat("<tr><td>乙", 10_000))}"
            )
        );
        // A million attributes are no work.
        Assert.Equal(
            "条文",
            string.Concat(
                HtmlText.Read($"<p {string.Concat(Enumerable.Range(0, 200_000).Select(i => $"a{i}=1 "))}>条文")!.Blocks.Select(b => b.Text)
            )
        );
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 1_000_000_000);
    }
}
