using CsCheck;
using PolicyPlatform.Consultation.FormLetters;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.FormLetters;

public sealed class when_letters_are_alike
{
    const string Letter =
        "公交票价由二元提高到三元，低收入家庭每月要多花一百多元。建议先公布近三年的成本监审结果，再举行听证会；同时保留换乘优惠和老年人免费乘车的政策。";

    [Theory]
    [InlineData("退费比例提高到60%", "退费比例提高到６０％。")]
    [InlineData("第1条、第2条不同意", "第①条、第②条不同意！")]
    [InlineData("住房100m2以上", "住房１００㎡以上")]
    [InlineData("请公开bus线路", "请公开 BUS 线路")]
    [InlineData("室温低于18°C应退费", "室温低于18℃，应退费")]
    [InlineData("建议保留夜班车", "尊敬的区政府领导：\n您好！\n建议保留夜班车。\n此致\n敬礼\n王小明\n2026年7月3日")]
    [InlineData("建议保留夜班车", "您好，建议保留夜班车，谢谢！")]
    [InlineData("建议保留夜班车", "致区人民政府：建议保留夜班车。\n北苑小区业主 王女士\n联系电话：〔已隐去〕")]
    [InlineData("建议保留夜班车", "各位领导好：建议保留夜班车。特此建议。\n二〇二六年七月三日")]
    public void what_says_the_same_is_the_same(string one, string other) =>
        Assert.Equal(LetterText.Of(one).Words, LetterText.Of(other).Words);

    [Theory]
    [InlineData("谢谢", "谢谢")]
    [InlineData("感谢政府修了路，以后也要养护。", "感谢政府修了路以后也要养护")]
    [InlineData("领导信箱没有人回复。", "领导信箱没有人回复")]
    [InlineData("要求两项：\n退费\n道歉", "要求两项退费道歉")]
    [InlineData("！！！", "")]
    public void what_somebody_wants_is_not_taken_for_an_ending(string said, string words) => Assert.Equal(words, LetterText.Of(said).Words);

    [Fact]
    public void an_ending_has_so_many_lines_and_no_more() =>
        Assert.Equal(2_500 - 12, LetterText.Of(string.Concat(Enumerable.Repeat("—甲", 2_500))).Words.Length);

    [Fact]
    public void likeness_is_the_share_of_the_runs_that_both_have() =>
        (
            from seed in Gen.Int
            from characters in Gen.Int[5, 120]
            from changed in Gen.Double[0, 0.5]
            select (seed, characters, changed)
        ).Sample(
            given =>
            {
                var campaigns = new LetterCampaigns(given.seed);
                var text = campaigns.Text(given.characters)[..given.characters];
                var other = campaigns.Sent(text + "。", given.changed);
                var (one, two) = (LetterText.Of(text), LetterText.Of(other));
                var length = Math.Min(one.Words.Length, two.Words.Length) < LetterText.Short ? 2 : 3;
                var (a, b) = (Runs(one.Words, length), Runs(two.Words, length));
                // Where only one of them is short, they are compared as far as they can be the same at all.
                var exact = (double)a.Intersect(b).Count() / a.Union(b).Count();
                var likeness = LetterText.Likeness(one, two);
                Assert.True(likeness == exact || likeness == 0 && exact < SortedLetters.Same, $"{likeness} for {exact}");
                Assert.Equal(likeness, LetterText.Likeness(two, one));
                Assert.Equal(1, LetterText.Likeness(one, one));
            },
            iter: 2_000
        );

    static HashSet<string> Runs(string words, int length) =>
        [.. Enumerable.Range(0, Math.Max(1, words.Length - length + 1)).Select(i => words[i..Math.Min(words.Length, i + length)])];

    [Fact]
    public void signatures_tell_how_alike_texts_are()
    {
        var campaigns = new LetterCampaigns(7);
        var (off, count) = (0.0, 0);
        for (var n = 0; n < 400; n++)
        {
            var text = campaigns.Text(250);
            var (one, two) = (LetterText.Of(text), LetterText.Of(campaigns.Sent(text, n / 800.0)));
            var (likeness, estimate) = (
                LetterText.Likeness(one, two),
                LetterSignature.Estimate(LetterSignature.Of(one)[0], LetterSignature.Of(two)[0])
            );
            Assert.InRange(estimate, likeness - 0.2, likeness + 0.2);
            (off, count) = (off + estimate - likeness, count + 1);
        }
        // They err to both sides.
        Assert.InRange(off / count, -0.01, 0.01);
    }

    [Fact]
    public async Task letters_that_many_send_are_found_and_nothing_else()
    {
        var comments = new LetterCampaigns(14).Comments(4_000, 60);
        var letters = await Sorting.Sort([.. comments.Select(c => c.Text)]);
        var (recall, precision) = LetterScores.Of(comments, letters, text => LetterText.Of(text).Words);
        Assert.True(recall >= 0.98, $"Of the pairs that are 0.8 alike {recall:0.0000} came together.");
        Assert.True(precision >= 0.99, $"Of the pairs that came together {precision:0.0000} are of one letter.");
    }

