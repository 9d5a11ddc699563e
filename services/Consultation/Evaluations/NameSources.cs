using PolicyPlatform.Consultation.Questionnaires;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Evaluations;

/// <summary>People who were asked, as they are given.</summary>
/// <param name="Group">Who.</param>
/// <param name="Asked">How many were asked.</param>
/// <param name="Answered">How many of them answered.</param>
public sealed record GivenRespondents(string? Group, int? Asked, int? Answered);

/// <summary>Names what else an evaluation looks at, all of it at once: what is not sent goes.</summary>
/// <param name="Questionnaires">Questionnaires, by their ids.</param>
/// <param name="Tickets">Tickets of the hotline, by their numbers.</param>
/// <param name="Respondents">Who was asked: groups, never persons.</param>
/// <example>{"questionnaires": ["01920f4e-7a3b-7c5d-9e2f-0a1b2c3d4e62"], "tickets": ["YZ-20260301-0018"],
/// "respondents": [{"group": "供热企业", "asked": 12, "answered": 11}]}</example>
public sealed record NameSources(
    IReadOnlyList<Guid>? Questionnaires,
    IReadOnlyList<string>? Tickets,
    IReadOnlyList<GivenRespondents>? Respondents
) : IEndpoint
{
    const int MostQuestionnaires = 50,
        MostTickets = 500,
        LongestTicket = 100,
        MostGroups = 50,
        MostPeople = 10_000_000;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/evaluations/{id:guid}/sources", Put)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter)
            .Produces<EvaluationView>()
            .WithName("nameEvaluationSources");

    static Task<IResult> Put(Guid id, NameSources command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Step(
            http,
            id,
            caller,
            async (evaluation, session) =>
                Decide(
                    evaluation,
                    command,
                    await session.KnowAll(
                        [.. (command.Questionnaires ?? []).Take(MostQuestionnaires)],
                        i => $"/questionnaires/{i}",
                        caller,
                        new(),
                        http.RequestAborted
                    ),
                    caller.Actor(),
                    time.GetUtcNow()
                )
        );

    static Decision Decide(Evaluation evaluation, NameSources command, Invalid invalid, Actor by, DateTimeOffset now)
    {
        var (questionnaires, tickets, groups) = (command.Questionnaires ?? [], command.Tickets ?? [], command.Respondents ?? []);
        invalid
            .If(
                questionnaires.Count > MostQuestionnaires,
                "/questionnaires",
                "questionnaires.tooMany",
                $"At most {MostQuestionnaires} questionnaires."
            )
            .If(tickets.Count > MostTickets, "/tickets", "tickets.tooMany", $"At most {MostTickets} tickets.")
            .If(groups.Count > MostGroups, "/respondents", "respondents.tooMany", $"At most {MostGroups} groups.");
        foreach (var (i, ticket) in tickets.Take(MostTickets).Index())
            invalid.Text($"/tickets/{i}", ticket, LongestTicket);
        foreach (var (i, group) in groups.Take(MostGroups).Index())
            invalid
                .Text($"/respondents/{i}/group", group.Group, Limits.LongestTitle)
                .If(
                    group.Asked is not (>= 0 and <= MostPeople),
                    $"/respondents/{i}/asked",
                    "value.outOfRange",
                    $"0 to {MostPeople} people."
                )
                .If(
                    group.Answered is not >= 0 || group.Answered > group.Asked,
                    $"/respondents/{i}/answered",
                    "value.outOfRange",
                    "Not more than were asked."
                );
        return evaluation.State is not EvaluationState.Open ? evaluation.WrongState("given sources", "while it is open")
            : invalid.Problem is { } problem ? problem
            : Decision.Record(
                new EvaluationSourcesNamed(
                    new(
                        [.. questionnaires.Distinct()],
                        [.. tickets.Select(t => t.Trim()).Distinct()],
                        [.. groups.Select(g => new EvaluationRespondents(g.Group!.Trim(), g.Asked!.Value, g.Answered!.Value))]
                    ),
                    by,
                    now
                )
            );
    }
}
