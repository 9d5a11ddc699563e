using System.Text.Json;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.Hearings;

public sealed class when_people_apply_for_a_hearing(District district) : IClassFixture<District>
{
    [Fact]
    public async Task a_receipt_shows_what_became_of_it_and_nothing_else_does()
    {
        var consultation = await district.StartConsultation();
        var hearing = await consultation.Announced(district.Hearing());
        var own = await consultation.Apply(hearing, AnyHearing.Person("13811110001"));
        var other = await consultation.Apply(hearing, AnyHearing.Person("13811110002"));
        Assert.Equal("applied", await consultation.State(own));
        Assert.DoesNotContain("13811110001", (await consultation.Read(own)).GetRawText(), StringComparison.Ordinal);
        foreach (
            var guess in new[]
            {
                "",
                "?receipt=",
                "?receipt=0",
                $"?receipt={own.Receipt[..31]}",
                $"?receipt={own.Receipt}0",
                $"?receipt={own.Receipt.ToUpperInvariant().Replace('A', 'B')}x",
                $"?receipt={other.Receipt}",
                $"?receipt={new string('a', 500)}",
            }
        )
            Assert.Equal("hearing.application.notFound", (await consultation.Get(null, $"{own.Path}{guess}", 404)).Code());
        await consultation.Get(null, $"hearings/{Guid.NewGuid()}/applications/{own.Id}?receipt={own.Receipt}", 404);
        // Nor do tokens, of whatever role: staff has a list of its own.
        await consultation.Get(Tokens.Supervision, own.Path, 404);
        foreach (var what in new[] { "withdraw", "confirm", "record-answer" })
            Assert.Equal(
                "hearing.application.notFound",
                (await consultation.Post("", $"{own.Path}/{what}", new { receipt = other.Receipt }, 404)).Code()
            );
        await consultation.Erase(own, other.Receipt, 404);
        Assert.Equal("applied", await consultation.State(own));
    }

    [Fact]
    public async Task the_second_named_is_the_first_that_is_too_late()
    {
        var consultation = await district.StartConsultation();
        var until = district.Now().AddDays(3);
        var hearing = await consultation.Announced(district.Hearing().With("applicationsUntil", until));
        district.Clock.Advance(until.AddMilliseconds(-1) - district.Now());
        await consultation.Apply(hearing, AnyHearing.Person("13811120001"));
        district.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var late = await consultation.Post("", $"hearings/{hearing}/applications", AnyHearing.Person("13811120002"), 409);
        Assert.Equal("hearing.applications.closed", late.Code());
        Assert.Contains($"{until:u}", late.GetProperty("detail").GetString(), StringComparison.Ordinal);
        // Nor does staff slip one in.
        await consultation.Post(Tokens.OpennessOffice, $"hearings/{hearing}/applications", AnyHearing.Person("13811120003"), 409);
    }

    [Fact]
    public async Task a_contact_applies_once_however_it_is_written()
    {
        var consultation = await district.StartConsultation();
        var hearing = await consultation.Announced(district.Hearing());
        var own = await consultation.Apply(hearing, AnyHearing.Person("13811130001"));
        foreach (var contact in new[] { "13811130001", "+86 138-1113-0001", "１３８１１１３０００１" })
        {
            var again = await consultation.Post("", $"hearings/{hearing}/applications", AnyHearing.Person(contact, name: "李四"), 409);
            Assert.Equal("hearing.application.duplicate", again.Code());
            Assert.DoesNotContain(own.Receipt, again.GetRawText(), StringComparison.Ordinal);
        }
        // For another hearing it is another matter, and after a withdrawal too.
        await consultation.Apply(await consultation.Announced(district.Hearing()), AnyHearing.Person("13811130001"));
        await consultation.Does(own, "withdraw");
        Assert.NotEqual(own.Number, (await consultation.Apply(hearing, AnyHearing.Person("13811130001"))).Number);
        Assert.Equal("withdrawn", await consultation.State(own));
    }

