using PolicyPlatform.Documents.Text;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Relations;

public sealed class when_a_decision_amends(District district) : IClassFixture<District>
{
    const string Decision = """
        关于修改《停车管理办法》的决定
        一、将第三条修改为：“第三条 停车应当缴费：
        （一）白天；
        （二）夜间。”
        二、删去第五条第二款中的“临时”。
        三、增加一条，作为第八条之一：“第八条之一 夜间免费。”
        四、第九条改为第十条。
        五、将第十一条中的“二十日”修改为“十五日”。
        """;

    [Fact]
    public void it_is_read_as_what_becomes_of_which_article()
    {
        var clauses = AmendingClauses.In(BlockIdentity.Carry([], TextStructure.Cut(Decision), 1).Blocks);
        Assert.All(clauses, c => Assert.Equal("停车管理办法", c.Document));
        Assert.Equal(
            [
                "Modify 第三条: →第三条 停车应当缴费：|（一）白天；|（二）夜间。",
                "Delete 第五条第二款:临时→",
                "Insert 第八条之一: →第八条之一 夜间免费。",
                "Renumber 第九条: →第十条",
                "Modify 第十一条:二十日→十五日",
            ],
            clauses.Select(c =>
                $"{c.Action} {c.Article}{c.Place}:{c.Before ?? (c.Action is AmendingAction.Delete ? "" : " ")}→{c.After?.Replace('\n', '|')}"
            )
        );
        Assert.Empty(
            AmendingClauses.In(
                BlockIdentity.Carry([], TextStructure.Cut("停车管理办法\n第一条 将第三条修改为：“甲”的，不适用本办法。"), 1).Blocks
            )
        );
    }

    [Fact]
    public async Task what_it_amends_and_repeals_is_offered_as_such()
    {
        var amended = await district.Documents.Publish(
            await district.Documents.Draft("第一条 停车。\n第三条 停车免费。", "停车管理办法"),
            "测政发〔2026〕821号"
        );
        var repealed = await district.Documents.Publish(
            await district.Documents.Draft("第一条 收费。", "停车收费办法"),
            "住建（规）发〔2026〕822号"
        );
        var id = await district.Documents.Publish(
            await district.Documents.Draft(
                Decision + "六、根据《停车管理办法》，《停车收费办法》同时废止。\n七、具体事项按照住建(规)发[2026]822号执行。",
                "关于修改《停车管理办法》的决定"
            ),
            "测政发〔2026〕823号"
        );
        var relations = await district.Documents.Get(null, $"documents/{id}/relations");
        var offered = relations
            .GetProperty("citations")
            .EnumerateArray()
            .Where(c => c.GetProperty("offered").ValueKind is System.Text.Json.JsonValueKind.String)
            .Select(c => (c.GetProperty("document").GetProperty("id").GetGuid(), c.GetProperty("offered").GetString()))
            .ToHashSet();
        Assert.Superset(new HashSet<(Guid, string?)> { (amended, "amends"), (repealed, "repeals"), (repealed, "relatesTo") }, offered);
        var first = relations.GetProperty("amendments")[0];
        Assert.Equal(
            (amended, "第三条", "modify"),
            (
                first.GetProperty("document").GetProperty("id").GetGuid(),
                first.GetProperty("clause").GetProperty("article").GetString(),
                first.GetProperty("clause").GetProperty("action").GetString()
            )
        );
    }
}
