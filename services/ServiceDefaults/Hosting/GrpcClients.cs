using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client.Balancer;
using Grpc.Net.Client.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PolicyPlatform.ServiceDefaults.Reading;
using Wolverine;

namespace PolicyPlatform.ServiceDefaults.Hosting;

/// <summary>How one service asks another: with a deadline, and again when the other is away for a moment.</summary>
public static class GrpcClients
{
    // A call that takes longer than Services:DeadlineSeconds has failed. Whoever has just started answers the first calls slowly, and more of
    // them at once slower still; those who ask wait for it within the time that the gateway gives them.
    const double DeadlineSeconds = 15;

    /// <summary>
    /// Adds a client of the service at <c>Services:{service}:Grpc</c>. All calls between services can be made twice, so all are retried; where several
    /// processes of it listen, by whichever is there, each call by the next one.
    /// </summary>
    public static void AddGrpcClientOf<TClient>(this WebApplicationBuilder builder, string service)
        where TClient : class
    {
        var addresses = ServiceAddresses.Of(builder.Configuration, service, "Grpc");
        var deadline = TimeSpan.FromSeconds(builder.Configuration.GetValue("Services:DeadlineSeconds", DeadlineSeconds));
        builder.Services.AddHttpContextAccessor();
        builder
            .Services.AddGrpcClient<TClient>(client =>
                client.Address = addresses is [var only] ? only : new($"static:///{service.ToLowerInvariant()}")
            )
            .ConfigureChannel(channel =>
            {
                channel.ServiceConfig = new()
                {
                    MethodConfigs =
                    {
                        new()
                        {
                            Names = { MethodName.Default },
                            RetryPolicy = new()
                            {
                                MaxAttempts = 4,
                                InitialBackoff = TimeSpan.FromMilliseconds(100),
                                MaxBackoff = TimeSpan.FromSeconds(1),
                                BackoffMultiplier = 2,
                                RetryableStatusCodes = { StatusCode.Unavailable },
                            },
                        },
                    },
                };
                if (Several(addresses) is { } several)
                {
                    channel.ServiceProvider = new ServiceCollection().AddSingleton(several).BuildServiceProvider();
                    channel.ServiceConfig.LoadBalancingConfigs.Add(new RoundRobinConfig());
                    channel.Credentials = addresses[0].Scheme is "https" ? ChannelCredentials.SecureSsl : ChannelCredentials.Insecure;
                }
            })
            .AddInterceptor(services => new AsCaller(services.GetRequiredService<IHttpContextAccessor>(), deadline));
        builder.Services.AddHostedService<MadeOnce<TClient>>();
        // The client is made by a factory that Wolverine cannot look into; message handlers take it from the container.
        builder.Services.ConfigureWolverine(options => options.CodeGeneration.AlwaysUseServiceLocationFor<TClient>());
    }

    // Who is looked for where there can be several; null where there is one.
    static ResolverFactory? Several(Uri[] addresses)
    {
        if (addresses is [var one])
            return ServiceAddresses.BehindName(one) is null ? null : new DnsResolverFactory(ServiceAddresses.LookedUpEvery);
        var all = addresses.Select(a => new BalancerAddress(a.Host, a.Port)).ToArray();
        return new StaticResolverFactory(_ => all);
    }

    // The channel is made with the first client. Two messages that make it at once share one handler, and one of their channels never connects.
    sealed class MadeOnce<TClient>(IServiceProvider services) : Microsoft.Extensions.Hosting.IHostedService
        where TClient : class
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            services.GetRequiredService<TClient>();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    // With a deadline, and with the token of whoever asks this service: what the caller may not see there is not seen from here either, and what
    // is refused there is told in the language of the caller.
    sealed class AsCaller(IHttpContextAccessor http, TimeSpan deadline) : Grpc.Core.Interceptors.Interceptor
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request,
            Grpc.Core.Interceptors.ClientInterceptorContext<TRequest, TResponse> context,
            AsyncUnaryCallContinuation<TRequest, TResponse> continuation
        )
        {
            var call = continuation(request, new(context.Method, context.Host, Complete(context.Options)));
            return http.HttpContext is { } asking && SeenChanges.AreAskedFor(asking)
                ? new(GrpcChanges.Noted(call, asking), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose)
                : call;
        }

        CallOptions Complete(CallOptions options)
        {
            if (options.Deadline is null)
                options = options.WithDeadline(DateTime.UtcNow + deadline);
            if (options.Headers is not null || http.HttpContext is not { Request.Headers: var asked })
                return options;
            var headers = new Metadata { { "Accept-Language", CultureInfo.CurrentUICulture.Name } };
            if (asked.Authorization.ToString() is { Length: > 0 } token)
                headers.Add("Authorization", token);
            if (asked.ContainsKey(ReadHeaders.Changes))
                headers.Add(ReadHeaders.Changes, "?");
            return options.WithHeaders(headers);
        }
    }
}
