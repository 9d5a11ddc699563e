using PolicyPlatform.Testing;

namespace PolicyPlatform.EndToEnd;

/// <summary>
/// PostgreSQL's connections end and PostgreSQL itself is killed, again and again, while documents are published and amended and tickets
/// come in. Nothing of what follows by messages is lost.
/// </summary>
public sealed class when_the_database_fails
{
    const int Documents = 10;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task what_follows_by_messages_follows_all_the_same(bool overRabbitMq)
    {
        Assert.SkipWhen(overRabbitMq && !RabbitMqBroker.IsInstalled, "RabbitMQ is not installed here.");
        await using var broker = overRabbitMq ? await RabbitMqBroker.Start() : null;
        var data = RunningPlatform.NewFolder();
        await using (
            var platform = await RunningPlatform.Start(
                data,
                null,
                ["--no-samples", .. broker is null ? Array.Empty<string>() : ["--rabbitmq", broker.Address]]
            )
        )
        {
            Assert.False(platform.HasExited, platform.Output);
            await platform.Populate();
            await using var receiver = await WebhookReceiver.Start();
            await platform.Subscribe(receiver, "document.published", "document.changed");

            var work = new OfficeWork(platform, "断线", Documents);
            var load = work.Run();
            for (var round = 0; !load.IsCompleted; round++)
            {
                var before = work.Steps;
                do await Task.WhenAny(load, Task.Delay(TimeSpan.FromSeconds(1.5), TestContext.Current.CancellationToken));
                while (work.Steps == before && !load.IsCompleted);
                if (round % 4 == 3)
                    System.Diagnostics.Process.GetProcessById(platform.Postmaster).Kill();
                else
                    await platform.EndConnections();
            }
            await load;
            // What is under way when the last document is there meets a fault as well.
            await platform.EndConnections();

            await work.IsKnownEverywhere();
            await receiver.HasHeard(2 * Documents);
            await OfficeWork.NothingWaits(platform);
        }
        Directory.Delete(data, recursive: true);
    }
}
