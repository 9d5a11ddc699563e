using System.Text;

namespace PolicyPlatform.ServiceDefaults;

/// <summary>
/// The one rule by which every string that comes in is cleaned, titles, notes, names and texts alike: what XML forbids, what cannot be seen
/// (zero-width, direction and
/// soft-hyphen marks) goes; line separators of every kind become \n; Kangxi radicals, which scanners and PDF files put in place of
/// characters, become the characters; so do
/// compatibility ideographs, except in texts, where a person's name may be written with one. What is cleaned can be shown, fed and exported
/// everywhere.
/// </summary>
public static class Characters
{
    /// <summary>A title, a note, a name: cleaned.</summary>
    public static string Clean(string given) => Clean(given, compatibility: true);

    /// <summary>A text: cleaned, its compatibility ideographs as they were given.</summary>
    public static string CleanText(string given) => Clean(given, compatibility: false);

    /// <summary>What was given; null where nothing was, or only blanks, as forms send what nobody filled in.</summary>
    public static string? OrNone(this string? given) => string.IsNullOrWhiteSpace(given) ? null : given;

    /// <summary>Whether every surrogate has its other half. A string of which one does not cannot be stored or sent.</summary>
    public static bool AreWhole(string given)
    {
        for (var i = 0; i < given.Length; i++)
        {
            if (!char.IsSurrogate(given[i]))
                continue;
            if (!char.IsHighSurrogate(given[i]) || i + 1 == given.Length || !char.IsLowSurrogate(given[i + 1]))
                return false;
            i++;
        }
        return true;
    }

    static string Clean(string given, bool compatibility)
    {
        var at = 0;
        while (at < given.Length && given[at] is not Gone && Cleaned(given[at], compatibility) == given[at])
            at++;
        if (at == given.Length)
            return given;
        var clean = new StringBuilder(given.Length).Append(given, 0, at);
        for (; at < given.Length; at++)
        {
            // Windows ends a line with two characters.
            if (given[at] is '\r' && at + 1 < given.Length && given[at + 1] is '\n')
                continue;
            if (Cleaned(given[at], compatibility) is var c and not Gone)
                clean.Append(c);
        }
        return clean.ToString();
    }

    const char Gone = '\0';

    static char Cleaned(char c, bool compatibility) =>
        c switch
        {
            // By far the most.
            >= '\u3000' and < '\uD800' => c,
            >= ' ' and < '\u007F' or '\t' or '\n' => c,
            '\r' or '\u000B' or '\u000C' or '\u0085' or '\u2028' or '\u2029' => '\n',
            < ' ' or (>= '\u007F' and < '\u00A0') or '\u00AD' or '\u061C' or '\u180E' => Gone,
            (>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E') or (>= '\u2060' and <= '\u206F') or '\uFEFF' => Gone,
            (>= '\uFDD0' and <= '\uFDEF') or (>= '\uFFF0' and <= '\uFFFB') or '\uFFFE' or '\uFFFF' => Gone,
            >= FirstRadical and < (char)(FirstRadical + RadicalCount) => Radicals[c - FirstRadical],
            >= FirstIdeograph and < (char)(FirstIdeograph + IdeographCount) when compatibility => Ideographs[c - FirstIdeograph],
            _ => c,
        };

    const char FirstRadical = '\u2F00',
        FirstIdeograph = '\uF900';

    const int RadicalCount = 214,
        IdeographCount = 474;

    // The characters that Unicode holds equal to U+2F00 to U+2FD5.
    const string Radicals =
        "一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口囗土士夂夊夕大女子宀寸小尢尸屮山巛工己巾干幺广廴廾弋弓彐彡彳心戈戶手支攴文斗斤方无日曰月木欠止歹殳毋比毛氏气水火爪父爻爿片牙牛犬玄玉瓜瓦甘生用田疋疒癶白皮"
        + "皿目矛矢石示禸禾穴立竹米糸缶网羊羽老而耒耳聿肉臣自至臼舌舛舟艮色艸虍虫血行衣襾見角言谷豆豕豸貝赤走足身車辛辰辵邑酉釆里金長門阜隶隹雨靑非面革韋韭音頁風飛食首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿麥麻黃黍黑黹黽鼎鼓鼠鼻齊齒龍龜龠";

    // Those of U+F900 to U+FAD9; what has none, or one beyond the first plane, stands for itself.
    const string Ideographs =
        "豈更車賈滑串句龜龜契金喇奈懶癩羅蘿螺裸邏樂洛烙珞落酪駱亂卵欄爛蘭鸞嵐濫藍襤拉臘蠟廊朗浪狼郎來冷勞擄櫓爐盧老蘆虜路露魯鷺碌祿綠菉錄鹿論壟弄籠聾牢磊賂雷壘屢樓淚漏累縷陋勒肋凜凌稜綾菱陵讀拏樂諾丹寧怒率異北磻便復不泌數索參塞省葉說殺辰沈拾若掠"
        + "略亮兩凉梁糧良諒量勵呂女廬旅濾礪閭驪麗黎力曆歷轢年憐戀撚漣煉璉秊練聯輦蓮連鍊列劣咽烈裂說廉念捻殮簾獵令囹寧嶺怜玲瑩羚聆鈴零靈領例禮醴隸惡了僚寮尿料樂燎療蓼遼龍暈阮劉杻柳流溜琉留硫紐類六戮陸倫崙淪輪律慄栗率隆利吏履易李梨泥理痢罹裏裡里離匿"
        + "溺吝燐璘藺隣鱗麟林淋臨立笠粒狀炙識什茶刺切度拓糖宅洞暴輻行降見廓兀嗀\uFA0E\uFA0F塚\uFA11晴\uFA13\uFA14凞猪益礼神祥福靖精羽\uFA1F蘒\uFA21諸\uFA23\uFA24逸都\uFA27\uFA28\uFA29飯飼館鶴郞隷侮僧免勉勤卑喝嘆器塀墨層屮悔慨憎懲敏既暑梅海渚漢煮爫琢碑社祉祈祐祖祝禍禎穀突節練縉繁署者臭艹艹著褐視"
        + "謁謹賓贈辶逸難響頻恵\uFA6C舘\uFA6E\uFA6F並况全侀充冀勇勺喝啕喙嗢塚墳奄奔婢嬨廒廙彩徭惘慎愈憎慠懲戴揄搜摒敖晴朗望杖歹殺流滛滋漢瀞煮瞧爵犯猪瑱甆画瘝瘟益盛直睊着磌窱節类絛練缾者荒華蝹襁覆視調諸請謁諾諭謹變贈輸遲醙鉶陼難靖韛響頋頻鬒龜\uFACF\uFAD0\uFAD1㮝䀘䀹\uFAD5\uFAD6\uFAD7"
        + "齃龎";
}

/// <summary>Marks a member whose words are a text: its compatibility ideographs stay as they are given.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class IsTextAttribute : Attribute;
