using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Interpretation;
using PolicyPlatform.Interpretation.Api;
using PolicyPlatform.Interpretation.Benefits;
using PolicyPlatform.Interpretation.Hotline;
using PolicyPlatform.Interpretation.KnownDocuments;
using PolicyPlatform.Interpretation.Materials;
using PolicyPlatform.Interpretation.Plans;
using PolicyPlatform.Interpretation.Questions;
using PolicyPlatform.Interpretation.Tasks;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.OpenApi;

var builder = ServiceHost.NewBuilder(args);
var service = new Service(builder, "interpretation", InterpretationStore.Configure, InterpretationStore.Made)
    .Receives()
    .Answers<InterpretationApi>()
    .Asks<Documents.DocumentsClient>("Documents")
    .Asks<Catalog.CatalogClient>("Catalog")
    .Asks<Consultation.ConsultationClient>("Consultation")
    .With<KnownDocumentsCapability>()
    .With<PlansCapability>()
    .With<MaterialsCapability>()
    .With<QuestionsCapability>()
    .With<BenefitsCapability>()
    .With<HotlineCapability>()
    .With<TasksCapability>();
service.Services.AddOpenApi("v1", ApiDocument.Describe);
await service.Run(args);
