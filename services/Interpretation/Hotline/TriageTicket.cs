using System.Security.Cryptography;
using System.Text;
using Marten;
using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Interpretation.KnownDocuments;
using PolicyPlatform.Interpretation.Plans;
using PolicyPlatform.Interpretation.Questions;
using PolicyPlatform.Interpretation.Tasks;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Writing;
using Wolverine;
using Wolverine.Attributes;

namespace PolicyPlatform.Interpretation.Hotline;

/// <summary>Interpretation's note to itself: find out what a ticket is about and who answers it.</summary>
/// <param name="Id">The ticket.</param>
public sealed record TriageTicket(Guid Id);

/// <summary>Interpretation's note to itself for a day on which a ticket may have to be reminded of, or escalated.</summary>
/// <param name="Id">The ticket.</param>
/// <param name="Day">The day, Asia/Shanghai.</param>
public sealed record LookAtTicket(Guid Id, DateOnly Day);

/// <summary>Looks after tickets: answers what a published answer answers, gives the rest to a body with its last day, reminds, escalates, and asks for a follow-up where they gather.</summary>
[WolverineHandler]
public static class TriageTickets
{
    /// <summary>An answer that covers so much of the question is given without asking anybody.</summary>
    internal const double GivenAtOnce = 0.8;

    /// <summary>How long a body has, in working days (H 24).</summary>
    internal const int Days = 5;

    /// <summary>A clause that covers less of the question says nothing about what it is about.</summary>
    const double Related = 0.5;

    static readonly TimeSpan Again = TimeSpan.FromSeconds(1), Window = TimeSpan.FromDays(30);

    /// <summary>Looks at a new ticket. What is asked of other services is asked again until they answer.</summary>
    public static async Task<OutgoingMessages> Handle(TriageTicket note, IDocumentSession session, AnswerIndex index, Documents.DocumentsClient documents, Catalog.CatalogClient catalog, IConfiguration settings, TimeProvider time, CancellationToken cancellation)
    {
        var told = new OutgoingMessages();
        var stream = await session.Events.FetchForWriting<Ticket>(note.Id, cancellation);
        if (stream.Aggregate is not { State: TicketState.Received, IsTriaged: false } ticket) return told;
        var now = time.GetUtcNow();
        var about = ticket.About;
        var (answers, alike) = await index.Find(ticket.Question, 1, cancellation);
        var best = answers.FirstOrDefault(a => !a.Item.IsOutdatedOn(time.Today()));
        if (about is null && best is { Coverage: >= GivenAtOnce }) about = new(best.Item.Shown!.DocumentId, best.Item.Shown.Blocks, true);
        if (about is null)
        {
            var ask = new FindClausesRequest { Question = ticket.Question, Limit = 1 };
            ask.Synonyms.AddRange(alike.Select(words => new SynonymGroup { Words = { words } }));
            var clauses = (await documents.FindClausesAsync(ask, cancellationToken: cancellation)).Clauses;
            if (clauses is [{ Coverage: >= Related } clause]) about = new(Guid.Parse(clause.DocumentId), [clause.BlockId], true);
        }
        if (about is not null && about != ticket.About) stream.AppendOne(new TicketPlaced(about, Actor.Platform, now));

        if (best is { Coverage: >= GivenAtOnce }) stream.AppendOne(new TicketAnswered(best.Item.Shown!.Answer, best.Item.Id, Actor.Platform, now));
        else if ((ticket.Body ?? (about is not null && await session.LoadAsync<KnownDocument>(about.DocumentId, cancellation) is { Issuers: [var leading, ..] } ? leading : null)) is { } body)
        {
            var assigned = await Assign(catalog, body, null, Actor.Platform, now, cancellation);
            stream.AppendOne(assigned);
            session.Store(Task(ticket, about, assigned, now));
            foreach (var (look, at) in Looks(ticket.Id, assigned.DueOn)) told.Schedule(look, at);
        }
        if (about is { Blocks.Count: > 0 }) await FollowUp(session, ticket, about, settings.GetValue("Hotline:FollowUpThreshold", 10), now, cancellation);
        return told;
    }

