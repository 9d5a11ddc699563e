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
            .Endpoint<AnswerTicket>()
            .Endpoint<RateTicket>()
            .Endpoint<ReadTickets>()
            .Says(messages => messages.OneAtATime<TriageTicket>())
            .Sends<TicketDueSoonMessage>("catalog")
            .Sends<TicketOverdueMessage>("catalog")
            .Sends<TicketsPiledUpMessage>("consultation");
}
