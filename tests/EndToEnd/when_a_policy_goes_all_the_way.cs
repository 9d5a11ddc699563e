using System.Collections.Concurrent;
using System.Text.Json;
using PolicyPlatform.Testing;

namespace PolicyPlatform.EndToEnd;

/// <summary>From the item of the decision catalogue to the benefit that ends with its document: the README's second walk.</summary>
[Collection(SampledPlatform.Shared)]
public sealed class when_a_policy_goes_all_the_way(SampledPlatform sampled)
{
    const string Text =
        "第一条 为了支持小微企业吸纳就业，制定本办法。\n第二条 小微企业新增就业五人以上的，每人补贴一千元。\n第三条 本办法自公布之日起施行。";

    RunningPlatform Platform => sampled.Platform;

    [Fact]
    public async Task from_the_decision_catalogue_to_the_end_of_its_benefit()
    {
        await using var receiver = await WebhookReceiver.Start();
        var (office, drafter, legal, signing, integration) = (
            await Platform.Token("openness-office"),
            await Platform.Token("drafting-housing"),
            await Platform.Token("legal-review"),
            await Platform.Token("signing"),
            await Platform.Token("integration")
        );
        var today = DateOnly.FromDateTime(DateTime.UtcNow.AddHours(8));
        var year = today.Year;

        // What is planned, what must be published, and who wants to hear of it.
        await Platform.Put(
            office,
            "disclosure-catalogues/district/items/08-01",
            new
            {
                content = new
                {
                    category = "就业创业",
                    name = "就业补贴",
                    content = new[] { "补贴对象", "补贴标准" },
                    legalBasis = "《政府信息公开条例》第二十条",
                    deadline = "10个工作日",
                    bodies = new[] { "370114-ZJ" },
                },
                effectiveFrom = "2020-01-01",
            }
        );
        await Platform.Post(
            office,
            $"decision-catalogues/{year}/items",
            new
            {
                code = "01",
                title = "小微企业就业补贴办法",
                body = "370114-ZJ",
                plannedOn = $"{year}-12-31",
            }
        );
        await Platform.Post(office, $"decision-catalogues/{year}/publish", new { });
        await Platform.Post(
            integration,
            "subscriptions",
            new
            {
                channel = "webhook",
                address = receiver.Address,
                filter = new { q = "小微企业吸纳就业" },
            }
        );
        await Platform.Put(integration, "benefits/profiles/e-1", new { profile = new { size = "micro", staff = 8 } });

        // A draft on its way, with its interpretation.
        var id = (
            await Platform.Post(
                drafter,
                "documents",
                new
                {
                    title = "云泽区小微企业就业补贴办法",
                    kind = "other",
                    issuers = new[] { "370114-ZJ" },
                    subject = "CXJS",
                    disclosure = new { attribute = "proactive" },
                    disclosureItem = "district/08-01",
                    text = Text,
                    changeNote = "起草",
                }
            )
        ).GetProperty("id").GetGuid();
        await Platform.Post(office, $"decision-catalogues/{year}/items/01/link", new { documentId = id });
        await Calls.Eventually<bool>(async () =>
            Gates(await Platform.Get(drafter, $"documents/{id}")).Contains("publicParticipation") ? true : null
        );
        await Platform.Post(
            drafter,
            $"documents/{id}/steps",
            new
            {
                step = "publicParticipation",
                heldOn = today,
                conclusion = "征求意见30天，收到意见12条，采纳9条。",
            }
        );
        await Platform.Post(drafter, $"documents/{id}/review", new { });
        await Platform.Post(
            legal,
            $"documents/{id}/legality",
            new
            {
                passed = true,
                opinion = "合法。",
                urgentReason = "须即日施行。",
            }
        );
        await Platform.Post(
            legal,
            $"documents/{id}/decision",
            new
            {
                meeting = "区政府第12次常务会议",
                heldOn = today,
                approved = true,
            }
        );
        await Calls.Eventually<bool>(async () =>
            (await Platform.Get(office, $"interpretation-plans/{id}")).TryGetProperty("state", out _) ? true : null
        );
        await Platform.Put(drafter, $"interpretation-plans/{id}", new { forms = new[] { "text" }, channels = new[] { "website" } });
        await Platform.Post(legal, $"interpretation-plans/{id}/approve", new { });
        var blocks = (await Platform.Get(drafter, $"documents/{id}/revisions/1"))
            .GetProperty("blocks")
            .EnumerateArray()
            .Select(b => b.GetProperty("id").GetString()!)
            .ToArray();
        var material = (
            await Platform.Post(
                drafter,
                "interpretations",
                new
                {
                    planId = id,
                    content = new
                    {
                        title = "一图读懂就业补贴",
                        text = "每新增一人补贴一千元。",
                        blocks = new[] { blocks[1] },
                    },
                }
            )
        ).GetProperty("id").GetGuid();
        await Platform.Post(signing, $"interpretations/{material}/sign", new { });
        await Platform.Post(signing, $"documents/{id}/sign", new { });
        await Platform.Post(office, $"documents/{id}/issue", new { documentNumber = $"云泽政发〔{year}〕801号", writtenOn = today });
        await Calls.Eventually<bool>(async () => Gates(await Platform.Get(drafter, $"documents/{id}")).Length == 0 ? true : null);

        // At one instant.
        await Platform.Post(office, $"documents/{id}/publish", new { publishAt = DateTimeOffset.UtcNow.AddSeconds(2) });
        Assert.Equal((404, 404), (await Platform.Status($"documents/{id}"), await Platform.Status($"interpretations/{material}")));
        await Calls.Eventually<bool>(async () => await Platform.Status($"documents/{id}") == 200 ? true : null);
        Assert.Equal(200, await Platform.Status($"interpretations/{material}"));
        await Calls.Eventually<bool>(async () =>
            (await Platform.Get(office, $"obligations/{id}")).GetProperty("state").GetString() == "met" ? true : null
        );
        Assert.Equal(
            "云泽区小微企业就业补贴办法",
            (await receiver.Event("document.published", d => d.GetProperty("documentId").GetGuid() == id))
                .GetProperty("data")
                .GetProperty("title")
                .GetString()
        );
        await receiver.Event("interpretation.published");

        // A benefit finds those whom it is for.
        await Calls.Eventually<bool>(async () =>
            (await Platform.Get(null, "interpretations/documents"))
                .GetProperty("items")
                .EnumerateArray()
                .Any(d => d.GetProperty("id").GetGuid() == id)
                ? true
                : null
        );
        var benefit = (
            await Platform.Post(
                drafter,
                "benefits",
                new
                {
                    title = "小微企业就业补贴",
                    benefit = "每新增一人一千元",
                    documentId = id,
                    blocks = new[] { blocks[1] },
                    tags = new[] { "就业" },
                    conditions = new
                    {
                        all = new object[]
                        {
                            new
                            {
                                field = "size",
                                @operator = "in",
                                value = new[] { "micro", "small" },
                            },
                            new
                            {
                                field = "staff",
                                @operator = "atLeast",
                                value = 5,
                            },
                        },
                    },
                }
            )
        ).GetProperty("id").GetGuid();
        await Platform.Post(office, $"benefits/{benefit}/publish", new { });
        Assert.Equal("e-1", (await receiver.Event("benefit.offered")).GetProperty("data").GetProperty("profiles")[0].GetString());

        // An amendment makes the interpretation outdated; questions gather, and it is explained again.
        await Platform.Post(
            office,
            $"documents/{id}/amendments",
            new
            {
                text = Text.Replace("一千元", "二千元", StringComparison.Ordinal),
                changeNote = "提高补贴",
                effectiveFrom = today,
                emergencyReason = "须即日提高。",
            }
        );
        await Calls.Eventually<bool>(async () =>
            (await Platform.Get(null, $"interpretations/{material}")).GetProperty("outdated").ValueKind is JsonValueKind.Object
                ? true
                : null
        );
        await Task.WhenAll(
            Enumerable
                .Range(0, 10)
                .Select(n =>
                    Platform.Post(
                        integration,
                        "hotline/tickets",
                        new
                        {
                            ticketId = $"walk-{n}",
                            question = $"第{n}人补贴多少",
                            documentId = id,
                            blocks = new[] { blocks[1] },
                        }
                    )
                )
        );
        await Calls.Eventually<bool>(async () =>
            (await Platform.Get(office, $"interpretation-plans?document={id}&phase=postImplementation"))
                .GetProperty("items")
                .GetArrayLength() == 1
                ? true
                : null
        );

        // With its document the benefit ends, the same day.
        await Platform.Post(
            office,
            $"documents/{id}/repeal",
            new
            {
                reason = "政策调整",
                effectiveFrom = today,
                emergencyReason = "须即日废止。",
            }
        );
        await Calls.Eventually<bool>(async () =>
            (await Platform.Get(null, $"benefits/{benefit}")).GetProperty("isOffered").GetBoolean() ? null : true
        );
        await receiver.Event("document.repealed");
    }

