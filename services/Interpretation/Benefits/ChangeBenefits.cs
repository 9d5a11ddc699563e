using Marten;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Interpretation.KnownDocuments;
using PolicyPlatform.Interpretation.Plans;
using PolicyPlatform.Interpretation.Tasks;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Interpretation.Benefits;

/// <summary>What a benefit is, as it is sent.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Benefit">What there is to be had.</param>
/// <param name="DocumentId">The document that it is cut out of.</param>
/// <param name="Revision">The revision; the one that the caller sees as current when left out.</param>
/// <param name="Blocks">The blocks that it stands in; at least one.</param>
/// <param name="Body">Who grants it; the caller's organisation when left out.</param>
/// <param name="Access">How it reaches the person; by application when left out.</param>
/// <param name="From">The first day of its window, Asia/Shanghai.</param>
/// <param name="Until">The last day of its window.</param>
/// <param name="Conditions">Who gets it; everybody when left out.</param>
/// <param name="Materials">What must be handed in.</param>
/// <param name="Tags">What it is found by.</param>
/// <param name="Link">Where one applies, https.</param>
public sealed record GivenBenefit(
    string? Title,
    string? Benefit,
    Guid? DocumentId,
    int? Revision,
    IReadOnlyList<string>? Blocks,
    string? Body,
    Access? Access,
    DateOnly? From,
    DateOnly? Until,
    Condition? Conditions,
    IReadOnlyList<string>? Materials,
    IReadOnlyList<string>? Tags,
    string? Link
)
{
    const int LongestTitle = 300,
        LongestText = 5000,
        MostOf = 50,
        LongestTag = 50;

    internal async Task<BenefitContent> Read(
        Caller caller,
        IQuerySession session,
        Documents.DocumentsClient documents,
        Invalid invalid,
        CancellationToken cancellation
    )
    {
        invalid
            .Text("/title", Title, LongestTitle)
            .Text("/benefit", Benefit, LongestText)
            .If(DocumentId is null, "/documentId", "value.missing", "The document is required.")
            .If(Blocks is null or { Count: 0 }, "/blocks", "value.missing", "A benefit stands in at least one block.")
            .If(
                Blocks?.Count > MostOf || Materials?.Count > MostOf || Tags?.Count > MostOf,
                "",
                "values.tooMany",
                $"At most {MostOf} of each."
            )
            .If(Body is null && caller.Organisation.Length == 0, "/body", "value.missing", "The body that grants it is required.")
            .If(Until < From, "/until", "date.tooEarly", "The window ends before it begins.")
            .If(
                Link is not null && !(Uri.TryCreate(Link, UriKind.Absolute, out var link) && link.Scheme == Uri.UriSchemeHttps),
                "/link",
                "link.malformed",
                "A link begins with https://."
            );
        for (var i = 0; i < Math.Min(Tags?.Count ?? 0, MostOf); i++)
            invalid.Text($"/tags/{i}", Tags![i], LongestTag);
        for (var i = 0; i < Math.Min(Materials?.Count ?? 0, MostOf); i++)
            invalid.Text($"/materials/{i}", Materials![i], LongestTitle);
        Conditions?.Check("/conditions", await ProfileSchema.Known(session, cancellation), invalid);
        var revision = Revision;
        if (DocumentId is { } id && await documents.Seen(id, "/documentId", invalid, cancellation) is { } document)
        {
            revision ??= document.CurrentRevision;
            if (Blocks is { Count: > 0 and <= MostOf })
                await documents.WithBlocks(id, revision.Value, Blocks, invalid, cancellation);
        }
        return new(
            Title?.Trim() ?? "",
            Benefit?.Trim() ?? "",
            DocumentId ?? default,
            revision ?? 0,
            Blocks ?? [],
            Body ?? caller.Organisation,
            Access ?? Benefits.Access.Application,
            From,
            Until,
            Conditions,
            Materials ?? [],
            Tags ?? [],
            Link
        );
    }
}

