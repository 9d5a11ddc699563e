using System.Text.Json;
using Alba;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Interpretation.Tests.Benefits;

/// <summary>Benefits as tests need them.</summary>
static class Offering
{
    /// <summary>Offers a benefit of a document of its own.</summary>
    public static async Task<Guid> Offer(
        this IAlbaHost interpretation,
        District district,
        string number,
        object? conditions,
        string tag = "就业",
        string? until = null
    )
    {
        var (document, blocks) = await district.PublishedText(number, "第一条 符合条件的，每人补贴一千元。");
        var id = (
            await interpretation.Post(
                Tokens.DraftingHousing,
                "benefits",
                new
                {
                    title = $"补贴{number}",
                    benefit = "每人一千元",
                    documentId = document,
                    blocks = new[] { blocks[0] },
                    conditions,
                    tags = new[] { tag },
                    until,
                },
                201
            )
        ).GetProperty("id").GetGuid();
        await interpretation.Post(Tokens.OpennessOffice, $"benefits/{id}/publish", new { });
        return id;
    }

    /// <summary>How a benefit came out.</summary>
    public static JsonElement Match(this JsonElement matched, Guid id) =>
        new[] { "matching", "possible", "notMatching" }
            .SelectMany(how => matched.GetProperty(how).EnumerateArray())
            .Single(b => b.GetProperty("id").GetGuid() == id);
}
