using PolicyPlatform.Consultation;
using PolicyPlatform.Consultation.Analysis;
using PolicyPlatform.Consultation.Answering;
using PolicyPlatform.Consultation.Api;
using PolicyPlatform.Consultation.Comments;
using PolicyPlatform.Consultation.Evaluations;
using PolicyPlatform.Consultation.FormLetters;
using PolicyPlatform.Consultation.FrontEnds;
using PolicyPlatform.Consultation.Groups;
using PolicyPlatform.Consultation.Hearings;
using PolicyPlatform.Consultation.Moderation;
using PolicyPlatform.Consultation.OpenDays;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.Consultation.Questionnaires;
using PolicyPlatform.Consultation.TakenDown;
using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Contracts.Interpretation.V1;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.OpenApi;

var builder = ServiceHost.NewBuilder(args);
var service = new Service(builder, "consultation", ConsultationStore.Configure, ConsultationStore.Made)
    .Receives()
    .Answers<ConsultationApi>()
    .Asks<Documents.DocumentsClient>("Documents")
    .Asks<Catalog.CatalogClient>("Catalog")
    .Asks<Interpretation.InterpretationClient>("Interpretation")
    .With<TakenDownCapability>()
    .With<PeriodsCapability>()
    .With<CommentsCapability>()
    .With<ModerationCapability>()
    .With<FormLettersCapability>()
    .With<GroupsCapability>()
    .With<AnsweringCapability>()
    .With<AnalysisCapability>()
    .With<FrontEndsCapability>()
    .With<HearingsCapability>()
    .With<OpenDaysCapability>()
    .With<QuestionnairesCapability>()
    .With<EvaluationsCapability>();
service.Services.AddOpenApi("v1", ApiDocument.Describe);
await service.Run(args);
