using CsCheck;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Text;

public sealed class when_comparing_texts
{
    static IReadOnlyList<Block>[] Revisions(params string[] texts)
    {
        IReadOnlyList<Block> blocks = [];
        var next = 1;
        return [.. texts.Select(text => { (blocks, next) = BlockIdentity.Carry(blocks, MarkdownText.Cut(text), next); return blocks; })];
    }

    static IReadOnlyList<ArticleChange> Articles(IReadOnlyList<Block> before, IReadOnlyList<Block> after) =>
        TextComparison.Articles(before, after, TextComparison.Compare(before, after));

    static string[] Numbered(params int[] numbers) => [.. numbers.Select(n => $"第{ChineseNumerals.Write(n)}条")];

    static string[] Labels(IReadOnlyList<ArticleChange> articles, ChangeKind change) => [.. articles.Where(a => a.Change == change).Select(a => a.Label)];

    /// <summary>Found by reading both texts: brackets and spaces aside, these articles say something else; the old 第六十八条 is gone, so the later ones count one less.</summary>
    [Fact]
    public void the_road_transport_regulation_of_2019_and_2023_differs_in_exactly_these_articles()
    {
        var revisions = Revisions([.. new[] { "2019-03-02", "2022-03-29", "2023-07-20" }.Select(day => Corpus.Read($"regulations/道路运输条例({day}).md"))]);

        var articles = Articles(revisions[0], revisions[2]);
        Assert.Equal(
            Numbered(7, 9, 10, 12, 13, 22, 23, 24, 36, 37, 38, 39, 42, 44, 46, 47, 48, 49, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 80),
            Labels(articles, ChangeKind.Modified));
        Assert.Equal(["第六十八条"], Labels(articles, ChangeKind.Removed));
        Assert.Equal(Numbered(77, 78, 79, 81, 82), Labels(articles, ChangeKind.Renumbered));
        Assert.Empty(Labels(articles, ChangeKind.Added));

        var last = Articles(revisions[1], revisions[2]);
        Assert.Equal(Numbered(63, 65, 68, 70, 74), Labels(last, ChangeKind.Modified));
        Assert.Equal(["第六十八条"], Labels(last, ChangeKind.Removed));
    }

    /// <summary>Found by reading both texts: the old 第十八条 (领购簿) and 第三十四条 are gone, so what follows counts one and then two less.</summary>
    [Fact]
    public void the_invoice_measures_of_2019_and_2023_differ_in_exactly_these_articles()
    {
        var revisions = Revisions([.. new[] { "2019-03-02", "2023-07-20" }.Select(day => Corpus.Read($"regulations/发票管理办法({day}).md"))]);
        var articles = Articles(revisions[0], revisions[1]);
        Assert.Equal(Numbered(2, 3, 4, 5, 8, 12, 14, 15, 17, 21, 22, 23, 24, 26, 27, 28, 29, 35, 36), Labels(articles, ChangeKind.Modified));
        Assert.Equal(Numbered(18, 34), Labels(articles, ChangeKind.Removed));
        Assert.Equal(Numbered(18, 19, 20, 25, 30, 31, 32, 33, 34, 37, 38, 39, 40, 41, 42, 43), Labels(articles, ChangeKind.Renumbered));
        Assert.Empty(Labels(articles, ChangeKind.Added));
    }

    /// <summary>
    /// Found by reading both texts. 第四条, 第十五条, 第十九条, 第二十一条, 第二十二条, 第三十五条 are new. The old 第十七条 was divided: its channel for complaints is 第二十四条, its handling of them 第二十五条. The old 第十九条
    /// went into 第二十六条. Of the old 第二十七条, the first paragraph is 第三十四条 now and the second stands in the new 第三十三条.
    /// </summary>
    [Fact]
    public void the_payment_regulation_of_2020_and_2025_differs_in_exactly_these_articles()
    {
        var revisions = Revisions([.. new[] { "2020-07-05", "2025-03-17" }.Select(day => Corpus.Read($"regulations/保障中小企业款项支付条例({day}).md"))]);
        var articles = Articles(revisions[0], revisions[1]);
        Assert.Equal(Numbered(4, 15, 19, 21, 22, 25, 33, 35), Labels(articles, ChangeKind.Added));
        Assert.Equal(Numbered(5, 6, 7, 9, 10, 11, 12, 13, 14, 16, 18, 20, 23, 24, 26, 28, 29, 30, 31, 32, 34, 37), Labels(articles, ChangeKind.Modified));
        Assert.Equal(Numbered(8, 17, 27, 36), Labels(articles, ChangeKind.Renumbered));
        Assert.Empty(Labels(articles, ChangeKind.Removed));
        var came = new Dictionary<string, string> { ["第五条"] = "第四条", ["第二十三条"] = "第二十一条", ["第二十四条"] = "第十七条", ["第二十六条"] = "第十九条", ["第三十四条"] = "第二十七条", ["第三十七条"] = "第二十九条" };
        foreach (var (now, old) in came) Assert.Equal(revisions[0].Single(b => b.Label == old).Id, revisions[1].Single(b => b.Label == now).Id);
    }

    [Fact]
    public void a_split_and_a_merge_are_told_as_such()
    {
        var revisions = Revisions(
            "第一条 供热企业应当定期检修供热设施，并向社会公布检修计划。用户发现室温不达标的，可以向街道办事处投诉，街道办事处应当在两日内答复。",
            "第一条 供热企业应当定期检修供热设施，并向社会公布检修计划。\n\n第二条 用户发现室温不达标的，可以向街道办事处投诉，街道办事处应当在两日内答复。");
        var split = TextComparison.Compare(revisions[0], revisions[1]);
        Assert.Equal([ChangeKind.Modified, ChangeKind.Added], split.Select(c => c.Change));
        Assert.Equal(revisions[0][0].Id, split[1].SplitFrom);
        var merge = TextComparison.Compare(revisions[1], revisions[0]);
        Assert.Equal(revisions[0][0].Id, merge.Single(c => c.Change is ChangeKind.Removed).MergedInto);
    }

