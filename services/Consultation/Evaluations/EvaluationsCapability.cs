using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Consultation.Evaluations;

/// <summary>后评估: whether published documents do what they are for.</summary>
sealed class EvaluationsCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) =>
        service
            .Endpoint<OpenEvaluation>()
            .Endpoint<TakeUpProposal>()
            .Endpoint<DismissProposal>()
            .Endpoint<ChangeEvaluationPlan>()
            .Endpoint<MeasureIndicator>()
            .Endpoint<NameSources>()
            .Endpoint<RecordFinding>()
            .Endpoint<ConcludeEvaluation>()
            .Endpoint<ReadEvaluations>()
            .Sends<EvaluationConcludedMessage>("documents")
            .Services.AddSingleton(services => ProposalRules.From(services.GetRequiredService<IConfiguration>()))
            .AddHostedService<ProposeEvaluations>();
}
