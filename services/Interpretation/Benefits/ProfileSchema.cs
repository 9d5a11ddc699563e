using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.Search;

namespace PolicyPlatform.Interpretation.Benefits;

/// <summary>What a fact of a profile is.</summary>
public enum FactType
{
    /// <summary>A word or a name.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A day, yyyy-MM-dd.</summary>
    Date,

    /// <summary>Yes or no.</summary>
    Boolean,

    /// <summary>Several words.</summary>
    Texts,
}

/// <summary>A fact that a profile can state.</summary>
/// <param name="Name">Its name in profiles and conditions.</param>
/// <param name="Label">Its name for people.</param>
/// <param name="Type">What it is.</param>
/// <param name="Values">The values that it can have; any when left out.</param>
/// <param name="Names">
/// What people call the values, by value: <c>{"micro": "微型企业"}</c>; of yes and no by <c>true</c> and <c>false</c>. Profiles and conditions
/// may have the name for the value, also in full-width or traditional characters, in capitals and with spaces. Values are called as they are
/// when left out.
/// </param>
public sealed record ProfileField(
    string Name,
    string Label,
    FactType Type,
    IReadOnlyList<string>? Values = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string>? Names = null
)
{
    internal const string Yes = "true",
        No = "false";

    /// <summary>The values that it can have; null for any.</summary>
    internal IReadOnlyList<string>? Codes =>
        Type switch
        {
            FactType.Text or FactType.Texts => Values,
            FactType.Boolean when Names is not null => [Yes, No],
            _ => null,
        };

    /// <summary>The value that a value or its name stands for, as people write them; null for none, and for one of several.</summary>
    internal string? CodeOf(string given)
    {
        if (Codes is not { } codes)
            return null;
        if (codes.Contains(given))
            return given;
        var folded = SearchQuery.Fold(given);
        var meant = codes
            .Where(code => code is not null && (SearchQuery.Fold(code) == folded || SearchQuery.Fold(NameOf(code)) == folded))
            .Distinct()
            .Take(2)
            .ToArray();
        return folded.Length > 0 && meant is [var one] ? one : null;
    }

    /// <summary>What people call a value.</summary>
    internal string NameOf(string code) => Names?.GetValueOrDefault(code) ?? code;

    /// <summary>A fact, or what one is compared with, with values in the place of their names.</summary>
    internal JsonElement InCodes(JsonElement value) =>
        Codes is null ? value
        : value.ValueKind is JsonValueKind.Array ? JsonSerializer.SerializeToElement(value.EnumerateArray().Select(InCodes))
        : value.ValueKind is not JsonValueKind.String || CodeOf(value.GetString()!) is not { } code ? value
        : Type is FactType.Boolean ? JsonSerializer.SerializeToElement(code == Yes)
        : code == value.GetString() ? value
        : JsonSerializer.SerializeToElement(code);

    /// <summary>A value as people read it.</summary>
    internal Wording Told(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => Wording.Verbatim(NameOf(value.GetString()!)),
            JsonValueKind.True when Names is null => "yes",
            JsonValueKind.False when Names is null => "no",
            JsonValueKind.True => Wording.Verbatim(NameOf(Yes)),
            JsonValueKind.False => Wording.Verbatim(NameOf(No)),
            _ => Wording.Verbatim(value.GetRawText()),
        };
}

/// <summary>The fields of profiles were set.</summary>
public sealed record ProfileSchemaSet(IReadOnlyList<ProfileField> Fields, Actor By, DateTimeOffset At) : IEventOf<ProfileSchema>;

/// <summary>The facts that a profile can state, as data.</summary>
public sealed record ProfileSchema : IState<ProfileSchema>
{
    /// <summary>There is one.</summary>
    public static readonly Guid Stream = new("0199a000-0000-7000-8000-000000000002");

    /// <summary>The fields that come with the platform.</summary>
    public static readonly IReadOnlyList<ProfileField> BuiltIn = JsonSerializer.Deserialize<ProfileField[]>(
        typeof(ProfileSchema).Assembly.GetManifestResourceStream("profile.json")!,
        JsonDefaults.Options
    )!;

    /// <summary>The stream's id.</summary>
    public Guid Id { get; init; }

    /// <summary>How many events there are; set by Marten.</summary>
    public long Version { get; set; }

    /// <summary>The fields.</summary>
    public IReadOnlyList<ProfileField> Fields { get; init; } = [];

    /// <summary>The state after one more event.</summary>
    public static ProfileSchema? Next(ProfileSchema? schema, IEventOf<ProfileSchema> happened) =>
        happened is ProfileSchemaSet e ? new() { Id = Stream, Fields = e.Fields } : schema;

    /// <summary>The fields that profiles have now, by name.</summary>
    public static async Task<IReadOnlyDictionary<string, ProfileField>> Known(IQuerySession session, CancellationToken cancellation) =>
        ((await session.LoadAsync<ProfileSchema>(Stream, cancellation))?.Fields ?? BuiltIn).ToDictionary(f => f.Name);

    /// <summary>Whether a value can be a fact of a field; why not, if not.</summary>
    public static Wording? Misfit(ProfileField field, JsonElement value) =>
        field.Type switch
        {
            FactType.Number => value.ValueKind is JsonValueKind.Number && value.TryGetDecimal(out _) ? null : (Wording)"a number",
            FactType.Boolean when value.ValueKind is JsonValueKind.True or JsonValueKind.False || IsNamed(field, value) => null,
            FactType.Boolean => field.Names is null ? (Wording)"true or false" : Words(field),
            FactType.Date => Day(value) is not null ? null : (Wording)"a day, yyyy-MM-dd",
            FactType.Texts => value.ValueKind is JsonValueKind.Array && value.EnumerateArray().All(v => IsOneOf(field, v))
                ? null
                : (Wording)$"a list of {Words(field)}",
            _ => IsOneOf(field, value) ? null : Words(field),
        };

    /// <summary>The day that a fact states; null where it states none.</summary>
    internal static DateOnly? Day(JsonElement value) =>
        value.ValueKind is JsonValueKind.String
        && DateOnly.TryParseExact(value.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : null;

    static bool IsOneOf(ProfileField field, JsonElement value) =>
        value.ValueKind is JsonValueKind.String && (field.Codes is null || IsNamed(field, value));

    static bool IsNamed(ProfileField field, JsonElement value) =>
        value.ValueKind is JsonValueKind.String && field.CodeOf(value.GetString()!) is not null;

    static Wording Words(ProfileField field) =>
        field.Codes is not { } codes
            ? (Wording)"text"
            : $"one of {string.Join(", ", codes.Select(c => field.NameOf(c) is var name && name == c ? c : $"{c} ({name})"))}";
}
