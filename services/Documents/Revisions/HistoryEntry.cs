using JasperFx.Events;
using Marten;
using Marten.Events.Projections;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Revisions;

/// <summary>
/// One event of a document as a person reads it. Holds no text, so that a page of history costs the same at 20 and at 5,000 revisions.
/// </summary>
/// <param name="Id">The id of the event.</param>
/// <param name="DocumentId">The document.</param>
/// <param name="Version">The place of the event in the document's history, from 1.</param>
/// <param name="What">A stable code: <c>revisionRecorded</c>.</param>
/// <param name="Summary">What happened, in Chinese.</param>
/// <param name="By">Who, by id.</param>
/// <param name="At">When the library came to know of it, UTC.</param>
/// <param name="Note">What was said about it.</param>
/// <param name="Revision">The revision that it is about.</param>
/// <param name="TextRevision">The revision whose text the event holds; null where it holds none.</param>
/// <param name="Significance">For a recorded text, what its author called the change.</param>
/// <param name="TextHash">For a recorded text, its SHA-256.</param>
/// <param name="CompleteIn">For a recorded text, the revision whose event holds the complete text that it builds on.</param>
/// <param name="IsPublic">Whether the public may know of it: what came before publication is process information (D 16).</param>
public sealed record HistoryEntry(
    Guid Id,
    Guid DocumentId,
    long Version,
    string What,
    string Summary,
    Actor By,
    DateTimeOffset At,
    string? Note = null,
    int? Revision = null,
    int? TextRevision = null,
    Significance? Significance = null,
    string? TextHash = null,
    int? CompleteIn = null,
    bool IsPublic = false
);

/// <summary>Writes the history page with the events, in the same transaction.</summary>
sealed partial class HistoryProjection : EventProjection
{
    /// <summary>Is known by its name.</summary>
    public HistoryProjection() => Name = nameof(HistoryProjection);

    /// <inheritdoc/>
    public override ValueTask ApplyAsync(IDocumentOperations operations, IEvent e, CancellationToken cancellation)
    {
        if (Entry(e) is { } entry)
            operations.Store(entry);
        return ValueTask.CompletedTask;
    }

