using Alba;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.History;

public sealed class when_reading_history(District district, PostgresCluster postgres) : IClassFixture<District>
{
    IAlbaHost Documents => district.Documents;

    [Fact]
    public async Task it_tells_what_who_when_and_why_newest_first_page_by_page()
    {
        var id = await Documents.Draft();
        for (var n = 2; n <= 5; n++)
            await Documents.Revise(id, $"第一条 第{n}稿。", $"第{n}稿");

        var first = await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/history?pageSize=4");
        var entry = first.GetProperty("items")[0];
        Assert.Equal(
            ("revisionRecorded", "Text recorded as revision 5", "drafting-housing (姓名)", "370114-ZJ", "第5稿", 5),
            (
                entry.GetProperty("what").GetString(),
                entry.GetProperty("summary").GetString(),
                entry.GetProperty("who").GetString(),
                entry.GetProperty("organisation").GetString(),
                entry.GetProperty("note").GetString(),
                entry.GetProperty("revision").GetInt32()
            )
        );
        await Documents.Revise(id, "第一条 插进来的一稿。"); // between the pages: nothing repeats, nothing is missed
        var second = await Documents.Get(
            Tokens.DraftingHousing,
            $"documents/{id}/history?pageSize=4&pageToken={first.GetProperty("nextPageToken").GetString()}"
        );
        Assert.Equal(
            [6, 5, 4, 3, 2, 1],
            first
                .GetProperty("items")
                .EnumerateArray()
                .Concat(second.GetProperty("items").EnumerateArray())
                .Select(e => e.GetProperty("version").GetInt32())
        );
        Assert.Equal(System.Text.Json.JsonValueKind.Null, second.GetProperty("nextPageToken").ValueKind);
    }

    [Fact]
    public async Task a_rebuild_from_the_events_gives_the_same_history_state_and_library()
    {
        var id = await Documents.Publish(await Documents.Draft(), "测政发〔2026〕301号");
        var before = (
            History: await Texts($"documents/{id}/history"),
            Document: await Texts($"documents/{id}"),
            Library: await Texts("library")
        );
        var store = Documents.Services.GetRequiredService<IDocumentStore>();
        using var daemon = await store.BuildProjectionDaemonAsync();
        foreach (var projection in new[] { nameof(HistoryProjection), nameof(PolicyDocument), nameof(LibraryProjection) })
            await daemon.RebuildProjectionAsync(projection, TestContext.Current.CancellationToken);
        Assert.Equal(before, (await Texts($"documents/{id}/history"), await Texts($"documents/{id}"), await Texts("library")));

        async Task<string> Texts(string path) => (await Documents.Get(Tokens.OpennessOffice, path)).GetRawText();
    }

    [Fact]
    public async Task a_page_token_of_somewhere_else_is_refused()
    {
        var id = await Documents.Draft();
        Assert.Equal(
            ["pageToken"],
            (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/history?pageToken=%2Fnonsense", 422)).Pointers()
        );
        Assert.Equal(["pageSize"], (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/history?pageSize=201", 422)).Pointers());
    }

    [Fact]
    public async Task an_erased_name_is_gone_at_once()
    {
        await using var own = new District(postgres);
        await own.InitializeAsync();
        var id = await own.Documents.Draft();
        Assert.Contains(
            "姓名",
            (await own.Documents.Get(Tokens.DraftingHousing, $"documents/{id}/history")).GetRawText(),
            StringComparison.Ordinal
        );
        await own.Execute("delete from documents.mt_doc_actorname");
        Assert.DoesNotContain(
            "姓名",
            (await own.Documents.Get(Tokens.DraftingHousing, $"documents/{id}/history")).GetRawText(),
            StringComparison.Ordinal
        );
    }
}
