using System.Text.Json;
using Alba;
using PolicyPlatform.Consultation.Hearings;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.Hearings;

public sealed class when_a_hearing_draws_its_participants(District district) : IClassFixture<District>
{
    static int people;

    async Task<(IAlbaHost Consultation, Guid Hearing, IReadOnlyList<Own> Applied)> Closed(
        int applications = 12,
        int seats = 3,
        int alternates = 2
    )
    {
        var consultation = await district.StartConsultation();
        var hearing = await consultation.Announced(district.Hearing("draw", seats, alternates));
        List<Own> applied = [];
        for (var i = 0; i < applications; i++)
            applied.Add(
                await consultation.Apply(
                    hearing,
                    AnyHearing.Person($"137{Interlocked.Increment(ref people):00000000}", showsSurname: i % 2 == 0)
                )
            );
        Assert.Equal(
            "hearing.state.wrong",
            (await consultation.Post(Tokens.OpennessOffice, $"hearings/{hearing}/draws", Sources("早了"), 409)).Code()
        );
        district.Clock.Advance(TimeSpan.FromDays(10));
        return (consultation, hearing, applied);
    }

    object Sources(params string[] lotteries) =>
        new
        {
            sources = lotteries.Select(name => new
            {
                name,
                kind = "integers",
                count = 3,
                knownFrom = district.Now().AddDays(2),
            }),
        };

    object Values(params (string Source, string[] Values)[] said) =>
        new
        {
            values = said.Select(s => new
            {
                source = s.Source,
                values = s.Values,
                readFrom = "http://lottery.example/results",
                readAt = district.Now(),
            }),
        };

