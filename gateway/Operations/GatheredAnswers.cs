using System.Net;
using PolicyPlatform.Gateway.Routing;
using PolicyPlatform.ServiceDefaults;

namespace PolicyPlatform.Gateway.Operations;

/// <summary>What the services answered to one question, which was put to each of them with the token of whoever asks.</summary>
/// <param name="Refused">What one refuses all refuse, since who asks is the same: that answer; null where none does.</param>
/// <param name="Given">The answers.</param>
/// <param name="Unanswered">The services that could not be asked.</param>
sealed record GatheredAnswers<T>(IResult? Refused, IReadOnlyList<T> Given, IReadOnlyList<string> Unanswered)
{
    /// <summary>Asks all services.</summary>
    public static async Task<GatheredAnswers<T>> To(string path, ServiceCalls calls, HttpContext http)
    {
        var answers = await Task.WhenAll(
            Services.All.Select(async service =>
                (
                    Service: service.Name.ToLowerInvariant(),
                    Answer: await calls.Get(service, path, http.RequestAborted, authorization: http.Request.Headers.Authorization)
                )
            )
        );
        try
        {
            if (
                answers
                    .FirstOrDefault(a => a.Answer is { IsSuccessStatusCode: false, StatusCode: < HttpStatusCode.InternalServerError })
                    .Answer is
                { } refused
            )
                return new(
                    Results.Text(
                        await refused.Content.ReadAsStringAsync(http.RequestAborted),
                        refused.Content.Headers.ContentType?.ToString(),
                        null,
                        (int)refused.StatusCode
                    ),
                    [],
                    []
                );
            var given = new List<T>();
            foreach (var (_, answer) in answers)
                if (answer is { IsSuccessStatusCode: true })
                    given.Add((await answer.Content.ReadFromJsonAsync<T>(JsonDefaults.Options, http.RequestAborted))!);
            return new(null, given, [.. answers.Where(a => a.Answer is not { IsSuccessStatusCode: true }).Select(a => a.Service)]);
        }
        finally
        {
            foreach (var (_, answer) in answers)
                answer?.Dispose();
        }
    }
}
