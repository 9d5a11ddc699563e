using System.Text.Json.Nodes;
using CsvHelper;
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
        api.MapGet("/library/export.csv", ([AsParameters] LibraryQuery query, IndexedLibrary library, HttpContext http) => Get(query, library, http, Csv))
            .Produces<string>(200, "text/csv").WithTags("Library").WithName("exportLibrary");
        api.MapGet("/library/catalog.jsonld", ([AsParameters] LibraryQuery query, IndexedLibrary library, HttpContext http) => Get(query, library, http, Catalogue))
            .Produces<string>(200, "application/ld+json").WithTags("Library").WithName("libraryCatalogue");
    }

    static async Task<IResult> Get(LibraryQuery query, IndexedLibrary library, HttpContext http, Func<IReadOnlyList<FoundDocument>, string, IResult> write)
    {
        var invalid = new Invalid();
        var search = query.Read(invalid);
        if (invalid.Problem is { } problem) return problem.ToResult();
        var (tag, found) = await library.Read((index, today) => (http.LibraryTag(index, today), search.All(index, today)), http.RequestAborted);
        return http.Conditional(tag, () => write(found, PublicAddress.Of(http.Request)));
    }

    static IResult Csv(IReadOnlyList<FoundDocument> found, string address)
    {
        using var table = new MemoryStream();
        // A spreadsheet reads UTF-8 only by its mark, and takes what begins with = for a formula.
        using (var csv = CsvWriter.Create(table, new() { WriteByteOrderMark = true, Injection = CsvInjection.Escape }, true))
        {
            csv.WriteRecord(["id", "索引号", "标题", "发文字号", "发文机关", "主题分类", "成文日期", "发布日期", "施行日期", "有效期至", "有效性", "link"]);
            foreach (var f in found)
            {
                var e = f.Document.Entry;
                csv.WriteRecord([e.Id.ToString(), e.IndexNumber, f.Document.Title, e.DocumentNumber ?? "", string.Join(';', e.Issuers), e.Subject ?? "", Day(e.WrittenOn), Day(e.PublishedOn), Day(e.EffectiveFrom), Day(e.ExpiresOn), LibraryFeed.Word(f.Validity), $"{address}/api/v1/documents/{e.Id}"]);
            }
        }
        return Results.Bytes(table.ToArray(), "text/csv; charset=utf-8", "library.csv");

        static string Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) ?? "";
    }

    /// <summary>A data set a document, a distribution a format in which its text is to be had (W3C DCAT 3, 2024).</summary>
    static IResult Catalogue(IReadOnlyList<FoundDocument> found, string address)
    {
        var catalogue = new JsonObject
        {
            ["@context"] = new JsonObject { ["dcat"] = "http://www.w3.org/ns/dcat#", ["dct"] = "http://purl.org/dc/terms/", ["foaf"] = "http://xmlns.com/foaf/0.1/", ["xsd"] = "http://www.w3.org/2001/XMLSchema#", ["adms"] = "http://www.w3.org/ns/adms#" },
            ["@id"] = $"{address}/api/v1/library/catalog.jsonld",
            ["@type"] = "dcat:Catalog",
            ["dct:title"] = Chinese("政策文件库"),
            ["dct:language"] = "zh",
            ["dcat:dataset"] = new JsonArray([.. found.Select(f => (JsonNode)DataSet(f, address))]),
        };
        return Results.Text(catalogue.ToJsonString(JsonDefaults.Options), "application/ld+json; charset=utf-8");
    }

    static JsonObject DataSet(FoundDocument found, string address)
    {
        var e = found.Document.Entry;
        var text = $"{address}/api/v1/documents/{e.Id}/revisions/{found.Document.Entry.TextOn(found.Document.Day).Revision}";
        var set = new JsonObject
        {
            ["@id"] = $"{address}/api/v1/documents/{e.Id}",
            ["@type"] = "dcat:Dataset",
            ["dct:identifier"] = e.DocumentNumber ?? e.IndexNumber,
            ["dct:title"] = Chinese(found.Document.Title),
            ["dct:publisher"] = new JsonArray([.. e.Issuers.Select(i => (JsonNode)new JsonObject { ["@type"] = "foaf:Agent", ["dct:identifier"] = i })]),
            ["dct:issued"] = Typed(e.PublishedOn.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), "xsd:date"),
            ["dct:modified"] = Typed(e.ChangedAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture), "xsd:dateTime"),
            ["dct:language"] = "zh",
            ["adms:status"] = JsonDefaults.Word(found.Validity),
            ["dcat:version"] = e.Texts.Count.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["dcat:distribution"] = new JsonArray([.. new[] { "application/json", "text/html", "text/plain", Exchange.OfficialDocx.MediaType, Exchange.AkomaNtoso.MediaType }.Select(type =>
                (JsonNode)new JsonObject { ["@type"] = "dcat:Distribution", ["dcat:accessURL"] = new JsonObject { ["@id"] = text }, ["dcat:mediaType"] = type })]),
        };
        if (e.Subject is { } subject) set["dcat:theme"] = subject;
        return set;
    }

    static JsonObject Chinese(string value) => new() { ["@value"] = value, ["@language"] = "zh" };

    static JsonObject Typed(string value, string type) => new() { ["@value"] = value, ["@type"] = type };
}
