using System.Security.Cryptography;
using PolicyPlatform.Consultation.FormLetters;

namespace PolicyPlatform.Consultation.Tests.FormLetters;

/// <summary>Texts as they are sorted into letters, without a database.</summary>
sealed class Sorting
{
    readonly Dictionary<Guid, string> texts = [];
    readonly HashSet<Guid> withdrawn = [];

    public Sorting(int charactersKept = 500_000) =>
        Letters = new(
            (asked, _) =>
            {
                Read += asked.Count;
                return ValueTask.FromResult<IReadOnlyDictionary<Guid, string>>(
                    asked.Where(c => !withdrawn.Contains(c)).ToDictionary(c => c, c => texts[c])
                );
            },
            charactersKept
        );

    public SortedLetters Letters { get; }

    /// <summary>How many texts were read again.</summary>
    public int Read { get; set; }

    public static Guid Id(int n) => new(SHA256.HashData(BitConverter.GetBytes(n)).AsSpan(0, 16));

    /// <summary>Sorts texts in this order, so many at a time; for each the letter, by its place among all texts.</summary>
    public static async Task<Guid?[]> Sort(IReadOnlyList<string> texts, IReadOnlyList<int>? order = null, int atOnce = 100)
    {
        var sorting = new Sorting();
        foreach (var some in (order ?? [.. Enumerable.Range(0, texts.Count)]).Chunk(atOnce))
            await sorting.Come([.. some.Select(n => (n, texts[n]))]);
        return [.. texts.Select((_, n) => sorting.Of(n))];
    }

    public async Task Come(params (int Comment, string Text)[] comments)
    {
        foreach (var (comment, text) in comments)
            texts[Id(comment)] = text;
        await Letters.Place([.. comments.Select(c => (Id(c.Comment), c.Text))], CancellationToken.None);
    }

    /// <summary>Comments are withdrawn, and are still to leave.</summary>
    public void Withdraw(params int[] comments) => withdrawn.UnionWith(comments.Select(Id));

    public async Task Leave(params int[] comments)
    {
        Withdraw(comments);
        await Letters.Leave([.. comments.Select(Id)], CancellationToken.None);
    }

    public Guid? Of(int comment) => Letters.Of(Id(comment))?.Letter.Id;

    /// <summary>The same sorting in other words: each comment with the first one of its letter.</summary>
    public static int[] Together(IReadOnlyList<Guid?> letters) =>
        [.. letters.Select((letter, n) => letter is null ? n : letters.Index().First(l => l.Item == letter).Index)];
}
