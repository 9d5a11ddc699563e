using Marten;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Interpretation.Plans;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Interpretation.Materials;

/// <summary>What a material says, as it is sent.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Form">Its form; <c>text</c> when left out.</param>
/// <param name="Text">Its text, as Markdown.</param>
/// <param name="Videos">Links to videos, https only.</param>
/// <param name="Revision">The revision of the document that it was written for; the newest that the caller sees when left out.</param>
/// <param name="Blocks">The blocks that it explains; none for the document as a whole.</param>
/// <param name="Covers">What it covers, of the eight points that a material should have.</param>
public sealed record GivenContent(
    string? Title,
    Form? Form,
    string? Text,
    IReadOnlyList<string>? Videos,
    int? Revision,
    IReadOnlyList<string>? Blocks,
    IReadOnlyList<Point>? Covers
)
{
    const int LongestTitle = 300,
        LongestText = 200_000,
        MostVideos = 20,
        MostBlocks = 500,
        LongestLink = 2000;

    /// <summary>Reads it; what is wrong is noted, blocks that the document does not have included.</summary>
    public async Task<MaterialContent> Read(
        Guid documentId,
        Documents.DocumentsClient documents,
        Invalid invalid,
        CancellationToken cancellation
    )
    {
        invalid
            .Text("/title", Title, LongestTitle)
            .Text("/text", Text, LongestText, required: Videos is null or { Count: 0 })
            .If(Videos?.Count > MostVideos, "/videos", "videos.tooMany", $"At most {MostVideos} videos.")
            .If(Blocks?.Count > MostBlocks, "/blocks", "blocks.tooMany", $"At most {MostBlocks} blocks.");
        for (var i = 0; i < Math.Min(Videos?.Count ?? 0, MostVideos); i++)
            invalid.If(
                Videos![i].Length > LongestLink
                    || !Uri.TryCreate(Videos[i], UriKind.Absolute, out var link)
                    || link.Scheme != Uri.UriSchemeHttps,
                $"/videos/{i}",
                "link.malformed",
                "A video is a link that begins with https://."
            );
        var revision = Revision;
        if (await documents.Seen(documentId, "/documentId", invalid, cancellation) is { } document)
        {
            revision ??= document.NewestRevision > 0 ? document.NewestRevision : document.CurrentRevision;
            if (Blocks is { Count: <= MostBlocks })
                await documents.WithBlocks(documentId, revision.Value, Blocks, invalid, cancellation);
        }
        return new(
            Title?.Trim() ?? "",
            Form ?? Plans.Form.Text,
            Text ?? "",
            Videos ?? [],
            revision ?? 0,
            Blocks ?? [],
            [.. (Covers ?? []).Distinct()]
        );
    }
}

/// <summary>Drafts a material of a plan.</summary>
/// <param name="PlanId">The plan.</param>
/// <param name="Content">What it says.</param>
public sealed record DraftMaterial(Guid? PlanId, GivenContent? Content) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/interpretations", Post)
            .RequireAnyRole(Roles.Drafter, Roles.Publisher)
            .Produces<MaterialView>(201)
            .WithTags("Interpretation")
            .WithName("draftMaterial");

    static async Task<IResult> Post(
        DraftMaterial command,
        Caller caller,
        IQuerySession reading,
        Documents.DocumentsClient documents,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid()
            .If(command.PlanId is null, "/planId", "value.missing", "The plan is required: GET /api/v1/interpretation-plans?document=…")
            .If(command.Content is null, "/content", "value.missing", "What the material says is required.");
        var plan = command.PlanId is { } id ? await reading.LoadAsync<InterpretationPlan>(id, http.RequestAborted) : null;
        if (plan is null || !caller.WorksFor(plan.Issuers))
            invalid.If(
                command.PlanId is not null,
                "/planId",
                "interpretationPlan.unknown",
                $"There is no plan {command.PlanId} that you may see."
            );
        else if (
            command.Content is not null
            && await command.Content.Read(plan.DocumentId, documents, invalid, http.RequestAborted) is var content
            && invalid.Problem is null
        )
        {
            var drafted = new MaterialDrafted(
                Guid.CreateVersion7(),
                plan.Id,
                plan.DocumentId,
                plan.Issuers,
                plan.Phase,
                content,
                caller.Actor(),
                time.GetUtcNow()
            );
            return await writer.Start<InterpretationMaterial>(
                http,
                drafted.MaterialId,
                _ =>
                    Task.FromResult<Decision>(
                        plan.State is PlanState.Closed
                            ? plan.WrongState("given materials", "unless its document was withdrawn")
                            : Decision.Record(drafted)
                    ),
                recorded => new Answer(201, MaterialView.Inside(recorded.After(), time), $"/api/v1/interpretations/{drafted.MaterialId}")
            );
        }
        return invalid.Problem!.ToResult();
    }
}
