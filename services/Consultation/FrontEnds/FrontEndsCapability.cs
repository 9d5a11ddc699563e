using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Consultation.FrontEnds;

/// <summary>What pages and applications of others follow consultations by.</summary>
sealed class FrontEndsCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) =>
        service
            .Endpoint<FollowConsultation>()
            .Endpoint<ConsultationsFeed>()
            .Endpoint<ConsultationsCalendar>()
            .Services.AddSingleton<LiveLines>();
}
