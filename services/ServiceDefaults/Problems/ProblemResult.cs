using System.Diagnostics;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Language;

namespace PolicyPlatform.ServiceDefaults.Problems;

/// <summary>How a <see cref="Problem"/> leaves a service: as problem details over HTTP, as rich status over gRPC.</summary>
public static class ProblemResult
{
    // A status is sent in headers, and many clients take 8 KB of them, in base64: to one that gets more it says nothing at all.
    const int MostOfPlaces = 4 * 1024;

    /// <summary>The problem as an <c>application/problem+json</c> answer.</summary>
    public static IResult ToResult(this Problem problem) => new Result(problem);

    /// <summary>The problem details document of this problem, with the trace it belongs to.</summary>
    public static ProblemDetails ToProblemDetails(this Problem problem, HttpContext http)
    {
        var details = new ProblemDetails
        {
            // A page that explains it.
            Type = $"{PublicAddress.Of(http.Request)}/problems/{problem.Kind.Code}",
            Title = problem.Kind.Title.Told,
            Status = problem.Kind.Status,
            Detail = problem.Detail.Told,
            Instance = http.Request.Path,
            Extensions = { ["code"] = problem.Kind.Code, ["traceId"] = Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier },
        };
        if (problem.Errors.Count > 0)
            details.Extensions["errors"] = problem.Errors;
        foreach (var (name, value) in problem.Extensions)
            details.Extensions[name] = value;
        return details;
    }

    /// <summary>
    /// The problem as a gRPC error with <c>google.rpc.ErrorInfo</c>, field violations, and when to try again. Further members are metadata of
    /// the error, in JSON where they are no text.
    /// </summary>
    public static RpcException ToRpcException(this Problem problem)
    {
        var status = new Google.Rpc.Status { Code = (int)GrpcCode(problem.Kind.Status), Message = Short(problem.Detail.ToString()) };
        var info = new ErrorInfo { Reason = problem.Kind.Code, Domain = "policyplatform" };
        foreach (var (name, value) in problem.Extensions)
            if ((value as string ?? JsonSerializer.Serialize(value, JsonDefaults.Options)) is { Length: <= MostOfPlaces / 2 } told)
                info.Metadata[name] = told;
        status.Details.Add(Any.Pack(info));
        // The status speaks English to developers; what people read is beside it in their language.
        if (Local(problem.Detail) is { } local)
            status.Details.Add(Any.Pack(local));
        if (problem.Errors.Count > 0)
        {
            var bad = new BadRequest();
            foreach (var error in problem.Errors.TakeWhile(_ => bad.CalculateSize() < MostOfPlaces))
                bad.FieldViolations.Add(
                    new BadRequest.Types.FieldViolation
                    {
                        Field = error.Pointer,
                        Description = Short(error.Detail.ToString()),
                        LocalizedMessage = Local(error.Detail),
                    }
                );
            status.Details.Add(Any.Pack(bad));
        }
        if (problem.RetryAfterSeconds is { } seconds)
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(TimeSpan.FromSeconds(seconds)) }));
        return status.ToRpcException();
    }

    static LocalizedMessage? Local(Wording words) =>
        Languages.IsChinese ? new() { Locale = Languages.Chinese.Name, Message = Short(words.Told) } : null;

    // A detail can hold what was sent.
    static string Short(string words) =>
        words.Length <= LongestWords ? words
        : char.IsHighSurrogate(words[LongestWords - 1]) ? $"{words[..(LongestWords - 1)]}…"
        : $"{words[..LongestWords]}…";

    const int LongestWords = 500;

    static StatusCode GrpcCode(int httpStatus) =>
        httpStatus switch
        {
            400 or 422 => StatusCode.InvalidArgument,
            401 => StatusCode.Unauthenticated,
            403 => StatusCode.PermissionDenied,
            404 or 410 => StatusCode.NotFound,
            409 => StatusCode.FailedPrecondition,
            412 => StatusCode.Aborted,
            413 or 429 => StatusCode.ResourceExhausted,
            503 => StatusCode.Unavailable,
            _ => StatusCode.Internal,
        };

    sealed class Result(Problem problem) : IResult, IStatusCodeHttpResult
    {
        public int? StatusCode => problem.Kind.Status;

        // The API over HTTP is never asked so, whatever the caller calls its body.
        static bool IsOverGrpc(Microsoft.AspNetCore.Http.HttpRequest request) =>
            HttpMethods.IsPost(request.Method)
            && request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) is true
            && !request.Path.StartsWithSegments("/api");

        /// <summary>A call over gRPC that never reached its method ends with trailers alone, in the place of headers.</summary>
        void TellOverGrpc(HttpContext http)
        {
            var status = problem.ToRpcException();
            http.Response.StatusCode = StatusCodes.Status200OK;
            http.Response.ContentType = http.Request.ContentType;
            http.Response.Headers.GrpcStatus = ((int)status.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
            http.Response.Headers.GrpcMessage = Uri.EscapeDataString(Short(problem.Detail.ToString()));
            foreach (var trailer in status.Trailers.Where(t => t.IsBinary))
                http.Response.Headers[trailer.Key] = Convert.ToBase64String(trailer.ValueBytes);
        }

        public Task ExecuteAsync(HttpContext httpContext)
        {
            if (httpContext.Features.Get<ToldProblem>() is { } told)
            {
                told.Problem = problem;
                return Task.CompletedTask;
            }
            if (IsOverGrpc(httpContext.Request))
            {
                TellOverGrpc(httpContext);
                return Task.CompletedTask;
            }
            httpContext.Response.StatusCode = problem.Kind.Status;
            WrongSecret.Tell(httpContext, problem);
            Languages.Tell(httpContext);
            if (problem.RetryAfterSeconds is { } seconds)
                httpContext.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
            return httpContext.Response.WriteAsJsonAsync(
                problem.ToProblemDetails(httpContext),
                JsonDefaults.Options,
                "application/problem+json",
                httpContext.RequestAborted
            );
        }
    }
}

/// <summary>Where the problem of a request goes whose answer is given by others.</summary>
sealed class ToldProblem
{
    public Problem? Problem { get; set; }
}
