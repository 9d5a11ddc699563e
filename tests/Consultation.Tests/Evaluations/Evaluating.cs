using System.Text.Json;
using Alba;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.Evaluations;

/// <summary>Evaluations as tests say them.</summary>
static class Evaluating
{
    public static object Indicator(string code = "T1", decimal weight = 100) =>
        new
        {
            code,
            name = "退费办结率",
            method = "热线工单办结数除以受理数",
            target = 95,
            unit = "%",
            weight,
        };

    public static object Plan(params object[] indicators) =>
        new { purpose = "评估实施效果。", indicators = indicators.Length > 0 ? indicators : [Indicator()] };

    public static async Task<Guid> Evaluation(this IAlbaHost consultation, Guid document) => (
            await consultation.Post(
                Tokens.DraftingHousing,
                "evaluations",
                new
                {
                    documentId = document,
                    purpose = "评估实施效果。",
                    indicators = new[] { Indicator() },
                },
                201
            )
        ).GetProperty("id").GetGuid();

    public static object Value(string indicator = "T1", decimal value = 92.5m) =>
        new
        {
            indicator,
            value,
            from = "2026-01-01",
            to = "2026-03-31",
            source = "热线月报",
        };

    /// <summary>Takes an open evaluation with the one indicator to its conclusion.</summary>
    public static async Task<JsonElement> Conclude(this IAlbaHost consultation, Guid id, string conclusion)
    {
        await consultation.Post(Tokens.DraftingHousing, $"evaluations/{id}/measurements", Value());
        await consultation.Post(Tokens.DraftingHousing, $"evaluations/{id}/findings", new { text = "程序不明确。" });
        return await consultation.Post(Tokens.DraftingHousing, $"evaluations/{id}/conclude", new { conclusion, reason = "应当处理。" });
    }

    /// <summary>The evaluations of a document that those within see.</summary>
    public static async Task<JsonElement[]> EvaluationsOf(this IAlbaHost consultation, Guid document, string? token) =>
        [.. (await consultation.Get(token, $"evaluations?document={document}&pageSize=200")).GetProperty("items").EnumerateArray()];
}
