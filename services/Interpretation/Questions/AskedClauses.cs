using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Shared.Search;

namespace PolicyPlatform.Interpretation.Questions;

/// <summary>What Documents is asked for the clauses that answer a question, and which of them do.</summary>
static class AskedClauses
{
    // A wrong answer is worse than none: of the questions that are measured, what has less is about something else as often as not.
    const double Enough = 7,
        EnoughByItself = 12,
        LeastCoverage = 0.5,
        Related = 1;

    // A clause that no other comes near counts for so much more.
    const double MostClear = 1.2;

    // What is asked for is told by the way it is asked: a clause without it answers only by far more of the words.
    const double OfAnotherKind = 0.5;

    /// <summary>
    /// Whether a clause is about what is asked. Each that says much of it, by the share of the question that it covers; and the best one where
    /// it is clearly before the next: two that have as much in common with a question have it in common with each other, and both may be
    /// about something else.
    /// </summary>
    /// <param name="at">Its place among them.</param>
    /// <param name="found">What was found, the best first.</param>
    /// <param name="question">The question.</param>
    public static bool IsAnswer(int at, IReadOnlyList<FoundClause> found, string question)
    {
        var clause = found[at];
        var says = clause.Score * clause.Coverage;
        if (clause.Coverage >= LeastCoverage && says >= EnoughByItself)
            return true;
        if (at > 0)
            return false;
        var next = found.Count > 1 ? found[1].Score / clause.Score : 0;
        var clear = Math.Min(MostClear, 2.2 - 2 * next);
        var kind = AskedFor.In(Shared.Search.Questions.Folded(question)) is { } asked && !asked(clause.Text) ? OfAnotherKind : 1;
        return says * clear * kind >= Enough;
    }

    /// <summary>Whether a clause that is no answer is worth a look: one that shares no more than a usual word with the question is not.</summary>
    public static bool IsRelated(FoundClause clause) => clause.Score * clause.Coverage >= Related;

    /// <summary>The request.</summary>
    /// <param name="question">The question.</param>
    /// <param name="words">What is known of its words.</param>
    /// <param name="limit">How many clauses at most; one more than the best is always asked for, so as to tell how clear it is.</param>
    public static FindClausesRequest Of(string question, Thesaurus words, int limit)
    {
        var asked = new FindClausesRequest { Question = Shared.Search.Questions.Folded(question), Limit = Math.Max(2, limit) };
        asked.Synonyms.AddRange(words.Groups.Select(group => new SynonymGroup { Words = { group } }));
        asked.Synonyms.AddRange(words.Sayings.Select(s => new SynonymGroup { Said = s.Said, Words = { s.Written } }));
        return asked;
    }
}
