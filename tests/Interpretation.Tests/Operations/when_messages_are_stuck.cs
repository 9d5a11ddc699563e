using System.Text.Json;
using Alba;
using Microsoft.Extensions.DependencyInjection;
using PolicyPlatform.Testing;
using Wolverine;
using Wolverine.Runtime;
using Wolverine.Transports.Sending;

namespace PolicyPlatform.Interpretation.Tests.Operations;

/// <summary>A district of its own: its messages are kept from their way behind the services' backs.</summary>
public sealed class when_messages_are_stuck(District district) : IClassFixture<District>
{
    static readonly Uri ToInterpretation = new("postgresql://interpretation/");

    const string Outbox = "documents_messages.wolverine_outgoing_envelopes",
        Own = "interpretation_messages.wolverine_outgoing_envelopes",
        Inbox = "interpretation_messages.wolverine_incoming_envelopes",
        Queue = "queues.wolverine_queue_interpretation";

    IAlbaHost Documents => district.Documents;

    [Fact]
    public async Task what_whoever_sends_has_given_up_on_is_handed_on_without_a_restart()
    {
        await district.StartInterpretation();
        var agent = (SendingAgent)Messaging(Documents).Endpoints.GetOrBuildSendingAgent(ToInterpretation);
        await agent.LatchAndDrainAsync();
        var id = await Documents.Publish(await Documents.Draft("第一条 甲。", "滞留办法"), "测政发〔2026〕821号");
        Assert.True(await district.Count($"select count(*) from {Outbox}") > 0);
        Assert.False(await IsKnown(id));

        await district.Execute($"update {Outbox} set timestamp = timestamp - interval '2 minutes'");
        await Calls.Eventually<bool>(async () => await IsKnown(id) ? true : null);
        // From then on it sends again.
        Assert.False(agent.Latched);
        var next = await Documents.Publish(await Documents.Draft("第一条 甲。", "通畅办法"), "测政发〔2026〕822号");
        await Calls.Eventually<bool>(async () => await IsKnown(next) ? true : null);
        Assert.Equal(0, await district.Count($"select count(*) from {Outbox}"));
    }

    [Fact]
    public async Task a_message_that_was_moved_without_an_answer_keeps_no_other_waiting()
    {
        await district.StartInterpretation();
        var before = await Documents.Publish(await Documents.Draft("第一条 甲。", "先行办法"), "测政发〔2026〕823号");
        await Calls.Eventually<bool>(async () => await IsKnown(before) ? true : null);
        var messaging = Messaging(Documents);
        var agent = (SendingAgent)messaging.Endpoints.GetOrBuildSendingAgent(ToInterpretation);
        // As it is left when the connection breaks between the commit and its answer.
        var envelope = new Envelope(new Contracts.Documents.V1.DocumentWithdrawnMessage(before, 1))
        {
            Destination = ToInterpretation,
            ContentType = "application/json",
            Serializer = messaging.Options.DefaultSerializer,
        };
        await messaging.Storage.Outbox.StoreOutgoingAsync(envelope, messaging.DurabilitySettings.AssignedNodeNumber);
        await district.Execute($"delete from {Outbox} where id = '{envelope.Id}'");
        await agent.EnqueueOutgoingAsync(envelope);

        Assert.False(agent.Latched);
        var next = await Documents.Publish(await Documents.Draft("第一条 甲。", "后来办法"), "测政发〔2026〕824号");
        await Calls.Eventually<bool>(async () => await IsKnown(next) ? true : null);
    }

    [Fact]
    public async Task a_message_that_is_in_the_inbox_already_keeps_no_other_waiting()
    {
        await district.StartInterpretation();
        var first = await Documents.Publish(await Documents.Draft("第一条 甲。", "重复办法"), "测政发〔2026〕825号");
        await Calls.Eventually<bool>(async () => await IsKnown(first) ? true : null);
        // All that was received comes once more, before everything else.
        await district.Execute(
            $"insert into {Queue} (id, body, message_type, timestamp) select id, body, message_type, (now() at time zone 'utc') - interval '1 hour' from {Inbox} on conflict do nothing"
        );
        var next = await Documents.Publish(await Documents.Draft("第一条 甲。", "其后办法"), "测政发〔2026〕826号");
        await Calls.Eventually<bool>(async () => await IsKnown(next) ? true : null);
        await Calls.Eventually<bool>(async () => await district.Count($"select count(*) from {Queue}") == 0 ? true : null);
    }

    [Fact]
    public async Task what_has_waited_for_longer_than_a_minute_is_told()
    {
        var interpretation = await district.StartInterpretation();
        await Calls.Eventually<bool>(async () => await Waiting(interpretation) == "healthy" ? true : null);
        // The broker that it is for is none of this platform's.
        await district.Execute(
            $"insert into {Own} (id, owner_id, destination, body, attempts, message_type, timestamp) values (gen_random_uuid(), 0, 'rabbitmq://queue/nobody', '\\x00', 0, 'nobody', (now() at time zone 'utc') - interval '2 minutes')"
        );
        await Calls.Eventually<bool>(async () => await Waiting(interpretation) == "degraded" ? true : null);
        await district.Execute($"delete from {Own} where message_type = 'nobody'");
        await Calls.Eventually<bool>(async () => await Waiting(interpretation) == "healthy" ? true : null);
    }

    static IWolverineRuntime Messaging(IAlbaHost host) => host.Services.GetRequiredService<IWolverineRuntime>();

    async Task<bool> IsKnown(Guid document) =>
        (await (await district.StartInterpretation()).Get(null, "interpretations/documents?pageSize=200"))
            .GetProperty("items")
            .EnumerateArray()
            .Any(d => d.GetProperty("id").GetGuid() == document);

    static async Task<string?> Waiting(IAlbaHost host)
    {
        var answer = await host.Scenario(s =>
        {
            s.Get.Url("/health/ready");
            s.IgnoreStatusCode();
        });
        return JsonDocument
            .Parse(await answer.ReadAsTextAsync())
            .RootElement.GetProperty("checks")
            .EnumerateArray()
            .Single(c => c.GetProperty("name").GetString() == "waiting")
            .GetProperty("status")
            .GetString();
    }
}
