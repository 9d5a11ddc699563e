using System.ServiceModel.Syndication;
using System.Text.Json;
using System.Xml;
using Alba;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Library;

public sealed class when_the_library_leaves_the_house(District district) : IClassFixture<District>
{
    IAlbaHost Documents => district.Documents;

    [Fact]
    public async Task it_is_a_feed_a_table_and_a_catalogue_and_conditional()
    {
        var id = await Documents.Publish(await Documents.Draft("第一条 供热。", "=供热,\"办法\""), "测政发〔2026〕701号");
        await Documents.Publish(await Documents.Draft("第一条 供水。", "供水办法"), "测政发〔2026〕702号");

        using (var reader = XmlReader.Create(new StringReader(await Text("library/feed.atom?q=供热"))))
        {
            var feed = SyndicationFeed.Load(reader);
            var item = Assert.Single(feed.Items);
            Assert.Equal(($"urn:uuid:{id}", "=供热,\"办法\""), (item.Id, item.Title.Text));
            Assert.Equal(
                ($"https://example.org/api/v1/documents/{id}/revisions/current", "text/html"),
                (item.Links.Single(l => l.RelationshipType == "alternate").Uri.AbsoluteUri, item.Links.Single().MediaType)
            );
            // The same feed under another address is the same feed.
            using var elsewhere = XmlReader.Create(
                new StringReader(await (await Documents.Scenario(s => s.Get.Url("/api/v1/library/feed.atom?q=供热"))).ReadAsTextAsync())
            );
            Assert.Equal(feed.Id, SyndicationFeed.Load(elsewhere).Id);
            Assert.Equal(
                "https://example.org/api/v1/library/feed.atom?q=%E4%BE%9B%E7%83%AD",
                feed.Links.Single(l => l.RelationshipType == "self").Uri.AbsoluteUri
            );
        }
        var table = await Text("library/export.csv?sort=title");
        Assert.Contains("370114-ZJ,测试区住房和城乡建设局,CXJS,城乡建设,", table, StringComparison.Ordinal);
        Assert.StartsWith("id,索引号,标题,", table, StringComparison.Ordinal);
        Assert.Contains("\"'=供热,\"\"办法\"\"\"", table, StringComparison.Ordinal);
        var catalogue = JsonDocument.Parse(await Text("library/catalog.jsonld")).RootElement;
        Assert.Equal("dcat:Catalog", catalogue.GetProperty("@type").GetString());
        Assert.Contains(
            catalogue.GetProperty("dcat:dataset").EnumerateArray(),
            d =>
                d.GetProperty("@id").GetString() == $"https://example.org/api/v1/documents/{id}"
                && d.GetProperty("dct:identifier").GetString() == "测政发〔2026〕701号"
        );
        // DCAT-AP: a catalogue has a title, a description and a publisher with a name; whatever is a resource has an IRI.
        foreach (var described in catalogue.GetProperty("dcat:dataset").EnumerateArray().Append(catalogue))
            Assert.All(
                ["@id", "dct:title", "dct:description", "dct:publisher"],
                member => Assert.True(described.TryGetProperty(member, out _), member)
            );
        Assert.Equal(
            "测试区住房和城乡建设局",
            catalogue.GetProperty("dcat:dataset")[0].GetProperty("dct:publisher").GetProperty("foaf:name").GetProperty("@value").GetString()
        );
        Assert.All(
            catalogue
                .GetProperty("dcat:dataset")
                .EnumerateArray()
                .SelectMany(d =>
                    d.GetProperty("dcat:distribution")
                        .EnumerateArray()
                        .Select(x => x.GetProperty("dcat:mediaType"))
                        .Append(d.GetProperty("dcat:theme"))
                        .Append(d.GetProperty("dct:language"))
                ),
            node => Assert.True(Uri.IsWellFormedUriString(node.GetProperty("@id").GetString(), UriKind.Absolute))
        );
        foreach (var path in new[] { "library/feed.atom", "library/export.csv", "library/catalog.jsonld", "library?q=a" })
        {
            var tag = (await Documents.Scenario(s => s.Get.Url($"/api/v1/{path}"))).Context.Response.Headers.ETag.ToString();
            await Documents.Scenario(s =>
            {
                s.WithRequestHeader("If-None-Match", tag);
                s.Get.Url($"/api/v1/{path}");
                s.StatusCodeShouldBe(304);
            });
            await Documents.Scenario(s =>
            {
                s.Get.Url($"/api/v1/{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}year=25");
                s.StatusCodeShouldBe(422);
            });
        }
    }

    [Fact]
    public async Task a_document_s_page_comes_in_one_call_also_when_others_are_away()
    {
        var other = await Documents.Publish(await Documents.Draft(title: "上位办法"), "测政发〔2026〕703号");
        var id = await Documents.Publish(await Documents.Draft("第一条 根据《上位办法》制定。"), "测政发〔2026〕704号");
        var page = await Documents.Get(null, $"documents/{id}/page");
        Assert.Equal(
            ("inForce", 1, "published", "linked", JsonValueKind.Null),
            (
                page.GetProperty("document").GetProperty("validity").GetString(),
                page.GetProperty("revision").GetInt32(),
                page.GetProperty("history")[0].GetProperty("what").GetString(),
                page.GetProperty("citations")[0].GetProperty("state").GetString(),
                page.GetProperty("interpretations").ValueKind
            )
        );
        Assert.Equal(other, page.GetProperty("citations")[0].GetProperty("document").GetProperty("id").GetGuid());
        Assert.Equal(JsonValueKind.Null, page.GetProperty("consultations").ValueKind);
        await Documents.Get(null, $"documents/{await Documents.Draft()}/page", 404);
    }

    [Fact]
    public async Task a_topic_narrows_the_library()
    {
        var chosen = await Documents.Publish(await Documents.Draft("第一条 停车泊位。", "停车泊位办法"), "测政发〔2026〕711号");
        var byRule = await Documents.Publish(await Documents.Draft("第一条 充电桩布点。", "充电桩布点办法"), "测政发〔2026〕712号");
        await district.Catalog.Put(
            Tokens.OpennessOffice,
            "topics/parking",
            new
            {
                title = "停车",
                sections = new[]
                {
                    new
                    {
                        title = "政策",
                        items = new[] { new { kind = "document", target = chosen } },
                        rules = new[] { new { q = "充电桩布点" } },
                    },
                },
            }
        );
        Assert.Equal(
            new[] { chosen, byRule }.Order(),
            (await Documents.Get(null, "library?topic=parking"))
                .GetProperty("items")
                .EnumerateArray()
                .Select(i => i.GetProperty("id").GetGuid())
                .Order()
        );
        Assert.Equal(1, (await Documents.Get(null, "library?topic=parking&q=泊位")).GetProperty("total").GetInt32());
        await district.Catalog.Put(
            Tokens.OpennessOffice,
            "topics/parking",
            new
            {
                title = "停车",
                sections = new[] { new { title = "政策", items = new[] { new { kind = "document", target = chosen } } } },
            }
        );
        Assert.Equal(1, (await Documents.Get(null, "library?topic=parking")).GetProperty("total").GetInt32());
        Assert.Equal(["topic"], (await Documents.Get(null, "library?topic=nope", 422)).Pointers());
    }

    async Task<string> Text(string path)
    {
        var answer = await Documents.Scenario(s =>
        {
            s.WithRequestHeader("X-Forwarded-Proto", "https");
            s.WithRequestHeader("X-Forwarded-Host", "example.org");
            s.Get.Url($"/api/v1/{path}");
        });
        return await answer.ReadAsTextAsync();
    }
}
