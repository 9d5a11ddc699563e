using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.Contracts.Interpretation.V1;
using PolicyPlatform.Documents;
using PolicyPlatform.Documents.Amendment;
using PolicyPlatform.Documents.Api;
using PolicyPlatform.Documents.CleanUp;
using PolicyPlatform.Documents.Drafting;
using PolicyPlatform.Documents.Exchange;
using PolicyPlatform.Documents.History;
using PolicyPlatform.Documents.Integrity;
using PolicyPlatform.Documents.Library;
using PolicyPlatform.Documents.Publication;
using PolicyPlatform.Documents.Relations;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.OpenApi;

var builder = ServiceHost.NewBuilder(args);
var service = new Service(builder, "documents", DocumentsStore.Configure, DocumentsStore.Made)
    .Receives()
    .Answers<DocumentsApi>()
    .Asks<Catalog.CatalogClient>("Catalog")
    .Asks<Interpretation.InterpretationClient>("Interpretation")
    .Asks<Consultation.ConsultationClient>("Consultation")
    .With<DraftingCapability>()
    .With<PublicationCapability>()
    .With<AmendmentCapability>()
    .With<RelationsCapability>()
    .With<HistoryCapability>()
    .With<LibraryCapability>()
    .With<IntegrityCapability>()
    .With<CleanUpCapability>()
    .With<ExchangeCapability>();
service.Services.AddMemoryCache().AddSingleton<CatalogCodes>().AddSingleton<RevisionTexts>();
service.Services.AddOpenApi("v1", ApiDocument.Describe);
await service.Run(args);
