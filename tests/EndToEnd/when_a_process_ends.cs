using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.EndToEnd;

public sealed class when_a_process_ends
{
    [Fact]
    public async Task it_says_so_first_and_still_answers_those_who_have_not_heard()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["Shutdown:DrainSeconds"] = "3600";
        builder.AddHostDefaults("ending");
        await using var process = builder.Build();
        process.UseHostDefaults();
        process.MapGet("/something", () => "an answer");
        await process.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new(process.Urls.Single()) };
        async Task<HttpStatusCode> Status(string path) =>
            (await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode;
        Assert.Equal(HttpStatusCode.OK, await Status("/health/ready"));

        process.Lifetime.StopApplication();
        using var enough = new CancellationTokenSource();
        var ending = process.StopAsync(enough.Token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Status("/health/ready"));
        // Whoever would restart it by these leaves it in peace.
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await Status("/health/live"), await Status("/health/started")));
        Assert.Equal(HttpStatusCode.OK, await Status("/something"));
        Assert.False(ending.IsCompleted);

        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => ending);
        await Assert.ThrowsAsync<HttpRequestException>(() => Status("/something"));
    }
}
