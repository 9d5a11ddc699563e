using System.Text.Json;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Interpretation.Benefits;

/// <summary>How a fact is compared.</summary>
public enum Operator
{
    /// <summary>It is this.</summary>
    Equals,

    /// <summary>It is not this.</summary>
    NotEquals,

    /// <summary>It is one of these.</summary>
    In,

    /// <summary>It is none of these.</summary>
    NotIn,

    /// <summary>It is this or more; for a day, this or later.</summary>
    AtLeast,

    /// <summary>It is this or less; for a day, this or earlier.</summary>
    AtMost,

    /// <summary>It is more than this; for a day, later.</summary>
    MoreThan,

    /// <summary>It is less than this; for a day, earlier.</summary>
    LessThan,

    /// <summary>This is among them.</summary>
    Contains,

    /// <summary>
    /// On the day of the match its day is this period ago, or longer: 成立满一年 is P1Y, 年满60周岁 P60Y, from the birthday on.
    /// </summary>
    AtLeastAgo,

    /// <summary>Its day is not yet this period ago, or still to come: 未满18周岁 is P18Y, 35周岁以下（含） P36Y.</summary>
    LessThanAgo,

    /// <summary>
    /// Its day has come, and the period that began on it is not over: 三年内 is P3Y. The day of the same number is the last one (民法典 202).
    /// </summary>
    WithinLast,

    /// <summary>Its day lies before this period, or is still to come.</summary>
    NotWithinLast,
}

/// <summary>Whether a condition holds for a profile. What a profile does not say is unknown, not false.</summary>
public enum Truth
{
    /// <summary>It does not hold.</summary>
    Fails,

    /// <summary>The profile does not say enough.</summary>
    Unknown,

    /// <summary>It holds.</summary>
    Holds,
}

