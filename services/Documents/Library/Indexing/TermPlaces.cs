using System.Collections.Concurrent;
using Lucene.Net.Index;
using Lucene.Net.Util;

namespace PolicyPlatform.Documents.Library.Indexing;

/// <summary>
/// Where the terms of one state of the index stand. Whatever is asked for often is looked up once, and what reads places is used again: the
/// engine would make kilobytes of buffers, and follow them until they are collected, for each term in each part of the index.
/// </summary>
sealed class TermPlaces(IndexReader reader)
{
    const int MostKept = 50_000;

    readonly ConcurrentDictionary<(string, string), TermContext?> known = [];
    readonly ConcurrentDictionary<(int Part, string Field), ConcurrentBag<TermsEnum>> terms = [];
    readonly ConcurrentBag<DocsEnum>[] documents = Bags<DocsEnum>(reader);
    readonly ConcurrentBag<DocsAndPositionsEnum>[] places = Bags<DocsAndPositionsEnum>(reader);

    /// <summary>Where a term stands; null when it stands nowhere.</summary>
    public TermContext? Find(string field, string term)
    {
        if (known.TryGetValue((field, term), out var found))
            return found;
        if (known.Count >= MostKept)
            known.Clear();
        var context = TermContext.Build(reader.Context, new(field, term));
        return known[(field, term)] = context.DocFreq > 0 ? context : null;
    }

    /// <summary>The documents of a part that have a term, with how often they have it. Whoever has read them gives them back.</summary>
    public DocsEnum Documents(AtomicReaderContext part, string field, string term, TermState state, IBits? accepted) =>
        At(
            part,
            field,
            term,
            state,
            found => found.Docs(accepted, documents[part.Ord].TryTake(out var used) ? used : null, DocsFlags.FREQS)
        );

    /// <summary>The places of a term in the documents of a part. Whoever has read them gives them back.</summary>
    public DocsAndPositionsEnum Places(AtomicReaderContext part, string field, string term, TermState state, IBits? accepted) =>
        At(
            part,
            field,
            term,
            state,
            found => found.DocsAndPositions(accepted, places[part.Ord].TryTake(out var used) ? used : null, DocsAndPositionsFlags.NONE)
        );

    /// <summary>Gives back what was read.</summary>
    public void Return(AtomicReaderContext part, DocsEnum read)
    {
        if (read is DocsAndPositionsEnum withPlaces)
            places[part.Ord].Add(withPlaces);
        else
            documents[part.Ord].Add(read);
    }

    T At<T>(AtomicReaderContext part, string field, string term, TermState state, Func<TermsEnum, T> read)
    {
        var idle = terms.GetOrAdd((part.Ord, field), _ => []);
        if (!idle.TryTake(out var all))
            all = part.AtomicReader.GetTerms(field).GetEnumerator();
        all.SeekExact(new BytesRef(term), state);
        var found = read(all);
        idle.Add(all);
        return found;
    }

    static ConcurrentBag<T>[] Bags<T>(IndexReader reader) => [.. reader.Leaves.Select(_ => new ConcurrentBag<T>())];
}
