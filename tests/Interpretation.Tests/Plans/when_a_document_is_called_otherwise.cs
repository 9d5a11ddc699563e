using PolicyPlatform.Testing;

namespace PolicyPlatform.Interpretation.Tests.Plans;

public sealed class when_a_document_is_called_otherwise(District district) : IClassFixture<District>
{
    [Fact]
    public async Task its_plans_materials_and_what_is_known_of_it_follow()
    {
        await district.StartConsultation();
        var interpretation = await district.StartInterpretation();
        var draft = await district.Documents.Draft(title: "征求意见的草案");
        var (early, _) = await interpretation.SignedBeforeIssuance(draft);
        var (id, material) = await district.Ready(draft, "测政发〔2026〕861号");
        await district.Documents.Post(Tokens.OpennessOffice, $"documents/{id}/publish", new { });
        await district.PlanIs(id, "carried");
        await district.Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/elements",
            new
            {
                title = "名称更正的办法",
                issuers = new[] { "370114-JY" },
                reason = "误登",
            }
        );
        foreach (var plan in new[] { early, id })
            await Plan(plan, "名称更正的办法", "370114-JY");
        // Whoever issued it works on what explains it.
        await interpretation.Put(
            Tokens.DraftingEducation,
            $"interpretations/{material}",
            new { title = "一图读懂", text = "改由教育局解读。" }
        );
        await interpretation.Rewrite(material, 404);

        await district.Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/amendments",
            new
            {
                text = "第一条 改过了。",
                changeNote = "改",
                title = "修改后的办法",
                effectiveFrom = "2026-06-01",
            },
            201
        );
        await Plan(id, "修改后的办法", "370114-JY");
        await Calls.Eventually<bool>(async () =>
            (await interpretation.Get(null, "interpretations/documents?pageSize=200"))
                .GetProperty("items")
                .EnumerateArray()
                .Any(d => d.GetProperty("id").GetGuid() == id && d.GetProperty("title").GetString() == "修改后的办法")
                ? true
                : null
        );

        Task<bool> Plan(Guid plan, string title, string issuer) =>
            Calls.Eventually<bool>(async () =>
                await interpretation.Get(Tokens.OpennessOffice, $"interpretation-plans/{plan}") is var p
                && p.GetProperty("documentTitle").GetString() == title
                && p.GetProperty("issuers")[0].GetString() == issuer
                    ? true
                    : null
            );
    }
}
