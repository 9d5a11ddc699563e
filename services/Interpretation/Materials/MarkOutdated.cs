using Marten;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Interpretation.Benefits;
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
        var now = time.GetUtcNow();
        foreach (var m in materials)
            if (
                Met(message, changed, Math.Max((m.Signed ?? m.Draft).Revision, m.HoldsFor), m.Outdated, (m.Signed ?? m.Draft).Blocks) is
                { } because
            )
                Mark(
                    m.Id,
                    m.Version,
                    new MaterialOutdated(because, Actor.Platform, now),
                    because,
                    TaskKind.OutdatedMaterial,
                    m.Issuers,
                    (m.Signed ?? m.Draft).Title
                );
        foreach (var q in questions)
            if (
                new[] { q.Shown, q.Draft }.FirstOrDefault(a => a?.DocumentId == message.DocumentId) is { } given
                && Met(message, changed, Math.Max(given.Revision, q.HoldsFor), q.Outdated, given.Blocks) is { } because
            )
                Mark(
                    q.Id,
                    q.Version,
                    new AnswerOutdated(because, Actor.Platform, now),
                    because,
                    TaskKind.OutdatedAnswer,
                    [given.Body],
                    given.Question
                );
        foreach (var b in benefits)
            if ((b.Shown ?? b.Draft) is var given && Met(message, changed, given.Revision, b.Outdated, given.Blocks) is { } because)
                Mark(
                    b.Id,
                    b.Version,
                    new BenefitOutdated(because, Actor.Platform, now),
                    because,
                    TaskKind.OutdatedBenefit,
                    [given.Body],
                    given.Title
                );

        void Mark(Guid id, long version, object happened, Outdating because, TaskKind kind, IReadOnlyList<string> bodies, string title)
        {
            session.Events.Append(id, version + 1, happened);
            session.Store(
                new InterpretationTask(
                    InterpretationTask.For(kind, id),
                    kind,
                    id,
                    message.DocumentId,
                    bodies,
                    title,
                    because.Link(message.DocumentId),
                    now
                )
            );
        }
    }

    /// <summary>
    /// Why something no longer fits; null when it does, or when that is known. What is about the document as a whole is met by any change.
    /// </summary>
    static Outdating? Met(
        DocumentTextChangedMessage message,
        HashSet<string> changed,
        int fits,
        Outdating? known,
        IReadOnlyList<string> blocks
    )
    {
        if (fits >= message.Revision)
            return null;
        string[] met = blocks.Count == 0 ? [.. changed] : [.. blocks.Where(changed.Contains)];
        if (met.Length == 0)
            return null;
        if (known is null)
            return new(message.EffectiveFrom, met, message.PreviousRevision, message.Revision);
        // Several changes are explained together, in whichever order they are heard of.
        var both = new Outdating(
            known.From < message.EffectiveFrom ? known.From : message.EffectiveFrom,
            [.. known.Blocks.Union(met)],
            Math.Min(known.FromRevision, message.PreviousRevision),
            Math.Max(known.ToRevision, message.Revision)
        );
        return both with { Blocks = known.Blocks } == known && both.Blocks.Count == known.Blocks.Count ? null : both;
    }
}
