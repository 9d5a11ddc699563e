using System.Collections.Concurrent;
using System.Reflection;
using Grpc.Core;
using Marten;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using NpgsqlTypes;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;

namespace PolicyPlatform.ServiceDefaults.Reading;

/// <summary>
/// Lets the public read from standbys, and nobody who would notice. What somebody with a token, a receipt or a position asks for, what is written,
/// and what an endpoint reads by anything but its session stays with the database. So does each answer in which a standby could be behind what
/// the caller knows: what it does not find, refuses or shows otherwise than the caller has it is read once more from the database.
/// </summary>
sealed class PublicReads(Replicas replicas, string service, IServiceProviderIsService services, ILogger<PublicReads> logger)
{
    // No standby gets there: what cannot be told is read from the database.
    static readonly NpgsqlLogSequenceNumber Unknown = new(ulong.MaxValue);

    // What an endpoint is given that reads nothing, or where the request reads.
    static readonly Type[] Given = [typeof(IQuerySession), typeof(ReadDatabase), typeof(TimeProvider), typeof(HttpContext), typeof(Caller)];

    readonly ConcurrentDictionary<Endpoint, bool> known = new();

    /// <summary>Stands before the endpoints.</summary>
    public async Task Serve(HttpContext http, RequestDelegate next)
    {
        if (!HttpMethods.IsGet(http.Request.Method))
        {
            if (http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal))
                http.Response.OnStarting(() => TellPosition(http));
            await next(http);
            return;
        }
        if (
            !MayBeBehind(http)
            || PositionAskedFor(http.Request) is not { } position
            || await replicas.Open(position, http.RequestAborted) is not { } standby
        )
        {
            await next(http);
            return;
        }
        var before = http.Response.Headers.ToArray();
        await using (standby)
        {
            var reading = http.RequestServices.GetRequiredService<ReadDatabase>();
            reading.Standby = standby;
            try
            {
                await next(http);
                if (!reading.IsTooOld)
                    return;
            }
            catch (Exception e) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
            {
                logger.LogInformation("A replica did not answer, and the database is asked: {Reason}", e.Message);
            }
        }
        http.Response.Clear();
        foreach (var (name, values) in before)
            http.Response.Headers[name] = values;
        var former = http.RequestServices;
        await using var scope = former.CreateAsyncScope();
        http.RequestServices = scope.ServiceProvider;
        try
        {
            await next(http);
        }
        finally
        {
            http.RequestServices = former;
        }
    }

    /// <summary>
    /// Holds back what a standby answered where it could be behind what its caller knows: what is not there may be there by now, and who has
    /// another representation may have a newer one.
    /// </summary>
    internal static async ValueTask<object?> HoldBack(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var answer = await next(context);
        var http = context.HttpContext;
        var reading = http.RequestServices.GetRequiredService<ReadDatabase>();
        if (reading.Standby is null)
            return answer;
        var status = (answer as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK;
        if (
            status == StatusCodes.Status304NotModified
            || status < StatusCodes.Status300MultipleChoices && !http.Request.Headers.ContainsKey(HeaderNames.IfNoneMatch)
        )
            return answer;
        reading.IsTooOld = true;
        return Results.Empty;
    }

    bool MayBeBehind(HttpContext http) =>
        http.GetEndpoint() is RouteEndpoint endpoint
        && http.User.Identity?.IsAuthenticated is not true
        && known.GetOrAdd(endpoint, ReadsBySession)
        && !AnswerHeaders.Secrets.Any(http.Request.Query.ContainsKey)
        // Who does not want what was kept does not want what is behind.
        && http.Request.GetTypedHeaders().CacheControl?.NoCache is not true;

    bool ReadsBySession(Endpoint endpoint)
    {
        if (
            endpoint.Metadata.GetMetadata<MethodInfo>()?.GetParameters().Select(p => p.ParameterType).ToArray() is not { } parameters
            || !parameters.Contains(typeof(IQuerySession))
            || AnswerHeaders.Secrets.Any(s => ((RouteEndpoint)endpoint).RoutePattern.GetParameter(s) is not null)
        )
            return false;
        return parameters.All(p =>
            Given.Contains(p)
            || p.IsDefined(typeof(ReadsBySessionAttribute))
            || p.IsAssignableTo(typeof(ILogger))
            // Other services, who read their own databases.
            || p.IsAssignableTo(typeof(ClientBase))
            || !services.IsService(p)
        );
    }

    NpgsqlLogSequenceNumber? PositionAskedFor(HttpRequest request)
    {
        var position = new NpgsqlLogSequenceNumber(0);
        foreach (var one in request.Headers[ReadHeaders.Position].SelectMany(v => v?.Split(',') ?? []))
        {
            var parts = one.Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts[0] != service)
                continue;
            if (parts.Length < 2 || !NpgsqlLogSequenceNumber.TryParse(parts[1].Trim('"'), out var asked))
                return null;
            if (asked > position)
                position = asked;
        }
        return position;
    }

    async Task TellPosition(HttpContext http)
    {
        if (http.Response.StatusCode >= StatusCodes.Status400BadRequest)
            return;
        var position = Unknown;
        try
        {
            position = await replicas.Position(http.RequestAborted);
        }
        catch (Exception e)
        {
            // What was written is written.
            logger.LogInformation("It cannot be told up to where the database has written: {Reason}", e.Message);
        }
        http.Response.Headers[ReadHeaders.Position] = $"{service}=\"{position}\"";
    }
}
