using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Consultation.Moderation;

/// <summary>审核展示: which comments everybody reads, by public rules.</summary>
sealed class ModerationCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) =>
        service
            .Endpoint<ModerateComments>()
            .Endpoint<ReadModeration>()
            .Sends<CommentsWaitingMessage>("catalog")
            .Watches(
                "policyplatform.comments.waiting",
                "{comment}",
                "Comments that wait to be looked at",
                null,
                "select null, count(*) from consultation.mt_doc_comment where waits"
            )
            .Watches(
                "policyplatform.comments.oldest.age",
                "s",
                "For how long the comment that came first has waited to be looked at",
                null,
                """
                select null, coalesce(extract(epoch from @now - min((data ->> 'waitsSince')::timestamptz)), 0)
                from consultation.mt_doc_comment where waits
                """
            )
            .Services.AddSingleton<ModerationPatience>()
            .AddHostedService<RemindOfModeration>();
}
