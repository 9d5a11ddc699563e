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
using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Contracts.Interpretation.V1;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.Http;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(
    "catalog",
    CatalogStore.Configure,
    messages => messages.Receive().ManyAtATime<Deliver>(20).Send<DecisionItemLinked>("documents").Send<CalendarSet>("interpretation")
);
builder.AddGrpcClientOf<Documents.DocumentsClient>("Documents");
builder.AddGrpcClientOf<Interpretation.InterpretationClient>("Interpretation");
builder.RebuildWhenChanged(CatalogStore.Made);
builder.Services.AddSingleton<Webhooks>().AddSingleton<Mail>().AddSingleton<ReceiverTurns>().AddHostedService<ForgetOldDeliveries>();

var app = builder.Build();
app.MapGrpcService<CatalogApi>();
app.UseServiceDefaults()
    .Map<CreateOrganisation>()
    .Map<RenameOrganisation>()
    .Map<MoveOrganisation>()
    .Map<MergeOrganisation>()
    .Map<DissolveOrganisation>()
    .Map<FindOrganisation>()
    .Map<CreateSubject>()
    .Map<FindSubject>()
    .Map<ReadCalendar>()
    .Map<SetCalendar>()
    .Map<SetItem>()
    .Map<RetireItem>()
    .Map<FindItems>()
    .Map<ImportItems>()
    .Map<ExportItems>()
    .Map<OpenObligation>()
    .Map<MeetObligation>()
    .Map<WaiveObligation>()
    .Map<ReadObligations>()
    .Map<AddDecisionItem>()
    .Map<WithdrawDecisionItem>()
    .Map<LinkDecisionItem>()
    .Map<PublishDecisions>()
    .Map<ReadDecisions>()
    .Map<DefineList>()
    .Map<ChangeEntries>()
    .Map<ReadLists>()
    .Map<SetTopic>()
    .Map<RemoveTopic>()
    .Map<ReadTopics>()
    .Map<Subscribe>()
    .Map<ManageSubscriptions>()
    .Map<ReadDeliveries>()
    .Map<SubscriptionFeed>();
await app.RunService(args);
