using System.Text.Json.Serialization;
using Marten;
using PolicyPlatform.Interpretation.Questions;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Interpretation.Hotline;

/// <summary>Where a ticket is on its way.</summary>
public enum TicketState
{
    /// <summary>It came in; nobody has it yet.</summary>
    Received,

    /// <summary>A body has it and answers within 5 working days (H 24).</summary>
    Assigned,

    /// <summary>It is answered.</summary>
    Answered,

    /// <summary>The caller is satisfied (H 27).</summary>
    Closed,
}

/// <summary>What a ticket is about.</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Blocks">The blocks.</param>
/// <param name="Guessed">Whether the platform found them by the words of the question; otherwise the hotline named them.</param>
public sealed record TicketSubject(Guid DocumentId, IReadOnlyList<string> Blocks, bool Guessed);

/// <summary>A question came in from the hotline, without anything of its caller (H 32).</summary>
public sealed record TicketReceived(
    Guid Id,
    string TicketId,
    string Question,
    TicketSubject? About,
    string? Body,
    DateTimeOffset ReceivedAt,
    Actor By,
    DateTimeOffset At
) : IEventOf<Ticket>;

/// <summary>What it is about was found.</summary>
public sealed record TicketPlaced(TicketSubject About, Actor By, DateTimeOffset At) : IEventOf<Ticket>;

/// <summary>Several published answers cover it equally and say different things: a person chooses.</summary>
/// <param name="Questions">The questions that they answer, the best first.</param>
/// <param name="By">Who found them.</param>
/// <param name="At">When.</param>
public sealed record TicketAnswersDiffer(IReadOnlyList<Guid> Questions, Actor By, DateTimeOffset At) : IEventOf<Ticket>;

/// <summary>A body has to answer it by a day, and is reminded of that on another.</summary>
public sealed record TicketAssigned(
    string Body,
    DateOnly DueOn,
    string Explanation,
    string? Reason,
    Actor By,
    DateTimeOffset At,
    DateOnly? RemindOn = null
) : IEventOf<Ticket>;

/// <summary>The calendar changed, and with it the last day.</summary>
public sealed record TicketDeadlineRecounted(DateOnly DueOn, DateOnly RemindOn, string Explanation, Actor By, DateTimeOffset At)
    : IEventOf<Ticket>;

/// <summary>Its body gave it back (退单); the hotline gives it to another one.</summary>
/// <param name="Body">Who gave it back.</param>
/// <param name="Reason">Why.</param>
/// <param name="Proposed">Who would answer for it; null where that was not said.</param>
/// <param name="By">Who did it.</param>
/// <param name="At">When.</param>
public sealed record TicketReturned(string Body, string Reason, string? Proposed, Actor By, DateTimeOffset At) : IEventOf<Ticket>;

/// <summary>It was answered: out of a published answer, or by a body.</summary>
public sealed record TicketAnswered(string Answer, Guid? QuestionId, Actor By, DateTimeOffset At) : IEventOf<Ticket>;

/// <summary>Its body was reminded of its last day.</summary>
public sealed record TicketReminded(DateOnly DueOn, Actor By, DateTimeOffset At) : IEventOf<Ticket>;

/// <summary>Its last day has passed: it goes to those above.</summary>
public sealed record TicketEscalated(DateOnly DueOn, Actor By, DateTimeOffset At) : IEventOf<Ticket>;

/// <summary>The caller was called back.</summary>
public sealed record TicketRated(bool Satisfied, string? Note, Actor By, DateTimeOffset At) : IEventOf<Ticket>;

/// <summary>热线工单: a question of the hotline 12345, known by the hotline's own ticket id.</summary>
public sealed record Ticket : IState<Ticket>
{
    /// <summary>Made of the ticket id; the stream's id.</summary>
    public Guid Id { get; init; }

    /// <summary>How many events there are; set by Marten.</summary>
    public long Version { get; set; }

    /// <summary>The hotline's own id.</summary>
    public string TicketId { get; init; } = "";

    /// <summary>Where it is on its way.</summary>
    public TicketState State { get; init; }

    /// <summary>What was asked.</summary>
    public string Question { get; init; } = "";

    /// <summary>What it is about; null while nobody knows.</summary>
    public TicketSubject? About { get; init; }

    /// <summary>Who answers.</summary>
    public string? Body { get; init; }

    /// <summary>The last day for that, Asia/Shanghai.</summary>
    public DateOnly? DueOn { get; init; }

    /// <summary>How that was counted.</summary>
    public string? Explanation { get; init; }

    /// <summary>The day on which its period began, which does not count itself, Asia/Shanghai.</summary>
    public DateOnly AssignedOn { get; init; }

