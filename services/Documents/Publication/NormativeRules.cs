using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Shared.Deadlines;

namespace PolicyPlatform.Documents.Publication;

/// <summary>
/// What the days of 行政规范性文件 are to be, where no reason says otherwise: figures that differ by place and year, set by <c>Normative:…</c>
/// with these names.
/// </summary>
/// <param name="DaysBeforeForce">How many days lie at least between 发布日期 and 施行日期; 0 for none.</param>
/// <param name="LeastYears">How long the term is at least.</param>
/// <param name="MostYears">How long it is at most; 0 for any term, or none.</param>
/// <param name="LeastTrialYears">How long it is at least for what is 暂行 or 试行.</param>
/// <param name="MostTrialYears">How long it is at most for that.</param>
/// <param name="LegalityWorkingDays">How many working days a legality review has at least (M 25), of whatever needs one; 0 for none.</param>
public sealed record NormativeRules(
    int DaysBeforeForce,
    int LeastYears,
    int MostYears,
    int LeastTrialYears,
    int MostTrialYears,
    int LegalityWorkingDays
)
{
    /// <summary>Reads what is set.</summary>
    internal static NormativeRules From(IConfiguration configuration)
    {
        var set = configuration.GetSection("Normative");
        return new(
            set.GetValue(nameof(DaysBeforeForce), 30),
            set.GetValue(nameof(LeastYears), 3),
            set.GetValue(nameof(MostYears), 5),
            set.GetValue(nameof(LeastTrialYears), 1),
            set.GetValue(nameof(MostTrialYears), 2),
            set.GetValue(nameof(LegalityWorkingDays), 7)
        );
    }

    /// <summary>The first day on which a text passes that went to review at an instant; null for any.</summary>
    public async Task<DateOnly?> LegalityFrom(Catalog.CatalogClient catalog, DateTimeOffset sent, CancellationToken cancellation) =>
        LegalityWorkingDays == 0
            ? null
            : (await Deadline.Count(catalog, OfficialTime.DateIn(sent), LegalityWorkingDays, LegalityWorkingDays, cancellation)).DueOn;

    /// <summary>
    /// Notes days that are not as the rules want them. What was published before it came into the library has the days that it has.
    /// </summary>
    public void Check(
        PolicyDocument document,
        DateOnly publishedOn,
        DateOnly effectiveFrom,
        DateOnly? expiresOn,
        DateOnly today,
        Invalid invalid
    )
    {
        if (document.Kind is not DocumentKind.Normative || publishedOn < today)
            return;
        invalid.If(
            effectiveFrom < publishedOn.AddDays(DaysBeforeForce),
            "/effectiveFrom",
            "normative.force.tooEarly",
            $"行政规范性文件 take effect {DaysBeforeForce} days after their publication or later, from {publishedOn.AddDays(DaysBeforeForce):yyyy-MM-dd} on, or for a reason in `datesReason`."
        );
        if (MostYears == 0)
            return;
        var isOnTrial =
            document.Title.Contains("暂行", StringComparison.Ordinal) || document.Title.Contains("试行", StringComparison.Ordinal);
        var (least, most) = isOnTrial ? (LeastTrialYears, MostTrialYears) : (LeastYears, MostYears);
        // 有效期五年 from 1 March ends on the last day of February; where it is said to end on the first of March, that is meant as well.
        var (first, last) = (effectiveFrom.AddYears(least).AddDays(-1), effectiveFrom.AddYears(most));
        invalid.If(
            !(expiresOn >= first && expiresOn <= last),
            "/expiresOn",
            "normative.term.outOfRange",
            $"The term of 行政规范性文件 is {least} to {most} years: `expiresOn` from {first:yyyy-MM-dd} to {last:yyyy-MM-dd}, or a reason in `datesReason`."
        );
    }
}
