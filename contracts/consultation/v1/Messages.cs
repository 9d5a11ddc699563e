using Wolverine.Attributes;

namespace PolicyPlatform.Contracts.Consultation.V1;

/// <summary>
/// A consultation about one revision of a draft was opened, or goes on with a later one: from now on everybody reads that revision in the
/// consultation, and nothing else of the draft.
/// </summary>
/// <param name="ConsultationId">The consultation.</param>
/// <param name="DocumentId">The document.</param>
/// <param name="Version">The version of the consultation that this message speaks of.</param>
/// <param name="Revision">The revision that is consulted on.</param>
/// <param name="Title">标题.</param>
/// <param name="Body">The consulting body, a code of the Catalog.</param>
/// <param name="Issuers">发文机关 of the draft, codes of the Catalog.</param>
/// <param name="Subject">主题分类, a code of the Catalog; null where the draft has none.</param>
/// <param name="OpenedAt">When it was opened, UTC.</param>
/// <param name="ClosesOn">The last day for comments, Asia/Shanghai.</param>
/// <param name="Interpretations">The signed pre-issuance interpretations that are shown with it.</param>
[MessageIdentity("PolicyPlatform.Contracts.Consultation.V1.ConsultationOpened")]
public sealed record ConsultationOpenedMessage(
    Guid ConsultationId,
    Guid DocumentId,
    long Version,
    int Revision,
    string Title,
    string Body,
    IReadOnlyList<string> Issuers,
    string? Subject,
    DateTimeOffset OpenedAt,
    DateOnly ClosesOn,
    IReadOnlyList<Guid> Interpretations
) : IAboutDocument;

/// <summary>
/// A consultation is over: everything that was said in it has its feedback, and its summary is published (M 18), or it was given up.
/// </summary>
/// <param name="ConsultationId">The consultation.</param>
/// <param name="DocumentId">The document.</param>
/// <param name="Version">The version of the consultation that this message speaks of.</param>
/// <param name="Completed">Whether it was completed; otherwise it was given up.</param>
/// <param name="EndedOn">The day on which it ended, Asia/Shanghai.</param>
/// <param name="Comments">How many comments it received.</param>
/// <param name="Title">标题.</param>
/// <param name="Body">The consulting body, a code of the Catalog.</param>
/// <param name="Issuers">发文机关 of the draft, codes of the Catalog.</param>
/// <param name="Subject">主题分类, a code of the Catalog; null where the draft has none.</param>
/// <param name="Revisions">The texts of the draft that were put up: what is called after one that is taken from the public is not shown; null where that is not told.</param>
[MessageIdentity("PolicyPlatform.Contracts.Consultation.V1.ConsultationEnded")]
public sealed record ConsultationEndedMessage(
    Guid ConsultationId,
    Guid DocumentId,
    long Version,
    bool Completed,
    DateOnly EndedOn,
    long Comments,
    string Title = "",
    string Body = "",
    IReadOnlyList<string>? Issuers = null,
    string? Subject = null,
    IReadOnlyList<int>? Revisions = null
) : IAboutDocument;

/// <summary>
/// What was said in a consultation was answered (M 18): told once for all that was answered within an hour of the first that was not told
/// yet, by however many calls, and at once where the consultation is completed before. What was answered twice counts once. It names no
/// comment and nobody who sent one; a sender reads the answer with the receipt at once.
/// </summary>
/// <param name="FeedbackId">All that is told of together; the same each time that it is told.</param>
/// <param name="ConsultationId">The consultation.</param>
/// <param name="DocumentId">The document.</param>
/// <param name="Title">标题.</param>
/// <param name="Body">The consulting body, a code of the Catalog.</param>
/// <param name="Issuers">发文机关 of the draft, codes of the Catalog.</param>
/// <param name="Subject">主题分类, a code of the Catalog; null where the draft has none.</param>
/// <param name="Groups">The groups that were answered, the first 200 of them.</param>
/// <param name="GroupCount">How many groups were answered.</param>
/// <param name="InGroups">How many comments are in these groups, and have their answer by it.</param>
/// <param name="Comments">How many comments were answered by themselves.</param>
/// <param name="AnsweredAt">When the last of it was answered, UTC.</param>
/// <param name="Revisions">The texts of the draft that were put up: what is called after one that is taken from the public is not shown; null where that is not told.</param>
[MessageIdentity("PolicyPlatform.Contracts.Consultation.V1.FeedbackGiven")]
public sealed record FeedbackGivenMessage(
    Guid FeedbackId,
    Guid ConsultationId,
    Guid DocumentId,
    string Title,
    string Body,
    IReadOnlyList<string> Issuers,
    string? Subject,
    IReadOnlyList<Guid> Groups,
    int GroupCount,
    int InGroups,
    int Comments,
    DateTimeOffset AnsweredAt,
    IReadOnlyList<int>? Revisions = null
) : IAboutDocument;

