using PolicyPlatform.ServiceDefaults.Hosting;

var builder = WebApplication.CreateBuilder(args);
var service = new Service(builder, "consultation", _ => { });
await service.Run(args);
