using JasperFx.Events;
using JasperFx.Events.Projections;
using PolicyPlatform.Catalog.Api;
using PolicyPlatform.Catalog.Organisations;
using PolicyPlatform.Catalog.Subjects;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.Http;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("catalog",
    marten =>
    {
        marten.Events.StreamIdentity = StreamIdentity.AsString;
        marten.Projections.Add<OrganisationProjection>(ProjectionLifecycle.Inline);
        marten.Projections.Add<SubjectProjection>(ProjectionLifecycle.Inline);
    },
    _ => { });

var app = builder.Build();
app.MapGrpcService<CatalogApi>();
app.UseServiceDefaults()
    .Map<CreateOrganisation>().Map<RenameOrganisation>().Map<FindOrganisation>()
    .Map<CreateSubject>().Map<FindSubject>();
app.Run();
