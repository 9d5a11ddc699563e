using System.Collections.Frozen;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.ServiceDefaults.Http;

/// <summary>
/// Carries out over gRPC what can be asked for over HTTP, by the endpoint itself and through the same door: its roles, rules, limits, problems,
/// idempotency keys and expected versions are not there twice. A message is the request that its JSON would be (<see cref="ContractJson"/>): fields
/// that the address names go there, all others into the body, or into the query where there is none.
/// </summary>
public sealed class EndpointCalls(IServiceProvider services, EndpointDataSource endpoints, LinkGenerator links)
{
    /// <summary>A document a line.</summary>
    public const string Ndjson = "application/x-ndjson";

    // What a call says of itself in its metadata, and what its answer says there.
    static readonly string[] Said =
        [HeaderNames.Authorization, HeaderNames.IfMatch, IdempotencyKey.Header, "X-Forwarded-Proto", "X-Forwarded-Host"],
        Answered = [HeaderNames.ETag, HeaderNames.Location, IdempotencyKey.ReplayedHeader];

    readonly Lazy<RequestDelegate> door = new(() => ServiceHost.Door(services));

    readonly Lazy<FrozenDictionary<string, RouteEndpoint>> named = new(() =>
        endpoints
            .Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<IEndpointNameMetadata>() is not null)
            .ToFrozenDictionary(e => e.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName)
    );

    /// <summary>Makes the call.</summary>
    /// <param name="operation">The name of the endpoint: <c>recordRevision</c>.</param>
    /// <param name="request">What it is asked.</param>
    /// <param name="call">The call over gRPC.</param>
    /// <exception cref="RpcException">The problem that the call came to.</exception>
    public async Task<TAnswer> Make<TAnswer>(string operation, IMessage request, ServerCallContext call)
        where TAnswer : IMessage, new()
    {
        await using var scope = services.CreateAsyncScope();
        var http = Request(named.Value[operation], request, call);
        http.RequestServices = scope.ServiceProvider;
        var told = new ToldProblem();
        http.Features.Set(told);
        using var body = new MemoryStream();
        http.Response.Body = body;

        await door.Value(http);

        call.CancellationToken.ThrowIfCancellationRequested();
        if (told.Problem is { } problem)
        {
            WrongSecret.Tell(call.GetHttpContext(), problem);
            throw problem.ToRpcException();
        }
        var metadata = new Metadata();
        foreach (var name in Answered)
            if (http.Response.Headers[name] is [{ } value, ..])
                metadata.Add(name, value);
        if (metadata.Count > 0)
            await call.WriteResponseHeadersAsync(metadata);
        using var json = JsonDocument.Parse(body.GetBuffer().AsMemory(0, (int)body.Length));
        return ContractJson.Read<TAnswer>(json.RootElement);
    }

    DefaultHttpContext Request(RouteEndpoint endpoint, IMessage request, ServerCallContext call)
    {
        var from = call.GetHttpContext();
        var http = new DefaultHttpContext { User = from.User, RequestAborted = call.CancellationToken };
        foreach (var name in Said)
            if (from.Request.Headers.TryGetValue(name, out var values))
                http.Request.Headers[name] = values;
        http.Request.Method = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods[0];
        http.Request.Scheme = from.Request.Scheme;
        http.Request.Host = from.Request.Host;

        var fields = request.Descriptor.Fields.InFieldNumberOrder();
        var inAddress = fields.Where(f => endpoint.RoutePattern.GetParameter(f.JsonName) is not null).ToArray();
        var others = fields.Except(inAddress).ToArray();
        foreach (var field in inAddress)
            http.Request.RouteValues[field.JsonName] = ContractJson.Parameter(request, field);
        if (
            links.GetPathByName(endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName, http.Request.RouteValues)
            is not { } path
        )
            throw inAddress
                .Aggregate(new Invalid(), (wrong, f) => wrong.Add(f.JsonName, "value.malformed", "An id is a UUID."))
                .Problem!.ToRpcException();
        http.Request.Path = PathString.FromUriComponent(path);

        if (endpoint.Metadata.GetMetadata<RequestBody>()?.MediaTypes.Contains(Ndjson) is true)
        {
            Query(others.Where(f => !f.IsRepeated));
            Body(Ndjson, Lines((System.Collections.IList)others.Single(f => f.IsRepeated).Accessor.GetValue(request)));
        }
        else if (HttpMethods.IsGet(http.Request.Method))
            Query(others);
        else
            Body("application/json", ContractJson.Write(request, others));
        http.SetEndpoint(endpoint);
        return http;

        void Query(IEnumerable<FieldDescriptor> parameters) =>
            http.Request.QueryString = QueryString.Create(
                parameters
                    .Select(f => KeyValuePair.Create(f.JsonName, ContractJson.Parameter(request, f)))
                    .Where(parameter => parameter.Value is not null)
            );

        void Body(string type, byte[] content)
        {
            http.Request.ContentType = type;
            http.Request.ContentLength = content.Length;
            http.Request.Body = new MemoryStream(content, writable: false);
            http.Features.Set<IHttpRequestBodyDetectionFeature>(new HasBody());
        }
    }

    static byte[] Lines(System.Collections.IList messages)
    {
        using var lines = new MemoryStream();
        foreach (IMessage message in messages)
        {
            lines.Write(ContractJson.Write(message));
            lines.WriteByte((byte)'\n');
        }
        return lines.ToArray();
    }

    sealed class HasBody : IHttpRequestBodyDetectionFeature
    {
        public bool CanHaveBody => true;
    }
}