/// <summary>Cuts a benefit out of a document, and changes it. The public goes on seeing what was published last.</summary>
public sealed class DraftBenefit : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/benefits", Post)
            .RequireAnyRole(Roles.Drafter, Roles.Publisher)
            .Produces<BenefitView>(201)
            .WithTags("Interpretation")
            .WithName("draftBenefit");
        api.MapPut("/benefits/{id:guid}", Put)
            .RequireAnyRole(Roles.Drafter, Roles.Publisher)
            .Produces<BenefitView>()
            .WithTags("Interpretation")
            .WithName("changeBenefit");
    }

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
            return InterpretationProblems.ForeignBody.With($"The benefit is granted by {content.Body}; it cuts it out.").ToResult();
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

/// <summary>Offers a benefit as it is: it is matched against the registered profiles. Its document must be public.</summary>
public sealed class PublishBenefit : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/benefits/{id:guid}/publish", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<BenefitView>()
            .WithTags("Interpretation")
            .WithName("publishBenefit");

    static Task<IResult> Post(Guid id, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
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
                if (await session.LoadAsync<KnownDocument>(benefit.DocumentId, http.RequestAborted) is null)
                    return InterpretationProblems.DocumentNotPublic.With(
                        $"Document {benefit.DocumentId} is not public yet; offer the benefit after it."
                    );
                if (benefit.Outdated?.ToRevision <= benefit.Draft.Revision)
                    await InterpretationTask.Done(session, TaskKind.OutdatedBenefit, id, time.GetUtcNow(), http.RequestAborted);
                return Decision
                    .Record(new BenefitPublished(benefit.Version + 1, caller.Actor(), time.GetUtcNow()))
                    .Telling(
                        new OfferBenefit(id, benefit.Version + 1),
                        new Contracts.Interpretation.V1.BenefitPublished(
                            id,
                            benefit.Version + 1,
                            benefit.DocumentId,
                            benefit.Draft.Title,
                            benefit.Draft.Body,
                            benefit.Draft.Tags
                        )
                    );
            }
        );
}

/// <summary>Takes a benefit back.</summary>
/// <param name="Reason">Why.</param>
public sealed record WithdrawBenefit(string? Reason) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/benefits/{id:guid}/withdraw", Post)
            .RequireAnyRole(Roles.Drafter, Roles.Publisher)
            .Produces<BenefitView>()
            .WithTags("Interpretation")
            .WithName("withdrawBenefit");

    static Task<IResult> Post(Guid id, WithdrawBenefit command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Step(
            http,
            id,
            caller,
            time,
            async (benefit, session) =>
            {
                if (new Invalid().Text("/reason", command.Reason, OpenPlan.LongestReason).Problem is { } problem)
                    return problem;
                if (benefit.Shown is null)
                    return InterpretationProblems.BenefitState.With("The benefit is not offered.");
                await InterpretationTask.Done(session, TaskKind.OutdatedBenefit, id, time.GetUtcNow(), http.RequestAborted);
                return Decision.Record(new BenefitWithdrawn(command.Reason!.Trim(), caller.Actor(), time.GetUtcNow()));
            }
        );
}

/// <summary>What every step on a benefit has in common.</summary>
static class BenefitSteps
{
    public static Task<IResult> Step(
        this EventWriter writer,
        HttpContext http,
        Guid id,
        Caller caller,
        TimeProvider time,
        Func<BenefitItem, IDocumentSession, Task<Decision>> decide
    ) =>
        writer.Append<BenefitItem>(
            http,
            id,
            async (benefit, session) =>
            {
                if (benefit is null || !caller.WorksFor([benefit.Draft.Body]))
                    return ReadBenefits.NotFound(id);
                return (await decide(benefit, session)).Knowing(
                    await session.LoadAsync<KnownDocument>(benefit.DocumentId, http.RequestAborted)
                );
            },
            recorded =>
            {
                var benefit = recorded.After();
                return new(200, BenefitView.Of(benefit, benefit.Draft, recorded.Known<KnownDocument>(), time.Today()));
            }
        );
}