    [Theory]
    [InlineData("Interpretation")]
    [InlineData("Documents")]
    public async Task killed_at_the_worst_time_the_one_is_never_seen_without_the_other(string victim)
    {
        var pairs = new List<(Guid Document, Guid Material)>();
        for (var i = 0; i < 4; i++)
            pairs.Add(await Ready($"云泽政办发〔2026〕{(victim == "Documents" ? 910 : 920) + i}号"));
        var office = await Platform.Token("openness-office");
        var contradictions = new ConcurrentBag<string>();
        using var over = new CancellationTokenSource();
        var readers = pairs
            .Select(pair =>
                Task.Run(
                    async () =>
                    {
                        while (!over.IsCancellationRequested)
                        {
                            // No answer is no answer: only two that were given can contradict each other.
                            var document = await Platform.Status($"documents/{pair.Document}");
                            var material = await Platform.Status($"interpretations/{pair.Material}");
                            if ((document, material) is (200, 404))
                                contradictions.Add($"{pair.Document} was public without its interpretation.");
                            if (material == 200 && await Platform.Status($"documents/{pair.Document}") is 404)
                                contradictions.Add($"{pair.Material} was public without its document.");
                            // A list that the gateway has kept is older than neither of them.
                            if (
                                document == 200
                                && (await Platform.Get(null, $"documents/{pair.Document}/interpretations")).TryGetProperty(
                                    "items",
                                    out var listed
                                )
                                && listed.GetArrayLength() != 1
                            )
                                contradictions.Add($"{pair.Document} was public and its list had no interpretation.");
                        }
                    },
                    TestContext.Current.CancellationToken
                )
            )
            .ToArray();
        var publishing = pairs.Select(pair => Platform.Post(office, $"documents/{pair.Document}/publish", new { })).ToArray();
        await Task.WhenAny(publishing);
        System.Diagnostics.Process.GetProcessById(Platform.ServiceProcess(victim)).Kill();
        await Task.WhenAll(publishing);
        foreach (var (_, material) in pairs)
            await Calls.Eventually<bool>(async () => await Platform.Status($"interpretations/{material}") == 200 ? true : null);
        await over.CancelAsync();
        await Task.WhenAll(readers);
        Assert.Empty(contradictions);
        // What the dead one had not heard it hears when it is back.
        foreach (var (document, _) in pairs)
            await Calls.Eventually<bool>(async () =>
                (await Platform.Get(office, $"interpretation-plans/{document}")) is var plan
                && plan.TryGetProperty("state", out var state)
                && state.GetString() == "carried"
                    ? true
                    : null
            );
    }

