using PolicyPlatform.Contracts.Catalog.V1;
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
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.Http;
using Wolverine;
using Told = PolicyPlatform.Contracts.Documents.V1;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(
    "documents",
    DocumentsStore.Configure,
    messages =>
        messages
            .Receive()
            .Send<Told.DocumentSentToReview>("interpretation")
            .Send<Told.DocumentWithdrawn>("interpretation")
            .Send<Told.InterpretationExempted>("interpretation")
            .Send<Told.InterpretationReopened>("interpretation")
            .Send<Told.DocumentIssued>("catalog")
            .Send<Told.DocumentPublished>("interpretation", "catalog")
            .Send<Told.RevisionRecorded>("interpretation")
            .Send<Told.DocumentTextChanged>("interpretation", "catalog")
            .Send<Told.DocumentExpiryChanged>("interpretation")
            .Send<Told.DocumentRepealed>("interpretation", "catalog")
            .Send<Told.DocumentSuperseded>("interpretation", "catalog")
            .Send<Told.DocumentExpired>("interpretation", "catalog")
);
builder.AddGrpcClientOf<Catalog.CatalogClient>("Catalog");
builder.AddGrpcClientOf<Interpretation.InterpretationClient>("Interpretation");
builder.Services.AddMemoryCache().AddSingleton<CatalogCodes>().AddSingleton<RevisionTexts>();
builder.RebuildWhenChanged(DocumentsStore.Made);
builder
    .Services.AddSingleton<IndexedLibrary>()
    .AddSingleton<LibraryTopics>()
    .AddHostedService(services => services.GetRequiredService<IndexedLibrary>())
    .AddHealthChecks()
    .AddCheck<IndexedLibrary>("library", tags: ["ready"])
    .Services.AddSingleton<FoundRelations>()
    .AddSingleton<ImportLines>();

// It asks the Catalog through a client that is made by a factory; the handler takes it from the container.
builder.Services.ConfigureWolverine(options => options.CodeGeneration.AlwaysUseServiceLocationFor<ImportLines>());
builder.Services.AddSingleton<CheckpointTree>().AddSingleton<Checkpoints>().AddHostedService<DailyCheckpoint>();

var app = builder.Build();
app.MapGrpcService<DocumentsApi>();
app.UseServiceDefaults()
    .Map<CreateDraft>()
    .Map<ListDocuments>()
    .Map<ReadDocument>()
    .Map<ChangeElements>()
    .Map<RecordRevision>()
    .Map<AttachFile>()
    .Map<RequestReview>()
    .Map<RecordLegalityReview>()
    .Map<RecordDecision>()
    .Map<RecordStep>()
    .Map<ExemptInterpretation>()
    .Map<ReopenInterpretation>()
    .Map<Sign>()
    .Map<Issue>()
    .Map<Publish>()
    .Map<Withdraw>()
    .Map<Amend>()
    .Map<Correct>()
    .Map<CorrectNote>()
    .Map<RepealDocument>()
    .Map<Supersede>()
    .Map<ChangeExpiry>()
    .Map<StateRelation>()
    .Map<ReadRelations>()
    .Map<ListRevisions>()
    .Map<ReadRevision>()
    .Map<ReadAttachedFile>()
    .Map<ReadBlockHistory>()
    .Map<CompareRevisions>()
    .Map<CompareText>()
    .Map<ReadHistory>()
    .Map<SearchLibrary>()
    .Map<LibraryFeed>()
    .Map<ExportLibrary>()
    .Map<ReportCompleteness>()
    .Map<ReadDocumentPage>()
    .Map<CheckIntegrity>()
    .Map<MakeCheckpoint>()
    .Map<ReadCheckpoints>()
    .Map<ReadProof>()
    .Map<OpenCleanUp>()
    .Map<AssignCleanUp>()
    .Map<RecordOutcome>()
    .Map<ApplyOutcomes>()
    .Map<ReadCleanUps>()
    .Map<Import>()
    .Map<ReadOperation>()
    .Map<ReadImportReport>();
await app.RunService(args);
