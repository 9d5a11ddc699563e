using System.Text.Json;
using Marten;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Lists;

/// <summary>Defines a kind of list, or gives its entries another form; those that are in it must have it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Schema">The JSON Schema of what an entry says.</param>
/// <example>{"name": "办事指南", "schema": {"type": "object", "required": ["conditions", "materials"],
/// "properties": {"conditions": {"type": "string", "title": "办理条件"},
/// "materials": {"type": "array", "title": "申请材料", "items": {"type": "string"}},
/// "workingDays": {"type": "integer", "title": "办结时限", "minimum": 1}}}}</example>
public sealed record DefineList(string? Name, JsonElement Schema) : IEndpoint
{
    const int LongestName = 200;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/lists/{kind}", Put).RequireAnyRole(Roles.Publisher).Produces<ServiceListView>().WithName("defineList");

    static Task<IResult> Put(string kind, DefineList command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Append<ServiceList>(
            http,
            ServiceList.Key(kind),
            async (list, session) =>
            {
                var invalid = new Invalid().Code("kind", kind).Text("/name", command.Name, LongestName);
                var schema = await EntrySchema.Read("/schema", command.Schema, invalid, http.RequestAborted);
                if (schema is not null && list is not null)
                    foreach (var entry in await ListEntry.In(session, kind, list.Version).ToListAsync(http.RequestAborted))
                        schema.Check($"entry {entry.Code}", entry.Content, invalid);
                if (invalid.Problem is { } problem)
                    return problem;
                return Decision.Record(new ListDefined(kind, command.Name!.Trim(), command.Schema, caller.Actor(), time.GetUtcNow()));
            },
            recorded => new Answer(200, ServiceListView.Of(recorded.After()))
        );
}
