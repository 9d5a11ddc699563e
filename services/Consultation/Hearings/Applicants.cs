using Marten;
using PolicyPlatform.ServiceDefaults.PersonalData;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>Who applied, kept and let go of.</summary>
static class Applicants
{
    /// <summary>
    /// Keeps who applied, or says that the contact has applied before. Two that come at once meet at the index of fingerprints; the one that
    /// loses asks again, and finds the other.
    /// </summary>
    public static async Task<Problem?> Admit(
        this IDocumentSession session,
        Guid application,
        Guid hearing,
        ApplicantData data,
        Seals seals,
        CancellationToken cancellation
    )
    {
        var fingerprint = seals.Fingerprint($"hearing/{hearing}/{ApplicantData.Normal(data.Contact)}");
        if (await session.Query<HearingApplicant>().AnyAsync(a => a.Fingerprint == fingerprint, cancellation))
            return ConsultationProblems.HearingApplicationDuplicate.With(
                "Somebody has applied for this hearing with this contact already, and one contact applies once. The receipt shows that application; withdraw it to apply anew."
            );
        session.Insert(new HearingApplicant(application, fingerprint, new(data)));
        return null;
    }

    /// <summary>Lets the contact apply anew.</summary>
    public static async Task LetGo(this IDocumentSession session, Guid application, CancellationToken cancellation)
    {
        if (await session.LoadAsync<HearingApplicant>(application, cancellation) is { } applicant)
            session.Store(applicant with { Fingerprint = null });
    }

    /// <summary>Who applied with these numbers, and has not been erased.</summary>
    public static async Task<IReadOnlyList<(HearingApplication Application, Sealed<ApplicantData>? Data)>> Find(
        this IQuerySession session,
        Guid hearing,
        IReadOnlyCollection<long> numbers,
        CancellationToken cancellation
    )
    {
        long[] wanted = [.. numbers];
        var applications = await session
            .Query<HearingApplication>()
            .Where(a => a.HearingId == hearing && a.Number.IsOneOf(wanted))
            .OrderBy(a => a.Number)
            .ToListAsync(cancellation);
        return await session.WithApplicants(applications, cancellation);
    }

    /// <summary>Applications with who applied; null for whoever was erased.</summary>
    public static async Task<IReadOnlyList<(HearingApplication Application, Sealed<ApplicantData>? Data)>> WithApplicants(
        this IQuerySession session,
        IReadOnlyList<HearingApplication> applications,
        CancellationToken cancellation
    )
    {
        var people = (await session.LoadManyAsync<HearingApplicant>(cancellation, [.. applications.Select(a => a.Id)])).ToDictionary(
            a => a.Id,
            a => a.Data
        );
        return [.. applications.Select(a => (a, people.GetValueOrDefault(a.Id)))];
    }
}
