using PolicyPlatform.Gateway.Routing;
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
        var answers = await GatheredAnswers<DeadLetterPage>.To(
            $"/api/v1{DeadLetters.Path}?pageSize={page.Size}&pageToken={Uri.EscapeDataString(pageToken ?? "")}",
            calls,
            http
        );
        if (answers.Refused is { } refused)
            return refused;
        var shown = page.Page(
            [.. answers.Given.SelectMany(p => p.Items).OrderByDescending(l => l.SentAt).ThenByDescending(l => l.Id)],
            l => l,
            DeadLetters.PlaceOf,
            more: answers.Given.Any(p => p.NextPageToken is not null)
        );
        http.LinkPage(shown.NextPageToken);
        return Results.Ok(new DeadLetterPage(shown.Items, shown.NextPageToken, answers.Unanswered));
    }
}
