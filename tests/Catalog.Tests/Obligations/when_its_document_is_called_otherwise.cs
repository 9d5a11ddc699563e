using System.Text.Json;
using PolicyPlatform.Shared.DocumentAccess;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Catalog.Tests.Obligations;

public sealed class when_its_document_is_called_otherwise(District district) : IClassFixture<District>
{
    [Fact]
    public async Task an_obligation_follows_what_is_put_right_and_what_is_amended()
    {
        var id = await district.Documents.Publish(await district.Documents.Draft(title: "名称有误的班法"), "测政发〔2026〕761号");
        await Is(id, 1, "名称有误的班法", "370114-ZJ");
        await district.Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/elements",
            new
            {
                title = "名称有误的办法",
                issuers = new[] { "370114-JY" },
                reason = "误登",
            }
        );
        await Is(id, 1, "名称有误的办法", "370114-JY");
        // Whose it is sees it, and whose it was by mistake does not.
        Assert.Single((await Listed(id, Tokens.DraftingEducation)).EnumerateArray());
        Assert.Empty((await Listed(id, Tokens.DraftingHousing)).EnumerateArray());

        await Amend(id, "改了名称的办法", "2026-06-01");
        await Is(id, 2, "改了名称的办法", "370114-JY");

        // A title of a day to come is borne from that day on.
        await Amend(id, "将来的办法", "2026-06-03");
        await Is(id, 3, "改了名称的办法", "370114-JY");
        district.Clock.Advance(TimeSpan.FromDays(2));
        await district.Catalog.Hears(new ReadElementsAgain(id));
        await Is(id, 3, "将来的办法", "370114-JY");
    }

    [Fact]
    public async Task what_was_put_right_while_a_document_was_down_is_followed_once_it_is_put_back()
    {
        var id = await district.Documents.Publish(await district.Documents.Draft(title: "撤下的班法"), "测政发〔2026〕762号");
        await Is(id, 1, "撤下的班法", "370114-ZJ");
        await district.Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/take-down",
            new
            {
                ground = "personalData",
                reason = "附件含个人信息",
                explanation = "暂停公开，正在处理。",
            }
        );
        await district.Documents.Post(Tokens.OpennessOffice, $"documents/{id}/elements", new { title = "撤下的办法", reason = "误登" });
        await district.Documents.Post(Tokens.OpennessOffice, $"documents/{id}/put-back", new { reason = "已处理" });
        await Is(id, 1, "撤下的办法", "370114-ZJ");
    }

    Task<JsonElement> Amend(Guid id, string title, string effectiveFrom) =>
        district.Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/amendments",
            new
            {
                text = $"第一条 {title}改过了。",
                changeNote = "改",
                title,
                effectiveFrom,
            },
            201
        );

    async Task<JsonElement> Listed(Guid document, string token) =>
        (await district.Catalog.Get(token, $"obligations?document={document}")).GetProperty("items");

    // As many obligations as there are texts, each called and owned so.
    Task<bool> Is(Guid document, int texts, string title, string body) =>
        Calls.Eventually<bool>(async () =>
            (await Listed(document, Tokens.OpennessOffice)).EnumerateArray().ToArray() is var all
            && all.Length == texts
            && all.All(o => o.GetProperty("title").GetString() == title && o.GetProperty("bodies")[0].GetString() == body)
                ? true
                : null
        );
}
