using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace PolicyPlatform.Benchmarks;

/// <summary>Very many who want one of few seats.</summary>
static class RegistrationMeasurements
{
    const int Many = 10_000,
        Seats = 100;

    /// <summary>Registrations that are sent at once, over as many connections as are asked for, until the last one has its answer.</summary>
    public static async Task Registrations(Bench bench)
    {
        var platform = bench.Platform;
        var now = DateTimeOffset.UtcNow;
        var office = await platform.Token("openness-office");
        var id = (
            await platform.Post(
                office,
                "open-days",
                new
                {
                    topic = "走进供热调度中心",
                    place = "云泽大街1号",
                    description = "参观调度大厅。",
                    startsAt = now.AddDays(5),
                    endsAt = now.AddDays(5).AddHours(2),
                    capacity = Seats,
                    body = "370114-ZJ",
                }
            )
        ).GetProperty("id").GetGuid();
        using var client = bench.Client(await platform.Token("integration"));
        client.Timeout = TimeSpan.FromMinutes(5);
        var watch = Stopwatch.StartNew();
        var answers = await Task.WhenAll(Enumerable.Range(0, Many).Select(n => Register(client, id, n)));
        var took = watch.Elapsed;
        var inOrder = answers.OrderBy(r => r.GetProperty("number").GetInt32()).ToArray();
        var isInOrder = inOrder.Index().All(r => r.Item.GetProperty("number").GetInt32() == r.Index + 1);
        var seats = inOrder.TakeWhile(r => r.GetProperty("standing").GetString() == "seat").Count();
        var places = inOrder
            .Skip(seats)
            .Index()
            .All(r => r.Item.GetProperty("standing").GetString() == "waiting" && r.Item.GetProperty("place").GetInt32() == r.Index + 1);
        var page = await platform.Get(null, $"open-days/{id}");
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{inOrder.Length} of {Many} registered in {took.TotalSeconds:0.0} s; numbers without a gap: {isInOrder}; {seats} seats; the others wait in order: {places}; its page says {page.GetProperty("seatsTaken")} seats taken, {page.GetProperty("waiting")} wait"
            )
        );
    }

    // One that is refused because too many wait already is sent again, as a front end does.
    static async Task<JsonElement> Register(HttpClient client, Guid id, int n)
    {
        var key = Guid.NewGuid().ToString();
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/open-days/{id}/registrations")
            {
                Content = JsonContent.Create(new { name = $"市民{n}", contact = $"139{n:00000000}" }),
                Headers = { { "Idempotency-Key", key } },
            };
            using var answer = await client.SendAsync(request);
            if ((int)answer.StatusCode == 201)
                return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("registration");
            if ((int)answer.StatusCode != 503)
                throw new HttpRequestException($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            await Task.Delay(500);
        }
    }
}
