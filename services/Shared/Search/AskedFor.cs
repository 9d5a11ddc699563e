using System.Text.RegularExpressions;

namespace PolicyPlatform.Shared.Search;

/// <summary>
/// What a question asks for by the way it asks: 多少钱 is answered by a sum or a share, 多久 by a length of time, 找谁 by a body. A text without
/// any is about the same thing at most.
/// </summary>
public static partial class AskedFor
{
    static readonly (Regex Asks, Regex Says)[] Kinds =
    [
        (AsksForSum(), SaysSum()),
        (AsksForTime(), SaysTime()),
        (AsksForMeasure(), SaysMeasure()),
        (AsksForConsequence(), SaysConsequence()),
        (AsksForAuthority(), SaysAuthority()),
        (AsksForBody(), SaysBody()),
        (AsksForMeaning(), SaysMeaning()),
    ];

    /// <summary>Whether a text says such a thing as is asked for; null where the question does not tell what that is.</summary>
    /// <param name="question">The question, in simplified characters.</param>
    public static Func<string, bool>? In(string question)
    {
        Regex[] wanted = [.. Kinds.Where(k => k.Asks.IsMatch(question)).Select(k => k.Says)];
        return wanted.Length == 0
            ? null
            : text =>
            {
                // As it is written with full-width digits or in traditional characters, too.
                var folded = Questions.Folded(text);
                return wanted.Any(w => w.IsMatch(folded));
            };
    }

    const string Number = "[一二两三四五六七八九十百千万亿半〇零数0-9.]";

    [GeneratedRegex(
        "多少钱|几块|几千|几万|百分之几|几个点|几成|多少个点|按多少|多少利|罚多少|掏多少|赔多少|补多少|给多少|拿多少|发多少|交多少|收多少|什么价|啥价|一个价|价格|价钱|房价|票价|涨价|怎么收|怎样收|如何收|收费标准|得多少",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex AsksForSum();

    [GeneratedRegex($"{Number}(?:多|余)?元|百分之|倍|%|费率|标准为|免费|不收", RegexOptions.NonBacktracking)]
    private static partial Regex SaysSum();

    [GeneratedRegex(
        "多久|多长时间|几天|几日|几个月|几个钟头|几个小时|几年|几号|几月|几点|啥时候|什么时候|何时|哪天|哪一天|多少天|多少日|多少年|期限|时限|提前多|有效期|过期",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex AsksForTime();

    [GeneratedRegex(
        $"{Number}个?(?:工作日|日|天|月|年|小时|周岁|学期|分钟|时|点)|每[年月季日周天]|当日|次日|及时|立即|即时",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex SaysTime();

    [GeneratedRegex("多少人|几个人|多大|几度|多少度|几平|多少平|多少米|多远|几岁|得几", RegexOptions.NonBacktracking)]
    private static partial Regex AsksForMeasure();

    [GeneratedRegex(
        $"{Number}(?:人|户|名|平方米|米|公里|度|周岁|岁|千克|吨|次|摄氏度)|摄氏度|℃|分之|过半数|比例",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex SaysMeasure();

    [GeneratedRegex(
        "怎么罚|怎样罚|如何罚|会罚|标准罚|罚吗|处罚|后果|追究|追不追|什么罚|怎么处理|咋处理|什么罪",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex AsksForConsequence();

    [GeneratedRegex("罚款|处分|责令|吊销|没收|警告|刑事|赔偿|违约金|处罚|追究|责任", RegexOptions.NonBacktracking)]
    private static partial Regex SaysConsequence();

    [GeneratedRegex("找谁|哪家|哪儿|往哪|去哪|到哪|向谁|冲着谁|跟谁|谁来|谁出|由谁|谁的|谁能|谁负责|哪些人", RegexOptions.NonBacktracking)]
    private static partial Regex AsksForBody();

    [GeneratedRegex(
        "(?:部门|机构|委员会|政府|单位|机关|企业|公司|局|中心|站|窗口).{0,30}(?:负责|受理|应当|依法|处理|组织|查处|办理|申请|提出)|(?:由|向|到).{1,30}(?:部门|机构|政府|单位|机关|局|中心|窗口)|可以由|继承人|下列",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex SaysBody();

    [GeneratedRegex("归谁|归哪|谁管|谁主管|哪个部门|哪个局|哪个单位|什么部门|啥部门|主管部门是", RegexOptions.NonBacktracking)]
    private static partial Regex AsksForAuthority();

    // Who is in charge is said by what names the body, and not by each duty of it.
    [GeneratedRegex(
        "(?:是|为).{1,16}(?:主管部门|行政部门)|负责.{0,30}(?:工作|管理|监督|查处|处理|实施)|(?:部门|机构|局|政府|单位).{0,12}负责|各自.{0,4}职责|职责分工",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex SaysAuthority();

    [GeneratedRegex("算不算|才算|也算|算进|属于|叫什么|啥叫|什么叫|什么是|是什么意思|啥意思|是指|包括", RegexOptions.NonBacktracking)]
    private static partial Regex AsksForMeaning();

    [GeneratedRegex("所称|是指|指的是|，指|包括|下列", RegexOptions.NonBacktracking)]
    private static partial Regex SaysMeaning();
}
