using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.ServiceDefaults.Http;

/// <summary>ETag, If-Match and If-None-Match (RFC 9110, 13). The tag of a resource is the version of its event stream.</summary>
public static class ConditionalRequests
{
    /// <summary>
    /// The tag of a version: <c>"5"</c>. What is decided already and begins on a later day changes what is read without another version: as
    /// long as something of
    /// that kind is ahead, the tag says how much, <c>"5+1"</c>. Writes take either.
    /// </summary>
    public static string Tag(long version, int ahead = 0) =>
        Tag(version, ahead > 0 ? string.Create(CultureInfo.InvariantCulture, $"{ahead}") : "");

    /// <summary>The tag of a version as those see it who do not work on it: another representation of the same version.</summary>
    /// <param name="version">The version.</param>
    /// <param name="inside">Whether the caller works on it.</param>
    /// <param name="ahead">How much of what is decided is still ahead.</param>
    public static string Tag(long version, bool inside, int ahead = 0) =>
        Tag(version, $"{(ahead > 0 ? ahead.ToString(CultureInfo.InvariantCulture) : "")}{(inside ? "" : "p")}");

    /// <summary>
    /// The tag of a version that is shown together with something else: <c>"5+7.1"</c>. Writes take it as that of the version.
    /// </summary>
    public static string Tag(long version, string beside) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{version}{(beside.Length > 0 ? $"+{beside}" : "")}\"");

    /// <summary>The tag of what comes with the platform, until somebody sets it: another release may have another.</summary>
    /// <param name="of">A type of the service that it comes with.</param>
    public static string BuiltIn(Type of) => Tag(0, of.Assembly.ManifestModule.ModuleVersionId.ToString("N")[..12]);

    /// <summary>What a tag says of things that have no version together: others, or another one of them, make another.</summary>
    public static string Mark(IEnumerable<string> things) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', things))))[..16];

    /// <summary>
    /// The answer to a read: 304 when the caller has this representation already, the body otherwise. The tag names everything the
    /// representation depends on, so a public and a staff view of one version never share one.
    /// </summary>
    public static IResult Conditional(this HttpContext http, string tag, Func<IResult> body) =>
        http.KnowsAlready(tag) ? NotModified : body();

    /// <summary>The same for a body that takes work to make.</summary>
    public static async Task<IResult> ConditionalAsync(this HttpContext http, string tag, Func<Task<IResult>> body) =>
        http.KnowsAlready(tag) ? NotModified : await body();

    static readonly IResult NotModified = Results.StatusCode(StatusCodes.Status304NotModified);

    static bool KnowsAlready(this HttpContext http, string tag)
    {
        if (Languages.IsChinese)
            tag = $"{tag[..^1]}{(tag.Contains('+', StringComparison.Ordinal) ? "" : "+")}zh\"";
        http.Response.Headers.ETag = tag;
        Languages.Tell(http);
        // The gateway and any CDN may keep what the public reads, and must ask whether it is still so: a change is visible at once. What a
        // caller reads is the caller's.
        http.Response.Headers.CacheControl = http.User.Identity?.IsAuthenticated is true ? "private, no-cache" : "public, no-cache";
        http.Response.Headers.Append(HeaderNames.Vary, "Authorization, Accept, Accept-Encoding");
        if (!http.Request.Headers.ContainsKey(HeaderNames.IfNoneMatch))
            return false;
        var mine = EntityTagHeaderValue.Parse(tag);
        return http
            .Request.GetTypedHeaders()
            .IfNoneMatch.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(mine, useStrongComparison: false));
    }

    /// <summary>
    /// Of the media types offered, the one that the caller likes best; the first when nothing is said, null when none will do.
    /// </summary>
    public static string? Accepted(this HttpRequest request, IReadOnlyList<string> offered)
    {
        var accepted = request.GetTypedHeaders().Accept;
        if (accepted.Count == 0)
            return offered[0];
        // Of the ranges that a type falls under, the narrowest says how much it is liked (RFC 9110, 12.5.1); parameters make no difference
        // here.
        return offered
            .Select(o =>
                (
                    Type: o,
                    Quality: accepted
                        .Where(a => Covers(a, o))
                        .OrderBy(a =>
                            a.MatchesAllTypes ? 2
                            : a.MatchesAllSubTypes ? 1
                            : 0
                        )
                        .FirstOrDefault()
                        is { } range
                        ? range.Quality ?? 1
                        : 0
                )
            )
            .Where(o => o.Quality > 0)
            .OrderByDescending(o => o.Quality)
            .FirstOrDefault()
            .Type;

        static bool Covers(MediaTypeHeaderValue range, string type) =>
            range.MatchesAllTypes
            || range.MatchesAllSubTypes && type.StartsWith($"{range.Type}/", StringComparison.OrdinalIgnoreCase)
            || range.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Null when the caller's If-Match allows writing over <paramref name="version"/>, the problem otherwise.</summary>
    public static Problem? StaleIfMatch(this HttpRequest request, long version)
    {
        if (!request.Headers.ContainsKey(HeaderNames.IfMatch))
            return null;
        var wanted = request.GetTypedHeaders().IfMatch;
        if (wanted.Count == 0)
            return CommonProblems.Malformed.With("If-Match is not a list of entity tags. Send the ETag of the last read, quotes included.");
        return wanted.Any(tag =>
            tag.Equals(EntityTagHeaderValue.Any)
            || !tag.IsWeak && tag.Tag.ToString().Trim('"').Split('+')[0] == version.ToString(CultureInfo.InvariantCulture)
        )
            ? null
            : CommonProblems.Stale.With(
                $"The current version is {version}. Read the resource again, and repeat the change on top of it."
            ) with
            {
                Extensions = new Dictionary<string, object?> { ["currentVersion"] = version },
            };
    }
}