    [Fact]
    public async Task of_many_with_one_contact_at_once_one_is_taken()
    {
        var consultation = await district.StartConsultation();
        var hearing = await consultation.Announced(district.Hearing());
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(_ =>
                    consultation.Scenario(s =>
                    {
                        s.Post.Json(AnyHearing.Person("13811140001")).ToUrl($"/api/v1/hearings/{hearing}/applications");
                        s.IgnoreStatusCode();
                    })
                )
        );
        Assert.Equal([201, .. Enumerable.Repeat(409, 19)], answers.Select(a => a.Context.Response.StatusCode).Order());
    }

    [Fact]
    public async Task all_that_is_wrong_is_told_at_once()
    {
        var consultation = await district.StartConsultation();
        var hearing = await consultation.Announced(
            district
                .Hearing("byGroup")
                .With("seats", null)
                .With("quotas", new[] { new { kind = "citizen", seats = 2 }, new { kind = "expert", seats = 1 } })
        );
        Assert.Equal(
            ["/name", "/contact", "/reason", "/kind"],
            (await consultation.Post("", $"hearings/{hearing}/applications", new { }, 422)).Pointers()
        );
        Assert.Equal(
            ["/region", "/reason", "/contact", "/kind"],
            (
                await consultation.Post(
                    "",
                    $"hearings/{hearing}/applications",
                    new
                    {
                        name = "张三",
                        contact = "张三家",
                        kind = "enterprise",
                        region = new string('区', 101),
                        reason = new string('由', 1001),
                    },
                    422
                )
            ).Pointers()
        );
        await consultation.Apply(
            hearing,
            new
            {
                name = "张三",
                contact = "13811150001",
                kind = "expert",
                reason = new string('由', 1000),
            }
        );
        await consultation.Post("", $"hearings/{Guid.NewGuid()}/applications", AnyHearing.Person("13811150002"), 404);
        Assert.Equal(
            400,
            (await consultation.Post("", $"hearings/{hearing}/applications", new { kind = "cat" }, 400)).GetProperty("status").GetInt32()
        );
    }

    [Fact]
    public async Task of_a_thousand_at_once_exactly_the_first_have_the_seats()
    {
        var consultation = await district.StartConsultation();
        var hearing = await consultation.Announced(district.Hearing("firstCome", seats: 10, alternates: 5));
        var all = await Task.WhenAll(
            Enumerable.Range(0, 1000).Select(i => consultation.Apply(hearing, AnyHearing.Person($"1381116{i:0000}")))
        );
        Assert.Equal(1000, all.Select(a => a.Number).Distinct().Count());
        Own[] inOrder = [.. all.OrderBy(a => a.Number)];
        Assert.Equal(10, (await consultation.Read(inOrder[9])).GetProperty("place").GetInt32());
        Assert.Equal(11, (await consultation.Read(inOrder[10])).GetProperty("place").GetInt32());
        // Who withdraws makes room.
        await consultation.Does(inOrder[3], "withdraw");
        Assert.Equal(10, (await consultation.Read(inOrder[10])).GetProperty("place").GetInt32());
        Assert.Equal("applied", await consultation.State(inOrder[10]));

        district.Clock.Advance(TimeSpan.FromDays(11));
        var selected = await consultation.Selected(hearing);
        Assert.Equal(
            (999, 10, 5),
            selected.GetProperty("counts").EnumerateArray().Single() is var count
                ? (
                    count.GetProperty("applied").GetInt32(),
                    count.GetProperty("seated").GetInt32(),
                    count.GetProperty("alternates").GetInt32()
                )
                : default
        );
        Own[] left = [.. inOrder.Where(a => a != inOrder[3])];
        Assert.Equal(left[..10].Select(a => a.Number), await consultation.Participants(hearing));
        Assert.Equal(
            ["chosen", "alternate", "notChosen"],
            [await consultation.State(left[9]), await consultation.State(left[10]), await consultation.State(left[15])]
        );
        // A seat that is given up goes to the first alternate, and an alternate that withdraws is passed over.
        await consultation.Does(left[10], "withdraw");
        await consultation.Does(left[0], "withdraw");
        Assert.Equal(
            ["withdrawn", "withdrawn", "chosen", "alternate"],
            [
                await consultation.State(left[0]),
                await consultation.State(left[10]),
                await consultation.State(left[11]),
                await consultation.State(left[12]),
            ]
        );
        Assert.Equal(10, (await consultation.Participants(hearing)).Length);
    }

    [Fact]
    public async Task all_alternates_move_up_when_all_give_up_at_once()
    {
        var consultation = await district.StartConsultation();
        var hearing = await consultation.Announced(district.Hearing("firstCome", seats: 8, alternates: 8));
        List<Own> all = [];
        for (var i = 0; i < 16; i++)
            all.Add(await consultation.Apply(hearing, AnyHearing.Person($"1381117{i:0000}")));
        district.Clock.Advance(TimeSpan.FromDays(11));
        await consultation.Selected(hearing);
        await Task.WhenAll(all[..8].Select(own => consultation.Does(own, "withdraw")));
        Assert.Equal(all[8..].Select(a => a.Number), await consultation.Participants(hearing));
    }

    [Fact]
    public async Task kinds_have_seats_of_their_own()
    {
        var consultation = await district.StartConsultation();
        var hearing = await consultation.Announced(
            district
                .Hearing("byGroup", alternates: 1)
                .With("seats", null)
                .With("quotas", new[] { new { kind = "citizen", seats = 1 }, new { kind = "enterprise", seats = 2 } })
        );
        var citizens = new List<Own>();
        for (var i = 0; i < 3; i++)
            citizens.Add(await consultation.Apply(hearing, AnyHearing.Person($"1381118{i:0000}")));
        var enterprise = await consultation.Apply(hearing, AnyHearing.Person("office@heating.example", "enterprise"));
        Assert.Equal(1, (await consultation.Read(enterprise)).GetProperty("place").GetInt32());
        district.Clock.Advance(TimeSpan.FromDays(11));
        var selected = await consultation.Selected(hearing);
        Assert.Equal(
            [("citizen", 3, 1, 1), ("enterprise", 1, 1, 0)],
            selected
                .GetProperty("counts")
                .EnumerateArray()
                .Select(c =>
                    (
                        c.GetProperty("kind").GetString()!,
                        c.GetProperty("applied").GetInt32(),
                        c.GetProperty("seated").GetInt32(),
                        c.GetProperty("alternates").GetInt32()
                    )
                )
        );
        // An enterprise's seat does not go to a citizen.
        await consultation.Does(enterprise, "withdraw");
        Assert.Equal([citizens[0].Number], await consultation.Participants(hearing));
    }

    [Fact]
    public async Task a_list_without_names_is_for_those_who_work_on_it_and_contacts_are_read_for_a_reason()
    {
        var consultation = await district.StartConsultation();
        var hearing = await consultation.Announced(district.Hearing().With("body", "370114-ZJ"));
        var own = await consultation.Apply(hearing, AnyHearing.Person("13811190001", name: "诸葛明亮"));
        await consultation.Apply(hearing, AnyHearing.Person("13811190002", "expert"));
        foreach (var (token, expected) in new[] { (Tokens.DraftingHousing, 200), (Tokens.Supervision, 200), (Tokens.LegalReview, 200) })
        {
            var list = await consultation.Get(token, $"hearings/{hearing}/applications?kind=citizen", expected);
            Assert.Equal([own.Number], list.GetProperty("items").EnumerateArray().Select(a => a.GetProperty("number").GetInt64()));
            Assert.Equal("家住供热管网末端。", list.GetProperty("items")[0].GetProperty("reason").GetString());
            Assert.DoesNotContain("13811190001", list.GetRawText(), StringComparison.Ordinal);
            Assert.DoesNotContain("诸葛", list.GetRawText(), StringComparison.Ordinal);
        }
        var first = await consultation.Get(Tokens.OpennessOffice, $"hearings/{hearing}/applications?pageSize=1");
        var second = await consultation.Get(
            Tokens.OpennessOffice,
            $"hearings/{hearing}/applications?pageSize=1&pageToken={first.GetProperty("nextPageToken").GetString()}"
        );
        Assert.True(
            second.GetProperty("items")[0].GetProperty("number").GetInt64() > own.Number
                && second.GetProperty("nextPageToken").ValueKind is JsonValueKind.Null
        );
        await consultation.Get(Tokens.DraftingEducation, $"hearings/{hearing}/applications", 403);
        await consultation.Get(Tokens.Integration, $"hearings/{hearing}/applications", 403);
        await consultation.Get(null, $"hearings/{hearing}/applications", 401);

        var ask = new { numbers = new[] { own.Number, 999_999 }, reason = "送达听证会材料。" };
        foreach (var token in new[] { Tokens.Integration, Tokens.Supervision, Tokens.DraftingEducation, Tokens.LegalReview })
            await consultation.Post(token, $"hearings/{hearing}/contact-readings", ask, 403);
        Assert.Equal(
            ["/numbers", "/reason"],
            (await consultation.Post(Tokens.DraftingHousing, $"hearings/{hearing}/contact-readings", new { }, 422)).Pointers()
        );
        foreach (var token in new[] { Tokens.DraftingHousing, Tokens.Privacy })
        {
            var read = (await consultation.Post(token, $"hearings/{hearing}/contact-readings", ask)).GetProperty("contacts");
            Assert.Equal(
                ("诸葛明亮", "13811190001"),
                (read[0].GetProperty("name").GetString(), read[0].GetProperty("contact").GetString())
            );
            Assert.Equal(1, read.GetArrayLength());
        }
        var readings = (await consultation.Get(Tokens.Supervision, $"hearings/{hearing}/contact-readings")).GetProperty("items");
        Assert.Equal(["drafting-housing", "privacy"], readings.EnumerateArray().Select(r => r.GetProperty("by").GetString()));
        Assert.Equal(own.Number, readings[0].GetProperty("numbers").EnumerateArray().Single().GetInt64());
        // Nowhere is it readable, neither in events nor in rows.
        Assert.Empty(await district.TablesWith("13811190001"));
        Assert.Empty(await district.TablesWith("诸葛明亮"));
        Assert.Empty(await district.TablesWith(own.Receipt));
    }

    [Fact]
    public async Task people_are_invited_to_a_symposium_as_long_as_there_are_seats()
    {
        var consultation = await district.StartConsultation();
        var hearing = await consultation.Announced(
            district
                .Hearing("invitation", seats: 2)
                .With("kind", "symposium")
                .With("applicationsUntil", null)
                .With("alternates", null)
                .With("body", "370114-ZJ")
        );
        Assert.Equal(
            "hearing.applications.closed",
            (await consultation.Post("", $"hearings/{hearing}/applications", AnyHearing.Person("13811200009"), 409)).Code()
        );
        var invited = new List<Own>();
        for (var i = 0; i < 2; i++)
        {
            var answer = await consultation.Post(
                Tokens.DraftingHousing,
                $"hearings/{hearing}/invitations",
                AnyHearing.Person($"1381120{i:0000}", "enterprise"),
                201
            );
            invited.Add(
                new(
                    hearing,
                    answer.GetProperty("id").GetGuid(),
                    answer.GetProperty("number").GetInt64(),
                    answer.GetProperty("receipt").GetString()!
                )
            );
        }
        Assert.Equal(
            "hearing.full",
            (
                await consultation.Post(Tokens.DraftingHousing, $"hearings/{hearing}/invitations", AnyHearing.Person("13811200003"), 409)
            ).Code()
        );
        await consultation.Post(Tokens.DraftingEducation, $"hearings/{hearing}/invitations", AnyHearing.Person("13811200004"), 403);
        Assert.Equal("chosen", await consultation.State(invited[0]));
        await consultation.Does(invited[0], "confirm");
        Assert.Equal("confirmed", await consultation.State(invited[0]));
        await consultation.Does(invited[1], "withdraw");
        Assert.Equal("hearing.state.wrong", (await consultation.Does(invited[1], "confirm", 409)).Code());
        await consultation.Post(Tokens.DraftingHousing, $"hearings/{hearing}/invitations", AnyHearing.Person("13811200003"), 201);
        Assert.Equal(2, (await consultation.Participants(hearing)).Length);
    }
}
