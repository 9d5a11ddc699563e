using PolicyPlatform.Testing;

namespace PolicyPlatform.EndToEnd;

/// <summary>The platform over RabbitMQ instead of PostgreSQL queues.</summary>
public sealed class when_a_broker_carries_the_messages
{
    [Fact]
    public async Task what_is_published_while_it_is_killed_is_known_everywhere_once_it_is_back()
    {
        Assert.SkipUnless(RabbitMqBroker.IsInstalled, "RabbitMQ is not installed here.");
        await using var broker = await RabbitMqBroker.Start();
        var data = RunningPlatform.NewFolder();
        await using (var platform = await RunningPlatform.Start(data, null, "--no-samples", "--rabbitmq", broker.Address))
        {
            Assert.False(platform.HasExited, platform.Output);
            await platform.Populate();
            await using var receiver = await WebhookReceiver.Start();
            await platform.Subscribe(receiver, "document.published");
            var before = await Publish(platform, 1);
            await Known(platform, receiver, before);
            await broker.Kill();
            var meanwhile = await Task.WhenAll(Enumerable.Range(2, 5).Select(n => Publish(platform, n)));
            // They are public all the same: what others hear of it waits.
            foreach (var id in meanwhile)
                Assert.Equal(200, await platform.Status($"documents/{id}"));
            await broker.StartAgain();
            foreach (var id in meanwhile)
                await Known(platform, receiver, id);
            Assert.Equal(6, receiver.Received.Select(r => r.Id).Distinct().Count());
        }
        Directory.Delete(data, recursive: true);
    }

    static async Task<Guid> Publish(RunningPlatform platform, int n)
    {
        var (office, drafter, signing) = (
            await platform.Token("openness-office"),
            await platform.Token("drafting-housing"),
            await platform.Token("signing")
        );
        var id = (
            await platform.Post(
                drafter,
                "documents",
                new
                {
                    title = $"测试区消息办法{n}",
                    issuers = new[] { "370114-ZJ" },
                    subject = "CXJS",
                    disclosure = new { attribute = "proactive" },
                    text = "第一条 甲。",
                    changeNote = "起草",
                }
            )
        ).GetProperty("id").GetGuid();
        await platform.Post(drafter, $"documents/{id}/review", new { });
        await platform.Post(signing, $"documents/{id}/sign", new { });
        await platform.Post(office, $"documents/{id}/interpretation/exemption", new { reason = "只调整内部分工。" });
        await platform.Post(office, $"documents/{id}/issue", new { documentNumber = $"测政发〔2026〕{n}号", writtenOn = "2026-01-05" });
        await platform.Post(office, $"documents/{id}/publish", new { });
        return id;
    }

    static async Task Known(RunningPlatform platform, WebhookReceiver receiver, Guid id)
    {
        var office = await platform.Token("openness-office");
        await Calls.Eventually<bool>(async () =>
            (await platform.Get(null, "interpretations/documents?pageSize=200"))
                .GetProperty("items")
                .EnumerateArray()
                .Any(d => d.GetProperty("id").GetGuid() == id)
                ? true
                : null
        );
        await Calls.Eventually<bool>(async () =>
            (await platform.Get(office, $"obligations/{id}")) is var o
            && o.TryGetProperty("state", out var state)
            && state.GetString() == "met"
                ? true
                : null
        );
        await Calls.Eventually<bool>(async () =>
            (await platform.Get(office, $"interpretation-plans/{id}")) is var p
            && p.TryGetProperty("state", out var state)
            && state.GetString() == "exempted"
                ? true
                : null
        );
        await receiver.Event("document.published", d => d.GetProperty("documentId").GetGuid() == id);
    }
}
