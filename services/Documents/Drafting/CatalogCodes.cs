using Microsoft.Extensions.Caching.Memory;
using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.Drafting;

/// <summary>Asks the Catalog whether codes exist. What exists is remembered for half a minute; what does not is asked again each time.</summary>
public sealed class CatalogCodes(Catalog.CatalogClient catalog, IMemoryCache cache)
{
    static readonly TimeSpan Remembered = TimeSpan.FromSeconds(30);

    /// <summary>Notes the organisations and the subject category that the Catalog does not know.</summary>
    public async Task Check(IReadOnlyList<string> issuers, string? subject, Invalid invalid, CancellationToken cancellation)
    {
        var ask = new ResolveCodesRequest();
        ask.Organisations.AddRange(issuers.Where(code => !cache.TryGetValue(("organisation", code), out _)));
        if (subject is not null && !cache.TryGetValue(("subject", subject), out _)) ask.Subjects.Add(subject);
        if (ask.Organisations.Count + ask.Subjects.Count == 0) return;
        var found = await catalog.ResolveCodesAsync(ask, cancellationToken: cancellation);
        foreach (var known in found.Organisations) cache.Set(("organisation", known.Code), known.Name, Remembered);
        foreach (var known in found.Subjects) cache.Set(("subject", known.Code), known.Name, Remembered);
        for (var i = 0; i < issuers.Count; i++)
            invalid.If(ask.Organisations.Contains(issuers[i]) && found.Organisations.All(o => o.Code != issuers[i]),
                $"/issuers/{i}", "organisation.unknown", $"The Catalog has no organisation {issuers[i]}. See GET /api/v1/organisations.");
        invalid.If(ask.Subjects.Count > 0 && found.Subjects.Count == 0, "/subject", "subject.unknown", $"The Catalog has no subject category {subject}. See GET /api/v1/subjects.");
    }
}
