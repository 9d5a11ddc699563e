using System.Text;

namespace PolicyPlatform.ServiceDefaults;

/// <summary>The encodings in which texts come: UTF-8, and GB18030 with its older subsets GBK and GB2312. Bytes that are no text are refused, never replaced.</summary>
public static class TextEncodings
{
    static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    static readonly Encoding Gb18030 = CodePagesEncodingProvider.Instance.GetEncoding("GB18030", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    /// <summary>The encoding that a charset names, UTF-8 for none; null for one that is not read.</summary>
    public static Encoding? Named(string? charset) => charset?.Trim('"').ToLowerInvariant() switch
    {
        null or "" or "utf-8" or "utf8" => Utf8,
        "gb18030" or "gbk" or "gb2312" => Gb18030,
        _ => null,
    };

    /// <summary>The text of a file that does not say how it is encoded: UTF-8 when it can be that, GB18030 otherwise; null when it is neither.</summary>
    public static string? Detect(ReadOnlySpan<byte> file)
    {
        foreach (var encoding in new[] { Utf8, Gb18030 })
        {
            try
            {
                return encoding.GetString(file);
            }
            catch (DecoderFallbackException)
            {
            }
        }
        return null;
    }
}
