using Alba;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.CleanUp;

public sealed class when_cleaning_up(District district) : IClassFixture<District>
{
    IAlbaHost Documents => district.Documents;

    [Fact]
    public async Task chosen_documents_get_an_outcome_each_that_takes_effect_on_them()
    {
        Guid[] documents = [.. await Task.WhenAll(Enumerable.Range(1, 4).Select(async n => await Documents.Publish(await Documents.Draft(title: $"待清理办法{n}"), $"清发〔2020〕{n}号", new { publishedOn = "2020-02-01" }, "2020-01-20")))];
        var opened = await Documents.Post(Tokens.OpennessOffice, "cleanups", new { title = "2026年文件清理", dueOn = "2026-12-31", criteria = new { q = "待清理办法", year = 2020 } }, 201);
        var id = opened.GetProperty("id").GetGuid();
        Assert.Equal(4, opened.GetProperty("documents").GetInt32());

        await Outcome(0, "keep", Tokens.DraftingHousing);
        await Outcome(1, "repeal", Tokens.DraftingHousing);
        Assert.Equal("cleanUp.body.foreign", (await Documents.Post(Tokens.DraftingEducation, $"cleanups/{id}/outcomes", new { documentId = documents[2], outcome = "keep", reason = "别人的" }, 403)).Code());
        await Documents.Post(Tokens.OpennessOffice, $"cleanups/{id}/assignments", new { documents = new[] { documents[2] }, body = "370114-JY" });
        await Outcome(2, "declareExpired", Tokens.DraftingEducation);
        var progress = await Documents.Get(Tokens.Supervision, $"cleanups/{id}");
        Assert.Equal((4, 1, 0, 1), (progress.GetProperty("total").GetInt32(), progress.GetProperty("open").GetInt32(), progress.GetProperty("applied").GetInt32(), progress.GetProperty("openByBody").GetProperty("370114-ZJ").GetInt32()));

        await Documents.Post(Tokens.OpennessOffice, $"cleanups/{id}/apply", new { });
        Assert.Equal(["inForce", "repealed", "expired", "inForce"], await Task.WhenAll(documents.Select(async d => (await Documents.Get(null, $"documents/{d}")).GetProperty("validity").GetString())));
        Assert.Equal("cleanedUp", (await Documents.Get(Tokens.OpennessOffice, $"documents/{documents[0]}/history")).GetProperty("items")[0].GetProperty("what").GetString());
        Assert.Equal(3, (await Documents.Get(Tokens.Supervision, $"cleanups/{id}")).GetProperty("applied").GetInt32());
        Assert.Equal("request.invalid", (await Documents.Post(Tokens.OpennessOffice, $"cleanups/{id}/apply", new { }, 422)).Code());
        Assert.Equal(["/reason", "/outcome", "/documentId"], (await Documents.Post(Tokens.OpennessOffice, $"cleanups/{id}/outcomes", new { documentId = documents[0] }, 422)).Pointers());
        Assert.Equal(["/title", "/criteria"], (await Documents.Post(Tokens.OpennessOffice, "cleanups", new { criteria = new { q = "没有这样的文件" } }, 422)).Pointers());

        Task Outcome(int n, string outcome, string token) => Documents.Post(token, $"cleanups/{id}/outcomes", new { documentId = documents[n], outcome, reason = "清理" });
    }
}
