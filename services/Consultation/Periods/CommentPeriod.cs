using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Consultation.Periods;

/// <summary>
/// How long the public is heard: figures that differ by place and year, set by <c>Consultation:MinimumDays</c> and
/// <c>Consultation:FeedbackWeeks</c>.
/// </summary>
/// <param name="MinimumDays">A period of less is shorter than the rules want, and says why (M 15, R 15; 优化营商环境条例 62).</param>
/// <param name="FeedbackWeeks">How many weeks after closing feedback is due where nothing else is said.</param>
public sealed record CommentPeriod(int MinimumDays, int FeedbackWeeks)
{
    /// <summary>Nobody is asked for longer.</summary>
    internal const int MostDays = 366;

    /// <summary>Feedback is not put off for longer.</summary>
    internal const int MostFeedbackWeeks = 52;

    /// <summary>Reads what is set.</summary>
    internal static CommentPeriod From(IConfiguration configuration) =>
        new(configuration.GetValue("Consultation:MinimumDays", 30), configuration.GetValue("Consultation:FeedbackWeeks", 12));

    /// <summary>
    /// Whether a period is long enough. Its first day does not count itself (民法典 201), and its last one counts to its end.
    /// </summary>
    public bool IsLongEnough(DateOnly opensOn, DateOnly closesOn) => closesOn >= opensOn.AddDays(MinimumDays);

    /// <summary>Notes what is wrong with a period.</summary>
    public void Check(Invalid invalid, DateOnly opensOn, DateOnly closesOn, string? shorterBecause, bool touchesBusiness)
    {
        invalid
            .If(closesOn < opensOn, "/closesOn", "date.inPast", "The last day for comments is today or later.")
            .If(closesOn > opensOn.AddDays(MostDays), "/closesOn", "date.tooFar", $"A consultation lasts at most {MostDays} days.");
        if (IsLongEnough(opensOn, closesOn))
            return;
        invalid
            .If(
                touchesBusiness,
                "/closesOn",
                "consultation.period.tooShort",
                $"What touches business is consulted on for at least {MinimumDays} days (优化营商环境条例 62): until {opensOn.AddDays(MinimumDays):yyyy-MM-dd} or later."
            )
            .If(
                !touchesBusiness && string.IsNullOrWhiteSpace(shorterBecause),
                "/shorterBecause",
                "consultation.period.tooShort",
                $"Less than {MinimumDays} days need a reason, which is published (M 15): give one, or let it last until {opensOn.AddDays(MinimumDays):yyyy-MM-dd} or later."
            );
    }
}
