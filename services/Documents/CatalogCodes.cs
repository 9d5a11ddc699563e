using Grpc.Core;
using Microsoft.Extensions.Caching.Memory;
using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Operations;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents;

/// <summary>
/// Asks the Catalog whether codes exist and what they are called. What exists is remembered for half a minute, and not into the next day, on
/// which it may be called otherwise; what does not is asked again each time.
/// </summary>
public sealed class CatalogCodes(Catalog.CatalogClient catalog, IMemoryCache cache, TimeProvider time)
{
    static readonly TimeSpan Remembered = TimeSpan.FromSeconds(30);

    readonly CacheUse use = new("catalog_codes");

    enum Of
    {
        Organisation,
        Subject,
        DisclosureItem,
        NamedOrganisation,
    }

    /// <summary>Notes an organisation that the Catalog does not know.</summary>
    public async Task Check(string organisation, string pointer, Invalid invalid, CancellationToken cancellation)
    {
        if (!IsNew(Of.Organisation, organisation))
            return;
        var found = await catalog.ResolveCodesAsync(new() { Organisations = { organisation } }, cancellationToken: cancellation);
        Remember(Of.Organisation, found.Organisations);
        invalid.If(found.Organisations.Count == 0, pointer, Unknown, UnknownOrganisation(organisation));
    }

    /// <summary>
    /// Notes the codes of a document's elements that the Catalog does not know; issuers are those of today, or <paramref name="ofAnyDay"/>.
    /// </summary>
    public async Task Check(
        IReadOnlyList<string> issuers,
        string? subject,
        string? disclosureItem,
        Invalid invalid,
        CancellationToken cancellation,
        bool ofAnyDay = false
    )
    {
        var ask = new ResolveCodesRequest { OfAnyDay = ofAnyDay };
        var organisations = ofAnyDay ? Of.NamedOrganisation : Of.Organisation;
        ask.Organisations.AddRange(issuers.Where(code => IsNew(organisations, code)));
        if (subject is not null && IsNew(Of.Subject, subject))
            ask.Subjects.Add(subject);
        if (disclosureItem is not null && IsNew(Of.DisclosureItem, disclosureItem))
            ask.DisclosureItems.Add(disclosureItem);
        if (ask.Organisations.Count + ask.Subjects.Count + ask.DisclosureItems.Count == 0)
            return;
        var found = await catalog.ResolveCodesAsync(ask, cancellationToken: cancellation);
        Remember(organisations, found.Organisations);
        Remember(Of.Subject, found.Subjects);
        Remember(Of.DisclosureItem, found.DisclosureItems);
        for (var i = 0; i < issuers.Count; i++)
            invalid.If(
                ask.Organisations.Contains(issuers[i]) && found.Organisations.All(o => o.Code != issuers[i]),
                $"/issuers/{i}",
                Unknown,
                UnknownOrganisation(issuers[i])
            );
        invalid.If(
            ask.Subjects.Count > 0 && found.Subjects.Count == 0,
            "/subject",
            "subject.unknown",
            $"The Catalog has no subject category {subject}. See GET /api/v1/subjects."
        );
        invalid.If(
            ask.DisclosureItems.Count > 0 && found.DisclosureItems.Count == 0,
            "/disclosureItem",
            "disclosureItem.unknown",
            $"The disclosure catalogue has no item {disclosureItem} today. It is named by layer and code, district/04-01; see GET /api/v1/disclosure-catalogues/district/items."
        );
    }

