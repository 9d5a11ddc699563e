using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.Attachments;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>
/// Attaches a file for the participants of a hearing (M 16): the body is the file. Its bytes tell its type. It is public once the materials
/// are sent.
/// </summary>
public sealed class AttachHearingMaterial : IEndpoint
{
    const int LongestName = 200,
        MostFiles = 50;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/hearings/{id:guid}/materials", Post)
            .RequireAnyRole(Roles.Drafter, Roles.Publisher)
            .Accepts<byte[]>("application/octet-stream", "*/*")
            .Produces<HearingView>()
            .WithName("attachHearingMaterial");

    static async Task<IResult> Post(Guid id, string? name, Caller caller, EventWriter writer, TimeProvider time, HttpContext http)
    {
        var (content, form) = await http.Request.ReadFile();
        if (form is not null)
            return form.ToResult();
        var invalid = new Invalid()
            .Text("name", name, LongestName)
            .If(name?.IndexOfAny(['/', '\\', '\0', '\r', '\n']) >= 0, "name", "name.malformed", "A file name has no path.")
            .If(content.Length == 0, "", "value.missing", "The body of the request is the file.");
        return await writer.Step(
            http,
            id,
            caller,
            invalid,
            time,
            (hearing, session) =>
            {
                var now = time.GetUtcNow();
                if (hearing.StateAt(now) is HearingState.Published or HearingState.Cancelled)
                    return Task.FromResult<Decision>(hearing.WrongState(now, "given files", "until its record is published"));
                if (hearing.Materials.Count >= MostFiles)
                    return Task.FromResult<Decision>(
                        new Invalid().Add("", "files.tooMany", $"A hearing has at most {MostFiles} files.").Problem!
                    );
                if (FileTypes.Of(content, name!) is not { } type || !FileTypes.OfDocuments.Contains(type))
                    return Task.FromResult<Decision>(
                        CommonProblems.FileType.With(
                            $"The bytes of {name} are none of: {string.Join(", ", FileTypes.OfDocuments.Select(t => t.MediaType))}. What can carry scripts, such as SVG and HTML, is not accepted."
                        )
                    );
                var material = new HearingMaterial(name!.Trim(), type.MediaType, content.LongLength, session.KeepFile(content));
                return Task.FromResult(Decision.Record(new HearingMaterialAttached(material, caller.Actor(), now)));
            }
        );
    }
}
