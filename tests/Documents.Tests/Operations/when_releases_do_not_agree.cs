using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Operations;

/// <summary>
/// Two releases on one database, of which the next one makes of events what the one before does not, and lacks a column that it has.
/// </summary>
public sealed class when_releases_do_not_agree(PostgresCluster postgres)
{
    const string Held = "LibraryProjection, documents.mt_doc_importline";

    [Fact]
    public async Task the_next_one_waits_until_those_before_it_have_ended_and_they_go_on_meanwhile()
    {
        using var programs = new NextRelease("Documents");
        await using var district = new District(postgres);
        district.Settings["Messaging:SingleNode"] = "false";
        await district.InitializeAsync();
        // Two processes of the release before.
        await using var before = new DocumentsProcess(district, programs.Program("Documents"));
        await before.IsReady();
        await district.Execute(
            """
            update documents.mt_doc_builtprojection set data = jsonb_set(data, '{version}', '1') where id = 'LibraryProjection';
            alter table documents.mt_doc_importline add column of_before text;
            """
        );
        programs.Replace();

        await using var next = new DocumentsProcess(district, programs.Program("Documents"));
        await next.Says($"Other processes of the service run, of a release that knows nothing of this one's changes ({Held})");
        await IsRefused();
        // Those who were there write and read.
        await district.Documents.Publish(await district.Documents.Draft(title: "前版办法甲"), "测政发〔2026〕911号");
        await Reads(before, 1);
        Assert.False(await next.Answers());

        // One of two is not all of them, however it ends.
        await before.Kill();
        await IsRefused();
        await district.Documents.Publish(await district.Documents.Draft(title: "前版办法乙"), "测政发〔2026〕912号");
        await district.Execute("""update documents.mt_doc_libraryentry set data = data || '{"made": "before"}'""");
        Assert.Equal(
            1,
            await district.Count("select (data ->> 'version')::bigint from documents.mt_doc_builtprojection where id = 'LibraryProjection'")
        );

        await district.RestartDocuments(async () =>
        {
            await next.IsReady();
            await Reads(next, 2);
            Assert.Equal(0, await district.Count("select count(*) from documents.mt_doc_libraryentry where data ? 'made'"));
            Assert.Equal(
                0,
                await district.Count(
                    "select count(*) from information_schema.columns where table_name = 'mt_doc_importline' and column_name = 'of_before'"
                )
            );
            // The way back is the backup: the release before does not take what the next one has made for its own.
            await using var late = new DocumentsProcess(district, changesTables: false);
            await late.Says("The database is not prepared for this release.");
            Assert.False(await late.Answers());
        });

        async Task IsRefused()
        {
            await using var migrate = new DocumentsProcess(district, programs.Program("Documents"), arguments: ["migrate"]);
            var (code, said) = await migrate.End();
            Assert.Equal(1, code);
            Assert.Contains($"this release changes what they write: {Held}.", said, StringComparison.Ordinal);
        }

        static Task<bool> Reads(DocumentsProcess process, int documents) =>
            // Each keeps an index of its own, which follows.
            Calls.Eventually<bool>(async () =>
                (await process.Get("library?q=前版办法")).Contains($"\"total\":{documents}", StringComparison.Ordinal) ? true : null
            );
    }
}
