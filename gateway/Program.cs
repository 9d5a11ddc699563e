using PolicyPlatform.Gateway.ApiDocument;
using PolicyPlatform.Gateway.Identity;
using PolicyPlatform.Gateway.Keeping;
using PolicyPlatform.Gateway.Operations;
using PolicyPlatform.Gateway.Pages;
using PolicyPlatform.Gateway.Routing;
using PolicyPlatform.ServiceDefaults.Hosting;

var builder = ServiceHost.NewBuilder(args);
builder.AddHostDefaults("gateway");
builder.AddEmbeddedProvider();
builder.AddRouting();
builder.AddGrpcDoor();
builder.Services.AddSingleton<PublicLimits>();
builder.AddCrossOrigin();
builder.AddCompression();
builder.AddKeeping();
builder.Services.AddHttpClient();
builder.Services.AddSingleton<MergedApiDocument>().AddSingleton<ServiceStates>().AddSingleton<ServiceCalls>();
builder.Services.AddHealthChecks().AddCheck<ServicesAreReady>("services", tags: ["ready"], timeout: TimeSpan.FromSeconds(5));
builder.WatchServices();

var app = builder.Build();
app.UseHostDefaults(() =>
{
    app.UseCrossOrigin();
    app.UseTagsOfEncodings();
    app.UseKeeping();
});
app.UseDocsPage();
app.UseCompression();
app.Use(app.Services.GetRequiredService<PublicLimits>().Guard);
app.UseEmbeddedProvider();
app.UseGrpcDoor();
app.UseBrokenCalls();
app.MapReverseProxy();
app.MapDeadLetters();
app.MapPlatformStatus();
app.MapGet(
    "/openapi/v1.json",
    async (MergedApiDocument document, HttpRequest request, CancellationToken cancellation) =>
        Results.Text(await document.Make($"{request.Scheme}://{request.Host}", cancellation), "application/json; charset=utf-8")
);
app.MapDocsPage();
app.MapHomePage();
app.MapStatusPage();
app.MapProblemPages();
app.Run();