    [Fact]
    public async Task everybody_draws_again_from_what_was_published_and_comes_to_the_same()
    {
        var (consultation, hearing, applied) = await Closed();
        var announced = await consultation.Post(Tokens.OpennessOffice, $"hearings/{hearing}/draws", Sources("甲彩", "乙彩"), 201);
        var announcement = announced.GetProperty("announcement");
        Assert.Equal(
            applied.Select(a => (int)a.Number).Order().Select(n => n.ToString(null as IFormatProvider)),
            announcement.GetProperty("pool").EnumerateArray().Select(e => e.GetProperty("label").GetString())
        );
        Assert.Equal((3, 2), (announcement.GetProperty("places").GetInt32(), announcement.GetProperty("alternates").GetInt32()));
        Assert.DoesNotContain("张", announced.GetRawText(), StringComparison.Ordinal);
        await consultation.Get(null, $"hearings/{hearing}/draw", 404);
        Assert.Equal(
            announced.GetProperty("announcementHash").GetString(),
            (await consultation.Get(null, $"hearings/{hearing}/draws/1")).GetProperty("announcementHash").GetString()
        );

        // Too early, unknown, missing: nothing is drawn, and nothing is void.
        Assert.Equal(
            ["/values/0/readAt", "/values/1/readAt"],
            (
                await consultation.Post(
                    Tokens.OpennessOffice,
                    $"hearings/{hearing}/draws/1/values",
                    Values(("甲彩", ["1", "2", "3"]), ("乙彩", ["4", "5", "6"])),
                    422
                )
            ).Pointers()
        );
        district.Clock.Advance(TimeSpan.FromDays(3));
        Assert.Equal(
            ["/values/0/source", "/values", "/values"],
            (
                await consultation.Post(Tokens.OpennessOffice, $"hearings/{hearing}/draws/1/values", Values(("丙彩", ["1", "2", "3"])), 422)
            ).Pointers()
        );
        Assert.Equal(
            ["/values/0/source", "/values/0/readFrom", "/values/0/readAt"],
            (
                await consultation.Post(
                    Tokens.OpennessOffice,
                    $"hearings/{hearing}/draws/1/values",
                    new { values = new[] { new { } } },
                    422
                )
            ).Pointers()
        );
        var held = await consultation.Post(
            Tokens.OpennessOffice,
            $"hearings/{hearing}/draws/1/values",
            Values(("甲彩", ["12", "03", "7"]), ("乙彩", ["4", "5", "6"]))
        );
        Assert.Equal("3.7.12./4.5.6./", held.GetProperty("outcome").GetProperty("key").GetString());

        var file = await Text(consultation, $"hearings/{hearing}/draw");
        var (code, output) = await Verify(file, "--announced", announced.GetProperty("announcementHash").GetString()!);
        Assert.True(code == 0, output);
        Assert.Contains("3.7.12./4.5.6./", output, StringComparison.Ordinal);
        // What is read of one draw checks too.
        (code, output) = await Verify(await Text(consultation, $"hearings/{hearing}/draws/1"));
        Assert.True(code == 0, output);
        Assert.Null(JsonSerializer.Deserialize<DrawRecord>(file, JsonDefaults.Options)!.Flaw());

        var pool = announcement.GetProperty("pool").EnumerateArray().Select(e => e.GetProperty("label").GetString()!).ToArray();
        long[] drawn =
        [
            .. held.GetProperty("outcome").GetProperty("drawn").EnumerateArray().Select(n => long.Parse(pool[n.GetInt32() - 1], null)),
        ];
        Assert.Equal(drawn.Order(), await consultation.Participants(hearing));
        Assert.Equal(
            "hearing.draw.held",
            (
                await consultation.Post(
                    Tokens.OpennessOffice,
                    $"hearings/{hearing}/draws/1/values",
                    Values(("甲彩", ["1", "1", "1"]), ("乙彩", ["4", "5", "6"])),
                    409
                )
            ).Code()
        );
        Assert.Equal(
            "hearing.state.wrong",
            (await consultation.Post(Tokens.OpennessOffice, $"hearings/{hearing}/draws", Sources("丁彩"), 409)).Code()
        );

        // Who is drawn can be told by nobody's name, and the record checks when they are erased.
        var erased = applied.Single(a => a.Number == drawn[0]);
        await consultation.Erase(erased);
        var read = await consultation.Read(erased);
        Assert.Equal(
            ("withdrawn", JsonValueKind.String, JsonValueKind.Null),
            (read.GetProperty("state").GetString(), read.GetProperty("erasedAt").ValueKind, read.GetProperty("reason").ValueKind)
        );
        await consultation.Erase(erased);
        Assert.Equal(
            0,
            (
                await consultation.Post(
                    Tokens.OpennessOffice,
                    $"hearings/{hearing}/contact-readings",
                    new { numbers = new[] { erased.Number }, reason = "核对。" }
                )
            )
                .GetProperty("contacts")
                .GetArrayLength()
        );
        Assert.Equal(0, await district.Count($"select count(*) from consultation.mt_doc_hearingapplicant where id = '{erased.Id}'"));
        Assert.Equal(file, await Text(consultation, $"hearings/{hearing}/draw"));
        Assert.Equal(0, (await Verify(file)).ExitCode);
        var alternate = long.Parse(pool[held.GetProperty("outcome").GetProperty("alternates")[0].GetInt32() - 1], null);
        Assert.Equal(drawn[1..].Append(alternate).Order(), await consultation.Participants(hearing));
    }

    [Fact]
    public async Task a_pool_that_is_published_does_not_change()
    {
        var (consultation, hearing, applied) = await Closed();
        var announced = await consultation.Post(Tokens.OpennessOffice, $"hearings/{hearing}/draws", Sources("甲彩"), 201);
        var hash = announced.GetProperty("announcement").GetProperty("poolHash").GetString()!;
        var pending = await consultation.Post(Tokens.OpennessOffice, $"hearings/{hearing}/draws", Sources("乙彩"), 409);
        Assert.Equal("hearing.draw.pending", pending.Code());
        Assert.Contains(hash, pending.GetProperty("detail").GetString(), StringComparison.Ordinal);
        var late = await consultation.Post("", $"hearings/{hearing}/applications", AnyHearing.Person("13711110001"), 409);
        Assert.Equal("hearing.applications.closed", late.Code());
        Assert.Contains(hash, late.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            ["/applicationsUntil"],
            (
                await consultation.Post(
                    Tokens.OpennessOffice,
                    $"hearings/{hearing}/postpone",
                    new
                    {
                        startsAt = district.Now().AddDays(90),
                        endsAt = district.Now().AddDays(90).AddHours(1),
                        applicationsUntil = district.Now().AddDays(30),
                        reason = "再报名。",
                    },
                    422
                )
            ).Pointers()
        );
        foreach (var method in new[] { "PUT", "PATCH", "DELETE" })
            await consultation.Scenario(s =>
            {
                s.As(Tokens.OpennessOffice).Delete.Url($"/api/v1/hearings/{hearing}/draws/1");
                s.ConfigureHttpContext(c => c.Request.Method = method);
                s.StatusCodeShouldBe(405);
            });
        // Whoever withdraws, or is erased, stays in the pool, and is passed over when drawn.
        await consultation.Does(applied[0], "withdraw");
        await consultation.Erase(applied[1]);
        foreach (var own in applied.Skip(6))
            await consultation.Does(own, "withdraw");
        var now = await consultation.Get(null, $"hearings/{hearing}/draws/1");
        Assert.Equal(announced.GetProperty("announcement").GetRawText(), now.GetProperty("announcement").GetRawText());
        district.Clock.Advance(TimeSpan.FromDays(3));
        await consultation.Post(Tokens.OpennessOffice, $"hearings/{hearing}/draws/1/values", Values(("甲彩", ["1", "2", "3"])));
        Assert.Equal(0, (await Verify(await Text(consultation, $"hearings/{hearing}/draw"))).ExitCode);
        var participants = await consultation.Participants(hearing);
        Assert.All(participants, n => Assert.Contains(n, applied.Skip(2).Take(4).Select(a => a.Number)));
    }