    /// <summary>Counts the last day of a body.</summary>
    internal static async Task<TicketAssigned> Assign(Catalog.CatalogClient catalog, string body, string? reason, Actor by, DateTimeOffset now, CancellationToken cancellation)
    {
        var counted = await catalog.CountDaysAsync(new() { From = OfficialTime.DateIn(now).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), Days = Days, WorkingDays = true }, cancellationToken: cancellation);
        return new(body, DateOnly.Parse(counted.DueOn, System.Globalization.CultureInfo.InvariantCulture), counted.Explanation, reason, by, now);
    }

    /// <summary>The task of the body.</summary>
    internal static InterpretationTask Task(Ticket ticket, TicketSubject? about, TicketAssigned assigned, DateTimeOffset now) =>
        new(InterpretationTask.For(TaskKind.Ticket, ticket.Id), TaskKind.Ticket, ticket.Id, about?.DocumentId, [assigned.Body], ticket.Question, $"/api/v1/hotline/tickets/{Uri.EscapeDataString(ticket.TicketId)}", now, assigned.DueOn);

    /// <summary>The notes for a last day: the day before, and the day after.</summary>
    internal static IEnumerable<(LookAtTicket Note, DateTimeOffset At)> Looks(Guid id, DateOnly dueOn) =>
        new[] { dueOn.AddDays(-1), dueOn.AddDays(1) }.Select(day => (new LookAtTicket(id, day), OfficialTime.StartOf(day)));

    /// <summary>Reminds the body, or escalates.</summary>
    public static async Task<OutgoingMessages> Handle(LookAtTicket note, IDocumentSession session, TimeProvider time, CancellationToken cancellation)
    {
        var told = new OutgoingMessages();
        var today = time.Today();
        if (today < note.Day)
        {
            told.Delay(note, Again);
            return told;
        }
        var stream = await session.Events.FetchForWriting<Ticket>(note.Id, cancellation);
        if (stream.Aggregate is not { State: TicketState.Assigned, DueOn: { } due } ticket) return told;
        if (due < today && ticket.EscalatedAt is null) stream.AppendOne(new TicketEscalated(due, Actor.Platform, time.GetUtcNow()));
        else if (due.AddDays(-1) <= today && due >= today && ticket.RemindedOf != due) stream.AppendOne(new TicketReminded(due, Actor.Platform, time.GetUtcNow()));
        return told;
    }

    // 热点问题二次解读 (H 26, W 五): one task and one plan while it is open, however many tickets come.
    static async Task FollowUp(IDocumentSession session, Ticket ticket, TicketSubject about, int threshold, DateTimeOffset now, CancellationToken cancellation)
    {
        var since = now - Window;
        foreach (var block in about.Blocks)
        {
            // The cheap question first: where it is open nobody needs to count.
            var plan = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"followUp/{about.DocumentId}/{block}"))[..16]);
            var id = InterpretationTask.For(TaskKind.FollowUp, plan);
            if (await session.LoadAsync<InterpretationTask>(id, cancellation) is not null) continue;
            var others = await session.Query<Ticket>().CountAsync(t => t.Id != ticket.Id && t.About!.DocumentId == about.DocumentId && t.About.Blocks.Contains(block) && t.ReceivedAt >= since, cancellation);
            if (others + 1 < threshold) continue;
            if (await session.LoadAsync<KnownDocument>(about.DocumentId, cancellation) is not { } document) continue;
            var reason = $"近30天内有{others + 1}件热线工单集中于{block}。";
            session.Store(new InterpretationTask(id, TaskKind.FollowUp, plan, about.DocumentId, document.Issuers, $"跟踪解读：{document.Title}", $"/api/v1/interpretation-plans/{plan}", now));
            session.Events.StartStream<InterpretationPlan>(plan, new PlanOpened(plan, about.DocumentId, document.Title, document.Issuers, Phase.PostImplementation, document.Revision, reason, Actor.Platform, now));
        }
    }
}
