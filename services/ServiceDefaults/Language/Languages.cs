using System.Collections.Frozen;
using System.Globalization;
using System.Resources;

namespace PolicyPlatform.ServiceDefaults.Language;

/// <summary>
/// The languages that people are answered in: English, and Chinese where <c>Accept-Language</c> prefers it or a form in a browser is sent
/// without one. Data, codes and the names of members are the same in every language.
/// </summary>
public static partial class Languages
{
    /// <summary>The language in which sentences are written.</summary>
    public static readonly CultureInfo English = new("en");

    /// <summary>中文; <c>Wordings.zh.resx</c> has its words.</summary>
    public static readonly CultureInfo Chinese = new("zh");

    static readonly FrozenDictionary<string, ResourceManager> Words = new[] { Chinese }.ToFrozenDictionary(
        l => l.Name,
        l => new ResourceManager($"Wordings.{l.Name}", typeof(Languages).Assembly)
    );

    /// <summary>The words that a language has for an English pattern; null where it has none.</summary>
    internal static string? Pattern(string english, CultureInfo language) =>
        Words.GetValueOrDefault(language.Name)?.GetString(english, CultureInfo.InvariantCulture);

    /// <summary>The language that the request is answered in.</summary>
    public static bool IsChinese => CultureInfo.CurrentUICulture.Name == Chinese.Name;
}
