using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.ServiceDefaults.Hosting;

/// <summary>
/// Tells whoever asks over gRPC whether asking again later can help, as HTTP answers do. Without it every failure is UNKNOWN, which nobody
/// asks again.
/// </summary>
sealed class GrpcFaults(ILogger<GrpcFaults> logger) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request,
        ServerCallContext context,
        UnaryServerMethod<TRequest, TResponse> continuation
    )
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception e) when (!context.CancellationToken.IsCancellationRequested && e is not RpcException)
        {
            if ((Faults.OfStorage(e) ?? Faults.OfSeal(e)) is { } stored)
                throw stored.ToRpcException();
            if (Faults.IsTemporary(e) || Faults.IsConflict(e))
                throw CommonProblems.Unavailable.With("The service cannot answer just now. Ask again.").ToRpcException();
            if (Faults.OfText(e) is { } unfit)
                throw unfit.ToRpcException();
            logger.LogError(e, "{Method} failed", context.Method);
            throw CommonProblems.Unexpected.With("The failure is in the logs; report it if it happens again.").ToRpcException();
        }
    }
}
