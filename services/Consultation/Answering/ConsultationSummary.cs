using System.Globalization;
using System.Text;
using PolicyPlatform.Consultation.Comments;
using PolicyPlatform.Consultation.Groups;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.ServiceDefaults;

namespace PolicyPlatform.Consultation.Answering;

/// <summary>The summary of a consultation: what was asked, what was said, and what was done with it (M 18). It stays for ever.</summary>
/// <param name="Id">The consultation.</param>
/// <param name="Text">The text, as Markdown.</param>
/// <param name="PublishedAt">When it was published, UTC; null for a draft.</param>
public sealed record ConsultationSummary(Guid Id, string Text, DateTimeOffset? PublishedAt)
{
    /// <summary>A first text, made of what is recorded; a person goes on with it.</summary>
    public static string Draft(
        PublicConsultation consultation,
        IReadOnlyDictionary<string, long> counts,
        IReadOnlyList<CommentGroup> groups
    )
    {
        long Count(string kind) => counts.GetValueOrDefault(kind);
        var received = counts.Where(c => c.Key.StartsWith("position/", StringComparison.Ordinal)).Sum(c => c.Value);
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"""
            # 《{consultation.Title}》公开征求意见及采纳情况

            ## 一、征求意见情况

            {Day(OfficialTime.DateIn(consultation.OpenedAt))}至{Day(consultation.ClosesOn)}，就第{string.Join(
                '、',
                consultation.Revisions.Select(r => r.Revision)
            )}稿公开征求意见。{consultation.Announcement.Explanation}

            共收到意见{received}条，{Count("signatures")}人次署名：支持{Count("position/support")}条，反对{Count(
                "position/oppose"
            )}条，建议{Count("position/suggest")}条；另有{Count("state/withdrawn")}条由提出人撤回。

            ## 二、主要意见及采纳情况


            """
        );
        foreach (var (i, group) in groups.Index())
            text.Append(
                CultureInfo.InvariantCulture,
                $"""
                {i + 1}. **{group.Title}**（{Count($"group/{group.Id:N}")}条）。{group.Description}{Answer(group.Feedback)}

                """
            );
        text.Append(
            CultureInfo.InvariantCulture,
            $"""

            ## 三、逐条答复的意见

            采纳{Count("outcome/adopted")}条，部分采纳{Count("outcome/partlyAdopted")}条，不采纳{Count("outcome/notAdopted")}条。

            """
        );
        return text.ToString();
    }

    static string Answer(Feedback? feedback) =>
        feedback is null
            ? "（尚未答复）"
            : $"{Words[feedback.Outcome]}：{feedback.Reason}{(feedback.Revision is { } r ? $"（见第{r}稿）" : "")}";

    static readonly Dictionary<FeedbackOutcome, string> Words = new()
    {
        [FeedbackOutcome.Adopted] = "采纳",
        [FeedbackOutcome.PartlyAdopted] = "部分采纳",
        [FeedbackOutcome.NotAdopted] = "不采纳",
    };

    static string Day(DateOnly day) => $"{day.Year}年{day.Month}月{day.Day}日";
}
