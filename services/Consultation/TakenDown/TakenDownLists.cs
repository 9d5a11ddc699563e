using Marten;
using PolicyPlatform.Consultation.Evaluations;
using PolicyPlatform.Consultation.Hearings;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.Consultation.Questionnaires;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Consultation.TakenDown;

/// <summary>Leaves out of lists what is about a document that is taken from the public, for whoever does not work on it.</summary>
static class TakenDownLists
{
    /// <summary>Consultations.</summary>
    public static async Task<IQueryable<PublicConsultation>> Shown(
        this IQueryable<PublicConsultation> query,
        IQuerySession session,
        Caller caller,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        if (await Documents(session, caller, now, cancellation) is not { Length: > 0 } documents)
            return query;
        var own = Own(caller);
        return query.Where(c => c.Issuers.Contains(own) || !c.DocumentId.IsOneOf(documents));
    }

    /// <summary>Evaluations.</summary>
    public static async Task<IQueryable<Evaluation>> Shown(
        this IQueryable<Evaluation> query,
        IQuerySession session,
        Caller caller,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        if (await Documents(session, caller, now, cancellation) is not { Length: > 0 } documents)
            return query;
        var own = Own(caller);
        return query.Where(e => e.Issuers.Contains(own) || !e.DocumentId.IsOneOf(documents));
    }

    /// <summary>Hearings.</summary>
    public static async Task<IQueryable<PublicHearing>> Shown(
        this IQueryable<PublicHearing> query,
        IQuerySession session,
        Caller caller,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        if (await Documents(session, caller, now, cancellation) is not { Length: > 0 } documents)
            return query;
        var own = Own(caller);
        var about = documents.Cast<Guid?>().ToArray();
        var within = await Consultations(session, documents, cancellation);
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
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        if (await Documents(session, caller, now, cancellation) is not { Length: > 0 } documents)
            return query;
        var own = Own(caller);
        var within = await Consultations(session, documents, cancellation);
        return query.Where(q => q.Body == own || q.ConsultationId == null || !within.Contains(q.ConsultationId));
    }

    static string Own(Caller caller) => caller.HasAny(Roles.Drafter) ? caller.Organisation : "-";

    static async Task<Guid[]> Documents(IQuerySession session, Caller caller, DateTimeOffset now, CancellationToken cancellation) =>
        caller.SeesInside([]) ? [] : (await session.Hidden(now, cancellation)).Documents;

    static async Task<Guid?[]> Consultations(IQuerySession session, Guid[] documents, CancellationToken cancellation) =>
        [
            .. (
                await session
                    .Query<PublicConsultation>()
                    .Where(c => c.DocumentId.IsOneOf(documents))
                    .Select(c => c.Id)
                    .ToListAsync(cancellation)
            ).Cast<Guid?>(),
        ];
}