/// <summary>A condition as data: all, any or not of others, or a fact compared with a value. Exactly one of the four.</summary>
/// <param name="All">All of these hold.</param>
/// <param name="Any">One of these holds.</param>
/// <param name="Not">This does not hold.</param>
/// <param name="Field">The fact.</param>
/// <param name="Operator">How it is compared.</param>
/// <param name="Value">
/// With what; a list for in and notIn, an ISO 8601 period (P60Y, P6M, P2W, P90D) for atLeastAgo, lessThanAgo, withinLast and notWithinLast.
/// </param>
public sealed record Condition(
    IReadOnlyList<Condition>? All = null,
    IReadOnlyList<Condition>? Any = null,
    Condition? Not = null,
    string? Field = null,
    Operator? Operator = null,
    JsonElement? Value = null
)
{
    const int Deepest = 10,
        MostConditions = 200,
        MostValues = 500;

    /// <summary>Notes what is wrong with it: unknown facts, values of another type, operators that do not fit.</summary>
    public void Check(string at, IReadOnlyDictionary<string, ProfileField> fields, Invalid invalid, int depth = 1)
    {
        if (depth == 1)
            invalid.If(Count() > MostConditions, at, "condition.tooLong", $"At most {MostConditions} conditions.");
        if (depth > Deepest)
        {
            invalid.Add(at, "condition.tooDeep", $"Conditions stand in each other at most {Deepest} deep.");
            return;
        }
        if (new[] { All is not null, Any is not null, Not is not null, Field is not null }.Count(given => given) != 1)
        {
            invalid.Add(at, "condition.malformed", "A condition is one of all, any, not, or a field with operator and value.");
            return;
        }
        invalid.If(All is { Count: 0 } || Any is { Count: 0 }, at, "condition.malformed", "all and any have at least one condition.");
        foreach (var (below, i) in (All ?? Any ?? []).Select((c, i) => (c, i)))
            (below ?? new()).Check($"{at}/{(All is not null ? "all" : "any")}/{i}", fields, invalid, depth + 1);
        Not?.Check($"{at}/not", fields, invalid, depth + 1);
        if (Field is null)
            return;
        if (!fields.TryGetValue(Field, out var field))
        {
            invalid.Add(
                $"{at}/field",
                "field.unknown",
                $"Profiles have no field {Field}. GET /api/v1/benefits/profile-schema lists those they have."
            );
            return;
        }
        var fits = Operator switch
        {
            null => false,
            Benefits.Operator.AtLeast or Benefits.Operator.AtMost or Benefits.Operator.MoreThan or Benefits.Operator.LessThan => field.Type
                is FactType.Number
                    or FactType.Date,
            Benefits.Operator.Contains => field.Type is FactType.Texts,
            Benefits.Operator.In or Benefits.Operator.NotIn => field.Type is FactType.Text or FactType.Number or FactType.Texts,
            { } ago when IsAgo(ago) => field.Type is FactType.Date,
            _ => field.Type is not FactType.Texts,
        };
        if (!fits)
            invalid.Add(
                $"{at}/operator",
                "operator.wrong",
                $"{Field} is {JsonDefaults.Word(field.Type)}, and {(Operator is { } o ? JsonDefaults.Word(o) : "—")} does not compare that."
            );
        else if (Operator is { } ago && IsAgo(ago))
            invalid.If(
                AgePeriod.Of(Value ?? default) is null,
                $"{at}/value",
                "value.wrong",
                $"The value is {AgePeriod.Expected}. For a day that stays the same use atLeast or atMost."
            );
        else if (Operator is Benefits.Operator.In or Benefits.Operator.NotIn)
        {
            var one = field.Type is FactType.Texts ? field with { Type = FactType.Text } : field;
            invalid.If(
                Value is not { ValueKind: JsonValueKind.Array } list
                    || list.GetArrayLength() is 0 or > MostValues
                    || list.EnumerateArray().Any(v => ProfileSchema.Misfit(one, v) is not null),
                $"{at}/value",
                "value.wrong",
                $"A list of 1 to {MostValues}, each {ProfileSchema.Misfit(one, default) ?? (Wording)"text"}."
            );
        }
        else if (
            ProfileSchema.Misfit(field.Type is FactType.Texts ? field with { Type = FactType.Text } : field, Value ?? default) is
            { } expected
        )
            invalid.Add($"{at}/value", "value.wrong", $"The value is {expected}.");
    }

    /// <summary>Whether it holds for a profile, with the outcome of every comparison (Kleene's three values).</summary>
    /// <param name="profile">The facts, with values in the place of their names.</param>
    /// <param name="on">The day of the match, Asia/Shanghai.</param>
    /// <param name="outcomes">Where the comparisons go; none are noted when null.</param>
    public Truth For(IReadOnlyDictionary<string, JsonElement> profile, DateOnly on, List<Outcome>? outcomes = null)
    {
        if (Not is not null)
            return (Truth)(Truth.Holds - Not.For(profile, on, outcomes));
        if (Field is null)
        {
            // Every comparison is told, also when the first one decides.
            var result = All is not null ? Truth.Holds : Truth.Fails;
            foreach (var below in All ?? Any!)
            {
                var truth = below.For(profile, on, outcomes);
                if (All is not null ? truth < result : truth > result)
                    result = truth;
                if (outcomes is null && result == (All is not null ? Truth.Fails : Truth.Holds))
                    break;
            }
            return result;
        }
        var fact = Fact(profile);
        var holds =
            fact is not { } known ? Truth.Unknown
            : Compare(known, Value!.Value, on) ? Truth.Holds
            : Truth.Fails;
        outcomes?.Add(new(Field, Operator!.Value, Value!.Value, fact, holds));
        return holds;
    }

    /// <summary>What a profile says of the fact that is compared; a fact of another type, stated before the field had this one, says nothing.</summary>
    internal JsonElement? Fact(IReadOnlyDictionary<string, JsonElement> profile) =>
        profile.TryGetValue(Field!, out var stated) && IsComparable(stated, Value!.Value) ? stated : null;

    /// <summary>The same with its values in the place of their names.</summary>
    internal Condition InCodes(IReadOnlyDictionary<string, ProfileField> fields) =>
        this with
        {
            All = All?.Select(c => c.InCodes(fields)).ToArray(),
            Any = Any?.Select(c => c.InCodes(fields)).ToArray(),
            Not = Not?.InCodes(fields),
            Value = Field is not null && Value is { } value && fields.TryGetValue(Field, out var field) ? field.InCodes(value) : Value,
        };

    /// <summary>The same without any <c>not</c>: each comparison as it is wanted (De Morgan).</summary>
    internal Condition Plain() =>
        Not is not null ? Not.Opposite()
        : Field is not null ? this
        : this with { All = All?.Select(c => c.Plain()).ToArray(), Any = Any?.Select(c => c.Plain()).ToArray() };

    /// <summary>What holds where this fails, fails where this holds, and is unknown where this is; without any <c>not</c>.</summary>
    internal Condition Opposite() =>
        Not is not null ? Not.Plain()
        : All is not null ? new(Any: [.. All.Select(c => c.Opposite())])
        : Any is not null ? new(All: [.. Any.Select(c => c.Opposite())])
        : Operator is Benefits.Operator.Equals && Kind(Value!.Value) is JsonValueKind.True
            // What is not yes is no.
            ? this with
            {
                Value = JsonSerializer.SerializeToElement(Value!.Value.ValueKind is JsonValueKind.False),
            }
        : Operator is Benefits.Operator.Contains
            ? this with
            {
                Operator = Benefits.Operator.NotIn,
                Value = JsonSerializer.SerializeToElement(new[] { Value!.Value }),
            }
        : this with
        {
            Operator = Operator switch
            {
                Benefits.Operator.Equals => Benefits.Operator.NotEquals,
                Benefits.Operator.NotEquals => Benefits.Operator.Equals,
                Benefits.Operator.In => Benefits.Operator.NotIn,
                Benefits.Operator.NotIn => Benefits.Operator.In,
                Benefits.Operator.AtLeast => Benefits.Operator.LessThan,
                Benefits.Operator.LessThan => Benefits.Operator.AtLeast,
                Benefits.Operator.AtMost => Benefits.Operator.MoreThan,
                Benefits.Operator.MoreThan => Benefits.Operator.AtMost,
                Benefits.Operator.AtLeastAgo => Benefits.Operator.LessThanAgo,
                Benefits.Operator.LessThanAgo => Benefits.Operator.AtLeastAgo,
                Benefits.Operator.WithinLast => Benefits.Operator.NotWithinLast,
                _ => Benefits.Operator.WithinLast,
            },
        };

    /// <summary>How many comparisons at least would have to come out otherwise for it to hold; of a condition without any <c>not</c>.</summary>
    internal int Amiss(IReadOnlyDictionary<string, JsonElement> profile, DateOnly on) =>
        All is not null ? All.Sum(c => c.Amiss(profile, on))
        : Any is not null ? Any.Min(c => c.Amiss(profile, on))
        : For(profile, on) is Truth.Fails ? 1
        : 0;

    /// <summary>Whether days that pass can change how it comes out.</summary>
    internal bool DependsOnTheDay =>
        Operator is { } compared && IsAgo(compared) || (All ?? Any ?? (Not is null ? [] : [Not])).Any(c => c.DependsOnTheDay);

    /// <summary>The first day after another on which it comes out so for the same facts; null where no day does that.</summary>
    internal DateOnly? FirstDay(IReadOnlyDictionary<string, JsonElement> profile, DateOnly after, Predicate<Truth> so) =>
        Turns(profile)
            .Where(day => day > after)
            .Distinct()
            .Order()
            .Select(day => (DateOnly?)day)
            .FirstOrDefault(day => so(For(profile, day!.Value)));

    // The days on which a comparison may come out otherwise than on the day before.
    IEnumerable<DateOnly> Turns(IReadOnlyDictionary<string, JsonElement> profile)
    {
        foreach (var day in (All ?? Any ?? (Not is null ? [] : [Not])).SelectMany(c => c.Turns(profile)))
            yield return day;
        if (
            Operator is not { } compared
            || !IsAgo(compared)
            || Fact(profile) is not { } fact
            || ProfileSchema.Day(fact) is not { } first
            || AgePeriod.Of(Value!.Value)?.After(first) is not { } last
            || last == DateOnly.MaxValue
        )
            yield break;
        if (compared is Benefits.Operator.AtLeastAgo or Benefits.Operator.LessThanAgo)
            yield return last;
        else
        {
            yield return first;
            yield return last.AddDays(1);
        }
    }

    bool Compare(JsonElement fact, JsonElement value, DateOnly on) =>
        Operator switch
        {
            Benefits.Operator.Equals => Same(fact, value),
            Benefits.Operator.NotEquals => !Same(fact, value),
            Benefits.Operator.In => Each(fact).Any(f => value.EnumerateArray().Any(v => Same(f, v))),
            Benefits.Operator.NotIn => !Each(fact).Any(f => value.EnumerateArray().Any(v => Same(f, v))),
            Benefits.Operator.Contains => Each(fact).Any(f => Same(f, value)),
            Benefits.Operator.AtLeast => Order(fact, value) >= 0,
            Benefits.Operator.AtMost => Order(fact, value) <= 0,
            Benefits.Operator.MoreThan => Order(fact, value) > 0,
            Benefits.Operator.LessThan => Order(fact, value) < 0,
            Benefits.Operator.AtLeastAgo => IsFull(fact, value, on),
            Benefits.Operator.LessThanAgo => !IsFull(fact, value, on),
            Benefits.Operator.WithinLast => IsWithin(fact, value, on),
            _ => !IsWithin(fact, value, on),
        };

    bool IsComparable(JsonElement fact, JsonElement value) =>
        Operator switch
        {
            Benefits.Operator.In or Benefits.Operator.NotIn => Each(fact).All(f => Kind(f) == Kind(value[0])),
            Benefits.Operator.Contains => Each(fact).All(f => Kind(f) == Kind(value)),
            { } ago when IsAgo(ago) => ProfileSchema.Day(fact) is not null,
            _ => Kind(fact) == Kind(value),
        };

    internal static bool IsAgo(Operator compared) =>
        compared
            is Benefits.Operator.AtLeastAgo
                or Benefits.Operator.LessThanAgo
                or Benefits.Operator.WithinLast
                or Benefits.Operator.NotWithinLast;

    static bool IsFull(JsonElement fact, JsonElement value, DateOnly on) => Last(fact, value) <= on;

    static bool IsWithin(JsonElement fact, JsonElement value, DateOnly on) => ProfileSchema.Day(fact) <= on && on <= Last(fact, value);

    // Both were read when the condition was checked, and when the fact was found comparable.
    static DateOnly Last(JsonElement fact, JsonElement period) => AgePeriod.Of(period)!.Value.After(ProfileSchema.Day(fact)!.Value);

    // Yes and no are of one kind.
    static JsonValueKind Kind(JsonElement value) => value.ValueKind is JsonValueKind.False ? JsonValueKind.True : value.ValueKind;

    static JsonElement[] Each(JsonElement fact) => fact.ValueKind is JsonValueKind.Array ? [.. fact.EnumerateArray()] : [fact];

    static bool Same(JsonElement a, JsonElement b) =>
        a.ValueKind == b.ValueKind
        && (
            a.ValueKind is JsonValueKind.Number
                ? a.GetDecimal() == b.GetDecimal()
                : a.ValueKind is not JsonValueKind.String || a.ValueEquals(b.GetString())
        );

    // Days as they are written have the order of their texts.
    static int Order(JsonElement a, JsonElement b) =>
        a.ValueKind is JsonValueKind.Number
            ? a.GetDecimal().CompareTo(b.GetDecimal())
            : string.CompareOrdinal(a.GetString(), b.GetString());

    int Count() => 1 + (All ?? Any ?? (Not is null ? [] : [Not])).Sum(c => c?.Count() ?? 1);
}

/// <summary>How one comparison came out.</summary>
/// <param name="Field">The fact.</param>
/// <param name="Operator">How it was compared.</param>
/// <param name="Value">With what.</param>
/// <param name="Fact">What the profile says; null for nothing.</param>
/// <param name="Result">The outcome of the comparison as it stands. Under a <c>not</c> the opposite is wanted: people are told the reasons.</param>
public sealed record Outcome(string Field, Operator Operator, JsonElement Value, JsonElement? Fact, Truth Result);
