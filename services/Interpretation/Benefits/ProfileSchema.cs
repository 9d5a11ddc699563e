using System.Globalization;
using System.Text.Json;
using JasperFx.Events;
using Marten;
using Marten.Events.Aggregation;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
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
public sealed record ProfileSchemaSet(IReadOnlyList<ProfileField> Fields, Actor By, DateTimeOffset At);

/// <summary>The facts that a profile can state, as data.</summary>
public sealed record ProfileSchema
{
    /// <summary>There is one.</summary>
    public static readonly Guid Stream = new("0199a000-0000-7000-8000-000000000002");

    /// <summary>The fields that the platform brings.</summary>
    public static readonly IReadOnlyList<ProfileField> Brought = JsonSerializer.Deserialize<ProfileField[]>(
        typeof(ProfileSchema).Assembly.GetManifestResourceStream("profile.json")!,
        JsonDefaults.Options
    )!;

    /// <summary>The stream's id.</summary>
    public Guid Id { get; init; }

    /// <summary>How many events there are; set by Marten.</summary>
    public long Version { get; set; }

    /// <summary>The fields.</summary>
    public IReadOnlyList<ProfileField> Fields { get; init; } = [];

    /// <summary>The fields that profiles have now, by name.</summary>
    public static async Task<IReadOnlyDictionary<string, ProfileField>> Known(IQuerySession session, CancellationToken cancellation) =>
        ((await session.LoadAsync<ProfileSchema>(Stream, cancellation))?.Fields ?? Brought).ToDictionary(f => f.Name);

    /// <summary>Whether a value can be a fact of a field; why not, if not.</summary>
    public static string? Misfit(ProfileField field, JsonElement value) =>
        field.Type switch
        {
            FactType.Number => value.ValueKind is JsonValueKind.Number && value.TryGetDecimal(out _) ? null : "a number",
            FactType.Boolean => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : "true or false",
            FactType.Date => value.ValueKind is JsonValueKind.String
            && DateOnly.TryParseExact(value.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
                ? null
                : "a day, yyyy-MM-dd",
            FactType.Texts => value.ValueKind is JsonValueKind.Array && value.EnumerateArray().All(v => IsOneOf(field, v))
                ? null
                : $"a list of {Words(field)}",
            _ => IsOneOf(field, value) ? null : Words(field),
        };

    static bool IsOneOf(ProfileField field, JsonElement value) =>
        value.ValueKind is JsonValueKind.String && (field.Values is null || field.Values.Contains(value.GetString()));

    static string Words(ProfileField field) => field.Values is null ? "text" : $"one of {string.Join(", ", field.Values)}";
}

/// <summary>Keeps the <see cref="ProfileSchema"/> beside its stream.</summary>
sealed partial class ProfileSchemaProjection : SingleStreamProjection<ProfileSchema, Guid>
{
    /// <summary>Listens to the events of the schema.</summary>
    public ProfileSchemaProjection() => IncludeType<ProfileSchemaSet>();

    /// <inheritdoc/>
    public override ProfileSchema? Evolve(ProfileSchema? snapshot, Guid id, IEvent e) =>
        e.Data is ProfileSchemaSet set ? new() { Id = id, Fields = set.Fields } : snapshot;
}

/// <summary>Reads and sets the facts that profiles can state. A field that conditions use stays, with its type.</summary>
/// <param name="Fields">The fields.</param>
public sealed record SetProfileSchema(IReadOnlyList<ProfileField>? Fields) : IEndpoint
{
    const int MostFields = 200,
        LongestName = 50;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/benefits/profile-schema", Get).Produces<SetProfileSchema>().WithTags("Interpretation").WithName("readProfileSchema");
        api.MapPut("/benefits/profile-schema", Put)
            .RequireAnyRole(Roles.Publisher)
            .Produces<SetProfileSchema>()
            .WithTags("Interpretation")
            .WithName("setProfileSchema");
    }

    static async Task<IResult> Get(IQuerySession session, HttpContext http)
    {
        var set = await session.LoadAsync<ProfileSchema>(ProfileSchema.Stream, http.RequestAborted);
        return http.Conditional(
            ConditionalRequests.Tag(set?.Version ?? 0),
            () => Results.Ok(new SetProfileSchema(set?.Fields ?? ProfileSchema.Brought))
        );
    }

    static Task<IResult> Put(SetProfileSchema command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Append<ProfileSchema>(
            http,
            ProfileSchema.Stream,
            async (_, session) =>
            {
                var invalid = new Invalid()
                    .If(command.Fields is null or { Count: 0 }, "/fields", "value.missing", "At least one field.")
                    .If(command.Fields?.Count > MostFields, "/fields", "fields.tooMany", $"At most {MostFields} fields.");
                foreach (var (field, i) in (command.Fields ?? []).Take(MostFields).Select((f, i) => (f, i)))
                    invalid
                        .Text($"/fields/{i}/name", field.Name, LongestName)
                        .Text($"/fields/{i}/label", field.Label, LongestName)
                        .If(
                            command.Fields!.Take(i).Any(f => f.Name == field.Name),
                            $"/fields/{i}/name",
                            "field.twice",
                            "A field is named once."
                        );
                if (invalid.Problem is { } malformed)
                    return malformed;
                var fields = command.Fields!.ToDictionary(f => f.Name);
                foreach (var benefit in await session.Query<BenefitItem>().ToListAsync(http.RequestAborted))
                {
                    var unfit = new Invalid();
                    foreach (var conditions in new[] { benefit.Draft.Conditions, benefit.Shown?.Conditions }.OfType<Condition>().Distinct())
                        conditions.Check("/conditions", fields, unfit);
                    if (unfit.Problem is { Errors: [var first, ..] })
                        invalid.Add(
                            "/fields",
                            "field.used",
                            $"Benefit {benefit.Id} uses a field otherwise: {first.Detail} ({first.Pointer})"
                        );
                }
                return invalid.Problem is { } problem
                    ? problem
                    : Decision.Record(new ProfileSchemaSet(command.Fields!, caller.Actor(), time.GetUtcNow()));
            },
            _ => new Answer(200, command)
        );
}
