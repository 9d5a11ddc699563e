using System.Text.Json;
using Alba;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Interpretation.Tests;

/// <summary>The steps of 三同步 as tests say them.</summary>
static class ThreeSync
{
    /// <summary>Sends a draft to review and waits for the plan that this opens.</summary>
    public static async Task<Guid> Review(this District district, Guid id)
    {
        await district.Documents.Post(Tokens.DraftingHousing, $"documents/{id}/review", new { });
        await district.PlanIs(id, "open");
        return id;
    }

    public static async Task<JsonElement> PlanIs(this District district, Guid plan, string state)
    {
        var interpretation = await district.StartInterpretation();
        return await Calls.Eventually<JsonElement>(async () =>
        {
            var plans = (await interpretation.Get(Tokens.OpennessOffice, $"interpretation-plans?document={plan}"))
                .GetProperty("items")
                .EnumerateArray();
            foreach (var found in plans)
                if (found.GetProperty("state").GetString() == state)
                    return found;
            return null;
        });
    }

    public static Task<JsonElement> Write(this IAlbaHost interpretation, Guid plan) =>
        interpretation.Put(
            Tokens.DraftingHousing,
            $"interpretation-plans/{plan}",
            new { forms = new[] { "text" }, channels = new[] { "website", "newMedia" } }
        );

    public static Task<JsonElement> Rewrite(this IAlbaHost interpretation, Guid material, int expected = 200) =>
        interpretation.Put(
            Tokens.DraftingHousing,
            $"interpretations/{material}",
            new { title = "一图读懂", text = "本办法这样用，改过了。" },
            expected
        );

    public static Task<JsonElement> Approve(this IAlbaHost interpretation, Guid plan, int expected = 200) =>
        interpretation.Post(Tokens.LegalReview, $"interpretation-plans/{plan}/approve", new { }, expected);

    public static Task<JsonElement> Sign(this IAlbaHost interpretation, Guid material, int expected = 200) =>
        interpretation.Post(Tokens.Signing, $"interpretations/{material}/sign", new { }, expected);

    public static async Task<Guid> Material(this IAlbaHost interpretation, Guid plan, string title = "一图读懂", params string[] blocks) =>
        (
            await interpretation.Post(
                Tokens.DraftingHousing,
                "interpretations",
                new
                {
                    planId = plan,
                    content = new
                    {
                        title,
                        text = "本办法这样用。",
                        blocks,
                    },
                },
                201
            )
        ).GetProperty("id").GetGuid();

    /// <summary>A material of a plan before issuance, signed for the newest revision of a draft.</summary>
    public static async Task<(Guid Plan, Guid Material)> SignedBeforeIssuance(
        this IAlbaHost interpretation,
        Guid document,
        string title = "征求意见稿解读"
    )
    {
        var plan = (
            await interpretation.Post(
                Tokens.DraftingHousing,
                "interpretation-plans",
                new
                {
                    documentId = document,
                    phase = "preIssuance",
                    reason = "先行解读",
                },
                201
            )
        ).GetProperty("id").GetGuid();
        var material = await interpretation.Material(plan, title);
        await interpretation.Sign(material);
        return (plan, material);
    }

    /// <summary>A document signed and numbered, its plan approved and a material signed: all that is missing is the publication.</summary>
    public static async Task<(Guid Document, Guid Material)> Ready(
        this District district,
        string number,
        string text = "第一条 为了测试，制定本办法。\n第二条 本办法自公布之日起施行。",
        params string[] blocks
    )
    {
        await district.StartInterpretation();
        return await district.Ready(await district.Documents.Draft(text, $"同步办法{number}"), number, blocks);
    }

    /// <summary>A draft taken to where all that is missing is the publication.</summary>
    public static async Task<(Guid Document, Guid Material)> Ready(
        this District district,
        Guid draft,
        string number,
        params string[] blocks
    )
    {
        var interpretation = await district.StartInterpretation();
        var id = await district.Review(draft);
        await interpretation.Write(id);
        await interpretation.Approve(id);
        var material = await interpretation.Material(id, blocks: blocks);
        await interpretation.Sign(material);
        await district.Documents.Post(Tokens.Signing, $"documents/{id}/sign", new { });
        await district.Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/issue",
            new { documentNumber = number, writtenOn = "2026-05-20" }
        );
        await district.GatesAre(id);
        return (id, material);
    }

    /// <summary>Waits until these gates are open and no other.</summary>
    public static Task<bool> GatesAre(this District district, Guid id, params string[] gates) =>
        Calls.Eventually<bool>(async () =>
            (await district.Documents.Get(Tokens.OpennessOffice, $"documents/{id}"))
                .GetProperty("gates")
                .EnumerateArray()
                .Select(g => g.Code())
                .SequenceEqual(gates)
                ? true
                : null
        );

    public static async Task<int> Status(this IAlbaHost host, string path, string? token = null) => (
            await host.Scenario(s =>
            {
                if (token is not null)
                    s.As(token);
                s.Get.Url($"/api/v1/{path}");
                s.IgnoreStatusCode();
            })
        ).Context.Response.StatusCode;

    /// <summary>A published document that Interpretation knows of, and the ids of its blocks.</summary>
    public static async Task<(Guid Document, string[] Blocks)> PublishedText(
        this District district,
        string number,
        string text,
        object? publication = null
    )
    {
        var interpretation = await district.StartInterpretation();
        var id = await district.Documents.Publish(await district.Documents.Draft(text, $"办法{number}"), number, publication);
        await Calls.Eventually<bool>(async () =>
            (await interpretation.Get(null, "interpretations/documents?pageSize=200"))
                .GetProperty("items")
                .EnumerateArray()
                .Any(d => d.GetProperty("id").GetGuid() == id)
                ? true
                : null
        );
        return (
            id,
            [
                .. (await district.Documents.Get(null, $"documents/{id}/revisions/1"))
                    .GetProperty("blocks")
                    .EnumerateArray()
                    .Select(b => b.GetProperty("id").GetString()!),
            ]
        );
    }

    /// <summary>A question whose answer everybody reads.</summary>
    public static async Task<Guid> PublishedAnswer(
        this IAlbaHost interpretation,
        Guid document,
        string block,
        string question,
        string answer
    )
    {
        var id = (await interpretation.Post(Tokens.DraftingHousing, "questions", new { question, documentId = document }, 201))
            .GetProperty("id")
            .GetGuid();
        await interpretation.Put(
            Tokens.DraftingHousing,
            $"questions/{id}/answer",
            new
            {
                question,
                answer,
                documentId = document,
                blocks = new[] { block },
            }
        );
        await interpretation.Post(Tokens.LegalReview, $"questions/{id}/approve", new { });
        await interpretation.Post(Tokens.OpennessOffice, $"questions/{id}/publish", new { });
        return id;
    }
}
