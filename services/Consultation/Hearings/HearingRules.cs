using PolicyPlatform.ServiceDefaults;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>
/// How long before a hearing something is to be done: figures that differ by place and year, set by <c>Consultation:HearingNoticeDays</c>,
/// <c>DecisionHearingNoticeDays</c>, <c>SymposiumNoticeDays</c>, <c>HearingMaterialDays</c> and <c>HearingMaterialReminderDays</c>. Days are
/// counted back over the calendar, days off included: only a period that runs on rolls to the next working day (民法典 203).
/// </summary>
/// <param name="RulesNotice">So many days before, a hearing about rules is announced (R 16).</param>
/// <param name="DecisionNotice">So many days before, a hearing about a major decision, or anything else, is announced (M 16).</param>
/// <param name="SymposiumNotice">So many days before, a symposium is announced; no law says how many.</param>
/// <param name="Materials">So many days before, participants of a hearing have its materials (M 16).</param>
/// <param name="Reminder">So many days before that, the body is reminded of them.</param>
public sealed record HearingRules(int RulesNotice, int DecisionNotice, int SymposiumNotice, int Materials, int Reminder)
{
    /// <summary>Reads what is set.</summary>
    internal static HearingRules From(IConfiguration configuration) =>
        new(
            configuration.GetValue("Consultation:HearingNoticeDays", 30),
            configuration.GetValue("Consultation:DecisionHearingNoticeDays", 7),
            configuration.GetValue("Consultation:SymposiumNoticeDays", 0),
            configuration.GetValue("Consultation:HearingMaterialDays", 7),
            configuration.GetValue("Consultation:HearingMaterialReminderDays", 3)
        );

    /// <summary>The first day, Asia/Shanghai, on which something that is announced on a day can be held.</summary>
    public DateOnly Earliest(HearingKind kind, HearingGround ground, DateOnly announcedOn) => announcedOn.AddDays(Notice(kind, ground));

    /// <summary>How many days before it is announced.</summary>
    public int Notice(HearingKind kind, HearingGround ground) =>
        kind is HearingKind.Symposium ? SymposiumNotice
        : ground is HearingGround.Rules ? RulesNotice
        : DecisionNotice;

    /// <summary>The last day, Asia/Shanghai, for the materials of what begins at an instant; null for a symposium, which has none that are due.</summary>
    public DateOnly? MaterialsDueOn(HearingKind kind, DateTimeOffset startsAt) =>
        kind is HearingKind.Hearing ? OfficialTime.DateIn(startsAt).AddDays(-Materials) : null;
}
