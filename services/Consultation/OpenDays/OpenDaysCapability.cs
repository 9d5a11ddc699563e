using Marten;
using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.OpenDays;

/// <summary>政府开放日 (W 九).</summary>
sealed class OpenDaysCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) =>
        service
            .Endpoint<AnnounceOpenDay>()
            .Endpoint<PostponeOpenDay>()
            .Endpoint<CancelOpenDay>()
            .Endpoint<ChangeOpenDayCapacity>()
            .Endpoint<SetOpenDayQuestionnaire>()
            .Endpoint<PublishOpenDaySummary>()
            .Endpoint<RegisterForOpenDay>()
            .Endpoint<CancelOpenDayRegistration>()
            .Endpoint<ReadOpenDayRegistrant>()
            .Endpoint<CheckInAtOpenDay>()
            .Endpoint<AskOpenDayQuestion>()
            .Endpoint<AnswerOpenDayQuestion>()
            .Endpoint<ReadOpenDayQuestions>()
            .Endpoint<ReadOpenDays>()
            .Sends<OpenDayQuestionAskedMessage>("interpretation")
            .Services.AddSingleton<Func<IDocumentSession, Guid, Task<SeatingPlan?>>>(SeatingPlan.Take)
            .AddSingleton<GroupedWriter<SeatingPlan, OpenDayRegistration>>()
            .AddHostedService<ForgetRegistrants>();
}
