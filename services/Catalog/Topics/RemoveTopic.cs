using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Topics;

/// <summary>Takes a topic off.</summary>
/// <param name="Reason">Why.</param>
/// <example>{"reason": "专题内容已并入“住有所居”专题。"}</example>
public sealed record RemoveTopic(string? Reason) : IEndpoint
{
    const int LongestReason = 2000;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/topics/{code}/remove", Post).RequireAnyRole(Roles.Publisher).Produces<TopicHeading>().WithName("removeTopic");

    static Task<IResult> Post(string code, RemoveTopic command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Append<Topic>(
            http,
            Topic.Key(code),
            (topic, _) =>
                Task.FromResult(
                    topic is null or { IsRemoved: true } ? ReadTopics.NotFound(code)
                    : new Invalid().Text("/reason", command.Reason, LongestReason).Problem is { } problem ? problem
                    : Decision.Record(new TopicRemoved(command.Reason!.Trim(), caller.Actor(), time.GetUtcNow()))
                ),
            recorded => new Answer(200, new TopicHeading(code, recorded.Before!.Title, recorded.Before.Summary, recorded.Version))
        );
}
