using PolicyPlatform.Contracts.Interpretation.V1;
using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Interpretation.Benefits;

/// <summary>免申即享: what whom is entitled to.</summary>
sealed class BenefitsCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) =>
        service
            .Endpoint<DraftBenefit>()
            .Endpoint<PublishBenefit>()
            .Endpoint<WithdrawBenefit>()
            .Endpoint<ReadBenefits>()
            .Endpoint<MatchBenefits>()
            .Endpoint<RegisterProfile>()
            .Endpoint<SetProfileSchema>()
            .Sends<BenefitPublishedMessage>("catalog")
            .Sends<BenefitOfferedMessage>("catalog")
            .Services.AddSingleton<OfferedBenefits>()
            .AddHostedService<MatchAsDaysPass>();
}
