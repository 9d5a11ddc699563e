using CsCheck;
using PolicyPlatform.Documents.Text;

namespace PolicyPlatform.Documents.Tests.Text;

public sealed class when_carrying_block_ids_over
{
    static IReadOnlyList<Block> First(string text) => BlockIdentity.Carry([], TextStructure.Cut(text), 1).Blocks;

    static IReadOnlyList<Block> Then(IReadOnlyList<Block> before, string text) =>
        BlockIdentity.Carry(before, TextStructure.Cut(text), before.Count + 1).Blocks;

    [Fact]
    public void an_inserted_article_leaves_the_ids_of_the_renumbered_ones()
    {
        var before = First("第一条 供热企业应当检修设施。\n第二条 用户应当按时交纳热费。\n第三条 本办法自公布之日起施行。");
        var after = Then(
            before,
            "第一条 供热企业应当检修设施。\n第二条 特困家庭的热费由财政承担。\n第三条 用户应当按时交纳热费。\n第四条 本办法自公布之日起施行。"
        );
        Assert.Equal(["b1", "b4", "b2", "b3"], after.Select(b => b.Id));
    }

    [Fact]
    public void a_changed_article_keeps_its_id()
    {
        var before = First("第一条 居民室温不得低于18℃。\n第二条 用户应当按时交纳热费。");
        var after = Then(before, "第一条 居民室温不得低于20℃，其他部位应当符合设计要求。\n第二条 用户应当按时交纳热费。");
        Assert.Equal(["b1", "b2"], after.Select(b => b.Id));
    }

    [Fact]
    public void a_moved_article_keeps_its_id()
    {
        var before = First(
            "第一章 总则\n第一条 供热企业应当检修设施。\n第二章 附则\n第二条 用户应当按时交纳热费。\n第三条 本办法自公布之日起施行。"
        );
        var after = Then(
            before,
            "第一章 总则\n第一条 供热企业应当检修设施。\n第二条 本办法自公布之日起施行。\n第二章 附则\n第三条 用户应当按时交纳热费。"
        );
        Assert.Equal(["b1", "b2", "b5", "b3", "b4"], after.Select(b => b.Id));
    }

    [Fact]
    public void other_brackets_and_spaces_are_the_same_block()
    {
        var before = First("第一条 应当（一次性）告知。\n(一)场所；");
        var after = Then(before, "第一条　应当(一次性)告知。\n（一）场所；");
        Assert.Equal(before.Select(b => b.Id), after.Select(b => b.Id));
    }

    [Fact]
    public void a_large_rewrite_keeps_the_ids_of_what_was_moved_and_reworded()
    {
        var random = new Random(7);
        string Sentence() => string.Concat(Enumerable.Range(0, 40).Select(_ => (char)('一' + random.Next(3_000))));
        var articles = Enumerable.Range(0, 600).Select(_ => Sentence()).ToArray();
        static string Text(IEnumerable<string> articles) =>
            string.Join(
                '\n',
                articles.Select(
                    (a, i) =>
                        (i % 60 == 0 ? $"第{ChineseNumerals.Write(i / 60 + 1)}章 总则\n" : "") + $"第{ChineseNumerals.Write(i + 1)}条 {a}。"
                )
            );
        var before = First(Text(articles));
        // Every chapter stands elsewhere, every article has other words in it, and a tenth of them are new.
        var rewritten = articles
            .Chunk(60)
            .OrderBy(_ => random.Next())
            .SelectMany(c => c)
            .Select((a, i) => (Was: i % 10 == 3 ? null : a, Is: i % 10 == 3 ? Sentence() : a[..15] + "应当按照规定" + a[20..]))
            .ToArray();
        var after = Then(before, Text(rewritten.Select(r => r.Is)));
        var ids = before.Where(b => b.Kind is BlockKind.Article).ToDictionary(b => b.Body.TrimEnd('。'), b => b.Id);
        var kept = rewritten
            .Zip(after.Where(b => b.Kind is BlockKind.Article))
            .Count(r => r.First.Was is { } was && ids[was] == r.Second.Id);
        Assert.Equal(540, kept);
        Assert.Equal(after.Count, after.Select(b => b.Id).Distinct().Count());
    }

    [Fact]
    public void the_same_text_keeps_every_id_and_no_id_is_ever_given_twice()
    {
        var line = Gen.Select(
            Gen.Int[1, 40],
            Gen.Char['一', '鿿'].Array[0, 20],
            (n, words) => $"第{ChineseNumerals.Write(n)}条 {new string(words)}"
        );
        var text = line.Array[1, 30].Select(lines => string.Join('\n', lines));
        Gen.Select(text, text)
            .Sample(
                (one, other) =>
                {
                    var (before, next) = BlockIdentity.Carry([], TextStructure.Cut(one), 1);
                    var (same, nextAfterSame) = BlockIdentity.Carry(before, TextStructure.Cut(one), next);
                    var (after, _) = BlockIdentity.Carry(before, TextStructure.Cut(other), next);
                    return nextAfterSame == next
                        && same.Select(b => b.Id).SequenceEqual(before.Select(b => b.Id))
                        && after.Select(b => b.Id).Distinct().Count() == after.Count;
                }
            );
    }
}
