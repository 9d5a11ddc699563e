using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.Comments;

public sealed class when_comments_are_answered(District district) : IClassFixture<District>
{
    [Fact]
    public async Task a_sender_reads_which_words_of_the_clause_changed_and_the_clause_leads_back()
    {
        var consultation = await district.StartConsultation();
        var draft = await district.Documents.Draft(Consulting.Text, "反馈办法");
        var id = (await consultation.Post(Tokens.OpennessOffice, "consultations", Consulting.Opening(draft), 201)).Id();
        var block = await consultation.Block(id, "第二条");
        var (one, receipt) = await consultation.Comment(
            id,
            new
            {
                anchor = new { block },
                position = "suggest",
                text = "比例太低。",
            }
        );
        var (two, second) = await consultation.Comment(id, new { position = "oppose", text = "不要退费。" });
        var group = await consultation.Post(
            Tokens.DraftingHousing,
            $"consultations/{id}/groups",
            new
            {
                title = "提高退费比例",
                blocks = new[] { block },
                comments = new[] { one },
            },
            201
        );
        Assert.Equal(
            1,
            (await consultation.Get(Tokens.DraftingHousing, $"consultations/{id}/groups/{group.Id()}")).GetProperty("comments").GetInt32()
        );
        Assert.Empty((await consultation.Get(null, $"consultations/{id}/groups")).GetProperty("items").EnumerateArray());

        await district.Documents.Revise(draft, Consulting.Text.Replace("百分之五十", "百分之六十", StringComparison.Ordinal));
        await consultation.Post(
            Tokens.OpennessOffice,
            $"consultations/{id}/revisions",
            new { note = "提高退费比例", closesOn = "2026-08-05" }
        );
        var carried = (await consultation.Get(Tokens.DraftingHousing, $"consultations/{id}/comments/{one}")).GetProperty("carried");
        Assert.True(carried.GetProperty("changed").GetBoolean());

        // Nothing is answered yet.
        Assert.Equal(
            "consultation.state.wrong",
            (await consultation.Post(Tokens.OpennessOffice, $"consultations/{id}/complete", new { }, 409)).Code()
        );
        await consultation.Post(Tokens.OpennessOffice, $"consultations/{id}/close", new { reason = "意见已充分" });
        var incomplete = await consultation.Post(Tokens.OpennessOffice, $"consultations/{id}/complete", new { }, 409);
        Assert.Equal(["feedback", "feedback", "summary"], incomplete.GetProperty("missing").EnumerateArray().Select(m => m.Word("code")));
        await consultation.Get(null, $"consultations/{id}/summary", 404);
        var template = Guid.NewGuid();
        await consultation.Put(
            Tokens.DraftingHousing,
            $"consultations/feedback-templates/{template}",
            new
            {
                title = "不符合上位法",
                outcome = "notAdopted",
                reason = "上位法要求退费。",
            }
        );
        var given = await consultation.Post(
            Tokens.DraftingHousing,
            $"consultations/{id}/feedback",
            new
            {
                answers = new object[]
                {
                    new
                    {
                        groups = new[] { group.Id() },
                        outcome = "adopted",
                        reason = "提高到百分之六十。",
                        revision = 2,
                        block,
                    },
                    new { comments = new[] { two }, template },
                },
            }
        );
        Assert.Equal((1, 1), (given.GetProperty("groups").GetInt32(), given.GetProperty("comments").GetInt32()));

        var own = await consultation.Get(null, $"comments/{receipt}");
        Assert.Equal(
            ("adopted", "提高到百分之六十。", "提高退费比例"),
            (own.GetProperty("feedback").Word("outcome"), own.GetProperty("feedback").Word("reason"), own.Word("group"))
        );
        var change = own.GetProperty("change");
        Assert.Equal((1, 2), (change.GetProperty("fromRevision").GetInt32(), change.GetProperty("toRevision").GetInt32()));
        var words = change.GetProperty("words")[0];
        Assert.Contains("五", words.Word("before"), StringComparison.Ordinal);
        Assert.Contains("六", words.Word("after"), StringComparison.Ordinal);
        Assert.Equal("上位法要求退费。", (await consultation.Get(null, $"comments/{second}")).GetProperty("feedback").Word("reason"));

        var proposal = await consultation.Get(Tokens.DraftingHousing, $"consultations/{id}/summary");
        Assert.True(proposal.GetProperty("isProposal").GetBoolean());
        Assert.Contains("提高退费比例**（1条）", proposal.Word("text"), StringComparison.Ordinal);
        await consultation.Put(Tokens.DraftingHousing, $"consultations/{id}/summary", new { text = proposal.Word("text") + "完。" });
        await consultation.Get(null, $"consultations/{id}/summary", 404);
        var completed = await consultation.Post(Tokens.OpennessOffice, $"consultations/{id}/complete", new { });
        Assert.Equal("completed", completed.Word("state"));
        Assert.EndsWith("完。", (await consultation.Get(null, $"consultations/{id}/summary")).Word("text"), StringComparison.Ordinal);
        var byClause = await consultation.Get(null, $"consultations/{id}/groups?block={block}");
        Assert.Equal(group.Id(), byClause.GetProperty("items")[0].Id());
        await consultation.Answer(id, [two], "adopted", "改", expected: 409);
        var lines = (await consultation.Read(Tokens.DraftingHousing, $"consultations/{id}/comments.ndjson?all=true"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => JsonDocument.Parse(l).RootElement)
            .ToArray();
        Assert.Equal(2, lines.Length);
        var first = lines.First(l => l.Id() == one);
        Assert.StartsWith("第二条", first.Word("blockText"), StringComparison.Ordinal);
        Assert.Equal("adopted", first.GetProperty("feedback").Word("outcome"));
        Assert.Empty(await consultation.Read(null, $"consultations/{id}/comments.ndjson"));
    }

    [Fact]
    public async Task many_that_are_answered_by_themselves_are_loaded_once()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(title: "一次读取办法")).Id();
        var comments = new List<Guid>();
        for (var n = 0; n < 5; n++)
            comments.Add((await consultation.Comment(id)).Id);
        await using var connection = await district.Connect();
        var read = new ConcurrentBag<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = command =>
            {
                var tags = command.TagObjects.ToDictionary(t => t.Key, t => $"{t.Value}");
                if (tags.ContainsValue(connection.Database))
                    read.Add(tags.GetValueOrDefault("db.query.text") ?? tags.GetValueOrDefault("db.statement") ?? "");
            },
        };
        ActivitySource.AddActivityListener(listener);
        var answered = await consultation.Answer(id, comments, "adopted", "采纳。");
        Assert.Equal(5, answered.GetProperty("comments").GetInt32());
        Assert.NotEmpty(read);
        Assert.Single(read, sql => sql.Contains("from consultation.mt_doc_comment as d where id = ANY", StringComparison.Ordinal));
    }

    [Fact]
    public async Task all_that_is_wrong_with_feedback_is_told_and_nothing_half_done()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(title: "坏反馈办法")).Id();
        var (comment, receipt) = await consultation.Comment(id);
        var wrong = await consultation.Post(
            Tokens.DraftingHousing,
            $"consultations/{id}/feedback",
            new
            {
                answers = new object[]
                {
                    new
                    {
                        comments = new[] { comment },
                        outcome = "adopted",
                        reason = "好",
                        block = "b999",
                    },
                    new
                    {
                        comments = new[] { Guid.NewGuid() },
                        outcome = "adopted",
                        reason = "好",
                    },
                    new { groups = new[] { Guid.NewGuid() }, template = Guid.NewGuid() },
                },
            },
            422
        );
        Assert.Equal(["/answers/0/block", "/answers/1/comments/0", "/answers/2/template", "/answers/2/groups/0"], wrong.Pointers());
        Assert.Equal(JsonValueKind.Null, (await consultation.Get(null, $"comments/{receipt}")).GetProperty("feedback").ValueKind);
        Assert.Equal(
            ["/answers/0/groups", "/answers/0/outcome", "/answers/0/reason", "/answers/0/revision"],
            (
                await consultation.Post(
                    Tokens.DraftingHousing,
                    $"consultations/{id}/feedback",
                    new { answers = new[] { new { revision = 99 } } },
                    422
                )
            ).Pointers()
        );
        await consultation.Answer(id, [comment], "adopted", "好", token: Tokens.DraftingEducation, expected: 403);
    }
}
