using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.Groups;

public sealed class when_a_clause_is_followed_back(District district) : IClassFixture<District>
{
    [Fact]
    public async Task it_leads_to_the_groups_that_changed_it_once_the_consultation_is_completed()
    {
        var consultation = await district.StartConsultation();
        var draft = await district.Documents.Draft(Consulting.Text, "溯源办法");
        var id = (await consultation.Post(Tokens.OpennessOffice, "consultations", Consulting.Opening(draft), 201)).Id();
        var (share, days, last) = (
            await consultation.Block(id, "第二条"),
            await consultation.Block(id, "第三条"),
            await consultation.Block(id, "第四条")
        );
        var (higher, longer, wide, refused, open) = (
            await Group("提高比例", share),
            await Group("延长期限", days),
            await Group("比例和期限", share, days),
            await Group("不要退费", share),
            await Group("还没有改", share)
        );
        await district.Documents.Revise(draft, Consulting.Text.Replace("百分之五十", "百分之六十", StringComparison.Ordinal));
        await consultation.Post(Tokens.OpennessOffice, $"consultations/{id}/close", new { reason = "意见已充分" });
        await consultation.Post(
            Tokens.DraftingHousing,
            $"consultations/{id}/feedback",
            new
            {
                answers = new object[]
                {
                    Answer(higher, "adopted", 2, share),
                    Answer(longer, "partlyAdopted", 2, days),
                    // It is about the blocks of the group.
                    Answer(wide, "adopted", 2, null),
                    Answer(refused, "notAdopted", 2, share),
                    Answer(open, "adopted", null, null),
                },
            }
        );
        Assert.Empty(await Titles(""));
        await consultation.Put(Tokens.DraftingHousing, $"consultations/{id}/summary", new { text = "摘要。" });
        await consultation.Post(Tokens.OpennessOffice, $"consultations/{id}/complete", new { });

        Assert.Equal(["提高比例", "延长期限", "比例和期限"], await Titles(""));
        Assert.Equal(["提高比例", "比例和期限"], await Titles($"?block={share}"));
        Assert.Equal(["延长期限", "比例和期限"], await Titles($"?block={days}"));
        Assert.Empty(await Titles($"?block={last}"));
        var first = await consultation.Get(null, $"documents/{draft}/consultations/groups?block={share}&pageSize=1");
        var group = first.GetProperty("items")[0];
        Assert.Equal(
            (higher, id, "溯源办法", 1, 2, $"/api/v1/consultations/{id}/groups/{higher}"),
            (
                group.Id(),
                group.GetProperty("consultationId").GetGuid(),
                group.Word("consultationTitle"),
                group.GetProperty("comments").GetInt32(),
                group.GetProperty("feedback").GetProperty("revision").GetInt32(),
                group.Word("link")
            )
        );
        var next = first.Word("nextPageToken");
        Assert.Equal(["比例和期限"], await Titles($"?block={share}&pageSize=1&pageToken={next}"));
        // Of another list.
        Assert.Equal(
            ["pageToken"],
            (await consultation.Get(null, $"documents/{draft}/consultations/groups?block={days}&pageToken={next}", 422)).Pointers()
        );
        Assert.Empty(
            (await consultation.Get(null, $"documents/{Guid.NewGuid()}/consultations/groups")).GetProperty("items").EnumerateArray()
        );

        async Task<Guid> Group(string title, params string[] blocks)
        {
            var (comment, _) = await consultation.Comment(id);
            return (
                await consultation.Post(
                    Tokens.DraftingHousing,
                    $"consultations/{id}/groups",
                    new
                    {
                        title,
                        blocks,
                        comments = new[] { comment },
                    },
                    201
                )
            ).Id();
        }

        static object Answer(Guid group, string outcome, int? revision, string? block) =>
            new
            {
                groups = new[] { group },
                outcome,
                reason = "理由。",
                revision,
                block,
            };

        async Task<string[]> Titles(string query) =>
            [
                .. (await consultation.Get(null, $"documents/{draft}/consultations/groups{query}"))
                    .GetProperty("items")
                    .EnumerateArray()
                    .Select(g => g.Word("title")),
            ];
    }
}