    /// <summary>The day from which on its body is reminded, Asia/Shanghai: one working day is left.</summary>
    public DateOnly? RemindOn { get; init; }

    /// <summary>The answer.</summary>
    public string? Answer { get; init; }

    /// <summary>The published answer that it was taken from.</summary>
    public Guid? QuestionId { get; init; }

    /// <summary>Questions whose published answers cover it equally and differ; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Guid>? Related { get; init; }

    /// <summary>Whether the caller was satisfied; null before the call back.</summary>
    public bool? Satisfied { get; init; }

    /// <summary>How often the caller was not, whatever came of it later.</summary>
    public int NotSatisfied { get; init; }

    /// <summary>How it was given back last; null where nobody did.</summary>
    public TicketReturn? Returned { get; init; }

    /// <summary>How often it was given back.</summary>
    public int Returns { get; init; }

    /// <summary>Whether the platform chose its body: a person says otherwise without a reason.</summary>
    public bool IsBodyGuessed { get; init; }

    /// <summary>When its last day had passed without an answer, UTC.</summary>
    public DateTimeOffset? EscalatedAt { get; init; }

    /// <summary>The last day that its body was reminded of.</summary>
    public DateOnly? RemindedOf { get; init; }

    /// <summary>Whether the platform has looked at what it is about and who answers.</summary>
    public bool IsTriaged { get; init; }

    /// <summary>When the hotline received it, UTC.</summary>
    public DateTimeOffset ReceivedAt { get; init; }

    /// <summary>When it was answered, UTC.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>The state after one more event.</summary>
    public static Ticket? Next(Ticket? ticket, IEventOf<Ticket> happened) =>
        (ticket, happened) switch
        {
            (null, TicketReceived e) => new()
            {
                Id = e.Id,
                TicketId = e.TicketId,
                Question = e.Question,
                About = e.About,
                Body = e.Body,
                ReceivedAt = e.ReceivedAt,
            },
            ({ } t, TicketPlaced e) => t with { About = e.About, IsTriaged = true },
            ({ } t, TicketAnswersDiffer e) => t with { Related = e.Questions, IsTriaged = true },
            ({ } t, TicketAssigned e) => t with
            {
                State = TicketState.Assigned,
                Body = e.Body,
                DueOn = e.DueOn,
                Explanation = e.Explanation,
                AssignedOn = OfficialTime.DateIn(e.At),
                RemindOn = e.RemindOn ?? e.DueOn.AddDays(-1),
                IsTriaged = true,
                EscalatedAt = null,
                IsBodyGuessed = e.By == Actor.Platform && (t.Body is null || t.IsBodyGuessed),
            },
            ({ } t, TicketReturned e) => t with
            {
                State = TicketState.Received,
                Body = null,
                DueOn = null,
                RemindOn = null,
                Explanation = null,
                EscalatedAt = null,
                Returned = new(e.Body, e.Reason, e.Proposed, e.At),
                Returns = t.Returns + 1,
            },
            ({ } t, TicketDeadlineRecounted e) => t with { DueOn = e.DueOn, RemindOn = e.RemindOn, Explanation = e.Explanation },
            ({ } t, TicketAnswered e) => t with
            {
                State = TicketState.Answered,
                Answer = e.Answer,
                QuestionId = e.QuestionId,
                AnsweredAt = e.At,
                IsTriaged = true,
            },
            ({ } t, TicketReminded e) => t with { RemindedOf = e.DueOn },
            ({ } t, TicketEscalated e) => t with { EscalatedAt = e.At },
            ({ } t, TicketRated e) => t with
            {
                Satisfied = e.Satisfied,
                NotSatisfied = t.NotSatisfied + (e.Satisfied ? 0 : 1),
                State = e.Satisfied ? TicketState.Closed : TicketState.Received,
            },
            _ => ticket,
        };
}

/// <summary>How a ticket was given back.</summary>
/// <param name="By">Who gave it back, a code of the Catalog.</param>
/// <param name="Reason">Why.</param>
/// <param name="Proposed">Who would answer for it; null where that was not said.</param>
/// <param name="At">When, UTC.</param>
public sealed record TicketReturn(string By, string Reason, string? Proposed, DateTimeOffset At);

