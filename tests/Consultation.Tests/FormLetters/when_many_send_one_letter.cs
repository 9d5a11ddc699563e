using System.Text.Json;
using Alba;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.FormLetters;

public sealed class when_many_send_one_letter(District district) : IClassFixture<District>
{
    const string Fares =
        "公交票价由二元提高到三元，低收入家庭每月要多花一百多元。建议先公布近三年的成本监审结果，再举行听证会；同时保留换乘优惠和老年人免费乘车的政策。";

    const string Buses =
        "夜班车太少，建议把北苑到火车站的末班延长到晚上十一点半，方便下夜班的工人和上晚自习的学生回家，并且增加周末的班次。";

    /// <summary>A comment that says this; its id and its receipt.</summary>
    static Task<(Guid Id, string Receipt)> Say(IAlbaHost consultation, Guid id, string text) =>
        consultation.Comment(id, new { position = "oppose", text });

    /// <summary>A comment as staff sees it, once it is placed.</summary>
    static async Task<JsonElement> Placed(IAlbaHost consultation, Guid id, Guid comment, int likeComments)
    {
        JsonElement seen = default;
        for (var tries = 0; tries < 600; tries++)
        {
            seen = await consultation.Get(Tokens.DraftingHousing, $"consultations/{id}/comments/{comment}");
            if (seen.GetProperty("likeComments") is { ValueKind: JsonValueKind.Number } like && like.GetInt32() == likeComments)
                return seen;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        throw new InvalidOperationException($"The comment was not placed: {seen}");
    }

    static async Task<JsonElement[]> Items(IAlbaHost consultation, string path) =>
        [.. (await consultation.Get(Tokens.DraftingHousing, path)).GetProperty("items").EnumerateArray()];

    static string[] Texts(JsonElement texts) => [.. texts.EnumerateArray().Select(t => t.GetString()!)];

    [Fact]
    public async Task it_is_known_soon_after_and_explained()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(title: "公交票价办法")).Id();
        var letters = $"consultations/{id}/form-letters";
        var (own, _) = await Say(consultation, id, "我只说一句：司机很辛苦。");
        for (var n = 0; n < 3; n++)
            await Say(consultation, id, Fares);
        var (first, receipt) = await Say(consultation, id, "尊敬的领导：\n您好！" + Fares + "\n此致\n敬礼\n王小明\n2026年7月3日");
        var (changed, _) = await Say(consultation, id, Fares.Replace("一百多元", "200元", StringComparison.Ordinal));
        await Say(consultation, id, Buses);
        var (bus, _) = await Say(consultation, id, Buses);

        var placed = await Placed(consultation, id, first, likeComments: 4);
        await Placed(consultation, id, own, likeComments: 0);
        await Placed(consultation, id, bus, likeComments: 1);
        var queue = await Items(consultation, $"consultations/{id}/moderation");
        Assert.Equal(
            placed.GetProperty("letter").GetGuid(),
            queue.Single(c => c.GetProperty("comment").Id() == changed).GetProperty("comment").GetProperty("letter").GetGuid()
        );

        var listed = await Items(consultation, letters);
        Assert.Equal([5, 2], listed.Select(l => l.GetProperty("comments").GetInt32()));
        var fares = listed[0];
        Assert.Equal((placed.GetProperty("letter").GetGuid(), Fares), (fares.Id(), fares.Word("text")));
        Assert.Equal(["一百多"], Texts(fares.GetProperty("differing")));
        Assert.StartsWith("公交票价由二元提高到三元", Texts(fares.GetProperty("shared"))[0], StringComparison.Ordinal);
        var alone = await consultation.Get(Tokens.DraftingHousing, $"{letters}/{fares.Id()}");
        Assert.Equal(Texts(fares.GetProperty("shared")), Texts(alone.GetProperty("shared")));
        var page = await consultation.Get(Tokens.DraftingHousing, $"{letters}?pageSize=1");
        var next = await Items(consultation, $"{letters}?pageSize=1&pageToken={page.Word("nextPageToken")}");
        Assert.Equal(listed[1].Id(), Assert.Single(next).Id());

