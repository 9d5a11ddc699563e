using System.Text.RegularExpressions;
using Grpc.Reflection;
using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Contracts.Interpretation.V1;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace PolicyPlatform.Gateway.Routing;

/// <summary>
/// What the gateway itself answers over gRPC: whether all is ready, and what can be asked for. Browsers, which have no gRPC, use gRPC-Web
/// here and everywhere else.
/// </summary>
static partial class GrpcDoor
{
    static readonly ServiceDescriptor[] Contracts =
    [
        Catalog.Descriptor,
        Documents.Descriptor,
        Interpretation.Descriptor,
        Consultation.Descriptor,
        Grpc.Health.V1.Health.Descriptor,
    ];

    /// <summary>Whether this is the path of a call that writes.</summary>
    public static bool Writes(PathString path) => IsWrite().IsMatch(path.Value ?? "");

    public static void AddGrpcDoor(this WebApplicationBuilder builder)
    {
        builder.Services.AddGrpc();
        builder.Services.AddGrpcHealthChecks(options => options.Services.Map("", check => check.Tags.Contains("ready")));
        builder.Services.AddSingleton(new ReflectionServiceImpl(Contracts));
        builder.Services.AddSingleton(new ReflectionV1ServiceImpl(Contracts));
    }

    public static void UseGrpcDoor(this WebApplication app)
    {
        app.UseGrpcWeb();
        app.MapGrpcHealthChecksService().EnableGrpcWeb();
        app.MapGrpcService<ReflectionServiceImpl>().EnableGrpcWeb();
        app.MapGrpcService<ReflectionV1ServiceImpl>().EnableGrpcWeb();
    }

    [GeneratedRegex(
        @"^/policyplatform\.[a-z.0-9]+\.[A-Za-z]+/(DraftDocument|RecordRevision|PublishDocument|ImportDocuments|ReceiveTicket|SubmitComment|HideDocument)/?$",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex IsWrite();
}
