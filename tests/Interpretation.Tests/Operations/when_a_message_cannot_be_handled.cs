using System.Diagnostics.Metrics;
using System.Text.Json;
using Alba;
using Microsoft.Extensions.DependencyInjection;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Testing;
using Wolverine;

namespace PolicyPlatform.Interpretation.Tests.Operations;

public sealed class when_a_message_cannot_be_handled(District district, PostgresCluster postgres) : IClassFixture<District>
{
    const string Letters = "operations/dead-letters";

    [Fact]
    public async Task it_is_counted_and_shown_holds_up_no_other_and_is_replayed_once_its_cause_is_mended()
    {
        var dead = 0L;
        using var metrics = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument is { Meter.Name: "Wolverine:interpretation", Name: "wolverine-dead-letter-queue" })
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        metrics.SetMeasurementEventCallback<int>((_, count, _, _) => Interlocked.Add(ref dead, count));
        metrics.Start();
        var interpretation = await district.StartInterpretation();
        // Said to be published and not: Documents knows of none that everybody may see.
        var draft = await district.Documents.Draft(title: "死信办法");
        await Tell(district, new DocumentPublishedMessage(draft, 99, 1, new(2026, 6, 1), new(2026, 6, 1)));
        var letter = await Calls.Eventually<JsonElement>(async () => (await Items(interpretation)) is [var only] ? only : null);
        Assert.Equal(
            ("interpretation", "documents", draft),
            (
                letter.GetProperty("service").GetString(),
                letter.GetProperty("from").GetString(),
                letter.GetProperty("content").GetProperty("documentId").GetGuid()
            )
        );
        Assert.Contains("DocumentPublished", letter.GetProperty("type").GetString(), StringComparison.Ordinal);
        Assert.Contains("NotFound", letter.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", letter.GetRawText(), StringComparison.Ordinal);
        // It is counted once it is put away.
        await Calls.Eventually<bool>(() => Task.FromResult<bool?>(Interlocked.Read(ref dead) > 0 ? true : null));
        Assert.Equal(1, Interlocked.Read(ref dead));
        var health = await (await interpretation.Scenario(s => s.Get.Url("/health/ready"))).Json();
        Assert.Equal("degraded", health.GetProperty("status").GetString());

        var other = await district.Documents.Publish(await district.Documents.Draft(title: "另一办法"), "测政发〔2026〕851号");
        await Known(interpretation, other);

        var path = $"{Letters}/interpretation/{letter.GetProperty("id").GetGuid()}";
        await district.Documents.Publish(draft, "测政发〔2026〕852号");
        await Known(interpretation, draft);
        Assert.True(
            (await interpretation.Post(Tokens.Supervision, $"{path}/replay", new { }, 202)).GetProperty("isReplaying").GetBoolean()
        );
        await Calls.Eventually<bool>(async () => await Items(interpretation) is [] ? true : null);
        await interpretation.Get(Tokens.Supervision, path, 404);
        await interpretation.Post(Tokens.Supervision, $"{path}/replay", new { }, 404);
    }

    [Fact]
    public async Task it_can_be_discarded_and_only_a_supervisor_sees_it()
    {
        await using var own = new District(postgres);
        await own.InitializeAsync();
        var interpretation = await own.StartInterpretation();
        foreach (var n in Enumerable.Range(0, 3))
            await Tell(own, new DocumentPublishedMessage(Guid.NewGuid(), n, 1, new(2026, 6, 1), new(2026, 6, 1)));
        await Calls.Eventually<bool>(async () => await Items(interpretation) is { Length: 3 } ? true : null);
        var first = await interpretation.Get(Tokens.Supervision, $"{Letters}?pageSize=2");
        var rest = await interpretation.Get(
            Tokens.Supervision,
            $"{Letters}?pageSize=2&pageToken={first.GetProperty("nextPageToken").GetString()}"
        );
        JsonElement[] all = [.. first.GetProperty("items").EnumerateArray(), .. rest.GetProperty("items").EnumerateArray()];
        Assert.Equal(3, all.Select(l => l.GetProperty("id").GetGuid()).Distinct().Count());
        Assert.Equal(
            all.Select(l => l.GetProperty("sentAt").GetDateTimeOffset()).OrderDescending(),
            all.Select(l => l.GetProperty("sentAt").GetDateTimeOffset())
        );

        foreach (var token in new[] { Tokens.OpennessOffice, Tokens.Integration })
            await interpretation.Get(token, Letters, 403);
        await interpretation.Get(null, Letters, 401);
        Assert.Equal(
            ["pageSize", "pageToken"],
            (await interpretation.Get(Tokens.Supervision, $"{Letters}?pageSize=0&pageToken=x", 422)).Pointers()
        );
        var path = $"/api/v1/{Letters}/interpretation/{all[1].GetProperty("id").GetGuid()}";
        foreach (var status in new[] { 204, 404 })
            await interpretation.Scenario(s =>
            {
                s.As(Tokens.Supervision).Delete.Url(path);
                s.StatusCodeShouldBe(status);
            });
        Assert.Equal(2, (await Items(interpretation)).Length);
    }

    [Fact]
    public async Task what_builds_on_another_message_waits_for_it_however_often_it_is_tried()
    {
        await using var own = new District(postgres);
        await own.InitializeAsync();
        var interpretation = await own.StartInterpretation();
        await Tell(own, new DocumentRepealedMessage(Guid.NewGuid(), 9, new(2026, 6, 1)));
        // As long as two others need to be given up, one after the other.
        for (var dead = 1; dead <= 2; dead++)
        {
            await Tell(own, new DocumentPublishedMessage(Guid.NewGuid(), 9, 1, new(2026, 6, 1), new(2026, 6, 1)));
            await Calls.Eventually<bool>(async () => (await Items(interpretation)).Length >= dead ? true : null);
        }
        Assert.All(
            await Items(interpretation),
            l => Assert.Contains("DocumentPublished", l.GetProperty("type").GetString(), StringComparison.Ordinal)
        );
    }

    static async Task Tell(District district, object message)
    {
        using var scope = district.Documents.Services.CreateScope();
        await scope.ServiceProvider.GetRequiredService<IMessageBus>().PublishAsync(message);
    }

    static async Task<JsonElement[]> Items(IAlbaHost interpretation) =>
        [.. (await interpretation.Get(Tokens.Supervision, Letters)).GetProperty("items").EnumerateArray()];

    static Task<bool> Known(IAlbaHost interpretation, Guid id) =>
        Calls.Eventually<bool>(async () =>
            (await interpretation.Get(null, "interpretations/documents?pageSize=200"))
                .GetProperty("items")
                .EnumerateArray()
                .Any(d => d.GetProperty("id").GetGuid() == id)
                ? true
                : null
        );
}
