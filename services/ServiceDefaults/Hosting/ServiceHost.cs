using JasperFx;
using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Operations;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Reading;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.ServiceDefaults.Hosting;

/// <summary>The few lines that every service starts with.</summary>
public static class ServiceHost
{
    /// <summary>The largest request body, in bytes: 20 MB at the gateway and, for those who come past it, at every service.</summary>
    public const long LargestRequest = 20 * 1024 * 1024;

    /// <summary>A host with the settings that it starts with: the files in which they stand are not watched, which costs more than it looks.</summary>
    public static WebApplicationBuilder NewBuilder(string[] args) =>
        WebApplication.CreateBuilder([.. args, "--hostBuilder:reloadConfigOnChange=false"]);

    /// <summary>
    /// Adds what every service has: telemetry, identity, persistence, health, problem details, the API's own document. Its messages are
    /// added when all of them are known.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="service">The service's name in lower case: its schema, its queue and its name in telemetry.</param>
    /// <param name="marten">The service's events and projections.</param>
    internal static void AddServiceDefaults(this WebApplicationBuilder builder, string service, Action<StoreOptions> marten)
    {
        builder.AddHostDefaults(service);
        builder.WebHost.ConfigureKestrel(kestrel => SharedConnections.Bound(kestrel.Limits));
        builder.AddIdentity();
        builder.AddPersistence(service, marten);
        builder.Services.AddGrpc(grpc =>
        {
            grpc.Interceptors.Add<GrpcFaults>();
            grpc.Interceptors.Add<GrpcChanges>();
            grpc.MaxReceiveMessageSize = (int)LargestRequest;
        });
        builder.Services.AddSingleton<EndpointCalls>();
        builder.Services.AddGrpcHealthChecks(options => options.Services.Map("", check => check.Tags.Contains("ready")));
    }

