using System.ServiceModel.Syndication;
using System.Text.Json;
using System.Xml;
using Alba;
using CsCheck;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Library;

public sealed class when_words_of_every_kind_are_published(District district) : IClassFixture<District>
{
    IAlbaHost Documents => district.Documents;

    [Fact]
    public async Task nothing_that_is_accepted_makes_an_export_fail()
    {
        var accepted = 0;
        await Gen.Select(AnyWords.Accepted, AnyWords.Accepted, AnyWords.Accepted)
            .SampleAsync(
                async (title, note, text) =>
                {
                    var created = await Documents.Scenario(s =>
                    {
                        s.As(Tokens.DraftingHousing)
                            .Post.Json(
                                new
                                {
                                    title,
                                    kind = "other",
                                    issuers = new[] { "370114-ZJ" },
                                    subject = "CXJS",
                                    disclosure = new { attribute = "proactive" },
                                    text,
                                    changeNote = note,
                                }
                            )
                            .ToUrl("/api/v1/documents");
                        s.IgnoreStatusCode();
                    });
                    // Words of which nothing can be seen are none.
                    if (created.Context.Response.StatusCode == 422)
                        return;
                    Assert.Equal(201, created.Context.Response.StatusCode);
                    var id = (await created.Json()).GetProperty("id").GetGuid();
                    await Documents.Publish(id, $"测任发〔2026〕{Interlocked.Increment(ref accepted)}号");
                    await Documents.Post(
                        Tokens.OpennessOffice,
                        $"documents/{id}/amendments",
                        new
                        {
                            text = $"{text}第二条 供水。",
                            effectiveFrom = "2026-06-01",
                            changeNote = $"改{note}",
                        },
                        201
                    );
                    foreach (
                        var path in new[]
                        {
                            "library/feed.atom",
                            "library/export.csv",
                            "library/catalog.jsonld",
                            $"documents/{id}",
                            $"documents/{id}/page",
                            $"documents/{id}/history",
                            $"documents/{id}/integrity",
                            $"library?q=供水",
                        }
                    )
                        XmlConvert.VerifyXmlChars(await Read(path));
                    using (var feed = XmlReader.Create(new StringReader(await Read("library/feed.atom"))))
                        Assert.Contains(SyndicationFeed.Load(feed).Items, i => i.Id == $"urn:uuid:{id}");
                    using (var csv = CsvHelper.CsvReader.FromText((await Read("library/export.csv")).TrimStart('\uFEFF'), new()))
                    {
                        csv.ReadHeader();
                        var found = false;
                        while (csv.Read())
                            found |= csv.GetString("id") == $"{id}";
                        Assert.True(found);
                    }
                    Assert.Contains(
                        JsonDocument.Parse(await Read("library/catalog.jsonld")).RootElement.GetProperty("dcat:dataset").EnumerateArray(),
                        d => d.GetProperty("@id").GetString()!.EndsWith($"{id}", StringComparison.Ordinal)
                    );
                    foreach (
                        var (path, type) in new[]
                        {
                            ("revisions/2", "text/html"),
                            ("revisions/2", "text/markdown"),
                            ("revisions/2", "text/plain"),
                            ("revisions/2", AkomaNtoso.MediaType),
                            ("comparison?from=1&to=2", "text/html"),
                        }
                    )
                    {
                        var answer = await (
                            await Documents.Scenario(s =>
                            {
                                s.WithRequestHeader("Accept", type);
                                s.Get.Url($"/api/v1/documents/{id}/{path}");
                            })
                        ).ReadAsTextAsync();
                        XmlConvert.VerifyXmlChars(answer);
                        if (type == AkomaNtoso.MediaType)
                            System.Xml.Linq.XDocument.Parse(answer);
                    }
                    var docx = await Documents.Scenario(s =>
                    {
                        s.WithRequestHeader("Accept", OfficialDocx.MediaType);
                        s.Get.Url($"/api/v1/documents/{id}/revisions/2");
                    });
                    using var file = new MemoryStream();
                    await docx.Context.Response.Body.CopyToAsync(file, TestContext.Current.CancellationToken);
                    Assert.NotNull(DocxText.Cut(file));
                },
                iter: 12,
                threads: 1
            );
        Assert.True(accepted > 0);
    }

    async Task<string> Read(string path) => await (await Documents.Scenario(s => s.Get.Url($"/api/v1/{path}"))).ReadAsTextAsync();
}
