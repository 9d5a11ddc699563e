using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
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
