using System.Collections.Concurrent;
using Marten;
using Microsoft.Extensions.AI;
using PolicyPlatform.Interpretation.KnownDocuments;
using PolicyPlatform.Shared.DocumentAccess;
using PolicyPlatform.Shared.PersonalData;
using PolicyPlatform.Shared.Search;

namespace PolicyPlatform.Interpretation.Questions;

/// <summary>
/// The published answers, ranked in memory, as far as their documents are in force or will be. By the words of a question and their
/// synonyms; where an embedding model is configured, by
/// its measure as well. Made anew when an answer or a document has changed since, whichever process changed it, and on another day.
/// </summary>
public sealed class AnswerIndex(
    IDocumentStore store,
    Npgsql.NpgsqlDataSource database,
    IConfiguration settings,
    ILogger<AnswerIndex> logger,
    IEmbeddingGenerator<string, Embedding<float>>? model = null
) : IDisposable
{
    // Below this share of the question an answer only happens to use some of its words.
    const double Enough = 0.4;

    // What is only about the same subject is found, and is no answer: a wrong one is worse than none.
    const double EnoughToAnswer = 8.5;

    // How many texts a model is given at once, and how long it is left alone after it failed.
    const int MostMeasured = 100,
        RestMilliseconds = 30_000;

    // Models differ in what they call near; below this an answer is about something else.
    readonly double near = settings.GetValue("Questions:Embeddings:Near", 0.75);
    readonly SemaphoreSlim turn = new(1);
    readonly ConcurrentDictionary<string, ReadOnlyMemory<float>> measured = new();
    volatile Snapshot known = new("", [], new([], _ => ""));
    long restsUntil;

    /// <summary>
    /// The best answers to a question, the best first, none when none covers enough of it or is near; and what is known of its words.
    /// </summary>
    /// <param name="question">The question as it was asked.</param>
    /// <param name="today">The day, Asia/Shanghai: a document that is no longer in force on it answers nothing.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<(IReadOnlyList<RankedAnswer> Answers, Thesaurus Words)> Find(
        string question,
        DateOnly today,
        int limit,
        CancellationToken cancellation
    )
    {
        // A model elsewhere may be asked as well.
        question = Shared.Search.Questions.Folded(PersonalNumbers.Hide(question));
        await using var session = store.QuerySession();
        var words = ((await session.LoadAsync<Synonyms>(Synonyms.Stream, cancellation))?.Words ?? Synonyms.BuiltIn).In(question);
        var now = await State(today, cancellation);
        if (known.State != now)
            await Read(today, cancellation);
        var snapshot = known;
        var hidden = await session.Hidden(cancellation);
        IReadOnlyList<Ranked<PolicyQuestion>> byWords =
        [
            .. snapshot.Ranking.Find(question, words, snapshot.All.Count).Where(f => IsShown(f.Item)),
        ];
        var answers = await Nearness(question, snapshot, cancellation) is { } nearness
            ? Blend(byWords, [.. nearness.Where(n => IsShown(n.Question))], limit)
            : byWords
                .Where(f => f.Coverage >= Enough)
                .Take(limit)
                .Select(f => new RankedAnswer(f.Item, f.Score, f.Coverage, null, IsAnswer(f)));
        return ([.. answers], words);

        bool IsShown(PolicyQuestion q) => !hidden.Covers(q.Shown!.DocumentId, q.Shown.Revision);
    }

    async Task<string> State(DateOnly today, CancellationToken cancellation) =>
        $"{today:O} {await database.FingerprintOf(cancellation, "policyquestion", "knowndocument")}";

    async Task Read(DateOnly today, CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            // Whoever had the turn before may have read what this one asks for, and more.
            var now = await State(today, cancellation);
            if (known.State == now)
                return;
            await using var session = store.QuerySession();
            var published = await session.Query<PolicyQuestion>().Where(q => q.Shown != null).ToListAsync(cancellation);
            var ended = (
                await session.LoadManyAsync<KnownDocument>(cancellation, [.. published.Select(q => q.Shown!.DocumentId).Distinct()])
            )
                .Where(d => d.LastDay < today)
                .Select(d => d.Id)
                .ToHashSet();
            PolicyQuestion[] all = [.. published.Where(q => !ended.Contains(q.Shown!.DocumentId))];
            known = new(now, all, new(all, q => $"{q.Shown!.Question} {q.Shown.Question} {q.Shown.Answer}"));
            foreach (var gone in measured.Keys.Except(all.Select(q => q.Shown!.Question)))
                measured.TryRemove(gone, out _);
        }
        finally
        {
            turn.Release();
        }
    }

    // How near each answer is by the model's measure; null without a model, and while it does not answer: then words alone decide.
    async Task<IReadOnlyList<(PolicyQuestion Question, double Near)>?> Nearness(
        string question,
        Snapshot snapshot,
        CancellationToken cancellation
    )
    {
        if (model is null || snapshot.All.Count == 0 || Environment.TickCount64 < Volatile.Read(ref restsUntil))
            return null;
        try
        {
            foreach (
                var some in snapshot
                    .All.Select(q => q.Shown!.Question)
                    .Where(text => !measured.ContainsKey(text))
                    .Distinct()
                    .Chunk(MostMeasured)
            )
            foreach (var (text, embedding) in some.Zip(await model.GenerateAsync(some, cancellationToken: cancellation)))
                measured[text] = embedding.Vector;
            var asked = (await model.GenerateAsync([question], cancellationToken: cancellation))[0].Vector;
            return
            [
                .. snapshot.All.Select(q =>
                    (
                        q,
                        measured.TryGetValue(q.Shown!.Question, out var vector)
                            ? (double)System.Numerics.Tensors.TensorPrimitives.CosineSimilarity(asked.Span, vector.Span)
                            : 0
                    )
                ),
            ];
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            // Whatever a model of somebody else's fails with, questions are answered.
            Volatile.Write(ref restsUntil, Environment.TickCount64 + RestMilliseconds);
            logger.LogWarning(e, "The embedding model does not answer; answers are found by words alone");
            return null;
        }
    }

    // Half the words, half the model: the one finds what is said as it is written, the other what is said otherwise.
    IEnumerable<RankedAnswer> Blend(
        IReadOnlyList<Ranked<PolicyQuestion>> byWords,
        IReadOnlyList<(PolicyQuestion Question, double Near)> nearness,
        int limit
    )
    {
        var words = byWords.ToDictionary(f => f.Item.Id);
        var best = byWords.Count > 0 ? byWords[0].Score : 1;
        return nearness
            .Select(n => (n.Question, n.Near, Words: words.GetValueOrDefault(n.Question.Id)))
            .Where(n => n.Words?.Coverage >= Enough || n.Near >= near)
            .Select(n => new RankedAnswer(
                n.Question,
                0.5 * (n.Words?.Score ?? 0) / best + 0.5 * Math.Max(0, n.Near),
                n.Words?.Coverage ?? 0,
                n.Near,
                n.Near >= near || IsAnswer(n.Words)
            ))
            .OrderByDescending(r => r.Score)
            .Take(limit);
    }

    static bool IsAnswer(Ranked<PolicyQuestion>? found) => found?.Score * found?.Coverage >= EnoughToAnswer;

    sealed record Snapshot(string State, IReadOnlyList<PolicyQuestion> All, Ranking<PolicyQuestion> Ranking);

    /// <inheritdoc/>
    public void Dispose() => turn.Dispose();
}

/// <summary>A published answer that was found.</summary>
/// <param name="Item">The question.</param>
/// <param name="Score">How well it fits; comparable within one answer.</param>
/// <param name="Coverage">The share of what was asked that its words cover, 0 to 1.</param>
/// <param name="Near">The measure of the embedding model, 1 for the same meaning; null without a model.</param>
/// <param name="IsAnswer">Whether it answers what was asked, and is not only about the same subject.</param>
public sealed record RankedAnswer(PolicyQuestion Item, double Score, double Coverage, double? Near, bool IsAnswer);
