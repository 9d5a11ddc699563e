using System.Xml.Linq;
using System.Xml.Schema;
using CsCheck;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.Documents.Tests.Text;
using PolicyPlatform.Documents.Text;

namespace PolicyPlatform.Documents.Tests.Exchange;

public sealed class when_a_text_leaves_in_any_form
{
    static readonly Gen<string> Official = Pieces
        .Any(
            "# ",
            "甲法\n",
            "第一条 ",
            "第二章 总则\n",
            "一、",
            "（一）",
            "1. ",
            "10) ",
            "- ",
            "> ",
            "* ",
            "**重要**",
            "`码`",
            "[2025]",
            "<b>",
            "&amp;",
            "|",
            "\\",
            "_名_",
            "附件1\n",
            "附件：",
            "甲\t乙\t\n丙\t\t丁\n",
            "2025年7月11日\n",
            "云泽区人民政府\n",
            "各镇人民政府：\n",
            "云泽政发〔2025〕2号\n",
            "关于供热的通知\n",
            "抄送：区委。\n",
            "目录\n",
            "\n",
            "。",
            "供热",
            "𠮷",
            "\uFFFE",
            "\u200E",
            "⽔",
            "[责任单位：甲局]\n"
        )
        .Array[1, 40]
        .Select(string.Concat);

    [Fact]
    public void read_back_it_has_all_its_words()
    {
        Official.Sample(text =>
        {
            var (blocks, _) = BlockIdentity.Carry([], TextStructure.Cut(text), 1);
            if (blocks.Count == 0)
                return true;
            var words = Words(CanonicalText.Of(blocks));
            using var docx = new MemoryStream(OfficialDocx.Write(blocks));
            var akn = Act(blocks);
            return Words(string.Concat(MarkdownText.Cut(TextFormats.ToMarkdown(blocks)).Select(b => b.Text))) == words
                && Words(string.Concat(DocxText.Cut(docx)!.Value.Text.Blocks.Select(b => b.Text))) == words
                && Words(string.Concat(akn.Elements().Where(e => e.Name.LocalName != "meta").Select(e => e.Value))) == words
                && Words(string.Concat(HtmlText.Read(TextFormats.ToHtml("", blocks, []))!.Blocks.Select(b => b.Text))) == words;
        });
    }

    [Fact]
    public void a_text_that_begins_with_two_titles_keeps_its_body()
    {
        var (blocks, _) = BlockIdentity.Carry([], MarkdownText.Cut("# 甲法\n\n# 乙编\n\n第一条 供热。\n\n第二条 供水。"), 1);
        var act = Act(blocks);
        Assert.Equal(2, act.Descendants().Count(e => e.Name.LocalName == "article"));
        Assert.Contains("供水", act.Elements().Single(e => e.Name.LocalName == "body").Value, StringComparison.Ordinal);
    }

    [Fact]
    public void the_head_and_the_foot_come_back_from_markdown_and_word_as_what_they_are()
    {
        var (blocks, _) = BlockIdentity.Carry(
            [],
            TextStructure.Cut(
                "甲局文件\n甲发〔2025〕2号\n关于供热的通知\n各镇：\n一、总体要求\n（一）按时供热。\n附件：1.名单\n2.图表\n甲局\n2025年1月2日\n（此件公开发布）\n抄送：区委。\n甲局办公室 2025年1月3日印发\n附件1\n名单\n乙、丙。"
            ),
            1
        );
        using var docx = new MemoryStream(OfficialDocx.Write(blocks));
        Assert.Equal(blocks.Select(b => (b.Kind, b.Text)), DocxText.Cut(docx)!.Value.Text.Blocks.Select(b => (b.Kind, b.Text)));
        Assert.Equal(blocks.Select(b => (b.Kind, b.Text)), MarkdownText.Cut(TextFormats.ToMarkdown(blocks)).Select(b => (b.Kind, b.Text)));
    }

    [Fact]
    public void a_table_is_a_table_in_every_form()
    {
        const string Text = "附件\n名额分配表\n单位\t名额\t备注\n甲局\t2\t\n乙局\t\t暂缓";
        var (blocks, _) = BlockIdentity.Carry([], TextStructure.Cut(Text), 1);
        IReadOnlyList<IReadOnlyList<string>> rows =
        [
            ["单位", "名额", "备注"],
            ["甲局", "2", ""],
            ["乙局", "", "暂缓"],
        ];
        Assert.Equal(rows, blocks[^1].Rows!);
        Assert.Equal(rows, BlockIdentity.Carry([], MarkdownText.Cut(TextFormats.ToMarkdown(blocks)), 1).Blocks[^1].Rows!);
        using var docx = new MemoryStream(OfficialDocx.Write(blocks));
        Assert.Equal(rows, BlockIdentity.Carry([], DocxText.Cut(docx)!.Value.Text.Blocks, 1).Blocks[^1].Rows!);
        using (var word = WordprocessingDocument.Open(docx, false))
            Assert.Empty(new OpenXmlValidator().Validate(word, TestContext.Current.CancellationToken));
        Assert.Contains("<tr><td>乙局</td><td></td><td>暂缓</td></tr>", TextFormats.ToHtml("", blocks, []), StringComparison.Ordinal);
        Assert.Equal(
            ["单位", "名额", "备注", "甲局", "2", "", "乙局", "", "暂缓"],
            Act(blocks).Descendants().Where(e => e.Name.LocalName == "td").Select(e => e.Value)
        );
        // Rows of different lengths have no form in Markdown: HTML keeps every cell.
        var uneven = BlockIdentity.Carry([], TextStructure.Cut("姓名\t\t性别\t\n主要事迹\t"), 1).Blocks;
        Assert.Equal(
            [
                ["姓名", "", "性别", ""],
                ["主要事迹", ""],
            ],
            BlockIdentity.Carry([], MarkdownText.Cut(TextFormats.ToMarkdown(uneven)), 1).Blocks[0].Rows!
        );
    }

    [Fact]
    public void every_form_is_valid_by_the_schema_of_oasis_whatever_was_put_in()
    {
        Assert.SkipWhen(
            when_writing_akoma_ntoso.Schema.Value is null,
            "The OASIS schema is not beside this repository (../shared/standards)."
        );
        Official.Sample(
            text =>
            {
                var (blocks, _) = BlockIdentity.Carry([], TextStructure.Cut(text), 1);
                var valid = true;
                XDocument.Parse(Write(blocks).ToString()).Validate(when_writing_akoma_ntoso.Schema.Value!, (_, _) => valid = false);
                return valid;
            },
            iter: 200
        );
    }

    static XDocument Write(IReadOnlyList<Block> blocks) =>
        AkomaNtoso.Write(new(Guid.Empty, "测试", null, "370114", 1, null, null, DateTimeOffset.UnixEpoch), blocks);

    static XElement Act(IReadOnlyList<Block> blocks) => XDocument.Parse(Write(blocks).ToString()).Root!.Elements().Single();

    static string Words(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
}
