using System.Text.Json;
using Alba;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.OpenDays;

/// <summary>Open days as tests say them.</summary>
static class OpenDays
{
    public static object Of(
        DateTimeOffset startsAt,
        int capacity,
        DateTimeOffset? registrationUntil = null,
        DateTimeOffset? questionsUntil = null,
        string? body = null
    ) =>
        new
        {
            topic = "走进供热调度中心",
            place = "云泽大街1号",
            description = "参观调度大厅。",
            startsAt,
            endsAt = startsAt.AddHours(2),
            capacity,
            registrationUntil,
            questionsUntil,
            body,
        };

    public static async Task<Guid> OpenDay(
        this IAlbaHost consultation,
        DateTimeOffset startsAt,
        int capacity,
        string body = "370114-ZJ",
        DateTimeOffset? registrationUntil = null
    ) =>
        (await consultation.Post(Tokens.OpennessOffice, "open-days", Of(startsAt, capacity, registrationUntil, body: body), 201))
            .GetProperty("id")
            .GetGuid();

    public static async Task<(JsonElement Answer, string Receipt)> Register(
        this IAlbaHost consultation,
        Guid day,
        int party,
        string name = "王小云"
    )
    {
        var answer = await consultation.Post(
            "",
            $"open-days/{day}/registrations",
            new
            {
                name,
                contact = "13900000000",
                party,
            },
            201
        );
        return (answer.GetProperty("registration"), answer.GetProperty("receipt").GetString()!);
    }

    public static async Task<string?> Standing(this IAlbaHost consultation, Guid day, string receipt) =>
        (await consultation.Get(null, $"open-days/{day}/registration?receipt={receipt}")).GetProperty("standing").GetString();

    public static async Task<Guid[]> OpenDayIds(this IAlbaHost consultation, string query) =>
        [
            .. (await consultation.Get(null, $"open-days{query}&pageSize=200"))
                .GetProperty("items")
                .EnumerateArray()
                .Select(d => d.GetProperty("id").GetGuid()),
        ];

    /// <summary>What a read of the public is answered with.</summary>
    public static async Task<int> Status(this IAlbaHost host, string path) => (
            await host.Scenario(s =>
            {
                s.Get.Url($"/api/v1/{path}");
                s.IgnoreStatusCode();
            })
        ).Context.Response.StatusCode;

    /// <summary>What a write is answered with.</summary>
    public static async Task<int> StatusOf(this IAlbaHost host, string token, string path, object body) => (
            await host.Scenario(s =>
            {
                if (token.Length > 0)
                    s.As(token);
                s.Post.Json(body).ToUrl($"/api/v1/{path}");
                s.IgnoreStatusCode();
            })
        ).Context.Response.StatusCode;

    /// <summary>Does something at an instant that has not come yet.</summary>
    public static Task<T> At<T>(this District district, DateTimeOffset instant, Func<Task<T>> what)
    {
        district.Clock.SetUtcNow(instant);
        return what();
    }
}