    [Fact]
    public async Task topics_with_one_preamble_stay_apart()
    {
        var campaigns = new LetterCampaigns(200);
        var preamble = campaigns.Text(200)[..200];
        var topics = Enumerable.Range(0, 40).Select(n => preamble + campaigns.Text(60 + 10 * n)).ToArray();
        var texts = Enumerable.Range(0, 800).Select(n => campaigns.Dressed(topics[n % 40])).ToArray();
        var letters = await Sorting.Sort(texts);
        Assert.Equal(40, letters.Distinct().Count());
        Assert.All(letters.Index(), l => Assert.Equal(letters[l.Index % 40], l.Item));
    }

    [Fact]
    public async Task a_chain_of_small_changes_does_not_make_all_one_letter()
    {
        var campaigns = new LetterCampaigns(3);
        var sentences = Enumerable.Range(0, 60).Select(_ => campaigns.Sentence()).ToArray();
        // Each is 0.85 like the one before; the last has nothing of the first.
        var chain = Enumerable.Range(0, 50).Select(n => string.Concat(sentences[n..(n + 10)])).ToArray();
        var sorting = new Sorting();
        await sorting.Come([.. chain.Index()]);
        Assert.All(
            chain.Index(),
            c =>
                Assert.True(
                    LetterText.Likeness(LetterText.Of(c.Item), LetterText.Of(chain[Medoid(sorting, c.Index)])) >= SortedLetters.Same
                )
        );
        Assert.NotEqual(sorting.Of(0), sorting.Of(49));
    }

    static int Medoid(Sorting sorting, int comment) =>
        Enumerable.Range(0, 50).First(n => Sorting.Id(n) == sorting.Letters.Of(Sorting.Id(comment))!.Value.Letter.Medoid);

    [Fact]
    public Task how_many_come_at_a_time_makes_no_difference() =>
        (from seed in Gen.Int from atOnce in Gen.Int[1, 60] select (seed, atOnce)).SampleAsync(
            async given =>
            {
                string[] texts = [.. new LetterCampaigns(given.seed).Comments(150, 5).Select(c => c.Text)];
                Assert.Equal(
                    Sorting.Together(await Sorting.Sort(texts, atOnce: 1)),
                    Sorting.Together(await Sorting.Sort(texts, atOnce: given.atOnce))
                );
            },
            iter: 30
        );

    [Fact]
    public Task letters_that_stand_apart_come_out_the_same_in_any_order() =>
        (from seed in Gen.Int from other in Gen.Int select (seed, other)).SampleAsync(
            async given =>
            {
                var campaigns = new LetterCampaigns(given.seed);
                var originals = Enumerable.Range(0, 6).Select(_ => campaigns.Text(150)).ToArray();
                string[] texts = [.. Enumerable.Range(0, 150).Select(n => campaigns.Sent(originals[n % 6], n / 6 % 3 == 0 ? 0.04 : 0))];
                var order = Enumerable.Range(0, texts.Length).ToArray();
                new Random(given.other).Shuffle(order);
                Assert.Equal(Sorting.Together(await Sorting.Sort(texts)), Sorting.Together(await Sorting.Sort(texts, order)));
            },
            iter: 30
        );

    [Fact]
    public async Task a_letter_finds_its_middle_though_the_first_one_is_at_its_edge()
    {
        var campaigns = new LetterCampaigns(5);
        var letter = campaigns.Text(300);
        var edge = letter + campaigns.Text(60);
        var sorting = new Sorting();
        await sorting.Come((0, edge));
        await sorting.Come([.. Enumerable.Range(1, 30).Select(n => (n, campaigns.Dressed(letter)))]);
        // Like the letter, and not like the first one.
        await sorting.Come((40, letter[..^30]));
        Assert.All(Enumerable.Range(0, 31).Append(40), n => Assert.Equal(sorting.Of(0), sorting.Of(n)));
        Assert.NotEqual(Sorting.Id(0), sorting.Letters.Letters.Single().Medoid);
    }

    [Fact]
    public async Task what_is_half_alike_is_proposed()
    {
        var campaigns = new LetterCampaigns(6);
        var common = campaigns.Text(200);
        var sorting = new Sorting();
        await sorting.Come((0, common + campaigns.Text(80)), (1, common + campaigns.Text(80)), (2, campaigns.Text(280)));
        var letters = sorting.Letters.Letters.ToArray();
        Assert.Equal([null, letters[0].Id, null], letters.Select(l => l.Near));
        Assert.InRange(letters[1].NearLikeness, SortedLetters.Alike, SortedLetters.Same);
    }

