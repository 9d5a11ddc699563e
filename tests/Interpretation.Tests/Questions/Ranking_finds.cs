using PolicyPlatform.Interpretation.Questions;
using PolicyPlatform.Shared.Search;

namespace PolicyPlatform.Interpretation.Tests.Questions;

public sealed class Ranking_finds
{
    static readonly string[] Known =
    [
        "室温不达标怎么退热费？ 向供热企业申请测温，经双方签字确认不达标的，供热企业十五日内退还不达标期间的热费。",
        "困难家庭热费减免需要申请吗？ 最低生活保障家庭和特困人员的热费减免一半，由街道办事处核定，无需申请。",
        "小微企业新增就业有什么补贴？ 新增就业五人以上的，每人补贴一千元，向区人力资源部门申请。",
        "外地户籍儿童入学要带哪些材料？ 居住证、父母就业证明和预防接种证。",
        "养犬登记多久审验一次？ 每年审验一次，到辖区派出所办理。",
        "物业服务费按什么收取？ 按建筑面积收取，不得按套内面积重复计算。",
        "电动自行车怎样登记上牌？ 凭购车发票和合格证到车管所登记。",
        "住房公积金贷款的额度是多少？ 双职工家庭最高八十万元。",
    ];

    static readonly Ranking<string> Ranking = new(Known, text => text);

    [Theory]
    [InlineData("家里太冷，暖气费能退吗？", 0)]
    [InlineData("暖气不热怎么退钱", 0)]
    [InlineData("低保户的取暖费有没有减免", 1)]
    [InlineData("小企业招人有补助吗", 2)]
    [InlineData("孩子上学需要什么证件", 3)]
    [InlineData("养狗登记几天审验", 4)]
    [InlineData("物业费怎么收", 5)]
    [InlineData("电瓶车上牌要什么手续", 6)]
    [InlineData("公积金能贷多少钱", 7)]
    public void what_people_say_otherwise(string question, int answer)
    {
        var found = Ranking.Find(question, Synonyms.BuiltIn, 3);
        Assert.Equal(Known[answer], found[0].Item);
        Assert.True(found[0].Coverage >= 0.4, $"{found[0].Coverage}");
    }

    [Theory]
    [InlineData("火星移民签证怎么办")]
    [InlineData("哪里可以学游泳")]
    [InlineData("图书馆几点关门")]
    [InlineData("去机场坐几路车")]
    public void nothing_where_nothing_is_known(string question) =>
        Assert.DoesNotContain(Ranking.Find(question, Synonyms.BuiltIn, 3), r => r.Coverage >= 0.4);

    [Fact]
    public void an_exact_question_covers_itself() =>
        Assert.All(
            Known,
            text =>
            {
                var best = Ranking.Find(text.Split(' ')[0], new([], []), 1)[0];
                Assert.Equal((text, 1.0), (best.Item, Math.Round(best.Coverage, 6)));
                // A word of it that is written otherwise is met by that.
                best = Ranking.Find(text.Split(' ')[0], Synonyms.BuiltIn, 1)[0];
                Assert.Equal((text, true), (best.Item, best.Coverage > 0.9));
            }
        );

    [Fact]
    public void what_is_written_for_what_is_said_and_not_the_other_way_round()
    {
        var ranking = new Ranking<string>(["用人单位应当支付工资。", "老板不在。"], text => text);
        Thesaurus words = new([], [new("老板", ["用人单位"])]);
        Assert.Equal(2, ranking.Find("老板", words, 3).Count);
        Assert.Equal(["用人单位应当支付工资。"], ranking.Find("用人单位", words, 3).Select(r => r.Item));
    }

    [Fact]
    public void a_rare_word_of_a_question_says_more_than_one_that_everybody_uses()
    {
        var ranking = new Ranking<string>(
            ["丢失发票的，罚款一万元。", .. Enumerable.Range(1, 30).Select(n => $"第{n}项退热费由供热单位办理。")],
            text => text
        );
        var found = ranking.Find("丢了发票怎么办理", new([], []), 40);
        Assert.Equal("丢失发票的，罚款一万元。", found[0].Item);
        Assert.All(found.Skip(1), r => Assert.True(r.Coverage < found[0].Coverage));
    }

    [Fact]
    public void what_stands_above_a_text_tells_what_it_is_about()
    {
        var ranking = new Ranking<(string Title, string Text)>(
            [("养犬管理条例", "登记每年审验一次。"), ("房屋管理条例", "登记每年审验一次。")],
            c => c.Text,
            c => c.Title
        );
        Assert.Equal("养犬管理条例", ranking.Find("养犬登记审验", new([], []), 2)[0].Item.Title);
    }
}
