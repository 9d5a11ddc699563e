using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.ServiceDefaults.Http;

/// <summary>One page of a list.</summary>
/// <param name="Items">The items, in the order asked for.</param>
/// <param name="NextPageToken">Send it as <c>pageToken</c> for the next page; null on the last one.</param>
public record Page<T>(IReadOnlyList<T> Items, string? NextPageToken) : IPage;

/// <summary>A page that another may follow.</summary>
public interface IPage
{
    /// <summary>Send it as <c>pageToken</c> for the next page; null on the last one.</summary>
    string? NextPageToken { get; }
}

/// <summary>The <c>Link</c> header of a page (RFC 8288), for those who follow links instead of reading tokens.</summary>
public static class PageLinks
{
    /// <summary>Adds it to whatever answers with a page.</summary>
    internal static async ValueTask<object?> Add(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var answer = await next(context);
        if (answer is IValueHttpResult { Value: IPage page })
            context.HttpContext.LinkPage(page.NextPageToken);
        return answer;
    }

    /// <summary>Adds the links to the first and to the next page of what was asked for; on the last page there is no next one.</summary>
    public static void LinkPage(this HttpContext http, string? nextPageToken)
    {
        if (http.Request.Query.ContainsKey("pageToken"))
            Link("first", null);
        if (nextPageToken is not null)
            Link("next", nextPageToken);

        void Link(string relation, string? token)
        {
            var query = QueryString.Create(
                http.Request.Query.Where(q => !q.Key.Equals("pageToken", StringComparison.OrdinalIgnoreCase))
                    .SelectMany(q => q.Value.Select(v => KeyValuePair.Create(q.Key, v)))
                    .Concat(token is null ? [] : [KeyValuePair.Create("pageToken", (string?)token)])
            );
            http.Response.Headers.Append(HeaderNames.Link, $"<{http.Request.Path}{query}>; rel=\"{relation}\"");
        }
    }
}

/// <summary>
/// Which page of a list is asked for: <c>pageSize</c> (default 20, at most 200) and <c>pageToken</c>. A token remembers the place after the
/// last item, not a count, so that items that come in between neither repeat nor hide others.
/// </summary>
/// <param name="Size">How many items at most.</param>
/// <param name="After">Where the last page ended; null for the first.</param>
/// <param name="List">Which list it is: its tokens are no other's.</param>
public sealed record PageRequest<TPlace>(int Size, TPlace? After, string List)
    where TPlace : class
{
    /// <summary>
    /// Makes the page out of at least <see cref="Size"/> + 1 items, where there are so many: those too many tell that another page follows.
    /// </summary>
    /// <param name="rows">The items, in the order asked for.</param>
    /// <param name="item">What is shown of one.</param>
    /// <param name="place">Where one stands.</param>
    /// <param name="more">Whether it is known that others follow.</param>
    public Page<T> Page<T, TRow>(IReadOnlyList<TRow> rows, Func<TRow, T> item, Func<TRow, TPlace> place, bool more = false)
    {
        var shown = rows.Take(Size).ToArray();
        var next =
            rows.Count > Size || more
                ? Base64Url.EncodeToString(
                    JsonSerializer.SerializeToUtf8Bytes(new PlaceIn<TPlace>(List, place(shown[^1])), JsonDefaults.Options)
                )
                : null;
        return new([.. shown.Select(item)], next);
    }
}

/// <summary>What a token says.</summary>
sealed record PlaceIn<TPlace>(string? In, TPlace? At);

/// <summary>Reads which page is asked for.</summary>
public static class PageRequest
{
    internal const int Default = 20,
        Most = 200;

    // Whoever makes a token up leaves nothing out of it.
    static readonly JsonSerializerOptions Tokens = new(JsonDefaults.Options)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Reads the page asked for; what is wrong with it goes to <paramref name="invalid"/>.</summary>
    /// <param name="pageSize">How many items at most.</param>
    /// <param name="pageToken">The token of the page before.</param>
    /// <param name="invalid">Where what is wrong goes.</param>
    /// <param name="of">What the list is of, where others have one like it: the document.</param>
    /// <param name="member">The caller, which names the list.</param>
    /// <param name="file">The caller's file.</param>
    public static PageRequest<TPlace> From<TPlace>(
        int? pageSize,
        string? pageToken,
        Invalid invalid,
        string? of = null,
        [CallerMemberName] string member = "",
        [CallerFilePath] string file = ""
    )
        where TPlace : class
    {
        var list = $"{Path.GetFileNameWithoutExtension(file)}.{member}{(of is null ? "" : $"/{of}")}";
        invalid.If(pageSize is < 1 or > Most, "pageSize", "page.size.outOfRange", $"A page holds 1 to {Most} items.");
        TPlace? after = null;
        if (!string.IsNullOrEmpty(pageToken))
        {
            try
            {
                if (
                    JsonSerializer.Deserialize<PlaceIn<TPlace>>(Base64Url.DecodeFromChars(pageToken), Tokens) is { At: { } at } place
                    && place.In == list
                )
                    after = at;
            }
            catch (Exception e) when (e is FormatException or JsonException)
            {
                // Told below.
            }
            invalid.If(
                after is null,
                "pageToken",
                "page.token.invalid",
                "This is not a token that this list gave. Leave it out to start from the first page."
            );
        }
        return new(Math.Clamp(pageSize ?? Default, 1, Most), after, list);
    }
}
