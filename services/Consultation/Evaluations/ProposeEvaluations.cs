using Marten;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Contracts.Interpretation.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.DocumentAccess;
using Wolverine.Attributes;

namespace PolicyPlatform.Consultation.Evaluations;

/// <summary>
/// Proposes, once an hour, the evaluation of documents that have been in force for long or whose term ends, each once for each cause. One
/// that is being evaluated, or proposed for another cause, is not proposed again.
/// </summary>
sealed class ProposeEvaluations(
    IDocumentStore store,
    Documents.DocumentsClient documents,
    ProposalRules rules,
    TimeProvider time,
    ILogger<ProposeEvaluations> logger
) : HourlyWork(time, logger)
{
    readonly TimeProvider time = time;

    protected override async Task Do(CancellationToken stopping)
    {
        foreach (var document in await Due(time.Today(), stopping))
            await SeeTo(document, stopping);
    }

    // Those whose term ends first, before those that are only old.
    async Task<IReadOnlyList<Guid>> Due(DateOnly today, CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        DateOnly old = today.AddMonths(-rules.InForceMonths),
            soon = today.AddMonths(rules.BeforeEndMonths);
        return await session
            .Query<DocumentTerm>()
            .Where(t =>
                (t.AwaitsAge && t.EffectiveFrom <= old || t.AwaitsEnd && t.EffectiveFrom != null && t.ExpiresOn <= soon)
                && (t.EndedFrom == null || t.EndedFrom > today)
                && (t.ExpiresOn == null || t.ExpiresOn >= today)
            )
            .OrderBy(t => t.ExpiresOn)
            .ThenBy(t => t.Id)
            .Take(rules.ProposedAnHour)
            .Select(t => t.Id)
            .ToListAsync(cancellation);
    }

    async Task SeeTo(Guid document, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        // Documents is asked before the turn: nobody waits for it.
        var asked = await documents.Public(document, cancellation);
        await using var session = store.LightweightSession();
        await session.TakeTurn(document, cancellation);
        if (
            await session.LoadAsync<DocumentTerm>(document, cancellation) is not { } term
            || rules.Due(term, OfficialTime.DateIn(now)) is not { } due
        )
            return;
        // What is taken from the public is seen to once it is put back.
        if (asked is null && (await session.Hidden(cancellation)).Covers(document))
            return;
        session.Store(rules.SeenTo(term, due.Cause, OfficialTime.DateIn(now)));
        if (asked is not null)
            await Propose(session, asked, document, due.Cause, due.Of, due.Note, due.DueOn, [], now, cancellation);
        await session.SaveChangesAsync(cancellation);
    }

    /// <summary>Proposes, unless the document is under evaluation or was proposed for this before.</summary>
    internal static async Task Propose(
        IDocumentSession session,
        Document asked,
        Guid document,
        EvaluationCause cause,
        string of,
        string note,
        DateOnly? dueOn,
        IReadOnlyList<string> tickets,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        var id = Evaluation.IdOf(document, cause, of);
        if (await session.LoadAsync<Evaluation>(id, cancellation) is null && await session.UnderEvaluation(document, cancellation) is null)
            session.Events.StartStream<Evaluation>(
                id,
                new EvaluationProposed(id, document, asked.Title, [.. asked.Issuers], cause, note, dueOn, tickets, Actor.Platform, now)
            );
    }
}

/// <summary>Proposes the evaluation of a document about which tickets of the hotline pile up.</summary>
[WolverineHandler]
public static class HearOfTickets
{
    /// <summary>Proposes it with the tickets, unless the document is under evaluation or is no longer in force.</summary>
    public static async Task Handle(
        TicketsPiledUpMessage message,
        IDocumentSession session,
        Documents.DocumentsClient documents,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        if (
            await documents.Public(message.DocumentId, cancellation) is
            { DocumentValidity: DocumentValidity.InForce or DocumentValidity.Amended } asked
        )
            await ProposeEvaluations.Propose(
                session,
                asked,
                message.DocumentId,
                EvaluationCause.TicketsPiledUp,
                $"{message.At:O}",
                $"自{message.Since:yyyy-MM-dd}起有{message.Count}件热线工单涉及本文件。",
                null,
                message.Tickets,
                time.GetUtcNow(),
                cancellation
            );
    }
}