        var comments = await Items(consultation, $"{letters}/{fares.Id()}/comments");
        Assert.Equal(5, comments.Length);
        var differing = comments.Single(c => c.GetProperty("comment").Id() == changed);
        Assert.InRange(differing.GetProperty("likeness").GetDouble(), 0.8, 0.99);
        Assert.Equal(
            ("一百多", "200"),
            (differing.GetProperty("differences")[0].Word("before"), differing.GetProperty("differences")[0].Word("after"))
        );
        Assert.Equal(1, comments.Single(c => c.GetProperty("comment").Id() == first).GetProperty("likeness").GetDouble());

        // The public neither sees letters nor which a comment is of; a body that does not carry it out sees none of it.
        await consultation.Get(null, letters, 401);
        await consultation.Get(Tokens.DraftingEducation, letters, 403);
        await consultation.Get(Tokens.DraftingHousing, $"{letters}/{Guid.NewGuid()}", 404);
        await consultation.Post(Tokens.DraftingHousing, $"consultations/{id}/moderation", new { release = new[] { changed } });
        var shown = await consultation.Get(null, $"consultations/{id}/comments/{changed}");
        Assert.Equal(JsonValueKind.Null, shown.GetProperty("letter").ValueKind);
        Assert.Equal(JsonValueKind.Null, shown.GetProperty("likeComments").ValueKind);

        await IsSaidWhereCommentsAreCountedAndExported(consultation, id, fares.Id(), changed);

