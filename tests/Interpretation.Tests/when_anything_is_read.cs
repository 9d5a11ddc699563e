using System.Text;
using System.Text.Json;
using PolicyPlatform.Interpretation.Benefits;
using PolicyPlatform.Interpretation.Materials;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Shared.PersonalData;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Interpretation.Tests;

/// <summary>Materials, conditions and questions that are none: <see cref="Mutations"/>.</summary>
public sealed class when_anything_is_read
{
    const int Rounds = 400;

    // A reader that hangs fails instead of holding up whoever runs the tests.
    const int Patience = 3_600_000;

    [Fact(Timeout = Patience)]
    public Task a_material_is_read_or_refused() =>
        Task.Run(
            () =>
                Mutations.Try(
                    "material",
                    Rounds,
                    Seeds(
                        "# 一图读懂\n\n**每人**补贴[一千元](https://example.org)。\n\n> - 1. 甲\n\n| a | b |\n| --- | --- |\n| `c` | <b>d</b> |\n\n[x]: y"
                    ),
                    bytes => MaterialView.Page(Encoding.UTF8.GetString(bytes)) is not null
                ),
            TestContext.Current.CancellationToken
        );

    [Fact(Timeout = Patience)]
    public Task a_condition_is_read_or_refused() =>
        Task.Run(
            () =>
                Mutations.Try(
                    "condition",
                    Rounds,
                    Seeds(
                        """{"all": [{"field": "kind", "operator": "equals", "value": "person"}, {"not": {"any": [{"field": "income", "operator": "atMost", "value": 6000.5}]}}]}"""
                    ),
                    bytes =>
                    {
                        try
                        {
                            var invalid = new Invalid();
                            JsonSerializer
                                .Deserialize<Condition>(bytes, JsonDefaults.Options)
                                ?.Check("/conditions", ProfileSchema.BuiltIn.ToDictionary(f => f.Name), invalid);
                            return invalid.Problem is null;
                        }
                        // The door refuses it.
                        catch (JsonException)
                        {
                            return false;
                        }
                    }
                ),
            TestContext.Current.CancellationToken
        );

    [Fact(Timeout = Patience)]
    public Task a_question_is_looked_through() =>
        Task.Run(
            () =>
                Mutations.Try(
                    "question",
                    Rounds,
                    Seeds(
                        "请问身份证37011419900307123X、电话+86 138-0013-8000、卡6222 0212 0211 3456 789怎么办？",
                        "0531-12345678 太冷能退热费吗"
                    ),
                    bytes =>
                    {
                        var text = Encoding.UTF8.GetString(bytes);
                        return PersonalNumbers.Hide(text).Length >= 0 && Shared.Search.Questions.Terms(text).Count() >= 0;
                    }
                ),
            TestContext.Current.CancellationToken
        );

    static byte[][] Seeds(params IEnumerable<string> texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}
