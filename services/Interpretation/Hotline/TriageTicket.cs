using Marten;
using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Interpretation.KnownDocuments;
using PolicyPlatform.Interpretation.Plans;
using PolicyPlatform.Interpretation.Questions;
using PolicyPlatform.Interpretation.Tasks;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.DocumentAccess;
using PolicyPlatform.Shared.Search;
using Wolverine;
using Wolverine.Attributes;

namespace PolicyPlatform.Interpretation.Hotline;

/// <summary>Interpretation's note to itself: find out what a ticket is about and who answers it.</summary>
/// <param name="Id">The ticket.</param>
public sealed record TriageTicket(Guid Id);

/// <summary>
/// Looks at new tickets: answers what a published answer answers, gives the rest to a body with its last day, and asks for a follow-up
/// where they gather.
/// </summary>
[WolverineHandler]
public static class TriageTickets
{
    /// <summary>An answer that covers so much of the question is given without asking anybody.</summary>
    internal const double GivenAtOnce = 0.8;

    // What people are shown of a coverage has three digits.
    const double Equally = 0.001;

    static readonly TimeSpan Window = TimeSpan.FromDays(30);

    // Of all processes one at a time: each ticket is counted with those before it.
    static readonly Guid Turn = new("01920f4e-0000-7000-8000-000000000001");

    /// <summary>Looks at a new ticket. What is asked of other services is asked again until they answer.</summary>
    public static async Task<OutgoingMessages> Handle(
        TriageTicket note,
        IDocumentSession session,
        AnswerIndex index,
        Documents.DocumentsClient documents,
        Catalog.CatalogClient catalog,
        IConfiguration settings,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var told = new OutgoingMessages();
        await session.TakeTurn(Turn, cancellation);
        var stream = await session.Events.FetchForWriting<Ticket>(note.Id, cancellation);
        if (stream.Aggregate is not { State: TicketState.Received, IsTriaged: false } ticket)
            return told;
        var now = time.GetUtcNow();
        var about = ticket.About;
        var (answers, words) = await index.Find(ticket.Question, time.Today(), 5, cancellation);
        var best = Best(ticket.Question, answers.Where(a => a.IsAnswer && !a.Item.IsOutdatedOn(time.Today())));
        if (about is null && best is [{ Item.Shown.DocumentId: var document }, ..] && best.All(a => a.Item.Shown!.DocumentId == document))
            about = new(document, [.. best.SelectMany(a => a.Item.Shown!.Blocks).Distinct()], true);
        if (about is null)
        {
            var asked = AskedClauses.Of(ticket.Question, words, limit: 5);
            var clauses = (await documents.FindClausesAsync(asked, cancellationToken: cancellation)).Clauses;
            if (clauses.Where((_, i) => AskedClauses.IsAnswer(i, clauses, ticket.Question)).FirstOrDefault() is { } clause)
                about = new(Guid.Parse(clause.DocumentId), [clause.BlockId], true);
        }
        if (about is not null && about != ticket.About)
            stream.AppendOne(new TicketPlaced(about, Actor.Platform, now));

        if (best.Count > 1)
            stream.AppendOne(new TicketAnswersDiffer([.. best.Select(a => a.Item.Id)], Actor.Platform, now));
        if (best is [var only])
            stream.AppendOne(new TicketAnswered(only.Item.Shown!.Answer, only.Item.Id, Actor.Platform, now));
        else if (
            (
                ticket.Body
                ?? (about is null ? null : await LeadingIssuer(about.DocumentId, session, documents, cancellation))
                ?? TicketDeadlines.BodyOfTheRest(settings)
            ) is
            { } body
        )
        {
            var (assigned, looks) = TicketDeadlines.Assign(
                session,
                await TicketDeadlines.Count(catalog, OfficialTime.DateIn(now), cancellation),
                ticket,
                about,
                body,
                null,
                Actor.Platform,
                now
            );
            stream.AppendOne(assigned);
            foreach (var (look, at) in looks)
                told.Schedule(look, at);
        }
        if (about is { Blocks.Count: > 0 })
            await FollowUp(session, ticket, about, settings.GetValue("Hotline:FollowUpThreshold", 10), now, cancellation);
        if (
            about is not null
            && await PiledUpTickets.After(
                session,
                ticket,
                about.DocumentId,
                settings.GetValue("Hotline:EvaluationThreshold", 30),
                now,
                cancellation
            )
                is { } piledUp
        )
            told.Add(piledUp);
        return told;
    }

