using Alba;
using Grpc.Net.Client;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Catalog.Tests.Organisations;

public sealed class when_keeping_organisations(District district, PostgresCluster postgres) : IClassFixture<District>
{
    IAlbaHost Catalog => district.Catalog;

    [Fact]
    public async Task an_organisation_is_created_found_and_renamed()
    {
        await Catalog.Post(
            Tokens.OpennessOffice,
            "organisations",
            new
            {
                code = "370114-SW",
                name = "测试区水务局",
                type = "department",
                parent = "370114",
            },
            201
        );
        var renamed = await Catalog.Scenario(s =>
        {
            s.As(Tokens.OpennessOffice).WithRequestHeader("If-Match", "\"1\"");
            s.Patch.Json(new { name = "测试区城乡水务局" }).ToUrl("/api/v1/organisations/370114-SW");
        });
        Assert.Equal("\"2\"", renamed.Context.Response.Headers.ETag.ToString());
        Assert.Equal("测试区城乡水务局", (await Catalog.Get(null, "organisations/370114-SW")).GetProperty("name").GetString());
        Assert.Contains(
            "370114-SW",
            (await Catalog.Get(null, "organisations?parent=370114&type=department"))
                .GetProperty("items")
                .EnumerateArray()
                .Select(o => o.GetProperty("code").GetString())
        );
    }

    [Fact]
    public async Task a_code_that_is_taken_is_refused() =>
        Assert.Equal(
            "catalog.code.taken",
            (
                await Catalog.Post(
                    Tokens.OpennessOffice,
                    "organisations",
                    new
                    {
                        code = "370114-ZJ",
                        name = "另一个局",
                        type = "department",
                    },
                    409
                )
            ).Code()
        );

    [Fact]
    public async Task everything_wrong_is_named_at_once()
    {
        Assert.Equal(
            ["/code", "/name", "/type"],
            (await Catalog.Post(Tokens.OpennessOffice, "organisations", new { code = "局 1" }, 422)).Pointers()
        );
        Assert.Equal(
            ["/parent"],
            (
                await Catalog.Post(
                    Tokens.OpennessOffice,
                    "organisations",
                    new
                    {
                        code = "X-1",
                        name = "局",
                        type = "department",
                        parent = "NOPE",
                    },
                    422
                )
            ).Pointers()
        );
    }

