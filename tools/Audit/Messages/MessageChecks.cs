using System.Globalization;
using PolicyPlatform.Audit.Streams;
using PolicyPlatform.ServiceDefaults.Hosting;
using Wolverine;
using Wolverine.Runtime.Serialization;

namespace PolicyPlatform.Audit.Messages;

/// <summary>Messages that wait longer than any should, and those that nobody will handle.</summary>
static class MessageChecks
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1),
        LongPatience = TimeSpan.FromMinutes(10);

    const int MostRead = 10_000,
        ManyAttempts = 5;

    const string Nodes = "select node_number from {1}.wolverine_nodes where health_check > now() - interval '1 minute'";

    const string Inbox = """
        select id, status, owner_id, execution_time, attempts, body, message_type from {1}.wolverine_incoming_envelopes
        where status = 'Incoming' or status = 'Scheduled' and (attempts > 0 or execution_time < now() - interval '1 minute')
        limit 10000
        """;

    const string Outbox = "select id, owner_id, attempts, body, message_type from {1}.wolverine_outgoing_envelopes limit 10000";

    const string Dead =
        "select id, message_type, coalesce(exception_type, '') from {1}.wolverine_dead_letters where not replayable limit 10000";

    public static async Task Check(Snapshot at, DateTimeOffset now, Findings findings, CancellationToken cancellation)
    {
        var service = at.Service;
        var nodes = (await at.Rows(StreamChecks.Sql(Nodes, service), r => r.GetInt32(0), cancellation)).ToHashSet();
        foreach (
            var (id, status, owner, execution, attempts, body, type) in await at.Rows(
                StreamChecks.Sql(Inbox, service),
                r =>
                    (
                        r.GetGuid(0),
                        r.GetString(1),
                        r.GetInt32(2),
                        r.IsDBNull(3) ? (DateTimeOffset?)null : r.GetFieldValue<DateTimeOffset>(3),
                        r.GetInt32(4),
                        r.GetFieldValue<byte[]>(5),
                        r.GetString(6)
                    ),
                cancellation
            )
        )
        {
            var age = now - SentAt(body);
            var isScheduled = status == nameof(EnvelopeStatus.Scheduled);
            if (!isScheduled && IsGone(owner))
                findings.Add(Owned("inbox", "wolverine_incoming_envelopes", id, owner, type));
            else if (!isScheduled && age > Patience || isScheduled && execution < now - Patience)
                findings.Add(
                    new(
                        service.Name,
                        "message.stuck",
                        $"inbox {id}",
                        "handled within a minute",
                        $"{type}, {Minutes(age)}",
                        "It is given to whoever takes it up."
                    )
                    {
                        Progress = $"{status} {attempts}",
                        Mend = c =>
                            service.Execute(
                                $"update {service.MessageSchema}.wolverine_incoming_envelopes set owner_id = 0, execution_time = case when status = 'Scheduled' then now() end where id = $1 and status in ('Incoming', 'Scheduled') and attempts = $2",
                                c,
                                id,
                                attempts
                            ),
                    }
                );
            else if (isScheduled && attempts >= ManyAttempts && age > LongPatience)
                findings.Add(
                    new(
                        service.Name,
                        "message.waits",
                        $"inbox {id}",
                        "what it builds on",
                        $"{type}, tried {attempts} times in {Minutes(age)}",
                        "What it waits for: see the log of the service."
                    )
                );
        }
        foreach (
            var (id, owner, attempts, body, type) in await at.Rows(
                StreamChecks.Sql(Outbox, service),
                r => (r.GetGuid(0), r.GetInt32(1), r.GetInt32(2), r.GetFieldValue<byte[]>(3), r.GetString(4)),
                cancellation
            )
        )
            if (IsGone(owner))
                findings.Add(Owned("outbox", "wolverine_outgoing_envelopes", id, owner, type));
            else if (now - SentAt(body) is var age && age > Patience)
                findings.Add(
                    new(
                        service.Name,
                        "message.stuck",
                        $"outbox {id}",
                        "sent within a minute",
                        $"{type}, {Minutes(age)}",
                        "It is given to whoever takes it up."
                    )
                    {
                        Progress = attempts.ToString(CultureInfo.InvariantCulture),
                        Mend = c => Release("wolverine_outgoing_envelopes", id, c),
                    }
                );
        foreach (
            var (id, type, fault) in await at.Rows(
                StreamChecks.Sql(Dead, service),
                r => (r.GetGuid(0), r.GetString(1), r.GetString(2)),
                cancellation
            )
        )
            findings.Add(
                new(
                    service.Name,
                    "message.dead",
                    $"{id}",
                    "no dead letter",
                    $"{type}: {fault}",
                    $"Mend the cause, then POST /operations/dead-letters/{service.Name}/{id}/replay."
                )
            );

        // A process that runs alone keeps no list of those that run.
        bool IsGone(int owner) => owner != 0 && nodes.Count > 0 && !nodes.Contains(owner);

        Finding Owned(string box, string table, Guid id, int owner, string type) =>
            new(
                service.Name,
                "message.ownerGone",
                $"{box} {id}",
                "a process that runs, or nobody",
                $"{type}, held by process {owner}, which is gone",
                "It is given to whoever takes it up."
            )
            {
                Mend = c => Release(table, id, c),
            };

        Task Release(string table, Guid id, CancellationToken c) =>
            service.Execute($"update {service.MessageSchema}.{table} set owner_id = 0 where id = $1", c, id);
    }

    /// <summary>The queues between the services, which one of the databases holds.</summary>
    public static async Task CheckQueues(Snapshot at, DateTimeOffset now, Findings findings, CancellationToken cancellation)
    {
        const string prefix = "wolverine_queue_",
            scheduled = "_scheduled";
        foreach (
            var table in await at.Rows(
                $"select tablename from pg_tables where schemaname = '{Persistence.QueueSchema}' and tablename like 'wolverine\\_queue\\_%'",
                r => r.GetString(0),
                cancellation
            )
        )
        {
            var queue = table[prefix.Length..];
            if (queue.EndsWith(scheduled, StringComparison.Ordinal))
                queue = queue[..^scheduled.Length];
            var waiting = await at.Rows(
                $"select id, message_type, body from {Persistence.QueueSchema}.{table} limit {MostRead}",
                r => (Id: r.GetGuid(0), Type: r.GetString(1), Body: r.GetFieldValue<byte[]>(2)),
                cancellation
            );
            var isHeard = AuditedService.All.Any(s => s.Name == queue);
            foreach (var (id, type, body) in waiting)
                if (!isHeard)
                    findings.Add(
                        new(
                            "queues",
                            "queue.unheard",
                            $"{queue} {id}",
                            "a service that listens",
                            $"{type}; nobody is called {queue}",
                            "Who sends there, and why."
                        )
                    );
                else if (!table.EndsWith(scheduled, StringComparison.Ordinal) && now - SentAt(body) is var age && age > Patience)
                    findings.Add(
                        new(
                            "queues",
                            "queue.stuck",
                            $"{queue} {id}",
                            "taken within a minute",
                            $"{type}, {Minutes(age)}",
                            $"Start {queue}, or see why it takes nothing."
                        )
                    );
        }
    }

    static string Minutes(TimeSpan age) => string.Create(CultureInfo.InvariantCulture, $"sent {age.TotalMinutes:0} minutes ago");

    // One that cannot be read waits for good.
    static DateTimeOffset SentAt(byte[] body)
    {
        try
        {
            return EnvelopeSerializer.Deserialize(body).SentAt;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return DateTimeOffset.MinValue;
        }
    }
}
