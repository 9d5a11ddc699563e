using System.Text.RegularExpressions;

namespace PolicyPlatform.Documents.Text;

/// <summary>
/// What single lines of an official document look like (GB/T 9704-2012), each from its own words alone. They are evidence; <see
/// cref="DocumentParts"/> decides.
/// </summary>
static partial class DocumentWords
{
    const int LongestTitleLine = 60,
        LongestNamedTitle = 120,
        LongestNumber = 45;

    /// <summary>Whether it can be a line of a title: short, no sentence, nobody addressed.</summary>
    public static bool CanBeTitle(string line) =>
        (
            line.Length <= LongestTitleLine
            || line.Length <= LongestNamedTitle && IsNamed(line) && line.Contains("关于", StringComparison.Ordinal)
        )
        && line[^1] is not ('：' or ':' or '，' or '、' or ',')
        && line.IndexOfAny(['。', '；', '！', '？', '…', '→']) < 0
        && !IsDate(line)
        && !IsRule(line)
        && !Leading().IsMatch(line);

    /// <summary>Whether it ends as titles do: in what kind of document (文种) it is.</summary>
    public static bool IsNamed(string line) => Kind().IsMatch(CanonicalText.Fold(line));

    /// <summary>（试行）, （2025—2030年） and the like, which belong to the title before.</summary>
    public static bool IsTitleSuffix(string line) => TitleSuffix().IsMatch(CanonicalText.Fold(line));

    /// <summary>Whether it is a date and nothing else: of every form that offices write.</summary>
    public static bool IsDate(string line) =>
        line.Length is >= 8 and <= 30 && (line[^1] is '日' || char.IsDigit(line[^1])) && DateLine().IsMatch(CanonicalText.Fold(line));

    /// <summary>Whether it names bodies and nothing else.</summary>
    public static bool IsBody(string line)
    {
        if (line.Length > 60 || line.Contains("关于", StringComparison.Ordinal))
            return false;
        var any = false;
        var names = Separators().Split(Seal().Replace(line, ""));
        // 中 共 禾 垣 县 委: spaced out to the width of another name.
        if (names.Length > 3 && names.All(n => n.Length <= 1))
            names = [string.Concat(names)];
        foreach (var name in names)
        {
            if (name.Length == 0)
                continue;
            if (name.Length > 30 || !Body().IsMatch(name))
                return false;
            any = true;
        }
        return any;
    }

    /// <summary>主送机关: a list of bodies and a colon; 现将…通知如下： is none.</summary>
    public static bool IsAddressee(string line) => line[^1] is '：' or ':' && line.IndexOf('。') < 0 && !Introducing().IsMatch(line);

    /// <summary>份号, 密级和保密期限, 紧急程度, 签发人.</summary>
    public static bool IsMarking(string line) => line.Length <= 60 && Marking().IsMatch(CanonicalText.Fold(line));

    /// <summary>签发人, alone or behind the number.</summary>
    public static bool IsSignedBy(string line) => line.Length <= 60 && line.Contains("签发人", StringComparison.Ordinal);

    /// <summary>Whether it can be a person's name and nothing else.</summary>
    public static bool IsName(string line) =>
        line.Length is >= 2 and <= 12
        && CanonicalText.Fold(line) is { Length: >= 2 and <= 4 } name
        && name.All(c => c is >= '\u4E00' and <= '\u9FFF' or '·')
        && !IsBody(line)
        && !IsNamed(line);

    /// <summary>发布时间：…, 来源：… and whatever else a site puts above a document.</summary>
    public static bool IsSiteLine(string line) =>
        line.Length <= 200 && CanonicalText.Fold(line) is var folded && (SiteLine().IsMatch(folded) || Path().IsMatch(folded));

    /// <summary>A label and what it says, as the tables above documents on sites have it: 公文种类：通知.</summary>
    public static bool IsLabelled(string line) => line.Length <= 60 && Labelled().IsMatch(CanonicalText.Fold(line));

