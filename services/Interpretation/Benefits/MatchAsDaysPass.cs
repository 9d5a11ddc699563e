using Marten;
using PolicyPlatform.Interpretation.KnownDocuments;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.PersonalData;
using PolicyPlatform.ServiceDefaults.Writing;
using Wolverine.Runtime;

namespace PolicyPlatform.Interpretation.Benefits;

/// <summary>Up to which day registered profiles were matched against benefits whose conditions days can change.</summary>
/// <param name="Id">There is one.</param>
/// <param name="Day">That day, Asia/Shanghai.</param>
public sealed record MatchedUpTo(Guid Id, DateOnly Day)
{
    /// <summary>There is one.</summary>
    public static readonly Guid Key = new("0199a000-0000-7000-8000-000000000003");
}

/// <summary>
/// Tells the owners of registered profiles, within an hour of midnight in China, of the benefits that begin to fit because a day has passed:
/// somebody is of an age, a company exists for a year. Days on which the platform was down are made up for; each is told once.
/// </summary>
sealed class MatchAsDaysPass(
    IDocumentStore store,
    Seals seals,
    IWolverineRuntime messaging,
    TimeProvider time,
    ILogger<MatchAsDaysPass> logger
) : HourlyWork(time, logger)
{
    readonly TimeProvider time = time;

    protected override async Task Do(CancellationToken stopping)
    {
        var today = time.Today();
        await using var session = store.LightweightSession();
        if ((await session.LoadAsync<MatchedUpTo>(MatchedUpTo.Key, stopping))?.Day >= today)
            return;
        // Another process may be at it.
        await session.TakeTurn(MatchedUpTo.Key, stopping);
        await using var reading = store.QuerySession();
        var before = await reading.LoadAsync<MatchedUpTo>(MatchedUpTo.Key, stopping);
        if (before?.Day >= today)
            return;
        session.Store(new MatchedUpTo(MatchedUpTo.Key, today));
        await Decision
            .Record()
            .Telling([.. await Begun(reading, before?.Day ?? today.AddDays(-1), today, stopping)])
            .Send(messaging, session);
        await session.SaveChangesAsync(stopping);
    }

    // What fits today and did not on the day that was looked at last.
    async Task<IEnumerable<object>> Begun(IQuerySession session, DateOnly before, DateOnly today, CancellationToken cancellation)
    {
        var fields = await ProfileSchema.Known(session, cancellation);
        var published = (await session.Query<BenefitItem>().Where(b => b.Shown != null).ToListAsync(cancellation))
            .Select(b => (Benefit: b, Conditions: b.Shown!.Conditions?.InCodes(fields), Known: PublishedOrLater(b)))
            .Where(b => b.Conditions is { DependsOnTheDay: true } && b.Known < today)
            .ToArray();
        var documents = (
            await session.LoadManyAsync<KnownDocument>(cancellation, [.. published.Select(b => b.Benefit.DocumentId).Distinct()])
        ).ToDictionary(d => d.Id);
        var going = published
            .Where(b => !(BenefitItem.LastDay(b.Benefit.Shown!, documents.GetValueOrDefault(b.Benefit.DocumentId)) < today))
            .Select(b => (b.Benefit, b.Conditions, b.Known, Fitting: new List<(RegisteredProfile Profile, DateOnly From)>()))
            .ToArray();
        if (going.Length == 0)
            return [];
        await foreach (var profile in OfferBenefits.Readable(session, cancellation))
        {
            var facts = ProfileFacts.Of(profile.Facts.Value, fields).Facts;
            foreach (var (_, conditions, known, fitting) in going)
                if (conditions!.For(facts, today) is Truth.Holds && conditions.For(facts, known) is not Truth.Holds)
                    fitting.Add((profile, conditions.FirstDay(facts, known, t => t is Truth.Holds) ?? today));
        }
        return from benefit in going
            from day in benefit.Fitting.GroupBy(f => f.From)
            from message in OfferBenefits.Messages(benefit.Benefit, day.Select(f => f.Profile), seals, day.Key)
            select message;

        // What was published since was matched on that day.
        DateOnly PublishedOrLater(BenefitItem benefit) =>
            OfferBenefits.PublishedOn(benefit) is { } published && published > before ? published : before;
    }
}
