using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Reading;

namespace PolicyPlatform.Gateway.Keeping;

/// <summary>
/// Which reads are answered out of what is kept: those on this list, of the public, that ask for nothing but what everybody is shown. What is not
/// on it goes to its service each time: whatever is behind a receipt, a role or a limit, what counts what the public sends, and files.
/// </summary>
static partial class KeptReads
{
    // Nobody who only reads asks for more than that.
    const int LongestName = 2 * 1024;

    // Who sends one of these asks for something of their own, for a part, for what is new, or under a condition that only the service knows.
    static readonly string[] OwnTerms =
    [
        HeaderNames.Authorization,
        HeaderNames.Cookie,
        HeaderNames.CacheControl,
        HeaderNames.Pragma,
        HeaderNames.Range,
        HeaderNames.IfRange,
        HeaderNames.IfMatch,
        HeaderNames.IfModifiedSince,
        HeaderNames.IfUnmodifiedSince,
        HeaderNames.TransferEncoding,
        HeaderNames.Upgrade,
        ReadHeaders.Position,
    ];

    // What a representation is chosen by; all of it is part of its name.
    static readonly string[] ChosenBy = [HeaderNames.Accept, HeaderNames.AcceptLanguage, HeaderNames.AcceptEncoding];

    /// <summary>Whether this is such a read.</summary>
    public static bool Includes(HttpContext http)
    {
        var request = http.Request;
        if (!HttpMethods.IsGet(request.Method) || request.ContentLength > 0)
            return false;
        foreach (var header in OwnTerms)
            if (request.Headers.ContainsKey(header))
                return false;
        return IsListed().IsMatch(request.Path.Value ?? "") && RequestLimits.Exceeded(request) is null;
    }

    /// <summary>Whether its answer counts what the public sends without a token.</summary>
    public static bool Counts(PathString path) => CountsComments().IsMatch(path.Value ?? "");

    /// <summary>
    /// What is asked for and in which form, sign by sign as it was sent; null where that is longer than is remembered. Whatever an answer depends on
    /// stands in it: an address that is written in another way is another name.
    /// </summary>
    public static string? NameOf(HttpContext http)
    {
        var request = http.Request;
        var name = string.Join(
            '\n',
            request.Scheme,
            request.Host.Value,
            http.Features.Get<IHttpRequestFeature>()!.RawTarget,
            request.Headers.Accept.ToString(),
            request.Headers.AcceptLanguage.ToString(),
            request.Headers.AcceptEncoding.ToString()
        );
        return name.Length <= LongestName ? name : null;
    }

    /// <summary>Whether everybody may be shown this answer again who asks for the same.</summary>
    public static bool IsForEverybody(HttpResponse answer)
    {
        var headers = answer.Headers;
        if (answer.StatusCode != StatusCodes.Status200OK || headers.ContainsKey(HeaderNames.SetCookie))
            return false;
        foreach (var allowed in headers.CacheControl)
            if (
                allowed is not null
                && (
                    allowed.Contains("no-store", StringComparison.OrdinalIgnoreCase)
                    || allowed.Contains("private", StringComparison.OrdinalIgnoreCase)
                )
            )
                return false;
        foreach (var varied in headers.Vary)
        foreach (var by in varied?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [])
            // Who sends a token is not answered from here at all, and the origin changes nothing of what a service answers.
            if (
                !ChosenBy.Contains(by, StringComparer.OrdinalIgnoreCase)
                && !by.Equals(HeaderNames.Authorization, StringComparison.OrdinalIgnoreCase)
                && !by.Equals(HeaderNames.Origin, StringComparison.OrdinalIgnoreCase)
            )
                return false;
        return true;
    }

    [GeneratedRegex(
        @"^/api/v1/(documents/[^/]+(/(page|relations|history|interpretations|consultations|revisions(/[^/]+)?))?|library(/feed\.atom)?|interpretations(/[^/]+(/document)?)?|(questions|benefits|organisations|subjects|topics)(/[^/]+)?|lists(/[^/]+(/(entries(/[^/]+(/history)?)?|versions))?)?|consultations(/[^/]+(/revisions/[^/]+)?)?)$",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex IsListed();

    [GeneratedRegex(
        @"^/api/v1/consultations/[^/]+$",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex CountsComments();
}
