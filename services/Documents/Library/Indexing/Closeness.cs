using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Search.Similarities;
using Lucene.Net.Util;

namespace PolicyPlatform.Documents.Library.Indexing;

/// <summary>
/// How well a text meets what was asked: the rank of the place where it was found, and within one rank how often it stands there in
/// relation to the length of the text, by BM25's measure (k1 1.2, b 0.75). How frequent a word is in other texts is left aside: it would let
/// a place in a list move while somebody turns its pages and documents come in.
/// </summary>
sealed class Closeness : Similarity
{
    const float K = 1.2f,
        B = 0.75f;

    // Characters; where a text is longer than this, a word in it says less.
    const float UsualLength = 3_000;

    const float OneStep = 512;

    // A length is kept as a power of two in eighths: one byte.
    const double Steps = 8;

    static readonly float[] Lengths = [.. Enumerable.Range(0, 256).Select(n => (float)Math.Pow(2, n / Steps))];

    /// <summary>
    /// How much the frequency of a word says, 0 to 1; in steps, so that sums are the same in whatever order the engine adds them up.
    /// </summary>
    /// <param name="frequency">How often it stands there.</param>
    /// <param name="lengths">How long the texts of the field are; null where that says nothing.</param>
    /// <param name="document">The document.</param>
    public static float Of(float frequency, NumericDocValues? lengths, int document) =>
        MathF.Floor(
            OneStep * frequency / (frequency + K * (1 - B + B * (lengths is null ? 1 : Lengths[(int)lengths.Get(document)] / UsualLength)))
        ) / OneStep;

    /// <inheritdoc/>
    public override long ComputeNorm(FieldInvertState state) => (long)Math.Min(255, Steps * Math.Log2(1 + state.Length));

    /// <inheritdoc/>
    public override SimWeight ComputeWeight(float queryBoost, CollectionStatistics collectionStats, params TermStatistics[] termStats) =>
        new Rank(queryBoost, collectionStats.Field);

    /// <inheritdoc/>
    public override SimScorer GetSimScorer(SimWeight weight, AtomicReaderContext context)
    {
        var rank = (Rank)weight;
        return new Scorer(rank.Value, context.AtomicReader.GetNormValues(rank.Field));
    }

    sealed class Rank(float boost, string fieldName) : SimWeight
    {
        public string Field => fieldName;

        public float Value { get; private set; } = boost;

        public override float GetValueForNormalization() => 1;

        public override void Normalize(float queryNorm, float topLevelBoost) => Value *= topLevelBoost;
    }

    sealed class Scorer(float rank, NumericDocValues? lengths) : SimScorer
    {
        public override float Score(int doc, float freq) => rank + Of(freq, lengths, doc);

        public override float ComputeSlopFactor(int distance) => 1f / (1 + distance);

        public override float ComputePayloadFactor(int doc, int start, int end, BytesRef payload) => 1;
    }
}
