using System.Collections.Concurrent;
using Alba;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Interpretation.Tests.Plans;

public sealed class when_document_and_interpretation_are_published(District district) : IClassFixture<District>
{
    IAlbaHost Documents => district.Documents;

    [Fact]
    public async Task nobody_sees_the_one_without_the_other_also_under_load()
    {
        var interpretation = await district.StartInterpretation();
        var pairs = new List<(Guid Document, Guid Material)>();
        for (var i = 0; i < 8; i++)
            pairs.Add(await district.Ready($"测政发〔2026〕4{i:D2}号"));

        var contradictions = new ConcurrentBag<string>();
        using var over = new CancellationTokenSource();
        var readers = pairs
            .Select(async pair =>
            {
                while (!over.IsCancellationRequested)
                {
                    // What was there first is there afterwards: only the second answer can contradict the first.
                    var document = await Documents.Status($"documents/{pair.Document}") == 200;
                    var listed =
                        (await interpretation.Get(null, $"documents/{pair.Document}/interpretations")).GetProperty("items").GetArrayLength()
                        == 1;
                    if (document && !listed)
                        contradictions.Add($"{pair.Document} was public without its interpretation.");
                    var material = await interpretation.Status($"interpretations/{pair.Material}") == 200;
                    if (listed && !material)
                        contradictions.Add($"{pair.Material} was listed and not readable.");
                    if (material && await Documents.Status($"documents/{pair.Document}") != 200)
                        contradictions.Add($"{pair.Material} was public without its document.");
                }
            })
            .ToArray();
        foreach (var (document, _) in pairs)
            await Documents.Post(Tokens.OpennessOffice, $"documents/{document}/publish", new { });
        foreach (var (document, _) in pairs)
            await district.PlanIs(document, "carried");
        await over.CancelAsync();
        await Task.WhenAll(readers);

        Assert.Empty(contradictions);
        foreach (var (document, material) in pairs)
            Assert.Equal(
                (200, 200),
                (await Documents.Status($"documents/{document}"), await interpretation.Status($"interpretations/{material}"))
            );
    }

    [Fact]
    public async Task an_interpretation_that_was_away_at_the_publication_shows_the_material_from_its_first_answer()
    {
        var (document, material) = await district.Ready("测政发〔2026〕451号");
        await district.StopInterpretation();
        await Documents.Post(Tokens.OpennessOffice, $"documents/{document}/publish", new { });
        var interpretation = await district.StartInterpretation();
        Assert.Equal(200, await interpretation.Status($"interpretations/{material}"));
    }

    [Fact]
    public async Task a_document_whose_gate_may_be_closed_is_published_once_interpretation_is_back()
    {
        var interpretation = await district.StartInterpretation();
        var id = await district.Review(await Documents.Draft());
        await interpretation.Write(id);
        await interpretation.Approve(id);
        var material = await interpretation.Material(id);
        await Documents.Post(Tokens.Signing, $"documents/{id}/sign", new { });
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/issue",
            new { documentNumber = "测政发〔2026〕455号", writtenOn = "2026-05-20" }
        );
        await district.StopInterpretation();
        var asked = await Documents.Scenario(s =>
        {
            s.As(Tokens.OpennessOffice);
            s.Post.Json(new { }).ToUrl($"/api/v1/documents/{id}/publish");
            s.StatusCodeShouldBe(503);
            s.Header("Retry-After").SingleValueShouldEqual("2");
        });
        Assert.Equal("service.unavailable", (await asked.Json()).Code());
        // Where more is missing, that is said.
        var draft = await Documents.Draft();
        Assert.Equal(
            "document.elements.missing",
            (await Documents.Post(Tokens.OpennessOffice, $"documents/{draft}/publish", new { }, 422)).Code()
        );

        interpretation = await district.StartInterpretation();
        var refused = await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/publish", new { }, 409);
        Assert.Equal(["interpretation"], refused.GetProperty("gates").EnumerateArray().Select(g => g.Code()));
        await interpretation.Sign(material);
        await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/publish", new { });
        Assert.Equal(200, await interpretation.Status($"interpretations/{material}"));
    }

    [Fact]
    public async Task while_documents_is_away_nobody_is_told_that_there_is_none()
    {
        var interpretation = await district.StartInterpretation();
        var (document, material) = await district.Ready("测政发〔2026〕452号");
        await district.RestartDocuments(async () => Assert.Equal(503, await interpretation.Status($"interpretations/{material}")));
        await Documents.Post(Tokens.OpennessOffice, $"documents/{document}/publish", new { });
        Assert.Equal(200, await interpretation.Status($"interpretations/{material}"));
    }

    [Fact]
    public async Task both_become_public_at_the_instant_that_was_set()
    {
        var interpretation = await district.StartInterpretation();
        var (document, material) = await district.Ready("测政发〔2026〕453号");
        var publishAt = district.Clock.GetUtcNow().AddMinutes(5);
        await Documents.Post(Tokens.OpennessOffice, $"documents/{document}/publish", new { publishAt });
        Assert.Equal(
            (404, 404),
            (await Documents.Status($"documents/{document}"), await interpretation.Status($"interpretations/{material}"))
        );
        await Documents.Post(Tokens.OpennessOffice, $"documents/{document}/publish", new { publishAt, publishedOn = "2026-05-30" }, 422);

        district.Clock.Advance(TimeSpan.FromMinutes(5));
        await Calls.Eventually<bool>(async () => await Documents.Status($"documents/{document}") == 200 ? true : null);
        Assert.Equal(200, await interpretation.Status($"interpretations/{material}"));
        Assert.Equal("2026-06-01", (await Documents.Get(null, $"documents/{document}")).GetProperty("publishedOn").GetString());
    }

    [Fact]
    public async Task what_is_no_longer_ready_at_the_instant_is_held_and_says_why()
    {
        var (document, _) = await district.Ready("测政发〔2026〕454号");
        var publishAt = district.Clock.GetUtcNow().AddMinutes(5);
        await Documents.Post(Tokens.OpennessOffice, $"documents/{document}/publish", new { publishAt });
        await Documents.Post(Tokens.OpennessOffice, $"documents/{document}/interpretation/reopen", new { reason = "有误" });
        district.Clock.Advance(TimeSpan.FromMinutes(5));
        await Calls.Eventually<bool>(async () =>
            (await Documents.Get(Tokens.OpennessOffice, $"documents/{document}/history"))
                .GetProperty("items")
                .EnumerateArray()
                .Any(e => e.GetProperty("what").GetString() == "publicationHeld")
                ? true
                : null
        );
        Assert.Equal(404, await Documents.Status($"documents/{document}"));
    }
}
