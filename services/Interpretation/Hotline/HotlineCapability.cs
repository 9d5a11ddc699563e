using PolicyPlatform.Contracts.Interpretation.V1;
using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Interpretation.Hotline;

/// <summary>12345: tickets that ask about policies.</summary>
sealed class HotlineCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) =>
        service
            .Endpoint<ReceiveTicket>()
            .Endpoint<AssignTicket>()
            .Endpoint<ReturnTicket>()
            .Endpoint<AnswerTicket>()
            .Endpoint<RateTicket>()
            .Endpoint<ReadTickets>()
            .Says(messages => messages.OneAtATime<TriageTicket>())
            .Sends<TicketDueSoonMessage>("catalog")
            .Sends<TicketOverdueMessage>("catalog")
            .Sends<TicketsPiledUpMessage>("consultation")
            .Watches(
                "policyplatform.tickets",
                "{ticket}",
                "Tickets of the hotline that nobody has yet, whose last day is near, or has passed",
                "state",
                """
                select kind, count(t.state) from (values ('received'), ('due_soon'), ('overdue')) as kinds (kind) left join (
                    select state, (data ->> 'dueOn')::date as due_on, (data ->> 'remindOn')::date as remind_on
                    from interpretation.mt_doc_ticket where state in ('Received', 'Assigned')
                ) t on case kind
                    when 'received' then t.state = 'Received'
                    when 'overdue' then t.state = 'Assigned' and t.due_on < @today
                    else t.state = 'Assigned' and t.due_on >= @today and t.remind_on <= @today
                end
                group by kind
                """
            );
}
