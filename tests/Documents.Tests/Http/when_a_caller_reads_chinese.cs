using System.Text.Json;
using Alba;
using Grpc.Core;
using Grpc.Net.Client;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Http;

/// <summary>Sentences for people are told in the language that <c>Accept-Language</c> prefers; codes, data and members stay as they are.</summary>
public sealed class when_a_caller_reads_chinese(District district) : IClassFixture<District>
{
    IAlbaHost Documents => district.Documents;

    [Theory]
    [InlineData("zh-CN,zh;q=0.9,en;q=0.8", "zh")]
    [InlineData("fr, zh-Hans;q=0.5", "zh")]
    [InlineData("en-GB, zh;q=0.9", "en")]
    [InlineData("fr", "en")]
    [InlineData(";;q=,*", "en")]
    [InlineData(null, "en")]
    public async Task a_problem_is_told_in_the_language_that_is_preferred(string? accepted, string language)
    {
        var answer = await Ask(
            accepted,
            s => s.As(Tokens.DraftingHousing).Post.Json(new { title = "", issuers = Array.Empty<string>() }).ToUrl("/api/v1/documents"),
            422
        );
        var problem = JsonDocument.Parse(await answer.ReadAsTextAsync()).RootElement;
        Assert.Equal("request.invalid", problem.Code());
        Assert.Equal(language, answer.Context.Response.Headers.ContentLanguage);
        Assert.Contains("Accept-Language", answer.Context.Response.Headers.Vary.ToString(), StringComparison.Ordinal);
        string[] told =
        [
            problem.GetProperty("title").GetString()!,
            problem.GetProperty("detail").GetString()!,
            .. problem.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("detail").GetString()!),
        ];
        Assert.All(told, t => Assert.Equal(language == "zh", t.Any(c => c is >= '一' and <= '鿿')));
    }

    [Fact]
    public async Task what_is_refused_before_it_is_read_is_told_so_too()
    {
        foreach (
            var (refused, status) in new (Action<Scenario>, int)[]
            {
                (s => s.Get.Url("/api/v1/nothing"), 404),
                (s => s.Post.Json(new { title = "无令牌" }).ToUrl("/api/v1/documents"), 401),
                (s => s.As(Tokens.Integration).Post.Json(new { note = "无角色" }).ToUrl($"/api/v1/documents/{Guid.NewGuid()}/sign"), 403),
                (s => s.As(Tokens.DraftingHousing).Post.Text("{\"title\":").ToUrl("/api/v1/documents"), 400),
                (s => s.Get.Url("/api/v1/library?fields=x"), 422),
            }
        )
        {
            var answer = await Ask(
                "zh",
                s =>
                {
                    refused(s);
                    if (status is 400)
                        s.WithRequestHeader("Content-Type", "application/json");
                },
                status
            );
            var detail = JsonDocument.Parse(await answer.ReadAsTextAsync()).RootElement.GetProperty("detail").GetString()!;
            Assert.Contains(detail, c => c is >= '一' and <= '鿿');
            Assert.EndsWith("。", detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task gates_and_history_are_read_in_both_and_no_cache_gives_one_for_the_other()
    {
        var id = await Documents.Draft();
        var english = await Ask(null, s => s.As(Tokens.DraftingHousing).Get.Url($"/api/v1/documents/{id}"), 200);
        var chinese = await Ask("zh", s => s.As(Tokens.DraftingHousing).Get.Url($"/api/v1/documents/{id}"), 200);
        Assert.NotEqual(english.Context.Response.Headers.ETag, chinese.Context.Response.Headers.ETag);
        Assert.Contains("The text is not signed", await english.ReadAsTextAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("The text is not signed", await chinese.ReadAsTextAsync(), StringComparison.Ordinal);
        foreach (var (language, summary) in new[] { ((string?)null, "Text recorded as revision 1"), ("zh", "记录为第1次文本") })
        {
            var history = JsonDocument
                .Parse(
                    await (
                        await Ask(language, s => s.As(Tokens.DraftingHousing).Get.Url($"/api/v1/documents/{id}/history"), 200)
                    ).ReadAsTextAsync()
                )
                .RootElement;
            Assert.Equal(
                summary,
                history
                    .GetProperty("items")
                    .EnumerateArray()
                    .First(i => i.GetProperty("what").GetString() == "revisionRecorded")
                    .GetProperty("summary")
                    .GetString()
            );
        }
        // The tag of either names the version that a writer expects.
        await Ask(
            "zh",
            s =>
            {
                s.As(Tokens.DraftingHousing).WithRequestHeader("If-Match", chinese.Context.Response.Headers.ETag.ToString());
                s.Patch.Json(new { title = "换个题目的办法" }).ToUrl($"/api/v1/documents/{id}");
            },
            200
        );
    }

    [Fact]
    public async Task a_status_over_grpc_has_what_people_read_beside_its_message()
    {
        using var channel = GrpcChannel.ForAddress("http://documents.test", new() { HttpHandler = Documents.Server.CreateHandler() });
        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await new Contracts.Documents.V1.Documents.DocumentsClient(channel).GetDocumentAsync(
                new() { Id = Guid.CreateVersion7().ToString() },
                new Metadata { { "accept-language", "zh-CN" } },
                cancellationToken: TestContext.Current.CancellationToken
            )
        );
        Assert.StartsWith("There is no document", refused.Status.Detail, StringComparison.Ordinal);
        var told = refused.GetRpcStatus()!.GetDetail<Google.Rpc.LocalizedMessage>();
        Assert.Equal("zh", told.Locale);
        Assert.EndsWith("。", told.Message, StringComparison.Ordinal);
    }

    async Task<IScenarioResult> Ask(string? accepted, Action<Scenario> ask, int status) =>
        await Documents.Scenario(s =>
        {
            if (accepted is not null)
                s.WithRequestHeader("Accept-Language", accepted);
            ask(s);
            s.StatusCodeShouldBe(status);
        });
}
