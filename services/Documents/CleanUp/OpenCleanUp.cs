using PolicyPlatform.Documents.Library;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.CleanUp;

/// <summary>The answer to a step of a clean-up.</summary>
/// <param name="Id">The clean-up.</param>
/// <param name="Version">Its version from now on: its ETag.</param>
/// <param name="Documents">How many documents the step was about.</param>
public sealed record CleanUpStep(Guid Id, long Version, int Documents);

/// <summary>Begins a clean-up of the documents that a query of the library finds.</summary>
/// <param name="Title">What it is called.</param>
/// <param name="DueOn">When all outcomes are to be there, Asia/Shanghai.</param>
/// <param name="Criteria">The documents, as the library is asked for them. Documents that are no longer in force are left out.</param>
/// <param name="Body">The organisation that looks at them; each document's leading issuer when left out.</param>
/// <example>{"title": "2026年度行政规范性文件清理", "dueOn": "2026-06-30",
/// "criteria": {"issuer": "370114-ZJ", "kind": "normative", "validity": "inForce"}, "body": "370114-ZJ"}</example>
public sealed record OpenCleanUp(string? Title, DateOnly? DueOn, LibraryQuery? Criteria, string? Body) : IEndpoint
{
    const int MostDocuments = 1000;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/cleanups", Post).RequireAnyRole(Roles.Publisher).Produces<CleanUpStep>(201).WithName("openCleanUp");

    static async Task<IResult> Post(
        OpenCleanUp command,
        IndexedLibrary library,
        LibraryTopics topics,
        CatalogCodes catalog,
        Caller caller,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid().Text("/title", command.Title, Elements.LongestTitle);
        var search = await topics.Within(
            command.Criteria?.Topic,
            (command.Criteria ?? new(null, null, null, null, null, null, null)).Read(invalid),
            invalid,
            http.RequestAborted
        );
        if (command.Body is { } body)
            await catalog.Check(body, "/body", invalid, http.RequestAborted);
        var items = await library.Read(
            index =>
                search
                    .All(index)
                    .Where(f => f.Validity is Validity.InForce or Validity.Amended or Validity.NotYetInForce)
                    .Select(f => new CleanUpItem(f.Document.Id, f.Document.Title, command.Body ?? f.Document.Issuers[0]))
                    .ToArray(),
            http.RequestAborted
        );
        invalid
            .If(items.Length == 0, "/criteria", "cleanUp.empty", "No document in force fits these criteria.")
            .If(
                items.Length > MostDocuments,
                "/criteria",
                "cleanUp.tooMany",
                $"{items.Length:N0} documents fit; a clean-up has at most {MostDocuments:N0}. Narrow the criteria."
            );
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var id = Guid.CreateVersion7();
        return await writer.Start<CleanUpCampaign>(
            http,
            id,
            _ =>
                Task.FromResult(
                    Decision.Record(new CleanUpOpened(id, command.Title!.Trim(), command.DueOn, items, caller.Actor(), time.GetUtcNow()))
                ),
            recorded => new Answer(201, new CleanUpStep(id, recorded.Version, items.Length), $"/api/v1/cleanups/{id}")
        );
    }
}
