using System.Text.Json;
using PolicyPlatform.Catalog.Subscriptions;
using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Catalog.Tests.Subscriptions;

public sealed class when_a_consultation_goes_on(ConnectedDistrict connected) : IClassFixture<ConnectedDistrict>
{
    District District => connected.District;

    [Fact]
    public async Task what_was_answered_within_an_hour_is_told_together_and_names_nobody()
    {
        var consultation = await District.StartConsultation();
        await using var receiver = await Subscribe(
            Tokens.Integration,
            new { subject = "CXJS", events = new[] { "consultation.answered", "consultation.completed" } }
        );
        var id = await consultation.Consult(await District.Documents.Draft("第一条 供水退费。", "供水退费办法"));
        var comments = new List<JsonElement>();
        foreach (var text in new[] { "太低。", "太低了。", "太慢。" })
            comments.Add(
                await consultation.Post(
                    "",
                    $"consultations/{id}/comments",
                    new
                    {
                        position = "oppose",
                        text,
                        name = "王小明",
                    },
                    201
                )
            );
        var ids = comments.Select(c => c.GetProperty("id").GetGuid()).ToArray();
        var group = (
            await consultation.Post(
                Tokens.DraftingHousing,
                $"consultations/{id}/groups",
                new { title = "提高标准", comments = ids[..2] },
                201
            )
        )
            .GetProperty("id")
            .GetGuid();
        // One by one, and one of them twice.
        await Answer(
            new
            {
                groups = new[] { group },
                outcome = "adopted",
                reason = "提高。",
            }
        );
        foreach (var reason in new[] { "已经很快。", "不能再快。" })
        {
            District.Clock.Advance(TimeSpan.FromMinutes(10));
            await Answer(
                new
                {
                    comments = ids[2..],
                    outcome = "notAdopted",
                    reason,
                }
            );
        }
        // The sender knows before anybody else is told.
        Assert.Equal(
            "不能再快。",
            (await consultation.Get(null, $"comments/{comments[2].GetProperty("receipt").GetString()}"))
                .GetProperty("feedback")
                .GetProperty("reason")
                .GetString()
        );
        Assert.Equal(3, await District.Count("select count(*) from consultation.mt_doc_untoldfeedback"));
        Assert.Empty(receiver.Received);
        District.Clock.Advance(TimeSpan.FromMinutes(40));

        var told = (await receiver.Event("consultation.answered")).GetProperty("data");
        Assert.Equal(
            ("意见已答复：供水退费办法", $"/api/v1/consultations/{id}", "370114-ZJ", 1, 2, 1),
            (
                told.GetProperty("title").GetString(),
                told.GetProperty("link").GetString(),
                told.GetProperty("body").GetString(),
                told.GetProperty("groupCount").GetInt32(),
                told.GetProperty("commentsInGroups").GetInt32(),
                told.GetProperty("comments").GetInt32()
            )
        );
        Assert.Equal($"/api/v1/consultations/{id}/groups/{group}", Assert.Single(told.GetProperty("groups").EnumerateArray()).GetString());
        foreach (var comment in comments)
        {
            Assert.DoesNotContain(comment.GetProperty("id").GetString()!, told.ToString(), StringComparison.Ordinal);
            // The receipt stands nowhere, in no message either.
            Assert.Empty(await District.TablesWith(comment.GetProperty("receipt").GetString()!));
        }
        Assert.Empty(await District.TablesWith("王小明"));

        await Answer(
            new
            {
                comments = ids[2..],
                outcome = "partlyAdopted",
                reason = "再快一些。",
            }
        );
        // Nobody waits for the hour to hear of it once all is over.
        await consultation.Complete(id);
        var completed = (await receiver.Event("consultation.completed")).GetProperty("data");
        Assert.Equal(
            ($"/api/v1/consultations/{id}/summary", 3, $"{OfficialTime.DateIn(District.Clock.GetUtcNow()):yyyy-MM-dd}"),
            (
                completed.GetProperty("summary").GetString(),
                completed.GetProperty("comments").GetInt32(),
                completed.GetProperty("endedOn").GetString()
            )
        );
        await Calls.Eventually<bool>(() => Task.FromResult<bool?>(receiver.Received.Count == 3 ? true : null));
        Assert.Equal(3, receiver.Received.Select(r => r.Id).Distinct().Count());
        Assert.Equal(0, await District.Count("select count(*) from consultation.mt_doc_untoldfeedback"));

        // The message comes again: nobody hears of it twice.
        await District.Catalog.Hears(
            new ConsultationEndedMessage(
                id,
                Guid.NewGuid(),
                1,
                true,
                new(2026, 6, 1),
                3,
                "供水退费办法",
                "370114-ZJ",
                ["370114-ZJ"],
                "CXJS"
            )
        );
        await Answer(
            new
            {
                comments = ids[2..],
                outcome = "adopted",
                reason = "晚了。",
            },
            expected: 409
        );
        Assert.Equal(3, receiver.Received.Count);

        Task Answer(object answer, int expected = 200) =>
            consultation.Post(Tokens.DraftingHousing, $"consultations/{id}/feedback", new { answers = new[] { answer } }, expected);
    }