    /// <summary>— 3 —, and 第3页 共5页.</summary>
    public static bool IsPageNumber(string line) => line.Length <= 20 && PageNumber().IsMatch(CanonicalText.Fold(line));

    /// <summary>上一篇, 相关附件, 主办单位 and whatever else a site puts below a document.</summary>
    public static bool IsPageEnd(string line) => line.Length <= 200 && PageEnd().IsMatch(CanonicalText.Fold(line));

    /// <summary>A line of dashes or stars: it has no letter and no digit.</summary>
    public static bool IsRule(string line) => !line.AsSpan().ContainsAnyInRange('\u4E00', '\u9FFF') && !line.Any(char.IsLetterOrDigit);

    /// <summary>发文字号 on a line of its own, of every form: 〔2025〕2号, 令第157号, 公告2023年第37号.</summary>
    public static bool IsNumber(string line) =>
        line.Length <= 60
        && CanonicalText.Fold(line) is var folded
        && folded.Length <= LongestNumber + (folded is ['(' or '[', ..] ? 1 : 0)
        && Number().IsMatch(folded)
        && !line.Contains("关于", StringComparison.Ordinal);

    /// <summary>发文机关标志: …文件, and …令 or …公告 above a number.</summary>
    public static bool IsLetterhead(string line) =>
        line.Length <= 50 && Letterhead().IsMatch(CanonicalText.Fold(line)) && !line.Contains("关于", StringComparison.Ordinal);

    /// <summary>Where the date begins in a line that has one; -1 for none.</summary>
    public static int DateIn(string line) => YearIn().Match(line) is { Success: true } year ? year.Index : -1;

    /// <summary>抄送, 抄报, 分送.</summary>
    public static bool IsCopies(string line) => line[0] is '抄' or '分' or '主' && CopiesStart().IsMatch(CanonicalText.Fold(line));

    /// <summary>印发机关和印发日期.</summary>
    public static bool IsIssuing(string line) =>
        line.Length is > 6 and <= 80 && line.Contains('印') && IssuingLine().IsMatch(CanonicalText.Fold(line));

    /// <summary>（此件公开发布）, 信息公开选项, 联系人 and 主题词: what stands below the signature.</summary>
    public static bool IsTailNote(string line) =>
        line.Length <= 200
        && (line[0] is '（' or '(' or '【' or '[' && Bracketed().IsMatch(line) || TailNote().IsMatch(CanonicalText.Fold(line)));

    /// <summary>A whole line in brackets.</summary>
    public static bool IsBracketed(string line) => line[0] is '（' or '(' && Bracketed().IsMatch(line);

    /// <summary>The line that tells when a regulation was promulgated or revised.</summary>
    public static bool IsPromulgation(string line) => line.Length <= 400 && Promulgation().IsMatch(CanonicalText.Fold(line));

    /// <summary>[注1] and its words.</summary>
    public static bool IsFootnote(string line) => line[0] is '[' && Footnote().IsMatch(line);

    /// <summary>目录.</summary>
    public static bool IsContents(string line) => line.Length <= 10 && CanonicalText.Fold(line) is "目录" or "目次";

    /// <summary>附则, which closes a regulation, also without the number of its chapter.</summary>
    public static bool IsClosingChapter(string line) => line.Length <= 6 && CanonicalText.Fold(line) is "附则";

    /// <summary>The number with which notes begin: 1 for 注：1.…, 0 for 备注： alone; null for no notes.</summary>
    public static int? NoteOf(string line)
    {
        if (line[0] is not ('注' or '备' or '说' or '填') || NotesStart().Match(line) is not { Success: true } match)
            return null;
        if (match.Length == line.Length)
            return 0;
        return ListMark.Of(line[match.Length..]) is { Number: 1, Style: MarkStyle.Arabic or MarkStyle.BracketedArabic } ? 1 : null;
    }