    [Fact]
    public void an_article_keeps_its_id_in_another_chapter_also_when_it_was_changed_on_the_way()
    {
        var revisions = Revisions(
            "第一章 总则\n\n第一条 供热企业应当定期检修供热设施并公布检修计划。\n\n第二章 附则\n\n第二条 本办法自公布之日起施行。",
            "第一章 总则\n\n第一条 用户依法享有用热的权利。\n\n第二章 附则\n\n第二条 本办法自公布之日起施行。\n\n第三条 供热企业应当每年定期检修供热设施并公布检修计划。");
        Assert.Equal(revisions[0].Single(b => b.Label == "第一条").Id, revisions[1].Single(b => b.Label == "第三条").Id);
    }

    [Theory]
    [InlineData("第一条 自2019年9月1日起施行。", "第一条 自2025年6月1日起施行。", "2019年9→2025年6")]
    [InlineData("第一条 由省级人民政府负责监督检查。", "第一条 由县级以上地方人民政府负责监督检查。", "省级→县级以上地方")]
    [InlineData("第一条 应当及时公开信息。", "第一条 应当依法、全面公开相关信息。", "及时→依法、全面|→相关")]
    public void spans_mark_what_a_person_would_mark(string before, string after, string marks)
    {
        var change = Assert.Single(TextComparison.Compare(Revisions(before)[0], Revisions(before, after)[1]));
        Assert.Equal(marks, string.Join('|', change.Spans!.Select(s => $"{before.Substring(s.BeforeStart, s.BeforeLength)}→{after.Substring(s.AfterStart, s.AfterLength)}")));
    }

    [Fact]
    public void the_changes_of_a_text_lead_from_the_one_before_to_it()
    {
        var line = Gen.Select(Gen.Int[1, 12], Pieces.Any("供热企业应当检修设施。", "用户应当按时交纳热费。", "本办法自公布之日起施行。", "室温不得低于18℃。"), (n, words) => $"第{ChineseNumerals.Write(n)}条 {words}");
        var text = line.Array[1, 12].Select(lines => string.Join("\n\n", lines));
        Gen.Select(text, text).Sample((one, other) =>
        {
            var revisions = Revisions(one, other);
            return TextDelta.Apply(revisions[0], TextDelta.Between(revisions[0], revisions[1])).SequenceEqual(revisions[1]);
        });
    }

    [Fact]
    public void typography_counts_only_when_it_is_asked_for()
    {
        var revisions = Revisions("第一条 车站(场)应当公告。", "第一条　车站（场）应当公告。");
        Assert.Equal(ChangeKind.Unchanged, Assert.Single(TextComparison.Compare(revisions[0], revisions[1])).Change);
        Assert.Equal(ChangeKind.Modified, Assert.Single(TextComparison.Compare(revisions[0], revisions[1], typography: true)).Change);
    }

    [Fact]
    public void a_modified_block_marks_what_was_exchanged()
    {
        var revisions = Revisions("第一条 居民室温不得低于18℃。", "第一条 居民室温不得低于20℃。");
        var change = Assert.Single(TextComparison.Compare(revisions[0], revisions[1]));
        var span = Assert.Single(change.Spans!);
        Assert.Equal(("18", "20"), (change.Before!.Substring(span.BeforeStart, span.BeforeLength), change.After!.Substring(span.AfterStart, span.AfterLength)));
    }

    [Fact]
    public void the_spans_turn_the_earlier_text_into_the_later_one()
    {
        var words = Pieces.Any("供热", "企业", "应当", "不得", "18", "20", "℃", "，", "及时").Array[1, 20].Select(string.Concat);
        Gen.Select(words, words).Sample((one, other) =>
        {
            Block before = new("b1", BlockKind.Article, null, "第一条", $"第一条 {one}"), after = before with { Text = $"第一条 {other}" };
            var change = TextComparison.Compare([before], [after])[0];
            if (change.Change is ChangeKind.Unchanged) return one == other;
            var text = change.Before!;
            foreach (var span in change.Spans!.Reverse())
                text = text.Remove(span.BeforeStart, span.BeforeLength).Insert(span.BeforeStart, change.After!.Substring(span.AfterStart, span.AfterLength));
            return text == change.After;
        });
    }

    [Fact]
    public void every_block_of_both_texts_is_told_of_once()
    {
        var line = Gen.Select(Gen.Int[1, 12], Pieces.Any("供热企业应当检修设施。", "用户应当按时交纳热费。", "本办法自公布之日起施行。", "室温不得低于18℃。"), (n, words) => $"第{ChineseNumerals.Write(n)}条 {words}");
        var text = line.Array[1, 12].Select(lines => string.Join("\n\n", lines));
        Gen.Select(text, text).Sample((one, other) =>
        {
            var revisions = Revisions(one, other);
            var changes = TextComparison.Compare(revisions[0], revisions[1]);
            return changes.Select(c => c.BlockId).ToHashSet().SetEquals(revisions[0].Concat(revisions[1]).Select(b => b.Id)) && changes.Select(c => c.BlockId).Distinct().Count() == changes.Count
                && changes.Where(c => c.Change is not ChangeKind.Removed).Select(c => c.BlockId).SequenceEqual(revisions[1].Select(b => b.Id));
        });
    }
}