    [Fact]
    public async Task a_pool_that_was_changed_in_the_database_makes_it_void()
    {
        var (consultation, hearing, applied) = await Closed();
        await consultation.Post(Tokens.OpennessOffice, $"hearings/{hearing}/draws", Sources("甲彩"), 201);
        var draw = (await consultation.Get(null, $"hearings/{hearing}")).GetProperty("draws")[0].GetProperty("id").GetGuid();
        await district.Execute(
            $"""
            update consultation.mt_doc_hearingdraw
            set data = jsonb_set(data, array['announcement', 'pool', '0', 'label'], to_jsonb('{applied[
                1
            ].Number}9'::text)) where id = '{draw}'
            """
        );
        district.Clock.Advance(TimeSpan.FromDays(3));
        var held = await consultation.Post(Tokens.OpennessOffice, $"hearings/{hearing}/draws/1/values", Values(("甲彩", ["1", "2", "3"])));
        Assert.Equal("poolChanged", held.GetProperty("outcome").GetProperty("void").GetProperty("cause").GetString());
        Assert.Equal("closed", (await consultation.Get(null, $"hearings/{hearing}")).GetProperty("state").GetString());
        await consultation.Post(Tokens.OpennessOffice, $"hearings/{hearing}/draws", Sources("乙彩"), 201);
    }

    [Fact]
    public async Task a_source_that_fails_makes_it_void_and_it_is_repeated_with_others()
    {
        var (consultation, hearing, _) = await Closed();
        await consultation.Post(Tokens.OpennessOffice, $"hearings/{hearing}/draws", Sources("甲彩", "乙彩"), 201);
        district.Clock.Advance(TimeSpan.FromDays(3));
        var failed = await consultation.Post(
            Tokens.OpennessOffice,
            $"hearings/{hearing}/draws/1/values",
            new
            {
                values = new object[]
                {
                    new
                    {
                        source = "甲彩",
                        values = new[] { "1", "2", "3" },
                        readFrom = "http://lottery.example",
                        readAt = district.Now(),
                    },
                    new
                    {
                        source = "乙彩",
                        readFrom = "http://lottery.example",
                        readAt = district.Now(),
                        failure = "当期因故停开。",
                    },
                },
            }
        );
        Assert.Equal("当期因故停开。", failed.GetProperty("outcome").GetProperty("void").GetProperty("reason").GetString());
        var read = await consultation.Get(null, $"hearings/{hearing}");
        Assert.Equal(
            ("closed", "sourceFailed"),
            (read.GetProperty("state").GetString(), read.GetProperty("draws")[0].GetProperty("void").GetProperty("cause").GetString())
        );
        var first = await Text(consultation, $"hearings/{hearing}/draw");
        var (code, output) = await Verify(first);
        Assert.True(code == 0, output);
        Assert.Contains("The draw is void: 乙彩 gave no value.", output, StringComparison.Ordinal);

        await consultation.Post(Tokens.OpennessOffice, $"hearings/{hearing}/draws", Sources("丙彩"), 201);
        // While the next one is pending the last that was held stays the record.
        Assert.Equal(first, await Text(consultation, $"hearings/{hearing}/draw"));
        district.Clock.Advance(TimeSpan.FromDays(3));
        await consultation.Post(Tokens.OpennessOffice, $"hearings/{hearing}/draws/2/values", Values(("丙彩", ["1", "2", "3"])));
        Assert.Equal("selected", (await consultation.Get(null, $"hearings/{hearing}")).GetProperty("state").GetString());
        Assert.Equal(0, (await Verify(await Text(consultation, $"hearings/{hearing}/draw"))).ExitCode);
        Assert.Equal(0, (await Verify(await Text(consultation, $"hearings/{hearing}/draws/1"))).ExitCode);
        var page = await consultation.Get(null, $"hearings/{hearing}/draws?pageSize=1");
        Assert.Equal(
            2,
            (await consultation.Get(null, $"hearings/{hearing}/draws?pageSize=1&pageToken={page.GetProperty("nextPageToken").GetString()}"))
                .GetProperty("items")[0]
                .GetProperty("number")
                .GetInt32()
        );
        await consultation.Get(null, $"hearings/{hearing}/draws/3", 404);
    }

