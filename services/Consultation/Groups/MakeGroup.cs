using Marten;
using PolicyPlatform.Consultation.Comments;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Groups;

/// <summary>Makes a group of comments, or puts what it is about otherwise.</summary>
/// <param name="Title">What the comments say, in a few words; public with the feedback.</param>
/// <param name="Description">The same at length.</param>
/// <param name="Blocks">The blocks that they are about, of any revision that was put up.</param>
/// <param name="Comments">Comments that are put into it, beside those that are in it.</param>
/// <example>{"title": "提高退费比例", "description": "多数意见认为百分之五十偏低。", "blocks": ["b12"],
/// "comments": ["01920f4e-7a3b-7c5d-9e2f-0a1b2c3d4e5f"]}</example>
public sealed record MakeGroup(string? Title, string? Description, IReadOnlyList<string>? Blocks, IReadOnlyList<Guid>? Comments) : IEndpoint
{
    const int MostBlocks = 50;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/consultations/{id:guid}/groups", Post)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter)
            .Produces<GroupView>(201)
            .WithName("makeGroup");
        api.MapPut("/consultations/{id:guid}/groups/{group:guid}", Put)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter)
            .Produces<GroupView>()
            .WithName("describeGroup");
    }

    static async Task<IResult> Post(
        Guid id,
        MakeGroup command,
        Caller caller,
        IQuerySession reads,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        var (consultation, invalid, refused) = await Look(id, command, caller, reads, http.RequestAborted);
        if (refused is not null)
            return refused.ToResult();
        var made = new GroupMade(
            Guid.CreateVersion7(),
            id,
            command.Title!.Trim(),
            command.Description.OrNone()?.Trim(),
            command.Blocks ?? [],
            caller.Actor(),
            time.GetUtcNow()
        );
        return await writer.Start<CommentGroup>(
            http,
            made.GroupId,
            async session =>
                await session.PutInto(consultation!, made.GroupId, command.Comments ?? [], caller, time, new(invalid), http.RequestAborted)
                    is { } problem
                    ? problem
                    : Decision.Record(made),
            recorded => new Answer(
                201,
                GroupView.Of(recorded.After(), (command.Comments ?? []).Distinct().Count()),
                $"/api/v1/consultations/{id}/groups/{made.GroupId}"
            )
        );
    }

    static async Task<IResult> Put(
        Guid id,
        Guid group,
        MakeGroup command,
        Caller caller,
        IQuerySession reads,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        var (consultation, invalid, refused) = await Look(id, command, caller, reads, http.RequestAborted);
        if (refused is not null)
            return refused.ToResult();
        return await writer.Append<CommentGroup>(
            http,
            group,
            async (found, session) =>
            {
                if (found is null || found.ConsultationId != id)
                    return ReadGroups.NotFound(group);
                if (
                    await session.PutInto(consultation!, group, command.Comments ?? [], caller, time, new(invalid), http.RequestAborted) is
                    { } problem
                )
                    return problem;
                var (title, description) = (command.Title!.Trim(), command.Description.OrNone()?.Trim());
                return title == found.Title && description == found.Description && (command.Blocks ?? []).SequenceEqual(found.Blocks)
                    ? Decision.Record()
                    : Decision.Record(new GroupDescribed(title, description, command.Blocks ?? [], caller.Actor(), time.GetUtcNow()));
            },
            recorded => new Answer(200, GroupView.Of(recorded.After(), null))
        );
    }

    static async Task<(PublicConsultation? Consultation, Invalid Invalid, Problem? Refused)> Look(
        Guid id,
        MakeGroup command,
        Caller caller,
        IQuerySession session,
        CancellationToken cancellation
    )
    {
        var invalid = new Invalid()
            .Text("/title", command.Title, Limits.LongestTitle)
            .Text("/description", command.Description, Limits.LongestText, required: false)
            .If(command.Blocks?.Count > MostBlocks, "/blocks", "blocks.tooMany", $"At most {MostBlocks} blocks.")
            .Named("/comments", command.Comments, required: false);
        if (await session.LoadAsync<PublicConsultation>(id, cancellation) is not { } consultation)
            return (null, invalid, ConsultationSteps.NotFound(id));
        if (!caller.WorksOn(consultation))
            return (null, invalid, ConsultationSteps.Foreign(consultation));
        if (command.Blocks is { Count: > 0 and <= MostBlocks } blocks)
        {
            var known = await session.KnownBlocks(consultation, cancellation);
            foreach (var (i, block) in blocks.Index())
                invalid.If(!known.Contains(block), $"/blocks/{i}", "block.unknown", $"No revision that was put up has a block {block}.");
        }
        return (consultation, invalid, invalid.Problem);
    }
}