    /// <summary>
    /// The codes of an import's issuers and subject, which may be given by their names. A name that is not known, or that several bear, is
    /// noted and stays.
    /// </summary>
    public async Task<(IReadOnlyList<string>? Issuers, string? Subject)> Codes(
        IReadOnlyList<string>? issuers,
        string? subject,
        Invalid invalid,
        CancellationToken cancellation
    )
    {
        var ask = new ResolveCodesRequest();
        if (issuers?.Count <= Elements.MostIssuers)
            ask.OrganisationNames.AddRange(issuers.Where(IsName).Distinct());
        if (subject is not null && IsName(subject))
            ask.SubjectNames.Add(subject);
        if (ask.OrganisationNames.Count + ask.SubjectNames.Count == 0)
            return (issuers, subject);
        var found = await catalog.ResolveCodesAsync(ask, cancellationToken: cancellation);
        return (
            [.. (issuers ?? []).Select((issuer, i) => Code(issuer, $"/issuers/{i}", found.NamedOrganisations))],
            subject is null ? null : Code(subject, "/subject", found.NamedSubjects)
        );

        string Code(string given, string at, IEnumerable<CodeName> named)
        {
            if (!IsName(given))
                return given;
            var codes = named.Where(n => n.Name == given).Select(n => n.Code).ToArray();
            // What is unknown is told when the codes are checked.
            invalid.If(codes.Length > 1, at, "name.ambiguous", $"Several are called {given}: {string.Join(", ", codes)}. Give the code.");
            return codes is [var only] ? only : given;
        }

        // Codes have letters, digits and hyphens.
        static bool IsName(string given) => given.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not '-');
    }

    /// <summary>
    /// Who does today what organisations did: each itself while it exists, or else the one that took over; null where the Catalog knows nobody.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, string?>> TakingOver(
        IEnumerable<string> organisations,
        DateOnly today,
        CancellationToken cancellation
    )
    {
        var taking = new Dictionary<string, string?>();
        foreach (var some in organisations.Distinct().Chunk(MostAtOnce))
        {
            var found = await catalog.ResolveCodesAsync(
                new() { OfAnyDay = true, Organisations = { some } },
                cancellationToken: cancellation
            );
            foreach (var known in found.Organisations)
                taking[known.Code] =
                    known.ValidUntil.Length == 0
                    || DateOnly.ParseExact(known.ValidUntil, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) >= today
                        ? known.Code
                    : known.Successor.Length > 0 ? known.Successor
                    : null;
        }
        return taking;
    }

    /// <summary>
    /// Whether these bodies stand above the district: they publish what they issue elsewhere, and the library takes it in from there.
    /// </summary>
    public async Task<bool> PublishElsewhere(IReadOnlyList<string> issuers, CancellationToken cancellation)
    {
        var found = await catalog.ResolveCodesAsync(
            new() { OfAnyDay = true, Organisations = { issuers.Distinct() } },
            cancellationToken: cancellation
        );
        return issuers.All(i => found.Organisations.Any(o => o.Code == i && Above.Contains(o.Type)));
    }

    // As the Catalog calls them.
    static readonly string[] Above = ["stateCouncil", "stateDepartment", "province", "provincialDepartment", "city", "municipalDepartment"];

    /// <summary>The number with the name of the body that issues the document, where it does not say whose it is.</summary>
    public async Task<DocumentNumber> Complete(DocumentNumber number, string issuer, CancellationToken cancellation)
    {
        if (!number.NamesNobody)
            return number;
        if (cache.TryGetValue(Known(Of.NamedOrganisation, issuer), out string? known))
            return number.Of(known!);
        var found = (
            await catalog.ResolveCodesAsync(new() { OfAnyDay = true, Organisations = { issuer } }, cancellationToken: cancellation)
        ).Organisations;
        Remember(Of.NamedOrganisation, found);
        return number.Of(found is [var body] ? body.Name : issuer);
    }

    /// <summary>
    /// The names that people read beside codes; where the Catalog does not answer or does not know one, the code stands for it.
    /// </summary>
    public async Task<CatalogNames> Names(IEnumerable<string> organisations, IEnumerable<string> subjects, CancellationToken cancellation)
    {
        string[] bodies = [.. organisations.Distinct()],
            themes = [.. subjects.Distinct()];
        try
        {
            foreach (
                var some in bodies
                    .Select(b => (b, IsBody: true))
                    .Concat(themes.Select(t => (b: t, IsBody: false)))
                    .Where(c => IsNew(c.IsBody ? Of.NamedOrganisation : Of.Subject, c.b))
                    .Chunk(MostAtOnce)
            )
            {
                var ask = new ResolveCodesRequest { OfAnyDay = true };
                ask.Organisations.AddRange(some.Where(c => c.IsBody).Select(c => c.b));
                ask.Subjects.AddRange(some.Where(c => !c.IsBody).Select(c => c.b));
                var found = await catalog.ResolveCodesAsync(ask, cancellationToken: cancellation);
                Remember(Of.NamedOrganisation, found.Organisations);
                Remember(Of.Subject, found.Subjects);
            }
        }
        catch (RpcException e) when (Faults.IsTemporary(e))
        {
            // Codes are better than no answer.
        }
        return new(Named(Of.NamedOrganisation, bodies), Named(Of.Subject, themes));

        Dictionary<string, string> Named(Of kind, string[] codes) =>
            codes.ToDictionary(c => c, c => cache.TryGetValue(Known(kind, c), out string? name) ? name! : c);
    }

    const int MostAtOnce = 200;

    const string Unknown = "organisation.unknown";

    static Wording UnknownOrganisation(string code) => $"The Catalog has no organisation {code} today. See GET /api/v1/organisations.";

    bool IsNew(Of kind, string code) => !use.Count(cache.TryGetValue(Known(kind, code), out _));

    // By the day of the platform's clock: a planned name or a last day takes effect with it.
    (Of, string, DateOnly) Known(Of kind, string code) => (kind, code, time.Today());

    void Remember(Of kind, IEnumerable<CodeName> found)
    {
        foreach (var known in found)
            cache.Set(Known(kind, known.Code), known.Name, Remembered);
    }
}

/// <summary>The names of organisations and subject categories, by their codes.</summary>
public sealed record CatalogNames(IReadOnlyDictionary<string, string> Organisations, IReadOnlyDictionary<string, string> Subjects)
{
    /// <summary>The name of an organisation; its code where that is all that is known.</summary>
    public string Organisation(string code) => Organisations.GetValueOrDefault(code, code);

    /// <summary>The name of a subject category.</summary>
    public string Subject(string code) => Subjects.GetValueOrDefault(code, code);

    /// <summary>The same while the names are.</summary>
    public string Mark =>
        Text.CanonicalText.Hash(
            string.Join('\n', Organisations.Concat(Subjects).OrderBy(n => n.Key, StringComparer.Ordinal).Select(n => $"{n.Key}={n.Value}"))
        )[..8];
}
