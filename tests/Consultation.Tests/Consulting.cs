using System.Text.Json;
using Alba;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests;

/// <summary>The steps of a consultation as tests say them.</summary>
static class Consulting
{
    public const string Text = """
        第一条 为了规范冬季供热退费，制定本办法。
        第二条 室内温度低于十八度的，供热单位应当按照不达标天数退还百分之五十的热费。
        第三条 退费申请应当在采暖期结束后三十日内提出。
        第四条 本办法自公布之日起施行。
        """;

    /// <summary>A draft that is consulted on.</summary>
    public static async Task<JsonElement> Open(
        this District district,
        object? more = null,
        string text = Text,
        string title = "供热退费办法"
    )
    {
        var consultation = await district.StartConsultation();
        var draft = await district.Documents.Draft(text, title);
        return await consultation.Post(Tokens.OpennessOffice, "consultations", Opening(draft, more), 201);
    }

    /// <summary>What opens a consultation, with other members than usual.</summary>
    public static Dictionary<string, object?> Opening(Guid draft, object? more = null)
    {
        var opening = new Dictionary<string, object?>
        {
            ["documentId"] = draft,
            ["explanation"] = "为了规范冬季供热退费，起草本办法。",
            ["ways"] = "信函：云泽大街1号。",
            ["contact"] = "物业科，0531-80000001",
        };
        foreach (var member in more?.GetType().GetProperties() ?? [])
            opening[member.Name] = member.GetValue(more);
        return opening;
    }

    /// <summary>A consultation of June 2026, for rules.</summary>
    public static ConsultationOpened June(DateTimeOffset opened) =>
        new(
            Guid.NewGuid(),
            Guid.NewGuid(),
            "办法",
            ["370114-ZJ"],
            null,
            1,
            new("说明", "信函", "科室"),
            new(2026, 7, 1),
            "",
            null,
            false,
            ShowingOfComments.AfterRelease,
            0,
            12,
            [],
            Actor.Platform,
            opened
        );

    public static Guid Id(this JsonElement what) => what.GetProperty("id").GetGuid();

    public static string Word(this JsonElement what, string member) => what.GetProperty(member).GetString()!;

    /// <summary>The ids of the blocks of a consultation, by the first characters of their texts.</summary>
    public static async Task<string> Block(this IAlbaHost consultation, Guid id, string begins) =>
        (await consultation.Get(null, $"consultations/{id}"))
            .GetProperty("blocks")
            .EnumerateArray()
            .First(b => b.Word("text").StartsWith(begins, StringComparison.Ordinal))
            .Word("id");

    /// <summary>Answers some comments with one outcome and its reason.</summary>
    public static Task<JsonElement> Answer(
        this IAlbaHost consultation,
        Guid id,
        IEnumerable<Guid> comments,
        string outcome,
        string reason,
        string? token = null,
        int expected = 0
    ) =>
        consultation.Post(
            token ?? Tokens.DraftingHousing,
            $"consultations/{id}/feedback",
            new
            {
                answers = new[]
                {
                    new
                    {
                        comments,
                        outcome,
                        reason,
                    },
                },
            },
            expected
        );

    /// <summary>Comments on a consultation; the comment and its receipt.</summary>
    public static async Task<(Guid Id, string Receipt)> Comment(this IAlbaHost consultation, Guid id, object? comment = null)
    {
        var taken = await consultation.Post(
            "",
            $"consultations/{id}/comments",
            comment ?? new { position = "support", text = $"支持，{Guid.NewGuid()}。" },
            201
        );
        return (taken.Id(), taken.Word("receipt"));
    }

    public static async Task<JsonElement> Delete(this IAlbaHost host, string path, int expected = 200)
    {
        var result = await host.Scenario(s =>
        {
            s.Delete.Url($"/api/v1/{path}");
            s.StatusCodeShouldBe(expected);
        });
        return expected == 204 ? default : await result.Json();
    }

    public static async Task<string> Read(this IAlbaHost host, string? token, string path)
    {
        var result = await host.Scenario(s =>
        {
            if (token is not null)
                s.As(token);
            s.Get.Url($"/api/v1/{path}");
        });
        return await result.ReadAsTextAsync();
    }
}
