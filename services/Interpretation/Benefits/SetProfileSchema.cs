using Marten;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.Search;

namespace PolicyPlatform.Interpretation.Benefits;

/// <summary>Reads and sets the facts that profiles can state. A field that conditions use stays, with its type.</summary>
/// <param name="Fields">The fields.</param>
/// <example>{"fields": [{"name": "kind", "label": "主体类型", "type": "text",
/// "values": ["enterprise", "selfEmployed", "person", "organisation"], "names": {"enterprise": "企业", "selfEmployed": "个体工商户",
/// "person": "个人", "organisation": "其他组织"}}, {"name": "size", "label": "企业规模", "type": "text",
/// "values": ["micro", "small", "medium", "large"], "names": {"micro": "微型企业", "small": "小型企业", "medium": "中型企业",
/// "large": "大型企业"}}, {"name": "registeredOn", "label": "成立日期", "type": "date"}, {"name": "staff",
/// "label": "从业人数", "type": "number"}, {"name": "qualifications", "label": "资质荣誉", "type": "texts"}, {"name": "hasArrears",
/// "label": "有无欠费", "type": "boolean", "names": {"true": "有", "false": "无"}}, {"name": "birthday", "label": "出生日期", "type": "date"},
/// {"name": "income", "label": "家庭人均月收入（元）", "type": "number"}, {"name": "status",
/// "label": "人员类别", "type": "texts"}]}</example>
public sealed record SetProfileSchema(IReadOnlyList<ProfileField>? Fields) : IEndpoint
{
    const int MostFields = 200,
        LongestName = 50;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/benefits/profile-schema", Get).Produces<SetProfileSchema>().WithName("readProfileSchema");
        api.MapPut("/benefits/profile-schema", Put)
            .RequireAnyRole(Roles.Publisher)
            .Produces<SetProfileSchema>()
            .WithName("setProfileSchema");
    }

    /// <summary>The facts that profiles can state: those that were set last, or those that come with the platform.</summary>
    static async Task<IResult> Get(IQuerySession session, HttpContext http)
    {
        var set = await session.LoadAsync<ProfileSchema>(ProfileSchema.Stream, http.RequestAborted);
        return http.Conditional(
            set is null ? ConditionalRequests.BuiltIn(typeof(ProfileSchema)) : ConditionalRequests.Tag(set.Version),
            () => Results.Ok(new SetProfileSchema(set?.Fields ?? ProfileSchema.BuiltIn))
        );
    }

    /// <summary>
    /// Sets all facts that profiles can state; those that are not sent go. A field that conditions use stays, with its type.
    /// </summary>
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
                foreach (var (field, i) in (command.Fields ?? []).Take(MostFields).Select((f, i) => (f, i)))
                    CheckNames(field, $"/fields/{i}/names", invalid);
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

    // A name says which value is meant.
    static void CheckNames(ProfileField field, string at, Invalid invalid)
    {
        if (field.Names is not { } names)
            return;
        if (field.Codes is not { } codes)
        {
            invalid.Add(at, "names.unfit", "Names are for the values of a field, or for true and false; this one has no values.");
            return;
        }
        foreach (var (code, name) in names)
            invalid
                .If(
                    !codes.Contains(code),
                    $"{at}/{code}",
                    "value.unknown",
                    $"{code} is no value of the field; those are {string.Join(", ", codes)}."
                )
                .Text($"{at}/{code}", name, LongestName)
                .If(
                    name is not null
                        && codes.Any(other =>
                            other is not null
                            && other != code
                            && SearchQuery.Fold(name) is var folded
                            && (
                                folded == SearchQuery.Fold(other)
                                || names.GetValueOrDefault(other) is { } its && folded == SearchQuery.Fold(its)
                            )
                        ),
                    $"{at}/{code}",
                    "name.twice",
                    "A name stands for one value."
                );
    }
}
