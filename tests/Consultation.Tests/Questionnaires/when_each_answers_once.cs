using System.Text.Json;
using PolicyPlatform.Shared.Receipts;
using PolicyPlatform.Testing;
using static PolicyPlatform.Consultation.Tests.Questionnaires.AnyQuestionnaire;

namespace PolicyPlatform.Consultation.Tests.Questionnaires;

public sealed class when_each_answers_once(District district) : IClassFixture<District>
{
    async Task<string[]> Invite(Guid id, int count) =>
        [
            .. (await district.Consultation!.Post(Tokens.DraftingHousing, $"questionnaires/{id}/invitations", new { count }, 201))
                .GetProperty("tokens")
                .EnumerateArray()
                .Select(t => t.GetString()!),
        ];

    async Task<(int Status, string Body, bool Replayed)> Send(Guid id, object answer, string? key = null)
    {
        var result = await district.Consultation!.Scenario(s =>
        {
            if (key is not null)
                s.WithRequestHeader("Idempotency-Key", key);
            s.Post.Json(answer).ToUrl($"/api/v1/questionnaires/{id}/answers");
            s.IgnoreStatusCode();
        });
        return (
            result.Context.Response.StatusCode,
            await result.ReadAsTextAsync(),
            result.Context.Response.Headers["Idempotency-Replayed"] == "true"
        );
    }

    async Task<long> Answered(Guid id) =>
        (await district.Consultation!.Get(Tokens.OpennessOffice, $"questionnaires/{id}/results")).GetProperty("answers").GetInt64();

