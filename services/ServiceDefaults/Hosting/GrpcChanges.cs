using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Http;
using PolicyPlatform.ServiceDefaults.Reading;

namespace PolicyPlatform.ServiceDefaults.Hosting;

/// <summary>
/// Tells whoever asks over gRPC, and wants to know it, how new an answer is: what a service has learnt from another one is as new as that one is.
/// </summary>
sealed class GrpcChanges(PublicChanges changes) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request,
        ServerCallContext context,
        UnaryServerMethod<TRequest, TResponse> continuation
    )
    {
        var http = context.GetHttpContext();
        if (!SeenChanges.AreAskedFor(http))
            return await continuation(request, context);
        try
        {
            return await continuation(request, context);
        }
        finally
        {
            // That something is not there can be new, too.
            if (await changes.Tell(http) is { } told)
                context.ResponseTrailers.Add(ReadHeaders.Changes, told);
        }
    }

    /// <summary>The answer to a call, and what was told with it noted for the request that it was asked for.</summary>
    public static async Task<TResponse> Noted<TResponse>(AsyncUnaryCall<TResponse> call, HttpContext http)
    {
        try
        {
            var answer = await call.ResponseAsync;
            SeenChanges.Note(http, call.GetTrailers().GetValue(ReadHeaders.Changes));
            return answer;
        }
        catch (RpcException e)
        {
            SeenChanges.Note(http, e.Trailers.GetValue(ReadHeaders.Changes));
            throw;
        }
    }
}
