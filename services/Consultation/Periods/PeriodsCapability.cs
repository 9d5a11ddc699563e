using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Consultation.Periods;

/// <summary>公开征求意见的期限: what is put up, and how long the public is heard.</summary>
sealed class PeriodsCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) =>
        service
            .Endpoint<OpenConsultation>()
            .Endpoint<PutUpRevision>()
            .Endpoint<ExtendPeriod>()
            .Endpoint<SuspendConsultation>()
            .Endpoint<ResumeConsultation>()
            .Endpoint<CloseConsultation>()
            .Endpoint<ReadConsultations>()
            .Sends<ConsultationOpenedMessage>("documents", "interpretation", "catalog")
            .Sends<ConsultationEndedMessage>("documents", "catalog")
            .Services.AddSingleton(services => CommentPeriod.From(services.GetRequiredService<IConfiguration>()));
}
