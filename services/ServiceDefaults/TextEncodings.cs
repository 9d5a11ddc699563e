using System.Text;

namespace PolicyPlatform.ServiceDefaults;

/// <summary>
/// The encodings in which texts come: UTF-8, and GB18030 with its older subsets GBK and GB2312. Bytes that are no text are refused, never
/// replaced.
/// </summary>
public static class TextEncodings
{
    static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    static readonly Encoding Gb18030 = CodePagesEncodingProvider.Instance.GetEncoding(
        "GB18030",
        EncoderFallback.ExceptionFallback,
        DecoderFallback.ExceptionFallback
    )!;

    /// <summary>The encoding that a charset names, UTF-8 for none; null for one that is not read.</summary>
    public static Encoding? Named(string? charset) =>
        charset?.Trim('"').ToLowerInvariant() switch
        {
            null or "" or "utf-8" or "utf8" => Utf8,
            "gb18030" or "gbk" or "gb2312" => Gb18030,
            _ => null,
        };

    /// <summary>
    /// The text of a file that does not say how it is encoded: UTF-8 when it can be that, GB18030 otherwise; null when it is neither.
    /// </summary>
    public static string? Detect(ReadOnlySpan<byte> file) => Read(Utf8, file) ?? Read(Gb18030, file);

    /// <summary>
    /// The name of a file, in a few bytes: 目录 in GBK is valid UTF-8 as well, for letters that no name here has. Where one reading has
    /// Chinese characters alone, it is that one.
    /// </summary>
    public static string? DetectName(ReadOnlySpan<byte> name)
    {
        var utf8 = Read(Utf8, name);
        if (utf8 is null || utf8.Any(c => c >= 0x800))
            return utf8 ?? Read(Gb18030, name);
        return Read(Gb18030, name) is { } gbk && gbk.All(c => c < 0x80 || c is >= '\u4E00' and <= '\u9FFF') ? gbk : utf8;
    }

    static string? Read(Encoding encoding, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return encoding.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
