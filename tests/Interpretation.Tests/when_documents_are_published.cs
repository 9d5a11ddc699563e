using Alba;
using Microsoft.Extensions.DependencyInjection;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Testing;
using Wolverine;

namespace PolicyPlatform.Interpretation.Tests;

public sealed class when_documents_are_published(District district) : IClassFixture<District>
{
    [Fact]
    public async Task interpretation_hears_of_them_and_asks_for_the_title_also_of_what_happened_while_it_was_away()
    {
        var id = await district.Documents.Publish(await district.Documents.Draft(title: "停机期间发布的办法"), "测政发〔2026〕1号");
        var interpretation = await district.StartInterpretation();

        var known = await Calls.Eventually(async () => await Find(interpretation, id));
        Assert.Equal(
            ("停机期间发布的办法", "测政发〔2026〕1号"),
            (known.GetProperty("title").GetString(), known.GetProperty("documentNumber").GetString())
        );

        await district.Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/repeal",
            new { reason = "试验", effectiveFrom = "2026-07-01" }
        );
        await Calls.Eventually(async () =>
            await Find(interpretation, id) is { } k && k.GetProperty("repealedFrom").GetString() == "2026-07-01"
                ? k
                : default(System.Text.Json.JsonElement?)
        );

        // A message that comes twice, or late, changes nothing.
        var bus = interpretation
            .Services.GetRequiredService<IServiceScopeFactory>()
            .CreateScope()
            .ServiceProvider.GetRequiredService<IMessageBus>();
        await bus.InvokeAsync(
            new DocumentPublishedMessage(id, 7, 1, new(2026, 6, 1), new(2026, 6, 1)),
            TestContext.Current.CancellationToken
        );
        await bus.InvokeAsync(new RevisionRecordedMessage(id, 2, 1, DateTimeOffset.UnixEpoch), TestContext.Current.CancellationToken);
        var after = await Find(interpretation, id);
        Assert.Equal(
            ("2026-07-01", 1),
            (after!.Value.GetProperty("repealedFrom").GetString(), after.Value.GetProperty("revision").GetInt32())
        );
    }

    [Fact]
    public async Task a_message_that_overtakes_another_waits_for_it_and_of_two_last_days_the_later_decision_holds()
    {
        var interpretation = await district.StartInterpretation();
        await district.StopInterpretation();
        var id = await district.Documents.Publish(await district.Documents.Draft(title: "乱序发布的办法"), "测政发〔2026〕2号");
        interpretation = await district.StartInterpretation();
        await using var scope = interpretation.Services.CreateAsyncScope();
        var bus = scope.ServiceProvider.GetRequiredService<IMessageBus>();
        // The repeal of a document of whose publication nothing has been heard waits, and is there once that is.
        var later = await district.Documents.Draft(title: "尚未发布的办法");
        await bus.PublishAsync(new DocumentRepealedMessage(later, 99, new(2026, 8, 1)));
        await bus.PublishAsync(new DocumentTextChangedMessage(later, 98, 1, 7, new(2026, 7, 1), DateTimeOffset.UnixEpoch));
        await district.Documents.Publish(later, "测政发〔2026〕3号");
        await Calls.Eventually(async () =>
            await Find(interpretation, later) is { } k
            && k.GetProperty("repealedFrom").GetString() == "2026-08-01"
            && k.GetProperty("revision").GetInt32() == 7
                ? k
                : default(System.Text.Json.JsonElement?)
        );
        await Calls.Eventually(async () => await Find(interpretation, id));
        await bus.InvokeAsync(new DocumentRepealedMessage(id, 22, new(2027, 6, 1)), TestContext.Current.CancellationToken);
        await bus.InvokeAsync(new DocumentExpiryChangedMessage(id, 21, new(2026, 12, 31)), TestContext.Current.CancellationToken);
        await bus.InvokeAsync(new DocumentExpiryChangedMessage(id, 20, new(2026, 9, 30)), TestContext.Current.CancellationToken);
        Assert.Equal("2026-12-31", (await Find(interpretation, id))!.Value.GetProperty("expiresOn").GetString());
    }

    [Fact]
    public async Task what_was_put_right_and_taken_back_is_known_whichever_is_heard_first()
    {
        var id = await district.Documents.Publish(await district.Documents.Draft(title: "名称有误的班法"), "测政发〔2026〕4号");
        var interpretation = await district.StartInterpretation();
        await Calls.Eventually(async () => await Find(interpretation, id));
        await district.Documents.Post(Tokens.OpennessOffice, $"documents/{id}/repeal", new { reason = "误登" });
        await district.Documents.Post(Tokens.OpennessOffice, $"documents/{id}/restore", new { reason = "误登" });
        await district.Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/elements",
            new
            {
                title = "名称有误的办法",
                documentNumber = "测政办发〔2026〕4号",
                effectiveFrom = "2026-06-15",
                reason = "误登",
            }
        );
        var known = await Calls.Eventually(async () =>
            await Find(interpretation, id) is { } k && k.GetProperty("effectiveFrom").GetString() == "2026-06-15"
                ? k
                : default(System.Text.Json.JsonElement?)
        );
        Assert.Equal(
            ("名称有误的办法", "测政办发〔2026〕4号", System.Text.Json.JsonValueKind.Null),
            (
                known.GetProperty("title").GetString(),
                known.GetProperty("documentNumber").GetString(),
                known.GetProperty("repealedFrom").ValueKind
            )
        );
        // What ended it before it was restored, and what was put right before it was put right again, is heard late.
        await interpretation.Hears(new DocumentSupersededMessage(id, 2, new(2026, 6, 1), Guid.NewGuid()));
        await interpretation.Hears(
            new DocumentElementsCorrectedMessage(id, 2, new(2026, 5, 1), new(2026, 5, 1), ["effectiveFrom"], 1, new(2026, 5, 1))
        );
        var after = (await Find(interpretation, id))!.Value;
        Assert.Equal(
            ("2026-06-15", System.Text.Json.JsonValueKind.Null),
            (after.GetProperty("effectiveFrom").GetString(), after.GetProperty("supersededFrom").ValueKind)
        );
    }

    [Fact]
    public async Task what_is_heard_at_once_is_all_known()
    {
        var interpretation = await district.StartInterpretation();
        await using var scope = interpretation.Services.CreateAsyncScope();
        var bus = scope.ServiceProvider.GetRequiredService<IMessageBus>();
        var ids = new List<Guid>();
        for (var n = 0; n < 5; n++)
            ids.Add(await district.Documents.Publish(await district.Documents.Draft(title: $"并发办法{n}"), $"测政发〔2026〕{20 + n}号"));
        foreach (var id in ids)
        {
            for (var revision = 2; revision < 8; revision++)
                await bus.PublishAsync(
                    new DocumentTextChangedMessage(
                        id,
                        20 + revision,
                        revision - 1,
                        revision,
                        new(2026, 7, revision),
                        DateTimeOffset.UnixEpoch
                    )
                );
            await bus.PublishAsync(new DocumentExpiryChangedMessage(id, 30, new(2030, 1, 1)));
            await bus.PublishAsync(new DocumentRepealedMessage(id, 31, new(2029, 1, 1)));
        }
        foreach (var id in ids)
            await Calls.Eventually(async () =>
                await Find(interpretation, id) is { } k
                && (k.GetProperty("revision").GetInt32(), k.GetProperty("expiresOn").GetString(), k.GetProperty("repealedFrom").GetString())
                    == (7, "2030-01-01", "2029-01-01")
                    ? k
                    : default(System.Text.Json.JsonElement?)
            );
    }

    static async Task<System.Text.Json.JsonElement?> Find(IAlbaHost interpretation, Guid id)
    {
        var listed = (await interpretation.Get(null, "interpretations/documents")).GetProperty("items").EnumerateArray();
        foreach (var known in listed)
            if (known.GetProperty("id").GetGuid() == id)
                return known;
        return null;
    }
}
