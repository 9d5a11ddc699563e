using System.Text.Json;
using System.Text.Json.Nodes;
using CsvHelper;
using PolicyPlatform.Documents.Library.Indexing;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.Library;

/// <summary>The library, or what a query finds in it, as a table (CSV) and as a catalogue of data sets (DCAT 3 in JSON-LD).</summary>
public sealed class ExportLibrary : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet(
                "/library/export.csv",
                ([AsParameters] LibraryQuery query, IndexedLibrary library, LibraryTopics topics, CatalogCodes names, HttpContext http) =>
                    Get(query, library, topics, names, http, Csv)
            )
            .Produces<string>(200, "text/csv")
            .WithDescription(
                "All published documents that the query finds, without pages, as a table (CSV in UTF-8): a row a document, in the order "
                    + "asked for, with elements, days and 有效性 today. The texts are left out."
            )
            .WithName("exportLibrary");
        api.MapGet(
                "/library/catalog.jsonld",
                ([AsParameters] LibraryQuery query, IndexedLibrary library, LibraryTopics topics, CatalogCodes names, HttpContext http) =>
                    Get(query, library, topics, names, http, Catalogue)
            )
            .Produces<string>(200, "application/ld+json")
            .WithDescription(
                "All published documents that the query finds, without pages, as a catalogue of data sets (DCAT 3 in JSON-LD): a data "
                    + "set a document, and a distribution for each format in which its text in force can be had."
            )
            .WithName("libraryCatalogue");
    }

    static async Task<IResult> Get(
        LibraryQuery query,
        IndexedLibrary library,
        LibraryTopics topics,
        CatalogCodes names,
        HttpContext http,
        Func<LibraryIndex, IReadOnlyList<FoundDocument>, CatalogNames, HttpContext, IResult> write
    )
    {
        var invalid = new Invalid();
        var search = await topics.Within(query.Topic, query.Read(invalid), invalid, http.RequestAborted);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var index = await library.Hold(http.RequestAborted);
        http.Response.RegisterForDispose(index);
        var found = search.All(index);
        var named = await names.Names(
            found.SelectMany(f => f.Document.Issuers),
            found.Select(f => f.Document.Subject).OfType<string>(),
            http.RequestAborted
        );
        return http.Conditional($"{http.LibraryTag(index, search.Topic)[..^1]}-{named.Mark}\"", () => write(index, found, named, http));
    }

    // A library of any size leaves piece by piece.
    const int DocumentsAtOnce = 200;

    static IResult Csv(LibraryIndex index, IReadOnlyList<FoundDocument> found, CatalogNames names, HttpContext http) =>
        Results.Stream(
            async body =>
            {
                var address = PublicAddress.Of(http.Request);
                using var piece = new MemoryStream();
                // A spreadsheet reads UTF-8 only by its mark, and takes what begins with = for a formula.
                using var csv = CsvWriter.Create(piece, new() { WriteByteOrderMark = true, Injection = CsvInjection.Escape }, true);
                csv.WriteRecord([
                    "id",
                    "索引号",
                    "标题",
                    "发文字号",
                    "发文机关",
                    "发文机关名称",
                    "主题分类",
                    "主题分类名称",
                    "成文日期",
                    "发布日期",
                    "施行日期",
                    "有效期至",
                    "有效性",
                    "link",
                ]);
                await Send();
                foreach (var some in found.Chunk(DocumentsAtOnce))
                {
                    foreach (var f in some)
                        csv.WriteRecord(Row(index.ReadEntry(f.Hit), f, names, address));
                    await Send();
                }

                async Task Send()
                {
                    csv.Flush();
                    await body.WriteAsync(piece.GetBuffer().AsMemory(0, (int)piece.Length), http.RequestAborted);
                    piece.SetLength(0);
                }
            },
            "text/csv; charset=utf-8",
            "library.csv"
        );

    static string[] Row(LibraryEntry e, FoundDocument found, CatalogNames names, string address)
    {
        return
        [
            e.Id.ToString(),
            e.IndexNumber,
            found.Document.Title,
            e.DocumentNumber ?? "",
            string.Join(';', e.Issuers),
            string.Join(';', e.Issuers.Select(names.Organisation)),
            e.Subject ?? "",
            e.Subject is { } s ? names.Subject(s) : "",
            Day(e.WrittenOn),
            Day(e.PublishedOn),
            Day(e.EffectiveFrom),
            Day(e.ExpiresOn),
            LibraryFeed.Word(found.Validity),
            $"{address}/api/v1/documents/{e.Id}",
        ];

        static string Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) ?? "";
    }

    /// <summary>
    /// A data set a document, a distribution a format in which its text is to be had (W3C DCAT 3, 2024; DCAT-AP 3: what has an identity is
    /// named by an IRI).
    /// </summary>
    static IResult Catalogue(LibraryIndex index, IReadOnlyList<FoundDocument> found, CatalogNames names, HttpContext http) =>
        Results.Stream(
            async body =>
            {
                var address = PublicAddress.Of(http.Request);
                await using var json = new Utf8JsonWriter(body, new() { Encoder = JsonDefaults.Options.Encoder });
                json.WriteStartObject();
                foreach (var (name, value) in Described(address))
                {
                    json.WritePropertyName(name);
                    value!.WriteTo(json);
                }
                json.WriteStartArray("dcat:dataset");
                foreach (var some in found.Chunk(DocumentsAtOnce))
                {
                    foreach (var f in some)
                        DataSet(index.ReadEntry(f.Hit), f, index.Day, names, address).WriteTo(json);
                    await json.FlushAsync(http.RequestAborted);
                }
                json.WriteEndArray();
                json.WriteEndObject();
            },
            "application/ld+json; charset=utf-8"
        );

    static JsonObject Described(string address) =>
        new()
        {
            ["@context"] = new JsonObject
            {
                ["dcat"] = "http://www.w3.org/ns/dcat#",
                ["dct"] = "http://purl.org/dc/terms/",
                ["foaf"] = "http://xmlns.com/foaf/0.1/",
                ["xsd"] = "http://www.w3.org/2001/XMLSchema#",
                ["adms"] = "http://www.w3.org/ns/adms#",
                ["skos"] = "http://www.w3.org/2004/02/skos/core#",
            },
            ["@id"] = $"{address}/api/v1/library/catalog.jsonld",
            ["@type"] = "dcat:Catalog",
            ["dct:title"] = Chinese("政策文件库"),
            ["dct:description"] = Chinese("已公开发布的政策文件及其历次修订文本。"),
            ["dct:publisher"] = Agent($"{address}/api/v1/organisations", "政策文件库"),
            ["dct:language"] = Language,
        };

    static JsonObject DataSet(LibraryEntry e, FoundDocument found, DateOnly day, CatalogNames names, string address)
    {
        var revision = e.TextOn(day).Revision;
        var text = $"{address}/api/v1/documents/{e.Id}/revisions/{revision}";
        var set = new JsonObject
        {
            ["@id"] = $"{address}/api/v1/documents/{e.Id}",
            ["@type"] = "dcat:Dataset",
            ["dct:identifier"] = e.DocumentNumber ?? e.IndexNumber,
            ["dct:title"] = Chinese(found.Document.Title),
            ["dct:description"] = Chinese(
                string.Join(
                    '，',
                    new[]
                    {
                        e.DocumentNumber,
                        string.Join('、', e.Issuers.Select(names.Organisation)),
                        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{e.PublishedOn:yyyy-MM-dd}发布"),
                        LibraryFeed.Word(found.Validity),
                    }.OfType<string>()
                )
            ),
            // The leading issuer publishes; the others made it with it.
            ["dct:publisher"] = Agent(
                $"{address}/api/v1/organisations/{Uri.EscapeDataString(e.Issuers[0])}",
                names.Organisation(e.Issuers[0])
            ),
            ["dct:creator"] = new JsonArray([
                .. e.Issuers.Select(i =>
                    (JsonNode)Agent($"{address}/api/v1/organisations/{Uri.EscapeDataString(i)}", names.Organisation(i))
                ),
            ]),
            ["dct:issued"] = Typed(e.PublishedOn.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), "xsd:date"),
            ["dct:modified"] = Typed(
                e.ChangedAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture),
                "xsd:dateTime"
            ),
            ["dct:language"] = Language,
            ["adms:status"] = Concept($"urn:policyplatform:validity:{JsonDefaults.Word(found.Validity)}", LibraryFeed.Word(found.Validity)),
            ["dcat:version"] = e.Texts.Count.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["dcat:distribution"] = new JsonArray([
                .. new[] { "application/json", "text/html", "text/plain", OfficialDocx.MediaType, AkomaNtoso.MediaType }.Select(type =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["@id"] = $"{text}#{Uri.EscapeDataString(type)}",
                            ["@type"] = "dcat:Distribution",
                            ["dct:title"] = Chinese($"第{revision}次文本（{type}）"),
                            ["dcat:accessURL"] = new JsonObject { ["@id"] = text },
                            ["dcat:mediaType"] = new JsonObject { ["@id"] = $"https://www.iana.org/assignments/media-types/{type}" },
                        }
                ),
            ]),
        };
        if (e.Subject is { } subject)
            set["dcat:theme"] = Concept($"{address}/api/v1/subjects/{Uri.EscapeDataString(subject)}", names.Subject(subject));
        return set;
    }

    static JsonObject Language =>
        new() { ["@id"] = "http://publications.europa.eu/resource/authority/language/ZHO", ["@type"] = "dct:LinguisticSystem" };

    static JsonObject Agent(string id, string name) =>
        new()
        {
            ["@id"] = id,
            ["@type"] = "foaf:Agent",
            ["foaf:name"] = Chinese(name),
        };

    static JsonObject Concept(string id, string label) =>
        new()
        {
            ["@id"] = id,
            ["@type"] = "skos:Concept",
            ["skos:prefLabel"] = Chinese(label),
        };

    static JsonObject Chinese(string value) => new() { ["@value"] = Characters.Clean(value), ["@language"] = "zh" };

    static JsonObject Typed(string value, string type) => new() { ["@value"] = value, ["@type"] = type };
}
