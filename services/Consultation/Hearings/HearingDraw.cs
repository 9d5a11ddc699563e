using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>All that decides a draw except its sources' values was published; from now on none of it changes.</summary>
/// <param name="DrawId">The draw.</param>
/// <param name="HearingId">The hearing.</param>
/// <param name="Number">Which draw of the hearing.</param>
/// <param name="Announcement">What was published.</param>
/// <param name="By">Who published it.</param>
/// <param name="At">When.</param>
public sealed record DrawAnnounced(Guid DrawId, Guid HearingId, int Number, DrawAnnouncement Announcement, Actor By, DateTimeOffset At)
    : IEventOf<HearingDraw>;

/// <summary>The sources spoke, and it was drawn, or is void.</summary>
public sealed record DrawHeld(IReadOnlyList<SourceValue> Values, DrawOutcome Outcome, Actor By, DateTimeOffset At) : IEventOf<HearingDraw>;

/// <summary>A draw of the participants of a hearing; void ones stay.</summary>
public sealed record HearingDraw : IState<HearingDraw>
{
    /// <summary>The draw's id, and its stream's.</summary>
    public Guid Id { get; init; }

    /// <summary>How many events there are; set by Marten.</summary>
    public long Version { get; set; }

    /// <summary>Which draw of the hearing.</summary>
    public int Number { get; init; }

    /// <summary>What was published before.</summary>
    public DrawAnnouncement Announcement { get; init; } = new("", default, [], "", 0, 0, []);

    /// <summary>What the sources said; empty while they have no values.</summary>
    public IReadOnlyList<SourceValue> Values { get; init; } = [];

    /// <summary>What it came to; null while its sources have no values.</summary>
    public DrawOutcome? Outcome { get; init; }

    /// <summary>The state after one more event.</summary>
    public static HearingDraw? Next(HearingDraw? draw, IEventOf<HearingDraw> happened) =>
        (draw, happened) switch
        {
            (null, DrawAnnounced e) => new()
            {
                Id = e.DrawId,
                Number = e.Number,
                Announcement = e.Announcement,
            },
            ({ } d, DrawHeld e) => d with { Values = e.Values, Outcome = e.Outcome },
            _ => draw,
        };
}
