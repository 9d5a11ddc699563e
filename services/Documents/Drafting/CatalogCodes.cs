using Microsoft.Extensions.Caching.Memory;
using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.Drafting;

/// <summary>Asks the Catalog whether codes exist. What exists is remembered for half a minute; what does not is asked again each time.</summary>
public sealed class CatalogCodes(Catalog.CatalogClient catalog, IMemoryCache cache)
{
    static readonly TimeSpan Remembered = TimeSpan.FromSeconds(30);

    enum Of { Organisation, Subject, DisclosureItem }

    /// <summary>Notes the codes that the Catalog does not know.</summary>
    public async Task Check(IReadOnlyList<string> issuers, string? subject, string? disclosureItem, Invalid invalid, CancellationToken cancellation)
    {
        var ask = new ResolveCodesRequest();
        ask.Organisations.AddRange(issuers.Where(code => IsNew(Of.Organisation, code)));
        if (subject is not null && IsNew(Of.Subject, subject)) ask.Subjects.Add(subject);
        if (disclosureItem is not null && IsNew(Of.DisclosureItem, disclosureItem)) ask.DisclosureItems.Add(disclosureItem);
        if (ask.Organisations.Count + ask.Subjects.Count + ask.DisclosureItems.Count == 0) return;
        var found = await catalog.ResolveCodesAsync(ask, cancellationToken: cancellation);
        Remember(Of.Organisation, found.Organisations);
        Remember(Of.Subject, found.Subjects);
        Remember(Of.DisclosureItem, found.DisclosureItems);
        for (var i = 0; i < issuers.Count; i++)
            invalid.If(ask.Organisations.Contains(issuers[i]) && found.Organisations.All(o => o.Code != issuers[i]),
                $"/issuers/{i}", "organisation.unknown", $"The Catalog has no organisation {issuers[i]} today. See GET /api/v1/organisations.");
        invalid.If(ask.Subjects.Count > 0 && found.Subjects.Count == 0, "/subject", "subject.unknown", $"The Catalog has no subject category {subject}. See GET /api/v1/subjects.");
        invalid.If(ask.DisclosureItems.Count > 0 && found.DisclosureItems.Count == 0, "/disclosureItem", "disclosureItem.unknown",
            $"The disclosure catalogue has no item {disclosureItem} today. It is named by layer and code, district/04-01; see GET /api/v1/disclosure-catalogues/district/items.");
    }

    bool IsNew(Of kind, string code) => !cache.TryGetValue((kind, code), out _);

    void Remember(Of kind, IEnumerable<CodeName> found)
    {
        foreach (var known in found) cache.Set((kind, known.Code), known.Name, Remembered);
    }
}
