using Marten;
using PolicyPlatform.Consultation.Evaluations;
using PolicyPlatform.Consultation.Hearings;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.Consultation.Questionnaires;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Consultation.TakenDown;

/// <summary>Leaves out of lists what <see cref="TakenDownDoor"/> refuses.</summary>
static class TakenDownLists
{
    /// <summary>Consultations.</summary>
    public static async Task<IQueryable<PublicConsultation>> Shown(
        this IQueryable<PublicConsultation> query,
        IQuerySession session,
        Caller caller,
        CancellationToken cancellation
    )
    {
        if (await session.HiddenFrom(caller, cancellation) is not { } hidden)
            return query;
        var own = Own(caller);
        var documents = hidden.Documents;
        query = query.Where(c => c.Issuers.Contains(own) || !c.DocumentId.IsOneOf(documents));
        foreach (var (document, revision) in hidden.Texts)
            query = query.Where(c => c.Issuers.Contains(own) || c.DocumentId != document || !c.Revisions.Any(r => r.Revision == revision));
        return query;
    }

    /// <summary>Evaluations.</summary>
    public static async Task<IQueryable<Evaluation>> Shown(
        this IQueryable<Evaluation> query,
        IQuerySession session,
        Caller caller,
        CancellationToken cancellation
    )
    {
        if (await session.HiddenFrom(caller, cancellation) is not { } hidden)
            return query;
        var own = Own(caller);
        var documents = hidden.Documents;
        return query.Where(e => e.Issuers.Contains(own) || !e.DocumentId.IsOneOf(documents));
    }

    /// <summary>Hearings.</summary>
    public static async Task<IQueryable<PublicHearing>> Shown(
        this IQueryable<PublicHearing> query,
        IQuerySession session,
        Caller caller,
        CancellationToken cancellation
    )
    {
        if (await session.HiddenFrom(caller, cancellation) is not { } hidden)
            return query;
        var own = Own(caller);
        var about = hidden.Documents.Cast<Guid?>().ToArray();
        var within = await session.Consultations(hidden, cancellation);
        return query.Where(h =>
            h.Bodies.Contains(own)
            || (h.DocumentId == null || !about.Contains(h.DocumentId)) && (h.ConsultationId == null || !within.Contains(h.ConsultationId))
        );
    }

    /// <summary>Questionnaires.</summary>
    public static async Task<IQueryable<Questionnaire>> Shown(
        this IQueryable<Questionnaire> query,
        IQuerySession session,
        Caller caller,
        CancellationToken cancellation
    )
    {
        if (await session.HiddenFrom(caller, cancellation) is not { } hidden)
            return query;
        var own = Own(caller);
        var within = await session.Consultations(hidden, cancellation);
        var documents = hidden.Documents;
        string[] evaluations =
        [
            .. (
                await session.Query<Evaluation>().Where(e => e.DocumentId.IsOneOf(documents)).Select(e => e.Id).ToListAsync(cancellation)
            ).Select(id => $"{id}"),
        ];
        return query.Where(q =>
            q.Body == own
            || (q.ConsultationId == null || !within.Contains(q.ConsultationId)) && (q.About == null || !q.About.Id.IsOneOf(evaluations))
        );
    }

    static string Own(Caller caller) => caller.HasAny(Roles.Drafter) ? caller.Organisation : "";

    static async Task<HiddenParts?> HiddenFrom(this IQuerySession session, Caller caller, CancellationToken cancellation) =>
        caller.ReadsTakenDown([]) || await session.Hidden(cancellation) is not { IsEmpty: false } hidden ? null : hidden;

    static async Task<Guid?[]> Consultations(this IQuerySession session, HiddenParts hidden, CancellationToken cancellation)
    {
        Guid[] about = [.. hidden.Documents, .. hidden.Texts.Select(t => t.Document)];
        return
        [
            .. (await session.Query<PublicConsultation>().Where(c => c.DocumentId.IsOneOf(about)).ToListAsync(cancellation))
                .Where(c => hidden.Covers(c.DocumentId, c.Revisions.Select(r => r.Revision)))
                .Select(c => (Guid?)c.Id),
        ];
    }
}
