using System.Text;

namespace PolicyPlatform.Testing;

/// <summary>
/// Comments as they come in a dispute: letters that many send, each as it is, dressed up, or with words of one's own, and comments that
/// nobody else sends. Made of a number: the same number makes the same comments.
/// </summary>
public sealed class LetterCampaigns(int seed)
{
    static readonly string[] Subjects =
        "供热企业 公交公司 区财政局 物业公司 街道办事处 村民委员会 中小学校 停车场 农贸市场 老年食堂 出租车司机 沿街商户 建筑工地 环卫工人 小区业主 燃气公司 自来水厂 社区医院 养老机构 快递网点 外卖骑手 幼儿园 图书馆 体育场馆".Split(
            ' '
        );

    static readonly string[] Doings =
        "应当公开 不得提高 建议降低 必须说明 尽快改造 重新测算 按月公布 免费提供 严格限制 逐步取消 认真听取 如实登记 优先保障 定期检查 统一安排 及时退还 合理确定 继续保留 暂缓实施 分步推进 加强监督 适当延长 明确承担 全部承认".Split(
            ' '
        );

    static readonly string[] Objects =
        "票价标准 换乘优惠 早晚班次 取暖费用 管网投资 停车泊位 夜间噪声 垃圾分类 扬尘治理 电梯维修 学位分配 营业时间 摊位租金 高峰运力 困难补贴 退费比例 测温办法 投诉渠道 施工围挡 绿化面积 充电设施 无障碍通道 应急预案 考核结果 成本监审 听证程序 违约责任 信息系统".Split(
            ' '
        );

    static readonly string[] Reasons =
        "因为老人出行不便 因为家庭收入有限 否则群众难以接受 以免增加企业负担 这样才算公平 去年就出现过纠纷 邻近的区早已这样做 原来的规定没有写清 我们多次反映没有结果 孩子上学要走很远 冬天室温只有十五度 雨天路上全是积水 施工已经拖了三年 收费单据从来不全".Split(
            ' '
        );

    readonly Random random = new(seed);

    /// <summary>A sentence.</summary>
    public string Sentence()
    {
        var sentence = new StringBuilder();
        foreach (var words in (string[][])[Subjects, Doings, Objects])
            sentence.Append(words[random.Next(words.Length)]);
        // Nobody else puts it just like that.
        for (var own = random.Next(2, 9); own > 0; own--)
            sentence.Append((char)('一' + random.Next(6000)));
        if (random.Next(2) == 0)
            sentence.Append('，').Append(Reasons[random.Next(Reasons.Length)]);
        return sentence.Append('。').ToString();
    }

    /// <summary>A text of about so many characters.</summary>
    public string Text(int characters)
    {
        var text = new StringBuilder();
        while (text.Length < characters)
            text.Append(Sentence());
        return text.ToString();
    }

    /// <summary>A letter as one of its senders sends it, with so many of its words changed.</summary>
    public string Sent(string letter, double changed)
    {
        var sentences = letter.Split('。', StringSplitOptions.RemoveEmptyEntries).ToList();
        var left = (int)(letter.Length * changed);
        while (left > 0)
        {
            var at = random.Next(sentences.Count);
            switch (random.Next(4))
            {
                case 0 when sentences.Count > 3 && sentences[at].Length <= left:
                    left -= sentences[at].Length;
                    sentences.RemoveAt(at);
                    break;
                case 1 when left >= 10:
                    var own = Sentence();
                    sentences.Insert(at, own[..^1]);
                    left -= own.Length;
                    break;
                default:
                    var (from, length) = (random.Next(sentences[at].Length), random.Next(1, 5));
                    length = Math.Min(length, sentences[at].Length - from);
                    sentences[at] = sentences[at].Remove(from, length).Insert(from, Objects[random.Next(Objects.Length)][..length]);
                    left -= length + 2;
                    break;
            }
        }
        return Dressed(string.Concat(sentences.Select(s => s + "。")));
    }

    /// <summary>The same words with another salutation, ending and punctuation.</summary>
    public string Dressed(string text)
    {
        if (random.Next(3) == 0)
            text = text.Replace('，', ' ').Replace("。", random.Next(2) == 0 ? "！" : "。\n", StringComparison.Ordinal);
        if (random.Next(3) == 0)
            text = Pick("尊敬的区政府领导：\n您好！", "您好，", "致区人民政府：\n", "各位领导好：") + text;
        if (random.Next(3) == 0)
            text += Pick("\n此致\n敬礼\n一名普通市民\n2026年7月3日", "谢谢！", "\n某小区业主 王女士\n2026-07-04", "\n此致 敬礼！\n李卫国");
        return text;
    }

    /// <summary>One of these.</summary>
    public string Pick(params string[] of) => of[random.Next(of.Length)];

    /// <summary>
    /// Comments on one thing: <paramref name="letters"/> letters, of which few are sent by very many, changed by up to a fifth, and comments of
    /// one's own; each with the number of its letter, -1 for none, in the order in which they come.
    /// </summary>
    public (string Text, int Letter)[] Comments(int count, int letters)
    {
        var originals = Enumerable.Range(0, letters).Select(_ => Text(random.Next(60, 400))).ToArray();
        var comments = new (string, int)[count];
        for (var i = 0; i < count; i++)
        {
            // One in four has something of their own to say.
            if (random.Next(4) == 0)
            {
                comments[i] = (Dressed(Text(random.Next(15, 300))), -1);
                continue;
            }
            var letter = (int)(letters * Math.Pow(random.NextDouble(), 3));
            var changed = random.Next(3) == 0 ? 0 : 0.12 * random.NextDouble();
            comments[i] = (Sent(originals[letter], changed), letter);
        }
        return comments;
    }
}
