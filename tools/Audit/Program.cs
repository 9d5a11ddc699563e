using System.CommandLine;
using System.Text.Json;
using Npgsql;
using PolicyPlatform.Audit.Agreement;
using PolicyPlatform.Audit.Messages;
using PolicyPlatform.Audit.Streams;
using PolicyPlatform.ServiceDefaults;

namespace PolicyPlatform.Audit;

/// <summary>The command.</summary>
static class Program
{
    const int Clean = 0,
        FindingsStay = 1,
        CouldNotRun = 2;

    static Task<int> Main(string[] args)
    {
        var database = new Option<string>("--database")
        {
            Description = "The connection string of the database, of a user who may read every schema.",
            Required = true,
        };
        var others = new Option<string[]>("--database-of")
        {
            Description = "documents=CONNECTION, for a service with a database of its own; for each of them.",
        };
        var keys = new Option<DirectoryInfo>("--keys")
        {
            Description = "The folder of the keys of personal data; without it nothing sealed is opened.",
        }.AcceptExistingOnly();
        var since = new Option<DateTimeOffset?>("--since")
        {
            Description = "Only what something was written to since this instant (RFC 3339).",
        };
        var json = new Option<bool>("--json") { Description = "One JSON object instead of lines." };
        var repair = new Option<bool>("--repair") { Description = "Mends what can be mended, and looks again." };
        var service = new Option<string[]>("--service")
        {
            Description = "Only these services, each by itself; all of them, and whether they agree, when left out.",
            AllowMultipleArgumentsPerToken = true,
        }.AcceptOnlyFromAmong([.. AuditedService.All.Select(s => s.Name)]);
        var pause = new Option<double>("--pause")
        {
            Description = "Seconds until what disagrees between services is looked at again.",
            DefaultValueFactory = _ => 5,
        };
        var longest = new Option<int>("--statement-timeout")
        {
            Description = "Seconds that a statement may take.",
            DefaultValueFactory = _ => 600,
        };
        var root = new RootCommand(
            "Checks on a running platform that its streams are whole, what is made of them is right, and its services agree."
        )
        {
            database,
            others,
            keys,
            since,
            json,
            repair,
            service,
            pause,
            longest,
        };
        root.SetAction(
            async (parsed, cancellation) =>
            {
                try
                {
                    var databases = Databases(parsed.GetValue(others) ?? []);
                    var main = parsed.GetRequiredValue(database);
                    var named = parsed.GetValue(service) is { Length: > 0 } some ? some : null;
                    await using var run = new Run(
                        [
                            .. AuditedService
                                .All.Where(s => named?.Contains(s.Name) is not false)
                                .Select(s =>
                                    AuditedService.Open(
                                        s.Name,
                                        databases.GetValueOrDefault(s.Name) ?? main,
                                        parsed.GetValue(keys)?.FullName,
                                        TimeSpan.FromSeconds(parsed.GetValue(longest)),
                                        parsed.GetValue(repair)
                                    )
                                ),
                        ],
                        parsed.GetValue(since),
                        TimeSpan.FromSeconds(parsed.GetValue(pause))
                    );
                    var found = await run.Look(cancellation);
                    var mended = Array.Empty<Finding>();
                    if (parsed.GetValue(repair))
                        (found, mended) = await run.Repair(found, cancellation);
                    Tell(found, mended, run.Services, parsed.GetValue(json));
                    return found.Count == 0 ? Clean : FindingsStay;
                }
                catch (Exception e)
                    when (e is NpgsqlException or InvalidOperationException or ArgumentException or IOException or TimeoutException)
                {
                    await Console.Error.WriteLineAsync($"The audit could not run: {e.Message}");
                    return CouldNotRun;
                }
            }
        );
        var command = root.Parse(args);
        // What cannot be read is no audit.
        return command.Errors.Count > 0 ? Unread(command) : command.InvokeAsync();
    }

    static async Task<int> Unread(ParseResult command)
    {
        await command.InvokeAsync();
        return CouldNotRun;
    }

    static Dictionary<string, string> Databases(string[] given) =>
        given
            .Select(d => d.Split('=', 2))
            .ToDictionary(
                d =>
                    AuditedService.All.Any(s => s.Name == d[0]) && d.Length == 2
                        ? d[0]
                        : throw new ArgumentException(
                            $"--database-of takes a service and its connection string, documents=Host=…; {d[0]} is none."
                        ),
                d => d[1]
            );

