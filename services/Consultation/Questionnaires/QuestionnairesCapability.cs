using PolicyPlatform.Consultation.Questionnaires.Import;
using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Consultation.Questionnaires;

/// <summary>问卷调查.</summary>
sealed class QuestionnairesCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) =>
        service
            .Endpoint<DraftQuestionnaire>()
            .Endpoint<ImportQuestionnaire>()
            .Endpoint<ChangeQuestionnaire>()
            .Endpoint<OpenQuestionnaire>()
            .Endpoint<CloseQuestionnaire>()
            .Endpoint<InviteToQuestionnaire>()
            .Endpoint<AnswerQuestionnaire>()
            .Endpoint<ReadQuestionnaires>()
            .Endpoint<ReadResults>()
            .Endpoint<ReadWords>()
            .Endpoint<ExportAnswers>();
}
