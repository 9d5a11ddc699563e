using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Interpretation.Api;
using PolicyPlatform.Interpretation.KnownDocuments;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.Http;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("interpretation",
    marten => marten.Schema.For<KnownDocument>().Index(d => d.PublishedOn),
    messages => messages.Receive().WaitFor<NotKnownYetException>());
builder.AddGrpcClientOf<Documents.DocumentsClient>("Documents");

var app = builder.Build();
app.MapGrpcService<InterpretationApi>();
app.UseServiceDefaults()
    .Map<ListKnownDocuments>();
app.Run();
