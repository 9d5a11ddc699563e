using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using PolicyPlatform.ServiceDefaults.Reading;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.Operations;

/// <summary>
/// What is taken from the public is read nowhere once that is answered, from no standby either: here one replays nothing from before it is
/// taken, and nobody knows yet that it is behind.
/// </summary>
public sealed class when_something_is_taken_from_the_public(ReplicatedDistrict<Usual> replicated) : IClassFixture<ReplicatedDistrict<Usual>>
{
    readonly District district = replicated.District;

    [Fact]
    public async Task a_document_that_is_taken_down_is_read_from_no_standby()
    {
        var consultation = await district.StartConsultation();
        var interpretation = district.Interpretation!;
        var id = await district.Documents.Publish(await district.Documents.Draft(title: "撤下办法"), "测试发〔2026〕21号");
        var question = (await interpretation.Post("", "questions", new { question = "撤下办法何时施行？" }, 201)).Id();
        await interpretation.Put(
            Tokens.Hotline,
            $"questions/{question}/answer",
            new
            {
                question = "撤下办法何时施行？",
                answer = "自公布之日起施行。",
                documentId = id,
                blocks = new[] { "b2" },
                body = "370114-ZJ",
            }
        );
        await Calls.Eventually<bool>(async () =>
            (await interpretation.Get(null, "interpretations/documents?pageSize=200")).GetRawText().Contains($"{id}") ? true : null
        );
        await interpretation.Post(Tokens.LegalReview, $"questions/{question}/approve", new { });
        await interpretation.Post(Tokens.OpennessOffice, $"questions/{question}/publish", new { });
        await interpretation.Get(null, $"questions/{question}");
        foreach (var service in new[] { district.Documents, interpretation, consultation })
            await replicated.IsRead(service);

        await WhileTheStandbyReplaysNothing(async () =>
        {
            await district.Documents.Get(null, $"documents/{id}/revisions/current");
            await district.Documents.Post(
                Tokens.OpennessOffice,
                $"documents/{id}/take-down",
                new
                {
                    ground = "personalData",
                    explanation = "该文件正在核查，暂停公开。",
                    reason = "附件名单中含有公民身份号码。",
                }
            );
            await district.Documents.Get(null, $"documents/{id}", 410);
            await district.Documents.Get(null, $"documents/{id}/revisions/current", 410);
            await district.Documents.Get(null, $"documents/{id}/revisions/1", 410);
            await interpretation.Get(null, $"questions/{question}", 410);
        });
        await district.Documents.Post(Tokens.OpennessOffice, $"documents/{id}/put-back", new { reason = "名单中没有公民身份号码。" });
        await district.Documents.Get(null, $"documents/{id}/revisions/current");
    }

