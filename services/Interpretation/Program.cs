using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Contracts.Interpretation.V1;
using PolicyPlatform.Interpretation;
using PolicyPlatform.Interpretation.Api;
using PolicyPlatform.Interpretation.KnownDocuments;
using PolicyPlatform.Interpretation.Materials;
using PolicyPlatform.Interpretation.Plans;
using PolicyPlatform.Interpretation.Tasks;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.Http;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("interpretation", InterpretationStore.Configure, messages => messages.Receive().WaitFor<NotKnownYetException>()
    .Send<InterpretationReady>("documents").Send<MaterialPublished>("catalog"));
builder.AddGrpcClientOf<Documents.DocumentsClient>("Documents");
builder.Services.AddSingleton<PublicMaterials>();

var app = builder.Build();
app.MapGrpcService<InterpretationApi>();
app.UseServiceDefaults()
    .Map<ListKnownDocuments>()
    .Map<OpenPlan>().Map<WritePlan>().Map<ApprovePlan>().Map<ReadPlans>()
    .Map<DraftMaterial>().Map<ReviseMaterial>().Map<AttachFile>().Map<SignMaterial>().Map<UpholdMaterial>().Map<ReadMaterials>().Map<ReadAttachment>()
    .Map<ListTasks>();
app.Run();
