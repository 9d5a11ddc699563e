using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Consultation.Answering;

/// <summary>意见采纳情况反馈: what was done with what was said, and why.</summary>
sealed class AnsweringCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) =>
        service
            .Endpoint<GiveFeedback>()
            .Endpoint<FeedbackTemplates>()
            .Endpoint<WriteSummary>()
            .Endpoint<CompleteConsultation>()
            .Sends<FeedbackGivenMessage>("catalog")
            .Sends<FeedbackDueMessage>("catalog")
            .Watches(
                "policyplatform.feedback",
                "{consultation}",
                "Closed consultations whose feedback is due within a week, or overdue",
                "state",
                """
                select kind, count(c.due_on) from (values ('due_soon'), ('overdue')) as kinds (kind) left join (
                    select ((closes_at - interval '1 microsecond') at time zone 'Asia/Shanghai')::date + 7 * (data ->> 'feedbackWeeks')::int as due_on
                    from consultation.mt_doc_publicconsultation where closes_at <= @now and not (data ->> 'isOver')::boolean
                ) c on case kind when 'overdue' then c.due_on < @today else c.due_on between @today and @today + 7 end
                group by kind
                """
            )
            .Services.AddHostedService<RemindOfFeedback>();
}
