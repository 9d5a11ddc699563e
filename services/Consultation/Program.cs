using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.OpenApi;

var builder = WebApplication.CreateBuilder(args);
var service = new Service(builder, "consultation", _ => { });
service.Services.AddOpenApi("v1", ApiDocument.Describe);
await service.Run(args);