    [Fact]
    public async Task a_killed_catalog_loses_no_obligation_and_no_notice()
    {
        await using var receiver = await WebhookReceiver.Start();
        await Platform.Post(
            await Platform.Token("integration"),
            "subscriptions",
            new
            {
                channel = "webhook",
                address = receiver.Address,
                filter = new { events = new[] { "document.published" } },
            }
        );
        var ready = new List<Guid>();
        for (var i = 0; i < 6; i++)
            ready.Add((await Ready($"云泽政办发〔2026〕{930 + i}号")).Document);
        var office = await Platform.Token("openness-office");
        var publishing = ready.Select(id => Platform.Post(office, $"documents/{id}/publish", new { })).ToArray();
        await Task.WhenAny(publishing);
        // Some notices are on their way by now, some are not put down yet.
        System.Diagnostics.Process.GetProcessById(Platform.ServiceProcess("Catalog")).Kill();
        await Task.WhenAll(publishing);
        foreach (var id in ready)
        {
            await Calls.Eventually<bool>(async () =>
                (await Platform.Get(office, $"obligations/{id}")) is var o
                && o.TryGetProperty("state", out var state)
                && state.GetString() == "met"
                    ? true
                    : null
            );
            await receiver.Event("document.published", d => d.GetProperty("documentId").GetGuid() == id);
        }
        // What a crash left in doubt may come again; it is known by its id.
        Assert.Equal(
            ready.Count,
            receiver
                .Received.Where(r => ready.Any(id => r.Id.Contains(id.ToString(), StringComparison.Ordinal)))
                .Select(r => r.Id)
                .Distinct()
                .Count()
        );
    }

    async Task<(Guid Document, Guid Material)> Ready(string number)
    {
        var (office, drafter, legal, signing) = (
            await Platform.Token("openness-office"),
            await Platform.Token("drafting-housing"),
            await Platform.Token("legal-review"),
            await Platform.Token("signing")
        );
        var id = (
            await Platform.Post(
                drafter,
                "documents",
                new
                {
                    title = $"同步发布办法{number}",
                    issuers = new[] { "370114-ZJ" },
                    subject = "CXJS",
                    disclosure = new { attribute = "proactive" },
                    text = "第一条 甲。",
                    changeNote = "起草",
                }
            )
        ).GetProperty("id").GetGuid();
        await Platform.Post(drafter, $"documents/{id}/review", new { });
        await Calls.Eventually<bool>(async () =>
            (await Platform.Get(office, $"interpretation-plans/{id}")).TryGetProperty("state", out _) ? true : null
        );
        await Platform.Put(drafter, $"interpretation-plans/{id}", new { forms = new[] { "text" } });
        await Platform.Post(legal, $"interpretation-plans/{id}/approve", new { });
        var material = (
            await Platform.Post(drafter, "interpretations", new { planId = id, content = new { title = "解读", text = "甲。" } })
        )
            .GetProperty("id")
            .GetGuid();
        await Platform.Post(signing, $"interpretations/{material}/sign", new { });
        await Platform.Post(signing, $"documents/{id}/sign", new { });
        await Platform.Post(office, $"documents/{id}/issue", new { documentNumber = number, writtenOn = "2026-01-05" });
        await Calls.Eventually<bool>(async () => Gates(await Platform.Get(drafter, $"documents/{id}")).Length == 0 ? true : null);
        return (id, material);
    }

    static string[] Gates(JsonElement document) =>
        document.TryGetProperty("gates", out var gates) ? [.. gates.EnumerateArray().Select(g => g.Code())] : ["unknown"];
}
