namespace PolicyPlatform.Consultation.Evaluations;

/// <summary>
/// From when to when a published document is in force, as far as has been heard of: enough to know when to propose its evaluation.
/// </summary>
/// <param name="Id">The document.</param>
public sealed record DocumentTerm(Guid Id)
{
    /// <summary>施行日期, Asia/Shanghai; null while its publication was not heard of.</summary>
    public DateOnly? EffectiveFrom { get; init; }

    /// <summary>有效期至, the last day in force, Asia/Shanghai; null for no end.</summary>
    public DateOnly? ExpiresOn { get; init; }

    /// <summary>The version of the document's history that last set it, of those that were heard of.</summary>
    public long ExpirySetIn { get; init; }

    /// <summary>The first day on which it is no longer in force by repeal, supersession or lapse; null while none is known.</summary>
    public DateOnly? EndedFrom { get; init; }

    /// <summary>The version of the document's history that last set its first day, of those that were heard of.</summary>
    public long BeginSetIn { get; init; }

    /// <summary>The version of the document's history that last ended it or took its end back, of those that were heard of.</summary>
    public long EndSetIn { get; init; }

    /// <summary>Whether its having been in force for long is still to be seen to.</summary>
    public bool AwaitsAge { get; init; }

    /// <summary>Whether the end of its term is still to be seen to.</summary>
    public bool AwaitsEnd { get; init; }
}

/// <summary>
/// When the platform proposes an evaluation: figures that differ by place and year, set by <c>Evaluations:InForceMonths</c>,
/// <c>Evaluations:BeforeEndMonths</c> and <c>Evaluations:ProposedAnHour</c>.
/// </summary>
/// <param name="InForceMonths">After how many months in force.</param>
/// <param name="BeforeEndMonths">Within how many months before its term ends.</param>
/// <param name="ProposedAnHour">How many at most in an hour: whoever takes over a library is not buried under its past.</param>
public sealed record ProposalRules(int InForceMonths, int BeforeEndMonths, int ProposedAnHour)
{
    /// <summary>Reads what is set.</summary>
    internal static ProposalRules From(IConfiguration configuration) =>
        new(
            configuration.GetValue("Evaluations:InForceMonths", 24),
            configuration.GetValue("Evaluations:BeforeEndMonths", 6),
            configuration.GetValue("Evaluations:ProposedAnHour", 200)
        );

    /// <summary>
    /// Why a document is to be evaluated on a day; null while it is not. The end of its term comes before its age: it cannot wait.
    /// </summary>
    public (EvaluationCause Cause, string Of, string Note, DateOnly? DueOn)? Due(DocumentTerm term, DateOnly today)
    {
        if (term.EndedFrom <= today || term.EffectiveFrom is not { } from || term.ExpiresOn < today)
            return null;
        if (term is { AwaitsEnd: true, ExpiresOn: { } last } && last <= today.AddMonths(BeforeEndMonths))
            return (
                EvaluationCause.TermEnds,
                $"{last:yyyy-MM-dd}",
                $"有效期至{last:yyyy-MM-dd}，届满前{BeforeEndMonths}个月内应当评估。",
                last
            );
        return term.AwaitsAge && IsOld(from, today)
            ? (EvaluationCause.LongInForce, $"{from:yyyy-MM-dd}", $"自{from:yyyy-MM-dd}起施行已满{InForceMonths}个月。", null)
            : null;
    }

    /// <summary>What is still to be seen to of a document once something is.</summary>
    public DocumentTerm SeenTo(DocumentTerm term, EvaluationCause cause, DateOnly today) =>
        term with
        {
            AwaitsEnd = term.AwaitsEnd && cause is not EvaluationCause.TermEnds,
            AwaitsAge = term.AwaitsAge && !IsOld(term.EffectiveFrom!.Value, today),
        };

    bool IsOld(DateOnly from, DateOnly today) => from <= today.AddMonths(-InForceMonths);
}
