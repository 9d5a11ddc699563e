using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Organisations;

/// <summary>What the changes have in common.</summary>
static class OrganisationChanges
{
    public static Task<IResult> Change(
        this EventWriter writer,
        HttpContext http,
        string code,
        DateOnly? effectiveFrom,
        TimeProvider time,
        Invalid invalid,
        Func<Organisation, DateOnly, IDocumentSession, Task<Decision>> decide
    )
    {
        var from = effectiveFrom ?? time.Today();
        return writer.Append<Organisation>(
            http,
            code,
            async (organisation, session) =>
            {
                if (organisation is null)
                    return FindOrganisation.NotFound(code);
                if (!organisation.ExistsOn(from))
                    invalid.Add(
                        "/effectiveFrom",
                        "organisation.notThere",
                        organisation.ValidUntil is { } until
                            ? (Wording)$"{code} exists from {organisation.ValidFrom:yyyy-MM-dd} to {until:yyyy-MM-dd}."
                            : $"{code} exists from {organisation.ValidFrom:yyyy-MM-dd} on."
                    );
                return invalid.Problem is { } problem ? problem : await decide(organisation, from, session);
            },
            recorded => new Answer(200, OrganisationView.Of(recorded.After(), time.Today()))
        );
    }
}
