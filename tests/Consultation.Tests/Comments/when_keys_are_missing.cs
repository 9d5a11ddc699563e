using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.Comments;

/// <summary>Consultation, restored without the folder of the keys. A district of its own: its keys are taken away.</summary>
public sealed class when_keys_are_missing(District district) : IClassFixture<District>
{
    [Fact]
    public async Task a_sender_who_cannot_be_read_is_told_as_such()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(title: "无钥征求意见办法")).Id();
        var (comment, receipt) = await consultation.Comment(
            id,
            new
            {
                position = "suggest",
                text = "建议提高。",
                kind = "citizen",
                name = "王小明",
                contact = "13912345678",
            }
        );
        await district.StopConsultation();
        Directory.Delete(district.Keys, recursive: true);
        consultation = await district.StartConsultation();

        foreach (
            var told in new[]
            {
                await consultation.Get(Tokens.DraftingHousing, $"consultations/{id}/comments/{comment}"),
                (await consultation.Get(Tokens.DraftingHousing, $"consultations/{id}/comments")).GetProperty("items")[0],
            }
        )
            Assert.Equal(
                (System.Text.Json.JsonValueKind.Null, true),
                (told.GetProperty("sender").ValueKind, told.GetProperty("isUnreadable").GetBoolean())
            );
        Assert.False(
            (await consultation.Get(Tokens.Supervision, $"consultations/{id}/comments/{comment}")).TryGetProperty("isUnreadable", out _)
        );
        // Whoever has the receipt reads on, and can have it erased all the same.
        Assert.Equal("received", (await consultation.Get(null, $"comments/{receipt}")).Word("state"));
        await consultation.Delete($"comments/{receipt}/sender", 204);
        Assert.False(
            (await consultation.Get(Tokens.DraftingHousing, $"consultations/{id}/comments/{comment}")).TryGetProperty("isUnreadable", out _)
        );
    }
}
