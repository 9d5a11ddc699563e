using Alba;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Catalog.Tests.Subscriptions;

/// <summary>A Catalog that was restored without the folder of the keys. A district of its own: its keys are taken away.</summary>
public sealed class when_keys_are_missing(ConnectedDistrict connected) : IClassFixture<ConnectedDistrict>
{
    IAlbaHost Catalog => connected.District.Catalog;

    [Fact]
    public async Task where_notices_go_is_told_as_unreadable_and_nothing_else_fails()
    {
        await using var receiver = await WebhookReceiver.Start();
        var id = (
            await Catalog.Post(
                Tokens.Integration,
                "subscriptions",
                new
                {
                    channel = "webhook",
                    address = receiver.Address,
                    filter = new { events = new[] { "document.published" } },
                },
                201
            )
        ).GetProperty("id").GetGuid();
        await connected.District.RestartCatalog(() =>
        {
            Directory.Delete(connected.District.Keys, recursive: true);
            return Task.CompletedTask;
        });

        var subscription = await Catalog.Get(Tokens.Integration, $"subscriptions/{id}");
        Assert.Equal(
            (null, true),
            (subscription.GetProperty("address").GetString(), subscription.GetProperty("isUnreadable").GetBoolean())
        );
        var refused = await Catalog.Post(Tokens.Privacy, $"subscriptions/{id}/address-readings", new { reason = "核实" }, 503);
        Assert.Equal("personalData.unreadable", refused.Code());
        // Nobody has read it, and the record says so.
        Assert.Empty((await Catalog.Get(Tokens.Integration, $"subscriptions/{id}/address-readings")).EnumerateArray());

        // What is to be sent is given up like what a receiver does not take, and can be sent again.
        await connected.District.Documents.Publish(
            await connected.District.Documents.Draft("第一条 甲。", "无址办法"),
            "测政发〔2026〕811号"
        );
        var delivery = await Calls.Eventually<System.Text.Json.JsonElement>(async () =>
            (await Catalog.Get(Tokens.Integration, $"subscriptions/{id}/deliveries?state=dead"))
                .GetProperty("items")
                .EnumerateArray()
                .Select(d => (System.Text.Json.JsonElement?)d)
                .FirstOrDefault()
        );
        Assert.Equal("It is sealed with a key that is missing.", delivery.GetProperty("error").GetString());
        Assert.Empty(receiver.Received);
    }
}
