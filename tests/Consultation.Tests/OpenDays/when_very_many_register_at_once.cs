using System.Text.Json;
using Alba;
using CsCheck;
using PolicyPlatform.Consultation.OpenDays;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.OpenDays;

public sealed class when_very_many_register_at_once(District district) : IClassFixture<District>
{
    DateTimeOffset Now => district.Clock.GetUtcNow();

    [Fact]
    public async Task exactly_the_seats_there_are_are_given_and_the_others_wait_in_order()
    {
        var consultation = await district.StartConsultation();
        var id = await consultation.OpenDay(Now.AddDays(5), 100);
        var all = await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => consultation.Register(id, 1)));
        Assert.Equal(Enumerable.Range(1, 300), all.Select(r => Number(r.Answer)).Order());
        // What each heard at once is so, and goes on being so.
        foreach (var (answer, receipt) in all)
        {
            var (standing, place) = Number(answer) <= 100 ? ("seat", (int?)null) : ("waiting", Number(answer) - 100);
            Assert.Equal((standing, place), How(answer));
        }
        foreach (var (answer, receipt) in all.Where((_, n) => n % 25 == 0))
            Assert.Equal(How(answer), How(await consultation.Get(null, $"open-days/{id}/registration?receipt={receipt}")));
        var page = await consultation.Get(null, $"open-days/{id}");
        Assert.Equal((100, 200), (page.GetProperty("seatsTaken").GetInt32(), page.GetProperty("waiting").GetInt32()));

        // Twenty seats come free, and twelve more are put up: the next thirty-two of those who wait move up, and nobody else.
        await Task.WhenAll(
            all.Where(r => Number(r.Answer) <= 20)
                .Select(r => consultation.Post("", $"open-days/{id}/registration/cancel", new { receipt = r.Receipt }))
        );
        await consultation.Post(Tokens.DraftingHousing, $"open-days/{id}/capacity", new { capacity = 112, reason = "加座" });
        var listed = await Listed(consultation, id);
        Assert.Equal(Enumerable.Range(1, 300), listed.Select(Number));
        Assert.All(listed.Take(20), r => Assert.Equal(("cancelled", null), How(r)));
        Assert.All(listed.Skip(20).Take(112), r => Assert.Equal(("seat", null), How(r)));
        Assert.All(listed.Skip(132), r => Assert.Equal(("waiting", Number(r) - 132), How(r)));

        // With fewer seats those who came last wait again, at the head of the line.
        await consultation.Post(Tokens.DraftingHousing, $"open-days/{id}/capacity", new { capacity = 12, reason = "换小厅" });
        var last = all.Single(r => Number(r.Answer) == 33);
        Assert.Equal(("waiting", 1), How(await consultation.Get(null, $"open-days/{id}/registration?receipt={last.Receipt}")));
    }

    [Fact]
    public async Task of_two_thousand_at_once_exactly_a_hundred_have_seats()
    {
        const int Many = 2000;
        var consultation = await district.StartConsultation();
        var id = await consultation.OpenDay(Now.AddDays(5), 100);
        var all = await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => consultation.Register(id, 1)));
        var heard = all.Select(r => r.Answer).OrderBy(Number).ToArray();
        Assert.Equal(Enumerable.Range(1, Many), heard.Select(Number));
        Assert.All(heard.Take(100), r => Assert.Equal(("seat", null), How(r)));
        Assert.Equal(Enumerable.Range(1, Many - 100).Select(n => ((string?)"waiting", (int?)n)), heard.Skip(100).Select(How));
        var listed = await Listed(consultation, id);
        Assert.Equal(heard.Select(r => (Number(r), How(r))), listed.Select(r => (Number(r), How(r))));
        Assert.Equal(Many, await district.Count($"select count(*) from consultation.mt_doc_opendayregistrant where open_day_id = '{id}'"));
    }

    [Fact]
    public async Task for_the_last_seat_one_of_very_many_has_it()
    {
        var consultation = await district.StartConsultation();
        var id = await consultation.OpenDay(Now.AddDays(5), 3);
        await consultation.Register(id, 2);
        var all = await Task.WhenAll(Enumerable.Range(0, 500).Select(n => consultation.Register(id, n % 2 + 1)));
        // Two do not sit on one seat, and nobody behind two who wait has it.
        var first = all.Select(r => r.Answer).MinBy(Number);
        var expected = first.GetProperty("party").GetInt32() == 1 ? 1 : 0;
        Assert.Equal(expected, all.Count(r => How(r.Answer).Standing is "seat"));
        Assert.Equal(2 + expected, (await consultation.Get(null, $"open-days/{id}")).GetProperty("seatsTaken").GetInt32());
    }

    [Fact]
    public async Task who_has_an_answer_is_not_overtaken_by_who_comes_later()
    {
        var consultation = await district.StartConsultation();
        var id = await consultation.OpenDay(Now.AddDays(5), 40);
        var moments = 0L;
        var all = await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(async _ =>
                {
                    var mine = new List<(int Number, long Sent, long Heard)>();
                    for (var n = 0; n < 10; n++)
                    {
                        var sent = Interlocked.Increment(ref moments);
                        var (answer, _) = await consultation.Register(id, 1);
                        mine.Add((Number(answer), sent, Interlocked.Increment(ref moments)));
                    }
                    return mine;
                })
        );
        // From the end of the line to its head: nobody behind had an answer before somebody in front was sent.
        var earliest = long.MaxValue;
        foreach (var (number, sent, heard) in all.SelectMany(m => m).OrderByDescending(r => r.Number))
        {
            Assert.True(sent < earliest, $"{number} was sent at {sent}, and somebody behind had an answer at {earliest}.");
            earliest = Math.Min(earliest, heard);
        }
    }

    [Fact]
    public async Task a_key_that_comes_twice_at_once_registers_once()
    {
        var consultation = await district.StartConsultation();
        var id = await consultation.OpenDay(Now.AddDays(5), 10);
        var keys = Enumerable.Range(0, 20).Select(_ => $"{Guid.NewGuid()}").ToArray();
        var answers = await Task.WhenAll(keys.SelectMany(k => new[] { k, k, k }).Select(async k => (k, Text: await Registered(k))));
        foreach (var same in answers.GroupBy(a => a.k, a => a.Text))
            Assert.Single(same.Distinct());
        Assert.Equal(20, (await Listed(consultation, id)).Length);
        Assert.Equal("idempotency.key.reused", JsonDocument.Parse(await Registered(keys[0], "另一个人", 422)).RootElement.Code());

        async Task<string> Registered(string key, string name = "王小云", int expected = 201) =>
            await (
                await consultation.Scenario(s =>
                {
                    s.WithRequestHeader("Idempotency-Key", key);
                    s.Post.Json(new { name, contact = "1" }).ToUrl($"/api/v1/open-days/{id}/registrations");
                    s.StatusCodeShouldBe(expected);
                })
            ).ReadAsTextAsync();
    }

    [Fact]
    public async Task the_second_of_the_deadline_is_too_late()
    {
        var consultation = await district.StartConsultation();
        var until = Now.AddDays(1);
        var id = await consultation.OpenDay(Now.AddDays(5), 10, registrationUntil: until);
        district.Clock.SetUtcNow(until.AddTicks(-1));
        await consultation.Register(id, 1);
        district.Clock.SetUtcNow(until);
        Assert.Equal(
            "openDay.registration.closed",
            (await consultation.Post("", $"open-days/{id}/registrations", new { name = "王", contact = "1" }, 409)).Code()
        );
        Assert.Equal(1, (await consultation.Get(null, $"open-days/{id}")).GetProperty("seatsTaken").GetInt32());
    }

    [Fact]
    public void seats_are_never_given_twice_and_nobody_overtakes() =>
        Gen.Select(Gen.Int[1, 5].Array[0, 60], Gen.Int[1, 40])
            .Sample(
                (parties, capacity) =>
                {
                    var day = new OpenDay
                    {
                        Id = Guid.NewGuid(),
                        Capacity = capacity,
                        RegistrationUntil = DateTimeOffset.MaxValue,
                    };
                    var seats = new SeatsTaken();
                    var standings = new List<(SeatStanding Standing, int? Place)>();
                    foreach (var party in parties)
                    {
                        var (decision, after) = RegisterForOpenDay.Decide(
                            day,
                            seats,
                            new("王", "1", party),
                            "receipt",
                            Actor.Platform,
                            DateTimeOffset.UnixEpoch
                        );
                        seats = after;
                        standings.Add(
                            seats.StandingOf(
                                OpenDayRegistration.Next(null, Assert.IsType<OpenDayRegistered>(Assert.Single(decision.Events)))!,
                                capacity
                            )
                        );
                    }
                    Assert.True(seats.SeatedPeople <= capacity);
                    // All with a seat came before all who wait, whose places are 1, 2, 3 ….
                    var seated = standings.TakeWhile(s => s.Standing is SeatStanding.Seat).Count();
                    Assert.Equal(parties.Take(seated).Sum(), seats.SeatedPeople);
                    Assert.Equal(
                        Enumerable.Range(1, parties.Length - seated).Select(n => (int?)n),
                        standings.Skip(seated).Select(s => s.Place)
                    );
                    // Not one seat is empty that the next party would fit into.
                    Assert.True(seated == parties.Length || seats.SeatedPeople + parties[seated] > capacity);
                }
            );

    static int Number(JsonElement registration) => registration.GetProperty("number").GetInt32();

    static (string? Standing, int? Place) How(JsonElement registration) =>
        (
            registration.GetProperty("standing").GetString(),
            registration.GetProperty("place") is { ValueKind: JsonValueKind.Number } place ? place.GetInt32() : null
        );

    static async Task<JsonElement[]> Listed(IAlbaHost consultation, Guid id)
    {
        var all = new List<JsonElement>();
        string? token = null;
        do
        {
            var page = await consultation.Get(
                Tokens.DraftingHousing,
                $"open-days/{id}/registrations?pageSize=77{(token is null ? "" : $"&pageToken={token}")}"
            );
            all.AddRange(page.GetProperty("items").EnumerateArray());
            token = page.GetProperty("nextPageToken").GetString();
        } while (token is not null);
        return [.. all];
    }
}
