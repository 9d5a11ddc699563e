using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.Moderation;

public sealed class when_comments_wait(District district) : IClassFixture<District>
{
    [Fact]
    public async Task they_wait_from_when_there_was_something_to_look_at_whatever_else_is_done_with_them()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(title: "等待办法")).Id();
        var (comment, receipt) = await consultation.Comment(id);
        district.Clock.Advance(TimeSpan.FromHours(30));
        await consultation.Post(
            Tokens.DraftingHousing,
            $"consultations/{id}/groups",
            new { title = "归类", comments = new[] { comment } },
            201
        );
        await consultation.Post("", $"comments/{receipt}/supplements", new { text = "补充。" });
        Assert.Equal((30, false), await Waiting());
        district.Clock.Advance(TimeSpan.FromHours(20));
        Assert.Equal((50, false), await Waiting());
        // From Monday on, Thursday was the third working day.
        district.Clock.Advance(TimeSpan.FromHours(48));
        Assert.Equal((98, true), await Waiting());
        await consultation.Post(Tokens.DraftingHousing, $"consultations/{id}/moderation", new { release = new[] { comment } });
        Assert.Null(await Waiting());
        // What was added after the release waits from then on.
        district.Clock.Advance(TimeSpan.FromHours(5));
        await consultation.Post("", $"comments/{receipt}/supplements", new { text = "再补充。" });
        district.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal((1, false), await Waiting());
        // From Friday on, the third one is Wednesday: a weekend is no time to work in.
        district.Clock.Advance(TimeSpan.FromDays(5));
        Assert.Equal((121, false), await Waiting());
        district.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal((145, true), await Waiting());

        async Task<(int Hours, bool IsOverdue)?> Waiting()
        {
            var waiting = (await consultation.Get(Tokens.DraftingHousing, $"consultations/{id}/moderation"))
                .GetProperty("items")
                .EnumerateArray()
                .ToArray();
            // It is counted as it is listed.
            Assert.Equal(
                waiting.Length,
                (await consultation.Get(null, $"consultations/{id}/statistics")).GetProperty("waiting").GetInt32()
            );
            return waiting
                .Select(w => ((int, bool)?)(w.GetProperty("waitingHours").GetInt32(), w.GetProperty("isOverdue").GetBoolean()))
                .SingleOrDefault();
        }
    }
}
