using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using PolicyPlatform.Catalog.Calendar;
using PolicyPlatform.Catalog.Decisions;
using PolicyPlatform.Catalog.Disclosure;
using PolicyPlatform.Catalog.Lists;
using PolicyPlatform.Catalog.Obligations;
using PolicyPlatform.Catalog.Organisations;
using PolicyPlatform.Catalog.Subjects;
using PolicyPlatform.Catalog.Subscriptions;
using PolicyPlatform.Catalog.Topics;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Catalog;

/// <summary>What the Catalog keeps.</summary>
static class CatalogStore
{
    /// <summary>The versions of what is made of events. Whoever changes what one makes counts its version up.</summary>
    internal static readonly (string Name, int Version)[] Made =
    [
        (nameof(Organisation), 2),
        (nameof(Subject), 1),
        (nameof(CalendarYear), 1),
        (nameof(DisclosureItem), 1),
        (nameof(Obligation), 4),
        (nameof(DecisionCatalogue), 1),
        (nameof(ServiceList), 1),
        (nameof(ListEntryProjection), 1),
        (nameof(Topic), 1),
        (nameof(Subscription), 2),
        (nameof(ObligationCalendar), 1),
    ];

    internal static void Configure(StoreOptions options)
    {
        // What is kept here is known by codes that people gave.
        options.Events.StreamIdentity = StreamIdentity.AsString;
        options.Keep<Organisation, string>();
        options.Keep<Subject, string>();
        options.Keep<CalendarYear, string>();
        options.Keep<DisclosureItem, string>();
        options.Keep<Obligation, string>();
        options.Keep<DecisionCatalogue, string>();
        options.Keep<ServiceList, string>();
        options.Projections.Add(new ListEntryProjection(), ProjectionLifecycle.Inline, nameof(ListEntryProjection));
        options.Schema.For<ListEntry>().Duplicate(e => e.Kind).Duplicate(e => e.Code);
        options.Keep<Topic, string>();
        options.Keep<Subscription, string>();
        options.Keep<ObligationCalendar, string>();
        options.Schema.For<ObligationCalendar>().Duplicate(c => c.Owner);
        options.Schema.For<Subscription>().Duplicate(s => s.State).Duplicate(s => s.Owner);
        options.Schema.For<SubscriptionTarget>().Duplicate(t => t.Fingerprint!);
        options.Schema.For<AskedMailbox>().UseNumericRevisions(true).Duplicate(m => m.LastAt);
        options.Schema.For<Delivery>().Duplicate(d => d.SubscriptionId).Duplicate(d => d.At).Duplicate(d => d.State);
        options.Schema.For<Obligation>().Duplicate(o => o.NextDueOn).Duplicate(o => o.DocumentId);
        options.Schema.For<HiddenDocument>();
        options.Schema.For<TreeChange>();
        options.Schema.For<UnnumberedDocument>().DocumentAlias("heardof");
        options.Schema.For<DisclosureItem>().Duplicate(i => i.Layer);
    }
}
