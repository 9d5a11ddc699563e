using Marten;
using Microsoft.Extensions.AI;
using PolicyPlatform.Interpretation.KnownDocuments;
using PolicyPlatform.ServiceDefaults.Search;

namespace PolicyPlatform.Interpretation.Questions;

/// <summary>
/// The published answers, ranked in memory, as far as their documents are in force or will be. By the words of a question and their synonyms; where an embedding model is configured, by
/// its measure as well. Made anew when an answer or a document has changed since, whichever process changed it, and on another day.
/// </summary>
public sealed class AnswerIndex(IDocumentStore store, Npgsql.NpgsqlDataSource database, IEmbeddingGenerator<string, Embedding<float>>? model = null) : IDisposable
{
    // Below this share of the question an answer only happens to use some of its words.
    internal const double Enough = 0.4;

    readonly SemaphoreSlim turn = new(1);
    volatile Snapshot known = new("", [], new([], _ => ""), new Dictionary<string, ReadOnlyMemory<float>>());

    /// <summary>The best answers to a question, the best first, none when none covers enough of it; and the groups of words of the same meaning that it touches.</summary>
    /// <param name="question">The question as it was asked.</param>
    /// <param name="today">The day, Asia/Shanghai: a document that is no longer in force on it answers nothing.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<(IReadOnlyList<Ranked<PolicyQuestion>> Answers, IReadOnlyList<IReadOnlyList<string>> Alike)> Find(string question, DateOnly today, int limit, CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        var synonyms = (await session.LoadAsync<Synonyms>(Synonyms.Stream, cancellation))?.Groups ?? Synonyms.Brought;
        var now = $"{today:O} {await database.StateOf(cancellation, "policyquestion", "knowndocument")}";
        if (known.State != now) await Read(now, today, cancellation);
        var snapshot = known;
        var found = snapshot.Ranking.Find(question, synonyms, model is null ? limit : Math.Max(limit, 50));
        return (model is null ? [.. found.Where(f => f.Coverage >= Enough)] : await Blend(model, snapshot, question, found, limit, cancellation), [.. synonyms.Where(g => g.Any(w => question.Contains(w, StringComparison.OrdinalIgnoreCase)))]);
    }

    async Task Read(string now, DateOnly today, CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            if (known.State == now) return;
            await using var session = store.QuerySession();
            var published = await session.Query<PolicyQuestion>().Where(q => q.Shown != null).ToListAsync(cancellation);
            var ended = (await session.LoadManyAsync<KnownDocument>(cancellation, [.. published.Select(q => q.Shown!.DocumentId).Distinct()])).Where(d => d.LastDay < today).Select(d => d.Id).ToHashSet();
            PolicyQuestion[] all = [.. published.Where(q => !ended.Contains(q.Shown!.DocumentId))];
            known = new(now, all, new(all, q => $"{q.Shown!.Question} {q.Shown.Question} {q.Shown.Answer}"), model is null ? known.Vectors : await Embed(model, all, cancellation));
        }
        finally
        {
            turn.Release();
        }
    }

    // What was measured before is not measured again.
    async Task<IReadOnlyDictionary<string, ReadOnlyMemory<float>>> Embed(IEmbeddingGenerator<string, Embedding<float>> generator, IReadOnlyList<PolicyQuestion> all, CancellationToken cancellation)
    {
        var vectors = all.Select(q => q.Shown!.Question).Distinct().Where(known.Vectors.ContainsKey).ToDictionary(text => text, text => known.Vectors[text]);
        var missing = all.Select(q => q.Shown!.Question).Where(text => !vectors.ContainsKey(text)).Distinct().ToArray();
        if (missing.Length > 0)
            foreach (var (text, embedding) in missing.Zip(await generator.GenerateAsync(missing, cancellationToken: cancellation))) vectors[text] = embedding.Vector;
        return vectors;
    }

    // Half the words, half the model: the one finds what is said as it is written, the other what is said otherwise.
    static async Task<IReadOnlyList<Ranked<PolicyQuestion>>> Blend(IEmbeddingGenerator<string, Embedding<float>> generator, Snapshot snapshot, string question, IReadOnlyList<Ranked<PolicyQuestion>> byWords, int limit, CancellationToken cancellation)
    {
        var asked = (await generator.GenerateAsync([question], cancellationToken: cancellation))[0].Vector;
        var words = byWords.ToDictionary(f => f.Item.Id);
        var best = byWords.Count > 0 ? byWords[0].Score : 1;
        return [.. snapshot.All.Select(q => (Question: q, Near: System.Numerics.Tensors.TensorPrimitives.CosineSimilarity(asked.Span, snapshot.Vectors[q.Shown!.Question].Span), Words: words.GetValueOrDefault(q.Id)))
            .Select(c => new Ranked<PolicyQuestion>(c.Question, 0.5 * (c.Words?.Score ?? 0) / best + 0.5 * Math.Max(0, c.Near), Math.Max(c.Words?.Coverage ?? 0, c.Near)))
            .Where(r => r.Coverage >= Enough).OrderByDescending(r => r.Score).Take(limit)];
    }

    sealed record Snapshot(string State, IReadOnlyList<PolicyQuestion> All, Ranking<PolicyQuestion> Ranking, IReadOnlyDictionary<string, ReadOnlyMemory<float>> Vectors);

    /// <inheritdoc/>
    public void Dispose() => turn.Dispose();
}
