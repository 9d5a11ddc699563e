using System.Text;
using PolicyPlatform.Documents.Text;

namespace PolicyPlatform.Benchmarks;

/// <summary>
/// Makes regulations whose words are as unevenly spread as in real ones: by Zipf's law, the n-th most frequent word stands 1/n as often as
/// the first, with a long tail of rare
/// words put together from characters.
/// </summary>
static class Generator
{
    static readonly string[] Frequent =
    [
        "应当",
        "规定",
        "部门",
        "人民政府",
        "管理",
        "依法",
        "单位",
        "有关",
        "供热",
        "企业",
        "服务",
        "行政",
        "工作",
        "公开",
        "信息",
        "办理",
        "申请",
        "监督",
        "检查",
        "责任",
        "区",
        "市",
        "不得",
        "可以",
        "及时",
        "情况",
        "用户",
        "设施",
        "建设",
        "安全",
        "标准",
        "保障",
        "社会",
        "制度",
        "措施",
        "实施",
        "主管部门",
        "街道办事处",
        "镇人民政府",
        "职责",
        "组织",
        "个人",
        "材料",
        "期限",
        "处罚",
        "罚款",
        "备案",
        "审批",
        "许可",
        "登记",
        "公告",
        "听证",
        "意见",
        "营商环境",
        "优化",
        "政务",
        "平台",
        "数据",
        "共享",
        "窗口",
        "热线",
        "投诉",
        "举报",
        "回复",
        "评价",
        "考核",
        "财政",
        "预算",
        "补贴",
        "奖励",
        "扶持",
        "中小企业",
        "融资",
        "担保",
        "贷款",
        "就业",
        "失业",
        "保险",
        "养老",
        "学前教育",
        "物业",
        "业主",
        "供水",
        "燃气",
        "停车场",
        "道路",
        "运输",
        "客运",
        "货运",
        "车辆",
        "驾驶员",
        "经营者",
        "消费者",
        "环境",
        "垃圾",
        "分类",
        "收集",
        "处置",
        "名泉",
        "保护",
        "规划",
        "用地",
        "绩效",
        "审计",
        "统计",
        "档案",
        "保密",
        "信用",
        "修复",
        "惩戒",
    ];

    // The tail: some thousand words that stand in a few texts only.
    static readonly string[] Words = [.. Frequent, .. Tail()];

    // Where each word's share of all words ends.
    static readonly double[] Shares = Cumulated();

    /// <summary>Words to search for, frequent and rare, as often as they stand in the texts.</summary>
    public static string Query(Random random) => random.Next(4) == 0 ? $"{Word(random)} {Word(random)}" : Word(random);

    /// <summary>A regulation of some 20 KB in UTF-8.</summary>
    public static string Text(int document, int bytes = 20_000)
    {
        var random = new Random(document);
        var text = new StringBuilder($"{Title(document)}\n");
        for (var (article, written) = (1, 0); written < bytes; article++)
        {
            if (article % 12 == 1)
                text.Append($"第{ChineseNumerals.Write(article / 12 + 1)}章 {Word(random)}{Word(random)}\n");
            var line = $"第{ChineseNumerals.Write(article)}条 {Sentence(random)}{Sentence(random)}\n";
            written += Encoding.UTF8.GetByteCount(line);
            text.Append(line);
        }
        return text.ToString();
    }

    public static string Title(int document)
    {
        var random = new Random(~document);
        return $"测试区{Word(random)}{Word(random)}{Word(random)}办法（{document}）";
    }

    static string Sentence(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(12, 40)).Select(i => Word(random) + (i % 7 == 6 ? "，" : ""))) + "。";

    static string Word(Random random)
    {
        var at = Array.BinarySearch(Shares, random.NextDouble() * Shares[^1]);
        return Words[Math.Min(at < 0 ? ~at : at, Words.Length - 1)];
    }

    static IEnumerable<string> Tail()
    {
        var random = new Random(1);
        for (var i = 0; i < 6000; i++)
            yield return string.Concat(Enumerable.Range(0, random.Next(2, 5)).Select(_ => (char)random.Next(0x4E00, 0x8FFF)));
    }

    static double[] Cumulated()
    {
        var shares = new double[Words.Length];
        var sum = 0.0;
        for (var i = 0; i < shares.Length; i++)
            shares[i] = sum += 1.0 / (i + 2);
        return shares;
    }
}
