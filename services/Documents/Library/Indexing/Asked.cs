using Lucene.Net.Search;
using PolicyPlatform.Shared.Search;

namespace PolicyPlatform.Documents.Library.Indexing;

/// <summary>What was typed as one state of the index is asked for it.</summary>
sealed class Asked(TermPlaces terms)
{
    /// <summary>
    /// The ranks of the places where a word is found: as the whole title, in the title or the number, in a heading or the name of a file,
    /// in the text; or only by all of its words in one title or one block, in whatever order.
    /// </summary>
    const float WholeTitle = 32,
        Title = 16,
        Heading = 8,
        Text = 4,
        WordsOfTitle = 2,
        WordsOfBlock = 1;

    // What is found in several places is a little better than in the best of them alone, and never better than in one of a higher rank.
    const float SeveralPlaces = 1f / 16;

    const int MostCharacters = 500;

    // In which documents single characters stand, for each part of the index: there are few of them, and each begins many pairs.
    static readonly System.Collections.Concurrent.ConcurrentDictionary<(string, string), Filter> characters = [];

    /// <summary>The documents in which everything is found; their scores are the sums over what was typed.</summary>
    public Query For(SearchQuery words)
    {
        var all = new BooleanQuery(disableCoord: true);
        if (words.All.Count == 0)
            all.Add(new MatchAllDocsQuery { Boost = 0 }, Occur.MUST);
        foreach (var alternatives in words.All)
            all.Add(
                new DisjunctionMaxQuery([.. alternatives.SelectMany(w => Places(w, isPhrase: words.Phrases.Contains(w)))], SeveralPlaces),
                Occur.MUST
            );
        foreach (var word in words.None)
            all.Add(new DisjunctionMaxQuery([.. Places(word, isPhrase: true)], 0), Occur.MUST_NOT);
        return all;
    }

    // What stands in no document needs not be looked for in each part of the index.
    IEnumerable<Query> Places(string word, bool isPhrase) => AllPlaces(word, isPhrase).OfType<Query>();

    IEnumerable<Query?> AllPlaces(string word, bool isPhrase)
    {
        if (terms.Find(Fields.WholeTitle, word) is { } whole)
            yield return new TermQuery(new(Fields.WholeTitle, word), whole) { Boost = WholeTitle };
        if (Grams.Of(word).Count == 0)
            yield return new ConstantScoreQuery(Having(Fields.Title, word)) { Boost = Title };
        yield return Exactly(Fields.Number, NumberForms.Of(word), (Title, Title), marksNumbers: true);
        yield return Exactly(Fields.Heads, word, (Title, Heading));
        yield return Exactly(Fields.Text, word, (Text, Text));
        if (isPhrase || WordParts.Of(word) is not { Count: > 0 } parts)
            yield break;
        yield return Apart(Fields.Title, word, parts, WordsOfTitle);
        yield return Apart(Fields.Text, word, parts, WordsOfBlock);
    }

    Query? Exactly(string field, string words, (float First, float Second) ranks, bool marksNumbers = false) =>
        Grams.Of(words, marksNumbers) is not { Count: > 0 } pairs ? new ConstantScoreQuery(Having(field, words)) { Boost = ranks.Second }
        : pairs.All(p => terms.Find(field, p.Pair) is not null) ? new Exact(field, pairs, ranks, terms)
        : null;

    static Filter Having(string field, string character)
    {
        if (characters.Count >= MostCharacters)
            characters.Clear();
        return characters.GetOrAdd((field, character), _ => new CachingWrapperFilter(new PrefixFilter(new(field, character))));
    }

    BooleanQuery? Apart(string field, string whole, IReadOnlyList<string> parts, float rank)
    {
        var apart = new BooleanQuery(disableCoord: true);
        foreach (var part in parts)
            if (Exactly(field, part, default) is { } one)
                apart.Add(one, Occur.MUST);
            else
                return null;
        // Most texts that have all words have the whole: only the others are worth measuring.
        if (Exactly(field, whole, default) is { } together)
            apart.Add(together, Occur.MUST_NOT);
        var near = Grams.Near(field, parts);
        near.Boost = rank;
        return new(disableCoord: true)
        {
            {
                new ConstantScoreQuery(apart) { Boost = 0 },
                Occur.MUST
            },
            { near, Occur.MUST },
        };
    }
}
