using System.Text.Json;
using Alba;
using Microsoft.Extensions.DependencyInjection;
using Wolverine;
using Xunit;

namespace PolicyPlatform.Testing;

/// <summary>The calls of the API as tests say them.</summary>
public static class Calls
{
    public static Scenario As(this Scenario scenario, string token)
    {
        scenario.WithRequestHeader("Authorization", $"Bearer {token}");
        return scenario;
    }

    /// <summary>Sends JSON and expects success.</summary>
    public static Task<JsonElement> Post(this IAlbaHost host, string token, string path, object body, int expected = 0) =>
        host.Send(token, s => s.Post, path, body, expected);

    /// <summary>Puts JSON in the place of what is there and expects success.</summary>
    public static Task<JsonElement> Put(this IAlbaHost host, string token, string path, object body, int expected = 0) =>
        host.Send(token, s => s.Put, path, body, expected);

    static async Task<JsonElement> Send(
        this IAlbaHost host,
        string token,
        Func<Scenario, IUrlExpression> how,
        string path,
        object body,
        int expected
    )
    {
        var result = await host.Scenario(s =>
        {
            // Without a token as the public.
            if (token.Length > 0)
                s.As(token);
            var parts = path.Split('?', 2);
            var sent = how(s).Json(body).ToUrl($"/api/v1/{parts[0]}");
            foreach (
                var (name, value) in parts
                    .Skip(1)
                    .SelectMany(q => q.Split('&'))
                    .Select(p => p.Split('=', 2))
                    .Select(p => (p[0], Uri.UnescapeDataString(p[1])))
            )
                sent.QueryString(name, value);
            if (expected > 0)
                s.StatusCodeShouldBe(expected);
            else
                s.StatusCodeShouldBeSuccess();
        });
        return await result.Json();
    }

    /// <summary>Reads JSON; without a token as the public.</summary>
    public static async Task<JsonElement> Get(this IAlbaHost host, string? token, string path, int expected = 200)
    {
        var result = await host.Scenario(s =>
        {
            if (token is not null)
                s.As(token);
            s.Get.Url($"/api/v1/{path}");
            s.StatusCodeShouldBe(expected);
        });
        return await result.Json();
    }

    public static async Task<JsonElement> Json(this IScenarioResult result) =>
        JsonDocument.Parse(await result.ReadAsTextAsync()).RootElement;

    /// <summary>The code of a problem.</summary>
    public static string Code(this JsonElement problem) => problem.GetProperty("code").GetString()!;

    /// <summary>The pointers of everything that a problem names.</summary>
    public static string[] Pointers(this JsonElement problem) =>
        [.. problem.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("pointer").GetString()!)];

    /// <summary>Begins a draft that has everything but what publication supplies.</summary>
    public static async Task<Guid> Draft(
        this IAlbaHost documents,
        string text = "第一条 为了测试，制定本办法。\n第二条 本办法自公布之日起施行。",
        string title = "测试办法"
    )
    {
        var created = await documents.Post(
            Tokens.DraftingHousing,
            "documents",
            new
            {
                title,
                kind = "other",
                issuers = new[] { "370114-ZJ" },
                subject = "CXJS",
                disclosure = new { attribute = "proactive" },
                text,
                changeNote = "起草",
            },
            201
        );
        return created.GetProperty("id").GetGuid();
    }

    public static Task<JsonElement> Revise(this IAlbaHost documents, Guid id, string text, string note = "修改") =>
        documents.Post(Tokens.DraftingHousing, $"documents/{id}/revisions", new { text, changeNote = note }, 201);

    /// <summary>Takes a draft to publication.</summary>
    public static async Task<Guid> Publish(
        this IAlbaHost documents,
        Guid id,
        string documentNumber,
        object? publication = null,
        string writtenOn = "2026-05-20"
    )
    {
        await documents.Post(Tokens.DraftingHousing, $"documents/{id}/review", new { });
        await documents.Post(Tokens.Signing, $"documents/{id}/sign", new { });
        await documents.Exempt(id);
        await documents.Post(Tokens.OpennessOffice, $"documents/{id}/issue", new { documentNumber, writtenOn });
        await documents.Post(Tokens.OpennessOffice, $"documents/{id}/publish", publication ?? new { });
        return id;
    }

    /// <summary>Lets a document be published without interpretation: for tests that are about something else.</summary>
    public static Task<JsonElement> Exempt(this IAlbaHost documents, Guid id) =>
        documents.Post(Tokens.OpennessOffice, $"documents/{id}/interpretation/exemption", new { reason = "历史文件补录。" });

    /// <summary>Asks the public about a revision of a draft; about the newest where none is named.</summary>
    public static async Task<Guid> Consult(this IAlbaHost consultation, Guid document, int? revision = null) => (
            await consultation.Post(
                Tokens.OpennessOffice,
                "consultations",
                new
                {
                    documentId = document,
                    revision,
                    explanation = "为了测试，起草本办法。",
                    ways = "信函：测试大街1号。",
                    contact = "测试科，0531-80000001",
                },
                201
            )
        ).GetProperty("id").GetGuid();

    /// <summary>Completes a consultation in which nobody said anything.</summary>
    public static async Task Complete(this IAlbaHost consultation, Guid id)
    {
        await consultation.Post(Tokens.OpennessOffice, $"consultations/{id}/close", new { reason = "没有意见。" });
        await consultation.Put(Tokens.OpennessOffice, $"consultations/{id}/summary", new { text = "没有收到意见。" });
        await consultation.Post(Tokens.OpennessOffice, $"consultations/{id}/complete", new { });
    }

    /// <summary>Tells a service something, as if a message had come.</summary>
    public static async Task Hears(this IAlbaHost host, object message)
    {
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IMessageBus>().InvokeAsync(message, TestContext.Current.CancellationToken);
    }

    /// <summary>Asks again until the answer is there. For what arrives by message; the limit only ends a test that fails.</summary>
    public static async Task<T> Eventually<T>(Func<Task<T?>> ask)
        where T : struct
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (true)
        {
            if (await ask() is { } answer)
                return answer;
            await Task.Delay(50, limit.Token);
        }
    }
}
