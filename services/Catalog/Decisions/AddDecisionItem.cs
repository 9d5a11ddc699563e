using Marten;
using PolicyPlatform.Catalog.Organisations;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Decisions;

/// <summary>Puts an item into the decision catalogue of a year. Once the catalogue is published, with a reason.</summary>
/// <param name="Code">Its code within the year.</param>
/// <param name="Title">事项名称.</param>
/// <param name="Body">承办单位, a code of an organisation.</param>
/// <param name="PlannedOn">计划完成时间, Asia/Shanghai, within the year.</param>
/// <param name="LegalBasis">决策依据.</param>
/// <param name="Steps">法定程序; public participation, legality and the collective decision are part of each (M 14, 25, 30).</param>
/// <param name="Reason">Why the published catalogue changes.</param>
/// <example>{"code": "01", "title": "云泽区住房保障发展规划（2026—2030年）", "body": "370114-ZJ", "plannedOn": "2026-11-30",
/// "legalBasis": "《重大行政决策程序暂行条例》第三条",
/// "steps": ["publicParticipation", "expertArgument", "riskAssessment", "legality", "collectiveDecision"], "reason": "区政府常务会议决定列入年度目录。"}
/// </example>
public sealed record AddDecisionItem(
    string? Code,
    string? Title,
    string? Body,
    DateOnly? PlannedOn,
    string? LegalBasis,
    IReadOnlyList<RequiredStep>? Steps,
    string? Reason
) : IEndpoint
{
    const int LongestTitle = 300,
        LongestBasis = 2000;

    // What the ordinance asks of every major decision; experts and risk assessment depend on the matter.
    static readonly RequiredStep[] Always = [RequiredStep.PublicParticipation, RequiredStep.Legality, RequiredStep.CollectiveDecision];

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/decision-catalogues/{year:int}/items", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<DecisionItemView>(201)
            .WithName("addDecisionItem");
        api.MapPut("/decision-catalogues/{year:int}/items/{code}", Put)
            .RequireAnyRole(Roles.Publisher)
            .Produces<DecisionItemView>()
            .WithName("changeDecisionItem");
    }

    /// <summary>
    /// Puts an item into the decision catalogue of a year, which comes into being with its first one. Once the catalogue is published, a
    /// reason is required.
    /// </summary>
    static Task<IResult> Post(int year, AddDecisionItem command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Step(
            http,
            year,
            command.Code ?? "",
            201,
            time,
            async (catalogue, session) =>
            {
                var invalid = new Invalid()
                    .Code("/code", command.Code)
                    .If(year is < 2000 or > 2199, "year", "year.outOfRange", "A year between 2000 and 2199.");
                var item = await command.Read(year, command.Code ?? "", catalogue, session, invalid, http.RequestAborted);
                if (invalid.Problem is { } problem)
                    return problem;
                return catalogue?.Find(item.Code) is { } same
                    ? CatalogProblems.CodeTaken.With($"{item.Code} is {same.Item.Title}. Choose another code, or PUT the item.")
                    : Decision.Record(new DecisionItemAdded(year, item, command.Reason, caller.Actor(), time.GetUtcNow()));
            }
        );

    /// <summary>
    /// Says anew all that an item of the decision catalogue says; its code is that of the path. Once the catalogue is published, a reason
    /// is required. One that was withdrawn no longer changes.
    /// </summary>
    static Task<IResult> Put(
        int year,
        string code,
        AddDecisionItem command,
        Caller caller,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    ) =>
        writer.Step(
            http,
            year,
            code,
            200,
            time,
            async (catalogue, session) =>
            {
                if (catalogue?.Find(code) is not { } kept)
                    return ReadDecisions.NotFound(year, code);
                var invalid = new Invalid();
                var item = await command.Read(year, code, catalogue, session, invalid, http.RequestAborted);
                return invalid.Problem is { } problem ? problem
                    : kept.WithdrawnBecause is not null
                        ? CatalogProblems.DecisionItemState.With($"The item was withdrawn: {kept.WithdrawnBecause}")
                    : catalogue.Tell(
                        Decision.Record(new DecisionItemChanged(item, command.Reason, caller.Actor(), time.GetUtcNow())),
                        code
                    );
            }
        );

    async Task<DecisionItem> Read(
        int year,
        string code,
        DecisionCatalogue? catalogue,
        IDocumentSession session,
        Invalid invalid,
        CancellationToken cancellation
    )
    {
        invalid
            .Text("/title", Title, LongestTitle)
            .Text("/body", Body, 40)
            .Text("/legalBasis", LegalBasis, LongestBasis, required: false)
            .If(PlannedOn is null || PlannedOn.Value.Year != year, "/plannedOn", "date.otherYear", $"The planned day lies in {year}.")
            .Text("/reason", Reason, LongestBasis, required: catalogue?.PublishedOn is not null);
        invalid.If(
            !string.IsNullOrWhiteSpace(Body)
                && (await session.LoadAsync<Organisation>(Body, cancellation))?.ExistsOn(PlannedOn ?? new(year, 1, 1)) is not true,
            "/body",
            "organisation.unknown",
            $"There is no organisation {Body} on that day."
        );
        return new(code, Title?.Trim() ?? "", Body ?? "", PlannedOn ?? default, LegalBasis?.Trim(), [.. Always.Union(Steps ?? []).Order()]);
    }
}
