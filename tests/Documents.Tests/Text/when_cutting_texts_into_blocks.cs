using System.Text.RegularExpressions;
using CsCheck;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Text;

public sealed class when_cutting_texts_into_blocks
{
    [Fact]
    public void a_regulation_has_chapters_articles_paragraphs_and_items()
    {
        var blocks = TextStructure.Cut(
            "测试条例\n第一章　总则\n第一条　为了测试，制定本条例。\n第二条 应当具备下列条件：\n（一）有场所；\n1．自有的；\n（二）有人员。\n前款所称人员，是指职工。\n第三条之一 插入的条。"
        );
        Assert.Equal(
            [
                (BlockKind.Title, null, -1),
                (BlockKind.Chapter, "第一章", 0),
                (BlockKind.Article, "第一条", 1),
                (BlockKind.Article, "第二条", 1),
                (BlockKind.Item, "（一）", 3),
                (BlockKind.SubItem, "1．", 4),
                (BlockKind.Item, "（二）", 3),
                (BlockKind.Paragraph, null, 3),
                (BlockKind.Article, "第三条之一", 1),
            ],
            blocks.Select(b => (b.Kind, b.Label, b.Parent))
        );
    }

    [Fact]
    public void a_sentence_that_begins_with_an_article_s_number_is_no_article()
    {
        var blocks = TextStructure.Cut("第一条 下列规定适用。\n第八条规定的条件除外。\n第二条无空格的下一条。");
        Assert.Equal([BlockKind.Article, BlockKind.Paragraph, BlockKind.Article], blocks.Select(b => b.Kind));
    }

    [Fact]
    public void the_work_plan_has_its_head_its_five_parts_and_its_sixteen_clauses_with_their_bodies()
    {
        var blocks = TextStructure.Cut(Corpus.Read("jinan-zhangqiu-2025-2.txt"));

        Assert.Equal("章政办发〔2025〕2号", Assert.Single(blocks, b => b.Kind is BlockKind.DocumentNumber).Text);
        Assert.Equal(
            ["济南市章丘区人民政府办公室\n关于印发2025年济南市章丘区政务公开\n工作要点的通知", "2025年济南市章丘区政务公开工作要点"],
            blocks.Where(b => b.Kind is BlockKind.Title).Select(b => b.Text)
        );
        Assert.Equal(["一、", "二、", "三、", "四、", "五、"], blocks.Where(b => b.Kind is BlockKind.Heading).Select(b => b.Label));
        var clauses = BlockIdentity.Carry([], blocks, 1).Blocks.Where(b => b.Kind is BlockKind.Clause).ToArray();
        Assert.Equal(Enumerable.Range(1, 16).Select(n => $"({ChineseNumerals.Write(n)})"), clauses.Select(c => c.Label));
        Assert.All(clauses, c => Assert.NotEmpty(c.ResponsibleBodies!));
        Assert.Equal(
            ["各街道（镇）", "区交通运输局", "区卫生健康局", "区行政审批服务局", "区文化和旅游局", "区商务服务中心"],
            clauses[6].ResponsibleBodies
        );
        Assert.Equal(["区政府办公室", "各街道（镇）", "区政府各部门（单位）"], clauses[14].ResponsibleBodies);
        Assert.Single(blocks, b => b.Kind is BlockKind.Addressee);
        Assert.Single(blocks, b => b.Kind is BlockKind.Copies);
        Assert.Single(blocks, b => b.Kind is BlockKind.IssuingLine);
    }

    [Theory]
    [MemberData(nameof(Corpus.Regulations), MemberType = typeof(Corpus))]
    public void every_regulation_keeps_all_its_articles_and_all_its_words(string file)
    {
        var markdown = Corpus.Read(file);
        var blocks = MarkdownText.Cut(markdown);
        Assert.Equal(
            Regex.Count(markdown, @"^第[一二三四五六七八九十百千零]+条[ 　]", RegexOptions.Multiline),
            blocks.Count(b => b.Kind is BlockKind.Article)
        );
        Assert.Equal(Words(Regex.Replace(markdown, "<!--.*?-->", "")), Words(string.Concat(blocks.Select(b => b.Text))));

        static string Words(string text) =>
            string.Concat(text.Where(c => c is not '#' && !char.IsWhiteSpace(c) && !char.IsControl(c) && c is not '\uFEFF'));
    }

    [Fact]
    public void the_text_of_the_blocks_is_the_canonical_text_whatever_was_put_in()
    {
        // Pieces that official texts are made of, put together in any order.
        var piece = Pieces.Any(
            "第一条 ",
            "第十二条　",
            "第三章 总则",
            "（一）",
            "(二)",
            "1.",
            "1．",
            "（1）",
            "一、",
            "附件：",
            "抄送：",
            "文件",
            "章政办发〔2025〕2号",
            "各镇人民政府：",
            "2025年7月11日",
            "[责任单位：甲、乙（丙）]",
            "[bookmark: _GoBack]",
            "\n",
            "\r\n",
            "\n\n",
            " ",
            "　",
            "\t",
            "为了规范",
            "，",
            "。",
            "；",
            "# ",
            "\u200B",
            "\uFEFF",
            "x9",
            "𠮷"
        );
        piece
            .Array[0, 60]
            .Select(string.Concat)
            .Sample(text =>
            {
                var (blocks, next) = BlockIdentity.Carry([], TextStructure.Cut(text), 1);
                // Where a page's width broke a line, the break goes: the words stay, in their order.
                return Words(CanonicalText.Of(blocks)) == Words(string.Join('\n', TextLine.Of(text).Select(line => line.Text)))
                    && CanonicalText.Fold(CanonicalText.Of(blocks)) == CanonicalText.Fold(string.Concat(CanonicalText.Lines(text)))
                    && next == blocks.Count + 1
                    && blocks.All(b => b.ParentId is null || blocks.TakeWhile(other => other != b).Any(other => other.Id == b.ParentId));
            });

        static string Words(string text) => text.Replace("\n", "", StringComparison.Ordinal);
    }
}
