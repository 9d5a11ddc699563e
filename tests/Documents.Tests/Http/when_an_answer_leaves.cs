using Alba;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Http;

/// <summary>What every answer says of itself, whichever call it answers.</summary>
public sealed class when_an_answer_leaves(District district) : IClassFixture<District>
{
    [Fact]
    public async Task a_browser_takes_it_for_what_it_is_and_shows_it_nowhere_else()
    {
        foreach (var (path, status) in new[] { ("library", 200), ("documents", 401), ("nothing", 404), ("library?sort=x", 422) })
        {
            var answer = await Get(path, status, null);
            Assert.Equal(
                ("nosniff", "DENY", "no-referrer"),
                (Header(answer, "X-Content-Type-Options"), Header(answer, "X-Frame-Options"), Header(answer, "Referrer-Policy"))
            );
            Assert.StartsWith("default-src 'none'", Header(answer, "Content-Security-Policy"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task nobody_keeps_what_is_personal_or_secret()
    {
        var id = await district.Documents.Publish(await district.Documents.Draft(), "测政发〔2026〕901号");
        foreach (
            var (path, token, kept) in new[]
            {
                ("library", null, "public, no-cache"),
                ($"documents/{id}/history", null, "public, no-cache"),
                ($"documents/{id}/history", Tokens.DraftingHousing, "private, no-cache"),
                ("documents?pageSize=1", Tokens.DraftingHousing, "private, no-store"),
                ("library?pageSize=1&token=x", null, "no-store"),
            }
        )
            Assert.Equal((path, kept), (path, Header(await Get(path, path.Contains("token") ? 422 : 200, token), "Cache-Control")));
        Assert.Equal("no-store", Header(await Get("documents", 401, null), "Cache-Control"));
        var written = await district.Documents.Scenario(s =>
        {
            s.As(Tokens.DraftingHousing);
            s.Post.Json(new { title = "办法", text = "第一条 甲。" }).ToUrl("/api/v1/documents");
            s.StatusCodeShouldBe(201);
        });
        Assert.Equal("no-store", Header(written, "Cache-Control"));
    }

    Task<IScenarioResult> Get(string path, int status, string? token) =>
        district.Documents.Scenario(s =>
        {
            if (token is not null)
                s.As(token);
            s.Get.Url($"/api/v1/{path}");
            s.StatusCodeShouldBe(status);
        });

    static string Header(IScenarioResult answer, string name) => string.Join(", ", answer.Context.Response.Headers[name].ToArray());
}