    static void Tell(Findings found, Finding[] mended, IReadOnlyList<AuditedService> services, bool asJson)
    {
        var counts = found
            .Counts.Select(c => new
            {
                service = c.Key.Service,
                what = c.Key.What,
                count = c.Value,
            })
            .ToArray();
        if (asJson)
        {
            Console.WriteLine(
                JsonSerializer.Serialize(
                    new
                    {
                        clean = found.Count == 0,
                        services = services.Select(s => s.Name),
                        findings = found.All.Select(Shown),
                        mended = mended.Select(Shown),
                        counts,
                    },
                    JsonDefaults.Options
                )
            );
            return;
        }
        foreach (var finding in mended)
            Console.WriteLine($"mended    {Line(finding)}");
        foreach (var finding in found.All)
        {
            Console.WriteLine($"DISAGREES {Line(finding)}");
            Console.WriteLine($"          {finding.Repair}{(finding.Mend is null ? "" : " --repair does it.")}");
        }
        foreach (var count in counts)
            Console.WriteLine($"{count.count, 9} {count.service} {count.what}");
        Console.WriteLine(
            found.Count == 0
                ? $"Clean: {string.Join(", ", services.Select(s => s.Name))}; {mended.Length} mended."
                : $"{found.Count} findings stay; {mended.Length} mended."
        );

        static object Shown(Finding f) =>
            new
            {
                f.Service,
                f.What,
                f.Id,
                f.Expected,
                f.Found,
                f.Repair,
                isMendable = f.Mend is not null,
            };

        static string Line(Finding f) => $"{f.Service} {f.What} {f.Id}: expected {f.Expected}; found {f.Found}.";
    }
}

/// <summary>A run over some services.</summary>
sealed class Run(IReadOnlyList<AuditedService> services, DateTimeOffset? since, TimeSpan pause) : IAsyncDisposable
{
    // What was told again is handled within seconds, and on a machine that has much to do within minutes. As long as it is not taken up it is
    // waited for; where nobody is there to take it up, not for ever.
    const int Looks = 6;
    static readonly TimeSpan longestWait = TimeSpan.FromMinutes(5),
        oneWait = TimeSpan.FromMilliseconds(500);
    TimeSpan waited;

    /// <summary>The services.</summary>
    public IReadOnlyList<AuditedService> Services => services;

    /// <summary>Looks at everything.</summary>
    public async Task<Findings> Look(CancellationToken cancellation)
    {
        var found = new Findings();
        foreach (var service in services)
            found.AddAll((await Alone(service, cancellation)).All);
        found.AddAll(await Twice(Together, cancellation));
        return found;
    }

    /// <summary>Mends what can be mended, and looks again until nothing more comes right.</summary>
    public async Task<(Findings Found, Finding[] Mended)> Repair(Findings found, CancellationToken cancellation)
    {
        var first = found.All;
        var told = new HashSet<(string, string, string)>();
        for (var look = 0; look < Looks && found.All.Any(f => f.Mend is not null); look++)
        {
            // What a service says of itself is right before others are told of it.
            var now = found.All.Where(f => f.Mend is not null && (look > 0 || !f.IsBetween));
            // What was told again a moment ago is not told a third time.
            foreach (var finding in now.Where(f => !f.IsBetween || told.Add((f.Service, f.What, f.Id))).ToArray())
                await Try(finding, finding.Mend!, cancellation);
            await Task.Delay(pause, cancellation);
            await TakenUp(cancellation);
            found = await Look(cancellation);
        }
        var stays = found.All.Select(f => (f.Service, f.What, f.Id)).ToHashSet();
        return (found, [.. first.Where(f => !stays.Contains((f.Service, f.What, f.Id)))]);
    }

    // Whatever is told is in the inbox until it has been handled, and so is what comes of it.
    async Task TakenUp(CancellationToken cancellation)
    {
        for (; waited < longestWait; waited += oneWait)
        {
            var waits = false;
            foreach (var service in services)
                waits |= await service.IsListening(cancellation);
            if (!waits)
                return;
            await Task.Delay(oneWait, cancellation);
        }
    }

    static async Task Try(Finding finding, Func<CancellationToken, Task> mend, CancellationToken cancellation)
    {
        try
        {
            await mend(cancellation);
        }
        // Whatever one cannot be mended for, the others are.
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync($"Not mended: {finding.Service} {finding.What} {finding.Id}: {e.Message}");
        }
    }

    // A service by itself, at one instant.
    async Task<Findings> Alone(AuditedService service, CancellationToken cancellation)
    {
        var found = new Findings();
        await using var at = await service.Look(cancellation);
        await StreamChecks.Check(at, since, found, cancellation);
        await Rebuild.Check(at, since, found, cancellation);
        await PersonalRows.Check(at, found, cancellation);
        return found;
    }

    // What moves between services and within them.
    async Task<IReadOnlyList<Finding>> Together(CancellationToken cancellation)
    {
        var found = new Findings();
        var now = DateTimeOffset.UtcNow;
        foreach (var service in services)
        {
            await using var at = await service.Look(cancellation);
            await MessageChecks.Check(at, now, found, cancellation);
            if (service == services[0])
                await MessageChecks.CheckQueues(at, now, found, cancellation);
        }
        if (services.Count == AuditedService.All.Length)
        {
            await using var agree = new ServicesAgree(services.ToDictionary(s => s.Name), since, now);
            found.AddAll((await agree.Look(cancellation)).All.Select(f => f with { IsBetween = true }));
        }
        return found.All;
    }

    async Task<IEnumerable<Finding>> Twice(Func<CancellationToken, Task<IReadOnlyList<Finding>>> look, CancellationToken cancellation)
    {
        var found = await look(cancellation);
        if (found.Count == 0)
            return found;
        await Task.Delay(pause, cancellation);
        var again = (await look(cancellation)).DistinctBy(f => f.Key).ToDictionary(f => f.Key);
        return found.Where(f => again.ContainsKey(f.Key)).Select(f => again[f.Key]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in services)
            await service.DisposeAsync();
    }
}
