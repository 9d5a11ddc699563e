using Marten;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Comments;

/// <summary>公众意见: what the public says, and what its senders do with it.</summary>
sealed class CommentsCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) =>
        service
            .Endpoint<SubmitComment>()
            .Endpoint<TakeInComments>()
            .Endpoint<ReadComments>()
            .Endpoint<ReadOwnComment>()
            .Endpoint<SupplementComment>()
            .Endpoint<AttachFile>()
            .Endpoint<WithdrawComment>()
            .Endpoint<EraseSender>()
            .Services.AddSingleton<ConsultedTexts>()
            .AddSingleton<Func<IDocumentSession, Guid, Task<AskedAbout?>>>(services => services.GetRequiredService<ConsultedTexts>().Load)
            .AddSingleton<RecentDevices>()
            .AddScoped<ChangedBlocks>()
            .AddSingleton<GroupedWriter<AskedAbout, Comment>>()
            .AddHostedService<DrawTalliesTogether>()
            .AddHostedService<ForgetSenders>();
}
