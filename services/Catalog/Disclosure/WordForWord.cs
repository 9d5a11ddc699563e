using System.Security.Cryptography;
using System.Text.Json;
using PolicyPlatform.ServiceDefaults;

namespace PolicyPlatform.Catalog.Disclosure;

/// <summary>
/// What an item says where its cells do not say all of it, such as an element with a line break in it or a note with a tick: it stands beside
/// them word for word, and is read as long as they are as they were written. Whoever writes into them has the last word.
/// </summary>
static class WordForWord
{
    /// <summary>How the column is headed.</summary>
    public const string Heading = "原文";

    sealed record Written(string Beside, GivenItem Item);

    /// <summary>The cell for an item; empty where its other cells say all.</summary>
    /// <param name="item">What it says.</param>
    /// <param name="read">What its other cells are read as; null where they cannot be.</param>
    /// <param name="saysAll">Whether that is the same.</param>
    public static string Cell(ItemContent item, GivenItem? read, bool saysAll) =>
        saysAll ? "" : JsonSerializer.Serialize(new Written(Mark(read), Given(item)), JsonDefaults.Options);

    /// <summary>What a row says: word for word where nobody wrote into its other cells since; null where they are to be read.</summary>
    public static GivenItem? Read(string cell, GivenItem read)
    {
        if (cell.Length == 0)
            return null;
        try
        {
            return
                JsonSerializer.Deserialize<Written>(cell, JsonDefaults.Options) is { Item: { } item } written
                && written.Beside == Mark(read)
                ? item
                : null;
        }
        catch (JsonException)
        {
            // Somebody wrote into it.
            return null;
        }
    }

    static GivenItem Given(ItemContent item) =>
        new(
            item.Category,
            item.Name,
            item.Content,
            item.LegalBasis,
            item.Deadline.ToString(),
            item.Bodies,
            [.. item.Channels.Select(c => new GivenChannel(c.Name, c.Deadline?.ToString(), c.Note))],
            item.Audience,
            item.Way,
            item.Levels,
            item.Area,
            item.Note
        );

    static string Mark(GivenItem? read) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(read, JsonDefaults.Options)))[..16];
}
