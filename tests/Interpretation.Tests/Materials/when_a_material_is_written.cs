using System.Security.Cryptography;
using System.Text;
using Alba;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Interpretation.Tests.Materials;

public sealed class when_a_material_is_written(District district) : IClassFixture<District>
{
    static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3];

    [Fact]
    public async Task everything_that_is_wrong_is_said_at_once()
    {
        var interpretation = await district.StartInterpretation();
        var id = await district.Review(await district.Documents.Draft());
        var problem = await interpretation.Post(
            Tokens.DraftingHousing,
            "interpretations",
            new
            {
                planId = id,
                content = new
                {
                    text = "甲",
                    videos = new[] { "http://video.test/1", "javascript:alert(1)" },
                    blocks = new[] { "b1", "b99" },
                },
            },
            422
        );
        Assert.Equal(["/title", "/videos/0", "/videos/1", "/blocks/1"], problem.Pointers());
        Assert.Equal(
            ["/planId"],
            (
                await interpretation.Post(
                    Tokens.DraftingHousing,
                    "interpretations",
                    new { planId = Guid.CreateVersion7(), content = new { title = "甲", text = "乙" } },
                    422
                )
            ).Pointers()
        );
        Assert.Equal(
            ["/planId"],
            (
                await interpretation.Post(
                    Tokens.DraftingEducation,
                    "interpretations",
                    new { planId = id, content = new { title = "甲", text = "乙" } },
                    422
                )
            ).Pointers()
        );
    }

    [Fact]
    public async Task no_script_comes_out_of_its_text()
    {
        var interpretation = await district.StartInterpretation();
        var plan = await district.Review(await district.Documents.Draft());
        var text = "**重点** <script>alert(1)</script> [链接](javascript:alert(2)) <img src=x onerror=alert(3)>";
        var material = await interpretation.Post(
            Tokens.DraftingHousing,
            "interpretations",
            new { planId = plan, content = new { title = "脚本", text } },
            201
        );
        var html = material.GetProperty("html").GetString()!;
        Assert.Contains("<strong>重点</strong>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("javascript:", html, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(text, material.GetProperty("text").GetString());
    }

    [Fact]
    public async Task its_files_are_known_by_their_bytes_and_cannot_run()
    {
        var interpretation = await district.StartInterpretation();
        var plan = await district.Review(await district.Documents.Draft());
        var material = await interpretation.Material(plan);
        Assert.Equal(
            "attachment.type.refused",
            (await Attach(interpretation, material, "图.png", "<svg onload='alert(1)'/>"u8.ToArray(), 415)).Code()
        );
        Assert.Equal("attachment.type.refused", (await Attach(interpretation, material, "页.pdf", "<html>"u8.ToArray(), 415)).Code());
        Assert.Equal(["name"], (await Attach(interpretation, material, "../etc/passwd", Png, 422)).Pointers());
        await Attach(interpretation, material, "图.png", Png, 200);
        var pdf = Encoding.ASCII.GetBytes("%PDF-1.7 …");
        var files = (await Attach(interpretation, material, "全文.html", pdf, 200)).GetProperty("files");
        Assert.Equal(["image/png", "application/pdf"], files.EnumerateArray().Select(f => f.GetProperty("mediaType").GetString()));

        var address = $"/api/v1/interpretations/{material}/attachments/{Convert.ToHexStringLower(SHA256.HashData(pdf))}";
        var read = (
            await interpretation.Scenario(s =>
            {
                s.As(Tokens.DraftingHousing).Get.Url(address);
            })
        ).Context.Response;
        Assert.Equal(
            ("application/pdf", "nosniff", "sandbox; default-src 'none'"),
            (read.ContentType, read.Headers.XContentTypeOptions.ToString(), read.Headers.ContentSecurityPolicy.ToString())
        );
        Assert.StartsWith("attachment", read.Headers.ContentDisposition.ToString(), StringComparison.Ordinal);
        await interpretation.Scenario(s =>
        {
            s.As(Tokens.DraftingHousing).WithRequestHeader("If-None-Match", read.Headers.ETag.ToString());
            s.Get.Url(address);
            s.StatusCodeShouldBe(304);
        });
        // Nobody else knows of it before publication.
        await interpretation.Get(null, address["/api/v1/".Length..], 404);
    }

    [Fact]
    public async Task the_public_goes_on_seeing_what_was_signed()
    {
        var interpretation = await district.StartInterpretation();
        var (document, material) = await district.Ready("测政发〔2026〕501号");
        await district.Documents.Post(Tokens.OpennessOffice, $"documents/{document}/publish", new { });
        await district.PlanIs(document, "carried");
        await interpretation.Rewrite(material);
        await Attach(interpretation, material, "图.png", Png, 200);
        var shown = await interpretation.Get(null, $"interpretations/{material}");
        Assert.Equal(("本办法这样用。", 0), (shown.GetProperty("text").GetString(), shown.GetProperty("files").GetArrayLength()));
        await interpretation.Sign(material);
        shown = await interpretation.Get(null, $"interpretations/{material}");
        Assert.Equal(("本办法这样用，改过了。", 1), (shown.GetProperty("text").GetString(), shown.GetProperty("files").GetArrayLength()));
    }

    [Fact]
    public async Task from_the_document_one_comes_to_it_by_block_and_back()
    {
        var interpretation = await district.StartInterpretation();
        var text = "第一条 为了测试，制定本办法。\n第二条 符合条件的可以申请补贴。";
        var blocks = new List<string>();
        var probe = await district.Documents.Draft(text);
        foreach (
            var block in (await district.Documents.Get(Tokens.DraftingHousing, $"documents/{probe}/revisions/1"))
                .GetProperty("blocks")
                .EnumerateArray()
        )
            blocks.Add(block.GetProperty("id").GetString()!);
        var (document, material) = await district.Ready("测政发〔2026〕502号", text, blocks[1]);
        await district.Documents.Post(Tokens.OpennessOffice, $"documents/{document}/publish", new { });
        Assert.Equal([material], Ids(await interpretation.Get(null, $"documents/{document}/interpretations?block={blocks[1]}")));
        Assert.Empty(Ids(await interpretation.Get(null, $"documents/{document}/interpretations?block={blocks[0]}")));
        var back = await interpretation.Get(null, $"interpretations/{material}/document");
        Assert.Equal((document, blocks[1]), (back.GetProperty("id").GetGuid(), back.GetProperty("blocks")[0].GetString()));
        var page = await Calls.Eventually<System.Text.Json.JsonElement>(async () =>
            await district.Documents.Get(null, $"documents/{document}/page") is var answer
            && answer.GetRawText().Contains(material.ToString(), StringComparison.Ordinal)
                ? answer
                : null
        );
        Assert.Contains("一图读懂", page.GetRawText(), StringComparison.Ordinal);

        // While it is written anew about something else, those who do not work on it find it by what was signed.
        await interpretation.Put(
            Tokens.DraftingHousing,
            $"interpretations/{material}",
            new
            {
                title = "一图读懂",
                text = "改写中。",
                blocks = new[] { blocks[0] },
            }
        );
        Assert.Equal(
            [material],
            Ids(await interpretation.Get(Tokens.DraftingHousing, $"interpretations?document={document}&block={blocks[0]}"))
        );
        foreach (var other in new[] { Tokens.Integration, Tokens.DraftingEducation })
        {
            Assert.Empty(Ids(await interpretation.Get(other, $"interpretations?document={document}&block={blocks[0]}")));
            Assert.Equal([material], Ids(await interpretation.Get(other, $"interpretations?document={document}&block={blocks[1]}")));
        }
    }

    [Fact]
    public async Task whoever_is_faster_than_the_message_that_it_is_public_changes_it_all_the_same()
    {
        var interpretation = await district.StartInterpretation();
        var (document, material) = await district.Ready("测政发〔2026〕503号");
        var anew = new { title = "一图读懂", text = "改写中。" };
        await interpretation.Put(Tokens.DraftingHousing, $"interpretations/{material}", anew, 409);
        await district.Documents.Post(Tokens.OpennessOffice, $"documents/{document}/publish", new { });
        await interpretation.Put(Tokens.DraftingHousing, $"interpretations/{material}", anew);
        // The public goes on seeing what was signed, and its plan is carried out when the message comes.
        var shown = await interpretation.Get(null, $"interpretations/{material}");
        Assert.True(shown.GetProperty("isSigned").GetBoolean());
        Assert.NotEqual("改写中。", shown.GetProperty("text").GetString());
        await district.PlanIs(document, "carried");
    }

    static IEnumerable<Guid> Ids(System.Text.Json.JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetGuid());

    static async Task<System.Text.Json.JsonElement> Attach(
        IAlbaHost interpretation,
        Guid material,
        string name,
        byte[] content,
        int expected
    ) =>
        await (
            await interpretation.Scenario(s =>
            {
                s.As(Tokens.DraftingHousing)
                    .Post.ByteArray(content)
                    .ToUrl($"/api/v1/interpretations/{material}/attachments")
                    .QueryString(nameof(name), name);
                s.StatusCodeShouldBe(expected);
            })
        ).Json();
}
