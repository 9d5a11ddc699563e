using System.Text.Json;
using Alba;
using Microsoft.Extensions.DependencyInjection;
using PolicyPlatform.Consultation.Evaluations;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Contracts.Interpretation.V1;
using PolicyPlatform.Testing;
using Wolverine;

namespace PolicyPlatform.Consultation.Tests.Evaluations;

public sealed class when_an_evaluation_is_proposed : IClassFixture<District>
{
    readonly District district;

    static int numbers;

    public when_an_evaluation_is_proposed(District district)
    {
        this.district = district;
        district.Settings["Hotline:EvaluationThreshold"] = "3";
    }

    async Task<Guid> Published(object publication, string since = "2026-05-20") =>
        await district.Documents.Publish(
            await district.Documents.Draft(title: "供热退费办法"),
            $"提议发〔{since[..4]}〕{Interlocked.Increment(ref numbers)}号",
            publication,
            since
        );

    [Fact]
    public async Task what_has_been_in_force_for_long_is_proposed_once_and_opened_by_a_publisher()
    {
        var consultation = await district.StartConsultation();
        var effective = district.Clock.GetUtcNow().AddMonths(-25).ToString("yyyy-MM-dd");
        var document = await Published(new { publishedOn = effective, effectiveFrom = effective }, effective);
        var proposed = await Proposed(consultation, document);
        Assert.Equal(
            ("longInForce", $"自{effective}起施行已满24个月。", "370114-ZJ"),
            (
                proposed.GetProperty("cause").GetString(),
                proposed.GetProperty("note").GetString(),
                proposed.GetProperty("issuers")[0].GetString()
            )
        );
        Assert.Empty(await consultation.EvaluationsOf(document, null));
        var id = proposed.GetProperty("id").GetGuid();
        // Who would open another is told of it.
        Assert.Contains($"{id}", (
                await consultation.Post(
                    Tokens.DraftingHousing,
                    "evaluations",
                    new
                    {
                        documentId = document,
                        purpose = "评估",
                        indicators = new[] { Evaluating.Indicator() },
                    },
                    409
                )
            ).GetProperty("detail").GetString());
        Assert.Equal(
            "evaluation.state.wrong",
            (await consultation.Post(Tokens.DraftingHousing, $"evaluations/{id}/measurements", Evaluating.Value(), 409)).Code()
        );
        Assert.Equal(
            ["/purpose", "/indicators"],
            (await consultation.Post(Tokens.OpennessOffice, $"evaluations/{id}/open", new { }, 422)).Pointers()
        );
        await consultation.Post(Tokens.OpennessOffice, $"evaluations/{id}/open", Evaluating.Plan());
        await consultation.Conclude(id, "keep");
        await Hours(consultation, 3);
        Assert.Single(await consultation.EvaluationsOf(document, Tokens.DraftingHousing));
    }

