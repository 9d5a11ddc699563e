using System.Text.Json;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;

namespace PolicyPlatform.Catalog.Disclosure;

/// <summary>
/// What an item says where its cells do not say all of it, such as an element with a line break in it or a note with a tick: it stands beside
/// them word for word, and is read as long as they are as they were written. Whoever writes into them, or into it, has
/// the last word: then the others are read.
/// </summary>
static class WordForWord
{
    /// <summary>How the column is headed.</summary>
    public const string Heading = "原文";

    // The mark is of the item and of what stands beside it: whoever writes into either writes another one.
    sealed record Written(string Beside, GivenItem Item);

    /// <summary>The cell for an item; empty where its other cells say all.</summary>
    /// <param name="item">What it says.</param>
    /// <param name="read">What its other cells are read as; null where they cannot be.</param>
    /// <param name="saysAll">Whether that is the same.</param>
    public static string Cell(ItemContent item, GivenItem? read, bool saysAll) => saysAll ? "" : Cell(Given(item), read);

    internal static string Cell(GivenItem item, GivenItem? read) =>
        JsonSerializer.Serialize(new Written(Mark(read, item), item), JsonDefaults.Options);

    /// <summary>What a row says: word for word where nobody wrote into its cells since; null where the others are to be read.</summary>
    public static GivenItem? Read(string cell, GivenItem read)
    {
        if (cell.Length == 0)
            return null;
        try
        {
            return
                JsonSerializer.Deserialize<Written>(cell, JsonDefaults.Options) is { Item: { } item } written
                && IsComplete(item)
                && written.Beside == Mark(read, item)
                ? Cleaned(item)
                : null;
        }
        catch (JsonException)
        {
            // Somebody wrote into it.
            return null;
        }
    }

    // The platform leaves out nothing that an item always says.
    static bool IsComplete(GivenItem item) =>
        item is { Category: not null, Name: not null, LegalBasis: not null, Deadline: not null, Way: not null }
        && item.Content?.All(c => c is not null) is true
        && item.Bodies?.All(b => b is not null) is true
        && item.Channels?.All(c => c is { Name: not null }) is true
        && Words(item).All(Characters.AreWhole);

    static IEnumerable<string> Words(GivenItem item) =>
        new[] { item.Category, item.Name, item.LegalBasis, item.Deadline, item.Audience, item.Area, item.Note }
            .Concat(item.Content!)
            .Concat(item.Bodies!)
            .Concat(item.Channels!.SelectMany(c => new[] { c.Name, c.Deadline, c.Note }))
            .OfType<string>();

    // As every string is that comes in: an escaped character passes by what cleans the cell.
    static GivenItem Cleaned(GivenItem item) =>
        RequestDoor.Cleaned(JsonSerializer.SerializeToElement(item, JsonDefaults.Options), typeof(GivenItem), JsonDefaults.Options)
            is { } clean
            ? JsonSerializer.Deserialize<GivenItem>(clean, JsonDefaults.Options)!
            : item;

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

    static string Mark(GivenItem? read, GivenItem item) =>
        ConditionalRequests.Mark([JsonSerializer.Serialize(new[] { read, item }, JsonDefaults.Options)]);
}
