namespace PolicyPlatform.Gateway.Routing;

/// <summary>
/// A service that goes away while it is being sent something: which side broke off first is not seen then, and YARP takes it for the caller. Whoever
/// is still there did not.
/// </summary>
static class BrokenCalls
{
    public static void UseBrokenCalls(this IApplicationBuilder app) =>
        app.Use(
            async (http, next) =>
            {
                await next(http);
                if (
                    http.Response is { StatusCode: StatusCodes.Status400BadRequest, HasStarted: false }
                    && http.GetForwarderErrorFeature() is { Exception: var e }
                    && !http.RequestAborted.IsCancellationRequested
                    && !IsOfCaller(e)
                )
                    http.Response.StatusCode = StatusCodes.Status502BadGateway;
            }
        );

    // What the server could not read of a body is told by this.
    static bool IsOfCaller(Exception? e) =>
        e switch
        {
            null => false,
            BadHttpRequestException => true,
            AggregateException { InnerExceptions: var several } => several.Any(IsOfCaller),
            _ => IsOfCaller(e.InnerException),
        };
}
