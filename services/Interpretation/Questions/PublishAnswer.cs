using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Interpretation.KnownDocuments;
using PolicyPlatform.Interpretation.Tasks;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Interpretation.Questions;

/// <summary>Publishes an approved answer. Its document must be public: an answer never runs ahead of it.</summary>
public sealed class PublishAnswer : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/questions/{id:guid}/publish", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<QuestionView>()
            .WithName("publishAnswer");

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
            async (question, session) =>
            {
                if (question.State is not QuestionState.Approved)
                    return question.WrongState("published", "once it is approved");
                var answer = question.Draft!;
                if (await session.LoadAsync<KnownDocument>(answer.DocumentId, http.RequestAborted) is not { } known)
                    return InterpretationProblems.DocumentNotPublic.With(
                        $"Document {answer.DocumentId} is not public yet; publish the answer after it."
                    );
                var now = time.GetUtcNow();
                if (question.Outdated?.ToRevision <= answer.Revision)
                    await InterpretationTask.Done(session, TaskKind.OutdatedAnswer, id, now, http.RequestAborted);
                var published = Decision.Record(new AnswerPublished(caller.Actor(), now));
                var fits = Math.Max(answer.Revision, question.HoldsFor);
                if (await documents.Outdates(known, fits, answer.Blocks, time.Today(), http.RequestAborted) is not { } because)
                    return published;
                session.Store(
                    InterpretationTask.Outdated(
                        TaskKind.OutdatedAnswer,
                        id,
                        answer.DocumentId,
                        [answer.Body],
                        answer.Question,
                        because,
                        now
                    )
                );
                return published.And(new AnswerOutdated(because, Actor.Platform, now));
            }
        );
}
