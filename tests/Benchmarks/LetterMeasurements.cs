using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Npgsql;
using PolicyPlatform.Consultation.FormLetters;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Benchmarks;

/// <summary>How well and how fast comments that say the same are found.</summary>
static class LetterMeasurements
{
    const int Count = 20_000,
        Campaigns = 200,
        Topics = 200;

    /// <summary>Sorts generated letters by the rule alone, on one core; then sends them, and looks how soon each is placed.</summary>
    public static async Task Letters(Bench bench)
    {
        var comments = new LetterCampaigns(2026).Comments(Count, Campaigns);
        // The just-in-time compiler is done with it.
        await Sort([.. comments.Take(2_000).Select(c => c.Text)]);
        GC.Collect();
        var (found, took, memory) = await Sort([.. comments.Select(c => c.Text)]);
        var (recall, precision) = LetterScores.Of(comments, found, text => LetterText.Of(text).Words);
        Say(
            $"{Count} comments sorted into {found.Distinct().Count()} letters in {took.TotalSeconds:0.00} s on one core, {memory / 1_000_000} MB; recall {recall:0.0000} at likeness 0.8 or more, precision {precision:0.0000}"
        );

        var campaigns = new LetterCampaigns(7);
        var preamble = campaigns.Text(200)[..200];
        var topics = Enumerable.Range(0, Topics).Select(n => preamble + campaigns.Text(60 + 2 * n)).ToArray();
        var dressed = Enumerable.Range(0, Topics * 20).Select(n => campaigns.Dressed(topics[n % Topics])).ToArray();
        (found, took, _) = await Sort(dressed);
        var merges = found.Index().GroupBy(f => f.Item, f => f.Index % Topics).Sum(g => g.Distinct().Count() - 1);
        Say(
            $"{dressed.Length} comments on {Topics} topics with one preamble of 200 characters in {took.TotalSeconds:0.00} s: {merges} merges, {found.Distinct().Count()} letters"
        );
        await Placed(bench, comments);
    }

    /// <summary>
    /// Sorts comments of which each is a letter of its own, so that as much as can be is kept: by the rule alone, then by the service, into whose
    /// database they are written at once.
    /// </summary>
    public static async Task Distinct(Bench bench)
    {
        var campaigns = new LetterCampaigns(200);
        var random = new Random(200);
        string[] texts = [.. Enumerable.Range(0, bench.Comments).Select(_ => campaigns.Text(random.Next(15, 400)))];
        var before = Environment.WorkingSet;
        var (found, took, memory) = await Sort(texts);
        Say(
            $"{texts.Length} comments sorted into {found.Distinct().Count()} letters in {took.TotalSeconds:0.00} s on one core; {memory / 1_000_000} MB are kept, the process grew by {(Environment.WorkingSet - before) / 1_000_000} MB"
        );

        var platform = bench.Platform;
        var (id, _) = await CommentMeasurements.Open(platform, "各说各话办法");
        var one = await platform.Post(
            await platform.Token("integration"),
            $"consultations/{id}/comments",
            new { position = "oppose", text = "票价不变。" }
        );
        using var process = Process.GetProcessById(platform.ServiceProcess("Consultation"));
        before = process.WorkingSet64;
        var watch = Stopwatch.StartNew();
        await using (var database = await platform.Connect())
            foreach (var some in texts.Chunk(5_000))
            {
                await using var write = new NpgsqlCommand(
                    """
                    with written as (
                        insert into consultation.mt_doc_comment
                        select r.* from consultation.mt_doc_comment c
                        cross join (select gen_random_uuid() as id, t as text from unnest($2) t) t
                        cross join lateral jsonb_populate_record(
                            c, jsonb_build_object('id', t.id, 'data', c.data || jsonb_build_object('id', t.id, 'text', t.text))) r
                        where c.id = $1
                        returning consultation_id, id
                    )
                    insert into consultation.comments_to_place (consultation_id, comment_id) select * from written
                    """,
                    database
                );
                write.Parameters.AddWithValue(one.GetProperty("id").GetGuid());
                write.Parameters.AddWithValue(some);
                await write.ExecuteNonQueryAsync();
            }
        var most = 0L;
        while ((await platform.Query("select count(*) from consultation.comments_to_place"))[0] != "0")
        {
            await Task.Delay(200);
            process.Refresh();
            most = Math.Max(most, process.WorkingSet64);
        }
        var letters = await platform.Query($"select letters from consultation.form_letter_progress where consultation_id = '{id}'");
        process.Refresh();
        Say(
            $"The service placed them into {letters[0]} letters in {watch.Elapsed.TotalSeconds:0} s; it had {before / 1_000_000} MB before, {most / 1_000_000} MB at most, and has {process.WorkingSet64 / 1_000_000} MB after"
        );
    }

