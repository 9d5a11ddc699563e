using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>听证会、座谈会: announced, applied for, drawn, held and recorded.</summary>
sealed class HearingsCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) =>
        service
            .Endpoint<AnnounceHearing>()
            .Endpoint<PostponeHearing>()
            .Endpoint<CancelHearing>()
            .Endpoint<ReadHearings>()
            .Endpoint<ApplyForHearing>()
            .Endpoint<InviteToHearing>()
            .Endpoint<WithdrawHearingApplication>()
            .Endpoint<ConfirmHearingAttendance>()
            .Endpoint<EraseHearingApplicant>()
            .Endpoint<ReadHearingApplications>()
            .Endpoint<ReadHearingContacts>()
            .Endpoint<AnnounceDraw>()
            .Endpoint<RecordDrawValues>()
            .Endpoint<ReadDraws>()
            .Endpoint<PublishParticipants>()
            .Endpoint<ReadParticipants>()
            .Endpoint<AttachHearingMaterial>()
            .Endpoint<ReadHearingMaterial>()
            .Endpoint<SendHearingMaterials>()
            .Endpoint<WriteHearingRecord>()
            .Endpoint<AnswerHearingRecord>()
            .Endpoint<PublishHearingRecord>()
            .Endpoint<ReadHearingRecord>()
            .Services.AddSingleton(services => HearingRules.From(services.GetRequiredService<IConfiguration>()));
}
