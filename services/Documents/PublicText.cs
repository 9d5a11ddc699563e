namespace PolicyPlatform.Documents;

/// <summary>A text that the public may read, and the first day on which it is the text in force.</summary>
/// <param name="Revision">The revision.</param>
/// <param name="EffectiveFrom">The first day, Asia/Shanghai.</param>
/// <param name="RecordedAt">When the library came to know of it, UTC.</param>
/// <param name="Note">What the public is told of it; null for the text as published.</param>
/// <param name="Title">标题 while this is the text in force.</param>
/// <param name="Corrects">For a correction (勘误), the revision that it stands for.</param>
public sealed record PublicText(
    int Revision,
    DateOnly EffectiveFrom,
    DateTimeOffset RecordedAt,
    string? Note,
    string? Title = null,
    int? Corrects = null
);

/// <summary>Valid time: what holds on a day, of everything that is known.</summary>
public static class PublicTexts
{
    /// <summary>
    /// The text in force on a day: of those with the latest first day, the one recorded last, a correction in the place of what it
    /// corrects. Null before the first.
    /// </summary>
    public static PublicText? InForceOn(this IReadOnlyList<PublicText> texts, DateOnly day) =>
        texts.Where(t => t.EffectiveFrom <= day).MaxBy(t => (t.EffectiveFrom, texts.Original(t), t.Revision));

    /// <summary>The next text that will be in force after a day; null when none is known of.</summary>
    public static PublicText? ComingAfter(this IReadOnlyList<PublicText> texts, DateOnly day) =>
        texts.Where(t => t.EffectiveFrom > day).MinBy(t => t.EffectiveFrom) is { } next ? texts.InForceOn(next.EffectiveFrom) : null;

    /// <summary>The text that is read on a day: the one in force, before the first day the coming one.</summary>
    public static PublicText ReadOn(this IReadOnlyList<PublicText> texts, DateOnly day) => texts.InForceOn(day) ?? texts.ComingAfter(day)!;

    /// <summary>有效性 of a published document on a day.</summary>
    public static Validity ValidityOn(
        this IReadOnlyList<PublicText> texts,
        DateOnly day,
        DateOnly? expiresOn,
        DateOnly? repealedFrom,
        DateOnly? supersededFrom
    ) =>
        repealedFrom <= day ? Validity.Repealed
        : supersededFrom <= day ? Validity.Superseded
        : expiresOn < day ? Validity.Expired
        : texts.InForceOn(day) is not { } text ? Validity.NotYetInForce
        : texts.Original(text) == texts.Earliest().Revision ? Validity.InForce
        : Validity.Amended;

    /// <summary>
    /// The text that was the first to be in force; one that was imported later can come before the one that was published.
    /// </summary>
    public static PublicText Earliest(this IReadOnlyList<PublicText> texts) => texts.MinBy(t => (t.EffectiveFrom, t.Revision))!;

    /// <summary>Whether one is the other, or stands for it by corrections.</summary>
    public static bool IsSameText(this IReadOnlyList<PublicText> texts, PublicText one, PublicText other) =>
        texts.Original(one) == texts.Original(other);

    /// <summary>The texts once a correction of elements holds: their titles, and the first day of the one that it is about.</summary>
    public static IReadOnlyList<PublicText> Corrected(this IReadOnlyList<PublicText> texts, ElementsCorrected corrected)
    {
        var (before, after) = (corrected.Before, corrected.After);
        var moved = after.EffectiveFrom is null ? null : texts.First(t => t.Revision == corrected.Revision);
        return after.Title is null && moved is null
            ? texts
            :
            [
                .. texts.Select(t =>
                    t with
                    {
                        Title = after.Title is { } title && t.Title == before.Title ? title : t.Title,
                        EffectiveFrom = moved is not null && texts.IsSameText(t, moved) ? after.EffectiveFrom!.Value : t.EffectiveFrom,
                    }
                ),
            ];
    }

    // A correction is the text that it corrects, as it should have been: it amends nothing.
    static int Original(this IReadOnlyList<PublicText> texts, PublicText text)
    {
        while (text.Corrects is { } corrected)
            text = texts.First(t => t.Revision == corrected);
        return text.Revision;
    }
}
