using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents;

/// <summary>The rules for the elements of a draft, wherever they come in.</summary>
static class Elements
{
    internal const int LongestTitle = 300;

    internal const int MostIssuers = 20;

    const int LongestReason = 2000;

    /// <summary>
    /// Notes everything wrong with these elements, unknown codes included; issuers are those of today, or <paramref name="ofAnyDay"/>.
    /// </summary>
    public static async Task<Invalid> Check(
        this CatalogCodes catalog,
        string? title,
        IReadOnlyList<string>? issuers,
        string? subject,
        Disclosure? disclosure,
        string? disclosureItem,
        Invalid invalid,
        CancellationToken cancellation,
        bool ofAnyDay = false
    )
    {
        invalid
            .Text("/title", title, LongestTitle)
            .If(
                issuers is null or { Count: 0 },
                "/issuers",
                "value.missing",
                "At least one issuing organisation is required, the leading one first."
            )
            .If(
                issuers?.Count > MostIssuers,
                "/issuers",
                "issuers.tooMany",
                $"At most {MostIssuers} organisations issue a document together."
            )
            .If(issuers?.Distinct().Count() < issuers?.Count, "/issuers", "issuers.repeated", "Each organisation is named once.")
            .If(
                disclosure is { Attribute: not DisclosureKind.Proactive } && string.IsNullOrWhiteSpace(disclosure.Reason),
                "/disclosure/reason",
                "disclosure.reason.missing",
                "依申请公开 and 不予公开 need the legal ground (政府信息公开条例 13–16)."
            )
            .Text("/disclosure/reason", disclosure?.Reason, LongestReason, required: false);
        if (issuers is { Count: > 0 and <= MostIssuers })
            await catalog.Check(issuers, subject, disclosureItem, invalid, cancellation, ofAnyDay);
        return invalid;
    }
}
