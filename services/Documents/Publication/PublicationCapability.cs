using System.Text.Json;
using Marten;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.Operations;

namespace PolicyPlatform.Documents.Publication;

/// <summary>审核、签发、发布: the way from a draft to a public document.</summary>
sealed class PublicationCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service)
    {
        service.Services.AddSingleton(services => NormativeRules.From(services.GetRequiredService<IConfiguration>()));
        service
            .Endpoint<RequestReview>()
            .Endpoint<RecordLegalityReview>()
            .Endpoint<RecordDecision>()
            .Endpoint<RecordStep>()
            .Endpoint<ExemptInterpretation>()
            .Endpoint<ReopenInterpretation>()
            .Endpoint<Sign>()
            .Endpoint<Issue>()
            .Endpoint<Publish>()
            .Endpoint<CancelPublication>()
            .Endpoint<Withdraw>()
            .Sends<DocumentSentToReviewMessage>("interpretation")
            .Sends<DocumentWithdrawnMessage>("interpretation", "consultation")
            .Sends<InterpretationExemptedMessage>("interpretation")
            .Sends<InterpretationReopenedMessage>("interpretation")
            .Sends<DocumentIssuedMessage>("catalog")
            .Sends<DocumentPublishedMessage>("interpretation", "catalog", "consultation")
            .Watches(
                new(
                    "policyplatform.gates",
                    "{gate}",
                    "Gates that are open before documents under review, signed or issued",
                    "gate",
                    CountGates
                )
            );
    }

    // Which gates are open the code alone knows. Those on their way are few beside those that are published or drafted.
    static async Task<IReadOnlyList<CountedKind>> CountGates(IServiceProvider services, CancellationToken cancellation)
    {
        await using var session = services.GetRequiredService<IDocumentStore>().QuerySession();
        var onTheirWay = await session
            .Query<PolicyDocument>()
            .Where(d => d.State == DocumentState.UnderReview || d.State == DocumentState.Signed || d.State == DocumentState.Issued)
            .ToListAsync(cancellation);
        return
        [
            .. onTheirWay
                .SelectMany(Gates.Open)
                .CountBy(g => g.Code)
                .Select(g => new CountedKind(JsonNamingPolicy.SnakeCaseLower.ConvertName(g.Key), g.Value)),
        ];
    }
}
