using Alba;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Testing;
using Wolverine;

namespace PolicyPlatform.Interpretation.Tests.Plans;

public sealed class when_a_document_goes_to_review(District district) : IClassFixture<District>
{
    IAlbaHost Documents => district.Documents;

    [Fact]
    public async Task its_plan_opens_and_the_gate_stays_until_plan_and_material_are_through()
    {
        var interpretation = await district.StartInterpretation();
        var id = await district.Review(await Documents.Draft(title: "三同步办法"));
        Assert.Equal("interpretationPlan.state.wrong", (await interpretation.Approve(id, 409)).Code());
        await interpretation.Write(id);
        var material = await interpretation.Material(id);
        await interpretation.Sign(material);
        await Documents.Post(Tokens.Signing, $"documents/{id}/sign", new { });
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/issue",
            new { documentNumber = "测政发〔2026〕301号", writtenOn = "2026-05-20" }
        );
        await district.GatesAre(id, "interpretation");
        var refused = await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/publish", new { }, 409);
        Assert.Equal(["interpretation"], refused.GetProperty("gates").EnumerateArray().Select(g => g.Code()));

        await interpretation.Approve(id);
        await district.GatesAre(id);
        Assert.Equal("ready", (await district.PlanIs(id, "ready")).GetProperty("state").GetString());
        Assert.Equal(404, await interpretation.Status($"interpretations/{material}"));