    [Fact]
    public async Task what_ends_within_half_a_year_is_proposed_and_once_more_when_its_term_is_prolonged()
    {
        var consultation = await district.StartConsultation();
        var today = DateOnly.FromDateTime(district.Clock.GetUtcNow().AddHours(8).Date);
        var last = today.AddMonths(5);
        var document = await Published(new { expiresOn = last });
        var proposed = await Proposed(consultation, document);
        Assert.Equal(
            ("termEnds", $"{last:yyyy-MM-dd}"),
            (proposed.GetProperty("cause").GetString(), proposed.GetProperty("dueOn").GetString())
        );
        var id = proposed.GetProperty("id").GetGuid();
        Assert.Equal(["/reason"], (await consultation.Post(Tokens.OpennessOffice, $"evaluations/{id}/dismiss", new { }, 422)).Pointers());
        var dismissed = await consultation.Post(Tokens.OpennessOffice, $"evaluations/{id}/dismiss", new { reason = "正在修订" });
        Assert.Equal(
            ("dismissed", "正在修订"),
            (dismissed.GetProperty("state").GetString(), dismissed.GetProperty("dismissedBecause").GetString())
        );
        await Hours(consultation, 3);
        Assert.Single(await consultation.EvaluationsOf(document, Tokens.DraftingHousing));

        await district.Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{document}/expiry",
            new { expiresOn = last.AddDays(20), reason = "延期" }
        );
        await Calls.Eventually<bool>(async () =>
        {
            await Hours(consultation, 1);
            return (await consultation.EvaluationsOf(document, Tokens.DraftingHousing)).Length == 2 ? true : null;
        });
    }

    [Fact]
    public async Task what_is_over_or_too_young_is_not_proposed()
    {
        var consultation = await district.StartConsultation();
        var longAgo = district.Clock.GetUtcNow().AddMonths(-30).ToString("yyyy-MM-dd");
        var repealed = await Published(new { publishedOn = longAgo, effectiveFrom = longAgo }, longAgo);
        await district.Documents.Post(Tokens.OpennessOffice, $"documents/{repealed}/repeal", new { reason = "不再适用" });
        var young = await Published(new { });
        await using var session = consultation.Services.GetRequiredService<Marten.IDocumentStore>().QuerySession();
        await Calls.Eventually<bool>(async () =>
            await Term(repealed) is { EffectiveFrom: not null, EndedFrom: not null } && await Term(young) is not null ? true : null
        );
        var marker = await Published(new { publishedOn = longAgo, effectiveFrom = longAgo }, longAgo);
        await Proposed(consultation, marker);
        await Hours(consultation, 2);
        Assert.Empty(await consultation.EvaluationsOf(repealed, Tokens.DraftingHousing));
        Assert.Empty(await consultation.EvaluationsOf(young, Tokens.DraftingHousing));

        Task<DocumentTerm?> Term(Guid document) => session.LoadAsync<DocumentTerm>(document, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task messages_that_come_twice_and_out_of_order_come_to_the_same()
    {
        var consultation = await district.StartConsultation();
        await using var scope = consultation.Services.CreateAsyncScope();
        var bus = scope.ServiceProvider.GetRequiredService<IMessageBus>();
        var document = Guid.NewGuid();
        var moved = new DocumentExpiryChangedMessage(document, 9, new(2031, 1, 1));
        var published = new DocumentPublishedMessage(document, 5, 1, new(2026, 1, 1), new(2026, 1, 2), ExpiresOn: new(2029, 1, 1));
        var corrected = new DocumentElementsCorrectedMessage(
            document,
            8,
            new(2026, 1, 1),
            new(2026, 1, 3),
            ["effectiveFrom"],
            1,
            new(2026, 1, 3)
        );
        object[] all =
        [
            moved,
            corrected,
            published,
            new DocumentRestoredMessage(document, 11),
            new DocumentRepealedMessage(document, 12, new(2030, 5, 1)),
            new DocumentRepealedMessage(document, 10, new(2027, 5, 1)),
            new DocumentRestoredMessage(document, 11),
            published,
            moved,
        ];
        foreach (var message in all)
            await bus.InvokeAsync(message, TestContext.Current.CancellationToken);
        await using var session = consultation.Services.GetRequiredService<Marten.IDocumentStore>().QuerySession();
        Assert.Equal(
            new DocumentTerm(document)
            {
                EffectiveFrom = new(2026, 1, 3),
                BeginSetIn = 8,
                ExpiresOn = new(2031, 1, 1),
                ExpirySetIn = 9,
                EndedFrom = new(2030, 5, 1),
                EndSetIn = 12,
                AwaitsAge = true,
                AwaitsEnd = true,
            },
            await session.LoadAsync<DocumentTerm>(document, TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task tickets_that_pile_up_propose_it_with_their_numbers_once()
    {
        var interpretation = await district.StartInterpretation();
        var consultation = await district.StartConsultation();
        var document = await Published(new { });
        await Calls.Eventually<bool>(async () =>
            (await interpretation.Get(null, "interpretations/documents?pageSize=200")).GetRawText().Contains($"{document}") ? true : null
        );
        for (var n = 1; n <= 3; n++)
            await interpretation.Post(
                Tokens.Hotline,
                "hotline/tickets",
                new
                {
                    ticketId = $"PILE-{n}",
                    question = $"第{n}个问题：暖气不热怎么办？",
                    documentId = document,
                },
                201
            );
        var proposed = await Calls.Eventually<JsonElement>(async () =>
            (await consultation.EvaluationsOf(document, Tokens.DraftingHousing)) is [var one] ? one : null
        );
        Assert.Equal(("ticketsPiledUp", 3), (proposed.GetProperty("cause").GetString(), proposed.GetProperty("ticketCount").GetInt32()));
        var id = proposed.GetProperty("id").GetGuid();
        Assert.Equal(
            ["PILE-1", "PILE-2", "PILE-3"],
            (await consultation.Get(Tokens.DraftingHousing, $"evaluations/{id}"))
                .GetProperty("tickets")
                .EnumerateArray()
                .Select(t => t.GetString()!)
                .Order()
        );
        // The same again, and another heap while it is proposed, propose nothing.
        await using var scope = consultation.Services.CreateAsyncScope();
        var bus = scope.ServiceProvider.GetRequiredService<IMessageBus>();
        var again = new TicketsPiledUpMessage(document, ["X-1"], 3, new(2026, 6, 1), district.Clock.GetUtcNow().AddMinutes(1));
        await bus.InvokeAsync(again, TestContext.Current.CancellationToken);
        Assert.Single(await consultation.EvaluationsOf(document, Tokens.DraftingHousing));
        await consultation.Post(Tokens.OpennessOffice, $"evaluations/{id}/dismiss", new { reason = "另行处理" });
        await bus.InvokeAsync(again, TestContext.Current.CancellationToken);
        await bus.InvokeAsync(again, TestContext.Current.CancellationToken);
        Assert.Equal(2, (await consultation.EvaluationsOf(document, Tokens.DraftingHousing)).Length);
    }

    [Fact]
    public void a_document_is_due_by_its_dates_and_the_end_of_its_term_comes_first()
    {
        var rules = new ProposalRules(24, 6, 200);
        var today = new DateOnly(2026, 6, 1);
        DocumentTerm term = new(Guid.NewGuid()) { EffectiveFrom = new(2024, 6, 1), AwaitsAge = true };
        Assert.Equal(EvaluationCause.LongInForce, rules.Due(term, today)?.Cause);
        Assert.Null(rules.Due(term, today.AddDays(-1)));
        Assert.Null(rules.Due(term with { AwaitsAge = false }, today));
        Assert.Null(rules.Due(term with { EffectiveFrom = null }, today));
        Assert.Null(rules.Due(term with { EndedFrom = today }, today));
        Assert.Equal(EvaluationCause.LongInForce, rules.Due(term with { EndedFrom = today.AddDays(1) }, today)?.Cause);
        var ending = term with { ExpiresOn = new(2026, 12, 1), AwaitsEnd = true };
        Assert.Equal(
            (EvaluationCause.TermEnds, ending.ExpiresOn),
            (rules.Due(ending, today)!.Value.Cause, rules.Due(ending, today)!.Value.DueOn)
        );
        Assert.Equal(EvaluationCause.LongInForce, rules.Due(ending with { ExpiresOn = new(2026, 12, 2) }, today)?.Cause);
        Assert.Null(rules.Due(ending with { ExpiresOn = today.AddDays(-1) }, today));
        // One proposal sees to both; the age of what is young is still seen to later.
        Assert.Equal(ending with { AwaitsAge = false, AwaitsEnd = false }, rules.SeenTo(ending, EvaluationCause.TermEnds, today));
        var young = ending with { EffectiveFrom = new(2026, 1, 1) };
        Assert.Equal(young with { AwaitsEnd = false }, rules.SeenTo(young, EvaluationCause.TermEnds, today));
    }

    async Task<JsonElement> Proposed(IAlbaHost consultation, Guid document) =>
        await Calls.Eventually<JsonElement>(async () =>
        {
            await Hours(consultation, 1);
            return (await consultation.EvaluationsOf(document, Tokens.DraftingHousing)) is [var one] ? one : null;
        });

    // The hours pass one by one, with a call between them: whoever waits for the clock is woken.
    async Task Hours(IAlbaHost consultation, int hours)
    {
        for (; hours > 0; hours--)
        {
            district.Clock.Advance(TimeSpan.FromHours(1));
            await consultation.Get(null, "evaluations");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