    [Fact]
    public async Task an_invitation_answers_once_also_when_it_is_sent_many_times_at_once()
    {
        var id = await district.Opened(new { access = "invitation" });
        var tokens = await Invite(id, 2);
        var sent = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Send(id, Answer(invitation: tokens[0]))));
        Assert.Equal(1, sent.Count(s => s.Status == 201));
        Assert.All(
            sent.Where(s => s.Status != 201),
            s => Assert.Equal((409, "questionnaire.invitation.used"), (s.Status, JsonDocument.Parse(s.Body).RootElement.Code()))
        );
        await district.Consultation!.Answers(id, Answer(invitation: tokens[1]));
        Assert.Equal(2, await Answered(id));
    }

    [Fact]
    public async Task who_is_refused_keeps_the_invitation_and_the_device()
    {
        var id = await district.Opened(new { access = "invitation" });
        var device = $"{Guid.NewGuid()}";
        var token = (await Invite(id, 1))[0];
        var consultation = district.Consultation!;
        Assert.Equal(["/invitation"], (await consultation.Answers(id, Answer(), 422)).Pointers());
        Assert.Equal(["/answers/0/options/0"], (await consultation.Answers(id, Answer("maybe", 1, token, device), 422)).Pointers());
        Assert.Equal(["/invitation"], (await consultation.Answers(id, Answer("yes", 1, Receipt.New(), device), 422)).Pointers());
        await consultation.Answers(id, Answer("yes", 1, token, device));
        // The invitation to one is none to another.
        var other = await district.Opened(new { access = "invitation" });
        var second = (await Invite(id, 1))[0];
        Assert.Equal(["/invitation"], (await consultation.Answers(other, Answer(invitation: second), 422)).Pointers());
        await consultation.Answers(id, Answer(invitation: second));
    }

    [Fact]
    public async Task a_device_that_answered_hears_of_it_also_at_once()
    {
        var id = await district.Opened();
        var device = $"{Guid.NewGuid()}";
        var sent = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Send(id, Answer(device: device))));
        Assert.Equal(1, sent.Count(s => s.Status == 201));
        Assert.All(
            sent.Where(s => s.Status != 201),
            s => Assert.Equal((409, "questionnaire.answered.already"), (s.Status, JsonDocument.Parse(s.Body).RootElement.Code()))
        );
        // Another device, none at all, and another questionnaire.
        var consultation = district.Consultation!;
        await consultation.Answers(id, Answer(device: $"{Guid.NewGuid()}"));
        await consultation.Answers(id, Answer());
        await consultation.Answers(await district.Opened(), Answer(device: device));
        Assert.Equal(3, await Answered(id));
        Assert.Equal(["/device"], (await consultation.Answers(id, Answer(device: "short"), 422)).Pointers());
    }

    [Fact]
    public async Task a_request_that_is_sent_again_has_the_same_answer()
    {
        var id = await district.Opened(new { access = "invitation" });
        var answer = Answer("yes", 1, (await Invite(id, 1))[0], $"{Guid.NewGuid()}");
        var key = $"{Guid.NewGuid()}";
        var sent = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Send(id, answer, key)));
        Assert.All(sent, s => Assert.Equal((201, sent[0].Body), (s.Status, s.Body)));
        Assert.Equal(5, sent.Count(s => s.Replayed));
        Assert.True((await Send(id, answer, key)).Replayed);
        Assert.Equal(1, await Answered(id));
        Assert.Equal(409, (await Send(id, answer, $"{Guid.NewGuid()}")).Status);
        Assert.Equal(422, (await Send(id, Answer("no", 1, "x"), key)).Status);
    }

    [Fact]
    public async Task nothing_leads_from_an_answer_to_who_gave_it()
    {
        var id = await district.Opened(new { access = "invitation" });
        var (token, device) = ((await Invite(id, 1))[0], $"{Guid.NewGuid()}");
        var said = $"只有我这么说{Guid.NewGuid():N}";
        await district.Consultation!.Post(
            Tokens.DraftingHousing,
            $"questionnaires/{id}/answers",
            Answer("no", 1, token, device, new { question = "why", text = said }),
            201
        );
        Assert.Empty(await district.TablesWith(token));
        Assert.Empty(await district.TablesWith(device));
        Assert.Equal(["consultation.questionnaire_invitations"], await district.TablesWith(Receipt.HashOf(token)));
        // What was said stands in the answer alone: in no event and no message.
        Assert.Equal(["consultation.mt_doc_givenanswer"], await district.TablesWith(said));
        Assert.Equal(
            0,
            await district.Count(
                "select count(*) from information_schema.columns where table_schema = 'consultation' and table_name like 'questionnaire\\_%' and data_type like 'timestamp%'"
            )
        );
        Assert.Equal(
            0,
            await district.Count(
                $"select count(*) from consultation.mt_events where type = 'answer_given' and data::text like '%drafting-housing%'"
            )
        );
        var line = await district.Consultation!.Read(
            Tokens.DraftingHousing,
            $"questionnaires/{id}/answers/export.ndjson",
            "*/*",
            "application/x-ndjson"
        );
        Assert.Contains(said, line, StringComparison.Ordinal);
        Assert.DoesNotContain(Receipt.HashOf(token), line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task invitations_are_made_by_those_who_make_the_questionnaire()
    {
        var id = await district.Opened(new { access = "invitation" });
        var consultation = district.Consultation!;
        Assert.Equal(1000, (await Invite(id, 1000)).Distinct().Count());
        foreach (var count in new int?[] { null, 0, 1001 })
            Assert.Equal(
                ["/count"],
                (await consultation.Post(Tokens.DraftingHousing, $"questionnaires/{id}/invitations", new { count }, 422)).Pointers()
            );
        await consultation.Post(Tokens.DraftingEducation, $"questionnaires/{id}/invitations", new { count = 1 }, 403);
        await consultation.Post("", $"questionnaires/{id}/invitations", new { count = 1 }, 401);
        var anonymous = await district.Opened();
        await consultation.Post(Tokens.DraftingHousing, $"questionnaires/{anonymous}/invitations", new { count = 1 }, 409);
        Assert.Equal(["/invitation"], (await consultation.Answers(anonymous, Answer(invitation: "x"), 422)).Pointers());
    }
}
