using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Consultation.Analysis;

/// <summary>意见分析: counts and exports of what was said.</summary>
sealed class AnalysisCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) =>
        service.Endpoint<ReadStatistics>().Endpoint<DrawStatistics>().Endpoint<ReadOpinions>().Endpoint<ExportComments>();
}
