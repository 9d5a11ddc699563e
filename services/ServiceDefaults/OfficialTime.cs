namespace PolicyPlatform.ServiceDefaults;

/// <summary>Dates of documents are days in China; instants are UTC.</summary>
public static class OfficialTime
{
    // China has kept UTC+8 without daylight saving since 1991; the fixed offset needs no time zone data on the machine.
    static readonly TimeSpan Offset = TimeSpan.FromHours(8);

    /// <summary>Today's date in Asia/Shanghai.</summary>
    public static DateOnly Today(this TimeProvider time) => DateIn(time.GetUtcNow());

    /// <summary>The instant at which a day begins in Asia/Shanghai.</summary>
    public static DateTimeOffset StartOf(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), Offset);

    /// <summary>The date in Asia/Shanghai at this instant.</summary>
    public static DateOnly DateIn(DateTimeOffset instant) => DateOnly.FromDateTime(instant.ToOffset(Offset).DateTime);
}
