namespace PolicyPlatform.Interpretation.KnownDocuments;

/// <summary>A published document as Interpretation knows it: enough to plan and to show interpretations when Documents is away.</summary>
/// <param name="Id">The document.</param>
/// <param name="Version">The version of the document's history that this was learnt from.</param>
/// <param name="Title">标题.</param>
/// <param name="DocumentNumber">发文字号.</param>
/// <param name="Revision">The newest revision that is known of.</param>
/// <param name="PublishedOn">发布日期.</param>
/// <param name="RepealedFrom">The first day on which it is no longer in force because of a repeal.</param>
/// <param name="SupersededFrom">The first day on which another document stands in its place.</param>
/// <param name="ExpiredOn">Its last day, once that has passed.</param>
public sealed record KnownDocument(
    Guid Id,
    long Version,
    string Title,
    string DocumentNumber,
    int Revision,
    DateOnly PublishedOn,
    DateOnly? RepealedFrom = null,
    DateOnly? SupersededFrom = null,
    DateOnly? ExpiredOn = null
)
{
    /// <summary>施行日期.</summary>
    public DateOnly EffectiveFrom { get; init; }

    /// <summary>有效期至, the last day in force; null for no end.</summary>
    public DateOnly? ExpiresOn { get; init; }

    /// <summary>The version of the document's history that last set it, of those that were heard of.</summary>
    public long ExpirySetIn { get; init; }

    /// <summary>The version of the document's history that last ended it or took its end back, of those that were heard of.</summary>
    public long EndSetIn { get; init; }

    /// <summary>The version of the document's history that last put its elements right, of those that were heard of.</summary>
    public long ElementsSetIn { get; init; }

    /// <summary>发文机关, codes of the Catalog, the leading one first.</summary>
    public IReadOnlyList<string> Issuers { get; init; } = [];

    /// <summary>How its text changed, as far as that was heard of: what is written for an earlier text may not fit the later one.</summary>
    public IReadOnlyList<TextChange> Changes { get; init; } = [];

    /// <summary>The last day on which it is in force, by repeal, supersession or the end of its term; null while none is known.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public DateOnly? LastDay => new[] { RepealedFrom?.AddDays(-1), SupersededFrom?.AddDays(-1), ExpiresOn, ExpiredOn }.Min();
}

/// <summary>A change of a public text.</summary>
/// <param name="PreviousRevision">The text that it was before.</param>
/// <param name="Revision">The text that it becomes.</param>
/// <param name="EffectiveFrom">The first day of the new text, Asia/Shanghai; it can lie in the future.</param>
public sealed record TextChange(int PreviousRevision, int Revision, DateOnly EffectiveFrom);
