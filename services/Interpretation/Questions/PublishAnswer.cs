using PolicyPlatform.Interpretation.KnownDocuments;
using PolicyPlatform.Interpretation.Tasks;
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

    static Task<IResult> Post(Guid id, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Step(
            http,
            id,
            caller,
            time,
            async (question, session) =>
            {
                if (question.State is not QuestionState.Approved)
                    return question.WrongState("published", "once it is approved");
                if (await session.LoadAsync<KnownDocument>(question.Draft!.DocumentId, http.RequestAborted) is null)
                    return InterpretationProblems.DocumentNotPublic.With(
                        $"Document {question.Draft.DocumentId} is not public yet; publish the answer after it."
                    );
                if (question.Outdated?.ToRevision <= question.Draft.Revision)
                    await InterpretationTask.Done(session, TaskKind.OutdatedAnswer, id, time.GetUtcNow(), http.RequestAborted);
                return Decision.Record(new AnswerPublished(caller.Actor(), time.GetUtcNow()));
            }
        );
}
