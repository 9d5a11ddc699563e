using PolicyPlatform.Catalog;
using PolicyPlatform.Catalog.Api;
using PolicyPlatform.Catalog.Calendar;
using PolicyPlatform.Catalog.Decisions;
using PolicyPlatform.Catalog.Disclosure;
using PolicyPlatform.Catalog.Lists;
using PolicyPlatform.Catalog.Obligations;
using PolicyPlatform.Catalog.Organisations;
using PolicyPlatform.Catalog.Subjects;
using PolicyPlatform.Catalog.Subscriptions;
using PolicyPlatform.Catalog.Topics;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Contracts.Interpretation.V1;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.OpenApi;

var builder = ServiceHost.NewBuilder(args);
var service = new Service(builder, "catalog", CatalogStore.Configure, CatalogStore.Made)
    .Receives()
    .Answers<CatalogApi>()
    .Asks<Documents.DocumentsClient>("Documents")
    .Asks<Interpretation.InterpretationClient>("Interpretation")
    .With<OrganisationsCapability>()
    .With<SubjectsCapability>()
    .With<CalendarCapability>()
    .With<DisclosureCapability>()
    .With<ObligationsCapability>()
    .With<DecisionsCapability>()
    .With<ListsCapability>()
    .With<TopicsCapability>()
    .With<SubscriptionsCapability>();
service.Services.AddOpenApi("v1", ApiDocument.Describe);
await service.Run(args);
