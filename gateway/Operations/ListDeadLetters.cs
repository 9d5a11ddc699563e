using PolicyPlatform.Gateway.Routing;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Operations;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Gateway.Operations;

/// <summary>The dead letters of all services as one list. A service that cannot be asked is named; those of the others are shown.</summary>
static class ListDeadLetters
{
    public static void MapDeadLetters(this IEndpointRouteBuilder app) => app.MapGet($"/api/v1{DeadLetters.Path}", Get);

    static async Task<IResult> Get(int? pageSize, string? pageToken, ServiceCalls calls, HttpContext http)
    {
        var invalid = new Invalid();
        var page = DeadLetters.PageOf(pageSize, pageToken, invalid);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var answers = await Task.WhenAll(
            Services.All.Select(async service =>
                (
                    Service: service.Name.ToLowerInvariant(),
                    Answer: await calls.Get(
                        service,
                        $"/api/v1{DeadLetters.Path}?pageSize={page.Size}&pageToken={Uri.EscapeDataString(pageToken ?? "")}",
                        http.RequestAborted,
                        authorization: http.Request.Headers.Authorization
                    )
                )
            )
        );
        try
        {
            // What one refuses all refuse: who asks is the same.
            if (
                answers.FirstOrDefault(a => a.Answer is { IsSuccessStatusCode: false } && (int)a.Answer.StatusCode < 500).Answer is
                { } refused
            )
                return Results.Text(
                    await refused.Content.ReadAsStringAsync(http.RequestAborted),
                    refused.Content.Headers.ContentType?.ToString(),
                    null,
                    (int)refused.StatusCode
                );
            var pages = new List<DeadLetterPage>();
            foreach (var (_, answer) in answers)
                if (answer is { IsSuccessStatusCode: true })
                    pages.Add((await answer.Content.ReadFromJsonAsync<DeadLetterPage>(JsonDefaults.Options, http.RequestAborted))!);
            var shown = page.Page(
                [.. pages.SelectMany(p => p.Items).OrderByDescending(l => l.SentAt).ThenByDescending(l => l.Id)],
                l => l,
                DeadLetters.PlaceOf,
                more: pages.Any(p => p.NextPageToken is not null)
            );
            http.LinkPage(shown.NextPageToken);
            return Results.Ok(
                new DeadLetterPage(
                    shown.Items,
                    shown.NextPageToken,
                    [.. answers.Where(a => a.Answer is not { IsSuccessStatusCode: true }).Select(a => a.Service)]
                )
            );
        }
        finally
        {
            foreach (var (_, answer) in answers)
                answer?.Dispose();
        }
    }
}
