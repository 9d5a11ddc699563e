using System.Text.Json;
using PolicyPlatform.Consultation.Answering;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.Comments;

public sealed class when_time_passes(District district) : IClassFixture<District>
{
    [Theory]
    [InlineData("2026-08-25", null)]
    [InlineData("2026-08-26", 4)]
    [InlineData("2026-09-15", 4)]
    [InlineData("2026-09-16", 1)]
    [InlineData("2026-09-23", 1)]
    [InlineData("2026-09-24", 0)]
    public void a_body_is_reminded_of_the_feedback_that_it_owes(string today, int? weeks) =>
        Assert.Equal(weeks, RemindOfFeedback.DueBy(DateOnly.Parse(today), new(2026, 9, 23)));

    [Fact]
    public async Task who_sent_a_comment_is_forgotten_and_what_was_said_is_not()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(title: "遗忘办法")).Id();
        var (comment, receipt) = await consultation.Comment(
            id,
            new
            {
                position = "support",
                text = "支持。",
                name = "李大明",
            }
        );
        await consultation.Post(Tokens.OpennessOffice, $"consultations/{id}/close", new { reason = "意见已充分" });
        await consultation.Answer(id, [comment], "adopted", "采纳。", token: Tokens.OpennessOffice);
        await consultation.Put(Tokens.OpennessOffice, $"consultations/{id}/summary", new { text = "摘要。" });
        await consultation.Post(Tokens.OpennessOffice, $"consultations/{id}/complete", new { });
        Assert.Equal("李大明", (await Sender()).Word("name"));
        await Calls.Eventually<bool>(async () =>
        {
            district.Clock.Advance(TimeSpan.FromDays(200));
            return (await Sender()).ValueKind is JsonValueKind.Null ? true : null;
        });
        Assert.Equal("支持。", (await consultation.Get(null, $"comments/{receipt}")).Word("text"));

        async Task<JsonElement> Sender() =>
            (await consultation.Get(Tokens.DraftingHousing, $"consultations/{id}/comments/{comment}")).GetProperty("sender");
    }
}