/// <summary>Comments of a consultation wait for longer than they should to be looked at: told once a day while they do.</summary>
/// <param name="ConsultationId">The consultation.</param>
/// <param name="Title">标题.</param>
/// <param name="Body">The consulting body, a code of the Catalog.</param>
/// <param name="Day">The day on which it is told, Asia/Shanghai.</param>
/// <param name="Waiting">How many comments wait.</param>
/// <param name="Since">The day since which the first of them waits, Asia/Shanghai.</param>
/// <param name="DueOn">The last day for that one, Asia/Shanghai; it has passed.</param>
/// <param name="DocumentId">The document; null where that is not told.</param>
/// <param name="Revisions">The texts of the draft that were put up: what is called after one that is taken from the public is not shown; null where that is not told.</param>
[MessageIdentity("PolicyPlatform.Contracts.Consultation.V1.CommentsWaiting")]
public sealed record CommentsWaitingMessage(
    Guid ConsultationId,
    string Title,
    string Body,
    DateOnly Day,
    long Waiting,
    DateOnly Since,
    DateOnly DueOn,
    Guid? DocumentId = null,
    IReadOnlyList<int>? Revisions = null
);

/// <summary>
/// What was said in a consultation that has closed waits for its feedback: it is due in a while, or the last day for it has passed (M 18).
/// </summary>
/// <param name="ConsultationId">The consultation.</param>
/// <param name="Title">标题.</param>
/// <param name="Body">The consulting body, a code of the Catalog.</param>
/// <param name="DueOn">The last day, Asia/Shanghai.</param>
/// <param name="WeeksLeft">How many weeks are left until then; 0 once it has passed.</param>
/// <param name="DocumentId">The document; null where that is not told.</param>
/// <param name="Revisions">The texts of the draft that were put up: what is called after one that is taken from the public is not shown; null where that is not told.</param>
[MessageIdentity("PolicyPlatform.Contracts.Consultation.V1.FeedbackDue")]
public sealed record FeedbackDueMessage(
    Guid ConsultationId,
    string Title,
    string Body,
    DateOnly DueOn,
    int WeeksLeft,
    Guid? DocumentId = null,
    IReadOnlyList<int>? Revisions = null
);

/// <summary>A question was gathered before an open day: it is answered as all questions about policies are.</summary>
/// <param name="QuestionId">The question; the same in both services.</param>
/// <param name="OpenDayId">The open day.</param>
/// <param name="Body">Who holds it and is asked, a code of the Catalog.</param>
/// <param name="Text">What was asked, sealed.</param>
/// <param name="Receipt">The hash of the receipt with which the asker looks it up; null where it was noted by those who hold the open day.</param>
/// <param name="AskedAt">When it was asked, UTC.</param>
[MessageIdentity("PolicyPlatform.Contracts.Consultation.V1.OpenDayQuestionAsked")]
public sealed record OpenDayQuestionAskedMessage(
    Guid QuestionId,
    Guid OpenDayId,
    string Body,
    string Text,
    string? Receipt,
    DateTimeOffset AskedAt
);

/// <summary>The evaluation of a published document has come to its conclusion (R 37): it goes into the document's history.</summary>
/// <param name="EvaluationId">The evaluation.</param>
/// <param name="DocumentId">The document.</param>
/// <param name="Version">The version of the evaluation that this message speaks of.</param>
/// <param name="Conclusion">keep, amend or repeal.</param>
/// <param name="Reason">Why; it is public.</param>
/// <param name="ConcludedOn">The day on which it was concluded, Asia/Shanghai.</param>
/// <param name="ConcludedBy">Who concluded it, by id: nobody else's conclusion takes effect by the same hand. Null where that is not told.</param>
[MessageIdentity("PolicyPlatform.Contracts.Consultation.V1.EvaluationConcluded")]
public sealed record EvaluationConcludedMessage(
    Guid EvaluationId,
    Guid DocumentId,
    long Version,
    string Conclusion,
    string Reason,
    DateOnly ConcludedOn,
    string? ConcludedBy = null
) : IAboutDocument;
