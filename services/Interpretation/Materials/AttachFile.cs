using System.Security.Cryptography;
using Npgsql;
using PolicyPlatform.Interpretation.Plans;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Interpretation.Materials;

/// <summary>
/// Attaches a file to a material: the body is the file. Its bytes tell its type; what its name or the request says does not matter.
/// </summary>
public sealed class AttachFile : IEndpoint
{
    /// <summary>The table of the bytes, kept once under their hash.</summary>
    internal const string Table = "interpretation.attached_files";

    const int LongestName = 200,
        MostFiles = 50;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/interpretations/{id:guid}/attachments", Post)
            .RequireAnyRole(Roles.Drafter, Roles.Publisher)
            .Accepts<byte[]>("application/octet-stream", "*/*")
            .Produces<MaterialView>()
            .WithTags("Interpretation")
            .WithName("attachFile");

    static async Task<IResult> Post(Guid id, string? name, Caller caller, EventWriter writer, TimeProvider time, HttpContext http)
    {
        var (content, form) = await http.Request.ReadFile();
        if (form is not null)
            return form.ToResult();
        return await writer.Step(
            http,
            id,
            caller,
            time,
            (material, session) =>
            {
                if (material.Waits)
                    return Task.FromResult<Decision>(ReviseMaterial.Frozen(material));
                var invalid = new Invalid()
                    .Text("name", name, LongestName)
                    .If(name?.IndexOfAny(['/', '\\', '\0', '\r', '\n']) >= 0, "name", "name.malformed", "A file name has no path.")
                    .If(content.Length == 0, "", "value.missing", "The body of the request is the file.")
                    .If(material.Files.Count >= MostFiles, "", "files.tooMany", $"A material has at most {MostFiles} files.");
                if (invalid.Problem is { } problem)
                    return Task.FromResult<Decision>(problem);
                if (FileTypes.Of(content, name!) is not { } type || !FileTypes.OfMaterials.Contains(type))
                    return Task.FromResult<Decision>(
                        CommonProblems.FileType.With(
                            $"The bytes of {name} are none of: {string.Join(", ", FileTypes.OfMaterials.Select(t => t.MediaType))}. What can carry scripts, such as SVG and HTML, is not accepted."
                        )
                    );
                var file = new MaterialFile(
                    name!.Trim(),
                    type.MediaType,
                    content.LongLength,
                    Convert.ToHexStringLower(SHA256.HashData(content))
                );
                session.QueueSqlCommand(
                    $"insert into {Table} (sha256, content) values (?, ?) on conflict do nothing",
                    file.Sha256,
                    content
                );
                return Task.FromResult(Decision.Record(new MaterialFileAttached(file, caller.Actor(), time.GetUtcNow())));
            }
        );
    }
}

/// <summary>
/// A file of a material, to whoever may see it. Images are shown in the browser; everything else is downloaded, and no script can run in
/// any of it.
/// </summary>
public sealed class ReadAttachment : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/interpretations/{id:guid}/attachments/{sha256}", Get)
            .Produces(200)
            .WithTags("Interpretation")
            .WithName("readAttachment");

    static async Task<IResult> Get(
        Guid id,
        string sha256,
        Caller caller,
        Marten.IQuerySession session,
        PublicMaterials materials,
        NpgsqlDataSource database,
        HttpContext http
    )
    {
        if (await ReadMaterials.Visible(id, caller, session, materials, http.RequestAborted) is not { } material)
            return ReadMaterials.NotFound(id).ToResult();
        var files = caller.WorksFor(material.Issuers) ? material.Files : material.Files.Take(material.SignedFiles);
        if (files.FirstOrDefault(f => f.Sha256 == sha256) is not { } file)
            return InterpretationProblems
                .FileNotFound.With("The material has no such file that you may see. GET …/interpretations/{id} lists its files.")
                .ToResult();
        return await http.ConditionalAsync(
            $"\"{sha256}\"",
            async () =>
            {
                await using var command = database.CreateCommand($"select content from {AttachFile.Table} where sha256 = $1");
                command.Parameters.AddWithValue(sha256);
                var content = (byte[])(await command.ExecuteScalarAsync(http.RequestAborted))!;
                http.Response.Headers.XContentTypeOptions = "nosniff";
                http.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
                return Results.Bytes(
                    content,
                    file.MediaType,
                    file.MediaType.StartsWith("image/", StringComparison.Ordinal) ? null : file.Name,
                    enableRangeProcessing: true
                );
            }
        );
    }
}
