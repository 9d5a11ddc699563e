using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using PolicyPlatform.Consultation.Comments;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.Comments;

public sealed class when_the_public_comments(District district) : IClassFixture<District>
{
    [Fact]
    public async Task the_receipt_shows_what_becomes_of_it()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(title: "回执办法")).Id();
        var block = await consultation.Block(id, "第二条");
        var (comment, receipt) = await consultation.Comment(
            id,
            new
            {
                anchor = new
                {
                    block,
                    start = 4,
                    end = 8,
                },
                position = "suggest",
                text = "退费比例建议提高，我的电话13912345678。",
                kind = "citizen",
                region = "370114",
                name = "王小明",
                contact = "13912345678",
            }
        );
        Assert.Matches("^[0-9a-f]{32}$", receipt);
        var own = await consultation.Get(null, $"comments/{receipt}");
        Assert.Equal(
            ("received", "退费比例建议提高，我的电话〔已隐去〕。", "室内温度"),
            (own.Word("state"), own.Word("text"), own.GetProperty("anchor").Word("quote"))
        );
        // Nobody else sees it before it is released, and nobody but those who work on it who sent it.
        Assert.Empty((await consultation.Get(null, $"consultations/{id}/comments")).GetProperty("items").EnumerateArray());
        await consultation.Get(null, $"consultations/{id}/comments/{comment}", 404);
        Assert.Equal(
            "王小明",
            (await consultation.Get(Tokens.DraftingHousing, $"consultations/{id}/comments/{comment}")).GetProperty("sender").Word("name")
        );
        Assert.Equal(
            JsonValueKind.Null,
            (await consultation.Get(Tokens.Supervision, $"consultations/{id}/comments/{comment}")).GetProperty("sender").ValueKind
        );
        await consultation.Get(Tokens.DraftingEducation, $"consultations/{id}/comments/{comment}", 404);
        Assert.Empty(await district.TablesWith("王小明"));
        Assert.Empty(await district.TablesWith(receipt));

        var moderated = await consultation.Post(
            Tokens.DraftingHousing,
            $"consultations/{id}/moderation",
            new { release = new[] { comment } }
        );
        Assert.Equal(1, moderated.GetProperty("released").GetInt32());
        Assert.Equal("shown", (await consultation.Get(null, $"comments/{receipt}")).Word("state"));
        var shown = await consultation.Get(null, $"consultations/{id}/comments/{comment}");
        Assert.Equal(JsonValueKind.Null, shown.GetProperty("sender").ValueKind);

        await consultation.Post("", $"comments/{receipt}/supplements", new { text = "补充一点。" });
        Assert.Empty((await consultation.Get(null, $"consultations/{id}/comments/{comment}")).GetProperty("supplements").EnumerateArray());
        Assert.Equal("补充一点。", (await consultation.Get(null, $"comments/{receipt}")).GetProperty("supplements")[0].Word("text"));

        await consultation.Delete($"comments/{receipt}/sender", 204);
        Assert.Equal(
            JsonValueKind.Null,
            (await consultation.Get(Tokens.DraftingHousing, $"consultations/{id}/comments/{comment}")).GetProperty("sender").ValueKind
        );
        Assert.Equal("withdrawn", (await consultation.Delete($"comments/{receipt}")).Word("state"));
        await consultation.Get(null, $"consultations/{id}/comments/{comment}", 404);
        await consultation.Post("", $"comments/{receipt}/supplements", new { text = "再补充。" }, 409);
        await consultation.Get(null, $"comments/{new string('0', 32)}", 404);
    }

    [Fact]
    public async Task the_same_request_again_gets_the_same_receipt()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(title: "重试办法")).Id();
        var key = Guid.NewGuid().ToString();
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(async _ =>
                {
                    var result = await consultation.Scenario(s =>
                    {
                        s.Post.Json(new { position = "support", text = "同一封信" }).ToUrl($"/api/v1/consultations/{id}/comments");
                        s.WithRequestHeader("Idempotency-Key", key);
                        s.StatusCodeShouldBe(201);
                    });
                    return (await result.Json()).Word("receipt");
                })
        );
        Assert.Single(answers.Distinct());
        Assert.Equal(1, (await consultation.Get(null, $"consultations/{id}/statistics")).GetProperty("received").GetInt32());
        var other = await consultation.Scenario(s =>
        {
            s.Post.Json(new { position = "oppose", text = "另一封信" }).ToUrl($"/api/v1/consultations/{id}/comments");
            s.WithRequestHeader("Idempotency-Key", key);
            s.StatusCodeShouldBe(422);
        });
        Assert.Equal("idempotency.key.reused", (await other.Json()).Code());
    }

    // How many different ones there are is known a moment later.
    static string WithoutLetters(JsonElement statistics) => Regex.Replace(statistics.GetRawText(), "\"letters\":\\d+", "");

    [Fact]
    public async Task many_at_once_are_each_there_once_and_counted()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(new { showing = "atOnce" }, title: "洪水办法")).Id();
        var block = await consultation.Block(id, "第三条");
        string[] positions = ["support", "oppose", "suggest"];
        var taken = await Task.WhenAll(
            Enumerable
                .Range(0, 300)
                .Select(i =>
                    consultation.Comment(
                        id,
                        new
                        {
                            position = positions[i % 3],
                            text = $"意见{i}",
                            anchor = i % 2 == 0 ? new { block } : null,
                        }
                    )
                )
        );
        Assert.Equal(300, taken.Select(t => t.Id).Distinct().Count());
        var statistics = await consultation.Get(null, $"consultations/{id}/statistics");
        Assert.Equal((300, 300), (statistics.GetProperty("received").GetInt32(), statistics.GetProperty("shown").GetInt32()));
        var byBlock = statistics
            .GetProperty("blocks")
            .EnumerateArray()
            .ToDictionary(b => b.Word("value"), b => b.GetProperty("count").GetInt32());
        Assert.Equal(150, byBlock[block]);
        Assert.Equal(150, byBlock[""]);
        // Page by page each comes once, while others arrive.
        var seen = new List<Guid>();
        for (string? token = null; ; )
        {
            var page = await consultation.Get(
                null,
                $"consultations/{id}/comments?pageSize=77{(token is null ? "" : $"&pageToken={token}")}"
            );
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(Consulting.Id));
            if ((token = page.GetProperty("nextPageToken").GetString()) is null)
                break;
        }
        Assert.Equal(taken.Select(t => t.Id).Order(), seen.Order());
        Assert.Equal(
            300,
            (await consultation.Read(null, $"consultations/{id}/comments.ndjson")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length
        );
        Assert.Equal(300, await district.Count($"select count(*) from consultation.mt_doc_comment where consultation_id = '{id}'"));
        // What was counted is drawn together, a row a kind, and comes to the same.
        await Calls.Eventually<bool>(async () =>
            await district.Count($"select count(*) - count(distinct kind) from consultation.comment_tallies where consultation_id = '{id}'")
            == 0
                ? true
                : null
        );
        Assert.Equal(WithoutLetters(statistics), WithoutLetters(await consultation.Get(null, $"consultations/{id}/statistics")));
        // So few are not cleared away yet.
        Assert.Equal(
            0,
            await district.Count("select vacuum_count from pg_stat_user_tables where relid = 'consultation.comment_tallies'::regclass")
        );
    }

    [Theory]
    [InlineData(0, 3600, false)]
    [InlineData(1, 4, false)]
    [InlineData(1, 5, true)]
    [InlineData(1_999, 1, false)]
    [InlineData(2_000, 1, true)]
    public void what_was_counted_is_drawn_together_when_it_is_much_or_old(long fresh, int seconds, bool isDrawn) =>
        Assert.Equal(isDrawn, DrawTalliesTogether.Draws(fresh, TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(4_999, 0, false)]
    [InlineData(5_000, 0, true)]
    // Beside a dump all of it stayed: it is not tried again until there is as much once more.
    [InlineData(5_000, 5_001, false)]
    [InlineData(50_000, 80_000, false)]
    [InlineData(80_000, 80_000, true)]
    public void what_was_drawn_together_is_cleared_away_when_that_is_worth_it(long gone, long stayed, bool isCleared) =>
        Assert.Equal(isCleared, DrawTalliesTogether.Clears(gone, stayed));

    [Theory]
    [InlineData("consultation_id, received_at, id)")]
    [InlineData("consultation_id, received_at, id) WHERE waits")]
    [InlineData("consultation_id, received_at, id) WHERE (shown_at IS NOT NULL)")]
    [InlineData("consultation_id, block, received_at, id) WHERE (shown_at IS NOT NULL)")]
    public async Task very_many_are_found_in_their_order(string index)
    {
        await district.StartConsultation();
        Assert.Equal(
            1,
            await district.Count($"select count(*) from pg_indexes where tablename = 'mt_doc_comment' and indexdef like '%({index}'")
        );
    }

    [Fact]
    public async Task what_is_wrong_with_it_is_told_at_once()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(title: "坏输入办法")).Id();
        Assert.Equal(
            ["/position", "/text", "/region", "/anchor/block"],
            (
                await consultation.Post(
                    "",
                    $"consultations/{id}/comments",
                    new
                    {
                        text = new string('长', 5001),
                        region = "济南",
                        anchor = new { block = "b9999" },
                    },
                    422
                )
            ).Pointers()
        );
        var block = await consultation.Block(id, "第一条");
        foreach (var (start, end) in new (int?, int?)[] { (-1, 3), (5, 5), (9, 4), (0, 10_000), (3, null), (null, 3) })
            Assert.Equal(
                ["/anchor"],
                (
                    await consultation.Post(
                        "",
                        $"consultations/{id}/comments",
                        new
                        {
                            position = "oppose",
                            text = "不行",
                            anchor = new
                            {
                                block,
                                start,
                                end,
                            },
                        },
                        422
                    )
                ).Pointers()
            );
        await consultation.Post("", $"consultations/{Guid.NewGuid()}/comments", new { position = "oppose", text = "不行" }, 404);
        // Blocks of another document are none of this one.
        var other = (await district.Open(text: Consulting.Text + "\n第五条 附则。", title: "别的办法")).Id();
        var foreign = await consultation.Block(other, "第五条");
        await consultation.Post(
            "",
            $"consultations/{id}/comments",
            new
            {
                position = "oppose",
                text = "不行",
                anchor = new { block = foreign },
            },
            422
        );
    }

    [Theory]
    [InlineData("<script>alert(1)</script><img src=x onerror=alert(1)>", "<script>alert(1)</script><img src=x onerror=alert(1)>")]
    [InlineData("看\u200B不\u202E见\u2066的\uFEFF", "看不见的")]
    [InlineData("=1+1", "=1+1")]
    public async Task what_it_says_stays_a_text(string said, string kept)
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(new { showing = "atOnce" }, title: "文本办法")).Id();
        var (comment, _) = await consultation.Comment(id, new { position = "suggest", text = said });
        Assert.Equal(kept, (await consultation.Get(null, $"consultations/{id}/comments/{comment}")).Word("text"));
        Assert.DoesNotContain(",=1+1", await consultation.Read(null, $"consultations/{id}/comments.csv"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task five_thousand_characters_are_taken_and_a_million_emojis_are_not()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(title: "长文办法")).Id();
        await consultation.Comment(id, new { position = "suggest", text = new string('意', 5000) });
        await consultation.Post(
            "",
            $"consultations/{id}/comments",
            new { position = "suggest", text = string.Concat(Enumerable.Repeat("😀", 1_000_000)) },
            422
        );
    }

    [Fact]
    public async Task nobody_is_late_by_less_than_a_second_not_even_staff()
    {
        var consultation = await district.StartConsultation();
        var today = DateOnly.FromDateTime(district.Clock.GetUtcNow().AddHours(8).DateTime);
        var id = (
            await district.Open(new { closesOn = today.ToString("yyyy-MM-dd"), shorterBecause = "一日征求" }, title: "截止办法")
        ).Id();
        var end = new DateTimeOffset(today.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(8));
        district.Clock.Advance(end.AddMilliseconds(-1) - district.Clock.GetUtcNow());
        var (_, receipt) = await consultation.Comment(id);
        district.Clock.Advance(TimeSpan.FromMilliseconds(1));
        foreach (var token in new[] { "", Tokens.OpennessOffice, Tokens.DraftingHousing })
            Assert.Equal(
                "consultation.state.wrong",
                (await consultation.Post(token, $"consultations/{id}/comments", new { position = "support", text = "晚了" }, 409)).Code()
            );
        await consultation.Post(
            Tokens.Integration,
            $"consultations/{id}/letters",
            new
            {
                comments = new[]
                {
                    new
                    {
                        reference = "L1",
                        channel = "letter",
                        position = "support",
                        text = "晚到的信",
                    },
                },
            },
            409
        );
        await consultation.Post("", $"comments/{receipt}/supplements", new { text = "晚了" }, 409);
        await consultation.Scenario(s =>
        {
            s.Post.ByteArray("%PDF-1.7"u8.ToArray()).ToUrl($"/api/v1/comments/{receipt}/attachments").QueryString("name", "晚了.pdf");
            s.StatusCodeShouldBe(409);
        });
    }

    [Fact]
    public async Task a_file_alone_says_it()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(title: "附件办法")).Id();
        var (comment, receipt) = await consultation.Comment(id, new { position = "oppose", onlyAttachment = true });
        async Task<int> Attach(byte[] bytes, string name) => (
                await consultation.Scenario(s =>
                {
                    s.Post.ByteArray(bytes).ToUrl($"/api/v1/comments/{receipt}/attachments").QueryString(nameof(name), name);
                    s.IgnoreStatusCode();
                })
            ).Context.Response.StatusCode;
        Assert.Equal(200, await Attach("%PDF-1.7 意见"u8.ToArray(), "意见.pdf"));
        Assert.Equal(200, await Attach("%PDF-1.7 意见"u8.ToArray(), "意见.pdf"));
        Assert.Equal(415, await Attach("<svg onload=alert(1)/>"u8.ToArray(), "图.svg"));
        var file = Assert.Single((await consultation.Get(null, $"comments/{receipt}")).GetProperty("files").EnumerateArray());
        var path = $"consultations/{id}/comments/{comment}/attachments/{file.Word("sha256")}";
        await consultation.Get(null, path, 404);
        await consultation.Post(Tokens.OpennessOffice, $"consultations/{id}/moderation", new { release = new[] { comment } });
        Assert.StartsWith("%PDF", await consultation.Read(null, path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task letters_are_taken_in_once_each_with_all_who_signed_them()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(title: "信函办法")).Id();
        var letters = new
        {
            comments = new object[]
            {
                new
                {
                    reference = "XF-1",
                    channel = "letter",
                    signatures = 46,
                    position = "oppose",
                    text = "四十六户不同意。",
                },
                new
                {
                    reference = "12345-7",
                    channel = "hotline",
                    position = "suggest",
                    text = "电话反映。",
                },
            },
        };
        var first = await consultation.Post(Tokens.Integration, $"consultations/{id}/letters", letters);
        var again = await consultation.Post(Tokens.Integration, $"consultations/{id}/letters", letters);
        Assert.Equal(
            first.GetProperty("comments").EnumerateArray().Select(c => c.Word("receipt")),
            again.GetProperty("comments").EnumerateArray().Select(c => c.Word("receipt"))
        );
        Assert.All(again.GetProperty("comments").EnumerateArray(), c => Assert.False(c.GetProperty("isNew").GetBoolean()));
        var statistics = await consultation.Get(null, $"consultations/{id}/statistics");
        Assert.Equal((2, 47), (statistics.GetProperty("received").GetInt32(), statistics.GetProperty("signatures").GetInt32()));
        Assert.Equal(
            ["/comments/0/position", "/comments/0/text", "/comments/0/channel", "/comments/1/signatures"],
            (
                await consultation.Post(
                    Tokens.Integration,
                    $"consultations/{id}/letters",
                    new
                    {
                        comments = new object[]
                        {
                            new { reference = "a", channel = "online" },
                            new
                            {
                                reference = "b",
                                channel = "fax",
                                position = "support",
                                text = "好",
                                signatures = 0,
                            },
                        },
                    },
                    422
                )
            ).Pointers()
        );
        await consultation.Post(Tokens.DraftingEducation, $"consultations/{id}/letters", letters, 403);
    }

    [Fact]
    public async Task a_proof_of_work_is_asked_for_where_the_consultation_wants_one()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(new { workBits = 10 }, title: "工作量办法")).Id();
        Assert.Equal(
            ["/proof"],
            (await consultation.Post("", $"consultations/{id}/comments", new { position = "support", text = "好" }, 422)).Pointers()
        );
        var ofText = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("好")));
        var proof = Enumerable
            .Range(0, int.MaxValue)
            .Select(n => $"{n}")
            .First(n => SHA256.HashData(Encoding.UTF8.GetBytes($"{id}\n{ofText}\n{n}")) is [0, < 64, ..]);
        await consultation.Comment(
            id,
            new
            {
                position = "support",
                text = "好",
                proof,
            }
        );
    }

    [Fact]
    public async Task one_device_does_not_speak_for_many()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(title: "设备办法")).Id();
        var deviceToken = Guid.NewGuid().ToString();
        for (var i = 0; i < 10; i++)
            await consultation.Comment(
                id,
                new
                {
                    position = "support",
                    text = $"第{i}条",
                    deviceToken,
                }
            );
        var refused = await consultation.Post(
            "",
            $"consultations/{id}/comments",
            new
            {
                position = "support",
                text = "第十一条",
                deviceToken,
            },
            429
        );
        Assert.Equal("request.tooMany", refused.Code());
        await consultation.Comment(
            id,
            new
            {
                position = "support",
                text = "别人的",
                deviceToken = Guid.NewGuid().ToString(),
            }
        );
    }

    [Fact]
    public async Task what_is_not_shown_counts_and_its_sender_reads_why()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(title: "不展示办法")).Id();
        var (comment, receipt) = await consultation.Comment(id);
        var (other, _) = await consultation.Comment(id);
        Assert.Equal(
            2,
            (await consultation.Get(Tokens.DraftingHousing, $"consultations/{id}/moderation")).GetProperty("items").GetArrayLength()
        );
        await consultation.Get(Tokens.DraftingEducation, $"consultations/{id}/moderation", 403);
        Assert.Equal(
            ["/holdBack/0/reason"],
            (
                await consultation.Post(
                    Tokens.DraftingHousing,
                    $"consultations/{id}/moderation",
                    new { holdBack = new[] { new { comments = new[] { comment } } } },
                    422
                )
            ).Pointers()
        );
        await consultation.Post(
            Tokens.DraftingHousing,
            $"consultations/{id}/moderation",
            new
            {
                release = new[] { other },
                holdBack = new[]
                {
                    new
                    {
                        comments = new[] { comment },
                        reason = "insult",
                        note = "请文明用语。",
                    },
                },
            }
        );
        var own = await consultation.Get(null, $"comments/{receipt}");
        Assert.Equal(("notShown", "insult", "请文明用语。"), (own.Word("state"), own.Word("notShownBecause"), own.Word("notShownNote")));
        var statistics = await consultation.Get(null, $"consultations/{id}/statistics");
        Assert.Equal(
            (2, 1, 1, 0),
            (
                statistics.GetProperty("received").GetInt32(),
                statistics.GetProperty("shown").GetInt32(),
                statistics.GetProperty("notShown").GetInt32(),
                statistics.GetProperty("waiting").GetInt32()
            )
        );
        Assert.Equal("insult", statistics.GetProperty("reasons")[0].Word("value"));
        var log = await consultation.Read(null, $"consultations/{id}/moderation/log.csv");
        Assert.Contains($"{comment},notShown,insult", log, StringComparison.Ordinal);
        Assert.Equal(6, (await consultation.Get(null, "consultations/moderation-rules")).GetProperty("reasons").GetArrayLength());
    }

    [Fact]
    public void words_are_carried_to_where_they_stand_in_a_later_text()
    {
        static Dictionary<string, PolicyPlatform.Consultation.Periods.ConsultedBlock> Texts(string text) =>
            new() { ["b1"] = new("b1", "article", null, null, text) };
        var before = Texts("应当退还百分之五十的热费。");
        var anchor = new Anchor("b1", 4, 9, "百分之五十");
        Assert.Equal(new(2, true, false, 4, 9), ChangedBlocks.Carry(anchor, before, Texts("应当退还百分之五十的热费。"), 2));
        Assert.Equal(new(2, true, true, 7, 12), ChangedBlocks.Carry(anchor, before, Texts("应当在七日内退百分之五十的热费。"), 2));
        Assert.Equal(new(2, true, true, null, null), ChangedBlocks.Carry(anchor, before, Texts("应当退还百分之六十的热费。"), 2));
        before.Remove("b1");
        Assert.Equal(new(2, false, true, null, null), ChangedBlocks.Carry(anchor, Texts("应当退还百分之五十的热费。"), before, 2));
    }
}
