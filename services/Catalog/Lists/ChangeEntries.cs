using System.Text.Json;
using Marten;
using PolicyPlatform.Catalog.Organisations;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Lists;

/// <summary>A change to an entry, as it is sent.</summary>
/// <param name="Action">What is done.</param>
/// <param name="Code">The entry's code, which stays.</param>
/// <param name="Title">Its title; left out when it is retired.</param>
/// <param name="Body">责任单位, a code of an organisation.</param>
/// <param name="Content">What it says, by the list's schema; left out when it is retired.</param>
public sealed record EntryChange(EntryAction? Action, string? Code, string? Title, string? Body, JsonElement Content);

/// <summary>Adds, changes and retires entries: all of them make one new version of the list, or none when something is wrong.</summary>
/// <param name="Changes">The changes.</param>
/// <param name="Note">Why.</param>
/// <example>{"changes": [{"action": "add", "code": "ZJ-01", "title": "公共租赁住房租赁补贴申领", "body": "370114-ZJ",
/// "content": {"conditions": "本区城镇中等偏下收入住房困难家庭", "materials": ["身份证明", "收入证明"], "workingDays": 10}}], "note": "公布住房保障类办事指南。"}</example>
public sealed record ChangeEntries(IReadOnlyList<EntryChange>? Changes, string? Note) : IEndpoint
{
    const int MostChanges = 1000,
        LongestTitle = 300,
        LongestNote = 2000,
        LongestContent = 100_000;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/lists/{kind}/entries", Post)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter)
            .Produces<ServiceListView>()
            .WithName("changeListEntries");

    static Task<IResult> Post(string kind, ChangeEntries command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Append<ServiceList>(
            http,
            ServiceList.Key(kind),
            async (list, session) =>
            {
                if (list is null)
                    return ReadLists.NotFound(kind);
                var invalid = new Invalid()
                    .Text("/note", command.Note, LongestNote)
                    .If(command.Changes is null or { Count: 0 }, "/changes", "value.missing", "At least one change is required.")
                    .If(command.Changes?.Count > MostChanges, "/changes", "changes.tooMany", $"At most {MostChanges} changes at once.");
                if (invalid.Problem is { } problem)
                    return problem;

                var codes = command.Changes!.Select(c => c.Code).OfType<string>().ToArray();
                var known = (
                    await session
                        .Query<ListEntry>()
                        .Where(e => e.Kind == kind && e.Until == null && e.Code.IsOneOf(codes))
                        .ToListAsync(http.RequestAborted)
                ).ToDictionary(e => e.Code);
                var bodies = (
                    await session.LoadManyAsync<Organisation>(
                        http.RequestAborted,
                        [.. command.Changes!.Select(c => c.Body).OfType<string>().Distinct()]
                    )
                ).ToDictionary(o => o.Id);
                var schema = await EntrySchema.Kept(list.Schema, http.RequestAborted);
                var done = new Dictionary<string, EntryAction>();
                var say = new List<EntrySays>();
                foreach (var (change, i) in command.Changes!.Select((c, i) => (c, i)))
                {
                    var at = $"/changes/{i}";
                    var entry = known.GetValueOrDefault(change.Code ?? "");
                    invalid
                        .Code($"{at}/code", change.Code)
                        .If(change.Action is null, $"{at}/action", "value.missing", "One of add, change and retire.")
                        .If(
                            change.Code is not null && !done.TryAdd(change.Code, change.Action ?? default),
                            $"{at}/code",
                            "code.twice",
                            "An entry is changed once in a version."
                        )
                        .If(
                            change.Action is EntryAction.Add && entry is not null,
                            $"{at}/code",
                            "entry.exists",
                            $"{change.Code} is in the list: change it, or choose another code."
                        )
                        .If(
                            change.Action is EntryAction.Change or EntryAction.Retire && entry is null,
                            $"{at}/code",
                            "entry.unknown",
                            $"There is no entry {change.Code} in the list."
                        )
                        .If(
                            !caller.HasAny(Roles.Publisher) && (change.Body ?? entry?.Body) != caller.Organisation,
                            $"{at}/body",
                            "entry.foreign",
                            "A department keeps its own entries; the publisher keeps all."
                        )
                        .If(
                            !caller.HasAny(Roles.Publisher) && entry is not null && entry.Body != caller.Organisation,
                            $"{at}/code",
                            "entry.foreign",
                            $"{change.Code} belongs to another organisation."
                        );
                    if (change.Action is not EntryAction.Retire)
                    {
                        invalid
                            .Text($"{at}/title", change.Title, LongestTitle)
                            .If(
                                change.Body is not null && bodies.GetValueOrDefault(change.Body)?.ExistsOn(time.Today()) is not true,
                                $"{at}/body",
                                "organisation.unknown",
                                $"There is no organisation {change.Body} today."
                            )
                            .If(
                                change.Content.ValueKind is not JsonValueKind.Undefined
                                    && change.Content.GetRawText().Length > LongestContent,
                                $"{at}/content",
                                "value.tooLong",
                                $"An entry has at most {LongestContent} characters."
                            );
                        schema.Check($"{at}/content", change.Content, invalid);
                    }
                    if (change.Action is not EntryAction.Retire)
                        say.Add(new(change.Code ?? "", change.Title?.Trim() ?? "", change.Body, change.Content));
                }
                if (invalid.Problem is { } wrong)
                    return wrong;
                return Decision.Record(new ListChanged(done, command.Note!.Trim(), caller.Actor(), time.GetUtcNow(), say));
            },
            recorded => new Answer(200, ServiceListView.Of(recorded.After()))
        );
}
