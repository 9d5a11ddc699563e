using System.Text.Json;
using CsCheck;
using PolicyPlatform.Interpretation.Benefits;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Interpretation.Tests.Benefits;

public sealed class Conditions
{
    static readonly Dictionary<string, ProfileField> Fields = ProfileSchema.BuiltIn.ToDictionary(f => f.Name);

    static readonly Gen<Condition> Comparison = Gen.OneOf(
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
            Gen.Bool.Select(b => b ? "micro" : "small")
        )
        .Select(
            (staff, revenue, size) =>
                new Dictionary<string, JsonElement>
                {
                    ["staff"] = Json(staff),
                    ["revenue"] = Json(revenue),
                    ["size"] = Json(size),
                }
        );

    [Fact]
    public void a_profile_that_says_everything_leaves_nothing_unknown() =>
        Gen.Select(Any, Profile).Sample((condition, profile) => condition.For(profile) is not Truth.Unknown);

    [Fact]
    public void what_holds_with_less_said_holds_whatever_else_is_said() =>
        Gen.Select(Any, Profile, Gen.Int[0, 2].Select(i => new[] { "staff", "revenue", "size" }[i]))
            .Sample(
                (condition, profile, left) =>
                {
                    var less = profile.Where(f => f.Key != left).ToDictionary();
                    return condition.For(less) is var truth && (truth is Truth.Unknown || truth == condition.For(profile));
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
                        && again.For(profile) == condition.For(profile)
                        && (int)new Condition(Not: condition).For(profile) == 2 - (int)condition.For(profile);
                }
            );

    [Theory]
    [InlineData("""{"field":"registeredOn","operator":"atLeast","value":"2024-01-01"}""", """{"registeredOn":"2024-01-01"}""", Truth.Holds)]
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
                .For(JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(profile)!)
        );

    [Theory]
    [InlineData("""{"field":"shoeSize","operator":"equals","value":43}""", "/field")]
    [InlineData("""{"field":"staff","operator":"contains","value":43}""", "/operator")]
    [InlineData("""{"field":"staff","operator":"atLeast","value":"many"}""", "/value")]
    [InlineData("""{"field":"size","operator":"equals","value":"huge"}""", "/value")]
    [InlineData("""{"field":"size","operator":"in","value":[]}""", "/value")]
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
