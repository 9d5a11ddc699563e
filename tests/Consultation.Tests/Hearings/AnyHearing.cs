using System.Text.Json;
using Alba;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.Hearings;

/// <summary>A hearing that can be announced, of which a test says what matters to it, and what people do with it.</summary>
static class AnyHearing
{
    public static DateTimeOffset Now(this District district) => district.Clock.GetUtcNow();

    /// <summary>In 45 days, with applications for ten days.</summary>
    public static Dictionary<string, object?> Hearing(this District district, string method = "draw", int seats = 2, int alternates = 1) =>
        new()
        {
            ["kind"] = "hearing",
            ["ground"] = "majorDecision",
            ["title"] = "居民供热价格调整听证会",
            ["place"] = "区政务服务中心三楼会议室",
            ["startsAt"] = district.Now().AddDays(45),
            ["endsAt"] = district.Now().AddDays(45).AddHours(3),
            ["matters"] = "供热价格调整方案的必要性。",
            ["contact"] = "物业科，0531-80000001",
            ["method"] = method,
            ["seats"] = seats,
            ["alternates"] = alternates,
            ["applicationsUntil"] = district.Now().AddDays(10),
        };

    public static Dictionary<string, object?> With(this Dictionary<string, object?> hearing, string member, object? value)
    {
        hearing[member] = value;
        return hearing;
    }

    public static async Task<Guid> Announced(this IAlbaHost consultation, Dictionary<string, object?> hearing) =>
        (await consultation.Post(Tokens.OpennessOffice, "hearings", hearing, 201)).GetProperty("id").GetGuid();

    public static object Person(string contact, string kind = "citizen", string name = "张三", bool? showsSurname = null) =>
        new
        {
            name,
            contact,
            kind,
            region = "明水街道",
            reason = "家住供热管网末端。",
            showsSurname,
        };

    public static async Task<Own> Apply(this IAlbaHost consultation, Guid hearing, object person)
    {
        var applied = await consultation.Post("", $"hearings/{hearing}/applications", person, 201);
        return new(
            hearing,
            applied.GetProperty("id").GetGuid(),
            applied.GetProperty("number").GetInt64(),
            applied.GetProperty("receipt").GetString()!
        );
    }

    public static Task<JsonElement> Read(this IAlbaHost consultation, Own own) =>
        consultation.Get(null, $"{own.Path}?receipt={own.Receipt}");

    public static async Task<string> State(this IAlbaHost consultation, Own own) =>
        (await consultation.Read(own)).GetProperty("state").GetString()!;

    public static Task<JsonElement> Does(this IAlbaHost consultation, Own own, string what, int expected = 200) =>
        consultation.Post("", $"{own.Path}/{what}", new { receipt = own.Receipt }, expected);

    public static async Task<JsonElement> Erase(this IAlbaHost consultation, Own own, string? receipt = null, int expected = 200) =>
        await (
            await consultation.Scenario(s =>
            {
                s.Delete.Url($"/api/v1/{own.Path}?receipt={receipt ?? own.Receipt}");
                s.StatusCodeShouldBe(expected);
            })
        ).Json();

    /// <summary>Waits until the platform has chosen, which it does by itself.</summary>
    public static Task<JsonElement> Selected(this IAlbaHost consultation, Guid hearing) =>
        Calls.Eventually<JsonElement>(async () =>
            await consultation.Get(null, $"hearings/{hearing}") is var h && h.GetProperty("selectedAt").ValueKind is JsonValueKind.String
                ? h
                : null
        );

    public static async Task<long[]> Participants(this IAlbaHost consultation, Guid hearing) =>
        [
            .. (await consultation.Get(Tokens.Supervision, $"hearings/{hearing}/participants?pageSize=200"))
                .GetProperty("items")
                .EnumerateArray()
                .Select(p => p.GetProperty("number").GetInt64()),
        ];
}

/// <summary>An application and what its applicant was given.</summary>
sealed record Own(Guid Hearing, Guid Id, long Number, string Receipt)
{
    public string Path => $"hearings/{Hearing}/applications/{Id}";
}
