using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Contracts.Interpretation.V1;
using PolicyPlatform.Interpretation.KnownDocuments;
using PolicyPlatform.Interpretation.Tasks;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Interpretation.Benefits;

/// <summary>Offers a benefit as it is: it is matched against the registered profiles. Its document must be public.</summary>
public sealed class PublishBenefit : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/benefits/{id:guid}/publish", Post).RequireAnyRole(Roles.Publisher).Produces<BenefitView>().WithName("publishBenefit");

    static Task<IResult> Post(
        Guid id,
        Caller caller,
        Documents.DocumentsClient documents,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    ) =>
        writer.Step(
            http,
            id,
            caller,
            time,
            async (benefit, session) =>
            {
                if (benefit.IsOfferedAsIs)
                    return InterpretationProblems.BenefitState.With(
                        "The benefit is offered as it is. Change it first: PUT …/benefits/{id}."
                    );
                if (await session.LoadAsync<KnownDocument>(benefit.DocumentId, http.RequestAborted) is not { } known)
                    return InterpretationProblems.DocumentNotPublic.With(
                        $"Document {benefit.DocumentId} is not public yet; offer the benefit after it."
                    );
                if (benefit.Outdated?.ToRevision <= benefit.Draft.Revision)
                    await InterpretationTask.Done(session, TaskKind.OutdatedBenefit, id, time.GetUtcNow(), http.RequestAborted);
                var now = time.GetUtcNow();
                var published = Decision
                    .Record(new BenefitPublished(benefit.Version + 1, caller.Actor(), now))
                    .Telling(
                        new OfferBenefit(id, benefit.Version + 1),
                        new BenefitPublishedMessage(
                            id,
                            benefit.Version + 1,
                            benefit.DocumentId,
                            benefit.Draft.Title,
                            benefit.Draft.Body,
                            benefit.Draft.Tags,
                            benefit.Draft.Revision
                        )
                    );
                var (fits, blocks) = (benefit.Draft.Revision, benefit.Draft.Blocks);
                if (await documents.Outdates(known, fits, blocks, time.Today(), http.RequestAborted) is not { } because)
                    return published;
                session.Store(
                    InterpretationTask.Outdated(
                        TaskKind.OutdatedBenefit,
                        id,
                        benefit.DocumentId,
                        [benefit.Draft.Body],
                        benefit.Draft.Title,
                        because,
                        now
                    )
                );
                return published.And(new BenefitOutdated(because, Actor.Platform, now));
            }
        );
}
