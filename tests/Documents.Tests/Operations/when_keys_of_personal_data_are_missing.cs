using System.Text.Json;
using Alba;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Operations;

/// <summary>A database that was restored without the folder of the keys. A district of its own: its keys are taken away.</summary>
public sealed class when_keys_of_personal_data_are_missing(District district) : IClassFixture<District>
{
    IAlbaHost Documents => district.Documents;

    [Fact]
    public async Task what_cannot_be_read_is_shown_as_such_and_read_again_once_they_are_back()
    {
        var id = await Documents.Publish(await Documents.Draft("第一条 甲。", "无钥办法"), "测政发〔2026〕801号");
        Assert.Equal(201, (await Keyed("无钥-1")).Context.Response.StatusCode);
        Assert.NotNull((await Newest(id)).GetProperty("who").GetString());
        // Which keys are there is noted when it starts, and after a while.
        await district.RestartDocuments(() => Task.CompletedTask);
        await Calls.Eventually<bool>(async () =>
            await district.Count("select count(*) from documents.mt_doc_sealingkey") > 0 ? true : null
        );

        var aside = Directory.CreateTempSubdirectory("policyplatform-aside-").FullName;
        await district.RestartDocuments(() =>
        {
            foreach (var file in Directory.EnumerateFiles(district.Keys))
                File.Move(file, Path.Combine(aside, Path.GetFileName(file)));
            return Task.CompletedTask;
        });

        // The public reads on, and those who work on it see that a name is there and cannot be read.
        Assert.Equal(
            "published",
            (await Documents.Get(null, $"documents/{id}/history")).GetProperty("items")[0].GetProperty("what").GetString()
        );
        var entry = await Newest(id);
        Assert.Equal((null, true), (entry.GetProperty("who").GetString(), entry.GetProperty("isUnreadable").GetBoolean()));
        var revision = (await Documents.Get(Tokens.OpennessOffice, $"documents/{id}/revisions")).GetProperty("items")[0];
        Assert.Equal((null, true), (revision.GetProperty("recordedBy").GetString(), revision.GetProperty("isUnreadable").GetBoolean()));
        // What was carried out is not carried out again.
        var again = await (await Keyed("无钥-1")).Json();
        Assert.Equal(("idempotency.answer.unreadable", 201), (again.Code(), again.GetProperty("answered").GetInt32()));
        var (status, detail) = await Health();
        Assert.Equal("degraded", status);
        Assert.All(
            Directory.EnumerateFiles(aside, "key-*.xml"),
            key => Assert.Contains(Path.GetFileName(key), detail, StringComparison.Ordinal)
        );

        // Writing goes on, with a new key; whoever acts again is read again.
        await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/repeal", new { reason = "试", effectiveFrom = "2026-07-01" });
        Assert.NotNull((await Newest(id)).GetProperty("who").GetString());

        foreach (var file in Directory.EnumerateFiles(aside, "key-*.xml"))
            File.Copy(file, Path.Combine(district.Keys, Path.GetFileName(file)));
        await Calls.Eventually<bool>(async () => (await Keyed("无钥-1")).Context.Response.StatusCode == 201 ? true : null);
        await Calls.Eventually<bool>(async () => (await Health()).Status == "healthy" ? true : null);
        Directory.Delete(aside, recursive: true);
    }

    async Task<JsonElement> Newest(Guid id) =>
        (await Documents.Get(Tokens.OpennessOffice, $"documents/{id}/history")).GetProperty("items")[0];

    Task<IScenarioResult> Keyed(string key) =>
        Documents.Scenario(s =>
        {
            s.As(Tokens.DraftingHousing);
            s.WithRequestHeader("Idempotency-Key", key);
            s.Post.Json(new { title = "通知", text = "第一条 甲。" }).ToUrl("/api/v1/documents");
            s.IgnoreStatusCode();
        });

    async Task<(string? Status, string? Detail)> Health()
    {
        var answer = await Documents.Scenario(s =>
        {
            s.Get.Url("/health/ready");
            s.IgnoreStatusCode();
        });
        var check = JsonDocument
            .Parse(await answer.ReadAsTextAsync())
            .RootElement.GetProperty("checks")
            .EnumerateArray()
            .Single(c => c.GetProperty("name").GetString() == "personalData");
        return (check.GetProperty("status").GetString(), check.GetProperty("detail").GetString());
    }
}
