using System.Text.Json;
using System.Text.Json.Serialization;
using PolicyPlatform.ServiceDefaults.Language;

namespace PolicyPlatform.Interpretation.Benefits;

/// <summary>What a reason is made of.</summary>
public enum ReasonKind
{
    /// <summary>One fact.</summary>
    Comparison,

    /// <summary>None of several holds, and one would have been enough.</summary>
    NoneOf,

    /// <summary>One of several is enough, and of none it is known.</summary>
    OneOf,

    /// <summary>Several belong together, as one of those that would be enough.</summary>
    AllOf,
}

/// <summary>
/// A reason why a benefit fits, may fit or does not, as a person reads it: a comparison under a <c>not</c> stands the other way round, and what
/// does not decide is left out.
/// </summary>
/// <param name="Kind">What it is made of.</param>
/// <param name="Result">Whether what is required is the case.</param>
/// <param name="Told">The reason in a sentence.</param>
/// <param name="Field">The fact; null unless it is one.</param>
/// <param name="Label">What people call the fact.</param>
/// <param name="Operator">How it is compared, as it is required.</param>
/// <param name="Value">With what.</param>
/// <param name="Required">What is required, in words.</param>
/// <param name="Fact">What the profile says; null for nothing: ask for it.</param>
/// <param name="Stated">What the profile says, in words; null for nothing.</param>
/// <param name="HoldsFrom">The first day on which it will be the case if nothing changes but the day, Asia/Shanghai; null where none is known.</param>
/// <param name="HoldsUntil">The last day on which it is the case if nothing changes but the day; null where none is known.</param>
/// <param name="Of">What it is made of; null for one fact.</param>
public sealed record Reason(
    ReasonKind Kind,
    Truth Result,
    Wording Told,
    string? Field = null,
    string? Label = null,
    Operator? Operator = null,
    JsonElement? Value = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Wording? Required = null,
    JsonElement? Fact = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Wording? Stated = null,
    DateOnly? HoldsFrom = null,
    DateOnly? HoldsUntil = null,
    IReadOnlyList<Reason>? Of = null
)
{
    /// <summary>The reason within a sentence; not answered, <see cref="Told"/> has it.</summary>
    internal Wording Clause { get; private init; } = "";

    /// <summary>The facts that the profile does not state.</summary>
    internal IEnumerable<string> Missing =>
        Of?.SelectMany(r => r.Missing) ?? (Result is Truth.Unknown && Field is not null ? [Field] : Array.Empty<string>());

    /// <summary>A reason that is one fact.</summary>
    internal static Reason Compared(Condition compared, ProfileFacts profile, DateOnly on)
    {
        var field = profile.Fields.GetValueOrDefault(compared.Field!) ?? new ProfileField(compared.Field!, compared.Field!, FactType.Text);
        var (result, fact) = (compared.For(profile.Facts, on), compared.Fact(profile.Facts));
        var required = Words(compared, field);
        var stated = fact is { } known ? Said(field, known) : null;
        var from = result is Truth.Fails ? compared.FirstDay(profile.Facts, on, t => t is Truth.Holds) : null;
        var until = result is Truth.Holds ? compared.FirstDay(profile.Facts, on, t => t is not Truth.Holds)?.AddDays(-1) : null;
        var clause = stated is null ? (Wording)$"{required} (the profile does not say)" : $"{required} (profile: {stated})";
        var told = Sentence(result, clause);
        return new(
            ReasonKind.Comparison,
            result,
            from is { } first ? (Wording)$"{told} From {first:yyyy-MM-dd} on it is."
                : until is { } last ? $"{told} Until {last:yyyy-MM-dd}."
                : told,
            compared.Field,
            field.Label,
            compared.Operator,
            compared.Value,
            required,
            fact,
            stated,
            from,
            until
        )
        {
            Clause = clause,
        };
    }

    /// <summary>A reason that is made of several.</summary>
    internal static Reason Several(ReasonKind kind, Truth result, IReadOnlyList<Reason> of)
    {
        var listed = Wording.Together(of.Select((r, i) => (Wording)$"({i + 1}) {r.Clause}"));
        var clause = kind switch
        {
            ReasonKind.NoneOf => (Wording)$"none of these: {listed}",
            ReasonKind.OneOf => $"one of these: {listed}",
            _ => result is Truth.Fails ? (Wording)$"not all of these: {listed}" : $"all of these: {listed}",
        };
        return new(kind, result, Sentence(result, clause), Of: of) { Clause = clause };
    }

    static Wording Sentence(Truth result, Wording clause) =>
        result switch
        {
            Truth.Holds => (Wording)$"Met: {clause}.",
            Truth.Fails => $"Not met: {clause}.",
            _ => $"Not known yet: {clause}.",
        };

    static Wording Words(Condition compared, ProfileField field)
    {
        var value = compared.Value!.Value;
        var (label, said) = (
            field.Label,
            Condition.IsAgo(compared.Operator!.Value) ? AgePeriod.Of(value)!.Value.Told : OneOf(field, value)
        );
        var (days, several) = (field.Type is FactType.Date, field.Type is FactType.Texts);
        return compared.Operator switch
        {
            Benefits.Operator.Equals => (Wording)$"{label} is {said}",
            Benefits.Operator.NotEquals => $"{label} is not {said}",
            Benefits.Operator.In => several ? (Wording)$"{label} has {said}" : $"{label} is {said}",
            Benefits.Operator.NotIn => several ? (Wording)$"{label} does not have {said}" : $"{label} is not {said}",
            Benefits.Operator.Contains => $"{label} has {said}",
            Benefits.Operator.AtLeast => days ? (Wording)$"{label} is on {said} or later" : $"{label} is {said} or more",
            Benefits.Operator.AtMost => days ? (Wording)$"{label} is on {said} or earlier" : $"{label} is {said} or less",
            Benefits.Operator.MoreThan => days ? (Wording)$"{label} is after {said}" : $"{label} is more than {said}",
            Benefits.Operator.LessThan => days ? (Wording)$"{label} is before {said}" : $"{label} is less than {said}",
            Benefits.Operator.AtLeastAgo => $"{label} is {said} ago or longer",
            Benefits.Operator.LessThanAgo => $"{label} is less than {said} ago",
            Benefits.Operator.WithinLast => $"{label} is within the last {said}",
            _ => $"{label} is not within the last {said}",
        };
    }

    // Nobody reads more of a long list.
    const int MostTold = 10;

    // One of a list is enough.
    static Wording OneOf(ProfileField field, JsonElement value) =>
        value.ValueKind is not JsonValueKind.Array ? field.Told(value)
        : Some(field, value).Aggregate((before, next) => $"{before} or {next}") is var told
        && value.GetArrayLength() - MostTold is > 0 and var more
            ? (Wording)$"{told} or {more} others"
        : told;

    /// <summary>What a profile says, as people read it.</summary>
    internal static Wording Said(ProfileField field, JsonElement value) =>
        value.ValueKind is not JsonValueKind.Array ? field.Told(value)
        : value.GetArrayLength() == 0 ? (Wording)"nothing"
        : Some(field, value).Aggregate((before, next) => $"{before} as well as {next}") is var told
        && value.GetArrayLength() - MostTold is > 0 and var more
            ? (Wording)$"{told} as well as {more} others"
        : told;

    static IEnumerable<Wording> Some(ProfileField field, JsonElement value) => value.EnumerateArray().Take(MostTold).Select(field.Told);
}