    [Fact]
    public async Task sources_that_could_be_known_or_come_too_late_are_refused()
    {
        var (consultation, hearing, _) = await Closed();
        Assert.Equal(
            ["/sources/0/knownFrom", "/sources/1/name"],
            (
                await consultation.Post(
                    Tokens.OpennessOffice,
                    $"hearings/{hearing}/draws",
                    new
                    {
                        sources = new[]
                        {
                            new
                            {
                                name = "甲彩",
                                kind = "integers",
                                count = 1,
                                knownFrom = district.Now(),
                            },
                            new
                            {
                                name = "甲彩",
                                kind = "integers",
                                count = 1,
                                knownFrom = district.Now().AddDays(1),
                            },
                        },
                    },
                    422
                )
            ).Pointers()
        );
        Assert.Equal(
            ["/sources/0/knownFrom"],
            (
                await consultation.Post(
                    Tokens.OpennessOffice,
                    $"hearings/{hearing}/draws",
                    new
                    {
                        sources = new[]
                        {
                            new
                            {
                                name = "甲彩",
                                kind = "integers",
                                count = 1,
                                knownFrom = district.Now().AddDays(300),
                            },
                        },
                    },
                    422
                )
            ).Pointers()
        );
        Assert.Equal(["/sources"], (await consultation.Post(Tokens.OpennessOffice, $"hearings/{hearing}/draws", new { }, 422)).Pointers());
        Assert.Equal(
            ["/sources"],
            (
                await consultation.Post(
                    Tokens.OpennessOffice,
                    $"hearings/{hearing}/draws",
                    Sources([.. Enumerable.Range(0, 21).Select(i => $"彩{i}")]),
                    422
                )
            ).Pointers()
        );
        await consultation.Post(Tokens.DraftingHousing, $"hearings/{hearing}/draws", Sources("甲彩"), 403);
    }

    [Fact]
    public async Task nothing_is_drawn_where_there_is_a_seat_for_everybody()
    {
        var (consultation, hearing, applied) = await Closed(applications: 3, seats: 3);
        await consultation.Selected(hearing);
        Assert.Equal(applied.Select(a => a.Number), await consultation.Participants(hearing));
        Assert.Equal(
            "hearing.state.wrong",
            (await consultation.Post(Tokens.OpennessOffice, $"hearings/{hearing}/draws", Sources("甲彩"), 409)).Code()
        );
        var (_, other, _) = await Closed(applications: 4, seats: 3, alternates: 10);
        var announced = await consultation.Post(Tokens.OpennessOffice, $"hearings/{other}/draws", Sources("甲彩"), 201);
        Assert.Equal(1, announced.GetProperty("announcement").GetProperty("alternates").GetInt32());
    }

    static async Task<string> Text(IAlbaHost consultation, string path) =>
        await (
            await consultation.Scenario(s =>
            {
                s.Get.Url($"/api/v1/{path}");
                s.StatusCodeShouldBe(200);
            })
        ).ReadAsTextAsync();

    static async Task<(int ExitCode, string Output)> Verify(string json, params string[] options)
    {
        var folder = Directory.CreateTempSubdirectory("policyplatform-draw-");
        var file = Path.Combine(folder.FullName, "draw.json");
        await File.WriteAllTextAsync(file, json, TestContext.Current.CancellationToken);
        var result = await Tool.Run("Verify", ["draw", file, .. options]);
        folder.Delete(recursive: true);
        return result;
    }
}
