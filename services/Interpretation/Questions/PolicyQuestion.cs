using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Interpretation.Questions;

/// <summary>Where a question is on its way.</summary>
public enum QuestionState
{
    /// <summary>Asked; nobody has written an answer yet.</summary>
    Asked,

    /// <summary>An answer is being written.</summary>
    Drafted,

    /// <summary>The answer is approved, and not yet public.</summary>
    Approved,

    /// <summary>Everybody reads the answer.</summary>
    Published,

    /// <summary>The answer was taken back.</summary>
    Withdrawn,
}

/// <summary>A question and its answer, as they are shown.</summary>
/// <param name="Question">The question in general words, without what concerns the asker alone.</param>
/// <param name="Answer">The answer.</param>
/// <param name="DocumentId">The document that it is taken from.</param>
/// <param name="Revision">The revision that it was written for.</param>
/// <param name="Blocks">The blocks cited.</param>
/// <param name="Body">The answering body, a code of the Catalog.</param>
public sealed record PolicyAnswer(string Question, string Answer, Guid DocumentId, int Revision, IReadOnlyList<string> Blocks, string Body);

/// <summary>Somebody asked; before an open day, or at any time.</summary>
public sealed record QuestionAsked(
    Guid QuestionId,
    string Text,
    Guid? DocumentId,
    string? Body,
    string? Receipt,
    Actor By,
    DateTimeOffset At,
    Guid? OpenDayId = null
) : IEventOf<PolicyQuestion>;

/// <summary>An answer was written, or written otherwise; the public goes on seeing what was published last.</summary>
public sealed record AnswerDrafted(PolicyAnswer Answer, Actor By, DateTimeOffset At) : IEventOf<PolicyQuestion>;

/// <summary>The answer was approved.</summary>
public sealed record AnswerApproved(Actor By, DateTimeOffset At) : IEventOf<PolicyQuestion>;

/// <summary>The answer became public.</summary>
public sealed record AnswerPublished(Actor By, DateTimeOffset At) : IEventOf<PolicyQuestion>;

/// <summary>The answer was taken back.</summary>
public sealed record AnswerWithdrawn(string Reason, Actor By, DateTimeOffset At) : IEventOf<PolicyQuestion>;

/// <summary>The document changed in what the answer cites.</summary>
public sealed record AnswerOutdated(Outdating Because, Actor By, DateTimeOffset At) : IEventOf<PolicyQuestion>;

/// <summary>Somebody looked at an outdated answer and found that it still holds.</summary>
public sealed record AnswerUpheld(int Revision, string Note, Actor By, DateTimeOffset At) : IEventOf<PolicyQuestion>;

/// <summary>政策问答: a question about a policy, with an answer that cites it.</summary>
public sealed record PolicyQuestion : IState<PolicyQuestion>
{
    /// <summary>The question's id, and its stream's.</summary>
    public Guid Id { get; init; }

    /// <summary>How many events there are; set by Marten.</summary>
    public long Version { get; set; }

    /// <summary>Where it is on its way.</summary>
    public QuestionState State { get; init; }

    /// <summary>What was asked, in the asker's own words; never public.</summary>
    public string Asked { get; init; } = "";

    /// <summary>The hash of the receipt with which the asker looks it up; null for staff.</summary>
    public string? Receipt { get; init; }

    /// <summary>The document that it is about, as far as that is known.</summary>
    public Guid? DocumentId { get; init; }

    /// <summary>The open day that it was asked before; null for none.</summary>
    public Guid? OpenDayId { get; init; }

    /// <summary>Who answers; null while nobody is named.</summary>
    public string? Body { get; init; }

    /// <summary>What is being worked on.</summary>
    public PolicyAnswer? Draft { get; init; }

    /// <summary>What everybody reads.</summary>
    public PolicyAnswer? Shown { get; init; }

    /// <summary>Why the answer no longer fits its document; null while it does.</summary>
    public Outdating? Outdated { get; init; }

    /// <summary>The revision for which somebody found that it still holds; 0 for none.</summary>
    public int HoldsFor { get; init; }

    /// <summary>When something last happened to it, UTC.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>The documents that those who work on it are told of.</summary>
    public IEnumerable<Guid> About() => new[] { DocumentId, Draft?.DocumentId }.OfType<Guid>().Distinct();

    /// <summary>Whether the answer is outdated on a day.</summary>
    public bool IsOutdatedOn(DateOnly day) => Outdated?.From <= day;

    /// <summary>The state after one more event.</summary>
    public static PolicyQuestion? Next(PolicyQuestion? question, IEventOf<PolicyQuestion> happened) =>
        (question, happened) switch
        {
            (null, QuestionAsked e) => new()
            {
                Id = e.QuestionId,
                Asked = e.Text,
                DocumentId = e.DocumentId,
                OpenDayId = e.OpenDayId,
                Body = e.Body,
                Receipt = e.Receipt,
                ChangedAt = e.At,
            },
            ({ } q, AnswerDrafted e) => q with
            {
                State = QuestionState.Drafted,
                Draft = e.Answer,
                Body = e.Answer.Body,
                DocumentId = e.Answer.DocumentId,
                ChangedAt = e.At,
            },
            ({ } q, AnswerApproved e) => q with { State = QuestionState.Approved, ChangedAt = e.At },
            ({ } q, AnswerPublished e) => q with
            {
                State = QuestionState.Published,
                Shown = q.Draft,
                Outdated = q.Outdated?.ToRevision > q.Draft!.Revision ? q.Outdated : null,
                ChangedAt = e.At,
            },
            ({ } q, AnswerWithdrawn e) => q with { State = QuestionState.Withdrawn, Shown = null, ChangedAt = e.At },
            ({ } q, AnswerOutdated e) => q with { Outdated = e.Because, ChangedAt = e.At },
            ({ } q, AnswerUpheld e) => q with { Outdated = null, HoldsFor = e.Revision, ChangedAt = e.At },
            _ => question,
        };
}
