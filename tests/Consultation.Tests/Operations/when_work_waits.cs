using System.Text.Json;
using Alba;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.Operations;

/// <summary>What waits and what is late is counted, in every service.</summary>
public sealed class when_work_waits(District district) : IClassFixture<District>
{
    [Fact]
    public async Task it_is_counted_while_it_does_and_as_overdue_once_its_day_has_passed()
    {
        var consultation = await district.StartConsultation();
        var interpretation = await district.StartInterpretation();
        var (documents, catalog) = (district.Documents, district.Catalog);
        var opened = (await district.Open()).Id();
        await consultation.Comment(opened);
        var reviewed = await documents.Draft(title: "排队办法");
        await documents.Post(Tokens.DraftingHousing, $"documents/{reviewed}/review", new { });
        await Calls.Eventually<bool>(async () =>
        {
            var plans = await interpretation.Get(Tokens.OpennessOffice, $"interpretation-plans?document={reviewed}");
            return plans.GetProperty("items").GetArrayLength() > 0 ? true : null;
        });
        await interpretation.Put(
            Tokens.DraftingHousing,
            $"interpretation-plans/{reviewed}",
            new
            {
                forms = new[] { "text" },
                channels = new[] { "website" },
                plannedOn = "2026-06-03",
            }
        );
        await interpretation.Post(
            Tokens.Hotline,
            "hotline/tickets",
            new
            {
                ticketId = "T-1",
                question = "路灯不亮找谁",
                body = "370114-ZJ",
            },
            201
        );
        var issued = await documents.Draft(title: "编号办法");
        await documents.Post(Tokens.DraftingHousing, $"documents/{issued}/review", new { });
        await documents.Post(Tokens.Signing, $"documents/{issued}/sign", new { });
        await documents.Exempt(issued);
        await documents.Post(
            Tokens.OpennessOffice,
            $"documents/{issued}/issue",
            new { documentNumber = "测政发〔2026〕871号", writtenOn = "2026-05-20" }
        );
        await Calls.Eventually<bool>(async () =>
            (await catalog.Get(Tokens.Supervision, "obligations")).GetProperty("items").GetArrayLength() > 0 ? true : null
        );
        await Calls.Eventually<bool>(async () => (await Tickets("assigned")) == 1 ? true : null);

        Assert.Equal((0, 0), await Count(catalog, "policyplatform.obligations"));
        Assert.Equal((1, 0), await Count(interpretation, "policyplatform.plans"));
        Assert.Equal((0, 0), await Count(interpretation, "policyplatform.tickets"));
        Assert.Equal((0, 0), await Count(consultation, "policyplatform.feedback"));
        var counted = await Numbers(consultation);
        Assert.Equal(1, counted["policyplatform.comments.waiting/"]);
        Assert.Equal(0, counted["policyplatform.comments.oldest.age/"]);
        // One is under review and has neither signature nor number nor interpretation, the other one all of them.
        var gates = await Numbers(documents);
        Assert.Equal(
            ["interpretation", "issue", "signature"],
            gates
                .Keys.Where(k => k.StartsWith("policyplatform.gates/", StringComparison.Ordinal))
                .Select(k => k.Split('/')[1])
                .Except(["elements"])
                .Order(StringComparer.Ordinal)
        );
        Assert.Equal(1, gates["policyplatform.gates/signature"]);

        // Its comments end after thirty days, and what was done with them is due twelve weeks later.
        district.Clock.Advance(TimeSpan.FromDays(30 + 12 * 7 - 3));
        Assert.Equal((1, 0), await Count(consultation, "policyplatform.feedback"));
        district.Clock.Advance(TimeSpan.FromDays(10));
        Assert.Equal((0, 1), await Count(consultation, "policyplatform.feedback"));
        Assert.Equal((0, 1), await Count(catalog, "policyplatform.obligations"));
        Assert.Equal((0, 1), await Count(interpretation, "policyplatform.plans"));
        Assert.Equal((0, 1), await Count(interpretation, "policyplatform.tickets"));
        Assert.Equal(
            TimeSpan.FromDays(30 + 12 * 7 + 7).TotalSeconds,
            (await Numbers(consultation))["policyplatform.comments.oldest.age/"],
            tolerance: 1
        );
        foreach (var host in new[] { catalog, documents, interpretation, consultation })
        {
            var own = await Numbers(host);
            Assert.Equal(0, own["policyplatform.messages.dead/"]);
            Assert.All(
                new[] { "inbox", "outbox", "queue", "scheduled" },
                place => Assert.Contains($"policyplatform.messages.oldest.age/{place}", own.Keys)
            );
            await host.Get(Tokens.OpennessOffice, "operations/status", 403);
        }

        async Task<int> Tickets(string state) =>
            (await interpretation.Get(Tokens.Supervision, $"hotline/tickets?state={state}")).GetProperty("items").GetArrayLength();
    }

    [Fact]
    public async Task a_message_that_nobody_takes_is_seen_for_as_long_as_it_waits()
    {
        var documents = district.Documents;
        // Nobody looks after a row that another process holds.
        await district.Execute(
            "insert into documents_messages.wolverine_incoming_envelopes (id, status, owner_id, body, message_type, received_at) values ('0d5c1c39-2fd8-4bb6-9d2c-6f3b0c8f2a11', 'Incoming', 4711, '', 'stuck', 'local://stuck')"
        );
        Assert.Equal(1, (await Numbers(documents))["policyplatform.messages.waiting/inbox"]);
        await Calls.Eventually<bool>(async () => (await Numbers(documents))["policyplatform.messages.oldest.age/inbox"] > 0 ? true : null);
        await district.Execute("delete from documents_messages.wolverine_incoming_envelopes where message_type = 'stuck'");
        Assert.Equal(0, (await Numbers(documents))["policyplatform.messages.oldest.age/inbox"]);
    }

    static async Task<(double DueSoon, double Overdue)> Count(IAlbaHost host, string name)
    {
        var numbers = await Numbers(host);
        return (numbers[$"{name}/due_soon"], numbers[$"{name}/overdue"]);
    }

    // By name and kind.
    static async Task<Dictionary<string, double>> Numbers(IAlbaHost host) =>
        (await host.Get(Tokens.Supervision, "operations/status"))
            .GetProperty("services")[0]
            .GetProperty("numbers")
            .EnumerateArray()
            .ToDictionary(
                n =>
                    $"{n.Word("name")}/{(n.TryGetProperty("kind", out var kind) && kind.ValueKind is JsonValueKind.String ? kind.GetString() : "")}",
                n => n.GetProperty("value").GetDouble()
            );
}
