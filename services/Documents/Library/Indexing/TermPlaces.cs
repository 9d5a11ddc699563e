using System.Collections.Concurrent;
using Lucene.Net.Index;

namespace PolicyPlatform.Documents.Library.Indexing;

/// <summary>Where the terms of one state of the index stand: whatever is asked for often is looked up once.</summary>
sealed class TermPlaces(IndexReader reader)
{
    const int MostKept = 50_000;

    readonly ConcurrentDictionary<(string, string), TermContext?> known = [];

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
}
