using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Interpretation.Plans;

/// <summary>Writes down what is planned. An approved plan that is changed is approved again.</summary>
/// <param name="Forms">The forms of the materials.</param>
/// <param name="Channels">Where they are published: website, newMedia, zone ….</param>
/// <param name="Note">What else is planned.</param>
/// <param name="PlannedOn">The day planned for publication, Asia/Shanghai.</param>
/// <example>{"forms": ["text", "questionsAndAnswers", "illustrated"], "channels": ["website", "newMedia"], "note": "图文解读突出申领条件和办理流程。",
/// "plannedOn": "2026-03-01"}</example>
public sealed record WritePlan(IReadOnlyList<Form>? Forms, IReadOnlyList<string>? Channels, string? Note, DateOnly? PlannedOn) : IEndpoint
{
    const int LongestNote = 10_000,
        MostChannels = 20,
        LongestChannel = 100;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/interpretation-plans/{id:guid}", Put)
            .RequireAnyRole(Roles.Drafter, Roles.Publisher)
            .Produces<PlanView>()
            .WithName("writePlan");

    static Task<IResult> Put(Guid id, WritePlan command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http)
    {
        var invalid = new Invalid()
            .If(command.Forms is null or { Count: 0 }, "/forms", "value.missing", "At least one form is planned.")
            .If(command.Channels?.Count > MostChannels, "/channels", "channels.tooMany", $"At most {MostChannels} channels.")
            .Text("/note", command.Note, LongestNote, required: false);
        for (var i = 0; i < Math.Min(command.Channels?.Count ?? 0, MostChannels); i++)
            invalid.Text($"/channels/{i}", command.Channels![i], LongestChannel);
        return writer.Step(http, id, caller, invalid, plan => Decide(plan, command, caller.Actor(), time.GetUtcNow()));
    }

    internal static Decision Decide(InterpretationPlan plan, WritePlan command, Actor by, DateTimeOffset now) =>
        plan.State is not (PlanState.Open or PlanState.Approved)
            ? plan.WrongState("written", "before it is ready; a ready one is reopened at its document")
            : Decision.Record(new PlanWritten(command.Forms!, command.Channels ?? [], command.Note, command.PlannedOn, by, now));
}
