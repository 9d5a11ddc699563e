using System.Diagnostics;
using System.Globalization;
using Npgsql;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Benchmarks;

/// <summary>What it costs to look whether everything is right.</summary>
static class AuditMeasurements
{
    const int Comments = 900_000,
        Documents = 2_000,
        EventsOfDocument = 50;

    /// <summary>
    /// A million events: comments, each a stream of its own, and documents with long histories; then tools/Audit over all services.
    /// </summary>
    public static async Task Audit(Bench bench)
    {
        var platform = bench.Platform;
        var (drafter, office) = (await platform.Token("drafting-housing"), await platform.Token("openness-office"));
        var draft = await Draft("征求意见的办法");
        var asked = (
            await platform.Post(
                office,
                "consultations",
                new
                {
                    documentId = draft,
                    explanation = "为了测试，起草本办法。",
                    ways = "信函：测试大街1号。",
                    contact = "测试科，0531-80000001",
                }
            )
        ).GetProperty("id").GetGuid();
        var comment = (
            await platform.Post(office, $"consultations/{asked}/comments", new { position = "support", text = "建议提高退费比例。" })
        )
            .GetProperty("id")
            .GetGuid();
        var revised = await Draft("有多次修订的办法");
        for (var n = 2; n < EventsOfDocument; n++)
            await platform.Post(drafter, $"documents/{revised}/revisions", new { text = $"第一条 第{n}稿。", changeNote = "修改" });
        while (await Query("select count(*) from consultation.form_letter_comments") is not "1")
            await Task.Delay(200);

        await Many("consultation", comment, Comments, "commentId", "mt_doc_comment");
        await Query($"update consultation.comment_tallies set count = count * {Comments + 1}");
        await Query(
            """
            insert into consultation.form_letter_comments (comment_id, consultation_id, letter_id, likeness)
            select c.id, l.consultation_id, l.letter_id, l.likeness from consultation.mt_doc_comment c, consultation.form_letter_comments l where c.id <> l.comment_id
            """
        );
        await Query("update consultation.form_letters set comments = (select count(*) from consultation.form_letter_comments)");
        await Many("documents", revised, Documents, "documentId", "mt_doc_policydocument", "mt_doc_historyentry");
        await Query("analyze");
        var events = await Query(
            "select (select count(*) from consultation.mt_events) + (select count(*) from documents.mt_events) + (select count(*) from catalog.mt_events) + (select count(*) from interpretation.mt_events)"
        );

        var watch = Stopwatch.StartNew();
        using var process = Process.Start(
            new ProcessStartInfo("dotnet", [Tool.Program("Audit"), "--database", platform.Database, "--keys", platform.KeyFolder])
            {
                RedirectStandardOutput = true,
            }
        )!;
        var most = 0L;
        var output = process.StandardOutput.ReadToEndAsync();
        while (!process.WaitForExit(200))
        {
            process.Refresh();
            most = Math.Max(most, process.WorkingSet64);
        }
        Console.WriteLine(await output);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{events} events audited in {watch.Elapsed.TotalSeconds:0} s, {most / 1_000_000} MB at most, exit code {process.ExitCode}"
            )
        );

        async Task<Guid> Draft(string title) => (
                await platform.Post(
                    drafter,
                    "documents",
                    new
                    {
                        title,
                        issuers = new[] { "370114-ZJ" },
                        subject = "CXJS",
                        disclosure = new { attribute = "proactive" },
                        text = "第一条 第1稿。",
                        changeNote = "起草",
                    }
                )
            ).GetProperty("id").GetGuid();

        // Making a million rows takes longer than a question may.
        async Task<string> Query(string sql)
        {
            await using var source = NpgsqlDataSource.Create($"{platform.Database};Command Timeout=0");
            await using var command = source.CreateCommand(sql);
            return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture) ?? "";
        }

        // The rows of one stream, as many times, under other ids.
        async Task Many(string service, Guid one, int count, string member, params string[] tables)
        {
            await Query(
                $"""
                do $$
                begin
                  create unlogged table {service}.made as select gen_random_uuid() as id from generate_series(1, {count});
                  insert into {service}.mt_streams select r.* from {service}.mt_streams s, {service}.made m,
                    lateral jsonb_populate_record(s, jsonb_build_object('id', m.id)) r where s.id = '{one}';
                  create unlogged table {service}.made_events as select nextval('{service}.mt_events_sequence') as seq, gen_random_uuid() as event, o.*
                    from (select e.id as old, m.id as stream, e.version from {service}.mt_events e, {service}.made m where e.stream_id = '{one}' order by m.id, e.version) o;
                  insert into {service}.mt_events select r.* from {service}.mt_events e join {service}.made_events m on m.old = e.id,
                    lateral jsonb_populate_record(e, jsonb_build_object('seq_id', m.seq, 'id', m.event, 'stream_id', m.stream,
                      'data', case when e.version = 1 then e.data || jsonb_build_object('{member}', m.stream) else e.data end)) r;
                  {string.Join('\n', tables.Select(t => t == "mt_doc_historyentry"
                    ? $"""
                        insert into {service}.{t} select r.* from {service}.{t} h join {service}.made_events m on m.old = h.id,
                          lateral jsonb_populate_record(h, jsonb_build_object('id', m.event, 'document_id', m.stream,
                            'data', h.data || jsonb_build_object('id', m.event, 'documentId', m.stream))) r;
                        """
                    : $"""
                        insert into {service}.{t} select r.* from {service}.{t} d, {service}.made m,
                          lateral jsonb_populate_record(d, jsonb_build_object('id', m.id, 'data', d.data || jsonb_build_object('id', m.id))) r where d.id = '{one}';
                        """))}
                  drop table {service}.made;
                  drop table {service}.made_events;
                end $$
                """
            );
        }
    }
}
