using System.Text.RegularExpressions;

namespace PolicyPlatform.Shared.Search;

/// <summary>
/// What the words of a question are worth looking for: pairs of neighbouring Chinese characters, and words of letters and digits. No
/// dictionary decides what a word is.
/// </summary>
public static partial class Questions
{
    /// <summary>A question as policies are written: with the usual forms of its characters, and simplified ones.</summary>
    public static string Folded(string question) => SimplifiedCharacters.Of(CompatibilityForms.Fold(question));

    /// <summary>The terms of a text in their order, with repetitions; words that every question has are left out.</summary>
    public static IEnumerable<string> Terms(string text)
    {
        foreach (Match run in Runs().Matches(Asking().Replace(Folded(text).ToLowerInvariant(), " ")))
        {
            if (char.IsAsciiLetterOrDigit(run.ValueSpan[0]))
                yield return run.Value;
            else if (run.Length == 1)
                yield return run.Value;
            else
                for (var i = 1; i < run.Length; i++)
                    yield return run.Value.Substring(i - 1, 2);
        }
    }

    [GeneratedRegex(
        "〔已隐去〕|请问|你好|您好|怎么样|怎么办|咋办|咋整|咋样|行不行|成不成|好不好|对不对|用不用|该不该|啥时候|凭什么|凭啥|为什么|为啥|哪儿|怎么|怎样|什么时候|什么|如何|可不可以|可以|多少|哪些|哪里|哪个|是否|能否|能不能|是不是|有没有|要不要|会不会|谢谢|我们|我家|家里|家中|一下|需要|应该|想问|想知道|到底|现在|太(?=[冷热贵高低慢少多远])|能(?=[退领办申享报减免拿用去买])|[我你您吗呢吧啊的了]"
    )]
    private static partial Regex Asking();

    [GeneratedRegex(@"[a-z0-9]+|[\p{IsCJKUnifiedIdeographs}]+", RegexOptions.NonBacktracking)]
    private static partial Regex Runs();
}
