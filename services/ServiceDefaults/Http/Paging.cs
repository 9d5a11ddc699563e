using System.Buffers.Text;
using System.Text.Json;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.ServiceDefaults.Http;

/// <summary>One page of a list.</summary>
/// <param name="Items">The items, in the order asked for.</param>
/// <param name="NextPageToken">Send it as <c>pageToken</c> for the next page; null on the last one.</param>
public record Page<T>(IReadOnlyList<T> Items, string? NextPageToken);

/// <summary>
/// Which page of a list is asked for: <c>pageSize</c> (default 20, at most 200) and <c>pageToken</c>. A token remembers the place after the
/// last item, not a count, so that items that come in between neither repeat nor hide others.
/// </summary>
/// <param name="Size">How many items at most.</param>
/// <param name="After">Where the last page ended; null for the first.</param>
public sealed record PageRequest<TPlace>(int Size, TPlace? After) where TPlace : class
{
    /// <summary>Makes the page out of up to <see cref="Size"/> + 1 items: the one too many tells that another page follows.</summary>
    public Page<T> Page<T, TRow>(IReadOnlyList<TRow> rows, Func<TRow, T> item, Func<TRow, TPlace> place)
    {
        var shown = rows.Take(Size).ToArray();
        var next = rows.Count > Size ? Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(place(shown[^1]), JsonDefaults.Options)) : null;
        return new([.. shown.Select(item)], next);
    }
}

/// <summary>Reads which page is asked for.</summary>
public static class PageRequest
{
    const int Default = 20, Most = 200;

    /// <summary>Reads the page asked for; what is wrong with it goes to <paramref name="invalid"/>.</summary>
    public static PageRequest<TPlace> From<TPlace>(int? pageSize, string? pageToken, Invalid invalid) where TPlace : class
    {
        invalid.If(pageSize is < 1 or > Most, "pageSize", "page.size.outOfRange", $"A page holds 1 to {Most} items.");
        TPlace? after = null;
        if (!string.IsNullOrEmpty(pageToken))
        {
            try
            {
                after = JsonSerializer.Deserialize<TPlace>(Base64Url.DecodeFromChars(pageToken), JsonDefaults.Options);
            }
            catch (Exception e) when (e is FormatException or JsonException)
            {
                invalid.Add("pageToken", "page.token.invalid", "This is not a token that this list gave. Leave it out to start from the first page.");
            }
        }
        return new(Math.Clamp(pageSize ?? Default, 1, Most), after);
    }
}
