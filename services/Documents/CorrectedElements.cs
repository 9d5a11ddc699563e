using System.Globalization;

namespace PolicyPlatform.Documents;

/// <summary>What a correction of elements says.</summary>
static class CorrectedElements
{
    // As people call them, and as the API does.
    static readonly (string Words, string Name, Func<GivenElements, string?> Of)[] All =
    [
        ("标题", "title", e => e.Title),
        (
            "文件种类",
            "kind",
            e =>
                e.Kind is { } kind
                    ? kind is DocumentKind.Normative
                        ? "行政规范性文件"
                        : "其他文件"
                    : null
        ),
        ("发文机关", "issuers", e => e.Issuers is { } issuers ? string.Join("、", issuers) : null),
        ("主题分类", "subject", e => e.Subject),
        ("发文字号", "documentNumber", e => e.Number?.ToString()),
        ("成文日期", "writtenOn", e => Day(e.WrittenOn)),
        ("发布日期", "publishedOn", e => Day(e.PublishedOn)),
        ("施行日期", "effectiveFrom", e => Day(e.EffectiveFrom)),
    ];

    /// <summary>The elements that it changes, as the API calls them.</summary>
    public static IReadOnlyList<string> Names(this ElementsCorrected corrected) =>
        [.. All.Where(e => e.Of(corrected.After) is not null).Select(e => e.Name)];

    /// <summary>What was said before and what is said now, for people.</summary>
    public static string Said(this ElementsCorrected corrected) =>
        string.Join(
            "；",
            All.Where(e => e.Of(corrected.After) is not null)
                .Select(e => $"{e.Words} {e.Of(corrected.Before) ?? "（缺）"} → {e.Of(corrected.After)}")
        );

    /// <summary>The same without what stays as it was.</summary>
    public static ElementsCorrected OnlyWhatDiffers(this ElementsCorrected corrected)
    {
        var (before, after) = (corrected.Before, corrected.After);
        var issuers = after.Issuers is { } given && before.Issuers?.SequenceEqual(given) is not true;
        return corrected with { Before = Only(before), After = Only(after) };

        GivenElements Only(GivenElements e) =>
            new(
                Changes(before.Title, after.Title) ? e.Title : null,
                Changes(before.Kind, after.Kind) ? e.Kind : null,
                issuers ? e.Issuers : null,
                Changes(before.Subject, after.Subject) ? e.Subject : null,
                Changes(before.Number, after.Number) ? e.Number : null,
                Changes(before.WrittenOn, after.WrittenOn) ? e.WrittenOn : null,
                Changes(before.PublishedOn, after.PublishedOn) ? e.PublishedOn : null,
                Changes(before.EffectiveFrom, after.EffectiveFrom) ? e.EffectiveFrom : null
            );

        static bool Changes<T>(T before, T after) => after is not null && !Equals(before, after);
    }

    static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
