using Alba;
using Grpc.Net.Client;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Catalog.Tests;

public sealed class when_keeping_organisations(District district) : IClassFixture<District>
{
    IAlbaHost Catalog => district.Catalog;

    [Fact]
    public async Task an_organisation_is_created_found_and_renamed()
    {
        await Catalog.Post(Tokens.OpennessOffice, "organisations", new { code = "370114-SW", name = "测试区水务局", type = "department", parent = "370114" }, 201);
        var renamed = await Catalog.Scenario(s =>
        {
            s.As(Tokens.OpennessOffice).WithRequestHeader("If-Match", "\"1\"");
            s.Patch.Json(new { name = "测试区城乡水务局" }).ToUrl("/api/v1/organisations/370114-SW");
        });
        Assert.Equal("\"2\"", renamed.Context.Response.Headers.ETag.ToString());
        Assert.Equal("测试区城乡水务局", (await Catalog.Get(null, "organisations/370114-SW")).GetProperty("name").GetString());
        Assert.Contains("370114-SW", (await Catalog.Get(null, "organisations?parent=370114&type=department")).GetProperty("items").EnumerateArray().Select(o => o.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task a_code_that_is_taken_is_refused() =>
        Assert.Equal("catalog.code.taken", (await Catalog.Post(Tokens.OpennessOffice, "organisations", new { code = "370114-ZJ", name = "另一个局", type = "department" }, 409)).Code());

    [Fact]
    public async Task everything_wrong_is_named_at_once()
    {
        Assert.Equal(["/code", "/name", "/type"], (await Catalog.Post(Tokens.OpennessOffice, "organisations", new { code = "局 1" }, 422)).Pointers());
        Assert.Equal(["/parent"], (await Catalog.Post(Tokens.OpennessOffice, "organisations", new { code = "X-1", name = "局", type = "department", parent = "NOPE" }, 422)).Pointers());
    }

    [Fact]
    public async Task only_a_publisher_keeps_the_catalog()
    {
        await Catalog.Post(Tokens.DraftingHousing, "organisations", new { code = "X-2", name = "局", type = "department" }, 403);
        await Catalog.Get(null, "organisations/X-2", 404);
    }

    [Fact]
    public async Task other_services_resolve_codes_over_grpc()
    {
        using var channel = GrpcChannel.ForAddress("http://catalog.test", new() { HttpHandler = Catalog.Server.CreateHandler() });
        var client = new Contracts.Catalog.V1.Catalog.CatalogClient(channel);
        var found = await client.ResolveCodesAsync(new() { Organisations = { "370114-ZJ", "NOPE" }, Subjects = { "CXJS" } }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["370114-ZJ"], found.Organisations.Select(o => o.Code));
        Assert.Equal(["城乡建设"], found.Subjects.Select(s => s.Name));
    }
}
