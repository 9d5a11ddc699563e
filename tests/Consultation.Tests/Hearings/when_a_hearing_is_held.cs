using System.Security.Cryptography;
using System.Text.Json;
using Alba;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.Hearings;

public sealed class when_a_hearing_is_held(District district) : IClassFixture<District>
{
    static readonly byte[] Pdf = "%PDF-1.7 供热成本监审报告"u8.ToArray();
    static int people;

    async Task<(IAlbaHost Consultation, Guid Hearing, IReadOnlyList<Own> Applied)> Selected(int applications = 3)
    {
        var consultation = await district.StartConsultation();
        var hearing = await consultation.Announced(district.Hearing("firstCome", seats: 2, alternates: 1).With("body", "370114-ZJ"));
        List<Own> applied = [];
        for (var i = 0; i < applications; i++)
            applied.Add(
                await consultation.Apply(
                    hearing,
                    AnyHearing.Person($"136{Interlocked.Increment(ref people):00000000}", name: "欧阳春", showsSurname: i == 0)
                )
            );
        district.Clock.Advance(TimeSpan.FromDays(10));
        await consultation.Selected(hearing);
        return (consultation, hearing, applied);
    }

    [Fact]
    public async Task it_goes_all_the_way_to_its_published_record()
    {
        var (consultation, hearing, applied) = await Selected();
        await consultation.Does(applied[0], "confirm");
        await consultation.Does(applied[0], "confirm");
        Assert.Equal("hearing.state.wrong", (await consultation.Does(applied[2], "confirm", 409)).Code());
        await consultation.Get(null, $"hearings/{hearing}/participants", 404);
        await consultation.Post(Tokens.DraftingHousing, $"hearings/{hearing}/participants/publish", new { }, 403);
        await Step(consultation, Tokens.OpennessOffice, $"hearings/{hearing}/participants/publish");
        var participants = (await consultation.Get(null, $"hearings/{hearing}/participants")).GetProperty("items");
        Assert.Equal(
            [(applied[0].Number, "citizen", "欧阳", "confirmed"), (applied[1].Number, "citizen", null, "chosen")],
            participants
                .EnumerateArray()
                .Select(p =>
                    (
                        p.GetProperty("number").GetInt64(),
                        p.GetProperty("kind").GetString()!,
                        p.GetProperty("surname").GetString(),
                        p.GetProperty("state").GetString()!
                    )
                )
        );

        Assert.Equal(
            "hearing.state.wrong",
            (await Step(consultation, Tokens.DraftingHousing, $"hearings/{hearing}/materials/sent", 409)).Code()
        );
        Assert.Equal(["name", ""], (await Attach(consultation, hearing, null, [], 422)).Pointers());
        Assert.Equal("attachment.type.refused", (await Attach(consultation, hearing, "a.html", "<html>"u8.ToArray(), 415)).Code());
        await Attach(consultation, hearing, "成本监审报告.pdf", Pdf, 200);
        var file = $"hearings/{hearing}/materials/{Convert.ToHexStringLower(SHA256.HashData(Pdf))}";
        Assert.Empty((await consultation.Get(null, $"hearings/{hearing}")).GetProperty("materials").EnumerateArray());
        await consultation.Get(null, file, 404);
        await Step(consultation, Tokens.DraftingHousing, $"hearings/{hearing}/materials/sent");
        var read = (
            await consultation.Scenario(s =>
            {
                s.Get.Url($"/api/v1/{file}");
            })
        ).Context.Response;
        Assert.Equal(("application/pdf", "nosniff"), (read.ContentType, read.Headers.XContentTypeOptions.ToString()));

        Assert.Equal(
            "hearing.state.wrong",
            (await consultation.Post(Tokens.DraftingHousing, $"hearings/{hearing}/record", new { text = "早了。" }, 409)).Code()
        );
        district.Clock.Advance(TimeSpan.FromDays(36));
        Assert.Equal("held", (await consultation.Get(null, $"hearings/{hearing}")).GetProperty("state").GetString());
        Assert.Equal("hearing.state.wrong", (await consultation.Does(applied[0], "withdraw", 409)).Code());
        Assert.Equal(
            "hearing.state.wrong",
            (await consultation.Post(Tokens.OpennessOffice, $"hearings/{hearing}/cancel", new { reason = "晚了。" }, 409)).Code()
        );

        await consultation.Post(Tokens.DraftingHousing, $"hearings/{hearing}/record", new { text = "一号参加人赞成，电话13912345678。" });
        await consultation.Get(null, $"hearings/{hearing}/record", 404);
        await consultation.Get(null, $"hearings/{hearing}/record?application={applied[2].Id}&receipt={applied[2].Receipt}", 404);
        await consultation.Get(null, $"hearings/{hearing}/record?application={applied[0].Id}&receipt={applied[1].Receipt}", 404);
        var own = await consultation.Get(null, $"hearings/{hearing}/record?application={applied[0].Id}&receipt={applied[0].Receipt}");
        Assert.Equal("一号参加人赞成，电话〔已隐去〕。", own.GetProperty("text").GetString());
        Assert.Equal(JsonValueKind.Null, own.GetProperty("objections").ValueKind);
        Assert.Equal(["/objection"], (await Answer(consultation, applied[0], new { record = 1, confirms = false }, 422)).Pointers());
        await Answer(
            consultation,
            applied[0],
            new
            {
                record = 1,
                confirms = false,
                objection = "<b>我反对的是第二档。</b>",
            }
        );
        Assert.Equal(
            "<b>我反对的是第二档。</b>",
            (await consultation.Get(Tokens.DraftingHousing, $"hearings/{hearing}/record"))
                .GetProperty("objections")[0]
                .GetProperty("words")
                .GetString()
        );
        await consultation.Post(Tokens.DraftingHousing, $"hearings/{hearing}/record", new { text = "一号参加人反对第二档。" });
        var stale = await Answer(consultation, applied[0], new { record = 1, confirms = true }, 409);
        Assert.Contains("Record 2", stale.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await Answer(consultation, applied[0], new { record = 2, confirms = true });
        Assert.Equal("hearing.state.wrong", (await Answer(consultation, applied[2], new { record = 2, confirms = true }, 409)).Code());

        var silent = await consultation.Post(
            Tokens.OpennessOffice,
            $"hearings/{hearing}/record/publish",
            new { report = "采纳一条。" },
            422
        );
        Assert.Equal("hearing.record.unconfirmed", silent.GetProperty("errors")[0].GetProperty("code").GetString());
        Assert.Equal(
            ["/report"],
            (await consultation.Post(Tokens.OpennessOffice, $"hearings/{hearing}/record/publish", new { }, 422)).Pointers()
        );
        await consultation.Post(
            Tokens.OpennessOffice,
            $"hearings/{hearing}/record/publish",
            new { report = "采纳一条。", silentBecause = "两次通知后仍未确认。" }
        );
        var published = await consultation.Get(null, $"hearings/{hearing}/record");
        Assert.Equal(
            ("一号参加人反对第二档。", "采纳一条。", 1, 0, 1, "两次通知后仍未确认。"),
            (
                published.GetProperty("text").GetString(),
                published.GetProperty("report").GetString(),
                published.GetProperty("confirmed").GetInt32(),
                published.GetProperty("objected").GetInt32(),
                published.GetProperty("silent").GetInt32(),
                published.GetProperty("silentBecause").GetString()
            )
        );
        Assert.Equal("published", (await consultation.Get(null, $"hearings/{hearing}")).GetProperty("state").GetString());
        await consultation.Post(Tokens.DraftingHousing, $"hearings/{hearing}/record", new { text = "再改。" }, 409);
        // After the hearing too, who it was is erased, and the list shows the number alone.
        await consultation.Erase(applied[0]);
        Assert.Equal(
            JsonValueKind.Null,
            (await consultation.Get(null, $"hearings/{hearing}/participants")).GetProperty("items")[0].GetProperty("surname").ValueKind
        );
    }

    [Fact]
    public async Task materials_that_are_not_sent_in_time_are_reminded_of_and_overdue()
    {
        var (consultation, hearing, _) = await Selected();
        Assert.Equal(0, await Events("hearing_materials_reminded", hearing));
        // Due 38 days after the announcement, ten of which have passed; reminded of three before.
        district.Clock.Advance(TimeSpan.FromDays(25));
        await Calls.Eventually<bool>(async () => await Events("hearing_materials_reminded", hearing) == 1 ? true : null);
        Assert.False(await Overdue());
        district.Clock.Advance(TimeSpan.FromDays(4));
        Assert.True(await Overdue());
        await Calls.Eventually<bool>(async () => await Events("hearing_materials_missed", hearing) == 1 ? true : null);
        Assert.Equal(JsonValueKind.Null, (await consultation.Get(null, $"hearings/{hearing}")).GetProperty("materialsOverdue").ValueKind);
        await Attach(consultation, hearing, "材料.pdf", Pdf, 200);
        await Step(consultation, Tokens.DraftingHousing, $"hearings/{hearing}/materials/sent");
        Assert.False(await Overdue());
        Assert.Equal((1, 1), (await Events("hearing_materials_reminded", hearing), await Events("hearing_materials_missed", hearing)));

        async Task<bool> Overdue() =>
            (await consultation.Get(Tokens.Supervision, $"hearings/{hearing}")).GetProperty("materialsOverdue").GetBoolean();
    }

    Task<long> Events(string type, Guid hearing) =>
        district.Count($"select count(*) from consultation.mt_events where type = '{type}' and stream_id = '{hearing}'");

    static Task<JsonElement> Answer(IAlbaHost consultation, Own own, object answer, int expected = 200)
    {
        var body = JsonSerializer.SerializeToNode(answer)!.AsObject();
        body["receipt"] = own.Receipt;
        return consultation.Post("", $"{own.Path}/record-answer", body, expected);
    }

    static async Task<JsonElement> Step(IAlbaHost consultation, string token, string path, int expected = 200) =>
        await (
            await consultation.Scenario(s =>
            {
                s.As(token).Post.Url($"/api/v1/{path}");
                s.StatusCodeShouldBe(expected);
            })
        ).Json();

    static async Task<JsonElement> Attach(IAlbaHost consultation, Guid hearing, string? name, byte[] content, int expected) =>
        await (
            await consultation.Scenario(s =>
            {
                var sent = s.As(Tokens.DraftingHousing).Post.ByteArray(content).ToUrl($"/api/v1/hearings/{hearing}/materials");
                if (name is not null)
                    sent.QueryString(nameof(name), name);
                s.StatusCodeShouldBe(expected);
            })
        ).Json();
}