    static HistoryEntry? Entry(IEvent e)
    {
        return e.Data switch
        {
            DraftCreated d => Of("draftCreated", $"起草《{d.Title}》", d.By, d.At),
            ElementsChanged d => Of("elementsChanged", $"修改文件要素：《{d.Title}》", d.By, d.At),
            RevisionRecorded d => Of("revisionRecorded", $"记录第{d.Revision}次修订文本", d.By, d.At, d.ChangeNote, d.Revision) with
            {
                TextRevision = d.Revision,
                Significance = d.Significance,
                TextHash = d.TextHash,
                CompleteIn = d.CompleteIn ?? d.Revision,
            },
            ReviewRequested d => Of("reviewRequested", "提请审核", d.By, d.At, d.Note, d.Revision),
            LegalityReviewed d => Of(
                "legalityReviewed",
                d.Passed ? "合法性审查通过" : "合法性审查未通过，退回修改",
                d.By,
                d.At,
                d.Opinion,
                d.Revision
            ),
            DecisionRecorded d => Of(
                "decisionRecorded",
                $"{d.Meeting}集体讨论{(d.Approved ? "通过" : "未通过")}",
                d.By,
                d.At,
                d.Dissent.Count > 0 ? string.Join("\n", d.Dissent) : null,
                d.Revision
            ),
            InterpretationReadied d => Of("interpretationReadied", "政策解读方案已批准、解读材料已签发", d.By, d.At, null, d.Revision),
            InterpretationReopened d => Of("interpretationReopened", "重新修改政策解读", d.By, d.At, d.Reason),
            InterpretationExempted d => Of("interpretationExempted", "免予政策解读", d.By, d.At, d.Reason),
            StepsRequired d => Of("stepsRequired", $"列入重大行政决策事项目录 {d.Item}", d.By, d.At),
            StepTaken d => Of("stepTaken", $"{Word(d.Step)}，完成日期{d.HeldOn:yyyy-MM-dd}", d.By, d.At, d.Conclusion),
            PublicationScheduled d => Of("publicationScheduled", $"定于{OfficialTime.DateIn(d.PublishAt):yyyy-MM-dd}发布", d.By, d.At),
            PublicationHeld d => Of("publicationHeld", "到达定时发布时间但条件未满足，未发布", d.By, d.At, d.Reason),
            DocumentSigned d => Of("signed", $"签发，签发日期{d.SignedOn:yyyy-MM-dd}", d.By, d.At, null, d.Revision),
            DocumentIssued d => Of("issued", $"编号 {d.Number}，成文日期{d.WrittenOn:yyyy-MM-dd}", d.By, d.At),
            DocumentPublished d => Of("published", $"发布，{d.EffectiveFrom:yyyy-MM-dd}起施行", d.By, d.At, d.DatesReason, d.Revision) with
            {
                IsPublic = true,
            },
            DocumentWithdrawn d => Of("withdrawn", "撤回", d.By, d.At, d.Reason),
            DocumentAmended d => Of("amended", $"修改，{d.EffectiveFrom:yyyy-MM-dd}起施行", d.By, d.At, d.Note, d.Revision) with
            {
                IsPublic = true,
            },
            DocumentCorrected d => Of(
                "corrected",
                $"勘误：第{d.Revision}次文本更正第{d.Corrects}次文本",
                d.By,
                d.At,
                d.Reason,
                d.Revision
            ) with
            {
                IsPublic = true,
            },
            NoteCorrected d => Of("noteCorrected", $"更正第{d.Revision}次文本的说明：{d.Note}", d.By, d.At, d.Reason, d.Revision) with
            {
                IsPublic = true,
            },
            DocumentSuperseded d => Of("superseded", $"被替代，自{d.EffectiveFrom:yyyy-MM-dd}起", d.By, d.At, d.Reason) with
            {
                IsPublic = true,
            },
            ExpiryChanged d => Of(
                "expiryChanged",
                d.ExpiresOn is { } last ? $"有效期至{last:yyyy-MM-dd}" : "长期有效",
                d.By,
                d.At,
                d.Reason
            ) with
            {
                IsPublic = true,
            },
            DocumentExpired d => Of("expired", $"有效期于{d.ExpiredOn:yyyy-MM-dd}届满，自动失效", d.By, d.At) with { IsPublic = true },
            RelationStated d => Of("relationStated", $"记录文件关系：{Word(d.Kind)}", d.By, d.At, d.Note),
            DocumentCleanedUp d => Of("cleanedUp", $"清理结论：{Word(d.Outcome)}", d.By, d.At, d.Reason),
            DocumentImported d => Of("imported", $"从已有文件库导入《{d.Title}》", d.By, d.At, d.Source),
            DocumentRepealed d => Of("repealed", $"废止，自{d.EffectiveFrom:yyyy-MM-dd}起失效", d.By, d.At, d.Reason) with
            {
                IsPublic = true,
            },
            _ => null,
        };

        static string Word(Enum value) =>
            value switch
            {
                RelationKind.Amends => "修改",
                RelationKind.Repeals => "废止",
                RelationKind.Supersedes => "替代",
                RelationKind.Implements => "贯彻落实",
                RelationKind.BasedOn => "依据",
                RelationKind.RelatesTo => "相关",
                DecisionStep.PublicParticipation => "公众参与",
                DecisionStep.ExpertArgument => "专家论证",
                DecisionStep.RiskAssessment => "风险评估",
                CleanUpOutcome.Keep => "继续有效",
                CleanUpOutcome.Amend => "修改",
                CleanUpOutcome.Repeal => "废止",
                _ => "宣布失效",
            };

        HistoryEntry Of(string what, string summary, Actor by, DateTimeOffset at, string? note = null, int? revision = null) =>
            new(e.Id, e.StreamId, e.Version, what, summary, by, at, string.IsNullOrEmpty(note) ? null : note, revision);
    }
}
