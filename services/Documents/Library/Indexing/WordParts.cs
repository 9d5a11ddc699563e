using PolicyPlatform.Documents.Text;

namespace PolicyPlatform.Documents.Library.Indexing;

/// <summary>老旧小区加装电梯 is 老旧, 小区, 加装 and 电梯.</summary>
static class WordParts
{
    /// <summary>The words that something typed is made of; none where it is one word, or has no word of two characters.</summary>
    public static IReadOnlyList<string> Of(string typed)
    {
        // 老 and 旧 side by side are a word that the dictionary does not know.
        var parts = new List<string> { "" };
        var ended = true;
        foreach (var word in ChangedWords.Words(typed))
        {
            if (IsOne(word) && !ended)
                parts[^1] += word;
            else
                parts.Add(word);
            ended = !IsOne(word);
        }
        parts = [.. parts.Where(w => w.Length > 0 && !IsOne(w)).Distinct()];
        return parts.Count > 1 ? parts : [];
    }

    // A character outside the basic plane is two in a string.
    static bool IsOne(string word) => word.Length == 1 || word.Length == 2 && char.IsSurrogatePair(word, 0);
}
