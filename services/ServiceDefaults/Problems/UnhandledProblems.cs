using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Grpc.Core;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using PolicyPlatform.ServiceDefaults.Language;

namespace PolicyPlatform.ServiceDefaults.Problems;

/// <summary>Turns what was thrown into a problem that a caller can act on. No stack trace leaves the service.</summary>
sealed partial class UnhandledProblems(ILogger<UnhandledProblems> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException)
            return true;
        var problem = Read(exception, httpContext.Request);
        if (problem.Kind.Status >= 500)
            logger.LogError(
                exception,
                "{Method} {Route} failed with {Code}",
                httpContext.Request.Method,
                RouteOf(httpContext),
                problem.Kind.Code
            );
        await problem.ToResult().ExecuteAsync(httpContext);
        return true;
    }

    // Paths have receipts and names in them.
    static string RouteOf(HttpContext http) =>
        ((http.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? http.GetEndpoint()) as RouteEndpoint)?.RoutePattern.RawText
        ?? "(no route)";

    static Problem Read(Exception exception, HttpRequest request) =>
        exception switch
        {
            BadHttpRequestException { StatusCode: 413 } => CommonProblems.TooLarge.With(
                "The request body is larger than 20 MB. Send less in one request."
            ),
            BadHttpRequestException { StatusCode: 415, Message.Length: > 0 } bad => CommonProblems.UnsupportedMediaType.With(
                Wording.Verbatim(bad.Message)
            ),
            BadHttpRequestException { StatusCode: 415 } => CommonProblems.UnsupportedMediaType.With(
                "Send the body as application/json, or as one of the types that this call names."
            ),
            BadHttpRequestException { InnerException: JsonException json } => Malformed(json),
            BadHttpRequestException bad when Unbound().Match(bad.Message) is { Success: true } match => CommonProblems.Malformed.With(
                $"{match.Groups["name"]}: \"{match.Groups["value"]}\" is not of the expected type. Dates are written 2025-07-11, instants 2025-07-11T08:00:00Z."
            ) with
            {
                Errors = [new(match.Groups["name"].Value, "value.malformed", "The value is not of the expected type.")],
            },
            BadHttpRequestException bad when bad.Message.StartsWith(NoBody, StringComparison.Ordinal) => MissingBody,
            BadHttpRequestException bad when Ungiven().Match(bad.Message) is { Success: true } match => match.Groups["where"].Value
            == "body"
                ? MissingBody
                : CommonProblems.Malformed.With($"{match.Groups["name"]} is missing: this call needs it.") with
                {
                    Errors = [new(match.Groups["name"].Value, "value.missing", "This call needs it.")],
                },
            BadHttpRequestException bad => CommonProblems.Malformed.With(Wording.Verbatim(bad.Message)),
            // A GET sends no JSON: what cannot be read there is the service's own.
            JsonException json when !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) => Malformed(json),
            DecoderFallbackException decoding => CommonProblems.Malformed.With(
                $"The text is not valid UTF-8 at byte {decoding.Index}. Send it as UTF-8."
            ) with
            {
                Errors = [new("", "text.encoding.invalid", "The bytes are not valid UTF-8.")],
            },
            RpcException when Faults.IsTemporary(exception) => Unavailable("Another service of the platform"),
            // What the caller sent was handed on, and refused there.
            RpcException { StatusCode: StatusCode.InvalidArgument } refused => CommonProblems.InvalidContent.With(
                Wording.Verbatim(refused.GetRpcStatus()?.GetDetail<Google.Rpc.LocalizedMessage>()?.Message ?? refused.Status.Detail)
            ),
            _ when Faults.OfText(exception) is { } unfit => unfit,
            _ when Faults.OfStorage(exception) is { } storage => storage,
            _ when Faults.OfSeal(exception) is { } locked => locked,
            _ when Faults.IsConflict(exception) => CommonProblems.Contended.With(
                "Another writer came first. Nothing was recorded; send the request again."
            ) with
            {
                RetryAfterSeconds = 1,
            },
            _ when Faults.IsTemporary(exception) => Unavailable("The database"),
            _ => CommonProblems.Unexpected.With(
                "Nothing was recorded. The trace id names this failure in the logs; report it if it happens again."
            ),
        };

    // A connection that breaks during a commit leaves open whether it was carried out; the key makes sending it again safe.
    static Problem Unavailable(Wording who) =>
        CommonProblems.Unavailable.With(
            $"{who} cannot be reached just now, and it is not certain that the request was carried out. Send it again with the same Idempotency-Key: it is then carried out once."
        ) with
        {
            RetryAfterSeconds = 2,
        };

    static Problem Malformed(JsonException json)
    {
        var pointer = (json.Path ?? "$")
            .TrimStart('$')
            .Replace('.', '/')
            .Replace("[", "/", StringComparison.Ordinal)
            .Replace("]", "", StringComparison.Ordinal);
        var unfit = Unfit().Match(json.Message);
        var encoding =
            json.InnerException is DecoderFallbackException
            || json.InnerException is InvalidOperationException { Message: var message }
                && !message.StartsWith(OtherToken, StringComparison.Ordinal);
        var what =
            encoding ? (Wording)"The text is not valid UTF-8 or has an unpaired surrogate."
            : json.Path is null or "$" ? "The body is not valid JSON."
            : unfit.Success ? Expected(unfit.Groups["type"].Value, pointer[(pointer.LastIndexOf('/') + 1)..])
            : "The JSON breaks off or is malformed here, or the value is not of the expected type.";
        return CommonProblems.Malformed.With(
            $"{what} Place: {(pointer.Length == 0 ? (Wording)"the body" : Wording.Verbatim(pointer))}, line {json.LineNumber + 1}."
        ) with
        {
            Errors = [new(pointer, encoding ? "text.encoding.invalid" : "value.malformed", what)],
        };
    }

    // The serializer names the type that it reads, and in the path the member of it that does not fit.
    static Wording Expected(string name, string member)
    {
        var type = AppDomain.CurrentDomain.GetAssemblies().Select(a => a.GetType(name)).FirstOrDefault(t => t is not null);
        type = type?.GetProperty(member, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase)?.PropertyType ?? type;
        type = type is null ? null : Nullable.GetUnderlyingType(type) ?? type;
        return type switch
        {
            { IsEnum: true } => (Wording)$"One of {string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName))}.",
            _ when type == typeof(DateOnly) => "A day is written \"2025-07-11\".",
            _ when type == typeof(DateTimeOffset) => "An instant is written \"2025-07-11T08:00:00Z\".",
            _ when type == typeof(Guid) => "An id is a UUID.",
            _ when type == typeof(bool) => "The value is true or false.",
            _ when type == typeof(string) => "The value is text.",
            _ when type == typeof(int) || type == typeof(long) => "The value is a whole number.",
            _ => "The value is not of the expected type.",
        };
    }

    static Problem MissingBody =>
        CommonProblems.Malformed.With("The body is empty or null. Send what this call takes as a JSON object.") with
        {
            Errors = [new("", "value.missing", "The body is empty or null.")],
        };

    const string OtherToken = "Cannot get the value of a token type";

    [GeneratedRegex(@"^The JSON value could not be converted to (?<type>[^\s\[\]]+)\. Path:", RegexOptions.NonBacktracking)]
    private static partial Regex Unfit();

    // What the framework says of a query parameter that it cannot read: the only place where it names it.
    [GeneratedRegex(
        "^Failed to bind parameter \"[^ ]+ (?<name>[^\"]+)\" from \"(?<value>.*)\"\\.$",
        RegexOptions.NonBacktracking | RegexOptions.Singleline
    )]
    private static partial Regex Unbound();

    // And what it says of one that is not there, and of a body.
    [GeneratedRegex(
        "^Required parameter \"[^ ]+ (?<name>[^\"]+)\" was not provided from (?<where>[a-z ]+)\\.$",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Ungiven();

    const string NoBody = "Implicit body inferred";
}