    /// <summary>附件2, 附 件 一, 附件3-1, 附表, 附： at the beginning of a line; null where there is none, as in 附件所列.</summary>
    public static AttachmentMark? AttachmentOf(string line)
    {
        var at = line[0] is '【' or '[' or '（' or '(' ? 1 : 0;
        if (at >= line.Length || line[at] is not '附')
            return null;
        at = Skip(line, at + 1);
        var named = at < line.Length && line[at] is '件' or '表' or '录' or '图';
        if (named)
            at++;
        var end = at;
        var numbered = false;
        if (named)
        {
            var number = Skip(line, at);
            var to = number;
            while (
                to < line.Length
                && (
                    char.IsDigit(line[to])
                    || to > number && line[to] is '-' or '－' or '—' or '–' && to + 1 < line.Length && char.IsDigit(line[to + 1])
                )
            )
                to++;
            if (to == number)
                while (to < line.Length && to < number + 3 && "一二三四五六七八九十".Contains(line[to], StringComparison.Ordinal))
                    to++;
            if (
                to == number
                && number < line.Length
                && line[number] is >= 'A' and <= 'Z'
                && (number + 1 == line.Length || !char.IsAsciiLetterOrDigit(line[number + 1]))
            )
                to++;
            if (to > number)
                (end, numbered) = (to, true);
        }
        if (end < line.Length && line[0] is not '附' && line[end] is '】' or ']' or '）' or ')')
            end++;
        var next = Skip(line, end);
        if (next == line.Length)
            return named ? new(line, line.Length, numbered, false) : null;
        if (line[next] is '：' or ':')
            return new(line[..(next + 1)], next + 1, numbered, true);
        if (!named)
            return null;
        if (numbered && line[next] is '.' or '．' or '、')
            return new(line[..(next + 1)], next + 1, true, false);
        // 附件1推荐表 begins one; 附件所列 and 附件1中的 speak of one.
        if (
            next == end
            && (
                !numbered || "所中的和至与及、，或是为内里列载规下附后”》）)年月日条份个项款".Contains(line[next], StringComparison.Ordinal)
            )
        )
            return null;
        return line.IndexOf('。') < 0 && line.Length <= LongestNamedTitle ? new(line[..end], end, numbered, false) : null;

        static int Skip(string line, int at)
        {
            while (at < line.Length && line[at] is ' ')
                at++;
            return at;
        }
    }

