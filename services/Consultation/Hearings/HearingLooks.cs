using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Writing;
using Wolverine;
using Wolverine.Attributes;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>Consultation's note to itself for an instant at which something may be due at a hearing.</summary>
/// <param name="Id">The hearing.</param>
/// <param name="At">The instant.</param>
public sealed record LookAtHearing(Guid Id, DateTimeOffset At);

/// <summary>Does what is due at a hearing by itself: chooses participants where nothing is left to anybody, and reminds of materials.</summary>
[WolverineHandler]
public static class HearingLooks
{
    static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    /// <summary>Notes for all instants at which something may be due.</summary>
    internal static Decision Looking(this Decision decision, Guid id, HearingTerms terms, HearingRules rules) =>
        new[]
        {
            terms.ApplicationsUntil,
            terms.MaterialsDueOn is { } due ? OfficialTime.StartOf(due.AddDays(-rules.Reminder)) : null,
            terms.MaterialsDueOn is { } last ? OfficialTime.StartOf(last.AddDays(1)) : null,
        }
            .OfType<DateTimeOffset>()
            .Aggregate(decision, (d, at) => d.Later(new LookAtHearing(id, at), at));

    /// <summary>Looks.</summary>
    public static async Task<OutgoingMessages> Handle(
        LookAtHearing note,
        IDocumentSession session,
        HearingRules rules,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var told = new OutgoingMessages();
        var now = time.GetUtcNow();
        if (now < note.At)
        {
            // A clock was put back.
            told.Delay(note, Again);
            return told;
        }
        await session.BeAlone(note.Id, cancellation);
        if (await session.LoadAsync<PublicHearing>(note.Id, cancellation) is not { } hearing)
            return told;
        object[] due =
        [
            .. Select(hearing, hearing.SelectedAt is null ? await session.Applications(note.Id, cancellation) : [], now),
            .. Remind(hearing, rules, now),
        ];
        if (due.Length > 0)
            session.Events.Append(note.Id, hearing.Version + due.Length, due);
        return told;
    }

    internal static IEnumerable<object> Select(PublicHearing hearing, IReadOnlyList<HearingSeat> applications, DateTimeOffset now)
    {
        if (Selection.IsDue(hearing, applications.Count, now))
            yield return Selection.ByOrder(hearing, applications, now);
    }

    internal static IEnumerable<object> Remind(PublicHearing hearing, HearingRules rules, DateTimeOffset now)
    {
        var today = OfficialTime.DateIn(now);
        if (hearing is not { MaterialsSentAt: null, CancelledAt: null, Terms.MaterialsDueOn: { } due })
            yield break;
        if (today > due && hearing.MissedOn != due)
            yield return new HearingMaterialsMissed(due, Actor.Platform, now);
        else if (today >= due.AddDays(-rules.Reminder) && today <= due && hearing.RemindedOf != due)
            yield return new HearingMaterialsReminded(due, Actor.Platform, now);
    }
}
