using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using PolicyPlatform.Catalog.Calendar;
using PolicyPlatform.Catalog.Organisations;
using PolicyPlatform.Catalog.Subjects;

namespace PolicyPlatform.Catalog;

/// <summary>What the Catalog keeps.</summary>
static class CatalogStore
{
    internal static void Configure(StoreOptions options)
    {
        // What is kept here is known by codes that people gave.
        options.Events.StreamIdentity = StreamIdentity.AsString;
        options.Projections.Add<OrganisationProjection>(ProjectionLifecycle.Inline);
        options.Projections.Add<SubjectProjection>(ProjectionLifecycle.Inline);
        options.Projections.Add<CalendarYearProjection>(ProjectionLifecycle.Inline);
    }
}