/// <summary>A ticket as the API shows it.</summary>
/// <param name="TicketId">The hotline's own id.</param>
/// <param name="Version">The version of its history: its ETag.</param>
/// <param name="State">Where it is on its way.</param>
/// <param name="Question">What was asked.</param>
/// <param name="About">What it is about.</param>
/// <param name="Body">Who answers.</param>
/// <param name="DueOn">The last day for that, Asia/Shanghai.</param>
/// <param name="Explanation">How that was counted.</param>
/// <param name="IsOverdue">Whether that day has passed without an answer.</param>
/// <param name="EscalatedAt">When it went to those above, UTC.</param>
/// <param name="Answer">The answer.</param>
/// <param name="QuestionId">The published answer that it was taken from.</param>
/// <param name="Satisfied">Whether the caller was satisfied.</param>
/// <param name="ReceivedAt">When the hotline received it, UTC.</param>
/// <param name="AnsweredAt">When it was answered, UTC.</param>
/// <param name="NotSatisfied">How often the caller was not satisfied, whatever came of it later.</param>
/// <param name="Returned">How it was given back last; null where nobody did.</param>
/// <param name="Returns">How often it was given back.</param>
/// <param name="Related">
/// Published answers that cover the question equally and differ, while it is not answered: whoever answers it chooses. Null for none.
/// </param>
public sealed record TicketView(
    string TicketId,
    long Version,
    TicketState State,
    string Question,
    TicketSubject? About,
    string? Body,
    DateOnly? DueOn,
    string? Explanation,
    bool IsOverdue,
    DateTimeOffset? EscalatedAt,
    string? Answer,
    Guid? QuestionId,
    bool? Satisfied,
    DateTimeOffset ReceivedAt,
    DateTimeOffset? AnsweredAt,
    int NotSatisfied,
    TicketReturn? Returned,
    int Returns,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<RelatedAnswer>? Related = null
)
{
    /// <summary>
    /// As the caller sees it, with the answers that somebody has to choose from: what was answered out of a document that is taken from the
    /// public is said only to those who work on it.
    /// </summary>
    internal static TicketView For(Caller caller, Ticket t, DateOnly today, TicketAnswers answers)
    {
        var view = Of(t, today) with { Related = answers.RelatedTo(t) };
        return
            t is { Answer: not null, About.DocumentId: var document }
            && !caller.ReadsTakenDown(t.Body)
            && answers.Hidden.Refusal(document) is { Detail: var explanation }
            ? view with
            {
                Answer = explanation.ToString(),
            }
            : view;
    }

    static TicketView Of(Ticket t, DateOnly today) =>
        new(
            t.TicketId,
            t.Version,
            t.State,
            t.Question,
            t.About,
            t.Body,
            t.DueOn,
            t.Explanation,
            t.State is TicketState.Assigned && t.DueOn < today,
            t.EscalatedAt,
            t.Answer,
            t.QuestionId,
            t.Satisfied,
            t.ReceivedAt,
            t.AnsweredAt,
            t.NotSatisfied,
            t.Returned,
            t.Returns
        );
}

/// <summary>What tickets are shown with: the published answers that they name, and what is taken from the public.</summary>
sealed class TicketAnswers
{
    readonly IReadOnlyDictionary<Guid, RelatedAnswer> known;

    TicketAnswers(HiddenParts hidden, IReadOnlyDictionary<Guid, RelatedAnswer> known) => (Hidden, this.known) = (hidden, known);

    /// <summary>What a new ticket is shown with: it names no answer, and has none.</summary>
    public static TicketAnswers None { get; } = new(new([]), new Dictionary<Guid, RelatedAnswer>());

    /// <summary>What is taken from the public.</summary>
    public HiddenParts Hidden { get; }

    /// <summary>Reads what some tickets are shown with. Answers that are not public any more are left out.</summary>
    public static async Task<TicketAnswers> Of(IEnumerable<Ticket> tickets, IQuerySession session, CancellationToken cancellation)
    {
        var hidden = await session.Hidden(cancellation);
        Guid[] named = [.. tickets.SelectMany(t => t.Related ?? []).Distinct()];
        var answers = named.Length == 0 ? [] : await session.LoadManyAsync<PolicyQuestion>(cancellation, named);
        return new(
            hidden,
            answers
                .Where(q => q.Shown is { } shown && !hidden.Covers(shown.DocumentId, shown.Revision))
                .ToDictionary(q => q.Id, q => new RelatedAnswer(q.Id, q.Shown!.Question, q.Shown.Answer))
        );
    }

    /// <summary>The answers from which somebody has to choose for a ticket; null where nobody has to.</summary>
    public IReadOnlyList<RelatedAnswer>? RelatedTo(Ticket ticket) =>
        ticket is { Related: { } related, State: TicketState.Received or TicketState.Assigned }
            ? [.. related.Select(known.GetValueOrDefault).OfType<RelatedAnswer>()]
            : null;
}

/// <summary>A published answer from which somebody has to choose.</summary>
/// <param name="QuestionId">The question, by which the ticket is answered.</param>
/// <param name="Question">The question in general words.</param>
/// <param name="Answer">The answer.</param>
public sealed record RelatedAnswer(Guid QuestionId, string Question, string Answer);