    [GeneratedRegex(
        "^(?:为了?|根据|按照|依据|现将|现就|经|兹).*[，,]|《.*》(?:已|业)经|^(?:特此|此复|此致|敬礼)|[：:].*[0-9]{5,}",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Leading();

    [GeneratedRegex(
        @"(?:通知|意见|方案|要点|批复|函|公告|通告|令|决定|决议|纪要|办法|规定|细则|条例|规则|报告|请示|通报|规划|计划|章程|标准|规范|指南|指引|目录|清单|预案|制度|措施|答复|说明|公报|准则|守则|公约|名单|汇总表|一览表|表|通知书|意见书|书|议案|总结|纲要|大纲|安排|分工|政策|法|法典|流程|职责|任务|协议|合同|通则|导则|须知|倡议|提纲|事项|名录|示意图|图|台账|样式|格式|模板|规程|机制|要求|事宜|情况|选项)(?:\([^()]{1,16}\))*$",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Kind();

    [GeneratedRegex(
        @"^\((?:(?:试行|暂行|修订|草案|修正|送审稿|征求意见稿|讨论稿|代拟稿|节选|摘要|样式|格式|模板|[0-9]{4}年?(?:[-—–~至][0-9]{4}年?|版|年版|修订|本)?)[^()]{0,6})\)$",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex TitleSuffix();

    [GeneratedRegex(
        @"^(?:[0-9]{4}|[二一][〇○零OoΟ〇0一二三四五六七八九]{3})年(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})月(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})日$|^(?:19|20)[0-9]{2}[./-][0-9]{1,2}[./-][0-9]{1,2}$",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex DateLine();

    [GeneratedRegex(
        "(?:[府厅局委室院部处站署司科股办校社所队馆台园区县市镇乡村厂店团组]|(?:委员|协|学|联合|工|商|理事|委|促进|研究|基金|总|联席|常|人大常|监事|职代)会|(?:银|支|分|商|总)行|街道|办公室|中心|公司|集团|大学|学院|医院|银行|法院|检察院|分局|指挥部|联合会|协会|学会|总工会|党委|党组|基金|机构|政务网|支队|大队)$",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Body();

    [GeneratedRegex("(?:[0-9０-９]{4}|[二一][〇○零OoΟ〇0一二三四五六七八九]{3}) ?年", RegexOptions.NonBacktracking)]
    private static partial Regex YearIn();

    [GeneratedRegex("[ 　、，,]+", RegexOptions.NonBacktracking)]
    private static partial Regex Separators();

    [GeneratedRegex("[（(](?:盖章|印章|公章|章|代章)[）)]", RegexOptions.NonBacktracking)]
    private static partial Regex Seal();

    [GeneratedRegex(
        "如下|以下[^简]|决定|作出|《|(?:如次|下列[^，]{0,12}|包括|其中|为|是|即|修改为|通知|公告|规定|决定|意见|答复|要求|事项)[：:]$|^(?:为了?|根据|按照|依据|经|现|特|出席|列席|参加|主持|记录|附件|责任|牵头|配合|联系|电话|地址|一|二|三|四|五|第)",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Introducing();

    [GeneratedRegex(
        @"^(?:(?:份号[:：]?)?[0-9]{6}|(?:密级[:：]?)?(?:绝密|机密|秘密|内部资料|内部)(?:[★☆*].*)?|特提|特急|加急|平急|急件|紧急程度[:：].*|份号[:：].*|签发人[:：].*|会签人[:：].*|[0-9]{6}(?:绝密|机密|秘密|特急|加急).*|(?:绝密|机密|秘密)(?:[★☆*][^。]{0,8})?(?:特急|加急|平急))$",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Marking();

    [GeneratedRegex(
        "^[【〖\\[]?(?:发布时间|发布日期|发文日期|发布机构|发布单位|信息来源|文章来源|来源|作者|浏览次数|浏览量|浏览|点击数|点击|访问量|阅读|字号|字体|索引号|主题分类|信息分类|发文机关|发文单位|发文字号|文号|成文日期|生成日期|公开日期|公开方式|公开范围|公开时限|统一登记号|登记号|标题|名称|有效性|时效性|效力状态|主题词|关键词|体裁分类|文章标签|分享到|打印|当前位置|您的位置|信息公开选项|公开选项|公开类别|公开属性|公开程序|公文种类|文种|信息名称|内容概述|有效期|题名|档号|责任者|发件人|收件人|发送时间|主题|From|Sent|To|Cc|Subject|Attachments|时间|日期|责任编辑|编辑)[】〗\\]]?[:：]|^[【〖][^】〗]{2,8}[】〗][^，。；]{1,60}$",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex SiteLine();

    // 当前位置：首页 > 政务公开, and the address of the site.
    [GeneratedRegex(
        "首页[>＞»›/]|(?:所在|当前|现在)的?位置[:：]|^[^。]{0,30}(?:https?://|www\\.)[a-zA-Z0-9.-]+[^。]{0,40}$",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Path();

    [GeneratedRegex("^[-—–－―·]+[0-9]{1,4}[-—–－―·]+$|^第[0-9]{1,4}页(?:[,/，]?共[0-9]{1,4}页)?$", RegexOptions.NonBacktracking)]
    private static partial Regex PageNumber();

    [GeneratedRegex(
        "^(?:[【\\[]?(?:关闭|打印|收藏|返回)(?:窗口|本页|顶部|列表)?[】\\]]|上一[篇条][:：]|下一[篇条][:：]|扫一扫|扫描二维码|分享到|相关(?:附件|解读|链接|文档|信息|稿件|阅读)|附件下载|政策解读[:：]|图解[:：]|主办(?:单位)?[:：]|承办(?:单位)?[:：]|技术支持|版权所有|网站(?:标识码|地图|声明)|责任编辑[:：]|打印本页|阅读原文|来源[:：]|监制[:：]|编辑[:：]|Copyright|.{0,20}(?:ICP备|公网安备))",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase
    )]
    private static partial Regex PageEnd();

    [GeneratedRegex("^[^:：，。；《》、0-9]{2,8}[:：][^:：。；]{1,50}$", RegexOptions.NonBacktracking)]
    private static partial Regex Labelled();

    [GeneratedRegex(
        @"^[(\[]?(?:[\p{Lo}()A-Za-z、]{0,30}[〔\[【(〈《<﹝［](?:19|20)[0-9]{2}年?[〕\]】)〉》>﹞］](?:第?[0-9]{1,6}(?:-[0-9]{1,4})?号|号)|\p{Lo}{0,24}?(?:(?:19|20)[0-9]{2}年)?(?:第[0-9]{1,6}|第[零〇一二三四五六七八九十百]{1,7})[号期])[)\]]?$",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Number();

    [GeneratedRegex("(?:文件|(?:政府|局|委员会|厅|部|院|办公室|委)(?:令|公告|通告|公报)|纪要)$", RegexOptions.NonBacktracking)]
    private static partial Regex Letterhead();

    [GeneratedRegex("^(?:抄送|抄报|分送|主送)(?:单位|机关)?[:：]", RegexOptions.NonBacktracking)]
    private static partial Regex CopiesStart();

    [GeneratedRegex(
        "(?:[0-9]{4}|[二一][〇○零OoΟ0一二三四五六七八九]{3})年(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})月(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})日印(?:发|制)?(?:[(（].{0,10}[)）])?$",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex IssuingLine();

    [GeneratedRegex(
        "^(?:信息公开选项|信息公开类别|公开选项|公开方式|公开属性|公开类别|政府信息公开|联系人|联系单位|联系电话|联系方式|联系地址|咨询电话|电话|传真|地址|邮编|邮箱|电子邮箱|e-?mail|网址|主题词|此件|校对|共印|打字|责任编辑|解读链接|政策解读|相关解读|相关链接|是否宜公开)[^。]{0,3}[:：]|^(?:此件|公开选项|主动公开|依申请公开|不予公开)[^。]{0,12}$|^共印[0-9]+份",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase
    )]
    private static partial Regex TailNote();

    [GeneratedRegex(@"^[（(【\[](?:[^（）()【】\[\]]|[（(][^（）()]*[）)])*[）)】\]]$", RegexOptions.NonBacktracking)]
    private static partial Regex Bracketed();

    [GeneratedRegex(
        @"^[(（]?[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日.{2,380}(?:公布|通过|修订|修正|施行|批准|发布|号)[)）]?$",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Promulgation();

    [GeneratedRegex("^(?:注|备注|说明|填表说明|注意事项|填写说明) ?[：:] ?", RegexOptions.NonBacktracking)]
    private static partial Regex NotesStart();

    [GeneratedRegex(@"^\[注[0-9]+\]", RegexOptions.NonBacktracking)]
    private static partial Regex Footnote();
}

/// <summary>The mark that an attachment or a list of attachments begins with.</summary>
/// <param name="Label">附件1, 附件：.</param>
/// <param name="Length">How long it is, in UTF-16 code units.</param>
/// <param name="IsNumbered">Whether it has a number.</param>
/// <param name="HasColon">Whether a colon follows.</param>
readonly record struct AttachmentMark(string Label, int Length, bool IsNumbered, bool HasColon);
