using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>
/// Records what the sources of a draw said, where and when it was read, and draws: who takes part follows from it. A source that failed makes
/// the draw void.
/// </summary>
/// <param name="Values">What each source said, or why it said nothing.</param>
/// <example>{"values": [{"source": "双色球第2026077期红球", "values": ["3", "9", "17", "22", "28", "31"], "readFrom": "https://www.cwl.gov.cn/",
/// "readAt": "2026-07-08T01:00:00Z"}]}</example>
public sealed record RecordDrawValues(IReadOnlyList<ReadDrawValue>? Values) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/hearings/{id:guid}/draws/{number:int}/values", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<HearingDrawView>()
            .WithName("recordHearingDrawValues");

    static Task<IResult> Post(
        Guid id,
        int number,
        RecordDrawValues command,
        Caller caller,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    ) =>
        writer.Step(
            http,
            id,
            caller,
            command.Check(),
            time,
            async (hearing, session) =>
            {
                if (hearing.Draws.FirstOrDefault(d => d.Number == number) is not { } of)
                    return ReadDraws.NotFound(number);
                // Whoever withdraws does so before or after, not meanwhile.
                await session.BeAlone(id, http.RequestAborted);
                var draw = (await session.LoadAsync<HearingDraw>(of.Id, http.RequestAborted))!;
                var decision = Decide(
                    hearing,
                    draw,
                    command,
                    await session.Applications(id, http.RequestAborted),
                    caller.Actor(),
                    time.GetUtcNow()
                );
                if (decision.Facts.OfType<DrawHeld>().FirstOrDefault() is not { } held)
                    return decision;
                session.Events.Append(draw.Id, draw.Version + 1, held);
                return decision.Knowing(HearingDraw.Next(draw, held));
            },
            recorded => new Answer(200, HearingDrawView.Of(id, recorded.Known<HearingDraw>()!))
        );

    Invalid Check()
    {
        var invalid = new Invalid()
            .If(Values is not { Count: > 0 }, "/values", "value.missing", "What the sources said is required.")
            .If(Values?.Count > Draw.MostSources, "/values", "value.wrong", $"A draw has at most {Draw.MostSources} sources.");
        for (var i = 0; i < Math.Min(Values?.Count ?? 0, Draw.MostSources); i++)
            invalid
                .Text($"/values/{i}/source", Values![i].Source, Draw.LongestLine)
                .If(Values[i].Values?.Count > Draw.MostValues, $"/values/{i}/values", "value.wrong", $"At most {Draw.MostValues} values.")
                .Text($"/values/{i}/readFrom", Values[i].ReadFrom, Draw.LongestText)
                .If(Values[i].ReadAt is null, $"/values/{i}/readAt", "value.missing", "When it was read is required.");
        return invalid;
    }

    internal static Decision Decide(
        PublicHearing hearing,
        HearingDraw draw,
        RecordDrawValues command,
        IReadOnlyList<HearingSeat> applications,
        Actor by,
        DateTimeOffset now
    )
    {
        if (draw.Outcome is { } outcome)
            return ConsultationProblems.DrawHeld.With(
                $"Draw {draw.Number} is over since {outcome.At:u}: what it came to stands, and stays readable."
            );
        if (hearing.StateAt(now) is not HearingState.Closed || now >= hearing.Terms.StartsAt)
            return hearing.WrongState(now, "drawn for", "once applications are closed, until it begins");
        SourceValue[] values =
        [
            .. command.Values!.Select(v => new SourceValue(
                v.Source!.Trim(),
                v.Values ?? [],
                v.ReadFrom!.Trim(),
                v.ReadAt!.Value.ToUniversalTime(),
                v.Failure
            )),
        ];
        var (drawn, problem) = Draw.Hold(draw.Announcement, values, now);
        if (problem is not null)
            return problem;
        var held = new HearingDrawHeld(draw.Number, drawn!.Void, by, now);
        return (
            drawn.Void is null
                ? Decision.Record(held, Selection.ByDraw(draw.Announcement, drawn, applications, now))
                : Decision.Record(held)
        ).Knowing(new DrawHeld(values, drawn, by, now));
    }
}

/// <summary>What a source said, or that it said nothing.</summary>
/// <param name="Source">The name of the source, as it was announced.</param>
/// <param name="Values">Its values as they were read, in any order; none where it failed.</param>
/// <param name="ReadFrom">Where they were read, or looked for.</param>
/// <param name="ReadAt">When.</param>
/// <param name="Failure">Why there is no value; left out where there is one.</param>
public sealed record ReadDrawValue(
    string? Source,
    IReadOnlyList<string>? Values,
    string? ReadFrom,
    DateTimeOffset? ReadAt,
    string? Failure
);
