using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Interpretation.Plans;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Interpretation.Materials;

/// <summary>Drafts a material of a plan.</summary>
/// <param name="PlanId">The plan.</param>
/// <param name="Content">What it says.</param>
/// <example>{"planId": "01920f4e-7a3b-7c5d-9e2f-0a1b2c3d4e60", "content": {"title": "《云泽区新就业大学生租房补贴办法》解读", "form": "text",
/// "text": "## 背景依据\n\n为支持新就业大学生来云泽区安居，制定本办法。\n\n## 执行标准\n\n每人每月补贴 500 元，最长 24 个月。", "blocks": ["b12"],
/// "covers": ["background", "standards"]}}</example>
public sealed record DraftMaterial(Guid? PlanId, GivenContent? Content) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/interpretations", Post)
            .RequireAnyRole(Roles.Drafter, Roles.Publisher)
            .Produces<MaterialView>(201)
            .WithName("draftMaterial");

    static async Task<IResult> Post(
        DraftMaterial command,
        Caller caller,
        OpeningPlans plans,
        Documents.DocumentsClient documents,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid()
            .If(command.PlanId is null, "/planId", "value.missing", "The plan is required: GET /api/v1/interpretation-plans?document=…")
            .If(command.Content is null, "/content", "value.missing", "What the material says is required.");
        var (plan, missing) = command.PlanId is { } id ? await plans.Find(id, http.RequestAborted) : default;
        if (missing?.RetryAfterSeconds is not null)
            return missing.ToResult();
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
                        plan.State is PlanState.Closed ? plan.WrongState("given materials", "until it is closed") : Decision.Record(drafted)
                    ),
                recorded => new Answer(201, MaterialView.Inside(recorded.After(), time), $"/api/v1/interpretations/{drafted.MaterialId}")
            );
        }
        return invalid.Problem!.ToResult();
    }
}
