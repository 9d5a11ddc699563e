using Marten;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Interpretation.Benefits;
using PolicyPlatform.Interpretation.KnownDocuments;
using PolicyPlatform.Interpretation.Questions;
using PolicyPlatform.Interpretation.Tasks;
using PolicyPlatform.ServiceDefaults.Writing;
using Wolverine.Attributes;

namespace PolicyPlatform.Interpretation.Materials;

/// <summary>
/// When a document changes in what a material explains, an answer cites or a benefit stands in, that goes to its owners, with the
/// comparison that tells why (W 五).
/// </summary>
[WolverineHandler]
public static class MarkOutdated
{
    /// <summary>Marks what is about changed blocks, from the first day of the new text on.</summary>
    public static async Task Handle(
        DocumentTextChangedMessage message,
        IDocumentSession session,
        Documents.DocumentsClient documents,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var materials = await session
            .Query<InterpretationMaterial>()
            .Where(m => m.DocumentId == message.DocumentId)
            .ToListAsync(cancellation);
        var questions = await session
            .Query<PolicyQuestion>()
            .Where(q =>
                q.State != QuestionState.Withdrawn && (q.DocumentId == message.DocumentId || q.Shown!.DocumentId == message.DocumentId)
            )
            .ToListAsync(cancellation);
        var benefits = await session
            .Query<BenefitItem>()
            .Where(b => b.DocumentId == message.DocumentId && b.WithdrawnBecause == null)
            .ToListAsync(cancellation);
        if (materials.Count + questions.Count + benefits.Count == 0)
            return;
        var answer = await documents.ListChangedBlocksAsync(
            new()
            {
                Id = message.DocumentId.ToString(),
                From = message.PreviousRevision,
                To = message.Revision,
            },
            cancellationToken: cancellation
        );
        var changed = answer.Blocks.Select(b => b.Id).ToHashSet();
        var change = new TextChange(message.PreviousRevision, message.Revision, message.EffectiveFrom);
        var now = time.GetUtcNow();
        foreach (var m in materials)
            if ((m.Signed ?? m.Draft) is var shown)
                Mark(
                    m.Outdated,
                    Outdating.After(m.Outdated, change, changed, Math.Max(shown.Revision, m.HoldsFor), shown.Blocks),
                    m.Id,
                    m.Version,
                    because => new MaterialOutdated(because, Actor.Platform, now),
                    TaskKind.OutdatedMaterial,
                    m.Issuers,
                    shown.Title
                );
        foreach (var q in questions)
            if (new[] { q.Shown, q.Draft }.FirstOrDefault(a => a?.DocumentId == message.DocumentId) is { } given)
                Mark(
                    q.Outdated,
                    Outdating.After(q.Outdated, change, changed, Math.Max(given.Revision, q.HoldsFor), given.Blocks),
                    q.Id,
                    q.Version,
                    because => new AnswerOutdated(because, Actor.Platform, now),
                    TaskKind.OutdatedAnswer,
                    [given.Body],
                    given.Question
                );
        foreach (var b in benefits)
            if ((b.Shown ?? b.Draft) is var given)
                Mark(
                    b.Outdated,
                    Outdating.After(b.Outdated, change, changed, given.Revision, given.Blocks),
                    b.Id,
                    b.Version,
                    because => new BenefitOutdated(because, Actor.Platform, now),
                    TaskKind.OutdatedBenefit,
                    [given.Body],
                    given.Title
                );

        void Mark(
            Outdating? before,
            Outdating? because,
            Guid id,
            long version,
            Func<Outdating, object> happened,
            TaskKind kind,
            IReadOnlyList<string> bodies,
            string title
        )
        {
            if (because is null || ReferenceEquals(because, before))
                return;
            session.Events.Append(id, version + 1, happened(because));
            session.Store(InterpretationTask.Outdated(kind, id, message.DocumentId, bodies, title, because, now));
        }
    }

    /// <summary>The first day of a change was put right: what does not fit it does not from that day on.</summary>
    public static async Task Handle(
        DocumentElementsCorrectedMessage message,
        IDocumentSession session,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        if (
            await session.LoadAsync<KnownDocument>(message.DocumentId, cancellation) is not { } known
            || known.Changes.All(c => c.Revision != message.Revision)
        )
            return;
        TextChange[] changes =
        [
            .. known.Changes.Select(c => c.Revision == message.Revision ? c with { EffectiveFrom = message.FirstDay } : c),
        ];
        var (document, now) = (message.DocumentId, time.GetUtcNow());
        foreach (
            var m in await session
                .Query<InterpretationMaterial>()
                .Where(m => m.DocumentId == document && m.Outdated != null)
                .ToListAsync(cancellation)
        )
            Move(m.Outdated!, m.Id, m.Version, moved => new MaterialOutdated(moved, Actor.Platform, now));
        foreach (
            var q in await session
                .Query<PolicyQuestion>()
                .Where(q => q.Outdated != null && (q.DocumentId == document || q.Shown!.DocumentId == document))
                .ToListAsync(cancellation)
        )
            Move(q.Outdated!, q.Id, q.Version, moved => new AnswerOutdated(moved, Actor.Platform, now));
        foreach (
            var b in await session.Query<BenefitItem>().Where(b => b.DocumentId == document && b.Outdated != null).ToListAsync(cancellation)
        )
            Move(b.Outdated!, b.Id, b.Version, moved => new BenefitOutdated(moved, Actor.Platform, now));

        void Move(Outdating before, Guid id, long version, Func<Outdating, object> happened)
        {
            if (before.Within(changes) is var moved && moved.From != before.From)
                session.Events.Append(id, version + 1, happened(moved));
        }
    }
}