        await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/publish", new { });
        Assert.Equal(200, await interpretation.Status($"interpretations/{material}"));
        Assert.Equal(
            [material],
            (await interpretation.Get(null, $"documents/{id}/interpretations"))
                .GetProperty("items")
                .EnumerateArray()
                .Select(m => m.GetProperty("id").GetGuid())
        );
        await district.PlanIs(id, "carried");
    }

    [Fact]
    public async Task whoever_is_faster_than_its_message_waits_for_the_plan()
    {
        var interpretation = await district.StartInterpretation();
        var draft = await Documents.Draft(title: "还在起草的办法");
        await interpretation.Get(Tokens.DraftingHousing, $"interpretation-plans/{draft}", 404);
        for (var n = 0; n < 3; n++)
        {
            var id = await Documents.Draft(title: $"很快的办法{n}");
            await Documents.Post(Tokens.DraftingHousing, $"documents/{id}/review", new { });
            if (n == 0)
                await interpretation.Write(id);
            else if (n == 1)
                await interpretation.Material(id);
            else
                await interpretation.Get(Tokens.DraftingHousing, $"interpretation-plans/{id}");
            // Who may not know of it hears nothing of its review either.
            await interpretation.Get(Tokens.DraftingEducation, $"interpretation-plans/{id}", 404);
        }
    }

    [Fact]
    public async Task whether_a_draft_is_ready_is_told_to_those_who_work_on_it()
    {
        var (id, _) = await district.Ready("测政发〔2026〕391号");
        var interpretation = await district.StartInterpretation();
        using var channel = GrpcChannel.ForAddress(
            "http://interpretation.test",
            new() { HttpHandler = interpretation.Server.CreateHandler() }
        );
        foreach (
            var (token, ready) in new[]
            {
                (null, false),
                (Tokens.Integration, false),
                (Tokens.Hotline, false),
                (Tokens.DraftingEducation, false),
                (Tokens.DraftingHousing, true),
                (Tokens.OpennessOffice, true),
            }
        )
        {
            var answer = await new Contracts.Interpretation.V1.Interpretation.InterpretationClient(channel).GetReadinessAsync(
                new() { DocumentId = id.ToString() },
                token is null ? [] : new Metadata { { "Authorization", $"Bearer {token}" } },
                cancellationToken: TestContext.Current.CancellationToken
            );
            Assert.Equal((token, ready, ready ? 1 : 0), (token, answer.Ready, answer.Revision));
        }
    }

    [Fact]
    public async Task approving_and_signing_at_once_leaves_no_document_waiting()
    {
        var interpretation = await district.StartInterpretation();
        foreach (var _ in Enumerable.Range(0, 5))
        {
            var id = await district.Review(await Documents.Draft());
            await interpretation.Write(id);
            var materials = await Task.WhenAll(interpretation.Material(id), interpretation.Material(id, "政策问答"));
            await Task.WhenAll(interpretation.Approve(id), interpretation.Sign(materials[0]), interpretation.Sign(materials[1]));
            await district.PlanIs(id, "ready");
            await district.GatesAre(id, "signature", "issue", "elements");
        }
    }

    [Fact]
    public async Task a_signed_material_is_frozen_until_the_document_reopens_it()
    {
        var interpretation = await district.StartInterpretation();
        var (id, material) = await district.Ready("测政发〔2026〕302号");
        Assert.Equal("interpretation.state.wrong", (await interpretation.Sign(material, 409)).Code());
        Assert.Equal("interpretation.frozen", (await interpretation.Rewrite(material, 409)).Code());

        await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/interpretation/reopen", new { reason = "补充适用范围" });
        await district.GatesAre(id, "interpretation");
        await district.PlanIs(id, "open");
        await interpretation.Rewrite(material);
        await interpretation.Approve(id);
        await interpretation.Sign(material);
        await district.GatesAre(id);
        await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/publish", new { });
        Assert.Equal(
            "document.state.wrong",
            (await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/interpretation/reopen", new { reason = "晚了" }, 409)).Code()
        );
    }

    [Fact]
    public async Task an_exemption_does_not_freeze_what_was_signed_before_it()
    {
        var interpretation = await district.StartInterpretation();
        var (id, material) = await district.Ready("测政发〔2026〕305号");
        await Documents.Exempt(id);
        await district.PlanIs(id, "exempted");
        await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/interpretation/reopen", new { reason = "补充适用范围" });
        await Calls.Eventually<bool>(async () =>
            (await interpretation.Get(Tokens.OpennessOffice, $"interpretations/{material}")).GetProperty("isSigned").GetBoolean()
                ? null
                : true
        );
        await interpretation.Rewrite(material);
        Assert.Equal(
            "exempted",
            (await interpretation.Get(Tokens.OpennessOffice, $"interpretation-plans/{id}")).GetProperty("state").GetString()
        );
        await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/publish", new { });
        // What is not signed is not public.
        Assert.Equal(404, await interpretation.Status($"interpretations/{material}"));
    }

    [Fact]
    public async Task whoever_publishes_at_once_after_the_last_signature_need_not_wait()
    {
        var interpretation = await district.StartInterpretation();
        var id = await district.Review(await Documents.Draft());
        await Documents.Post(Tokens.Signing, $"documents/{id}/sign", new { });
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/issue",
            new { documentNumber = "测政发〔2026〕303号", writtenOn = "2026-05-20" }
        );
        await interpretation.Write(id);
        await interpretation.Approve(id);
        var material = await interpretation.Material(id);
        Assert.Equal("document.gate.open", (await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/publish", new { }, 409)).Code());
        await interpretation.Sign(material);
        await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/publish", new { });
        Assert.Equal((200, 200), (await Documents.Status($"documents/{id}"), await interpretation.Status($"interpretations/{material}")));
        await district.PlanIs(id, "carried");
    }

    [Fact]
    public async Task an_interpretation_of_an_older_text_does_not_count()
    {
        var interpretation = await district.StartInterpretation();
        var id = await district.Review(await Documents.Draft());
        await interpretation.Write(id);
        var material = await interpretation.Material(id);
        await Documents.Revise(id, "第一条 改过的。");
        var problem = await interpretation.Sign(material, 409);
        Assert.Equal("interpretation.revision.old", problem.Code());
        await interpretation.Rewrite(material);
        await interpretation.Sign(material);
        await interpretation.Approve(id);
        await district.GatesAre(id, "signature", "issue", "elements");
    }

    [Fact]
    public async Task an_exemption_needs_a_reason_and_is_counted()
    {
        var interpretation = await district.StartInterpretation();
        var id = await district.Review(await Documents.Draft());
        Assert.Equal(
            ["/reason"],
            (await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/interpretation/exemption", new { }, 422)).Pointers()
        );
        await Documents.Post(Tokens.DraftingHousing, $"documents/{id}/interpretation/exemption", new { reason = "内部安排" }, 403);
        var before = Exempted(await interpretation.Get(Tokens.Supervision, "interpretation-plans/statistics"));
        await Documents.Exempt(id);
        await district.PlanIs(id, "exempted");
        Assert.Equal(before + 1, Exempted(await interpretation.Get(Tokens.Supervision, "interpretation-plans/statistics")));
        await district.GatesAre(id, "signature", "issue", "elements");
    }

    [Fact]
    public async Task the_messages_of_a_document_may_come_twice_and_out_of_order()
    {
        var interpretation = await district.StartInterpretation();
        var id = await district.Review(await Documents.Draft(title: "乱序办法"));
        await interpretation.Write(id);
        await interpretation.Approve(id);
        await interpretation.Hears(new DocumentSentToReviewMessage(id, 3, 1, "乱序办法", ["370114-ZJ"]));
        await interpretation.Hears(new InterpretationReopenedMessage(id, 2));
        Assert.Equal(
            "approved",
            (await interpretation.Get(Tokens.OpennessOffice, $"interpretation-plans/{id}")).GetProperty("state").GetString()
        );

        // An exemption that overtakes the review opens the plan to be counted; the review changes nothing any more.
        var other = Guid.CreateVersion7();
        await interpretation.Hears(new InterpretationExemptedMessage(other, 4, 1, "先免后审", ["370114-ZJ"], "内部安排"));
        await interpretation.Hears(new DocumentSentToReviewMessage(other, 3, 1, "先免后审", ["370114-ZJ"]));
        await interpretation.Hears(new InterpretationExemptedMessage(other, 4, 1, "先免后审", ["370114-ZJ"], "内部安排"));
        var plan = await interpretation.Get(Tokens.OpennessOffice, $"interpretation-plans/{other}");
        Assert.Equal(("exempted", 2), (plan.GetProperty("state").GetString(), plan.GetProperty("version").GetInt32()));
        // Nothing is planned for a document whose withdrawal overtakes its review.
        var withdrawn = Guid.CreateVersion7();
        await interpretation.Hears(new DocumentWithdrawnMessage(withdrawn, 4));
        await interpretation.Hears(new DocumentSentToReviewMessage(withdrawn, 3, 1, "先撤后审", ["370114-ZJ"]));
        await interpretation.Hears(new DocumentWithdrawnMessage(withdrawn, 4));
        Assert.Equal(
            "closed",
            (await interpretation.Get(Tokens.OpennessOffice, $"interpretation-plans/{withdrawn}")).GetProperty("state").GetString()
        );
        await interpretation.Hears(new InterpretationExemptedMessage(withdrawn, 3, 1, "先撤后审", ["370114-ZJ"], "内部安排"));
        Assert.Equal(
            "closed",
            (await interpretation.Get(Tokens.OpennessOffice, $"interpretation-plans/{withdrawn}")).GetProperty("state").GetString()
        );
    }

    [Fact]
    public async Task of_two_messages_that_open_the_same_plan_at_once_none_is_lost()
    {
        var interpretation = await district.StartInterpretation();
        await using var scope = interpretation.Services.CreateAsyncScope();
        var bus = scope.ServiceProvider.GetRequiredService<IMessageBus>();
        var ids = Enumerable.Range(0, 20).Select(_ => Guid.CreateVersion7()).ToArray();
        foreach (var id in ids)
        {
            await bus.PublishAsync(new InterpretationExemptedMessage(id, 4, 1, "同时", ["370114-ZJ"], "内部安排"));
            await bus.PublishAsync(new DocumentSentToReviewMessage(id, 3, 2, "同时", ["370114-ZJ"]));
        }
        foreach (var id in ids)
        {
            await district.PlanIs(id, "exempted");
            await Calls.Eventually<bool>(async () =>
                (await interpretation.Get(Tokens.OpennessOffice, $"interpretation-plans/{id}")).GetProperty("revision").GetInt32() == 2
                    ? true
                    : null
            );
        }
    }

    [Fact]
    public async Task what_was_planned_before_it_and_not_consulted_on_ends_with_it_and_what_follows_up_comes_after_it()
    {
        await district.StartConsultation();
        var interpretation = await district.StartInterpretation();
        var id = await district.Review(await Documents.Draft());
        Assert.Equal(
            ["/phase"],
            (
                await interpretation.Post(
                    Tokens.DraftingHousing,
                    "interpretation-plans",
                    new
                    {
                        documentId = id,
                        phase = "postImplementation",
                        reason = "跟踪解读",
                    },
                    422
                )
            ).Pointers()
        );
        var (early, material) = await interpretation.SignedBeforeIssuance(id);
        Assert.Equal(404, await interpretation.Status($"interpretations/{material}"));
        await Documents.Exempt(id);
        await Documents.Post(Tokens.Signing, $"documents/{id}/sign", new { });
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/issue",
            new { documentNumber = "测政发〔2026〕304号", writtenOn = "2026-05-20" }
        );
        await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/publish", new { });
        await Calls.Eventually<bool>(async () =>
            (await interpretation.Get(Tokens.OpennessOffice, $"interpretation-plans/{early}")).GetProperty("state").GetString() == "closed"
                ? true
                : null
        );
        // What explains a draft that nobody was asked about is not shown, by no signature either.
        Assert.Equal(404, await interpretation.Status($"interpretations/{material}"));
        Assert.False((await interpretation.Get(Tokens.OpennessOffice, $"interpretations/{material}")).GetProperty("isSigned").GetBoolean());
        Assert.Equal("interpretation.state.wrong", (await interpretation.Sign(material, 409)).Code());
        Assert.Equal(
            "interpretationPlan.state.wrong",
            (
                await interpretation.Post(
                    Tokens.DraftingHousing,
                    "interpretations",
                    new { planId = early, content = new { title = "晚了", text = "晚了。" } },
                    409
                )
            ).Code()
        );
        Assert.Equal(
            ["/phase"],
            (
                await interpretation.Post(
                    Tokens.DraftingHousing,
                    "interpretation-plans",
                    new
                    {
                        documentId = id,
                        phase = "preIssuance",
                        reason = "先行解读",
                    },
                    422
                )
            ).Pointers()
        );
        var follows = (
            await interpretation.Post(
                Tokens.DraftingHousing,
                "interpretation-plans",
                new
                {
                    documentId = id,
                    phase = "postImplementation",
                    reason = "跟踪解读",
                },
                201
            )
        ).GetProperty("id").GetGuid();
        var second = await interpretation.Material(follows, "二次解读");
        await interpretation.Sign(second);
        Assert.Equal(
            "carried",
            (await interpretation.Get(Tokens.OpennessOffice, $"interpretation-plans/{follows}")).GetProperty("state").GetString()
        );
        Assert.Equal(200, await interpretation.Status($"interpretations/{second}"));
    }

    [Fact]
    public async Task plans_are_for_those_who_work_on_the_document()
    {
        var interpretation = await district.StartInterpretation();
        var id = await district.Review(await Documents.Draft());
        await interpretation.Get(null, "interpretation-plans", 401);
        await interpretation.Get(Tokens.DraftingEducation, $"interpretation-plans/{id}", 404);
        await interpretation.Get(Tokens.DraftingHousing, $"interpretation-plans/{id}");

        var hidden = await interpretation.Post(
            Tokens.DraftingEducation,
            "interpretation-plans",
            new
            {
                documentId = id,
                phase = "preIssuance",
                reason = "先行解读",
            },
            422
        );
        var missing = await interpretation.Post(
            Tokens.DraftingEducation,
            "interpretation-plans",
            new { documentId = Guid.CreateVersion7(), phase = "issuance" },
            422
        );
        Assert.Equal(["/documentId"], hidden.Pointers());
        Assert.Equal(["/phase", "/reason", "/documentId"], missing.Pointers());
        Assert.Equal("document.unknown", hidden.GetProperty("errors")[0].Code());
    }

    static int Exempted(System.Text.Json.JsonElement statistics) =>
        statistics.GetProperty("states").TryGetProperty("exempted", out var count) ? count.GetInt32() : 0;
}