    [Fact]
    public async Task who_withdraws_leaves_and_the_letter_stays()
    {
        var campaigns = new LetterCampaigns(8);
        var letter = campaigns.Text(200);
        var sorting = new Sorting();
        await sorting.Come([.. Enumerable.Range(0, 5).Select(n => (n, campaigns.Dressed(letter)))]);
        var before = sorting.Letters.Letters.Single();
        for (var n = 0; n < 4; n++)
        {
            var medoid = Enumerable.Range(0, 5).First(c => Sorting.Id(c) == before.Medoid);
            await sorting.Leave(medoid);
            Assert.Null(sorting.Of(medoid));
            Assert.Equal(4 - n, sorting.Letters.Letters.Single().Comments.Count);
            Assert.NotEqual(Sorting.Id(medoid), before.Medoid);
        }
        await sorting.Leave(Enumerable.Range(0, 5).First(n => sorting.Of(n) is not null));
        Assert.Empty(sorting.Letters.Letters);
        Assert.Equal(0, sorting.Letters.Count);
    }

    /// <summary>A letter of 400 comments, of which few texts are kept; those in the order in which a middle is looked for.</summary>
    static async Task<(Sorting Sorting, int[] Comments)> Large(double changed)
    {
        var campaigns = new LetterCampaigns(9);
        var letter = campaigns.Text(300);
        var sorting = new Sorting(charactersKept: 5_000);
        await sorting.Come([.. Enumerable.Range(0, 400).Select(n => (n, campaigns.Sent(letter, changed)))]);
        int[] comments = [.. Enumerable.Range(0, 400).OrderBy(Sorting.Id)];
        Assert.Single(comments.Select(c => sorting.Of(c)).Distinct());
        var medoid = comments.Single(c => Sorting.Id(c) == sorting.Letters.Letters.Single().Medoid);
        sorting.Read = 0;
        return (sorting, [medoid, .. comments.Where(c => c != medoid)]);
    }

    [Fact]
    public async Task when_many_withdraw_at_once_the_others_are_read_once()
    {
        var (sorting, comments) = await Large(changed: 0.03);
        await sorting.Leave(comments[..60]);
        Assert.InRange(sorting.Read, 0, 2 * 400);
        Assert.Single(comments[60..].Select(c => sorting.Of(c)).Distinct());
        Assert.Equal(340, sorting.Letters.Letters.Single().Comments.Count);
    }

    [Fact]
    public async Task what_says_the_same_takes_the_middle_and_nothing_else_is_read()
    {
        var (sorting, comments) = await Large(changed: 0);
        await sorting.Leave(comments[0]);
        Assert.InRange(sorting.Read, 0, 50);
        Assert.Equal(399, sorting.Letters.Letters.Single().Comments.Count);
        Assert.NotEqual(Sorting.Id(comments[0]), sorting.Letters.Letters.Single().Medoid);
    }

    [Fact]
    public async Task those_that_are_withdrawn_and_still_to_leave_are_in_no_middle()
    {
        var (sorting, comments) = await Large(changed: 0.03);
        var letter = sorting.Of(comments[0]);
        sorting.Withdraw(comments[..60]);
        await sorting.Leave(comments[0]);
        Assert.All(comments[1..], c => Assert.Equal(letter, sorting.Of(c)));
        Assert.InRange(sorting.Read, 0, 3 * 400);
        await sorting.Leave(comments[1..60]);
        Assert.Equal(340, sorting.Letters.Letters.Single().Comments.Count);
    }

    [Fact]
    public async Task what_comes_before_the_middle_has_left_comes_to_the_letter()
    {
        var campaigns = new LetterCampaigns(10);
        var letter = campaigns.Text(300);
        var sorting = new Sorting(charactersKept: 400);
        await sorting.Come((0, letter), (1, campaigns.Dressed(letter)), (2, campaigns.Dressed(letter)));
        await sorting.Come((3, campaigns.Text(400)), (4, campaigns.Text(400)));
        sorting.Withdraw(0);
        await sorting.Come((5, campaigns.Dressed(letter)));
        Assert.Equal(sorting.Of(1), sorting.Of(5));
    }

    [Fact]
    public async Task short_and_long_forms_of_one_letter_meet()
    {
        var letter = "请保留北苑到火车站的夜班公交车末班延长到晚上十一点半方便下班的人回家";
        Assert.InRange(letter.Length, 30, LetterText.Short - 1);
        var letters = await Sorting.Sort([letter, letter + "和上学的孩子", "请" + letter + "，谢谢！"]);
        Assert.Single(letters.Distinct());
        Assert.NotNull(letters[0]);
    }

    [Fact]
    public void what_letters_share_is_told_and_where_they_differ()
    {
        var own = Letter.Replace("一百多元", "200元", StringComparison.Ordinal);
        Assert.Equal([new("一百多", "200")], LetterDifferences.Between(Letter, own));
        var (shared, differing) = LetterDifferences.Shared(
            Letter,
            [own, Letter.Replace("听证会", "座谈会", StringComparison.Ordinal) + "盼复。", Letter]
        );
        Assert.Equal(["一百多", "听证"], differing);
        Assert.Equal(
            [
                "公交票价由二元提高到三元，低收入家庭每月要多花",
                "元。建议先公布近三年的成本监审结果，再举行",
                "会；同时保留换乘优惠和老年人免费乘车的政策。",
            ],
            shared
        );
        Assert.Empty(LetterDifferences.Between(Letter, Letter));
    }
}
