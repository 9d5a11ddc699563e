using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Publication;

/// <summary>Records the collective decision on a major matter (M 30).</summary>
/// <param name="Meeting">The meeting: 区政府第12次常务会议.</param>
/// <param name="HeldOn">The day of the meeting, Asia/Shanghai.</param>
/// <param name="Approved">Whether the text was approved; otherwise it goes back to drafting.</param>
/// <param name="Dissent">Differing opinions, which are recorded with the decision.</param>
/// <example>{"meeting": "区政府第12次常务会议", "heldOn": "2026-02-10", "approved": true, "dissent": ["建议把供热期提前到11月1日。"]}</example>
public sealed record RecordDecision(string? Meeting, DateOnly? HeldOn, bool? Approved, IReadOnlyList<string>? Dissent) : IEndpoint
{
    const int MostDissent = 50;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/documents/{id:guid}/decision", Post)
            .RequireAnyRole(Roles.Reviewer, Roles.Publisher)
            .Produces<DocumentStep>()
            .WithName("recordDecision");

    static Task<IResult> Post(Guid id, RecordDecision command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Step(http, id, caller, command.Check(time.Today()), (document, by) => Decide(document, command, by, time.GetUtcNow()));

    /// <summary>What is wrong with it whatever the document is.</summary>
    internal Invalid Check(DateOnly today)
    {
        var invalid = new Invalid()
            .Text("/meeting", Meeting, 200)
            .If(HeldOn is null, "/heldOn", "value.missing", "The day of the meeting is required.")
            .If(HeldOn > today, "/heldOn", "date.inFuture", "The meeting must have been held.")
            .If(Approved is null, "/approved", "value.missing", "Say whether the text was approved: true or false.")
            .If(Dissent?.Count > MostDissent, "/dissent", "values.tooMany", $"At most {MostDissent} differing opinions.");
        for (var i = 0; i < Math.Min(Dissent?.Count ?? 0, MostDissent); i++)
            invalid.Text($"/dissent/{i}", Dissent![i], Limits.LongestNote);
        return invalid;
    }

    internal static Decision Decide(PolicyDocument document, RecordDecision command, Actor by, DateTimeOffset now) =>
        !document.IsBeingReviewed && document.Prepared?.SentToReviewAt is null
            ? document.WrongState("decided on", "from underReview on, until it is published")
            : Decision.Record(
                new DecisionRecorded(
                    document.Revision,
                    command.Meeting!,
                    command.HeldOn!.Value,
                    command.Approved!.Value,
                    command.Dissent ?? [],
                    by,
                    now
                )
            );
}
