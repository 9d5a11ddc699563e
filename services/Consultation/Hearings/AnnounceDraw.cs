using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>
/// Publishes all that decides a draw before any of its sources has a value: the pool, numbered and by the numbers of the applications alone,
/// its hash, how many are drawn, the algorithm and the sources. From then on none of it changes. A draw that is void is announced anew with
/// other sources.
/// </summary>
/// <param name="Sources">The public sources, in the order in which they stand in the key; none has a value yet.</param>
/// <param name="Algorithm">The hash that mixes them; sha256 when left out.</param>
/// <example>{"sources": [{"name": "双色球第2026077期红球", "kind": "integers", "count": 6, "knownFrom": "2026-07-07T13:15:00Z"}]}</example>
public sealed record AnnounceDraw(IReadOnlyList<NamedDrawSource>? Sources, DrawAlgorithm? Algorithm) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/hearings/{id:guid}/draws", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<HearingDrawView>(201)
            .WithName("announceHearingDraw");

    static Task<IResult> Post(Guid id, AnnounceDraw command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Step(
            http,
            id,
            caller,
            command.Check(),
            time,
            async (hearing, session) =>
            {
                await session.BeAlone(id, http.RequestAborted);
                var drawId = Guid.CreateVersion7();
                var decision = Decide(
                    hearing,
                    command,
                    await session.Applications(id, http.RequestAborted),
                    drawId,
                    caller.Actor(),
                    time.GetUtcNow()
                );
                var announced = decision.Facts.OfType<DrawAnnounced>().FirstOrDefault();
                if (announced is not null)
                    session.Events.StartStream<HearingDraw>(drawId, announced);
                return decision;
            },
            recorded =>
            {
                var draw = HearingDraw.Next(null, recorded.Known<DrawAnnounced>()!)!;
                return new Answer(201, HearingDrawView.Of(id, draw), $"/api/v1/hearings/{id}/draws/{draw.Number}");
            }
        );

    Invalid Check()
    {
        var invalid = new Invalid()
            .If(Sources is not { Count: > 0 }, "/sources", "value.missing", "A draw has at least one source.")
            .If(
                Sources?.Count > Draw.MostSources,
                "/sources",
                "value.wrong",
                $"A draw has 1 to {Draw.MostSources} public sources; {Sources?.Count} are named."
            );
        for (var i = 0; i < Math.Min(Sources?.Count ?? 0, Draw.MostSources); i++)
            invalid
                .Text($"/sources/{i}/name", Sources![i].Name, Draw.LongestLine)
                .If(Sources[i].Kind is null, $"/sources/{i}/kind", "value.missing", "integers, decimal or alphanumeric.")
                .If(Sources[i].Count is null, $"/sources/{i}/count", "value.missing", "How many values it gives is required.")
                .If(
                    Sources[i].KnownFrom is null,
                    $"/sources/{i}/knownFrom",
                    "value.missing",
                    "The instant before which it has no value is required."
                );
        return invalid;
    }

    internal static Decision Decide(
        PublicHearing hearing,
        AnnounceDraw command,
        IReadOnlyList<HearingSeat> applications,
        Guid drawId,
        Actor by,
        DateTimeOffset now
    )
    {
        if (hearing.Terms.Method is not SelectionMethod.Draw)
            return ConsultationProblems.HearingState.With("Participants of this hearing are not drawn: another rule was announced.");
        if (hearing.Pending is { } pending)
            return ConsultationProblems.DrawPending.With(
                $"The pool of draw {pending.Number} is published, with its hash {pending.PoolHash}, and does not change any more. It is drawn with the values of its sources; only where one of them fails there is another draw."
            );
        if (hearing.StateAt(now) is not HearingState.Closed || now >= hearing.Terms.StartsAt)
            return hearing.WrongState(now, "drawn for", "once applications are closed, until it begins");
        if (applications.Count <= hearing.Terms.Seats)
            return ConsultationProblems.HearingState.With(
                $"There are {hearing.Terms.Seats} seats for {applications.Count} applications: everybody takes part, and nothing is drawn."
            );
        var pool = Selection.Pool(applications);
        var announcement = new DrawAnnouncement(
            hearing.Terms.Title,
            now,
            pool,
            DrawAnnouncement.HashOf(pool),
            hearing.Terms.Seats,
            Math.Min(hearing.Terms.Alternates, pool.Count - hearing.Terms.Seats),
            [
                .. command.Sources!.Select(s => new DrawSource(
                    s.Name!.Trim(),
                    s.Kind!.Value,
                    s.Count!.Value,
                    s.KnownFrom!.Value.ToUniversalTime()
                )),
            ],
            command.Algorithm ?? DrawAlgorithm.Sha256
        );
        if (Draw.Check(announcement) is { } unfit)
            return unfit;
        var invalid = new Invalid();
        for (var i = 0; i < announcement.Sources.Count; i++)
            invalid.If(
                announcement.Sources[i].KnownFrom >= hearing.Terms.StartsAt,
                $"/sources/{i}/knownFrom",
                "source.late",
                "A source has its value before the hearing begins."
            );
        if (invalid.Problem is { } late)
            return late;
        var number = hearing.Draws.Count + 1;
        return Decision
            .Record(new HearingDrawAnnounced(number, drawId, announcement.Hash(), announcement.PoolHash, by, now))
            .Knowing(new DrawAnnounced(drawId, hearing.Id, number, announcement, by, now));
    }
}

/// <summary>A public source that has no value yet.</summary>
/// <param name="Name">Which it is, so that everybody finds the same: the lottery and its round, the index and its day.</param>
/// <param name="Kind">What it gives.</param>
/// <param name="Count">How many values it gives.</param>
/// <param name="KnownFrom">The instant before which it has no value.</param>
public sealed record NamedDrawSource(string? Name, SourceKind? Kind, int? Count, DateTimeOffset? KnownFrom);