    /// <summary>
    /// The answers that cover enough of a question, and none of the others more of it: one that is given at once, or several that say different
    /// things, of which a person gives one. Of several the one that answers this very question is it.
    /// </summary>
    internal static IReadOnlyList<RankedAnswer> Best(string question, IEnumerable<RankedAnswer> answers)
    {
        // By words alone: what a model calls near is not the same question.
        RankedAnswer[] fitting =
        [
            .. answers.Where(a => a.Coverage >= GivenAtOnce).OrderByDescending(a => a.Coverage).ThenByDescending(a => a.Score),
        ];
        RankedAnswer[] equal =
        [
            .. fitting.Where(a => fitting[0].Coverage - a.Coverage < Equally).DistinctBy(a => Words(a.Item.Shown!.Answer)),
        ];
        return equal.Length > 1 && equal.Where(a => Words(a.Item.Shown!.Question) == Words(question)).ToArray() is [var same]
            ? [same]
            : equal;

        static string Words(string text) => string.Concat(CompatibilityForms.Fold(text).Where(char.IsLetterOrDigit));
    }

    // A document that is public and not heard of yet is waited for; one that is not public has nobody to answer for it.
    static async Task<string?> LeadingIssuer(
        Guid document,
        IQuerySession session,
        Documents.DocumentsClient documents,
        CancellationToken cancellation
    )
    {
        if (await session.LoadAsync<KnownDocument>(document, cancellation) is { } known)
            return known.Issuers is [var leading, ..] ? leading : null;
        return (await documents.WhichArePublic([document], cancellation)).Contains(document)
            ? throw new NotKnownYetException(document)
            : null;
    }

    // 热点问题二次解读 (H 26, W 五): one task and one plan while it is open, however many tickets come; once it is done only those that came after
    // that count.
    static async Task FollowUp(
        IDocumentSession session,
        Ticket ticket,
        TicketSubject about,
        int threshold,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        foreach (var block in about.Blocks)
        {
            // The cheap question first: where it is open nobody needs to count.
            var id = InterpretationTask.For(TaskKind.FollowUp, NamedId.Of($"followUp/{about.DocumentId}/{block}"));
            var before = await session.LoadAsync<InterpretationTask>(id, cancellation);
            if (before is { DoneAt: null })
                continue;
            var since = before?.DoneAt > now - Window ? before.DoneAt.Value : now - Window;
            var others = await session
                .Query<Ticket>()
                .CountAsync(
                    t =>
                        t.Id != ticket.Id
                        && t.About!.DocumentId == about.DocumentId
                        && t.About.Blocks.Contains(block)
                        && t.ReceivedAt > since,
                    cancellation
                );
            if (others + 1 < threshold)
                continue;
            if (await session.LoadAsync<KnownDocument>(about.DocumentId, cancellation) is not { } document)
                continue;
            var reason = $"自{OfficialTime.DateIn(since):yyyy-MM-dd}起有{others + 1}件热线工单集中于{block}。";
            // Two that find the same open the same plan: the second is refused and looks again.
            var plan = NamedId.Of($"followUp/{about.DocumentId}/{block}/{before?.About}");
            session.Store(
                new InterpretationTask(
                    id,
                    TaskKind.FollowUp,
                    plan,
                    about.DocumentId,
                    document.Issuers,
                    InterpretationTask.FollowUp(document.Title),
                    $"/api/v1/interpretation-plans/{plan}",
                    now
                )
            );
            session.Events.StartStream<InterpretationPlan>(
                plan,
                new PlanOpened(
                    plan,
                    about.DocumentId,
                    document.Title,
                    document.Issuers,
                    Phase.PostImplementation,
                    document.Revision,
                    reason,
                    Actor.Platform,
                    now
                )
            );
        }
    }
}
