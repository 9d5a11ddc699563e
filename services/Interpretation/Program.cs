using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Contracts.Interpretation.V1;
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
using PolicyPlatform.ServiceDefaults.Http;
using Told = PolicyPlatform.Contracts.Interpretation.V1;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(
    "interpretation",
    InterpretationStore.Configure,
    messages =>
        messages
            .Receive()
            .OneAtATime<TriageTicket>()
            .WaitFor<NotKnownYetException>()
            .Send<InterpretationReady>("documents")
            .Send<MaterialPublished>("catalog")
            .Send<Told.BenefitPublished>("catalog")
            .Send<BenefitOffered>("catalog")
            .Send<TicketDueSoon>("catalog")
            .Send<TicketOverdue>("catalog")
);
builder.AddGrpcClientOf<Documents.DocumentsClient>("Documents");
builder.AddGrpcClientOf<Catalog.CatalogClient>("Catalog");
builder.Services.AddSingleton<PublicMaterials>().AddSingleton<AnswerIndex>().AddSingleton<OfferedBenefits>();
builder.RebuildWhenChanged(InterpretationStore.Made);
builder.AddEmbeddings();

var app = builder.Build();
app.MapGrpcService<InterpretationApi>();
app.UseServiceDefaults()
    .Map<ListKnownDocuments>()
    .Map<OpenPlan>()
    .Map<WritePlan>()
    .Map<ApprovePlan>()
    .Map<ReadPlans>()
    .Map<DraftMaterial>()
    .Map<ReviseMaterial>()
    .Map<AttachFile>()
    .Map<SignMaterial>()
    .Map<UpholdMaterial>()
    .Map<ReadMaterials>()
    .Map<ReadAttachment>()
    .Map<AskQuestion>()
    .Map<AnswerQuestion>()
    .Map<ApproveAnswer>()
    .Map<PublishAnswer>()
    .Map<WithdrawAnswer>()
    .Map<UpholdAnswer>()
    .Map<ReadQuestions>()
    .Map<FindAnswers>()
    .Map<SetSynonyms>()
    .Map<DraftBenefit>()
    .Map<PublishBenefit>()
    .Map<WithdrawBenefit>()
    .Map<ReadBenefits>()
    .Map<MatchBenefits>()
    .Map<RegisterProfile>()
    .Map<SetProfileSchema>()
    .Map<ReceiveTicket>()
    .Map<AssignTicket>()
    .Map<AnswerTicket>()
    .Map<RateTicket>()
    .Map<ReadTickets>()
    .Map<ListTasks>();
await app.RunService(args);
