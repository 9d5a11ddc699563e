using System.Text.Json;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Shared.DocumentAccess;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Interpretation.Tests.Materials;

/// <summary>What explains a document is gone with it, at the same instant, and comes back with it.</summary>
public sealed class when_a_document_is_taken_down(District district, PostgresCluster postgres) : IClassFixture<District>
{
    const string Number = "测撤发〔2026〕11号",
        Title = $"同步办法{Number}",
        Explanation = "该文件正在核查，暂停公开。",
        Question = "夜间照明补贴怎么领？",
        Text = "第一条 为了夜间照明，制定本办法。\n第二条 夜间照明补贴为每月三百元。";

    [Fact]
    public async Task whoever_finds_it_gone_finds_nothing_of_it_anywhere()
    {
        var consultation = await district.StartConsultation();
        var interpretation = district.Interpretation!;
        var feed = new Uri(
            (await district.Catalog.Post("", "subscriptions", new { channel = "atom", filter = new { issuer = "370114-ZJ" } }, 201))
                .GetProperty("feed")
                .GetString()!
        ).PathAndQuery;
        var draft = await district.Documents.Draft(Text, Title);
        var consulted = await consultation.Consult(draft);
        var comment = await consultation.Post(
            "",
            $"consultations/{consulted}/comments",
            new
            {
                position = "suggest",
                text = "每月应为五百元。",
                anchor = new
                {
                    block = "b2",
                    start = 2,
                    end = 8,
                },
            },
            201
        );
        var receipt = comment.GetProperty("receipt").GetString();
        await consultation.Post(
            Tokens.DraftingHousing,
            $"consultations/{consulted}/moderation",
            new { release = new[] { comment.GetProperty("id").GetGuid() } }
        );
        await consultation.Post(Tokens.OpennessOffice, $"consultations/{consulted}/close", new { reason = "已收集。" });
        await consultation.Post(
            Tokens.DraftingHousing,
            $"consultations/{consulted}/feedback",
            new
            {
                answers = new[]
                {
                    new
                    {
                        comments = new[] { comment.GetProperty("id").GetGuid() },
                        outcome = "notAdopted",
                        reason = "财力所限。",
                    },
                },
            }
        );
        await consultation.Put(Tokens.OpennessOffice, $"consultations/{consulted}/summary", new { text = "收到一条意见。" });
        await consultation.Post(Tokens.OpennessOffice, $"consultations/{consulted}/complete", new { });
        var (document, material) = await district.Ready(draft, Number, "b2");
        await district.Documents.Post(Tokens.OpennessOffice, $"documents/{document}/publish", new { });
        await district.PlanIs(document, "carried");
        var answer = await interpretation.PublishedAnswer(document, "b2", Question, "到社区领取。");
        var benefit = (
            await interpretation.Post(
                Tokens.DraftingHousing,
                "benefits",
                new
                {
                    title = "夜间照明补贴",
                    benefit = "三百元",
                    documentId = document,
                    blocks = new[] { "b2" },
                    tags = new[] { "照明" },
                },
                201
            )
        ).GetProperty("id").GetGuid();
        await interpretation.Post(Tokens.OpennessOffice, $"benefits/{benefit}/publish", new { });
        await district.Catalog.Put(
            Tokens.OpennessOffice,
            "topics/lights",
            new
            {
                title = "照明一件事",
                sections = new object[]
                {
                    new
                    {
                        title = "文件和解读",
                        items = new[] { new { kind = "document", target = document }, new { kind = "interpretation", target = material } },
                        rules = new[] { new { benefitTag = "照明" } },
                    },
                },
            }
        );
        // Answered out of it at once, and a task about it.
        foreach (var (ticket, question) in new[] { ("T-11", Question), ("T-13", "路灯坏了找谁？") })
            await interpretation.Post(
                Tokens.Hotline,
                "hotline/tickets",
                new
                {
                    ticketId = ticket,
                    question,
                    body = "370114-ZJ",
                    documentId = document,
                },
                201
            );
        // Each with what tells it apart where it stands.
        var ways = new Dictionary<string, Func<Task<bool>>>
        {
            ["material"] = () => Is(interpretation.Status($"interpretations/{material}")),
            ["its document"] = () => Is(interpretation.Status($"interpretations/{material}/document")),
            ["materials"] = async () => Names(await interpretation.Get(null, "interpretations?pageSize=200"), material),
            ["materials of it"] = async () => Names(await interpretation.Get(null, $"documents/{document}/interpretations"), material),
            ["known documents"] = async () => Names(await interpretation.Get(null, "interpretations/documents?pageSize=200"), document),
            ["answer"] = () => Is(interpretation.Status($"questions/{answer}")),
            ["answers"] = async () => Names(await interpretation.Get(null, "questions?pageSize=200"), answer),
            ["found answers"] = async () => Names(await interpretation.Get(null, "questions?q=夜间照明补贴"), answer),
            ["what is asked"] = async () => Names(await interpretation.Post("", "questions/answer", new { question = Question }), document),
            ["benefit"] = () => Is(interpretation.Status($"benefits/{benefit}")),
            ["benefits"] = async () => Names(await interpretation.Get(null, "benefits?pageSize=200"), benefit),
            ["match"] = async () =>
                Names(await interpretation.Post("", "benefits/match", new { profile = new { kind = "person" } }), benefit),
            ["topic"] = async () => Names(await district.Catalog.Get(null, "topics/lights"), document),
            ["feed"] = async () =>
                (await (await district.Catalog.Scenario(s => s.Get.Url(feed))).ReadAsTextAsync()).Contains(Title, StringComparison.Ordinal),
            ["consultation"] = () => Is(consultation.Status($"consultations/{consulted}")),
            ["its text"] = () => Is(consultation.Status($"consultations/{consulted}/revisions/1")),
            ["its comments"] = () => Is(consultation.Status($"consultations/{consulted}/comments")),
            ["consultations"] = async () => Names(await consultation.Get(null, "consultations?pageSize=200"), consulted),
            ["consultations of it"] = async () => Names(await consultation.Get(null, $"documents/{document}/consultations"), consulted),
            ["consultation, written otherwise"] = () => Is(consultation.Status($"Consultations/{consulted}/Revisions/1")),
            ["quote of the own comment"] = async () =>
                (await consultation.Get(null, $"comments/{receipt}")).GetProperty("anchor").ValueKind is JsonValueKind.Object,
            ["obligations"] = async () => Names(await district.Catalog.Get(Tokens.Integration, "obligations?pageSize=200"), document),
            ["answered ticket"] = async () =>
                (await interpretation.Get(Tokens.Integration, "hotline/tickets/T-11"))
                    .GetRawText()
                    .Contains("到社区领取", StringComparison.Ordinal),
            ["tasks"] = async () => Names(await interpretation.Get(Tokens.Hotline, "interpretation-tasks"), document),
            ["library"] = async () => Names(await district.Documents.Get(null, $"library?q={Number}"), document),
        };
        foreach (var (_, way) in ways)
            await Calls.Eventually<bool>(async () => await way() ? true : null);

        using var done = new CancellationTokenSource();
        var (there, gone) = (0, 0);
        var wrong = new System.Collections.Concurrent.ConcurrentDictionary<string, int>();
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(Read)).ToArray();
        await Until(() => there > 20);
        var step = await district.Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{document}/take-down",
            new
            {
                ground = "stateSecret",
                explanation = Explanation,
                reason = "保密部门要求。",
            }
        );
        Assert.Empty(step.GetProperty("notYetIn").EnumerateArray());
        await All(false);
        await Until(() => gone > 20);
        await done.CancelAsync();
        await Task.WhenAll(readers);
        Assert.Empty(wrong);

        // The explanation stands in the place of each; those who work on it go on reading it.
        foreach (
            var path in new[]
            {
                $"interpretations/{material}",
                $"questions/{answer}",
                $"benefits/{benefit}",
                $"interpretations/{material}/document",
            }
        )
            Assert.Equal(Explanation, (await interpretation.Get(null, path, 410)).GetProperty("detail").GetString());
        Assert.Equal(Explanation, (await consultation.Get(null, $"consultations/{consulted}", 410)).GetProperty("detail").GetString());
        await interpretation.Get(Tokens.DraftingHousing, $"interpretations/{material}");
        await interpretation.Get(Tokens.DraftingHousing, $"questions/{answer}");
        await interpretation.Post(
            Tokens.Hotline,
            "hotline/tickets",
            new
            {
                ticketId = "T-12",
                question = "怎么领？",
                body = "370114-ZJ",
            },
            201
        );
        Assert.Equal(
            ["/questionId"],
            (await interpretation.Post(Tokens.Hotline, "hotline/tickets/T-12/answer", new { questionId = answer }, 422)).Pointers().Take(1)
        );
        await consultation.Get(Tokens.DraftingHousing, $"consultations/{consulted}");
        Assert.Equal(410, await interpretation.Status($"benefits/{benefit}", Tokens.DraftingEducation));
        // Subscribers hear so without its title, whatever they look for.
        await Calls.Eventually<bool>(async () =>
            (await (await district.Catalog.Scenario(s => s.Get.Url(feed))).ReadAsTextAsync()).Contains(
                "document.takenDown",
                StringComparison.Ordinal
            )
                ? true
                : null
        );
        // That it stays so is heard everywhere.
        foreach (var service in new[] { "catalog", "interpretation", "consultation" })
            await Calls.Eventually<bool>(async () =>
                await district.Count(
                    $"select count(*) from {service}.mt_doc_hiddendocument where id = '{document}' and (data ->> 'version')::int > 0"
                ) == 1
                    ? true
                    : null
            );
        await All(false);

        await district.Documents.Post(Tokens.OpennessOffice, $"documents/{document}/put-back", new { reason = "核查完毕。" });
        foreach (var (_, way) in ways)
            await Calls.Eventually<bool>(async () => await way() ? true : null);
        await Calls.Eventually<bool>(async () =>
            (await (await district.Catalog.Scenario(s => s.Get.Url(feed))).ReadAsTextAsync()).Contains(
                "document.putBack",
                StringComparison.Ordinal
            )
                ? true
                : null
        );

        async Task All(bool expected)
        {
            foreach (var (name, way) in ways)
                Assert.True(await way() == expected, name);
        }

        async Task Read()
        {
            while (!done.IsCancellationRequested)
            {
                var isGone = await district.Documents.Status($"documents/{document}") == 410;
                foreach (var (name, way) in ways)
                    if (isGone && await way())
                        wrong.AddOrUpdate(name, 1, (_, n) => n + 1);
                if (isGone)
                    Interlocked.Increment(ref gone);
                else
                    Interlocked.Increment(ref there);
            }
        }

        static async Task Until(Func<bool> holds) => await Calls.Eventually<bool>(() => Task.FromResult<bool?>(holds() ? true : null));
    }

    [Fact]
    public async Task what_was_written_for_one_text_is_gone_with_that_text_alone()
    {
        var consultation = await district.StartConsultation();
        var interpretation = district.Interpretation!;
        var draft = await district.Documents.Draft(Text, "同步办法测撤发〔2026〕13号");
        var consulted = await consultation.Consult(draft);
        await consultation.Complete(consulted);
        await district.Documents.Revise(draft, Text.Replace("三百", "五百", StringComparison.Ordinal));
        var (document, material) = await district.Ready(draft, "测撤发〔2026〕13号", "b2");
        await district.Documents.Post(Tokens.OpennessOffice, $"documents/{document}/publish", new { });
        await district.PlanIs(document, "carried");
        var answer = await interpretation.PublishedAnswer(document, "b2", "停车押金多少？", "五百元。");
        await Taken("take-down", 2);
        await All(false);
        // The text that was consulted on is another one, and was never the public's.
        Assert.Equal(200, await consultation.Status($"consultations/{consulted}"));
        await Taken("put-back", 2);
        await Calls.Eventually<bool>(async () => await interpretation.Status($"interpretations/{material}") == 200 ? true : null);
        await All(true);
        Assert.Equal(
            ["/revision"],
            (
                await district.Documents.Post(
                    Tokens.OpennessOffice,
                    $"documents/{document}/take-down",
                    new
                    {
                        ground = "mistake",
                        explanation = Explanation,
                        reason = "误",
                        revision = 1,
                    },
                    422
                )
            ).Pointers()
        );

        Task<JsonElement> Taken(string step, int revision) =>
            district.Documents.Post(
                Tokens.OpennessOffice,
                $"documents/{document}/{step}",
                step is "put-back"
                    ? new { reason = "误", revision }
                    : new
                    {
                        ground = "mistake",
                        explanation = Explanation,
                        reason = "误",
                        revision,
                    }
            );

        async Task All(bool shown)
        {
            Assert.Equal(shown ? 200 : 410, await interpretation.Status($"interpretations/{material}"));
            Assert.Equal(shown ? 200 : 410, await interpretation.Status($"questions/{answer}"));
            Assert.Equal(shown, Names(await interpretation.Get(null, "interpretations?pageSize=200"), material));
            Assert.Equal(shown, Names(await interpretation.Get(null, "questions?pageSize=200"), answer));
            Assert.Equal(shown, Names(await interpretation.Get(null, "questions?q=停车押金"), answer));
        }
    }

    [Fact]
    public async Task nobody_but_publishers_hides_a_document_and_what_is_not_confirmed_is_shown_again()
    {
        await using var own = new District(postgres);
        await own.InitializeAsync();
        var interpretation = await own.StartInterpretation();
        var (document, _) = await own.PublishedText("测撤发〔2026〕12号", Text);
        Assert.Equal(Grpc.Core.StatusCode.PermissionDenied, await Hide(Tokens.DraftingHousing));
        Assert.Equal(Grpc.Core.StatusCode.PermissionDenied, await Hide(null));
        Assert.Equal(Grpc.Core.StatusCode.OK, await Hide(Tokens.OpennessOffice));
        Assert.False(await IsShown());
        // Not before the message had its time; and while Documents cannot be asked it stays hidden.
        await interpretation.Hears(new ConfirmHidden(document));
        Assert.False(await IsShown());
        own.Clock.Advance(TimeSpan.FromMinutes(16));
        await interpretation.Hears(new ConfirmHidden(document));
        Assert.True(await IsShown());

        // What is heard late changes nothing that is newer, and nothing that was asked since.
        var down = new DocumentVisibilityChangedMessage(document, 100, null, false, [new(null, Explanation)], ["370114-ZJ"], null);
        var back = down with { Version = 101, PutBack = true, Down = [] };
        await interpretation.Hears(back);
        await interpretation.Hears(down);
        Assert.True(await IsShown());
        Assert.Equal(Grpc.Core.StatusCode.OK, await Hide(Tokens.OpennessOffice, 104));
        await interpretation.Hears(back with { Version = 103 });
        Assert.False(await IsShown());
        await interpretation.Hears(down with { Version = 104 });
        // Asked late, when it was put back already.
        await interpretation.Hears(back with { Version = 105 });
        Assert.Equal(Grpc.Core.StatusCode.OK, await Hide(Tokens.OpennessOffice, 104));
        Assert.True(await IsShown());

        async Task<bool> IsShown() => Names(await interpretation.Get(null, "interpretations/documents"), document);

        async Task<Grpc.Core.StatusCode> Hide(string? token, long version = 50)
        {
            using var channel = Grpc.Net.Client.GrpcChannel.ForAddress(
                "http://interpretation.test",
                new() { HttpHandler = interpretation.Server.CreateHandler() }
            );
            var headers = new Grpc.Core.Metadata();
            if (token is not null)
                headers.Add("Authorization", $"Bearer {token}");
            try
            {
                await new Contracts.Interpretation.V1.Interpretation.InterpretationClient(channel).HideDocumentAsync(
                    new()
                    {
                        DocumentId = $"{document}",
                        Explanation = Explanation,
                        Version = version,
                    },
                    headers
                );
                return Grpc.Core.StatusCode.OK;
            }
            catch (Grpc.Core.RpcException e)
            {
                return e.StatusCode;
            }
        }
    }

    static async Task<bool> Is(Task<int> status) => await status == 200;

    static bool Names(JsonElement answer, Guid id) => answer.GetRawText().Contains($"{id}", StringComparison.Ordinal);
}
