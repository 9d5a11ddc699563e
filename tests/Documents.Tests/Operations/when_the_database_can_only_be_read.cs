using System.Text.Json;
using Alba;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Operations;

/// <summary>A district of its own: its database is changed for all who use it.</summary>
public sealed class when_the_database_can_only_be_read(District district) : IClassFixture<District>
{
    IAlbaHost Documents => district.Documents;

    [Fact]
    public async Task writes_are_refused_reads_go_on_and_it_passes_by_itself()
    {
        var id = await Documents.Draft("第一条 甲。", "只读办法");
        Assert.Equal("healthy", await Health());

        await Set("on");
        await Calls.Eventually<bool>(async () => await Health() == "degraded" ? true : null);
        var refused = await Documents.Scenario(s =>
        {
            s.As(Tokens.DraftingHousing);
            s.Post.Json(new { text = "第一条 乙。" }).ToUrl($"/api/v1/documents/{id}/revisions");
            s.StatusCodeShouldBe(503);
            s.Header("Retry-After").SingleValueShouldEqual("30");
        });
        Assert.Equal("storage.readOnly", (await refused.Json()).Code());
        Assert.Equal("只读办法", (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}")).GetProperty("title").GetString());
        await Documents.Get(null, "library");

        await Set("off");
        await Calls.Eventually<bool>(async () => await Health() == "healthy" ? true : null);
        Assert.Equal(2, (await Documents.Revise(id, "第一条 乙。")).GetProperty("revision").GetInt32());
    }

    async Task Set(string how)
    {
        await district.Execute(
            $"begin; set transaction read write; do $$ begin execute format('alter database %I set default_transaction_read_only = {how}', current_database()); end $$; commit"
        );
        // Connections keep what they began with.
        await district.Execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()"
        );
    }

    async Task<string?> Health()
    {
        var answer = await Documents.Scenario(s =>
        {
            s.Get.Url("/health/ready");
            s.IgnoreStatusCode();
        });
        var checks = JsonDocument.Parse(await answer.ReadAsTextAsync()).RootElement.GetProperty("checks").EnumerateArray();
        return checks.Single(c => c.GetProperty("name").GetString() == "storage").GetProperty("status").GetString();
    }
}