    [Theory]
    [InlineData("""{"type":"castle"}""", "/type", "One of district, department, subdistrict, town, stateCouncil, ")]
    [InlineData("""{"validFrom":"yesterday"}""", "/validFrom", "A day is written")]
    [InlineData("""{"validFrom":"2026-02-30"}""", "/validFrom", "2025-07-11")]
    [InlineData("""{"name":{"zh":"局"}}""", "/name", "The value is text.")]
    [InlineData("""{"name":"局""", "/name", "breaks off")]
    public async Task a_value_that_cannot_be_read_is_told_what_would_be_right(string body, string pointer, string said)
    {
        var problem = await (
            await Catalog.Scenario(s =>
            {
                s.As(Tokens.OpennessOffice).Post.Text(body).ContentType("application/json").ToUrl("/api/v1/organisations");
                s.StatusCodeShouldBe(400);
            })
        ).Json();
        Assert.Equal(pointer, problem.Pointers().Single());
        Assert.Contains(said, problem.GetProperty("errors")[0].GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task names_and_places_are_kept_with_their_days()
    {
        await Create("R-1", "测试区规划局");
        await Patch("R-1", new { name = "测试区自然资源局", effectiveFrom = "2026-09-01" });
        await Catalog.Post(Tokens.OpennessOffice, "organisations/R-1/move", new { parent = "370114-ZWGK", effectiveFrom = "2026-07-01" });
        Assert.Equal("测试区规划局", (await Catalog.Get(null, "organisations/R-1")).GetProperty("name").GetString());
        var later = await Catalog.Get(null, "organisations/R-1?on=2026-09-01");
        Assert.Equal(("测试区自然资源局", "370114-ZWGK"), (later.GetProperty("name").GetString(), later.GetProperty("parent").GetString()));
        Assert.Equal("370114", (await Catalog.Get(null, "organisations/R-1?on=2026-06-30")).GetProperty("parent").GetString());
        Assert.Equal(
            ["/effectiveFrom"],
            (
                await Catalog.Post(
                    Tokens.OpennessOffice,
                    "organisations/R-1/move",
                    new { parent = "370114", effectiveFrom = "2019-01-01" },
                    422
                )
            ).Pointers()
        );
    }

    [Fact]
    public async Task no_circle_closes_in_the_tree_not_later_and_not_by_two_moves_at_once()
    {
        foreach (var code in new[] { "C-1", "C-2", "C-3" })
            await Create(code, "局");
        await Catalog.Post(Tokens.OpennessOffice, "organisations/C-2/move", new { parent = "C-1", effectiveFrom = "2026-08-01" });
        await Catalog.Post(Tokens.OpennessOffice, "organisations/C-3/move", new { parent = "C-2" });
        var refused = await Catalog.Post(Tokens.OpennessOffice, "organisations/C-1/move", new { parent = "C-3" }, 422);
        Assert.Equal("organisation.cycle", refused.GetProperty("errors")[0].Code());
        Assert.Equal(
            "organisation.cycle",
            (await Catalog.Post(Tokens.OpennessOffice, "organisations/C-1/move", new { parent = "C-1" }, 422))
                .GetProperty("errors")[0]
                .Code()
        );

        foreach (var code in new[] { "D-1", "D-2" })
            await Create(code, "局");
        var moves = await Task.WhenAll(
            new[] { ("D-1", "D-2"), ("D-2", "D-1") }.Select(m =>
                Catalog.Scenario(s =>
                {
                    s.As(Tokens.OpennessOffice).Post.Json(new { parent = m.Item2 }).ToUrl($"/api/v1/organisations/{m.Item1}/move");
                    s.IgnoreStatusCode();
                })
            )
        );
        Assert.Equal([200, 422], moves.Select(m => m.Context.Response.StatusCode).Order());
    }

    [Fact]
    public async Task merging_takes_what_is_below_along_and_dissolving_waits_until_nothing_is()
    {
        foreach (var (code, parent) in new[] { ("M-1", "370114"), ("M-2", "370114"), ("M-3", "M-1") })
            await Catalog.Post(
                Tokens.OpennessOffice,
                "organisations",
                new
                {
                    code,
                    name = code,
                    type = "department",
                    parent,
                    validFrom = "2020-01-01",
                },
                201
            );
        Assert.Equal(
            "organisation.state.wrong",
            (
                await Catalog.Post(
                    Tokens.OpennessOffice,
                    "organisations/M-1/dissolve",
                    new { reason = "机构改革", effectiveFrom = "2026-06-01" },
                    409
                )
            ).Code()
        );
        Assert.Equal(
            ["/into"],
            (
                await Catalog.Post(Tokens.OpennessOffice, "organisations/M-1/merge", new { into = "M-1", reason = "机构改革" }, 422)
            ).Pointers()
        );
        var merged = await Catalog.Post(
            Tokens.OpennessOffice,
            "organisations/M-1/merge",
            new
            {
                into = "M-2",
                reason = "机构改革",
                effectiveFrom = "2026-06-01",
            }
        );
        Assert.Equal(("2026-05-31", "M-2"), (merged.GetProperty("validUntil").GetString(), merged.GetProperty("successor").GetString()));
        Assert.Equal("M-2", (await Catalog.Get(null, "organisations/M-3")).GetProperty("parent").GetString());
        Assert.DoesNotContain("M-1", Codes(await Catalog.Get(null, "organisations?pageSize=200")));
        Assert.Contains("M-1", Codes(await Catalog.Get(null, "organisations?pageSize=200&on=2026-05-31")));

        // Nobody issues documents any more in the name of one that is gone.
        var refused = await district.Documents.Post(
            Tokens.For("drafting-m1", "M-1", "drafter"),
            "documents",
            new
            {
                title = "以已撤并部门名义",
                issuers = new[] { "M-1" },
                text = "甲",
            },
            422
        );
        Assert.Equal("organisation.unknown", refused.GetProperty("errors")[0].Code());
    }

    [Fact]
    public async Task nothing_is_put_below_an_organisation_that_ends_earlier_not_even_at_the_same_time()
    {
        foreach (var code in new[] { "E-1", "E-2" })
            await Create(code, "局");
        await Catalog.Post(
            Tokens.OpennessOffice,
            "organisations/E-1/dissolve",
            new
            {
                reason = "机构改革",
                successor = "E-2",
                effectiveFrom = "2026-12-01",
            }
        );
        var refused = await Catalog.Post(
            Tokens.OpennessOffice,
            "organisations",
            new
            {
                code = "E-3",
                name = "科",
                type = "department",
                parent = "E-1",
            },
            422
        );
        Assert.Equal(("organisation.ends", "/parent"), (refused.GetProperty("errors")[0].Code(), refused.Pointers().Single()));
        Assert.Equal(
            "organisation.ends",
            (await Catalog.Post(Tokens.OpennessOffice, "organisations/370114-JY/move", new { parent = "E-1" }, 422))
                .GetProperty("errors")[0]
                .Code()
        );
        // One is created below an organisation that is dissolved at the same moment: one of the two is refused.
        for (var i = 0; i < 5; i++)
        {
            var (above, below) = ($"F-{i}", $"G-{i}");
            await Create(above, "局");
            var both = await Task.WhenAll(
                new (string Path, object Body)[]
                {
                    (
                        "organisations",
                        new
                        {
                            code = below,
                            name = "科",
                            type = "department",
                            parent = above,
                        }
                    ),
                    ($"organisations/{above}/dissolve", new { reason = "机构改革" }),
                }.Select(call =>
                    Catalog.Scenario(s =>
                    {
                        s.As(Tokens.OpennessOffice).Post.Json(call.Body).ToUrl($"/api/v1/{call.Path}");
                        s.IgnoreStatusCode();
                    })
                )
            );
            Assert.Single(both, answer => answer.Context.Response.StatusCode is 200 or 201);
        }
    }

    [Fact]
    public async Task a_change_that_begins_on_a_later_day_is_seen_on_it_by_those_who_ask_whether_something_changed()
    {
        await using var own = new District(postgres);
        await own.InitializeAsync();
        Task<IScenarioResult> Read(string? known) =>
            own.Catalog.Scenario(s =>
            {
                if (known is not null)
                    s.WithRequestHeader("If-None-Match", known);
                s.Get.Url("/api/v1/organisations/370114-ZJ");
                s.IgnoreStatusCode();
            });
        await own.Catalog.Scenario(s =>
        {
            s.As(Tokens.OpennessOffice);
            s.Patch.Json(new { name = "测试区住房保障局", effectiveFrom = "2026-09-01" }).ToUrl("/api/v1/organisations/370114-ZJ");
        });
        var tag = (await Read(null)).Context.Response.Headers.ETag.ToString();
        Assert.Equal(("\"2+1\"", 304), (tag, (await Read(tag)).Context.Response.StatusCode));

        own.Clock.SetUtcNow(new DateTimeOffset(2026, 8, 31, 16, 0, 0, TimeSpan.Zero));
        var changed = await Read(tag);
        Assert.Equal((200, "\"2\""), (changed.Context.Response.StatusCode, changed.Context.Response.Headers.ETag.ToString()));
        Assert.Equal("测试区住房保障局", (await changed.ReadAsJsonAsync<System.Text.Json.JsonElement>()).GetProperty("name").GetString());
        await own.Catalog.Scenario(s =>
        {
            s.As(Tokens.OpennessOffice).WithRequestHeader("If-Match", tag);
            s.Patch.Json(new { name = "测试区住建局" }).ToUrl("/api/v1/organisations/370114-ZJ");
        });
    }

    [Fact]
    public async Task what_an_earlier_release_made_of_them_is_made_anew()
    {
        await using var own = new District(postgres);
        await own.InitializeAsync();
        await own.RestartCatalog(() =>
            own.Execute(
                "update catalog.mt_doc_organisation set data = data - 'names' - 'parents' || '{\"name\": \"alt\"}'; delete from catalog.mt_doc_builtprojection"
            )
        );
        var organisation = await own.Catalog.Get(null, "organisations/370114-ZJ");
        Assert.Equal(
            ("测试区住房和城乡建设局", "370114"),
            (organisation.GetProperty("name").GetString(), organisation.GetProperty("parent").GetString())
        );
    }

    [Fact]
    public async Task only_a_publisher_keeps_the_catalog()
    {
        await Catalog.Post(
            Tokens.DraftingHousing,
            "organisations",
            new
            {
                code = "X-2",
                name = "局",
                type = "department",
            },
            403
        );
        await Catalog.Get(null, "organisations/X-2", 404);
    }

    [Fact]
    public async Task other_services_resolve_codes_over_grpc()
    {
        using var channel = GrpcChannel.ForAddress("http://catalog.test", new() { HttpHandler = Catalog.Server.CreateHandler() });
        var client = new Contracts.Catalog.V1.Catalog.CatalogClient(channel);
        var found = await client.ResolveCodesAsync(
            new() { Organisations = { "370114-ZJ", "NOPE" }, Subjects = { "CXJS" } },
            cancellationToken: TestContext.Current.CancellationToken
        );
        Assert.Equal(["370114-ZJ"], found.Organisations.Select(o => o.Code));
        Assert.Equal(["城乡建设"], found.Subjects.Select(s => s.Name));
    }

    Task<System.Text.Json.JsonElement> Create(string code, string name) =>
        Catalog.Post(
            Tokens.OpennessOffice,
            "organisations",
            new
            {
                code,
                name,
                type = "department",
                parent = "370114",
                validFrom = "2020-01-01",
            },
            201
        );

    Task<IScenarioResult> Patch(string code, object change) =>
        Catalog.Scenario(s => s.As(Tokens.OpennessOffice).Patch.Json(change).ToUrl($"/api/v1/organisations/{code}"));

    static IEnumerable<string?> Codes(System.Text.Json.JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(o => o.GetProperty("code").GetString());
}
