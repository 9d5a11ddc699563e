using PolicyPlatform.ServiceDefaults.Reading;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace PolicyPlatform.Gateway.Keeping;

/// <summary>Asks services how new an answer is that would be kept, and lets nobody else ask, and nobody hear of it.</summary>
/// <param name="services">Where the keeper is, if anything is kept.</param>
sealed class ToldChanges(IServiceProvider services) : ITransformProvider
{
    public void ValidateRoute(TransformRouteValidationContext context) { }

    public void ValidateCluster(TransformClusterValidationContext context) { }

    public void Apply(TransformBuilderContext context)
    {
        var keeper = services.GetService<Keeper>();
        context.AddRequestTransform(asking =>
        {
            asking.ProxyRequest.Headers.Remove(ReadHeaders.Changes);
            if (Keeper.WantsDate(asking.HttpContext))
                asking.ProxyRequest.Headers.Add(ReadHeaders.Changes, "?");
            return ValueTask.CompletedTask;
        });
        context.AddResponseTransform(answer =>
        {
            if (answer.HttpContext.Response.Headers.Remove(ReadHeaders.Changes, out var told) && Keeper.WantsDate(answer.HttpContext))
                keeper!.Hear(answer.HttpContext, told.ToString());
            return ValueTask.CompletedTask;
        });
    }
}
