namespace PolicyPlatform.Audit.Streams;

/// <summary>Streams as such: no version is missing, each stream knows its newest, and none is without the other.</summary>
static class StreamChecks
{
    const string FromBackup = "From a backup: events are never changed here.";

    // Everything that is wrong with a stream in one look at its index. The numbers of events that were not committed are kept by Marten as
    // tombstones in a stream of its own, whose head stays 0.
    const string Wrong = """
        select coalesce(e.id, s.id)::text, e.first, e.last, e.events, s.version
        from (select stream_id as id, min(version) as first, max(version) as last, count(*) as events from {0}.mt_events where type <> 'tombstone' group by stream_id) e
        full join {0}.mt_streams s on s.id = e.id
        where (e.events is distinct from e.last or e.first is distinct from 1 or s.version is distinct from e.last)
        and not (e.id is null and s.version = 0)
        and (s.timestamp is null or s.timestamp >= $1)
        """;

    const string Missing = """
        select version from generate_series(1, $2::bigint) version
        where not exists (select from {0}.mt_events e where e.stream_id::text = $1 and e.version = version.version)
        limit 5
        """;

    const string Numbers = "select coalesce(max(seq_id), 0), (select last_value from {0}.mt_events_sequence) from {0}.mt_events";

    public static async Task Check(Snapshot at, DateTimeOffset? since, Findings findings, CancellationToken cancellation)
    {
        var service = at.Service;
        var wrong = await at.Rows(
            Sql(Wrong, service),
            r =>
                (
                    Id: r.GetString(0),
                    First: r.IsDBNull(1) ? (long?)null : r.GetInt64(1),
                    Last: r.IsDBNull(2) ? 0 : r.GetInt64(2),
                    Events: r.IsDBNull(3) ? 0 : r.GetInt64(3),
                    Version: r.IsDBNull(4) ? (long?)null : r.GetInt64(4)
                ),
            cancellation,
            Instant(since)
        );
        foreach (var (id, first, last, events, version) in wrong)
        {
            if (version is null)
                findings.Add(
                    new(service.Name, "stream.missing", id, "a stream for its events", $"{events} events and no stream", FromBackup)
                );
            else if (first is null)
                findings.Add(new(service.Name, "stream.empty", id, $"{version} events", "none", FromBackup));
            if (first is null)
                continue;
            if (events != last || first != 1)
            {
                var missing = await at.Rows(Sql(Missing, service), r => r.GetInt64(0), cancellation, id, last);
                findings.Add(
                    new(
                        service.Name,
                        "stream.gap",
                        id,
                        $"events 1 to {last}",
                        $"{events} events; without {string.Join(", ", missing)}",
                        FromBackup
                    )
                );
            }
            if (version is { } told && told != last)
                findings.Add(
                    new(service.Name, "stream.version", id, $"version {last}, that of its newest event", $"version {told}", FromBackup)
                );
        }
        var (newest, sequence) = (await at.Rows(Sql(Numbers, service), r => (r.GetInt64(0), r.GetInt64(1)), cancellation))[0];
        if (sequence < newest)
            findings.Add(
                new(
                    service.Name,
                    "events.sequence",
                    "mt_events_sequence",
                    $"at least {newest}, the number of the newest event",
                    $"{sequence}",
                    $"select setval('{service.Name}.mt_events_sequence', {newest})"
                )
                {
                    Mend = c =>
                        service.Execute(
                            $"select setval('{service.Name}.mt_events_sequence', greatest((select last_value from {service.Name}.mt_events_sequence), (select max(seq_id) from {service.Name}.mt_events)))",
                            c
                        ),
                }
            );
    }

    internal static string Sql(string text, AuditedService service) =>
        text.Replace("{0}", service.Name, StringComparison.Ordinal).Replace("{1}", service.MessageSchema, StringComparison.Ordinal);

    internal static object Instant(DateTimeOffset? at) =>
        at is { } instant ? instant.ToUniversalTime() : new DateTimeOffset(1970, 1, 1, 0, 0, 0, TimeSpan.Zero);
}
