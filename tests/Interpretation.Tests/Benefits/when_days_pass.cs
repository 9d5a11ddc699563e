using System.Text.Json;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Interpretation.Tests.Benefits;

public sealed class when_days_pass(PostgresCluster postgres)
{
    [Fact]
    public async Task the_match_changes_on_the_very_day_in_china()
    {
        await using var own = new District(postgres);
        await own.InitializeAsync();
        var interpretation = await own.StartInterpretation();
        var aged = await interpretation.Offer(own, "测政发〔2026〕851号", Fact("birthday", "atLeastAgo", "P60Y"));
        var year = await interpretation.Offer(own, "测政发〔2026〕852号", Fact("registeredOn", "atLeastAgo", "P1Y"));
        var recent = await interpretation.Offer(own, "测政发〔2026〕853号", Fact("registeredOn", "withinLast", "P1Y"));
        var ending = await interpretation.Offer(own, "测政发〔2026〕854号", Fact("birthday", "atLeastAgo", "P60Y"), until: "2026-06-01");

        var before = await Matched();
        Assert.Equal(
            ["fails", "fails", "holds", "fails"],
            new[] { aged, year, recent, ending }.Select(b => before.Match(b).GetProperty("fits").GetString())
        );
        Assert.Equal("2026-06-02", before.Match(aged).GetProperty("fitsFrom").GetString());
        Assert.Equal("2026-06-02", before.Match(recent).GetProperty("fitsUntil").GetString());
        // Before it would fit it ends.
        Assert.Equal(JsonValueKind.Null, before.Match(ending).GetProperty("fitsFrom").ValueKind);
        var reason = before.Match(aged).GetProperty("reasons")[0];
        Assert.Equal(
            ("Not met: 出生日期 is 60 years ago or longer (profile: 1966-06-02). From 2026-06-02 on it is.", "2026-06-02"),
            (reason.GetProperty("told").GetString(), reason.GetProperty("holdsFrom").GetString())
        );

        // A moment before midnight in China, and midnight.
        own.Clock.Advance(TimeSpan.FromHours(15) - TimeSpan.FromSeconds(1));
        Assert.Equal("fails", (await Matched()).Match(aged).GetProperty("fits").GetString());
        own.Clock.Advance(TimeSpan.FromSeconds(1));
        var after = await Matched();
        Assert.Equal("2026-06-02", after.GetProperty("day").GetString());
        // A year is full on the day on which it ends, which belongs to it.
        Assert.Equal(["holds", "holds", "holds"], new[] { aged, year, recent }.Select(b => after.Match(b).GetProperty("fits").GetString()));
        own.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal("fails", (await Matched()).Match(recent).GetProperty("fits").GetString());

        Task<JsonElement> Matched() =>
            interpretation.Post("", "benefits/match", new { profile = new { birthday = "1966-06-02", registeredOn = "2025-06-02" } });
    }

    [Fact]
    public async Task the_owner_of_a_profile_is_told_once_of_what_begins_to_fit()
    {
        await using var own = new District(postgres);
        own.Settings["Webhooks:AllowedNetworks:0"] = "127.0.0.1/32";
        await own.InitializeAsync();
        var interpretation = await own.StartInterpretation();
        await using var receiver = await WebhookReceiver.Start();
        await own.Catalog.Post(
            Tokens.Integration,
            "subscriptions",
            new
            {
                channel = "webhook",
                address = receiver.Address,
                filter = new { events = new[] { "benefit.offered" } },
            },
            201
        );
        await Register("p-1", "1966-06-02");
        await Register("p-2", "1966-06-03");
        await Register("p-3", "1950-01-01");
        var aged = await interpretation.Offer(own, "测政发〔2026〕855号", Fact("birthday", "atLeastAgo", "P60Y"));
        await Hears(1, null, "p-3");

        own.Clock.Advance(TimeSpan.FromHours(15));
        await Hears(2, "2026-06-02", "p-1");
        // The hours of the same day tell nobody again, nor is whoever it fitted before told.
        own.Clock.Advance(TimeSpan.FromHours(20));
        await Hears(3, "2026-06-03", "p-2");
        // Days on which nothing ran are made up for, each profile with its own day.
        await Register("p-4", "1966-06-04");
        await Register("p-5", "1966-06-05");
        await own.StopInterpretation();
        own.Clock.Advance(TimeSpan.FromDays(3));
        interpretation = await own.StartInterpretation();
        await Hears(5, "2026-06-04", "p-4");
        await Hears(5, "2026-06-05", "p-5");
        Assert.Equal(5, receiver.Received.Select(r => r.Id).Distinct().Count());
        Assert.Empty(await own.TablesWith("1966-06-02"));

        Task<JsonElement> Register(string name, string birthday) =>
            interpretation.Put(Tokens.Integration, $"benefits/profiles/{name}", new { profile = new { birthday } }, 200);

        async Task Hears(int facts, string? from, string profile)
        {
            await own.AsHoursPass(() =>
                Task.FromResult<bool?>(receiver.Received.Select(r => r.Id).Distinct().Count() >= facts ? true : null)
            );
            var told = receiver
                .Received.Select(r => JsonDocument.Parse(r.Body).RootElement.GetProperty("data"))
                .Single(d => d.GetProperty("profiles").EnumerateArray().Any(p => p.GetString() == profile));
            Assert.Equal($"/api/v1/benefits/{aged}", told.GetProperty("link").GetString());
            Assert.Equal(from, told.TryGetProperty("fitsFrom", out var day) ? day.GetString() : null);
            Assert.Single(told.GetProperty("profiles").EnumerateArray());
        }
    }

    static object Fact(string field, string compared, string value) =>
        new
        {
            field,
            @operator = compared,
            value,
        };
}