/// <summary>What a profile says, and what its fields are called.</summary>
/// <param name="Facts">The facts, with values in the place of their names.</param>
/// <param name="Fields">The fields that profiles have, by name.</param>
public sealed record ProfileFacts(IReadOnlyDictionary<string, JsonElement> Facts, IReadOnlyDictionary<string, ProfileField> Fields)
{
    /// <summary>Reads a profile that may state names for values. What no field knows stays as it is.</summary>
    internal static ProfileFacts Of(IReadOnlyDictionary<string, JsonElement> profile, IReadOnlyDictionary<string, ProfileField> fields) =>
        new(profile.ToDictionary(f => f.Key, f => fields.GetValueOrDefault(f.Key)?.InCodes(f.Value) ?? f.Value), fields);
}

/// <summary>Why a condition comes out as it does.</summary>
static class Reasons
{
    /// <summary>
    /// What decides: of what holds everything that is required, and the first of those of which one is enough; of what fails what is
    /// not the case; of what is unknown what the profile does not say.
    /// </summary>
    public static IReadOnlyList<Reason> For(Condition condition, ProfileFacts profile, DateOnly on) =>
        Deciding(condition.Plain(), profile, on);

    static IReadOnlyList<Reason> Deciding(Condition condition, ProfileFacts profile, DateOnly on)
    {
        if (condition.Field is not null)
            return [Reason.Compared(condition, profile, on)];
        var result = condition.For(profile.Facts, on);
        var decides = (condition.All ?? condition.Any!).Where(c => c.For(profile.Facts, on) == result);
        if (condition.All is not null)
            return [.. decides.SelectMany(c => Deciding(c, profile, on))];
        if (result is Truth.Holds)
            return Deciding(decides.First(), profile, on);
        var kind = result is Truth.Fails ? ReasonKind.NoneOf : ReasonKind.OneOf;
        var each = decides.Select(c => Together(Deciding(c, profile, on), result)).SelectMany(r => r.Kind == kind ? r.Of! : [r]).ToArray();
        return each is [_] ? each : [Reason.Several(kind, result, each)];
    }

    static Reason Together(IReadOnlyList<Reason> reasons, Truth result) =>
        reasons is [var one] ? one : Reason.Several(ReasonKind.AllOf, result, reasons);
}
