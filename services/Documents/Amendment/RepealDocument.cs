using PolicyPlatform.Documents.Drafting;
using PolicyPlatform.Documents.Publication;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Amendment;

/// <summary>Repeals a published document (废止).</summary>
/// <param name="Reason">Why; the public reads it.</param>
/// <param name="EffectiveFrom">The first day on which it is no longer in force, Asia/Shanghai; today when left out.</param>
/// <param name="RepealedBy">The repealing document, where the library holds it.</param>
public sealed record RepealDocument(string? Reason, DateOnly? EffectiveFrom, Guid? RepealedBy) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/documents/{id:guid}/repeal", Post).RequireAnyRole(Roles.Publisher)
        .Produces<DocumentStep>().WithTags("Amendment").WithName("repeal");

    static Task<IResult> Post(Guid id, RepealDocument command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Append<PolicyDocument>(http, id,
            async (document, session) =>
            {
                if (!caller.Sees(document)) return Visibility.NotFound(id);
                var invalid = new Invalid().Text("/reason", command.Reason, RecordRevision.LongestNote);
                if (command.RepealedBy is { } by)
                    invalid.If(by == id || await session.LoadAsync<PolicyDocument>(by, http.RequestAborted) is not { IsPublished: true },
                        "/repealedBy", "document.unknown", "The library has no other published document of this id.");
                return invalid.Problem is { } problem ? problem : Decide(document!, command, new(caller.Id, caller.Organisation), time.GetUtcNow());
            },
            version => new Answer(200, new DocumentStep(id, version)));

    internal static Decision Decide(PolicyDocument document, RepealDocument command, Actor by, DateTimeOffset now)
    {
        if (!document.IsPublished || document.Repealed is not null) return document.WrongState("repealed", "while it is published and not repealed");
        var from = command.EffectiveFrom ?? OfficialTime.DateIn(now);
        if (from < document.PublishedOn)
            return new Invalid().Add("/effectiveFrom", "date.tooEarly", $"A repeal does not take effect before the publication on {document.PublishedOn:yyyy-MM-dd}.").Problem!;
        return Decision.Record(new DocumentRepealed(from, command.RepealedBy, command.Reason!, by, now))
            .Telling(new Contracts.Documents.V1.DocumentRepealed(document.Id, document.Version + 1, from));
    }
}
