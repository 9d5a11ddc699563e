using Marten;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Interpretation.Benefits;

/// <summary>Cuts a benefit out of a document, and changes it. The public goes on seeing what was published last.</summary>
public sealed class DraftBenefit : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/benefits", Post).RequireAnyRole(Roles.Drafter, Roles.Publisher).Produces<BenefitView>(201).WithName("draftBenefit");
        api.MapPut("/benefits/{id:guid}", Put)
            .RequireAnyRole(Roles.Drafter, Roles.Publisher)
            .Produces<BenefitView>()
            .WithName("changeBenefit");
    }

    /// <summary>
    /// Cuts a benefit out of a document that the caller sees; a drafter does so for the own organisation. The public does not see it before
    /// it is published.
    /// </summary>
    static async Task<IResult> Post(
        GivenBenefit command,
        Caller caller,
        IQuerySession reading,
        Documents.DocumentsClient documents,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var content = await command.Read(caller, reading, documents, invalid, http.RequestAborted);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        if (!caller.WorksFor([content.Body]))
            return Foreign(content.Body).ToResult();
        var drafted = new BenefitDrafted(Guid.CreateVersion7(), content, caller.Actor(), time.GetUtcNow());
        return await writer.Start<BenefitItem>(
            http,
            drafted.BenefitId,
            _ => Task.FromResult(Decision.Record(drafted)),
            recorded => new Answer(
                201,
                BenefitView.Of(recorded.After(), content, null, time.Today()),
                $"/api/v1/benefits/{drafted.BenefitId}"
            )
        );
    }

    static Problem Foreign(string body) => InterpretationProblems.ForeignBody.With($"The benefit is granted by {body}; it cuts it out.");

    /// <summary>
    /// Replaces all that a benefit says; it stays with its document. The public goes on seeing what was published last, until this is
    /// published too.
    /// </summary>
    static Task<IResult> Put(
        Guid id,
        GivenBenefit command,
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
                var invalid = new Invalid();
                var content = await command.Read(caller, session, documents, invalid, http.RequestAborted);
                // Nor is it given to a body that knows nothing of it.
                if (!caller.WorksFor([content.Body]))
                    return Foreign(content.Body);
                invalid.If(
                    content.DocumentId != benefit.DocumentId && command.DocumentId is not null,
                    "/documentId",
                    "document.other",
                    "A benefit stays with its document; cut another one out of the other."
                );
                return invalid.Problem is { } problem
                    ? problem
                    : Decision.Record(new BenefitChanged(content, caller.Actor(), time.GetUtcNow()));
            }
        );
}