    [Fact]
    public async Task comments_that_are_withdrawn_or_held_back_are_read_from_no_standby()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(title: "收回办法")).Id();
        var (withdrawn, receipt) = await consultation.Comment(id);
        var (held, _) = await consultation.Comment(id);
        var (stays, _) = await consultation.Comment(id);
        await consultation.Post(
            Tokens.DraftingHousing,
            $"consultations/{id}/moderation",
            new { release = new[] { withdrawn, held, stays } }
        );
        await replicated.IsRead(consultation);

        await WhileTheStandbyReplaysNothing(async () =>
        {
            Assert.Equal(3, await Shown());
            await consultation.Delete($"comments/{receipt}");
            Assert.Equal(2, await Shown());
        });
        await WhileTheStandbyReplaysNothing(async () =>
        {
            Assert.Equal(2, await Shown());
            var (never, _) = await consultation.Comment(id);
            await consultation.Post(
                Tokens.DraftingHousing,
                $"consultations/{id}/moderation",
                new { holdBack = new[] { new { comments = new[] { held, never }, reason = "personalData" } } }
            );
            Assert.Equal(1, await Shown());
            await consultation.Get(null, $"consultations/{id}/comments/{held}", 404);
        });

        async Task<int> Shown() => (await consultation.Get(null, $"consultations/{id}/comments")).GetProperty("items").GetArrayLength();
    }

    [Fact]
    public async Task a_text_that_is_erased_is_read_from_no_standby_where_it_was_put_up()
    {
        const string Listed = "三七〇一一四一九九一";
        var consultation = await district.StartConsultation();
        var draft = await district.Documents.Draft($"第一条 名单：{Listed}。\n第二条 本办法自公布之日起施行。", "删除办法");
        var id = (await consultation.Post(Tokens.OpennessOffice, "consultations", Consulting.Opening(draft), 201)).Id();
        await Calls.Eventually<bool>(async () =>
            (await district.Documents.Get(Tokens.DraftingHousing, $"documents/{draft}")).Word("state") == "inConsultation" ? true : null
        );
        await district.Documents.Post(Tokens.DraftingHousing, $"documents/{draft}/withdraw", new { reason = "不再制定" });
        await Calls.Eventually<bool>(async () =>
            (await consultation.Get(null, $"consultations/{id}")).Word("state") == "givenUp" ? true : null
        );
        await Calls.Eventually<bool>(async () =>
            (await district.Documents.Get(Tokens.DraftingHousing, $"documents/{draft}/history?pageSize=50"))
                .GetProperty("items")
                .EnumerateArray()
                .Any(h => h.Word("what") == "consultationFinished")
                ? true
                : null
        );
        await replicated.IsRead(consultation);

        await WhileTheStandbyReplaysNothing(async () =>
        {
            Assert.Contains(Listed, await consultation.Read(null, $"consultations/{id}"), StringComparison.Ordinal);
            await district.Documents.Post(Tokens.Privacy, $"documents/{draft}/revisions/1/erase", new { reason = "含有公民身份号码。" });
            await consultation.Get(null, $"consultations/{id}/revisions/1", 410);
            Assert.DoesNotContain(Listed, await Told(), StringComparison.Ordinal);
        });
        await Calls.Eventually<bool>(async () =>
            (await consultation.Get(null, $"consultations/{id}/revisions/1", 410)).Code() == "revision.erased" ? true : null
        );
        Assert.DoesNotContain(Listed, await consultation.Read(null, $"consultations/{id}"), StringComparison.Ordinal);

        // Hidden, or erased by now.
        async Task<string> Told() =>
            await (
                await consultation.Scenario(s =>
                {
                    s.Get.Url($"/api/v1/consultations/{id}");
                    s.IgnoreStatusCode();
                })
            ).ReadAsTextAsync();
    }

    [Fact]
    public async Task every_call_that_takes_something_from_the_public_waits_for_the_standbys()
    {
        var consultation = await district.StartConsultation();
        // What these take away nobody reads without a token or a receipt, or it is said that it was taken away and goes on being read.
        string[] elsewhere = ["eraseProfile", "eraseSender", "withdraw", "withdrawDecisionItem", "withdrawRevision"];
        var named = new[] { district.Documents, district.Catalog, district.Interpretation!, consultation }
            .SelectMany(host => host.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints))
            .Select(e => (Name: e.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName, Endpoint: e))
            .Where(e =>
                e.Name is { } name
                && new[] { "withdraw", "erase", "takeDown" }.Any(taking => name.StartsWith(taking, StringComparison.Ordinal))
            )
            .ToArray();
        Assert.NotEmpty(named);
        Assert.Equal(
            named.Select(e => e.Name).Where(n => !elsewhere.Contains(n)).Order(StringComparer.Ordinal),
            named
                .Where(e => e.Endpoint.Metadata.GetMetadata<TakesFromPublicAttribute>() is not null)
                .Select(e => e.Name)
                .Order(StringComparer.Ordinal)
        );
    }

    async Task WhileTheStandbyReplaysNothing(Func<Task> what)
    {
        await replicated.Standby.Pause();
        try
        {
            await what();
        }
        finally
        {
            await replicated.Standby.GoOn();
        }
        await replicated.IsRead(district.Documents);
    }
}
