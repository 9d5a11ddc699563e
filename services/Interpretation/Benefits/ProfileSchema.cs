using System.Globalization;
using System.Text.Json;
using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Writing;

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
public sealed record ProfileField(string Name, string Label, FactType Type, IReadOnlyList<string>? Values = null);

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
            FactType.Boolean => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : (Wording)"true or false",
            FactType.Date => value.ValueKind is JsonValueKind.String
            && DateOnly.TryParseExact(value.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
                ? null
                : (Wording)"a day, yyyy-MM-dd",
            FactType.Texts => value.ValueKind is JsonValueKind.Array && value.EnumerateArray().All(v => IsOneOf(field, v))
                ? null
                : (Wording)$"a list of {Words(field)}",
            _ => IsOneOf(field, value) ? null : Words(field),
        };

    static bool IsOneOf(ProfileField field, JsonElement value) =>
        value.ValueKind is JsonValueKind.String && (field.Values is null || field.Values.Contains(value.GetString()));

    static Wording Words(ProfileField field) => field.Values is null ? (Wording)"text" : $"one of {string.Join(", ", field.Values)}";
}
