using System.ComponentModel;
using System.Globalization;
using System.Text;
using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;
using Marten;
using PolicyPlatform.Catalog.Disclosure;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.DocumentAccess;
using PolicyPlatform.Shared.Receipts;

namespace PolicyPlatform.Catalog.Obligations;

/// <summary>
/// Opens a calendar of deadlines (iCalendar, RFC 5545) at an address of its own: a calendar application reads it and shows by when what must
/// be published.
/// </summary>
/// <param name="Body">The body whose deadlines it has, a code; all that the caller sees when left out. A drafter has those of the own
/// organisation.</param>
/// <example>{"body": "370114-ZJ"}</example>
public sealed record KeepCalendars(string? Body) : IEndpoint
{
    const int LongestCode = 100,
        MostEntries = 2000;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/obligation-calendars", Post)
            .RequireAnyRole(ObligationCallers.Readers)
            .Produces<ObligationCalendarView>(201)
            .WithName("openObligationCalendar");
        api.MapGet("/obligation-calendars", List)
            .RequireAnyRole(ObligationCallers.Readers)
            .Produces<Page<ObligationCalendarView>>()
            .WithName("listObligationCalendars");
        api.MapDelete("/obligation-calendars/{id:guid}", Delete)
            .RequireAnyRole(ObligationCallers.Readers)
            .Produces<ObligationCalendarView>()
            .WithName("endObligationCalendar");
        api.MapGet("/obligation-calendars/{id:guid}/deadlines.ics", Read)
            .Produces<string>(200, "text/calendar")
            .WithName("readObligationCalendar");
    }

    static Task<IResult> Post(KeepCalendars command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http)
    {
        var invalid = new Invalid().Text("/body", command.Body, LongestCode, required: false);
        var id = Guid.CreateVersion7();
        var token = Receipt.New();
        // What the caller sees, for as long as the calendar is kept: the own body's, or of all what is public.
        var publicAlone = !caller.Oversees() && caller.HasAny(Roles.Integrator);
        var body = caller.Oversees() || publicAlone ? command.Body?.Trim() : caller.OwnBody() ?? "";
        return writer.Start<ObligationCalendar>(
            http,
            ObligationCalendar.Key(id),
            async session =>
            {
                if (body is { Length: > 0 } && invalid.Problem is null)
                    await invalid.Exists(body, session, time.Today(), http.RequestAborted);
                return invalid.Problem is { } problem
                    ? problem
                    : Decision.Record(
                        new ObligationCalendarOpened(id, body, publicAlone, Receipt.HashOf(token), caller.Actor(), time.GetUtcNow())
                    );
            },
            recorded => new Answer(
                201,
                ObligationCalendarView.Of(recorded.After()) with
                {
                    Address = $"{PublicAddress.Of(http.Request)}/api/v1/obligation-calendars/{id}/deadlines.ics?token={token}",
                },
                $"/api/v1/obligation-calendars/{id}"
            )
        );
    }

    /// <summary>
    /// The calendars that the caller opened and did not end, oldest first, in pages; their addresses are not told again. With <c>all</c>,
    /// those who publish see everybody's.
    /// </summary>
    static async Task<IResult> List(
        [Description("Whether the calendars of everybody are listed, for publisher.")] bool? all,
        int? pageSize,
        string? pageToken,
        Caller caller,
        IQuerySession session,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        if (all is true && !caller.HasAny(Roles.Publisher))
            return CommonProblems.Forbidden.With("The calendars of all are listed for publisher.").ToResult();
        var query = session.Query<ObligationCalendar>().Where(c => !c.HasEnded);
        if (all is not true)
            query = query.Where(c => c.Owner == caller.Id);
        if (page.After is { } after)
            query = query.Where(c => c.Id.CompareTo(after.Id) > 0);
        var rows = await query.OrderBy(c => c.Id).Take(page.Size + 1).ToListAsync(http.RequestAborted);
        return Results.Ok(page.Page(rows, ObligationCalendarView.Of, c => new Place(c.Id)));
    }

    /// <summary>Ends a calendar of the caller: its address leads nowhere. Those who publish end any; one that has ended stays so.</summary>
    static Task<IResult> Delete(Guid id, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Append<ObligationCalendar>(
            http,
            ObligationCalendar.Key(id),
            (calendar, _) =>
            {
                if (calendar is null || !calendar.IsOf(caller) && !caller.HasAny(Roles.Publisher))
                    return Task.FromResult<Decision>(NotFound(id));
                return Task.FromResult(
                    calendar.HasEnded ? Decision.Record() : Decision.Record(new ObligationCalendarEnded(caller.Actor(), time.GetUtcNow()))
                );
            },
            recorded => new Answer(200, ObligationCalendarView.Of(recorded.After()))
        );

    /// <summary>
    /// The calendar itself, to whoever has its address: each channel in which something is not published yet, as a whole day, the last one on
    /// which it is in time (Asia/Shanghai), next due first; at most 2,000 obligations.
    /// </summary>
    static async Task<IResult> Read(Guid id, string? token, IQuerySession session, HttpContext http)
    {
        if (
            await session.LoadAsync<ObligationCalendar>(ObligationCalendar.Key(id), http.RequestAborted) is not { HasEnded: false } calendar
            || token is null
            || calendar.Token != Receipt.HashOf(token)
        )
            return NotFound(id).ToResult();
        var query = session.Query<Obligation>().Where(o => o.NextDueOn != null);
        if (calendar.PublicAlone)
            query = query.Where(o => o.IsPublic).Without(await session.Hidden(http.RequestAborted), own: null);
        if (calendar.Body is { } body)
            query = query.Where(o => o.Bodies.Contains(body));
        var open = await query.OrderBy(o => o.NextDueOn).ThenBy(o => o.Id).Take(MostEntries).ToListAsync(http.RequestAborted);
        var channels = await ChannelList.Read(session, http.RequestAborted);
        return http.Conditional(
            $"\"{ConditionalRequests.Mark([.. open.Select(o => $"{o.Id} {o.Version}"), $"{channels.Version}"])}\"",
            () =>
                Results.Text(
                    new CalendarSerializer().SerializeToString(Calendar(open, channels, PublicAddress.Of(http.Request)))!,
                    "text/calendar; charset=utf-8"
                )
        );
    }

    static Ical.Net.Calendar Calendar(IEnumerable<Obligation> open, ChannelList channels, string address)
    {
        var calendar = new Ical.Net.Calendar { ProductId = "-//PolicyPlatform//Deadlines//ZH" };
        // Names and pauses that applications go by, RFC 7986 and what came before it.
        foreach (var (name, value) in new[] { ("NAME", "公开时限"), ("X-WR-CALNAME", "公开时限"), ("X-PUBLISHED-TTL", "PT1H") })
            calendar.AddProperty(name, value);
        foreach (var obligation in open)
        foreach (var deadline in obligation.Open())
            calendar.Events.Add(Entry(obligation, deadline, channels, address));
        return calendar;
    }

    static CalendarEvent Entry(Obligation obligation, ChannelDeadline deadline, ChannelList channels, string address)
    {
        var id = obligation.Id["obligation/".Length..];
        var entry = new CalendarEvent
        {
            Uid = $"{id}.{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(deadline.Channel))}@policyplatform",
            // A day, not an instant: it is the same day wherever the calendar is looked at.
            Start = new CalDateTime(deadline.DueOn.Year, deadline.DueOn.Month, deadline.DueOn.Day),
            Summary = $"公开时限：{Characters.Clean(obligation.Title)}（{channels.NameOf(deadline.Channel)}）",
            Description = deadline.Explanation,
            Url = new($"{address}/api/v1/obligations/{Uri.EscapeDataString(id)}"),
            Sequence = (int)obligation.Version,
            // The day is not taken up by it.
            Transparency = TransparencyType.Transparent,
            Categories = ["信息公开"],
        };
        entry.Alarms.Add(
            new Alarm
            {
                Action = AlarmAction.Display,
                Description = entry.Summary,
                // Nine o'clock on the day before.
                Trigger = new Trigger(Duration.FromHours(-15)),
            }
        );
        return entry;
    }

    static Problem NotFound(Guid id) =>
        CatalogProblems.ObligationCalendarNotFound.With($"You have no calendar of deadlines {id}, or it has ended.");

    sealed record Place(string Id);
}

/// <summary>A calendar of deadlines as the API shows it.</summary>
/// <param name="Id">The calendar.</param>
/// <param name="Body">The body whose deadlines it has; null for all.</param>
/// <param name="OpenedAt">When it was opened, UTC.</param>
/// <param name="HasEnded">Whether it was ended.</param>
/// <param name="Address">Where a calendar application reads it; told once, when it is opened. Who has it reads the calendar.</param>
public sealed record ObligationCalendarView(Guid Id, string? Body, DateTimeOffset OpenedAt, bool HasEnded, string? Address = null)
{
    internal static ObligationCalendarView Of(ObligationCalendar c) =>
        new(Guid.Parse(c.Id["obligation-calendar/".Length..], CultureInfo.InvariantCulture), c.Body, c.OpenedAt, c.HasEnded);
}
