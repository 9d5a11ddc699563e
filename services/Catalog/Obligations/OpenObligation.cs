using PolicyPlatform.Catalog.Calendar;
using PolicyPlatform.Catalog.Disclosure;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Obligations;

/// <summary>
/// A business system reports information that must be published. The same reference reported again answers with what is there.
/// </summary>
/// <param name="Source">The system.</param>
/// <param name="Reference">Its own reference, seen once.</param>
/// <param name="Title">What is to be published.</param>
/// <param name="Body">Whose it is; the bodies of the item when left out.</param>
/// <param name="Item">The item of the disclosure catalogue, <c>district/04-01</c>; its deadlines apply.</param>
/// <param name="FormedOn">The day on which the information was made or changed, Asia/Shanghai; today when left out.</param>
/// <example>{"source": "住房保障业务系统", "reference": "GZF-2026-0301", "title": "2026年度公共租赁住房房源信息", "body": "370114-ZJ",
/// "item": "district/04-01", "formedOn": "2026-03-01"}</example>
public sealed record OpenObligation(string? Source, string? Reference, string? Title, string? Body, string? Item, DateOnly? FormedOn)
    : IEndpoint
{
    const int LongestSource = 100,
        LongestTitle = 300;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/obligations", Post)
            .RequireAnyRole(Roles.Integrator, Roles.Publisher)
            .Produces<ObligationView>(201)
            .WithName("openObligation");

    static Task<IResult> Post(OpenObligation command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http)
    {
        var today = time.Today();
        var invalid = new Invalid()
            .Text("/source", command.Source, LongestSource)
            .Text("/reference", command.Reference, LongestSource)
            .Text("/title", command.Title, LongestTitle)
            .If(
                command.Item is null && command.Body is null,
                "/body",
                "value.missing",
                "Either the item or the body that must publish is required."
            )
            .If(command.FormedOn > today, "/formedOn", "date.inFuture", "What does not exist yet need not be published.");
        if (invalid.Problem is { } problem)
            return Task.FromResult(problem.ToResult());
        var id = NamedId.Of($"{command.Source}\n{command.Reference}").ToString();
        return writer.Append<Obligation>(
            http,
            Obligation.Key(id),
            async (known, session) =>
            {
                if (known is not null)
                    return Decision.Record().Knowing(await ObligationView.Names(session, [known], today, http.RequestAborted));
                var wrong = new Invalid();
                var formedOn = command.FormedOn ?? today;
                var item = command.Item is null
                    ? null
                    : (await session.LoadAsync<DisclosureItem>($"disclosure/{command.Item}", http.RequestAborted))?.On(formedOn);
                wrong.If(
                    command.Item is not null && item is null,
                    "/item",
                    "disclosureItem.unknown",
                    $"The disclosure catalogue has no item {command.Item} on {formedOn:yyyy-MM-dd}. It is named by layer and code, district/04-01."
                );
                if (command.Body is not null)
                    await wrong.Exists(command.Body, session, today, http.RequestAborted);
                if (wrong.Problem is { } unknown)
                    return unknown;
                var calendar = await CalendarYear.Known(session, http.RequestAborted);
                var opened = Open(
                    id,
                    ObligationCause.Report,
                    command.Title!.Trim(),
                    null,
                    command.Body is { } body ? [body] : item!.Bodies,
                    command.Item,
                    item,
                    formedOn,
                    $"{command.Source}/{command.Reference}",
                    await ChannelList.Read(session, http.RequestAborted),
                    calendar,
                    caller.Actor(),
                    time.GetUtcNow()
                );
                return Reminders
                    .Of(id, opened.Deadlines, calendar)
                    .Aggregate(Decision.Record(opened), (d, note) => d.Later(note.Note, note.At))
                    .Knowing(await ObligationView.Names(session, [Obligation.Next(null, opened)!], today, http.RequestAborted));
            },
            recorded => new Answer(
                recorded.Before is null ? 201 : 200,
                ObligationView.Of(recorded.After(), today, recorded.Known<CatalogNames>()!),
                $"/api/v1/obligations/{id}"
            )
        );
    }

    /// <summary>Opens an obligation with the deadlines of its item; those of D 26 where it has none.</summary>
    internal static ObligationOpened Open(
        string id,
        ObligationCause cause,
        string title,
        Guid? document,
        IReadOnlyList<string> bodies,
        string? itemName,
        ItemContent? item,
        DateOnly formedOn,
        string? source,
        ChannelList channels,
        WorkingCalendar calendar,
        Actor by,
        DateTimeOffset now
    ) =>
        new(
            id,
            cause,
            title,
            document,
            bodies,
            itemName,
            formedOn,
            ChannelDeadline.Of(
                [
                    .. (item?.Channels ?? [new(Channel.Website)])
                        .Select(c => (Channel: channels.CodeOf(c.Name), c.Deadline ?? item?.Deadline ?? DeadlineRule.Default))
                        .DistinctBy(c => c.Channel),
                ],
                formedOn,
                calendar
            ),
            source,
            by,
            now
        );
}
