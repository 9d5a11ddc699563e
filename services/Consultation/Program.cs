using PolicyPlatform.Consultation;
using PolicyPlatform.Consultation.Api;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Contracts.Interpretation.V1;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.OpenApi;

var builder = WebApplication.CreateBuilder(args);
var service = new Service(builder, "consultation", ConsultationStore.Configure, ConsultationStore.Made)
    .Receives()
    .Answers<ConsultationApi>()
    .Asks<Documents.DocumentsClient>("Documents")
    .Asks<Catalog.CatalogClient>("Catalog")
    .Asks<Interpretation.InterpretationClient>("Interpretation")
    .With<PeriodsCapability>();
service.Services.AddOpenApi("v1", ApiDocument.Describe);
await service.Run(args);
