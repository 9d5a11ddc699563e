using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.Attachments;

namespace PolicyPlatform.Interpretation.Materials;

/// <summary>
/// Attaches a file to a material: the body is the file. Its bytes tell its type; what its name or the request says does not matter.
/// </summary>
public sealed class AttachFile : IEndpoint
{
    const int LongestName = 200,
        MostFiles = 50;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/interpretations/{id:guid}/attachments", Post)
            .RequireAnyRole(Roles.Drafter, Roles.Publisher)
            .Accepts<byte[]>("application/octet-stream", "*/*")
            .Produces<MaterialView>()
            .WithName("attachFile");

    static async Task<IResult> Post(
        Guid id,
        string? name,
        Caller caller,
        Documents.DocumentsClient documents,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        var (content, form) = await http.Request.ReadFile();
        if (form is not null)
            return form.ToResult();
        return await writer.Change(
            http,
            id,
            caller,
            documents,
            time,
            (material, session) =>
            {
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
                var file = new MaterialFile(name!.Trim(), type.MediaType, content.LongLength, session.KeepFile(content));
                return Task.FromResult(Decision.Record(new MaterialFileAttached(file, caller.Actor(), time.GetUtcNow())));
            }
        );
    }
}
