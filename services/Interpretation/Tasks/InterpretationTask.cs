using Marten;

namespace PolicyPlatform.Interpretation.Tasks;

/// <summary>What somebody is to do.</summary>
public enum TaskKind
{
    /// <summary>A material no longer fits its document: change it, or say that it holds.</summary>
    OutdatedMaterial,

    /// <summary>An approved answer no longer fits: change it, or say that it holds.</summary>
    OutdatedAnswer,

    /// <summary>A benefit no longer fits: change it, or withdraw it.</summary>
    OutdatedBenefit,

    /// <summary>Questions gather on one block: explain it again (二次解读, W 五).</summary>
    FollowUp,

    /// <summary>A ticket of the hotline is to be answered.</summary>
    Ticket,
}

/// <summary>Something that waits for the body that owns it.</summary>
/// <param name="Id">Its kind and what opened it: the same reason opens one task, and opens it again once it is done.</param>
/// <param name="Kind">What is to be done.</param>
/// <param name="About">The material, answer or ticket; for a follow-up the plan.</param>
/// <param name="DocumentId">The document concerned.</param>
/// <param name="Bodies">Who owns it, codes of the Catalog.</param>
/// <param name="Title">What it is about, for people.</param>
/// <param name="Link">The explanation: a comparison, the ticket ….</param>
/// <param name="OpenedAt">When it was opened, UTC.</param>
/// <param name="DueOn">The last day, Asia/Shanghai; null where there is none.</param>
/// <param name="DoneAt">When it was done, UTC.</param>
public sealed record InterpretationTask(
    string Id,
    TaskKind Kind,
    Guid About,
    Guid? DocumentId,
    IReadOnlyList<string> Bodies,
    string Title,
    string Link,
    DateTimeOffset OpenedAt,
    DateOnly? DueOn = null,
    DateTimeOffset? DoneAt = null
)
{
    /// <summary>The id of the task of a kind that something opened.</summary>
    public static string For(TaskKind kind, Guid reason) => $"{kind}/{reason}";

    /// <summary>What the task of following a document up is called.</summary>
    public static string FollowUp(string document) => $"跟踪解读：{document}";

    /// <summary>The task of looking through what no longer fits its document.</summary>
    public static InterpretationTask Outdated(
        TaskKind kind,
        Guid id,
        Guid documentId,
        IReadOnlyList<string> bodies,
        string title,
        Outdating because,
        DateTimeOffset now
    ) => new(For(kind, id), kind, id, documentId, bodies, title, because.Link(documentId), now);

    /// <summary>Notes that what was to be done about something is done, where anything was.</summary>
    public static async Task Done(IDocumentSession session, TaskKind kind, Guid about, DateTimeOffset now, CancellationToken cancellation)
    {
        foreach (
            var task in await session
                .Query<InterpretationTask>()
                .Where(t => t.About == about && t.Kind == kind && t.DoneAt == null)
                .ToListAsync(cancellation)
        )
            session.Store(task with { DoneAt = now });
    }
}
