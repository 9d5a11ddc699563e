using Marten;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>
/// Who waits for whom at a hearing. Whoever applies or withdraws shares a lock of the database with all others who do, so that none of them
/// waits for another; whoever needs to know that nobody is on the way any more takes it alone: then all who came in time are there, and
/// whoever comes later finds the applications closed. The lock ends with its transaction.
/// </summary>
static class HearingTurn
{
    /// <summary>Where the numbers of applications come from. A number can be left out, never given twice.</summary>
    internal const string Numbers = "consultation.hearing_application_number";

    /// <summary>Shares the turn, and takes the next number: within a hearing numbers are in the order of receipt.</summary>
    public static async Task<long> NextNumber(this IDocumentSession session, Guid hearing, CancellationToken cancellation)
    {
        await session.Hold(cancellation);
        return (
            await session.QueryAsync<long>(
                $"select nextval('{Numbers}') as data from pg_advisory_xact_lock_shared(hashtextextended(?, 0))",
                cancellation,
                Key(hearing)
            )
        )[0];
    }

    /// <summary>Shares the turn.</summary>
    public static async Task Share(this IDocumentSession session, Guid hearing, CancellationToken cancellation)
    {
        await session.Hold(cancellation);
        await session.QueryAsync<int>(
            "select 1 as data from pg_advisory_xact_lock_shared(hashtextextended(?, 0))",
            cancellation,
            Key(hearing)
        );
    }

    /// <summary>Waits until nobody is on the way, and lets nobody in until the changes are saved.</summary>
    public static async Task BeAlone(this IDocumentSession session, Guid hearing, CancellationToken cancellation)
    {
        await session.Hold(cancellation);
        await session.QueryAsync<int>("select 1 as data from pg_advisory_xact_lock(hashtextextended(?, 0))", cancellation, Key(hearing));
    }

    static string Key(Guid hearing) => $"hearing {hearing}";
}
