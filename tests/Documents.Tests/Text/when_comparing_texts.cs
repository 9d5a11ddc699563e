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
