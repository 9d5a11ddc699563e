using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Util;

namespace PolicyPlatform.Documents.Library.Indexing;

/// <summary>
/// Finds words where they stand as they are written: pairs of characters, each at its distance from the first. The engine's own phrases do
/// the same, and count every occurrence; here the first few tell all there is to say, and where the first one stands tells its rank.
/// </summary>
/// <param name="field">The field.</param>
/// <param name="pairs">The pairs of characters, each with its distance from the first.</param>
/// <param name="ranks">What a place is worth: in the first zone of the field, and in the second.</param>
/// <param name="terms">Where the terms of the index stand.</param>
sealed class Exact(string field, IReadOnlyList<(string Pair, int Distance)> pairs, (float First, float Second) ranks, TermPlaces terms)
    : Query
{
    readonly string field = field;
    readonly IReadOnlyList<(string Pair, int Distance)> pairs = pairs;
    readonly TermPlaces terms = terms;

    /// <summary>From which place on a field's second zone begins.</summary>
    public const int SecondZone = 1 << 24;

    // Whoever has said it four times has said it.
    const int MostCounted = 4;

    // Where nothing is weighed, it is enough that it is said.
    int Counted => ranks == default ? 1 : MostCounted;

    bool HasZones => ranks.First != ranks.Second;

    /// <inheritdoc/>
    public override string ToString(string field) => string.Join(' ', pairs.Select(p => p.Pair));

    /// <inheritdoc/>
    public override Weight CreateWeight(IndexSearcher searcher) => new Weighing(this);

    sealed class Weighing(Exact query) : Weight
    {
        readonly TermContext?[] found = [.. query.pairs.Select(p => query.terms.Find(query.field, p.Pair))];

        public override Query Query => query;

        public override float GetValueForNormalization() => 1;

        public override void Normalize(float norm, float topLevelBoost) { }

        public override Explanation Explain(AtomicReaderContext context, int doc) => new(0, query.ToString());

        public override Scorer? GetScorer(AtomicReaderContext context, IBits acceptDocs) => query.In(context, acceptDocs, found, this);
    }

    Scorer? In(AtomicReaderContext part, IBits accepted, TermContext?[] found, Weight weight)
    {
        var states = new TermState[pairs.Count];
        for (var i = 0; i < states.Length; i++)
            if (found[i]?.Get(part.Ord) is { } state)
                states[i] = state;
            else
                return null;
        var lengths = part.AtomicReader.GetNormValues(field);
        if (pairs.Count == 1 && !HasZones)
            return new InDocuments(
                terms.Documents(part, field, pairs[0].Pair, states[0], accepted),
                found[0]!.DocFreq,
                ranks.First,
                lengths,
                weight,
                read => terms.Return(part, read)
            );
        var places = new Standing[pairs.Count];
        for (var i = 0; i < places.Length; i++)
            places[i] = new(terms.Places(part, field, pairs[i].Pair, states[i], accepted), pairs[i].Distance, found[i]!.DocFreq);
        // The rarest leads.
        Array.Sort(places, (a, b) => a.Frequency.CompareTo(b.Frequency));
        return new AtPlaces(places, Counted, ranks, lengths, weight, read => terms.Return(part, read));
    }

    sealed record Standing(DocsAndPositionsEnum Places, int Distance, int Frequency)
    {
        public int Start,
            Left;

        public bool Next()
        {
            if (Left == 0)
                return false;
            Left--;
            Start = Places.NextPosition() - Distance;
            return true;
        }
    }

    /// <summary>One pair: it is enough to know in which documents it stands, and how often.</summary>
    sealed class InDocuments(
        DocsEnum documents,
        int frequency,
        float rank,
        NumericDocValues? lengths,
        Weight weight,
        Action<DocsEnum> giveBack
    ) : Scorer(weight)
    {
        int document = -1;

        public override int DocID => document;

        public override int Freq => documents.Freq;

        public override int NextDoc() => document == NO_MORE_DOCS ? document : At(documents.NextDoc());

        public override int Advance(int target) => document == NO_MORE_DOCS ? document : At(documents.Advance(target));

        public override long GetCost() => frequency;

        public override float GetScore() => rank + Closeness.Of(Math.Min(MostCounted, documents.Freq), lengths, document);

        int At(int next)
        {
            if (next == NO_MORE_DOCS)
                giveBack(documents);
            return document = next;
        }
    }

    /// <summary>Several pairs at their distances, or one whose place tells its rank.</summary>
    sealed class AtPlaces(
        Standing[] pairs,
        int most,
        (float First, float Second) ranks,
        NumericDocValues? lengths,
        Weight weight,
        Action<DocsEnum> giveBack
    ) : Scorer(weight)
    {
        int document = -1,
            first,
            count;

        public override int DocID => document;

        public override int Freq => count;

        public override int NextDoc() => document == NO_MORE_DOCS ? document : Next(pairs[0].Places.NextDoc());

        public override int Advance(int target) => document == NO_MORE_DOCS ? document : Next(pairs[0].Places.Advance(target));

        public override long GetCost() => pairs[0].Frequency;

        public override float GetScore() => (first < SecondZone ? ranks.First : ranks.Second) + Closeness.Of(count, lengths, document);

        int Next(int candidate)
        {
            while (candidate != NO_MORE_DOCS)
            {
                var at = 1;
                for (; at < pairs.Length; at++)
                {
                    var places = pairs[at].Places;
                    var other = places.DocID < candidate ? places.Advance(candidate) : places.DocID;
                    if (other == candidate)
                        continue;
                    candidate = other == NO_MORE_DOCS ? NO_MORE_DOCS : pairs[0].Places.Advance(other);
                    break;
                }
                if (at == pairs.Length)
                {
                    if (Stands())
                        return document = candidate;
                    candidate = pairs[0].Places.NextDoc();
                }
            }
            foreach (var pair in pairs)
                giveBack(pair.Places);
            return document = NO_MORE_DOCS;
        }

        bool Stands()
        {
            count = 0;
            foreach (var pair in pairs)
                pair.Left = pair.Places.Freq;
            while (count < most && pairs[0].Next() && Align())
                if (count++ == 0)
                    first = pairs[0].Start;
            return count > 0;
        }

        // Brings all to the same start, from where the first is on; false when one has no place left.
        bool Align()
        {
            for (var at = 1; at < pairs.Length; at++)
            {
                var start = pairs[0].Start;
                while (pairs[at].Start < start || pairs[at].Left == pairs[at].Places.Freq)
                    if (!pairs[at].Next())
                        return false;
                if (pairs[at].Start == start)
                    continue;
                while (pairs[0].Start < pairs[at].Start)
                    if (!pairs[0].Next())
                        return false;
                at = 0;
            }
            return true;
        }
    }
}
