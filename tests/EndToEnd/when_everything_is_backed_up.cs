using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using PolicyPlatform.AppHost.Postgres;
using PolicyPlatform.Testing;

namespace PolicyPlatform.EndToEnd;

/// <summary>
/// <c>backup</c> and <c>restore</c> of the apphost, while an office works. What was acknowledged before the backup is there again; what came
/// while it was made is there wholly or not at all, in all services alike; and what was to follow by messages follows after the restore.
/// </summary>
public sealed class when_everything_is_backed_up
{
    const int Documents = 6;

    static string[] Releases => Directory.GetDirectories(Path.Combine(Repository.Folder, "tests", "EndToEnd", "Releases"));

    [Fact]
    public async Task what_was_acknowledged_is_there_again_and_nothing_is_half_there()
    {
        var (data, copy, backup) = (RunningPlatform.NewFolder(), RunningPlatform.NewFolder(), RunningPlatform.NewFolder());
        var exported = Directory.CreateTempSubdirectory("policyplatform-proof-");
        await using var receiver = await WebhookReceiver.Start();
        OfficeWork before;
        List<OfficeWork> meanwhile = [];
        JsonElement subscription;
        int checkpoint;
        string key;
        await using (var platform = await RunningPlatform.Start(data, null, "--no-samples"))
        {
            Assert.False(platform.HasExited, platform.Output);
            await platform.Populate();
            subscription = await platform.Subscribe(receiver, "document.published", "document.changed");
            before = new(platform, "之前", Documents);
            await before.Run();
            checkpoint = (await platform.Post(await platform.Token("supervision"), "integrity/checkpoints", new { }))
                .GetProperty("number")
                .GetInt32();
            // From a place that one trusts: not from what was restored.
            key = await Export(platform, exported, "key.pem", "integrity/key");

            using var finished = new CancellationTokenSource();
            var load = Load(platform, meanwhile, finished.Token);
            await Calls.Eventually<bool>(() => Task.FromResult<bool?>(meanwhile.Sum(w => w.Documents.Count) > 0 ? true : null));
            // What it is to hear waits, so that messages are under way at any instant of the backup.
            await RunningProgram.Signal("STOP", platform.ServiceProcess("Interpretation"));
            var (code, output) = await Tool.Run("AppHost", "backup", backup, "--data", data);
            await RunningProgram.Signal("CONT", platform.ServiceProcess("Interpretation"));
            Assert.True(code == 0, output);
            Assert.False(load.IsCompleted);
            // The work goes on behind it, until a document is there that was only begun then.
            var then = meanwhile.Sum(w => w.Documents.Count) + OfficeWork.AtOnce;
            await Calls.Eventually<bool>(() => Task.FromResult<bool?>(meanwhile.Sum(w => w.Documents.Count) > then ? true : null));
            await finished.CancelAsync();
            await load;
        }

        // A backup is not written over another, and needs something to back up.
        await Refused("is not empty", "backup", backup, "--data", data);
        Directory.Delete(data, recursive: true);
        await Refused($"There is no platform with an embedded PostgreSQL in {data}", "backup", backup + "-2", "--data", data);

        var (restored, said) = await Tool.Run("AppHost", "restore", backup, "--data", copy);
        Assert.True(restored == 0, said);
        await using (var platform = await RunningPlatform.Start(copy, null, "--no-samples"))
        {
            Assert.False(platform.HasExited, platform.Output);
            await before.In(platform).IsKnownEverywhere();
            await OfficeWork.NothingWaits(platform);
            var there = 0;
            foreach (var id in meanwhile.SelectMany(w => w.Documents))
                there += await IsWhole(platform, id) ? 1 : 0;
            // The backup is from the middle of it.
            Assert.InRange(there, 1, meanwhile.Sum(w => w.Documents.Count) - 1);
            Assert.Empty(await OfficeWork.Gaps(platform));

            var proven = before.Documents.First();
            var (code, output) = await Tool.Run(
                "Verify",
                "--key",
                key,
                await Export(platform, exported, "proof.json", $"documents/{proven}/revisions/1/proof"),
                await Export(platform, exported, "checkpoint.json", $"integrity/checkpoints/{checkpoint}")
            );
            Assert.True(code == 0, output);
            Assert.Equal(
                receiver.Address,
                (
                    await platform.Post(
                        await platform.Token("privacy"),
                        $"subscriptions/{subscription.GetProperty("id").GetGuid()}/address-readings",
                        new { reason = "恢复后核实" }
                    )
                )
                    .GetProperty("address")
                    .GetString()
            );

            // And the work goes on, in front of the same subscriber.
            receiver.Received.Clear();
            var after = new OfficeWork(platform, "之后", 2, first: 9000);
            await after.Run();
            await after.IsKnownEverywhere();
            await Calls.Eventually<bool>(() =>
                Task.FromResult<bool?>(
                    after.Documents.All(id => receiver.Received.Any(r => r.Body.Contains($"{id}", StringComparison.Ordinal))) ? true : null
                )
            );
            await OfficeWork.NothingWaits(platform);
        }
        foreach (var folder in new[] { copy, backup, exported.FullName })
            Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task a_base_backup_is_restored_as_it_was_between_two_writes()
    {
        var (data, copy, backup, archive) = (
            RunningPlatform.NewFolder(),
            RunningPlatform.NewFolder(),
            RunningPlatform.NewFolder(),
            RunningPlatform.NewFolder()
        );
        Guid first,
            second;
        string between;
        await using (var platform = await RunningPlatform.Start(data, null, "--no-samples", "--archive", archive))
        {
            Assert.False(platform.HasExited, platform.Output);
            await platform.Populate();
            var early = await Now(platform);
            var (code, output) = await Tool.Run("AppHost", "backup", backup, "--base", "--data", data);
            Assert.True(code == 0, output);
            var drafter = await platform.Token("drafting-housing");
            first = await Draft(platform, drafter, "第一份");
            between = await Now(platform);
            second = await Draft(platform, drafter, "第二份");
            var segment = (await platform.Query("select pg_walfile_name(pg_switch_wal())")).Single();
            await Calls.Eventually<bool>(() => Task.FromResult<bool?>(File.Exists(Path.Combine(archive, segment)) ? true : null));

            string[] from = ["restore", backup, "--data", copy];
            await Refused("restore to a later instant, or an older backup", [.. from, "--archive", archive, "--until", early]);
            await Refused("has not been yet", [.. from, "--archive", archive, "--until", "2099-01-01T00:00:00Z"]);
            await Refused("name its folder with --archive", [.. from, "--until", between]);
            await Refused("--until takes an instant with its offset", [.. from, "--archive", archive, "--until", between.TrimEnd('Z')]);
            await Refused("The archive ends before the instant", [.. from, "--archive", archive, "--until", await Now(platform)]);
            Assert.False(Directory.Exists(copy));
        }

        var (restored, said) = await Tool.Run("AppHost", "restore", backup, "--data", copy, "--archive", archive, "--until", between);
        Assert.True(restored == 0, said);
        // Whoever was restored goes on with the same archive.
        await using (var platform = await RunningPlatform.Start(copy, null, "--no-samples", "--archive", archive))
        {
            Assert.False(platform.HasExited, platform.Output);
            var drafter = await platform.Token("drafting-housing");
            Assert.Equal("第一份", (await platform.Get(drafter, $"documents/{first}")).GetProperty("title").GetString());
            Assert.Equal("document.notFound", (await platform.Get(drafter, $"documents/{second}")).Code());
            await Draft(platform, drafter, "第三份");
            var segment = (await platform.Query("select pg_walfile_name(pg_switch_wal())")).Single();
            await Calls.Eventually<bool>(() => Task.FromResult<bool?>(File.Exists(Path.Combine(archive, segment)) ? true : null));
        }

        // Without an instant it is restored as it was when it was made.
        var plain = RunningPlatform.NewFolder();
        (restored, said) = await Tool.Run("AppHost", "restore", backup, "--data", plain);
        Assert.True(restored == 0, said);
        foreach (var folder in new[] { data, copy, backup, archive, plain })
            Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task what_is_broken_incomplete_or_newer_is_not_restored_and_nothing_is_written_over()
    {
        var data = RunningPlatform.NewFolder();
        await Damaged(b => File.Delete(Path.Combine(b, "backup.json")), "is no complete backup: backup.json cannot be read");
        await Damaged(b => File.Delete(Path.Combine(b, "SHA256SUMS")), "is no complete backup: SHA256SUMS is missing");
        await Damaged(b => File.Delete(Path.Combine(b, "keys", "integrity.pem")), "integrity.pem is missing");
        await Damaged(
            b =>
            {
                var dump = Path.Combine(b, "database.dump");
                var bytes = File.ReadAllBytes(dump);
                bytes[bytes.Length / 2] ^= 1;
                File.WriteAllBytes(dump, bytes);
            },
            "database.dump is not what was backed up"
        );
        await Damaged(
            b =>
            {
                var sums = Path.Combine(b, "SHA256SUMS");
                File.WriteAllLines(sums, File.ReadAllLines(sums)[1..]);
            },
            "SHA256SUMS does not name all of its"
        );
        await Damaged(b => Rewrite(b, "\"format\": 1", "\"format\": 2"), "was made by a newer version of the platform");
        await Damaged(b => Rewrite(b, "{", ""), "backup.json is not as it was written");
        // Its checksums are right; PostgreSQL itself says what is wrong, and nothing is left of the attempt.
        await Damaged(
            b =>
            {
                var (dump, sums) = (Path.Combine(b, "database.dump"), Path.Combine(b, "SHA256SUMS"));
                var sum = Sum(dump);
                File.WriteAllText(dump, "no dump");
                File.WriteAllText(sums, File.ReadAllText(sums).Replace(sum, Sum(dump), StringComparison.Ordinal));
            },
            "pg_restore failed"
        );

        // Keys that are kept apart are found there, and only there.
        var backup = Copy();
        var keys = RunningPlatform.NewFolder();
        Directory.Move(Path.Combine(backup, "keys"), keys);
        await Refused("is incomplete", "restore", backup, "--data", data);
        await File.WriteAllTextAsync(Path.Combine(keys, "newer.xml"), "", TestContext.Current.CancellationToken);
        var (code, output) = await Tool.Run("AppHost", "restore", backup, "--keys", keys, "--data", data);
        Assert.True(code == 0, output);
        Assert.All(new[] { "integrity.pem", "newer.xml" }, name => Assert.True(File.Exists(Path.Combine(data, "keys", name))));
        // Nothing is written over what is there.
        await Refused("is not empty", "restore", Releases[0], "--data", data);
        foreach (var folder in new[] { data, backup, keys })
            Directory.Delete(folder, recursive: true);

        async Task Damaged(Action<string> damage, string sentence)
        {
            var broken = Copy();
            damage(broken);
            await Refused(sentence, "restore", broken, "--data", data);
            Assert.Equal((false, false), (Directory.Exists(data), Directory.Exists(data + ".part")));
            Directory.Delete(broken, recursive: true);
        }

        static string Sum(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));

        static void Rewrite(string backup, string text, string by)
        {
            var facts = Path.Combine(backup, "backup.json");
            File.WriteAllText(facts, File.ReadAllText(facts).Replace(text, by, StringComparison.Ordinal));
        }

        static string Copy()
        {
            var (from, to) = (Releases[0], RunningPlatform.NewFolder());
            foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
            {
                var copied = Path.Combine(to, Path.GetRelativePath(from, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copied)!);
                File.Copy(file, copied);
            }
            return to;
        }
    }

    [Fact]
    public async Task a_server_of_ones_own_is_backed_up_and_restored_by_a_script_in_the_same_form()
    {
        var (server, data, backup, keys) = (
            RunningPlatform.NewFolder(),
            RunningPlatform.NewFolder(),
            RunningPlatform.NewFolder(),
            RunningPlatform.NewFolder()
        );
        await using (var postgres = await PostgresServer.Start(server, false, _ => { }, TestContext.Current.CancellationToken))
        {
            var database = new NpgsqlConnectionStringBuilder(await postgres.Database("own", TestContext.Current.CancellationToken));
            Assert.Equal((0, ""), await Script(database, "tools/restore.sh", Releases[0], keys));
            // Neither into a database that has something in it, nor over other keys.
            Assert.Contains(
                "The database is not empty",
                (await Script(database, "tools/restore.sh", Releases[0], keys + "-2")).Errors,
                StringComparison.Ordinal
            );
            Assert.Contains(
                "is not empty",
                (await Script(database, "tools/restore.sh", Releases[0], keys)).Errors,
                StringComparison.Ordinal
            );
            await File.WriteAllTextAsync(Path.Combine(keys, "integrity.pem.lock"), "", TestContext.Current.CancellationToken);
            Assert.Equal((0, ""), await Script(database, "tools/backup.sh", backup, keys));
            Assert.Contains("is there already", (await Script(database, "tools/backup.sh", backup, keys)).Errors, StringComparison.Ordinal);
            Assert.False(File.Exists(Path.Combine(backup, "keys", "integrity.pem.lock")));

            // As the unit of one machine does it: its keys are kept apart from it, and are there when they are named.
            var (backups, kept, again) = (RunningPlatform.NewFolder(), RunningPlatform.NewFolder(), RunningPlatform.NewFolder());
            Directory.CreateDirectory(backups);
            Directory.CreateDirectory(kept);
            Assert.Equal((0, ""), await Script(database, "deploy/systemd/backup", backups, kept, keys));
            var (made, apart) = (
                Assert.Single(Directory.GetFileSystemEntries(backups)),
                Assert.Single(Directory.GetFileSystemEntries(kept))
            );
            var empty = new NpgsqlConnectionStringBuilder(await postgres.Database("again", TestContext.Current.CancellationToken));
            Assert.Contains(
                "incomplete or damaged",
                (await Script(empty, "tools/restore.sh", made, again)).Errors,
                StringComparison.Ordinal
            );
            Assert.Equal((0, ""), await Script(empty, "tools/restore.sh", made, again, apart));
            Assert.Equal(
                await File.ReadAllTextAsync(Path.Combine(keys, "integrity.pem"), TestContext.Current.CancellationToken),
                await File.ReadAllTextAsync(Path.Combine(again, "integrity.pem"), TestContext.Current.CancellationToken)
            );
            foreach (var folder in new[] { backups, kept, again })
                Directory.Delete(folder, recursive: true);
        }
        var (code, output) = await Tool.Run("AppHost", "restore", backup, "--data", data);
        Assert.True(code == 0, output);
        await File.AppendAllTextAsync(Path.Combine(backup, "database.dump"), " ", TestContext.Current.CancellationToken);
        Assert.Contains(
            "incomplete or damaged",
            (await Script(new(), "tools/restore.sh", backup, keys + "-2")).Errors,
            StringComparison.Ordinal
        );
        foreach (var folder in new[] { server, data, backup, keys })
            Directory.Delete(folder, recursive: true);

        static async Task<(int Code, string Errors)> Script(NpgsqlConnectionStringBuilder database, string path, params string[] arguments)
        {
            var start = new ProcessStartInfo(Path.Combine(Repository.Folder, path), arguments)
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            };
            foreach (
                var (variable, value) in new[]
                {
                    ("PGHOST", database.Host),
                    ("PGPORT", $"{database.Port}"),
                    ("PGUSER", database.Username),
                    ("PGPASSWORD", database.Password),
                    ("PGDATABASE", database.Database),
                }
            )
                start.Environment[variable] = value;
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, await errors);
        }
    }

    static async Task Load(RunningPlatform platform, List<OfficeWork> done, CancellationToken finished)
    {
        while (!finished.IsCancellationRequested)
        {
            var work = new OfficeWork(
                platform,
                string.Create(CultureInfo.InvariantCulture, $"其间{done.Count}"),
                Documents,
                first: Documents * (done.Count + 1)
            );
            done.Add(work);
            await work.Run();
        }
    }

    // Of a document that the backup has all services know as much as its own stream says; of one that it has not none knows anything.
    static async Task<bool> IsWhole(RunningPlatform platform, Guid id)
    {
        var office = await platform.Token("openness-office");
        var document = await platform.Get(office, $"documents/{id}");
        var revisions = document.TryGetProperty("newestRevision", out var newest) ? newest.GetInt32() : 0;
        var isPublished = await platform.Status($"documents/{id}") == 200;
        await Calls.Eventually<bool>(async () =>
        {
            var known = (await platform.Get(null, "interpretations/documents?pageSize=200"))
                .GetProperty("items")
                .EnumerateArray()
                .Where(d => d.GetProperty("id").GetGuid() == id)
                .Select(d => d.GetProperty("revision").GetInt32())
                .ToArray();
            var (met, metAgain) = (await IsMet($"{id}"), await IsMet($"{id}-r2"));
            return known.SequenceEqual(isPublished ? [revisions] : Array.Empty<int>()) && met == isPublished && metAgain == revisions > 1
                ? true
                : null;
        });
        return isPublished;

        async Task<bool> IsMet(string obligation) =>
            (await platform.Get(office, $"obligations/{obligation}")).TryGetProperty("state", out var state) && state.GetString() == "met";
    }

    static async Task<Guid> Draft(RunningPlatform platform, string drafter, string title) =>
        (await platform.Post(drafter, "documents", new { title, text = "第一条 甲。" })).GetProperty("id").GetGuid();

    static async Task<string> Now(RunningPlatform platform) =>
        (await platform.Query("""select to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""")).Single();

    static async Task<string> Export(RunningPlatform platform, DirectoryInfo folder, string name, string path)
    {
        var file = Path.Combine(folder.FullName, name);
        await File.WriteAllTextAsync(
            file,
            await platform.Api.GetStringAsync(new Uri($"/api/v1/{path}", UriKind.Relative), TestContext.Current.CancellationToken),
            TestContext.Current.CancellationToken
        );
        return file;
    }

    static async Task Refused(string sentence, params string[] arguments)
    {
        var (code, output) = await Tool.Run("AppHost", arguments);
        Assert.True(code == 1 && output.Contains(sentence, StringComparison.Ordinal), $"{sentence}: {output}");
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }
}
