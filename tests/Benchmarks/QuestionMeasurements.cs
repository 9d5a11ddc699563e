using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Benchmarks;

/// <summary>
/// How often a question in people's words is answered by the right clause: over the samples and the corpus, of which each question has its
/// clauses, or none where nothing answers it. A third is kept apart: what is tuned is tuned on the others.
/// </summary>
static class QuestionMeasurements
{
    /// <param name="Question">In people's words.</param>
    /// <param name="Kind">What is asked for; <c>unknown</c> where no document says it.</param>
    /// <param name="Answers">The clauses that answer it.</param>
    /// <param name="Gist">What they say.</param>
    /// <param name="Apart">Whether nobody tunes on it.</param>
    sealed record Asked(string Question, string Kind, IReadOnlyList<Place> Answers, string Gist, bool Apart);

    /// <param name="Document">The title, without 中华人民共和国.</param>
    /// <param name="Article">第…条.</param>
    sealed record Place(string Document, string Article);

    /// <param name="Asked">The question.</param>
    /// <param name="Known">Whether the platform says that it knows something.</param>
    /// <param name="Found">The places that it names, the best first.</param>
    sealed record Outcome(Asked Asked, bool Known, IReadOnlyList<Place> Found)
    {
        public bool IsRight => IsRightWithin(1);

        public bool IsRightWithin(int first) => Found.Take(first).Any(f => Asked.Answers.Any(a => Fits(a, f)));

        static bool Fits(Place answer, Place found) =>
            found.Article == answer.Article && (found.Document == answer.Document || found.Document == $"中华人民共和国{answer.Document}");
    }

    public static async Task Run(bool list)
    {
        if (Corpus.RegulationsFolder is not { } regulations)
            throw new InvalidOperationException("The corpus is not beside this repository (../shared/corpus).");
        var questions = JsonSerializer.Deserialize<Asked[]>(
            await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "questions.json")),
            JsonDefaults.Options
        )!;
        var data = RunningPlatform.NewFolder();
        List<Outcome> outcomes = [];
        await using (var platform = await RunningPlatform.Start(data))
        {
            if (platform.HasExited)
                throw new InvalidOperationException(platform.Output);
            using var client = new HttpClient { BaseAddress = platform.Api.BaseAddress };
            client.DefaultRequestHeaders.Authorization = new("Bearer", await platform.Token("integration"));
            using var files = new ByteArrayContent(
                Zip.Of(Directory.EnumerateFiles(regulations).Select(f => (Path.GetFileName(f), File.ReadAllBytes(f))))
            )
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/zip") },
            };
            await Measurements.SendImport(client, files, "?issuer=370114-ZJ&subject=CXJS");
            var articles = new Articles(platform);
            foreach (var asked in questions)
            {
                using var answer = await platform.Api.PostAsJsonAsync("/api/v1/questions/answer", new { question = asked.Question });
                answer.EnsureSuccessStatusCode();
                var found = await answer.Content.ReadFromJsonAsync<JsonElement>();
                List<Place> places = [];
                foreach (var one in new[] { "answers", "clauses" }.SelectMany(kind => found.GetProperty(kind).EnumerateArray()))
                    places.Add(await articles.Of(one.GetProperty("citation")));
                outcomes.Add(new(asked, found.GetProperty("known").GetBoolean(), places));
            }
        }
        Directory.Delete(data, recursive: true);

        if (list)
            foreach (var wrong in outcomes.Where(o => !o.Asked.Apart && (o.Asked.Answers.Count == 0 ? o.Known : !o.IsRight)))
                Console.WriteLine(
                    $"{wrong.Asked.Question}\n    wanted {Told(wrong.Asked.Answers)}\n    got    {Told([.. wrong.Found.Take(3)])}"
                );
        foreach (var part in new[] { false, true })
        {
            var own = outcomes.Where(o => o.Asked.Apart == part).ToArray();
            Console.WriteLine();
            Console.WriteLine(
                $"{(part ? "kept apart" : "to tune on"), -12} {"asked", 6} {"known", 6} {"right", 6} {"in 3", 6} {"precision", 10} {"recall", 8}"
            );
            foreach (var kind in own.GroupBy(o => o.Asked.Kind).OrderBy(k => k.Key, StringComparer.Ordinal))
                Line(kind.Key, [.. kind]);
            Line("all", own);
        }
    }

    static string Told(IReadOnlyList<Place> places) =>
        places.Count == 0 ? "nothing" : string.Join("; ", places.Select(p => $"{p.Document} {p.Article}"));

    // Precision: of what it says it knows, how much is right. Recall: of what can be known, how much it answers rightly.
    static void Line(string name, IReadOnlyCollection<Outcome> of)
    {
        var (known, right, answerable) = (of.Count(o => o.Known), of.Count(o => o.IsRight), of.Count(o => o.Asked.Answers.Count > 0));
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name, -12} {of.Count, 6} {known, 6} {right, 6} {of.Count(o => o.IsRightWithin(3)), 6} {(known == 0 ? "" : $"{(double)right / known:0.00}"), 10} {(answerable == 0 ? "" : $"{(double)right / answerable:0.00}"), 8}"
            )
        );
    }

    /// <summary>The articles that blocks are, or are in.</summary>
    sealed class Articles(RunningPlatform platform)
    {
        readonly Dictionary<string, (string Title, Dictionary<string, JsonElement> Blocks)> read = [];

        public async Task<Place> Of(JsonElement citation)
        {
            var document = citation.GetProperty("documentId").GetString()!;
            var path = $"documents/{document}/revisions/{citation.GetProperty("revision").GetInt32()}";
            if (!read.TryGetValue(path, out var revision))
                read[path] = revision = (
                    (await platform.Get(null, $"documents/{document}")).GetProperty("title").GetString()!,
                    (await platform.Get(null, path))
                        .GetProperty("blocks")
                        .EnumerateArray()
                        .ToDictionary(b => b.GetProperty("id").GetString()!)
                );
            for (
                var id = citation.GetProperty("blocks").EnumerateArray().Select(b => b.GetString()).FirstOrDefault();
                id is not null && revision.Blocks.TryGetValue(id, out var block);
                id = block.TryGetProperty("parentId", out var parent) ? parent.GetString() : null
            )
                if (block.GetProperty("kind").GetString() is "article")
                    return new(revision.Title, block.GetProperty("label").GetString()!);
            return new(revision.Title, "");
        }
    }
}