    /// <summary>
    /// What a host has that keeps no data of its own, such as the gateway: telemetry, problem details, limits, graceful shutdown.
    /// </summary>
    public static WebApplicationBuilder AddHostDefaults(this WebApplicationBuilder builder, string service)
    {
        HealthProbe.EndIfAsked(builder.Configuration);
        builder.AddTelemetry(service);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = LargestRequest;
            kestrel.AddServerHeader = false;
            // Beyond Kestrel's own limits an answer has no body; what is refused below them says why.
            kestrel.Limits.MaxRequestLineSize = 8 * RequestLimits.LongestAddress;
            kestrel.Limits.MaxRequestHeadersTotalSize = 8 * RequestLimits.LargestHeaders;
            kestrel.Limits.Http2.MaxRequestHeaderFieldSize = 8 * RequestLimits.LargestHeaders;
        });
        builder.AddDraining();
        builder.Services.ConfigureHttpJsonOptions(json => JsonDefaults.Apply(json.SerializerOptions));
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        AnswerHeaders.Add(builder.Services);
        builder.Services.AddProblemDetails().AddExceptionHandler<UnhandledProblems>();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddWatchedNumbers();
        builder.Services.AddHealthChecks().AddCheck("process", () => HealthCheckResult.Healthy(), tags: ["live", "started"]);
        if (builder.Configuration.GetValue<bool>("Hosting:StopWithParent"))
            builder.Services.AddHostedService<StopWithParent>();
        return builder;
    }

    /// <summary>The request pipeline of a service, and the group that its endpoints go into.</summary>
    internal static RouteGroupBuilder UseServiceDefaults(this WebApplication app)
    {
        SharedConnections.HearOut(app);
        app.UseHostDefaults();
        // Browsers have no gRPC of their own.
        app.UseGrpcWeb(new() { DefaultEnabled = true });
        app.UseAuthentication();
        app.RefuseBadTokens();
        app.UseDoor();
        app.Use(app.Services.GetRequiredService<PublicChanges>().Serve);
        var reads = app.Services.GetService<PublicReads>();
        if (reads is not null)
            app.Use(reads.Serve);
        app.MapGrpcHealthChecksService();
        app.MapOpenApi();
        var api = app.MapGroup("/api/v1");
        if (reads is not null)
            api.AddEndpointFilter(PublicReads.HoldBack);
        api.AddEndpointFilter(PageLinks.Add);
        DeadLetters.Map(api);
        ReadStatus.Map(api);
        return api;
    }

    /// <summary>What stands before every endpoint, whoever leads a request there.</summary>
    internal static RequestDelegate Door(IServiceProvider services)
    {
        var app = new ApplicationBuilder(services);
        app.UseProblems();
        app.UseDoor();
        app.Run(http => http.GetEndpoint()!.RequestDelegate!(http));
        return app.Build();
    }

    static void UseDoor(this IApplicationBuilder app)
    {
        app.UseAuthorization();
        RequestDoor.Guard(app);
        IdempotencyKey.Read(app);
    }

    static void UseProblems(this IApplicationBuilder app) =>
        app.UseExceptionHandler(new ExceptionHandlerOptions { SuppressDiagnosticsCallback = _ => true });

    /// <summary>Runs the service, or what the argument says instead.</summary>
    internal static Task RunService(this WebApplication app, string[] args) =>
        args is ["codegen", ..] ? app.RunJasperFxCommands(args)
        : MigrateCommand.IsIn(args) ? MigrateCommand.Run(app)
        : app.RunAsync();

    /// <summary>Problem details for whatever goes wrong, and health.</summary>
    /// <param name="app">The host.</param>
    /// <param name="first">Adds what answers before any of this, but for the headers that every answer has.</param>
    public static void UseHostDefaults(this WebApplication app, Action? first = null)
    {
        AnswerHeaders.Use(app);
        first?.Invoke();
        Languages.Use(app);
        app.UseProblems();
        app.UseStatusCodePages(context =>
            Plain(context.HttpContext) is { } problem ? problem.ToResult().ExecuteAsync(context.HttpContext) : Task.CompletedTask
        );
        RequestLimits.Guard(app);
        HeadRequests.Answer(app);
        app.UseRouting();
        app.MapHealth("live");
        app.MapHealth("started");
        app.MapHealth("ready");
    }

    static void MapHealth(this WebApplication app, string kind) =>
        app.MapHealthChecks(
            $"/health/{kind}",
            new HealthCheckOptions
            {
                Predicate = check => check.Tags.Contains(kind),
                ResponseWriter = (context, report) =>
                    context.Response.WriteAsJsonAsync(
                        new
                        {
                            status = report.Status,
                            // Whoever started this process with a name for it knows it by that name again.
                            instance = context.RequestServices.GetRequiredService<IConfiguration>()["Hosting:Instance"],
                            release = Release.Version,
                            checks = report.Entries.Select(e => new
                            {
                                name = e.Key,
                                status = e.Value.Status,
                                detail = e.Value.Description,
                            }),
                        },
                        JsonDefaults.Options
                    ),
            }
        );

    static Problem? Plain(HttpContext http) =>
        http.Response.StatusCode switch
        {
            404 => CommonProblems.NotFound.With($"There is nothing at {http.Request.Path}. The API is described at /openapi/v1.json."),
            405 => CommonProblems.MethodNotAllowed.With(
                $"{http.Request.Method} is not offered at {http.Request.Path}. The API is described at /openapi/v1.json."
            ),
            413 => CommonProblems.TooLarge.With("The request body is larger than 20 MB. Send less in one request."),
            415 => CommonProblems.UnsupportedMediaType.With(
                "Send the body as application/json, or as one of the types that this call names."
            ),
            502 or 504 => CommonProblems.Unavailable.With(
                "The service behind this call does not answer just now. Send the request again, with the same Idempotency-Key."
            ) with
            {
                RetryAfterSeconds = 2,
            },
            503 => CommonProblems.Unavailable.With(
                "No service for this call is ready just now. Send the request again, with the same Idempotency-Key."
            ) with
            {
                RetryAfterSeconds = 2,
            },
            _ => null,
        };
}
