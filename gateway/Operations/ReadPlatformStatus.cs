using PolicyPlatform.Gateway.Routing;
using PolicyPlatform.ServiceDefaults.Operations;

namespace PolicyPlatform.Gateway.Operations;

/// <summary>How all services are, as one answer. A service that cannot be asked is named.</summary>
static class ReadPlatformStatus
{
    public static void MapPlatformStatus(this IEndpointRouteBuilder app) =>
        app.MapGet(
            $"/api/v1{ReadStatus.Path}",
            async (ServiceCalls calls, HttpContext http) =>
            {
                var answers = await Ask(calls, http);
                return answers.Refused ?? Results.Ok(Together(answers));
            }
        );

    public static Task<GatheredAnswers<PlatformStatus>> Ask(ServiceCalls calls, HttpContext http) =>
        GatheredAnswers<PlatformStatus>.To($"/api/v1{ReadStatus.Path}", calls, http);

    public static PlatformStatus Together(GatheredAnswers<PlatformStatus> answers) =>
        new([.. answers.Given.SelectMany(s => s.Services)], answers.Unanswered);
}
