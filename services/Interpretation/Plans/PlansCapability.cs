using PolicyPlatform.Contracts.Interpretation.V1;
using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Interpretation.Plans;

/// <summary>解读方案: whether, how and when a document is interpreted.</summary>
sealed class PlansCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) =>
        service
            .Endpoint<OpenPlan>()
            .Endpoint<WritePlan>()
            .Endpoint<ApprovePlan>()
            .Endpoint<ReadPlans>()
            .Sends<InterpretationReadyMessage>("documents")
            .Watches(
                "policyplatform.plans",
                "{plan}",
                "Interpretation plans under way whose planned day is within three days, or has passed",
                "state",
                """
                select kind, count(p.planned_on) from (values ('due_soon'), ('overdue')) as kinds (kind) left join (
                    select (data ->> 'plannedOn')::date as planned_on
                    from interpretation.mt_doc_interpretationplan where state in ('Open', 'Approved', 'Ready')
                ) p on case kind when 'overdue' then p.planned_on < @today else p.planned_on between @today and @today + 3 end
                group by kind
                """
            )
            .Services.AddScoped<OpeningPlans>();
}
