using System.Security.Cryptography;
using PolicyPlatform.Catalog.Subscriptions;
using PolicyPlatform.Consultation.Comments;
using PolicyPlatform.Consultation.Hearings;
using PolicyPlatform.Consultation.OpenDays;
using PolicyPlatform.Interpretation.Benefits;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Audit.Streams;

/// <summary>Rows of personal data belong to somebody who is still there, and open with the keys.</summary>
static class PersonalRows
{
    const string Erase = "Erase the row: nobody needs it any more.";

    public static async Task Check(Snapshot at, Findings findings, CancellationToken cancellation)
    {
        switch (at.Service.Name)
        {
            case "catalog":
                await Orphans<SubscriptionTarget, Subscription>(
                    at,
                    "s.data ->> 'subscriptionId' = r.id::text and lower(s.data ->> 'state') <> 'ended'"
                );
                await Opens<SubscriptionTarget>(at);
                await Opens<Delivery>(at);
                break;
            case "consultation":
                await Orphans<CommentSender, Comment>(at, "s.id = r.id and lower(s.data ->> 'state') <> 'withdrawn'");
                await Orphans<OpenDayRegistrant, OpenDayRegistration>(at, "s.id = r.id and s.data ->> 'cancelledAt' is null");
                await Orphans<HearingApplicant, HearingApplication>(at, "s.id = r.id and s.data ->> 'erasedAt' is null");
                await Opens<CommentSender>(at);
                await Opens<OpenDayRegistrant>(at);
                await Opens<HearingApplicant>(at);
                await Opens<HearingText>(at);
                break;
            case "interpretation":
                await Opens<RegisteredProfile>(at);
                break;
        }
        await Opens<ActorName>(at);

        async Task Orphans<TRow, TSubject>(Snapshot at, string belongs)
        {
            var table = at.Service.TableOf<TRow>();
            foreach (
                var id in await at.Rows(
                    $"select r.id from {table} r where not exists (select from {at.Service.TableOf<TSubject>()} s where {belongs}) limit 10000",
                    r => r.GetGuid(0),
                    cancellation
                )
            )
                findings.Add(
                    new(
                        at.Service.Name,
                        "personal.orphaned",
                        $"{typeof(TRow).Name} {id}",
                        "no row: whom it was about is gone",
                        "a row",
                        Erase
                    )
                    {
                        Mend = c => at.Service.Execute($"delete from {table} where id = $1", c, id),
                    }
                );
        }

        async Task Opens<TRow>(Snapshot at)
        {
            const int AtOnce = 1_000;
            if (!at.Service.HasKeys)
                return;
            var table = at.Service.TableOf<TRow>();
            for (var after = ""; ; )
            {
                var rows = await at.Rows(
                    $"select id::text, data::text from {table} where id::text > $1 order by id::text limit {AtOnce}",
                    r => (Id: r.GetString(0), Data: r.GetString(1)),
                    cancellation,
                    after
                );
                if (rows.Count == 0)
                    return;
                after = rows[^1].Id;
                foreach (var (id, data) in rows.Where(r => !at.Service.Opens(r.Data)))
                    findings.Add(
                        new(
                            at.Service.Name,
                            "personal.sealed",
                            $"{typeof(TRow).Name} {Known(id)}",
                            "a row that opens with the keys",
                            "one that does not",
                            "The key that sealed it, from a backup of the key folder."
                        )
                    );
            }
        }
    }

    // What a person is called by is no name to print.
    static string Known(string id) =>
        Guid.TryParse(id, out _) ? id : Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(id)))[..16];
}
