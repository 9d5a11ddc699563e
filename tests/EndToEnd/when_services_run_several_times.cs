using System.Diagnostics;
using System.Net;
using PolicyPlatform.AppHost.Processes;
using PolicyPlatform.Testing;

namespace PolicyPlatform.EndToEnd;

/// <summary>Several processes of each service and of the gateway, of which any can be killed.</summary>
public sealed class when_services_run_several_times
{
    const int Documents = 8;

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public async Task nothing_is_told_twice_and_whoever_is_killed_is_stood_in_for(int replicas, bool overRabbitMq)
    {
        Assert.SkipWhen(overRabbitMq && !RabbitMqBroker.IsInstalled, "RabbitMQ is not installed here.");
        await using var broker = overRabbitMq ? await RabbitMqBroker.Start() : null;
        var data = RunningPlatform.NewFolder();
        await using (
            var platform = await RunningPlatform.Start(
                data,
                FreePort.Next(2 * replicas),
                ["--no-samples", "--replicas", $"{replicas}", .. broker is null ? Array.Empty<string>() : ["--rabbitmq", broker.Address]]
            )
        )
        {
            Assert.False(platform.HasExited, platform.Output);
            Assert.All(
                new[] { "Catalog", "Documents", "Interpretation", "Consultation", "Gateway" },
                s => Assert.Equal(replicas, platform.ServiceProcesses(s).Length)
            );
            await platform.Populate();
            await using var receiver = await WebhookReceiver.Start();
            await platform.Subscribe(receiver, "document.published", "document.changed");

            // While all is well each notice comes once, whoever of them had it in hand.
            var quiet = new OfficeWork(platform, "平静", Documents);
            await quiet.Run();
            await quiet.IsKnownEverywhere();
            await receiver.HasHeard(2 * Documents);
            await OfficeWork.NothingWaits(platform);
            Assert.Equal(2 * Documents, receiver.Received.Count);

            // One of each is killed in the middle of the work.
            var work = new OfficeWork(platform, "接替", Documents, first: Documents);
            var running = work.Run();
            foreach (var service in new[] { "Documents", "Catalog", "Interpretation", "Consultation" })
            {
                Process.GetProcessById(platform.ServiceProcesses(service)[0]).Kill();
                await Task.WhenAny(running, Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken));
            }
            await running;
            await work.IsKnownEverywhere();
            await receiver.HasHeard(4 * Documents);
            await OfficeWork.NothingWaits(platform);

            // Any gateway leads to the same, with the same tokens.
            var token = await platform.Token("openness-office");
            Process.GetProcessById(platform.ServiceProcesses("Gateway")[0]).Kill();
            using var other = new HttpClient { BaseAddress = new($"http://localhost:{platform.Port + 2}") };
            other.DefaultRequestHeaders.Authorization = new("Bearer", token);
            // Who asked a process just as it found that another one is gone is told to ask again.
            var (status, body) = await Calls.Eventually<(HttpStatusCode, string)>(async () =>
            {
                using var answer = await other.GetAsync(
                    new Uri($"/api/v1/obligations/{work.Documents.First()}", UriKind.Relative),
                    TestContext.Current.CancellationToken
                );
                var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                return answer.StatusCode is HttpStatusCode.ServiceUnavailable ? null : (answer.StatusCode, body);
            });
            Assert.True(status is HttpStatusCode.OK, body);
        }
        Directory.Delete(data, recursive: true);
    }
}
