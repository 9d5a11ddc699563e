using Npgsql;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Operations;

/// <summary>
/// A process that makes rows anew, killed by SIGKILL when it has made some of them. It is held there by a lock on a table that it needs.
/// </summary>
public sealed class when_a_rebuild_is_killed(PostgresCluster postgres)
{
    [Theory]
    [InlineData("migrate")]
    [InlineData]
    public async Task the_next_one_makes_all_of_it_and_nobody_reads_half(params string[] command)
    {
        await using var district = new District(postgres);
        district.Settings["Messaging:SingleNode"] = "false";
        await district.InitializeAsync();
        foreach (var n in new[] { 1, 2, 3 })
            await district.Documents.Publish(await district.Documents.Draft(title: $"重建办法{n}"), $"测政发〔2026〕90{n}号");
        await district.Documents.Draft(title: "未发布的办法");
        var (rows, library) = (await Rows(district), (await district.Documents.Get(null, "library?q=办法")).GetRawText());
        Assert.NotEmpty(rows);

        await district.RestartDocuments(async () =>
        {
            // As other code made them; the history is made anew first.
            await district.Execute(
                """
                update documents.mt_doc_builtprojection set data = jsonb_set(data, '{version}', '-1') where id in ('HistoryProjection', 'LibraryProjection');
                update documents.mt_doc_historyentry set data = data || '{"made": "before"}';
                update documents.mt_doc_libraryentry set data = data || '{"made": "before"}';
                create table needed (n int);
                create function need() returns trigger language plpgsql as 'begin perform n from public.needed; return new; end';
                create trigger need before insert on documents.mt_doc_libraryentry for each row execute function need();
                """
            );
            await using var holding = await district.Connect();
            await using var held = await holding.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await Execute(holding, "lock table needed in access exclusive mode");
            await using var killed = new DocumentsProcess(district, arguments: command);
            await Eventually(district, "select count(*) from pg_locks where relation = 'needed'::regclass and not granted");
            Assert.Equal(0, await district.Count("select count(*) from documents.mt_doc_libraryentry"));
            Assert.Equal(0, await district.Count("select count(*) from documents.mt_doc_historyentry where data ? 'made'"));

            // Whoever would read waits, whether it may change tables or not.
            await using var reader = new DocumentsProcess(district, changesTables: false);
            await reader.Says("The database is not prepared for this release.");
            Assert.False(await killed.Answers());
            Assert.False(await reader.Answers());

            await killed.Kill();
            // Its locks go with it, though the server may still have its last statement in hand.
            foreach (var key in new[] { "rebuild", "runs" })
                await Calls.Eventually<bool>(async () =>
                    await district.Count($"select pg_try_advisory_xact_lock(hashtext('{key} documents'))::int::bigint") == 1 ? true : null
                );
            // What is whole is not taken for it either.
            Assert.Equal(
                0,
                await district.Count(
                    "select count(*) from documents.mt_doc_builtprojection where id like 'release %' or id in ('HistoryProjection', 'LibraryProjection')"
                )
            );
            Assert.False(await reader.Answers());

            await held.RollbackAsync(TestContext.Current.CancellationToken);
            await using (var next = new DocumentsProcess(district, arguments: ["migrate"]))
            {
                var (code, said) = await next.End();
                Assert.True(code == 0, said);
                Assert.Contains("Making HistoryProjection anew", said, StringComparison.Ordinal);
                Assert.Contains("Making LibraryProjection anew", said, StringComparison.Ordinal);
            }
            Assert.Equal(rows, await Rows(district));
            await reader.IsReady();
            Assert.Equal(library, await reader.Get("library?q=办法"));
        });
        Assert.Equal(library, (await district.Documents.Get(null, "library?q=办法")).GetRawText());
    }

    static Task<IReadOnlyList<string>> Rows(District district) =>
        district.Column(
            string.Join(
                " union all ",
                new[] { "policydocument", "historyentry", "libraryentry", "relationentry" }.Select(t =>
                    $"select '{t} ' || id || data from documents.mt_doc_{t}"
                )
            ) + " order by 1"
        );

    static Task<bool> Eventually(District district, string count) =>
        Calls.Eventually<bool>(async () => await district.Count(count) > 0 ? true : null);

    static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
