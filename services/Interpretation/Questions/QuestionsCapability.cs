using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Interpretation.Questions;

/// <summary>政策问答.</summary>
sealed class QuestionsCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service)
    {
        service
            .Endpoint<AskQuestion>()
            .Endpoint<AnswerQuestion>()
            .Endpoint<ApproveAnswer>()
            .Endpoint<PublishAnswer>()
            .Endpoint<WithdrawAnswer>()
            .Endpoint<UpholdAnswer>()
            .Endpoint<ReadQuestions>()
            .Endpoint<FindAnswers>()
            .Endpoint<SetSynonyms>()
            .Services.AddSingleton<AnswerIndex>();
        service.Host.AddEmbeddings();
    }
}
