using System.Text.Json;
using CsCheck;
using PolicyPlatform.Interpretation.Benefits;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Interpretation.Tests.Benefits;

public sealed class Conditions
{
    static readonly Dictionary<string, ProfileField> Fields = ProfileSchema.BuiltIn.ToDictionary(f => f.Name);

    static readonly DateOnly Today = new(2026, 6, 1);

    static readonly string[] Facts = ["staff", "revenue", "size", "hasArrears", "qualifications", "registeredOn"];

    static readonly Gen<DateOnly> Day = Gen.Int[Today.DayNumber - 1500, Today.DayNumber + 400].Select(DateOnly.FromDayNumber);

    static readonly Gen<string> Period = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 14], Gen.Int[1, 60])
        .Select((years, months, days) => $"P{years}Y{months}M{days}D");

    static readonly Gen<Condition> Comparison = Gen.OneOf(
        Gen.Bool.Select(b => new Condition(Field: "hasArrears", Operator: Operator.Equals, Value: Json(b))),
        Gen.Bool.Select(b => new Condition(Field: "hasArrears", Operator: Operator.NotEquals, Value: Json(b))),
        Gen.Int[0, 2].Select(n => new Condition(Field: "qualifications", Operator: Operator.Contains, Value: Json($"q{n}"))),
        Gen.Int[0, 2]
            .Select(n => new Condition(Field: "qualifications", Operator: Operator.NotIn, Value: Json(new[] { $"q{n}", $"q{n + 1}" }))),
        Gen.Select(Period, Gen.Enum<Operator>().Where(Condition.IsAgo))
            .Select((period, ago) => new Condition(Field: "registeredOn", Operator: ago, Value: Json(period))),
        Gen.Int[0, 20].Select(n => new Condition(Field: "staff", Operator: Operator.AtLeast, Value: Json(n))),
        Gen.Int[0, 20].Select(n => new Condition(Field: "revenue", Operator: Operator.LessThan, Value: Json(n))),
        Gen.Bool.Select(b => b ? "micro" : "small").Select(s => new Condition(Field: "size", Operator: Operator.Equals, Value: Json(s)))
    );

    static readonly Gen<Condition> Any = Gen.Recursive<Condition>(
        (depth, below) =>
            depth > 3
                ? Comparison
                : Gen.OneOf(
                    Comparison,
                    below.Array[1, 3].Select(all => new Condition(All: all)),
                    below.Array[1, 3].Select(any => new Condition(Any: any)),
                    below.Select(not => new Condition(Not: not))
                )
    );

    static readonly Gen<Dictionary<string, JsonElement>> Profile = Gen.Select(
            Gen.Int[0, 20],
            Gen.Int[0, 20],
            Gen.Bool.Select(b => b ? "micro" : "small"),
            Gen.Bool,
            Gen.Int[0, 2].Array[0, 2],
            Day
        )
        .Select(
            (staff, revenue, size, arrears, qualifications, registeredOn) =>
                new Dictionary<string, JsonElement>
                {
                    ["staff"] = Json(staff),
                    ["revenue"] = Json(revenue),
                    ["size"] = Json(size),
                    ["hasArrears"] = Json(arrears),
                    ["qualifications"] = Json(qualifications.Select(q => $"q{q}")),
                    ["registeredOn"] = Json($"{registeredOn:yyyy-MM-dd}"),
                }
        );

    // With some of the facts left out.
    static readonly Gen<Dictionary<string, JsonElement>> Partial = Gen.Select(Profile, Gen.Int[0, 63])
        .Select((profile, kept) => profile.Where(f => (kept & 1 << Array.IndexOf(Facts, f.Key)) != 0).ToDictionary());

    [Fact]
    public void a_profile_that_says_everything_leaves_nothing_unknown() =>
        Gen.Select(Any, Profile).Sample((condition, profile) => condition.For(profile, Today) is not Truth.Unknown);

    [Fact]
    public void what_holds_with_less_said_holds_whatever_else_is_said() =>
        Gen.Select(Any, Profile, Gen.Int[0, 5].Select(i => Facts[i]))
            .Sample(
                (condition, profile, left) =>
                {
                    var less = profile.Where(f => f.Key != left).ToDictionary();
                    return condition.For(less, Today) is var truth && (truth is Truth.Unknown || truth == condition.For(profile, Today));
                }
            );

    [Fact]
    public void not_turns_the_outcome_and_a_valid_condition_survives_json() =>
        Gen.Select(Any, Profile)
            .Sample(
                (condition, profile) =>
                {
                    var invalid = new Invalid();
                    condition.Check("", Fields, invalid);
                    var again = JsonSerializer.Deserialize<Condition>(
                        JsonSerializer.Serialize(condition, JsonDefaults.Options),
                        JsonDefaults.Options
                    )!;
                    return invalid.Problem is null
                        && again.For(profile, Today) == condition.For(profile, Today)
                        && (int)new Condition(Not: condition).For(profile, Today) == 2 - (int)condition.For(profile, Today);
                }
            );

    [Fact]
    public void turned_round_it_comes_out_the_other_way_and_without_not_as_before() =>
        Gen.Select(Any, Partial)
            .Sample(
                (condition, profile) =>
                {
                    Assert.Equal(2 - (int)condition.For(profile, Today), (int)condition.Opposite().For(profile, Today));
                    Assert.Equal(condition.For(profile, Today), condition.Plain().For(profile, Today));
                    var again = new Invalid();
                    condition.Opposite().Check("", Fields, again);
                    Assert.Null(again.Problem);
                    Assert.DoesNotContain(
                        "\"not\":{",
                        JsonSerializer.Serialize(condition.Plain(), JsonDefaults.Options),
                        StringComparison.Ordinal
                    );
                }
            );

    [Fact]
    public void the_reasons_decide_and_name_what_is_missing() =>
        Gen.Select(Any, Partial, Profile)
            .Sample(
                (condition, partial, other) =>
                {
                    var truth = condition.For(partial, Today);
                    var reasons = Reasons.For(condition, new(partial, Fields), Today);
                    Assert.NotEmpty(reasons);
                    Assert.All(reasons, r => Assert.Equal(truth, r.Result));
                    // What they are about decides alone: all else may be otherwise.
                    var about = reasons.SelectMany(About).ToHashSet();
                    var otherwise = other
                        .Where(f => !about.Contains(f.Key))
                        .Concat(partial.Where(f => about.Contains(f.Key)))
                        .ToDictionary();
                    if (truth is not Truth.Unknown)
                        Assert.Equal(truth, condition.For(otherwise, Today));
                    Assert.Equal(truth is Truth.Unknown, reasons.Any(r => r.Missing.Any()));
                    Assert.DoesNotContain(reasons.SelectMany(r => r.Missing), partial.ContainsKey);
                }
            );

    static IEnumerable<string> About(Reason reason) => reason.Of?.SelectMany(About) ?? [reason.Field!];

    [Fact]
    public void it_turns_on_the_days_that_are_told_and_on_no_others() =>
        Gen.Select(Any, Partial)
            .Sample(
                (condition, profile) =>
                {
                    var next = condition.FirstDay(profile, Today, t => t != condition.For(profile, Today));
                    for (var day = Today; day < Today.AddDays(2000) && !(day >= next); day = day.AddDays(1))
                        Assert.Equal(condition.For(profile, Today), condition.For(profile, day));
                    if (next is { } turn)
                        Assert.NotEqual(condition.For(profile, Today), condition.For(profile, turn));
                    Assert.True(next is null || condition.DependsOnTheDay);
                },
                iter: 100
            );

    [Fact]
    public void a_fact_that_is_never_stated_otherwise_than_by_its_name_is_found() =>
        Assert.All(
            [" 微型企业", "微型企业　", "微型企業", "ＭＩＣＲＯ", "micro"],
            given =>
            {
                var condition = new Condition(Field: "size", Operator: Operator.In, Value: Json(new[] { given }));
                var invalid = new Invalid();
                condition.Check("", Fields, invalid);
                Assert.Null(invalid.Problem);
                var facts = ProfileFacts.Of(new Dictionary<string, JsonElement> { ["size"] = Json(given) }, Fields).Facts;
                Assert.Equal(("micro", Truth.Holds), (facts["size"].GetString(), condition.InCodes(Fields).For(facts, Today)));
            }
        );

    [Theory]
    [InlineData("""{"field":"registeredOn","operator":"atLeast","value":"2024-01-01"}""", """{"registeredOn":"2024-01-01"}""", Truth.Holds)]
    // 成立满一年, on the day itself.
    [InlineData("""{"field":"registeredOn","operator":"atLeastAgo","value":"P1Y"}""", """{"registeredOn":"2025-06-01"}""", Truth.Holds)]
    [InlineData("""{"field":"registeredOn","operator":"atLeastAgo","value":"P1Y"}""", """{"registeredOn":"2025-06-02"}""", Truth.Fails)]
    [InlineData("""{"field":"registeredOn","operator":"atLeastAgo","value":"P1Y"}""", """{"size":"micro"}""", Truth.Unknown)]
    [InlineData("""{"field":"registeredOn","operator":"atLeastAgo","value":"P1Y"}""", """{"registeredOn":"last year"}""", Truth.Unknown)]
    [InlineData("""{"field":"birthday","operator":"lessThanAgo","value":"P18Y"}""", """{"birthday":"2008-06-02"}""", Truth.Holds)]
    [InlineData("""{"field":"birthday","operator":"lessThanAgo","value":"P18Y"}""", """{"birthday":"2008-06-01"}""", Truth.Fails)]
    // 三年内: the day of the same number is the last one.
    [InlineData("""{"field":"registeredOn","operator":"withinLast","value":"P3Y"}""", """{"registeredOn":"2023-06-01"}""", Truth.Holds)]
    [InlineData("""{"field":"registeredOn","operator":"withinLast","value":"P3Y"}""", """{"registeredOn":"2023-05-31"}""", Truth.Fails)]
    [InlineData("""{"field":"registeredOn","operator":"withinLast","value":"P3Y"}""", """{"registeredOn":"2026-06-02"}""", Truth.Fails)]
    [InlineData("""{"field":"registeredOn","operator":"notWithinLast","value":"P3Y"}""", """{"registeredOn":"2026-06-02"}""", Truth.Holds)]
    [InlineData("""{"field":"industry","operator":"in","value":["餐饮","零售"]}""", """{"industry":"零售"}""", Truth.Holds)]
    [InlineData("""{"field":"industry","operator":"notIn","value":["餐饮"]}""", """{"industry":"餐饮"}""", Truth.Fails)]
    [InlineData(
        """{"field":"qualifications","operator":"contains","value":"专精特新"}""",
        """{"qualifications":["高新技术企业","专精特新"]}""",
        Truth.Holds
    )]
    [InlineData("""{"field":"hasArrears","operator":"equals","value":false}""", """{"hasArrears":true}""", Truth.Fails)]
    [InlineData("""{"field":"staff","operator":"moreThan","value":10}""", """{"staff":null}""", Truth.Unknown)]
    [InlineData(
        """{"any":[{"field":"size","operator":"equals","value":"micro"},{"field":"staff","operator":"atMost","value":5}]}""",
        """{"size":"micro"}""",
        Truth.Holds
    )]
    [InlineData(
        """{"all":[{"field":"size","operator":"equals","value":"micro"},{"field":"staff","operator":"atMost","value":5}]}""",
        """{"size":"small"}""",
        Truth.Fails
    )]
    // What was stated when the field was of another type says nothing.
    [InlineData("""{"field":"staff","operator":"atLeast","value":5}""", """{"staff":"five"}""", Truth.Unknown)]
    [InlineData(
        """{"field":"registeredOn","operator":"atLeast","value":"2024-01-01"}""",
        """{"registeredOn":["2024-01-01"]}""",
        Truth.Unknown
    )]
    [InlineData("""{"field":"qualifications","operator":"in","value":["专精特新"]}""", """{"qualifications":[]}""", Truth.Fails)]
    public void facts_are_compared(string condition, string profile, Truth expected) =>
        Assert.Equal(
            expected,
            JsonSerializer
                .Deserialize<Condition>(condition, JsonDefaults.Options)!
                .For(JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(profile)!, Today)
        );

    [Theory]
    [InlineData("""{"field":"shoeSize","operator":"equals","value":43}""", "/field")]
    [InlineData("""{"field":"staff","operator":"contains","value":43}""", "/operator")]
    [InlineData("""{"field":"staff","operator":"atLeast","value":"many"}""", "/value")]
    [InlineData("""{"field":"size","operator":"equals","value":"huge"}""", "/value")]
    [InlineData("""{"field":"size","operator":"in","value":[]}""", "/value")]
    [InlineData("""{"field":"size","operator":"equals","value":"巨型企业"}""", "/value")]
    [InlineData("""{"field":"staff","operator":"atLeastAgo","value":"P1Y"}""", "/operator")]
    [InlineData("""{"field":"birthday","operator":"atLeastAgo","value":"60"}""", "/value")]
    [InlineData("""{"field":"birthday","operator":"atLeastAgo","value":"PT1H"}""", "/value")]
    [InlineData("""{"field":"birthday","operator":"withinLast","value":"2024-01-01"}""", "/value")]
    [InlineData("""{"field":"birthday","operator":"withinLast"}""", "/value")]
    [InlineData("""{"all":[{"any":[]}]}""", "/all/0")]
    [InlineData("""{"all":[],"field":"staff"}""", "")]
    public void what_is_wrong_with_a_condition_is_named(string condition, string pointer)
    {
        var invalid = new Invalid();
        JsonSerializer.Deserialize<Condition>(condition, JsonDefaults.Options)!.Check("", Fields, invalid);
        Assert.Equal(pointer, invalid.Problem!.Errors[0].Pointer);
    }

    static JsonElement Json<T>(T value) => JsonSerializer.SerializeToElement(value);
}