        // Whoever withdraws leaves it.
        await consultation.Delete($"comments/{receipt}");
        await Placed(consultation, id, changed, likeComments: 3);
        Assert.Equal(4, (await Items(consultation, $"{letters}/{fares.Id()}/comments")).Length);
    }

    // Eight comments, of which five are one letter, and two another.
    static async Task IsSaidWhereCommentsAreCountedAndExported(IAlbaHost consultation, Guid id, Guid letter, Guid comment)
    {
        var statistics = await consultation.Get(null, $"consultations/{id}/statistics");
        Assert.Equal((8, 3), (statistics.GetProperty("received").GetInt32(), statistics.GetProperty("letters").GetInt32()));
        Assert.Contains("letters,,,3", await consultation.Read(null, $"consultations/{id}/statistics.csv"), StringComparison.Ordinal);

        var path = $"consultations/{id}/comments";
        var exported = (await consultation.Read(Tokens.DraftingHousing, $"{path}.ndjson?all=true"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToArray();
        Assert.Equal([0, 1, 1, 4, 4, 4, 4, 4], exported.Select(c => c.GetProperty("likeComments").GetInt32()).Order());
        Assert.Equal(letter, exported.Single(c => c.Id() == comment).GetProperty("letter").GetGuid());
        var row = (await consultation.Read(Tokens.DraftingHousing, $"{path}.csv?all=true"))
            .Split('\n')
            .Single(line => line.StartsWith($"{comment}", StringComparison.Ordinal));
        Assert.EndsWith($",{letter},4", row.TrimEnd(), StringComparison.Ordinal);
        // What everybody reads says nothing of it.
        var shown = JsonDocument.Parse(await consultation.Read(null, $"{path}.ndjson")).RootElement;
        Assert.Equal((comment, JsonValueKind.Null), (shown.Id(), shown.GetProperty("letter").ValueKind));
        Assert.DoesNotContain($"{letter}", await consultation.Read(null, $"{path}.csv"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_person_decides_and_the_platform_does_not_undo_it()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(title: "合并来信办法")).Id();
        var letters = $"consultations/{id}/form-letters";
        // Half alike: the same beginning, and another end.
        var longer = Fares + "否则我们要求退还已经购买的月票，并由公交公司书面说明理由，在全区范围内公开答复。";
        var (one, _) = await Say(consultation, id, Fares);
        await Say(consultation, id, Fares);
        var (two, _) = await Say(consultation, id, longer);
        var letter = (await Placed(consultation, id, one, likeComments: 1)).GetProperty("letter").GetGuid();
        var other = (await Placed(consultation, id, two, likeComments: 0)).GetProperty("letter").GetGuid();
        Assert.NotEqual(letter, other);
        var proposal = Assert.Single(await Items(consultation, $"{letters}/proposals"));
        Assert.Equal((other, letter), (proposal.GetProperty("letter").Id(), proposal.GetProperty("other").Id()));
        Assert.InRange(proposal.GetProperty("likeness").GetDouble(), 0.5, 0.8);
        Assert.NotEmpty(proposal.GetProperty("differences").EnumerateArray());

        var wrong = await consultation.Post(
            Tokens.DraftingHousing,
            $"{letters}/{letter}/merge",
            new { letters = new[] { other, Guid.NewGuid() } },
            422
        );
        Assert.Equal(["/letters/1"], wrong.Pointers());
        await consultation.Post(Tokens.DraftingEducation, $"{letters}/{letter}/merge", new { letters = new[] { other } }, 403);
        await consultation.Post(Tokens.DraftingHousing, $"{letters}/{Guid.NewGuid()}/merge", new { letters = new[] { other } }, 404);
        await consultation.Post(Tokens.DraftingHousing, $"{letters}/{letter}/merge", new { letters = new[] { letter } }, 422);
        var merged = await consultation.Post(Tokens.DraftingHousing, $"{letters}/{letter}/merge", new { letters = new[] { other } });
        Assert.Equal(3, merged.GetProperty("letters")[0].GetProperty("comments").GetInt32());
        Assert.Equal(1, (await consultation.Get(null, $"consultations/{id}/statistics")).GetProperty("letters").GetInt32());
        Assert.Empty(await Items(consultation, $"{letters}/proposals"));
        await consultation.Get(Tokens.DraftingHousing, $"{letters}/{other}", 404);

        // What comes later and is like either of them comes to it.
        var (three, _) = await Say(consultation, id, longer + "谢谢！");
        for (var n = 0; n < 5; n++)
            await Say(consultation, id, Fares);
        Assert.Equal(letter, (await Placed(consultation, id, three, likeComments: 8)).GetProperty("letter").GetGuid());

        // And apart again: those that were named, and what comes later and is more like them.
        var all = (await Items(consultation, $"{letters}/{letter}/comments")).Select(c => c.GetProperty("comment").Id()).ToArray();
        await consultation.Post(Tokens.DraftingHousing, $"{letters}/{letter}/split", new { comments = all }, 422);
        wrong = await consultation.Post(
            Tokens.DraftingHousing,
            $"{letters}/{letter}/split",
            new { comments = new[] { two, Guid.NewGuid() } },
            422
        );
        Assert.Equal(["/comments/1"], wrong.Pointers());
        var split = await consultation.Post(Tokens.DraftingHousing, $"{letters}/{letter}/split", new { comments = new[] { one } });
        Assert.Equal([8, 1], split.GetProperty("letters").EnumerateArray().Select(l => l.GetProperty("comments").GetInt32()));
        var apart = split.GetProperty("letters")[1].Id();
        Assert.Equal(apart, (await Placed(consultation, id, one, likeComments: 0)).GetProperty("letter").GetGuid());
        var (four, _) = await Say(consultation, id, Fares);
        Assert.Equal(letter, (await Placed(consultation, id, four, likeComments: 8)).GetProperty("letter").GetGuid());
        Assert.True((await consultation.Get(Tokens.DraftingHousing, $"{letters}/{letter}")).GetProperty("byHand").GetBoolean());
        Assert.Equal(0, (await Placed(consultation, id, one, likeComments: 0)).GetProperty("likeComments").GetInt32());

        // What was merged and is taken out again draws what is like it.
        split = await consultation.Post(Tokens.DraftingHousing, $"{letters}/{letter}/split", new { comments = new[] { two, three } });
        var again = split.GetProperty("letters")[1].Id();
        Assert.Equal(3, (await consultation.Get(null, $"consultations/{id}/statistics")).GetProperty("letters").GetInt32());
        var (five, _) = await Say(consultation, id, longer);
        Assert.Equal(again, (await Placed(consultation, id, five, likeComments: 2)).GetProperty("letter").GetGuid());
    }

    [Fact]
    public async Task what_was_merged_draws_what_is_like_it_though_its_middle_is_withdrawn()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(title: "撤回来信办法")).Id();
        var letters = $"consultations/{id}/form-letters";
        var longer = Fares + "否则我们要求退还已经购买的月票，并由公交公司书面说明理由，在全区范围内公开答复。";
        (Guid Id, string Receipt)[] one = [await Say(consultation, id, Fares), await Say(consultation, id, Fares)];
        var two = new List<(Guid Id, string Receipt)>();
        for (var n = 0; n < 3; n++)
            two.Add(await Say(consultation, id, longer));
        var letter = (await Placed(consultation, id, one[0].Id, likeComments: 1)).GetProperty("letter").GetGuid();
        var other = (await Placed(consultation, id, two[0].Id, likeComments: 2)).GetProperty("letter").GetGuid();
        Guid[] middles = [await Example(letter), await Example(other)];
        await consultation.Post(Tokens.DraftingHousing, $"{letters}/{letter}/merge", new { letters = new[] { other } });

        foreach (var (_, receipt) in one.Concat(two).Where(c => middles.Contains(c.Id)))
            await consultation.Delete($"comments/{receipt}");
        await Placed(consultation, id, one.First(c => !middles.Contains(c.Id)).Id, likeComments: 2);
        var (three, _) = await Say(consultation, id, longer + "谢谢！");
        var (four, _) = await Say(consultation, id, "您好，" + Fares);
        Assert.Equal(letter, (await Placed(consultation, id, three, likeComments: 4)).GetProperty("letter").GetGuid());
        Assert.Equal(letter, (await Placed(consultation, id, four, likeComments: 4)).GetProperty("letter").GetGuid());
        Assert.DoesNotContain(await Example(letter), middles);

        async Task<Guid> Example(Guid of) =>
            (await consultation.Get(Tokens.DraftingHousing, $"{letters}/{of}")).GetProperty("example").GetGuid();
    }

    [Fact]
    public async Task a_proposal_that_was_declined_is_not_made_again()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(title: "不合并来信办法")).Id();
        var letters = $"consultations/{id}/form-letters";
        await Say(consultation, id, Fares);
        var (two, _) = await Say(
            consultation,
            id,
            Fares + "否则我们要求退还已经购买的月票，并由公交公司书面说明理由，在全区范围内公开答复。"
        );
        await Placed(consultation, id, two, likeComments: 0);
        var proposal = Assert.Single(await Items(consultation, $"{letters}/proposals"));
        var (letter, other) = (proposal.GetProperty("letter").Id(), proposal.GetProperty("other").Id());
        await consultation.Post(Tokens.DraftingHousing, $"{letters}/{letter}/keep-apart", new { other = Guid.NewGuid() }, 422);
        await consultation.Post(Tokens.DraftingHousing, $"{letters}/{letter}/keep-apart", new { other });
        Assert.Empty(await Items(consultation, $"{letters}/proposals"));
    }

    [Fact]
    public async Task all_of_it_is_put_into_a_group_at_once()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(title: "归类来信办法")).Id();
        var (one, _) = await Say(consultation, id, Fares);
        for (var n = 0; n < 4; n++)
            await Say(consultation, id, Fares + "谢谢！");
        var letter = (await Placed(consultation, id, one, likeComments: 4)).GetProperty("letter").GetGuid();
        var group = (
            await consultation.Post(
                Tokens.DraftingHousing,
                $"consultations/{id}/groups",
                new { title = "票价", comments = new[] { one } },
                201
            )
        ).Id();
        await consultation.Post(
            Tokens.DraftingHousing,
            $"consultations/{id}/grouping",
            new
            {
                group,
                letter,
                comments = new[] { one },
            },
            422
        );
        await consultation.Post(Tokens.DraftingHousing, $"consultations/{id}/grouping", new { group, letter = Guid.NewGuid() }, 422);
        var put = await consultation.Post(Tokens.DraftingHousing, $"consultations/{id}/grouping", new { group, letter });
        Assert.Equal((4, 0), (put.GetProperty("comments").GetInt32(), put.GetProperty("left").GetInt32()));
        Assert.Equal(
            5,
            (await consultation.Get(Tokens.DraftingHousing, $"consultations/{id}/groups/{group}")).GetProperty("comments").GetInt32()
        );

        // What comes later is in no group until a person says so.
        var (late, _) = await Say(consultation, id, Fares);
        await Placed(consultation, id, late, likeComments: 5);
        Assert.Equal([(group, 5), (null, 1)], await Groups());
        put = await consultation.Post(Tokens.DraftingHousing, $"consultations/{id}/grouping", new { group, letter });
        Assert.Equal(1, put.GetProperty("comments").GetInt32());
        Assert.Equal([(group, 6)], await Groups());
        put = await consultation.Post(Tokens.DraftingHousing, $"consultations/{id}/grouping", new { group = (Guid?)null, letter });
        Assert.Equal(6, put.GetProperty("comments").GetInt32());

        async Task<(Guid?, int)[]> Groups() =>
            [
                .. (await consultation.Get(Tokens.DraftingHousing, $"consultations/{id}/form-letters/{letter}"))
                    .GetProperty("groups")
                    .EnumerateArray()
                    .Select(g =>
                        (
                            g.GetProperty("group").ValueKind is JsonValueKind.Null ? (Guid?)null : g.GetProperty("group").GetGuid(),
                            g.GetProperty("comments").GetInt32()
                        )
                    ),
            ];
    }

    [Fact]
    public async Task it_is_found_anew_by_another_process()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(title: "重启来信办法")).Id();
        var (one, _) = await Say(consultation, id, Buses);
        var letter = (await Placed(consultation, id, one, likeComments: 0)).GetProperty("letter").GetGuid();
        await district.StopConsultation();
        consultation = await district.StartConsultation();
        await Say(consultation, id, Buses + "谢谢！");
        Assert.Equal(letter, (await Placed(consultation, id, one, likeComments: 1)).GetProperty("letter").GetGuid());

        // Made anew out of the comments, and of what a person decided about them.
        var (two, _) = await Say(consultation, id, Fares);
        var other = (await Placed(consultation, id, two, likeComments: 0)).GetProperty("letter").GetGuid();
        await consultation.Post(
            Tokens.DraftingHousing,
            $"consultations/{id}/form-letters/{letter}/merge",
            new { letters = new[] { other } }
        );
        await district.StopConsultation();
        foreach (var table in (string[])["form_letters", "form_letter_comments", "form_letter_progress"])
            await district.Execute($"delete from consultation.{table} where consultation_id = '{id}'");
        consultation = await district.StartConsultation();
        var anew = await Placed(consultation, id, one, likeComments: 2);
        Assert.Equal(
            anew.GetProperty("letter").GetGuid(),
            (await Placed(consultation, id, two, likeComments: 2)).GetProperty("letter").GetGuid()
        );
    }

    [Fact]
    public async Task what_a_release_before_took_in_beside_this_one_is_placed()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(title: "新旧并行办法")).Id();
        await district.StopConsultation();
        consultation = await district.StartConsultation();
        await Placed(consultation, id, (await Say(consultation, id, Buses)).Id, likeComments: 0);
        // That release leaves no row.
        await district.Execute(
            $"update consultation.form_letter_turn set holder = '{Guid.NewGuid()}', until = clock_timestamp() + interval '1 hour'"
        );
        var (one, _) = await Say(consultation, id, Buses);
        await district.StopConsultation();
        await district.Execute($"delete from consultation.comments_to_place where comment_id = '{one}'");
        await district.Execute("delete from consultation.form_letter_turn");
        consultation = await district.StartConsultation();
        await Placed(consultation, id, one, likeComments: 1);
    }

    [Fact]
    public async Task a_start_does_not_look_again_at_what_was_looked_at()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(title: "再次启动办法")).Id();
        // It says nothing that is compared, so it is in no letter.
        await Say(consultation, id, "！！！");
        await Placed(consultation, id, (await Say(consultation, id, Buses)).Id, likeComments: 0);
        district.Clock.Advance(TimeSpan.FromHours(1));
        for (var start = 0; start < 2; start++)
        {
            await district.StopConsultation();
            consultation = await district.StartConsultation();
            await Placed(consultation, id, (await Say(consultation, id, Buses)).Id, likeComments: start + 1);
        }
        var noted = await Noted();
        await district.StopConsultation();
        consultation = await district.StartConsultation();
        await Placed(consultation, id, (await Say(consultation, id, Buses)).Id, likeComments: 3);
        Assert.Equal(noted + 1, await Noted());

        Task<long> Noted() => district.Count("select last_value from consultation.comments_to_place_id_seq");
    }

    [Fact]
    public async Task another_release_finds_its_tables_as_this_one_left_them()
    {
        var consultation = await district.StartConsultation();
        await consultation.Services.GetRequiredService<IDocumentStore>().Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        var id = (await district.Open(title: "升级办法")).Id();
        var (one, _) = await Say(consultation, id, Buses);
        await Placed(consultation, id, one, likeComments: 0);
    }
}
