using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Interpretation.Questions;
using PolicyPlatform.Shared.Search;

namespace PolicyPlatform.Interpretation.Tests.Questions;

/// <summary>What a question asks for is told by how it asks, and a clause that says nothing of the kind is about the same thing at most.</summary>
public sealed class AskedFor_tells
{
    [Theory]
    [InlineData("热费一平方收多少钱", "居民热费每平方米二十五元。", "热费由供热企业收取。")]
    [InlineData("公积金按工资的百分之几交", "缴存比例不得低于百分之五。", "职工和单位应当缴存住房公积金。")]
    [InlineData("报修以后多久来人", "接到报修后应当在两小时内到场。", "供热企业应当公布报修电话。")]
    [InlineData("告状以后啥时候有答复", "应当自受理之日起15个工作日内答复。", "答复应当登记。")]
    [InlineData("室温到底得几度才算合格", "卧室、起居室的室温不低于十八摄氏度。", "室温由双方签字确认。")]
    [InlineData("不办证会有什么后果", "不办证的，处五百元以下罚款。", "办证应当到窗口。")]
    [InlineData("路灯坏了该找谁", "路灯由城市管理部门负责维护。", "路灯应当完好。")]
    [InlineData("供热归哪个部门管", "区住房和城乡建设局是本区供热主管部门。", "供热企业应当履行下列义务。")]
    [InlineData("露天空地也算停车场吗", "本条例所称停车场，是指供车辆停放的场所。", "停车场应当收费公示。")]
    public void which_clause_says_such_a_thing(string question, string says, string saysNot)
    {
        var asked = AskedFor.In(question)!;
        Assert.True(asked(says), says);
        Assert.False(asked(saysNot), saysNot);
        // Of two that have as many of its words the one that says it comes first.
        var ranking = new Ranking<string>([saysNot, says], text => text);
        Assert.Equal(says, ranking.Find(question, new([], []), 1)[0].Item);
    }

    [Theory]
    [InlineData("物业多久来人", "接到报修后半小时内到场。")]
    [InlineData("物业多久来人", "接到报修后数日内到场。")]
    [InlineData("物业多久来人", "接到报修后２４小时内到场。")]
    [InlineData("多久要答复", "二〇二六年前答复。")]
    [InlineData("房价多少", "每平方米一万元。")]
    [InlineData("罚多少", "罰款五百元。")]
    public void however_numbers_are_written(string question, string says) => Assert.True(AskedFor.In(question)!(says));

    [Fact]
    public void nothing_jumps_over_what_was_read_because_it_was_not()
    {
        // Thirty that say no sum, and one that says none either, has as many of the words, and is longer.
        string[] texts =
        [
            .. Enumerable.Range(0, 30).Select(n => $"供热费由第{n}家企业收取。"),
            "供热费由街道办事处另行公布，并报有关机关备案。",
        ];
        var found = new Ranking<string>(texts, text => text).Find("供热费收多少钱", new([], []), 31);
        Assert.Equal(31, found.Count);
        Assert.Equal(texts[^1], found[^1].Item);
    }

    [Theory]
    [InlineData("暖气不热能退费吗")]
    [InlineData("怎么评价办事员")]
    [InlineData("体检出乙肝不录用可以吗")]
    public void nothing_where_a_question_does_not_tell(string question) => Assert.Null(AskedFor.In(question));

    [Theory]
    // Much of the question.
    [InlineData("能退费吗", 20, 0.6, 19, true)]
    // Less, and clearly before the next.
    [InlineData("能退费吗", 20, 0.4, 8, true)]
    [InlineData("能退费吗", 20, 0.4, 18, false)]
    [InlineData("能退费吗", 20, 0.1, 8, false)]
    // Of another kind than is asked for.
    [InlineData("能退多少钱", 20, 0.4, 8, false)]
    [InlineData("能退多少錢", 20, 0.4, 8, false)]
    public void when_the_best_clause_is_an_answer(string question, double score, double coverage, double next, bool isAnswer)
    {
        FoundClause[] found =
        [
            new()
            {
                Text = "经确认不达标的，应当退费。",
                Score = score,
                Coverage = coverage,
            },
            new()
            {
                Text = "退费应当申请。",
                Score = next,
                Coverage = 0.1,
            },
        ];
        Assert.Equal(isAnswer, AskedClauses.IsAnswer(0, found, question));
        Assert.False(AskedClauses.IsAnswer(1, found, question));
    }
}
