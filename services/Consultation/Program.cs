using PolicyPlatform.ServiceDefaults.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("consultation", _ => { }, _ => { });

var app = builder.Build();
app.UseServiceDefaults();
await app.RunService(args);
