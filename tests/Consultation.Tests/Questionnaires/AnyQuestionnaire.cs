using System.Text.Json;
using Alba;
using PolicyPlatform.Consultation.Questionnaires;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.Questionnaires;

/// <summary>Questionnaires that can be made and answered, of which a test says what matters to it.</summary>
static class AnyQuestionnaire
{
    public static readonly FormOption[] AB = [new("a", "甲"), new("b", "乙")];

    public static FormQuestion Single(string code, bool required = false, FormCondition? showIf = null) =>
        new(code, QuestionKind.Single, $"问{code}", Required: required, Options: AB, ShowIf: showIf);

    public static QuestionnaireForm Form(params FormQuestion[] questions)
    {
        var invalid = new Invalid();
        var pages = FormCheck.Read([new(null, null, questions)], invalid);
        Assert.Null(invalid.Problem);
        return new("", Guid.Empty, 1, "问卷", null, pages, default);
    }

    /// <summary>What is wrong with the questions: pointers and codes.</summary>
    public static IReadOnlyList<(string Pointer, string Code)> Wrong(params FormQuestion[] questions)
    {
        var invalid = new Invalid();
        FormCheck.Read([new(null, null, questions)], invalid);
        return [.. (invalid.Problem?.Errors ?? []).Select(e => (e.Pointer["/pages/0/questions/".Length..], e.Code))];
    }

    /// <summary>What is wrong with the answers.</summary>
    public static IReadOnlyList<(string Pointer, string Code)> Wrong(this QuestionnaireForm form, params AnswerToQuestion[] answers)
    {
        var invalid = new Invalid();
        AnswerToQuestion.Read(form, answers, invalid);
        return [.. (invalid.Problem?.Errors ?? []).Select(e => (e.Pointer, e.Code))];
    }

    /// <summary>A question of every kind, the fifth asked of those alone who are not warm.</summary>
    public static readonly object[] Pages =
    [
        new
        {
            title = "供热",
            questions = new object[]
            {
                new
                {
                    code = "warm",
                    kind = "single",
                    text = "您家冬天暖和吗？",
                    required = true,
                    options = new[] { new { code = "yes", label = "暖和" }, new { code = "no", label = "不暖和" } },
                },
                new
                {
                    code = "ways",
                    kind = "multiple",
                    text = "您怎么取暖？",
                    options = new[] { new { code = "central", label = "集中供热" }, new { code = "stove", label = "自采暖" } },
                    other = true,
                },
                new
                {
                    code = "content",
                    kind = "scale",
                    text = "总体满意度",
                    leastLabel = "很不满意",
                    mostLabel = "很满意",
                },
                new
                {
                    code = "service",
                    kind = "matrix",
                    text = "各项服务",
                    options = new[] { new { code = "good", label = "好" }, new { code = "bad", label = "差" } },
                    rows = new[] { new { code = "repair", label = "维修" }, new { code = "bills", label = "收费" } },
                },
                new
                {
                    code = "why",
                    kind = "text",
                    text = "哪里不暖和？",
                    showIf = new { question = "warm", @is = "no" },
                },
                new
                {
                    code = "degrees",
                    kind = "number",
                    text = "室温多少度？",
                    least = -20,
                    most = 40,
                },
            },
        },
    ];

    public static async Task<Guid> DraftQuestionnaire(
        this IAlbaHost consultation,
        object? more = null,
        object[]? pages = null,
        string? token = null
    )
    {
        var content = JsonSerializer.SerializeToNode(
            new
            {
                body = "370114-ZJ",
                title = "冬季供热满意度调查",
                results = "live",
                pages = pages ?? Pages,
            }
        )!;
        foreach (var (name, value) in JsonSerializer.SerializeToNode(more ?? new { })!.AsObject())
            content[name] = value?.DeepClone();
        return (await consultation.Post(token ?? Tokens.DraftingHousing, "questionnaires", content, 201)).GetProperty("id").GetGuid();
    }

    public static async Task<Guid> Opened(this District district, object? more = null, object[]? pages = null, int days = 10)
    {
        var consultation = await district.StartConsultation();
        var id = await consultation.DraftQuestionnaire(more, pages);
        await consultation.Post(Tokens.OpennessOffice, $"questionnaires/{id}/open", new { closesOn = district.Day(days) });
        return id;
    }

    /// <summary>A day from today on, as the clock of the district has it.</summary>
    public static string Day(this District district, int days) =>
        $"{district.Clock.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).AddDays(days):yyyy-MM-dd}";

    public static object Answer(
        string warm = "yes",
        int edition = 1,
        string? invitation = null,
        string? device = null,
        params object[] more
    ) =>
        new
        {
            edition,
            answers = (object[])[new { question = "warm", options = new[] { warm } }, .. more],
            invitation,
            device,
        };

    public static Task<JsonElement> Answers(this IAlbaHost consultation, Guid id, object answer, int expected = 201) =>
        consultation.Post("", $"questionnaires/{id}/answers", answer, expected);

    public static async Task<string> Read(this IAlbaHost consultation, string? token, string path, string accept, string type)
    {
        var result = await consultation.Scenario(s =>
        {
            if (token is not null)
                s.As(token);
            s.WithRequestHeader("Accept", accept);
            s.Get.Url($"/api/v1/{path}");
        });
        Assert.StartsWith(type, result.Context.Response.ContentType, StringComparison.Ordinal);
        return await result.ReadAsTextAsync();
    }

    public static JsonElement Result(this JsonElement results, string question) =>
        results.GetProperty("questions").EnumerateArray().First(q => q.GetProperty("code").GetString() == question);

    public static string Counts(this JsonElement result) =>
        string.Join(',', result.GetProperty("options").EnumerateArray().Select(o => o.GetProperty("count").GetInt64()));
}