    static async Task<(Guid?[] Letters, TimeSpan Took, long Bytes)> Sort(IReadOnlyList<string> texts)
    {
        Guid[] ids = [.. texts.Select((_, n) => new Guid(SHA256.HashData(BitConverter.GetBytes(n)).AsSpan(0, 16)))];
        var said = ids.Zip(texts).ToDictionary(c => c.First, c => c.Second);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var watch = Stopwatch.StartNew();
        var letters = new SortedLetters(
            (asked, _) => ValueTask.FromResult<IReadOnlyDictionary<Guid, string>>(asked.ToDictionary(c => c, c => said[c]))
        );
        foreach (var some in ids.Chunk(500))
            await letters.Place([.. some.Select(c => (c, said[c]))], CancellationToken.None);
        var took = watch.Elapsed;
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        return ([.. ids.Select(c => letters.Of(c)?.Letter.Id)], took, bytes);
    }

    static async Task Placed(Bench bench, (string Text, int Letter)[] comments)
    {
        var platform = bench.Platform;
        var (id, _) = await CommentMeasurements.Open(platform, "来信办法");
        using var client = bench.Client(await platform.Token("integration"));
        var watch = Stopwatch.StartNew();
        using var sent = new CancellationTokenSource();
        var behind = Behind(platform, sent.Token);
        await Parallel.ForEachAsync(
            comments,
            new ParallelOptions { MaxDegreeOfParallelism = 32 },
            async (comment, _) =>
            {
                while (true)
                {
                    using var answer = await client.PostAsJsonAsync(
                        $"/api/v1/consultations/{id}/comments",
                        new { position = "oppose", text = comment.Text },
                        CancellationToken.None
                    );
                    if (answer.IsSuccessStatusCode)
                        return;
                    await Task.Delay(50, CancellationToken.None);
                }
            }
        );
        var took = watch.Elapsed;
        watch.Restart();
        while ((await platform.Query("select count(*) from consultation.comments_to_place"))[0] != "0")
            await Task.Delay(20);
        var after = watch.Elapsed;
        await sent.CancelAsync();
        var placed = await platform.Query($"select count(*) from consultation.form_letter_comments where consultation_id = '{id}'");
        Say(
            $"{comments.Length} comments sent in {took.TotalSeconds:0} s, {placed[0]} placed; the oldest that was not placed yet was at most {await behind:0.00} s old, the last was {after.TotalSeconds:0.00} s after its receipt"
        );
        var process = Process.GetProcessById(platform.ServiceProcess("Consultation"));
        Say($"Consultation then has {process.WorkingSet64 / 1_000_000} MB");
    }

    static async Task<double> Behind(RunningPlatform platform, CancellationToken until)
    {
        var most = 0.0;
        while (!until.IsCancellationRequested)
        {
            var oldest = await platform.Query(
                "select coalesce(extract(epoch from clock_timestamp() - min(c.received_at)), 0) from consultation.comments_to_place p join consultation.mt_doc_comment c on c.id = p.comment_id"
            );
            most = Math.Max(most, double.Parse(oldest[0], CultureInfo.InvariantCulture));
            await Task.Delay(100, CancellationToken.None);
        }
        return most;
    }

    static void Say(FormattableString what) => Console.WriteLine(what.ToString(CultureInfo.InvariantCulture));
}
