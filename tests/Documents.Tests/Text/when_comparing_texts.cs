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
        return
        [
            .. texts.Select(text =>
            {
                (blocks, next) = BlockIdentity.Carry(blocks, MarkdownText.Cut(text), next);
                return blocks;
            }),
        ];
    }

    static IReadOnlyList<BlockChange> Compare(IReadOnlyList<Block> before, IReadOnlyList<Block> after, bool typography = false) =>
        TextComparison.Compare(before, after, typography, TestContext.Current.CancellationToken);

    static string Marks(BlockChange change) =>
        string.Join(
            '|',
            change.Spans!.Select(s =>
                $"{change.Before!.Substring(s.BeforeStart, s.BeforeLength)}→{change.After!.Substring(s.AfterStart, s.AfterLength)}"
            )
        );

    static IReadOnlyList<ArticleChange> Articles(IReadOnlyList<Block> before, IReadOnlyList<Block> after) =>
        TextComparison.Articles(before, after, Compare(before, after));

    static string[] Numbered(params int[] numbers) => [.. numbers.Select(n => $"第{ChineseNumerals.Write(n)}条")];

    static string[] Labels(IReadOnlyList<ArticleChange> articles, ChangeKind change) =>
        [.. articles.Where(a => a.Change == change).Select(a => a.Label)];

    [Fact]
    public void a_value_that_goes_to_another_row_is_a_change()
    {
        static IReadOnlyList<Block> Of(string table) => BlockIdentity.Carry([], TextStructure.Cut($"第一条 见下表。\n{table}"), 1).Blocks;
        Assert.Equal(ChangeKind.Modified, Compare(Of("甲\t乙\n\t丙"), Of("甲\t\n乙\t丙"))[1].Change);
        Assert.Equal(ChangeKind.Modified, Compare(Of("甲\t12\t\n乙\t\t"), Of("甲\t\t12\n乙\t\t"))[1].Change);
    }

    [Theory]
    [InlineData("第一条 用 Open Data 公开。", "第一条 用 OpenData 公开。")]
    [InlineData("第一条 给 𠀀 姓。", "第一条 给 𡀀 姓。")]
    public void what_is_no_typography_is_a_change_and_no_character_is_cut(string before, string after)
    {
        var revisions = Revisions(before, after);
        var change = Compare(revisions[0], revisions[1]).Single();
        Assert.Equal(ChangeKind.Modified, change.Change);
        Assert.All(
            change.Spans!,
            s =>
                Assert.False(
                    s.BeforeStart < change.Before!.Length && char.IsLowSurrogate(change.Before[s.BeforeStart])
                        || s.AfterStart < change.After!.Length && char.IsLowSurrogate(change.After[s.AfterStart])
                )
        );
    }

    [Fact]
    public void two_laws_with_nothing_in_common_have_no_article_in_common()
    {
        static string Law(string words, int seed) =>
            string.Join(
                '\n',
                Enumerable
                    .Range(1, 1260)
                    .Select(n =>
                        $"第{ChineseNumerals.Write(n)}条 {string.Concat(Enumerable.Range(0, 20).Select(w => words[(n * seed + w * (seed + n % 7)) % words.Length]))}。"
                    )
            );
        var revisions = Revisions(Law("民法总则物权合同人格婚姻家庭继承侵权责任", 31), Law("犯罪刑罚拘役徒刑没收缓减假释累首赦", 37));
        Assert.Empty(revisions[0].Select(b => b.Id).Intersect(revisions[1].Select(b => b.Id)));
        Assert.Equal(
            [(ChangeKind.Added, 1260), (ChangeKind.Removed, 1260)],
            Compare(revisions[0], revisions[1]).GroupBy(c => c.Change).Select(g => (g.Key, g.Count())).Order()
        );
    }

    /// <summary>
    /// Found by reading both texts: brackets and spaces aside, these articles say something else; the old 第六十八条 is gone, so the later ones
    /// count one less.
    /// </summary>
    [Fact]
    public void the_road_transport_regulation_of_2019_and_2023_differs_in_exactly_these_articles()
    {
        var revisions = Revisions([
            .. new[] { "2019-03-02", "2022-03-29", "2023-07-20" }.Select(day => Corpus.Read($"regulations/道路运输条例({day}).md")),
        ]);

        var articles = Articles(revisions[0], revisions[2]);
        Assert.Equal(
            Numbered(
                7,
                9,
                10,
                12,
                13,
                22,
                23,
                24,
                36,
                37,
                38,
                39,
                42,
                44,
                46,
                47,
                48,
                49,
                53,
                54,
                55,
                56,
                57,
                58,
                59,
                60,
                61,
                62,
                63,
                64,
                65,
                66,
                67,
                68,
                69,
                70,
                71,
                72,
                73,
                74,
                75,
                76,
                80
            ),
            Labels(articles, ChangeKind.Modified)
        );
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
        var revisions = Revisions([
            .. new[] { "2019-03-02", "2023-07-20" }.Select(day => Corpus.Read($"regulations/发票管理办法({day}).md")),
        ]);
        var articles = Articles(revisions[0], revisions[1]);
        Assert.Equal(
            Numbered(2, 3, 4, 5, 8, 12, 14, 15, 17, 21, 22, 23, 24, 26, 27, 28, 29, 35, 36),
            Labels(articles, ChangeKind.Modified)
        );
        Assert.Equal(Numbered(18, 34), Labels(articles, ChangeKind.Removed));
        Assert.Equal(Numbered(18, 19, 20, 25, 30, 31, 32, 33, 34, 37, 38, 39, 40, 41, 42, 43), Labels(articles, ChangeKind.Renumbered));
        Assert.Empty(Labels(articles, ChangeKind.Added));
    }

    /// <summary>
    /// Found by reading both texts. 第四条, 第十五条, 第十九条, 第二十一条, 第二十二条, 第三十五条 are new. The old 第十七条 was divided: its channel for complaints is
    /// 第二十四条, its handling of them 第二十五条. The old 第十九条
    /// went into 第二十六条. Of the old 第二十七条, the first paragraph is 第三十四条 now and the second stands in the new 第三十三条.
    /// </summary>
    [Fact]
    public void the_payment_regulation_of_2020_and_2025_differs_in_exactly_these_articles()
    {
        var revisions = Revisions([
            .. new[] { "2020-07-05", "2025-03-17" }.Select(day => Corpus.Read($"regulations/保障中小企业款项支付条例({day}).md")),
        ]);
        var articles = Articles(revisions[0], revisions[1]);
        Assert.Equal(Numbered(4, 15, 19, 21, 22, 25, 33, 35), Labels(articles, ChangeKind.Added));
        Assert.Equal(
            Numbered(5, 6, 7, 9, 10, 11, 12, 13, 14, 16, 18, 20, 23, 24, 26, 28, 29, 30, 31, 32, 34, 37),
            Labels(articles, ChangeKind.Modified)
        );
        Assert.Equal(Numbered(8, 17, 27, 36), Labels(articles, ChangeKind.Renumbered));
        Assert.Empty(Labels(articles, ChangeKind.Removed));
        var came = new Dictionary<string, string>
        {
            ["第五条"] = "第四条",
            ["第二十三条"] = "第二十一条",
            ["第二十四条"] = "第十七条",
            ["第二十六条"] = "第十九条",
            ["第三十四条"] = "第二十七条",
            ["第三十七条"] = "第二十九条",
        };
        foreach (var (now, old) in came)
            Assert.Equal(revisions[0].Single(b => b.Label == old).Id, revisions[1].Single(b => b.Label == now).Id);
    }

    [Fact]
    public void a_split_and_a_merge_are_told_as_such()
    {
        var revisions = Revisions(
            "第一条 供热企业应当定期检修供热设施，并向社会公布检修计划。用户发现室温不达标的，可以向街道办事处投诉，街道办事处应当在两日内答复。",
            "第一条 供热企业应当定期检修供热设施，并向社会公布检修计划。\n\n第二条 用户发现室温不达标的，可以向街道办事处投诉，街道办事处应当在两日内答复。"
        );
        var split = Compare(revisions[0], revisions[1]);
        Assert.Equal([ChangeKind.Modified, ChangeKind.Added], split.Select(c => c.Change));
        Assert.Equal(revisions[0][0].Id, split[1].SplitFrom);
        var merge = Compare(revisions[1], revisions[0]);
        Assert.Equal(revisions[0][0].Id, merge.Single(c => c.Change is ChangeKind.Removed).MergedInto);
    }

    [Fact]
    public void an_article_keeps_its_id_in_another_chapter_also_when_it_was_changed_on_the_way()
    {
        var revisions = Revisions(
            "第一章 总则\n\n第一条 供热企业应当定期检修供热设施并公布检修计划。\n\n第二章 附则\n\n第二条 本办法自公布之日起施行。",
            "第一章 总则\n\n第一条 用户依法享有用热的权利。\n\n第二章 附则\n\n第二条 本办法自公布之日起施行。\n\n第三条 供热企业应当每年定期检修供热设施并公布检修计划。"
        );
        Assert.Equal(revisions[0].Single(b => b.Label == "第一条").Id, revisions[1].Single(b => b.Label == "第三条").Id);
    }

    [Theory]
    [InlineData("第一条 自2019年9月1日起施行。", "第一条 自2025年6月1日起施行。", "2019年9→2025年6")]
    [InlineData("第一条 由省级人民政府负责监督检查。", "第一条 由县级以上地方人民政府负责监督检查。", "省级→县级以上地方")]
    [InlineData("第一条 应当及时公开信息。", "第一条 应当依法、全面公开相关信息。", "及时→依法、全面|→相关")]
    public void spans_mark_what_a_person_would_mark(string before, string after, string marks)
    {
        var change = Assert.Single(Compare(Revisions(before)[0], Revisions(before, after)[1]));
        Assert.Equal(
            marks,
            string.Join(
                '|',
                change.Spans!.Select(s =>
                    $"{before.Substring(s.BeforeStart, s.BeforeLength)}→{after.Substring(s.AfterStart, s.AfterLength)}"
                )
            )
        );
    }

    [Theory]
    [InlineData("第一条 发票领购簿由税务机关核发。", "第一条 发票领用簿由税务机关核发。", "领购→领用")]
    [InlineData("第一条 由省政府批准。", "第一条 由市政府批准。", "省政府→市政府")]
    [InlineData("第一条 𠮷家村的路灯。", "第一条 𠮶家村的路灯。", "𠮷→𠮶")]
    public void a_single_character_is_marked_with_its_word_and_never_cut(string before, string after, string marks) =>
        Assert.Equal(marks, Marks(Assert.Single(Compare(Revisions(before)[0], Revisions(before, after)[1]))));

    [Fact]
    public void an_article_that_stands_elsewhere_has_moved_and_those_around_it_are_renumbered()
    {
        var revisions = Revisions(
            "第一章 总则\n\n第一条 供热企业应当检修设施。\n\n第二条 用户应当按时交费。\n\n第二章 附则\n\n第三条 政府应当加强监督。\n\n第四条 本办法自公布之日起施行。",
            "第一章 总则\n\n第一条 用户应当按时交费。\n\n第二章 附则\n\n第二条 政府应当加强监督。\n\n第三条 供热企业应当检修设施。\n\n第四条 本办法自公布之日起施行。"
        );
        var articles = Articles(revisions[0], revisions[1]);
        Assert.Equal(
            [("第一条", ChangeKind.Renumbered), ("第二条", ChangeKind.Renumbered), ("第三条", ChangeKind.Moved)],
            articles.Select(a => (a.Label, a.Change))
        );
        Assert.Equal(["第一章", "第一条", "第二章", "第三条"], [.. articles[2].From!, .. articles[2].To!]);
    }

    [Fact]
    public void an_item_that_stands_elsewhere_in_its_article_has_moved()
    {
        var revisions = Revisions(
            "第一条 应当有下列材料：\n\n（一）申请书；\n\n（二）身份证明；\n\n（三）房屋产权证明。",
            "第一条 应当有下列材料：\n\n（一）房屋产权证明；\n\n（二）申请书；\n\n（三）身份证明。"
        );
        var changes = Compare(revisions[0], revisions[1]);
        Assert.Equal(
            [ChangeKind.Unchanged, ChangeKind.Modified, ChangeKind.Renumbered, ChangeKind.Modified],
            changes.Select(c => c.Change)
        );
        Assert.Equal((revisions[0][3].Id, "（三）"), (revisions[1][1].Id, changes[1].From![^1]));
    }

    [Fact]
    public void a_chapter_that_moves_takes_its_articles_with_it()
    {
        var revisions = Revisions(
            "第一章 甲\n\n第一条 甲一规定供热。\n\n第二条 甲二规定供水。\n\n第三条 甲三规定供气。\n\n第二章 乙\n\n第四条 乙一规定收费。\n\n第五条 乙二规定罚款。",
            "第一章 乙\n\n第一条 乙一规定收费。\n\n第二条 乙二规定罚款。\n\n第二章 甲\n\n第三条 甲一规定供热。\n\n第四条 甲二规定供水。\n\n第五条 甲三规定供气。"
        );
        Assert.Equal(
            [
                ChangeKind.Moved,
                ChangeKind.Renumbered,
                ChangeKind.Renumbered,
                ChangeKind.Renumbered,
                ChangeKind.Renumbered,
                ChangeKind.Renumbered,
                ChangeKind.Renumbered,
            ],
            Compare(revisions[0], revisions[1]).Select(c => c.Change)
        );
    }

    [Fact]
    public void an_article_is_known_by_the_whole_and_not_by_its_first_words_or_its_number()
    {
        var revisions = Revisions(
            "第一条 有下列情形之一的，处以罚款：\n\n（一）擅自停止供热；\n\n（二）擅自改动设施。\n\n第二条 有下列情形之一的，处以罚款：\n\n（一）拒绝入户检查；\n\n（二）谎报室内温度。",
            "第一条 有下列情形之一的，处以罚款：\n\n（一）拒绝入户检查；\n\n（二）谎报室内温度。"
        );
        Assert.Equal(
            [("第一条", ChangeKind.Removed), ("第一条", ChangeKind.Renumbered)],
            Articles(revisions[0], revisions[1]).Select(a => (a.Label, a.Change)).OrderBy(a => a.Change)
        );

        var others = Revisions(
            "第一条 甲乙丙丁的规定。\n\n第二条 居民用水实行阶梯价格，具体办法由价格主管部门制定。\n\n第三条 本规定解释权归水务局。",
            "第一条 甲乙丙丁的规定。\n\n第二条 任何人不得在湖面钓鱼、游泳或者放养禽畜。\n\n第三条 本规定解释权归水务局。"
        );
        Assert.Equal([ChangeKind.Removed, ChangeKind.Added], Articles(others[0], others[1]).Select(a => a.Change).Order().Reverse());
    }

    [Fact]
    public void a_paragraph_that_becomes_an_article_and_a_short_article_keep_their_ids()
    {
        var revisions = Revisions(
            "第一条 供热企业应当检修设施。\n\n用户应当按时交纳热费。\n\n第二条 甲级。",
            "第一条 供热企业应当检修设施。\n\n第二条 用户应当按时交纳热费。\n\n第三条 甲级。"
        );
        Assert.Equal(revisions[0].Select(b => b.Id), revisions[1].Select(b => b.Id));
    }

    [Fact]
    public void a_contents_list_in_one_of_two_texts_changes_no_article()
    {
        const string Text = "供热办法\n\n第一章 总则\n\n第一条 供热企业应当检修设施。\n\n第二章 附则\n\n第二条 本办法自公布之日起施行。";
        var revisions = Revisions(
            Text,
            Text.Replace("供热办法", "供热办法\n\n目录\n\n第一章 总则\n\n第二章 附则", StringComparison.Ordinal)
        );
        Assert.Equal(
            [BlockKind.Contents],
            Compare(revisions[0], revisions[1]).Where(c => c.Change is not ChangeKind.Unchanged).Select(c => c.Kind)
        );
    }

    [Fact]
    public void a_change_in_a_list_of_an_article_is_the_article_s_and_in_a_notice_the_heading_s()
    {
        var statute = Revisions(
            "第一条 分为下列等次：\n\n一、优秀；\n\n二、合格。",
            "第一条 分为下列等次：\n\n一、优秀；\n\n二、基本合格。"
        );
        Assert.Equal("第一条", Assert.Single(Articles(statute[0], statute[1])).Label);
        var notice = Revisions("一、总体要求\n\n按时供热，保证质量。", "一、总体要求\n\n提前供热，保证质量。");
        Assert.Equal("一、", Assert.Single(Articles(notice[0], notice[1])).Label);
    }

    [Fact]
    public void a_value_that_moves_to_the_next_column_is_a_change()
    {
        var revisions = Revisions("| 户数 | 面积 |\n| --- | --- |\n| 12 | |", "| 户数 | 面积 |\n| --- | --- |\n| | 12 |");
        Assert.Equal(ChangeKind.Modified, Assert.Single(Compare(revisions[0], revisions[1])).Change);
    }

    [Theory]
    [InlineData("库存2 000件。", "库存2000件。", false)]
    [InlineData("用IPv 6地址。", "用IPv6地址。", false)]
    [InlineData("〔2025〕2号的规定。", "[2025]2号的规定。", true)]
    [InlineData("总　则 规定。", "总则规定。", true)]
    [InlineData("“甲”级。", "「甲」级。", true)]
    public void what_is_typography_and_what_is_text(string before, string after, bool same) =>
        Assert.Equal(
            same,
            Assert
                .Single(Compare([new("b1", BlockKind.Paragraph, null, null, before)], [new("b1", BlockKind.Paragraph, null, null, after)]))
                .Change is ChangeKind.Unchanged
        );

    /// <summary>
    /// Counts steps, not seconds: a comparison of two such texts that were compared character by character would not end.
    /// </summary>
    [Fact]
    public void two_long_paragraphs_that_have_nothing_in_common_are_one_exchange()
    {
        string Of(int first) => string.Concat(Enumerable.Range(0, 100_000).Select(i => (char)(first + i % 10_000)));
        var change = Assert.Single(
            Compare([new("b1", BlockKind.Paragraph, null, null, Of('一'))], [new("b1", BlockKind.Paragraph, null, null, Of('一' + 10_000))])
        );
        Assert.Equal(new ChangedSpan(0, 100_000, 0, 100_000), Assert.Single(change.Spans!));
        using var gone = new CancellationTokenSource();
        gone.Cancel();
        Assert.Throws<OperationCanceledException>(() =>
            TextComparison.Compare(
                [new("b1", BlockKind.Paragraph, null, null, "甲")],
                [new("b1", BlockKind.Paragraph, null, null, "乙")],
                false,
                gone.Token
            )
        );
    }

    [Fact]
    public void a_long_paragraph_in_which_one_sentence_changed_shows_that_sentence()
    {
        string Of(int changed) =>
            string.Concat(Enumerable.Range(0, 5_000).Select(i => $"第{i}户应当按期交纳热费{(i == changed ? "，并预交一年" : "")}。"));
        var change = Assert.Single(
            Compare([new("b1", BlockKind.Paragraph, null, null, Of(-1))], [new("b1", BlockKind.Paragraph, null, null, Of(4_000))])
        );
        Assert.InRange(change.Spans!.Sum(s => s.AfterLength), 5, 60);
    }

    [Fact]
    public void the_changes_of_a_text_lead_from_the_one_before_to_it()
    {
        var line = Gen.Select(
            Gen.Int[1, 12],
            Pieces.Any("供热企业应当检修设施。", "用户应当按时交纳热费。", "本办法自公布之日起施行。", "室温不得低于18℃。"),
            (n, words) => $"第{ChineseNumerals.Write(n)}条 {words}"
        );
        var text = line.Array[1, 12].Select(lines => string.Join("\n\n", lines));
        Gen.Select(text, text)
            .Sample(
                (one, other) =>
                {
                    var revisions = Revisions(one, other);
                    return TextDelta.Apply(revisions[0], TextDelta.Between(revisions[0], revisions[1])).SequenceEqual(revisions[1]);
                }
            );
    }

    [Fact]
    public void typography_counts_only_when_it_is_asked_for()
    {
        var revisions = Revisions("第一条 车站(场)应当公告。", "第一条　车站（场）应当公告。");
        Assert.Equal(ChangeKind.Unchanged, Assert.Single(Compare(revisions[0], revisions[1])).Change);
        Assert.Equal(ChangeKind.Modified, Assert.Single(Compare(revisions[0], revisions[1], typography: true)).Change);
    }

    [Fact]
    public void a_modified_block_marks_what_was_exchanged()
    {
        var revisions = Revisions("第一条 居民室温不得低于18℃。", "第一条 居民室温不得低于20℃。");
        var change = Assert.Single(Compare(revisions[0], revisions[1]));
        var span = Assert.Single(change.Spans!);
        Assert.Equal(
            ("18", "20"),
            (change.Before!.Substring(span.BeforeStart, span.BeforeLength), change.After!.Substring(span.AfterStart, span.AfterLength))
        );
    }

    [Fact]
    public void the_spans_turn_the_earlier_text_into_the_later_one()
    {
        var words = Pieces.Any("供热", "企业", "应当", "不得", "18", "20", "℃", "，", "及时").Array[1, 20].Select(string.Concat);
        Gen.Select(words, words)
            .Sample(
                (one, other) =>
                {
                    Block before = new("b1", BlockKind.Article, null, "第一条", $"第一条 {one}"),
                        after = before with { Text = $"第一条 {other}" };
                    var change = Compare([before], [after])[0];
                    if (change.Change is ChangeKind.Unchanged)
                        return one == other;
                    var text = change.Before!;
                    foreach (var span in change.Spans!.Reverse())
                        text = text.Remove(span.BeforeStart, span.BeforeLength)
                            .Insert(span.BeforeStart, change.After!.Substring(span.AfterStart, span.AfterLength));
                    return text == change.After;
                }
            );
    }

    [Fact]
    public void every_block_of_both_texts_is_told_of_once()
    {
        var line = Gen.Select(
            Gen.Int[1, 12],
            Pieces.Any("供热企业应当检修设施。", "用户应当按时交纳热费。", "本办法自公布之日起施行。", "室温不得低于18℃。"),
            (n, words) => $"第{ChineseNumerals.Write(n)}条 {words}"
        );
        var text = line.Array[1, 12].Select(lines => string.Join("\n\n", lines));
        Gen.Select(text, text)
            .Sample(
                (one, other) =>
                {
                    var revisions = Revisions(one, other);
                    var changes = Compare(revisions[0], revisions[1]);
                    return changes.Select(c => c.BlockId).ToHashSet().SetEquals(revisions[0].Concat(revisions[1]).Select(b => b.Id))
                        && changes.Select(c => c.BlockId).Distinct().Count() == changes.Count
                        && changes
                            .Where(c => c.Change is not ChangeKind.Removed)
                            .Select(c => c.BlockId)
                            .SequenceEqual(revisions[1].Select(b => b.Id));
                }
            );
    }
}