    [Fact]
    public void of_one_that_was_given_up_there_is_nothing_to_tell() =>
        Assert.Null(Notices.Handle(new ConsultationEndedMessage(Guid.NewGuid(), Guid.NewGuid(), 2, false, new(2026, 6, 1), 0)));

    [Fact]
    public async Task a_body_hears_once_a_day_of_comments_that_wait_and_a_calendar_counts_at_once()
    {
        var consultation = await District.StartConsultation();
        await using var receiver = await Subscribe(
            Tokens.OpennessOffice,
            new { issuer = "370114-ZJ", events = new[] { "consultation.commentsWaiting" } }
        );
        await District.Catalog.Post(
            "",
            "subscriptions",
            new { channel = "atom", filter = new { events = new[] { "consultation.commentsWaiting" } } },
            422
        );
        var id = await consultation.Consult(await District.Documents.Draft("第一条 排队。", "排队办法"));
        var comment = (await consultation.Post("", $"consultations/{id}/comments", new { position = "oppose", text = "太久。" }, 201))
            .GetProperty("id")
            .GetGuid();
        // 3 June is made a holiday: the third working day after 1 June is the 5th, a Friday.
        await District.Catalog.Put(
            Tokens.OpennessOffice,
            "calendar/2026",
            new { source = "临时调整", daysOff = new Dictionary<string, string> { ["2026-06-03"] = "临时放假" } }
        );
        District.Clock.SetUtcNow(new(2026, 6, 5, 1, 0, 0, TimeSpan.Zero));
        District.Clock.SetUtcNow(new(2026, 6, 5, 17, 0, 0, TimeSpan.Zero));
        var first = await Hears("2026-06-06");
        Assert.Equal(
            (1, "2026-06-01", "2026-06-05", $"/api/v1/consultations/{id}/moderation"),
            (
                first.GetProperty("waiting").GetInt32(),
                first.GetProperty("since").GetString(),
                first.GetProperty("dueOn").GetString(),
                first.GetProperty("link").GetString()
            )
        );
        Assert.DoesNotContain($"{comment}", first.ToString(), StringComparison.Ordinal);
        District.Clock.SetUtcNow(new(2026, 6, 6, 17, 0, 0, TimeSpan.Zero));
        await Hears("2026-06-07");
        Assert.Equal(
            ["2026-06-06", "2026-06-07"],
            await District.Column(
                $"select data ->> 'day' from consultation.mt_events where type = 'moderation_reminded' and stream_id = '{id}' order by version"
            )
        );

        async Task<JsonElement> Hears(string day) =>
            await District.AsHoursPass<JsonElement>(() =>
                Task.FromResult(
                    receiver
                        .Received.Where(r => r.Id == $"consultation.commentsWaiting/{id}/{day}")
                        .Select(r => (JsonElement?)JsonDocument.Parse(r.Body).RootElement.GetProperty("data"))
                        .FirstOrDefault()
                )
            );
    }

    async Task<WebhookReceiver> Subscribe(string token, object filter)
    {
        var receiver = await WebhookReceiver.Start();
        await District.Catalog.Post(
            token,
            "subscriptions",
            new
            {
                channel = "webhook",
                address = receiver.Address,
                filter,
            },
            201
        );
        return receiver;
    }
}
