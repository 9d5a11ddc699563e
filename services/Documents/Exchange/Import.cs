using System.ComponentModel;
using System.Text.Json;
using Microsoft.Net.Http.Headers;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Exchange;

/// <summary>
/// Takes in documents that were published before: as NDJSON, a document a line, or as a zipped folder of texts. Answers at once; the work
/// goes on line by line,
/// also after a crash. The same lines again change nothing.
/// </summary>
public sealed class Import : IEndpoint
{
    const string Ndjson = EndpointCalls.Ndjson,
        Zip = "application/zip",
        ZipOfWindows = "application/x-zip-compressed";
    const int MostLines = 10_000;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/imports", Post)
            .RequireAnyRole(Roles.Integrator)
            .WithMetadata(new RequestBody(Ndjson, Zip, ZipOfWindows))
            .Produces<OperationView>(202)
            .WithName("import");

    static async Task<IResult> Post(
        [Description("The issuer of documents that name none: a code of the Catalog.")] string? issuer,
        [Description("The subject of documents that name none: a code of the Catalog.")] string? subject,
        [Description("The kind of documents that name none.")] [OneOf(typeof(DocumentKind))] string? kind,
        Caller caller,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var defaultKind = invalid.OneOf<DocumentKind>("kind", kind);
        var type = MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var parsed)
            ? parsed.MediaType.Value?.ToLowerInvariant()
            : null;
        if (type is not (Ndjson or Zip or ZipOfWindows))
            return CommonProblems
                .UnsupportedMediaType.With($"Send documents as {Ndjson}, one a line, or as {Zip}, a folder of texts.")
                .ToResult();
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        body.Position = 0;
        var lines = type is Ndjson ? FromNdjson(body, invalid) : FromZip(body, invalid);
        invalid
            .If(lines.Count == 0 && invalid.Problem is null, "", "import.empty", "There is nothing to import.")
            .If(lines.Count > MostLines, "", "import.tooLong", $"One import has at most {MostLines:N0} documents.");
        if (invalid.Problem is { } problem)
            return problem.ToResult();

        var id = Guid.CreateVersion7();
        return await writer.Start<ImportOperation>(
            http,
            id,
            session =>
            {
                foreach (var (line, i) in lines.Select((l, i) => (l, i)))
                    session.Store(
                        line with
                        {
                            Id = $"{id}/{i + 1}",
                            ImportId = id,
                            Number = i + 1,
                            Document = line.Document is { } d
                                ? d with
                                {
                                    Issuers = d.Issuers ?? (issuer is null ? null : [issuer]),
                                    Subject = d.Subject ?? subject,
                                    Kind = d.Kind ?? defaultKind,
                                }
                                : null,
                        }
                    );
                var requested = new ImportRequested(id, lines.Count, caller.Actor(), time.GetUtcNow());
                session.Store(new ImportOperation(id, lines.Count, requested.By, requested.At));
                return Task.FromResult(Decision.Record(requested).Telling(new RunImport(id)));
            },
            recorded => new Answer(
                202,
                new OperationView(
                    id,
                    "import",
                    OperationState.Running,
                    lines.Count,
                    lines.Count(l => l.Outcome is ImportOutcome.Refused),
                    new Dictionary<ImportOutcome, int>(),
                    $"/api/v1/imports/{id}/report"
                ),
                $"/api/v1/operations/{id}"
            )
        );
    }

    static List<ImportLine> FromNdjson(MemoryStream body, Invalid invalid)
    {
        var lines = new List<ImportLine>();
        using var reader = new StreamReader(body, new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true));
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            try
            {
                byte[]? cleaned;
                using (var json = JsonDocument.Parse(line))
                {
                    invalid.If(
                        json.RootElement.ValueKind is not JsonValueKind.Object,
                        $"line {number}",
                        "line.malformed",
                        "This line is not a document in JSON."
                    );
                    RequestDoor.Check(json.RootElement, typeof(ImportDocument), JsonDefaults.Options, $"line {number}", invalid);
                    if (json.RootElement.ValueKind is not JsonValueKind.Object)
                        continue;
                    cleaned = RequestDoor.Cleaned(json.RootElement, typeof(ImportDocument), JsonDefaults.Options);
                }
                var document = (
                    cleaned is null
                        ? JsonSerializer.Deserialize<ImportDocument>(line, JsonDefaults.Options)
                        : JsonSerializer.Deserialize<ImportDocument>(cleaned, JsonDefaults.Options)
                )!;
                lines.Add(
                    new()
                    {
                        Id = "",
                        Source = document.Source ?? $"line {number}",
                        Document = document,
                    }
                );
            }
            catch (InvalidOperationException)
            {
                invalid.Add($"line {number}", "text.encoding.invalid", "This line is not valid UTF-8 or has an unpaired surrogate.");
            }
            catch (JsonException e)
            {
                invalid.Add(
                    $"line {number}",
                    "line.malformed",
                    $"This line is not a document in JSON{(e.Path is { Length: > 1 } path ? $": {path}" : "")}."
                );
            }
        }
        return lines;
    }

    static List<ImportLine> FromZip(MemoryStream body, Invalid invalid)
    {
        try
        {
            var (documents, unreadable, remarks) = ImportFiles.Read(body);
            var warnings = remarks.ToLookup(r => r.File, r => new ProblemError($"{r.File}", "date.disagrees", r.Remark));
            // A file that cannot be read keeps no other from being taken in; the report names it.
            return
            [
                .. documents.Select(d => new ImportLine
                {
                    Id = "",
                    Source = d.Source ?? "",
                    Document = d,
                    Warnings = [.. (d.Source ?? "").Split("; ").SelectMany(f => warnings[f])],
                }),
                .. unreadable.Select(u => new ImportLine
                {
                    Id = "",
                    Source = u.File,
                    Outcome = ImportOutcome.Refused,
                    Errors = [new("", "file.unreadable", u.Problem)],
                }),
            ];
        }
        catch (InvalidDataException e)
        {
            invalid.Add("", "zip.unreadable", $"This is not a zip file that can be read. {e.Message}");
            return [];
        }
    }
}
