using PolicyPlatform.Catalog.Subscriptions;
using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.Contracts.Interpretation.V1;
using PolicyPlatform.Shared.DocumentAccess;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Catalog.Tests.Subscriptions;

/// <summary>What a text is called that is taken from the public stands in no notice any more, and nowhere where a title is kept.</summary>
public sealed class when_a_text_is_taken_down(District district) : IClassFixture<District>
{
    const string Before = "夜间施工办法",
        After = "张三夜间施工办法";

    [Fact]
    public async Task nothing_is_called_after_it_until_it_is_put_back()
    {
        var feed = new Uri(
            (await district.Catalog.Post("", "subscriptions", new { channel = "atom", filter = new { issuer = "370114-ZJ" } }, 201))
                .GetProperty("feed")
                .GetString()!
        ).PathAndQuery;
        var id = await district.Documents.Publish(await district.Documents.Draft(title: Before), "测政发〔2026〕771号");
        await Feed($"<title type=\"text\">{Before}</title>", true);
        await district.Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/amendments",
            new
            {
                text = "第一条 张三夜间施工，应当停止。",
                changeNote = "改",
                title = After,
                effectiveFrom = "2026-06-01",
            },
            201
        );
        await district.Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/repeal",
            new { reason = "试验", effectiveFrom = "2026-07-01" }
        );
        await Feed("document.changed", true);
        await Feed("document.repealed", true);
        await Feed(After, true);
        await Obligations(After);
        await district.Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/take-down",
            new
            {
                ground = "personalData",
                explanation = "含有个人信息，暂停公开。",
                reason = "核查",
                revision = 2,
            }
        );
        // What was told of the text before it stays.
        await Feed(After, false);
        await Feed($"<title type=\"text\">{Before}</title>", true);
        await Obligations(Before);
        await district.Documents.Post(Tokens.OpennessOffice, $"documents/{id}/put-back", new { reason = "核查完毕", revision = 2 });
        await Feed(After, true);
        await Obligations(After);

        Task Feed(string words, bool expected) =>
            Calls.Eventually<bool>(async () =>
                (await (await district.Catalog.Scenario(s => s.Get.Url(feed))).ReadAsTextAsync()).Contains(words, StringComparison.Ordinal)
                == expected
                    ? true
                    : null
            );

        Task Obligations(string title) =>
            Calls.Eventually<bool>(async () =>
                (await district.Catalog.Get(Tokens.OpennessOffice, $"obligations?document={id}"))
                    .GetProperty("items")
                    .EnumerateArray()
                    .All(o => o.GetProperty("title").GetString() == title)
                    ? true
                    : null
            );
    }

    [Fact]
    public void what_is_called_after_a_text_that_is_not_known_is_not_shown_while_any_is_hidden()
    {
        var (document, other) = (Guid.NewGuid(), Guid.NewGuid());
        HiddenParts hidden = new([new(document, 3, [new(2, "含有个人信息。")])]);
        ObligationOverdueMessage overdue = new($"{document}", "张三办法", [], new(2026, 6, 1), document, [], true);
        foreach (
            var (message, shown) in new[]
            {
                (overdue, false),
                (overdue with { Revision = 2 }, false),
                (overdue with { Revision = 1 }, true),
                // Called after the first, and about the second.
                (overdue with { Revision = 1, ObligationId = $"{document}-r2" }, false),
                (overdue with { DocumentId = other, ObligationId = $"{other}" }, true),
            }
        )
        {
            var notice = Notices.Handle(message);
            Delivery delivery = new("", Guid.Empty, notice.EventId, notice.Type, notice.Title, new("{}"), default)
            {
                DocumentId = notice.About,
                Revisions = notice.Revisions,
            };
            Assert.Equal(shown, delivery.Refusal(hidden) is null);
            // As it was put down before it was noted what it is about.
            Assert.Equal(message.DocumentId == other, (delivery with { DocumentId = null, Revisions = null }).Refusal(hidden) is null);
        }
    }

    [Fact]
    public void each_notice_says_which_texts_it_is_called_after()
    {
        var (id, document, day) = (Guid.NewGuid(), Guid.NewGuid(), new DateOnly(2026, 6, 1));
        foreach (
            var notice in new[]
            {
                Notices.Handle(new ObligationDueSoonMessage($"{document}", "办法", ["370114-ZJ"], day, document, [], true, 2)),
                Notices.Handle(new ObligationOverdueMessage($"{document}-r2", "办法", ["370114-ZJ"], day, document, [], true, 2)),
                Notices.Handle(new MaterialPublishedMessage(id, document, "解读", "text", Revision: 2)),
                Notices.Handle(new BenefitPublishedMessage(id, 1, document, "补贴", "370114-ZJ", [], 2)),
                Notices.Handle(new BenefitOfferedMessage(id, 1, 0, document, "补贴", "a", [], Revision: 2)),
                Notices.Handle(new FeedbackDueMessage(id, "办法", "370114-ZJ", day, 1, document, [2])),
                Notices.Handle(new CommentsWaitingMessage(id, "办法", "370114-ZJ", day, 1, day, day, document, [2])),
                Notices.Handle(new ConsultationEndedMessage(id, document, 1, true, day, 0, "办法", "370114-ZJ", [], null, [2]))!,
                Notices.Handle(
                    new FeedbackGivenMessage(id, id, document, "办法", "370114-ZJ", [], null, [], 0, 0, 1, DateTimeOffset.UnixEpoch, [2])
                ),
            }
        )
            Assert.Equal((document, 2), (notice.DocumentId ?? notice.Draft?.DocumentId ?? notice.About, Assert.Single(notice.Revisions!)));
    }
}
