using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Shared.Search;

namespace PolicyPlatform.Interpretation.Questions;

/// <summary>What Documents is asked for the clauses that answer a question.</summary>
static class AskedClauses
{
    // A wrong answer is worse than none: of the questions that are measured, what has less is about something else as often as not.
    const double Enough = 9,
        LeastCoverage = 0.35;

    /// <summary>Whether a clause is about what is asked: what it says of it, by the share of the question that it covers.</summary>
    public static bool IsAnswer(FoundClause clause) => clause.Coverage >= LeastCoverage && clause.Score * clause.Coverage >= Enough;

    /// <summary>The request.</summary>
    /// <param name="question">The question.</param>
    /// <param name="words">What is known of its words.</param>
    /// <param name="limit">How many clauses at most.</param>
    public static FindClausesRequest Of(string question, Thesaurus words, int limit)
    {
        var asked = new FindClausesRequest { Question = question, Limit = limit };
        asked.Synonyms.AddRange(words.Groups.Select(group => new SynonymGroup { Words = { group } }));
        asked.Synonyms.AddRange(words.Sayings.Select(s => new SynonymGroup { Said = s.Said, Words = { s.Written } }));
        return asked;
    }
}
