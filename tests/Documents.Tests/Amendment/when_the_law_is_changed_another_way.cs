using System.Text.Json;
using Alba;
using PolicyPlatform.Documents.Tests.Exchange;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Amendment;

/// <summary>There is no way around: whatever changes the law in force is ordered, done by two, or counted.</summary>
public sealed class when_the_law_is_changed_another_way(CarefulDistrict careful) : IClassFixture<CarefulDistrict>
{
    const string Text = "第一条 补贴一千元。\n第二条 本办法自公布之日起施行。";

    static readonly string OtherOffice = Tokens.For("other-office", "370114-ZWGK", "publisher");

    IAlbaHost Documents => careful.District.Documents;

    IAlbaHost Catalog => careful.District.Catalog;

    [Fact]
    public async Task what_comes_back_into_force_is_ordered_or_counted()
    {
        var id = await Published("绕行发〔2026〕1号", "测试区恢复办法");
        var other = await Published("绕行发〔2026〕2号", "测试区别的办法");
        var notice = await Published("绕行发〔2026〕3号", "关于恢复施行有关文件的通知", "恢复施行绕行发〔2026〕1号文件。");
        await Repeal();
        Assert.Equal(["way"], GatesOf(await Restore(new { reason = "误登记" }, 409)));
        var unnamed = await Restore(new { reason = "误登记", orderedBy = other }, 409);
        Assert.Equal(("document.order.missing", "/orderedBy"), (unnamed.Code(), Assert.Single(unnamed.Pointers())));
        Assert.Equal("order.unnamed", unnamed.GetProperty("errors")[0].Code());
        // What was looked for.
        Assert.Contains("《测试区恢复办法》、绕行发〔2026〕1号", unnamed.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("repealed", await Validity(id));
        await Restore(new { reason = "误登记", orderedBy = notice }, 200);
        Assert.Equal("inForce", await Validity(id));
        Assert.Equal($"/api/v1/documents/{notice}", (await Last(id)).GetProperty("link").GetString());
        Assert.DoesNotContain("restored", await Counted(id));

        await Repeal();
        await Restore(new { reason = "误登记", emergencyReason = "群众正在申领。" }, 200);
        Assert.Contains("restored", await Counted(id));

        // Or somebody else consents, to this and to nothing else.
        var counted = (await Counted(id)).Length;
        await Repeal();
        await Consent(Tokens.For("openness-office", null, "signer"), new { restore = true });
        Assert.Equal(["way"], GatesOf(await Restore(new { reason = "误登记" }, 409)));
        await Consent(Tokens.Signing, new { restore = true });
        await Restore(new { reason = "误登记" }, 200);
        Assert.Equal(counted + 1, (await Counted(id)).Length);
        Assert.Equal("document.state.wrong", (await Consent(Tokens.Signing, new { restore = true }, 409)).Code());
        // What cannot be done at all is told before the ground that it lacks, and the ground is asked of who can give it.
        Assert.Equal("document.state.wrong", (await Restore(new { reason = "误登记" }, 409)).Code());
        Assert.Equal("publisher", ActorOf(await Ends("repeal", new { reason = "废止" }, 409)));
        Assert.Equal("signer", ActorOf(await Ends("expiry", new { reason = "延长", expiresOn = "2031-05-31" }, 409)));
        await Repeal();
        Assert.Equal("signer", ActorOf(await Restore(new { reason = "误登记" }, 409)));
        Assert.Equal("document.state.wrong", (await Ends("repeal", new { reason = "废止" }, 409)).Code());
        Assert.Equal("document.state.wrong", (await Ends("supersede", new { reason = "替代", supersededBy = other }, 409)).Code());
        Assert.Equal("document.state.wrong", (await Ends("expiry", new { reason = "延长", expiresOn = "2031-05-31" }, 409)).Code());

        Task<JsonElement> Ends(string how, object body, int expected) =>
            Documents.Post(Tokens.OpennessOffice, $"documents/{id}/{how}", body, expected);

        static string? ActorOf(JsonElement of) => Assert.Single(of.GetProperty("gates").EnumerateArray()).GetProperty("actor").GetString();
        Assert.Equal("consent.empty", (await Consent(Tokens.Signing, new { kind = "normative" }, 422)).GetProperty("errors")[0].Code());

        Task<JsonElement> Consent(string token, object to, int expected = 200) =>
            Documents.Post(token, $"documents/{id}/consent", to, expected);

        Task Repeal() =>
            Documents.Post(Tokens.OpennessOffice, $"documents/{id}/repeal", new { reason = "停止执行。", emergencyReason = "紧急。" });

        Task<JsonElement> Restore(object body, int expected) =>
            Documents.Post(Tokens.OpennessOffice, $"documents/{id}/restore", body, expected);
    }

    [Fact]
    public async Task days_that_are_put_right_are_ordered_or_counted_once_and_other_elements_are_put_right_as_ever()
    {
        var id = await Published("绕行发〔2026〕11号", "测试区日期办法");
        await Elements(
            new
            {
                subject = "CXJS",
                writtenOn = "2026-05-19",
                reason = "成文日期有误",
            },
            200
        );
        foreach (
            var moves in new object[]
            {
                new { effectiveFrom = "2026-05-25", reason = "施行日期有误" },
                new { expiresOn = "2027-05-31", reason = "遗漏有效期" },
            }
        )
            Assert.Equal(["way"], GatesOf(await Elements(moves, 409)));
        // More rules, and then fewer.
        await Elements(new { kind = "normative", reason = "种类有误" }, 200);
        Assert.Equal(["way"], GatesOf(await Elements(new { kind = "other", reason = "种类有误" }, 409)));
        Assert.Empty(await Counted(id));
        await Elements(
            new
            {
                effectiveFrom = "2026-05-25",
                expiresOn = "2029-05-31",
                reason = "日期有误",
                emergencyReason = "群众正在申领。",
            },
            200
        );
        Assert.Equal(["elementsCorrected"], await Counted(id));
        var notice = await Published("绕行发〔2026〕12号", "关于延长《测试区日期办法》有效期的通知");
        await Elements(
            new
            {
                expiresOn = "2031-05-31",
                reason = "延长",
                orderedBy = notice,
            },
            200
        );
        // A term is changed on the same grounds where it is extended, too.
        Assert.Equal(
            ["way"],
            GatesOf(
                await Documents.Post(
                    Tokens.OpennessOffice,
                    $"documents/{id}/expiry",
                    new { expiresOn = "2032-05-31", reason = "延长" },
                    409
                )
            )
        );
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/expiry",
            new
            {
                expiresOn = "2032-05-31",
                reason = "延长",
                orderedBy = notice,
            }
        );
        // A signer consents to one day, once.
        await Documents.Post(Tokens.Signing, $"documents/{id}/consent", new { expiresOn = "2033-05-31" });
        Assert.Equal(["way"], GatesOf(await Elements(new { expiresOn = "2034-05-31", reason = "误登记" }, 409)));
        await Elements(new { expiresOn = "2033-05-31", reason = "误登记" }, 200);
        await Elements(new { expiresOn = "2032-05-31", reason = "误登记" }, 409);
        await Documents.Post(Tokens.Signing, $"documents/{id}/consent", new { effectiveFrom = "2026-05-26", kind = "other" });
        await Elements(
            new
            {
                effectiveFrom = "2026-05-26",
                kind = "other",
                reason = "误登记",
            },
            200
        );
        Assert.Equal(["elementsCorrected"], await Counted(id));

        Task<JsonElement> Elements(object body, int expected) =>
            Documents.Post(Tokens.OpennessOffice, $"documents/{id}/elements", body, expected);
    }

    [Fact]
    public async Task who_proposed_what_ends_a_document_does_not_apply_it_alone()
    {
        var ids = new List<Guid>();
        for (var n = 0; n < 4; n++)
            ids.Add(
                await Publish($"绕行发〔2026〕2{n}号", $"清理绕行办法{n}", "第一条 补贴一千元。", new { effectiveFrom = "2026-05-25" })
            );
        var decision = await Published(
            "绕行发〔2026〕29号",
            "测试区人民政府关于公布文件清理结果的通知",
            "宣布废止下列文件：\n1.《清理绕行办法0》（绕行发〔2026〕20号）"
        );
        var first = await CleanUp("清理绕行办法0");
        await Outcome(first, ids[0], "repeal", Tokens.OpennessOffice);
        var alone = await Apply(first, Tokens.OpennessOffice, new { }, 409);
        Assert.Equal(["way"], GatesOf(alone));
        Assert.Equal(($"/documents/{ids[0]}", "cleanUp.alone"), (Assert.Single(alone.Pointers()), alone.GetProperty("errors")[0].Code()));
        var unnamed = await Apply(first, Tokens.OpennessOffice, new { decidedBy = ids[1] }, 409);
        Assert.Equal(("document.order.missing", "order.unnamed"), (unnamed.Code(), unnamed.GetProperty("errors")[0].Code()));
        Assert.Equal("inForce", await Validity(ids[0]));
        await Apply(first, Tokens.OpennessOffice, new { decidedBy = decision }, 200);
        Assert.Equal("repealed", await Validity(ids[0]));
        var repealedBy = Assert.Single(
            (await Documents.Get(null, $"documents/{ids[0]}/relations")).GetProperty("relations").EnumerateArray()
        );
        Assert.Equal(
            ("repeals", decision),
            (repealedBy.GetProperty("kind").GetString(), repealedBy.GetProperty("document").GetProperty("id").GetGuid())
        );

        // Proposed by one, applied by another.
        var second = await CleanUp("清理绕行办法1");
        await Outcome(second, ids[1], "declareExpired", Tokens.OpennessOffice);
        // A result that is named names the document, whoever proposed its end.
        Assert.Equal("document.order.missing", (await Apply(second, OtherOffice, new { decidedBy = decision }, 409)).Code());
        await Apply(second, OtherOffice, new { }, 200);
        Assert.Equal("expired", await Validity(ids[1]));
        var third = await CleanUp("清理绕行办法2");
        await Outcome(third, ids[2], "repeal", Tokens.DraftingHousing);
        // What the publisher proposes in its place is the publisher's.
        await Outcome(third, ids[2], "declareExpired", Tokens.OpennessOffice);
        await Apply(third, Tokens.OpennessOffice, new { }, 409);
        await Outcome(third, ids[2], "repeal", Tokens.DraftingHousing);
        await Apply(third, Tokens.OpennessOffice, new { }, 200);
        Assert.Empty(await Counted(ids[2]));

        var fourth = await CleanUp("清理绕行办法3");
        await Outcome(fourth, ids[3], "repeal", Tokens.OpennessOffice);
        await Apply(fourth, Tokens.OpennessOffice, new { emergencyReason = "上级限今日完成。" }, 200);
        Assert.Equal(["repealed"], await Counted(ids[3]));
    }

    [Fact]
    public async Task who_concluded_an_evaluation_does_not_apply_it_alone()
    {
        var id = await Published("绕行发〔2026〕31号", "后评估绕行办法");
        var evaluation = Guid.NewGuid();
        await Documents.Hears(
            new Contracts.Consultation.V1.EvaluationConcludedMessage(
                evaluation,
                id,
                5,
                "repeal",
                "不再需要。",
                new(2026, 6, 1),
                "openness-office"
            )
        );
        Assert.Equal(["way"], GatesOf(await Apply(evaluation, Tokens.OpennessOffice, new { }, 409)));
        await Apply(evaluation, OtherOffice, new { }, 200);
        Assert.Equal("repealed", await Validity(id));
    }

    [Fact]
    public async Task what_orders_a_change_names_the_document_and_is_in_force()
    {
        var id = await Published("绕行发〔2026〕41号", "关于印发《测试区依据办法》的通知");
        var unrelated = await Published("绕行发〔2026〕42号", "关于修改《测试区另一办法》的决定");
        var based = await Published("绕行发〔2026〕43号", "测试区依据细则", "根据《测试区依据办法》，制定本细则。");
        foreach (var other in new[] { unrelated, based })
            Assert.Equal("document.order.missing", (await Amend(id, other, 409)).Code());
        var counted = (await Counted(id)).Length;
        await Amend(id, unrelated, 201, emergency: "须即日施行。");
        Assert.Equal(counted + 1, (await Counted(id)).Length);

        // By the name within its title, by its number, by what it was called.
        var within = await Published("绕行发〔2026〕44号", "关于修改《测试区依据办法》的决定");
        await Amend(id, within, 201);
        var numbered = await Published("绕行发〔2026〕45号", "关于修改有关文件的决定", "决定对绕行发〔2026〕41号文件作如下修改：略。");
        await Amend(id, numbered, 201);
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/elements",
            new
            {
                title = "关于印发《测试区真正依据办法》的通知",
                documentNumber = "绕行发〔2026〕410号",
                reason = "登记有误",
            }
        );
        // Each is carried out once.
        Assert.Equal("order.used", (await Amend(id, within, 409)).GetProperty("errors")[0].Code());
        var within2 = await Published("绕行发〔2026〕441号", "关于再次修改《测试区依据办法》的决定");
        var numbered2 = await Published(
            "绕行发〔2026〕451号",
            "关于再次修改有关文件的决定",
            "决定对绕行发〔2026〕41号文件作如下修改：略。"
        );
        await Amend(id, within2, 201);
        await Amend(id, numbered2, 201);
        Assert.Equal(counted + 1, (await Counted(id)).Length);

        // Who gives it, or what orders, a name alone changes nothing by it.
        var borrowed = await Published("绕行发〔2026〕49号", "测试区借名办法");
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{borrowed}/elements",
            new { title = "关于修改《测试区依据办法》的又一决定", reason = "登记有误" }
        );
        Assert.Equal("document.order.missing", (await Amend(id, borrowed, 409)).Code());
        var called = await Published("绕行发〔2026〕50号", "关于修改《测试区真正依据办法》的决定");
        Assert.Equal("document.order.missing", (await Amend(id, called, 409)).Code());
        await Amend(id, called, 201, token: OtherOffice);

        // Not in force on the day of the change, not any more, or not public.
        var later = await Publish(
            "绕行发〔2026〕46号",
            "关于修改《测试区依据办法》的第二个决定",
            Text,
            new { effectiveFrom = "2026-07-01", datesReason = "另定" }
        );
        Assert.Equal("order.notInForce", (await Amend(id, later, 409)).GetProperty("errors")[0].Code());
        await Documents.Post(Tokens.OpennessOffice, $"documents/{within}/repeal", new { reason = "废止。", emergencyReason = "紧急。" });
        Assert.Equal("order.notInForce", (await Amend(id, within, 409)).GetProperty("errors")[0].Code());
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{numbered}/take-down",
            new
            {
                ground = "mistake",
                explanation = "正在核对。",
                reason = "核对",
            }
        );
        Assert.Equal(["/amendedBy"], (await Amend(id, numbered, 422)).Pointers());

        // It orders what it says on the day, not what it said before or will say.
        var saying = await Published("绕行发〔2026〕490号", "关于有关文件的决定", "修改《测试区依据办法》。");
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{saying}/amendments",
            new
            {
                text = "修改别的文件。",
                changeNote = "修改",
                effectiveFrom = "2026-06-01",
                emergencyReason = "紧急。",
            },
            201
        );
        Assert.Equal("order.unnamed", (await Amend(id, saying, 409, token: OtherOffice)).GetProperty("errors")[0].Code());

        // What stands in its place says so.
        var inPlace = await Published("绕行发〔2026〕47号", "测试区全新办法");
        Assert.Equal("document.order.missing", (await Supersede(inPlace, 409)).Code());
        var saysSo = await Published("绕行发〔2026〕48号", "测试区替代办法", Text + "\n第三条 《测试区依据办法》同时废止。");
        await Supersede(saysSo, 200);

        Task<JsonElement> Supersede(Guid by, int expected) =>
            Documents.Post(Tokens.OpennessOffice, $"documents/{id}/supersede", new { supersededBy = by, reason = "替代" }, expected);
    }

    int texts;

    Task<JsonElement> Amend(Guid id, Guid by, int expected, string? emergency = null, string? token = null) =>
        Documents.Post(
            token ?? Tokens.OpennessOffice,
            $"documents/{id}/amendments",
            new
            {
                text = $"第一条 补贴{++texts}元。",
                changeNote = "修改",
                effectiveFrom = "2026-06-01",
                amendedBy = by,
                emergencyReason = emergency,
            },
            expected
        );

    [Fact]
    public async Task an_import_completes_the_history_and_does_not_change_what_is_in_force()
    {
        var id = await Publish("绕行发〔2026〕51号", "测试区导入办法", Text, new { effectiveFrom = "2026-06-01" });
        Assert.Equal("extended", (await Import("2026-01-01", "第一条 旧的。")).GetProperty("outcome").GetString());
        foreach (var day in new[] { "2026-06-02", "2026-12-01" })
        {
            var refused = await Import(day, "第一条 补贴九千元。");
            Assert.Equal("refused", refused.GetProperty("outcome").GetString());
            Assert.Equal("revision.needsWay", refused.GetProperty("errors")[0].Code());
        }
        Assert.Equal(2, (await Documents.Get(null, $"documents/{id}/revisions")).GetProperty("items").GetArrayLength());

        // What bodies above the district issue they publish themselves.
        await Catalog.Post(
            Tokens.OpennessOffice,
            "organisations",
            new
            {
                code = "37",
                name = "测试省人民政府",
                type = "province",
                validFrom = "2020-01-01",
            },
            201
        );
        Assert.Equal(
            "created",
            (await Line("测省政发〔2024〕1号", "测试省办法", "37", "2024-01-01", "第一条 一。")).GetProperty("outcome").GetString()
        );
        Assert.Equal(
            "extended",
            (await Line("测省政发〔2024〕1号", "测试省办法", "37", "2026-05-01", "第一条 二。")).GetProperty("outcome").GetString()
        );

        // What one publisher puts right alone makes nobody above the district of a department.
        var issuers = $"documents/{id}/elements";
        await Documents.Post(Tokens.OpennessOffice, issuers, new { issuers = new[] { "37" }, reason = "发文机关有误" });
        var elsewhere = await Line("绕行发〔2026〕51号", "测试区导入办法", "37", "2026-06-02", "第一条 补贴九千元。");
        Assert.Equal("revision.needsWay", elsewhere.GetProperty("errors")[0].Code());
        await Documents.Post(Tokens.OpennessOffice, issuers, new { issuers = new[] { "370114-ZJ" }, reason = "发文机关有误" });

        Task<JsonElement> Import(string day, string text) => Line("绕行发〔2026〕51号", "测试区导入办法", "370114-ZJ", day, text);

        async Task<JsonElement> Line(string documentNumber, string title, string issuer, string effectiveFrom, string text) =>
            Assert.Single(
                await Documents.Import(
                    JsonSerializer.Serialize(
                        new
                        {
                            documentNumber,
                            title,
                            issuers = new[] { issuer },
                            revisions = new[] { new { text, effectiveFrom } },
                        }
                    )
                )
            );
    }

    [Fact]
    public async Task a_prepared_text_that_is_given_up_is_made_public_by_nothing_and_nothing_builds_on_it()
    {
        var id = await Published("绕行发〔2026〕61号", "测试区放弃办法");
        await Documents.Post(
            Tokens.DraftingHousing,
            $"documents/{id}/revisions",
            new { text = "第一条 全新的内容。", files = new object[] { new { name = "内部.csv", content = "1,2"u8.ToArray() } } },
            201
        );
        await Documents.Post(Tokens.DraftingHousing, $"documents/{id}/review", new { });
        await Documents.Post(Tokens.Signing, $"documents/{id}/sign", new { });
        Assert.Equal(["/reason"], (await Withdraw(2, Tokens.DraftingHousing, 422, "")).Pointers());
        Assert.Equal("document.notFound", (await Withdraw(2, Tokens.DraftingEducation, 404)).Code());
        Assert.Equal("revision.notFound", (await Withdraw(1, Tokens.DraftingHousing, 404)).Code());
        await Withdraw(2, Tokens.DraftingHousing, 200);
        Assert.Equal("revision.notFound", (await Withdraw(2, Tokens.DraftingHousing, 404)).Code());

        var document = await Documents.Get(Tokens.DraftingHousing, $"documents/{id}");
        Assert.Equal((JsonValueKind.Null, 0), (document.GetProperty("prepared").ValueKind, document.GetProperty("gates").GetArrayLength()));
        Assert.Equal("document.state.wrong", (await Documents.Post(Tokens.Signing, $"documents/{id}/sign", new { }, 409)).Code());
        Assert.Equal("revision.unknown", (
                await Documents.Post(
                    Tokens.OpennessOffice,
                    $"documents/{id}/amendments",
                    new
                    {
                        revision = 2,
                        changeNote = "修改",
                        effectiveFrom = "2026-06-01",
                    },
                    422
                )
            ).GetProperty("errors")[0].Code());
        // It stays for those who work on the document, with the reason.
        var given = await Last(id, Tokens.DraftingHousing);
        Assert.Equal(("revisionWithdrawn", "不再修改"), (given.GetProperty("what").GetString(), given.GetProperty("note").GetString()));
        Assert.Contains(
            "全新",
            (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/revisions/2")).GetRawText(),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(
            "revisionWithdrawn",
            (await Documents.Get(null, $"documents/{id}/history")).GetRawText(),
            StringComparison.Ordinal
        );
        Assert.Equal("revision.notFound", (await Documents.Get(null, $"documents/{id}/revisions/2", 404)).Code());

        // A file is attached to the text in force, whose blocks keep their ids, and to nothing that was given up.
        await Documents.Scenario(s =>
        {
            s.As(Tokens.DraftingHousing)
                .Post.ByteArray("3,4"u8.ToArray())
                .ToUrl($"/api/v1/documents/{id}/files")
                .QueryString("name", "附表.csv");
            s.StatusCodeShouldBe(201);
        });
        var third = await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/revisions/3");
        var inForce = await Documents.Get(null, $"documents/{id}/revisions/current");
        Assert.Equal(Blocks(inForce), Blocks(third));
        Assert.Equal("附表.csv", Assert.Single(third.GetProperty("files").EnumerateArray()).GetProperty("name").GetString());
        // What is amended otherwise has the files that the public had.
        await Withdraw(3, Tokens.DraftingHousing, 200);
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/amendments",
            new
            {
                text = Text + "\n第三条 甲。",
                changeNote = "修改",
                effectiveFrom = "2026-06-01",
                emergencyReason = "紧急。",
            },
            201
        );
        var current = await Documents.Get(null, $"documents/{id}/revisions/current");
        Assert.Empty(current.GetProperty("files").EnumerateArray());
        Assert.Equal(Blocks(inForce), Blocks(current).Take(2));
        Assert.True((await Documents.Get(null, $"documents/{id}/integrity")).GetProperty("intact").GetBoolean());

        Task<JsonElement> Withdraw(int revision, string token, int expected, string reason = "不再修改") =>
            Documents.Post(token, $"documents/{id}/revisions/{revision}/withdraw", new { reason }, expected);

        static IEnumerable<(string?, string?)> Blocks(JsonElement text) =>
            text.GetProperty("blocks").EnumerateArray().Select(b => (b.GetProperty("id").GetString(), b.GetProperty("text").GetString()));
    }

    [Fact]
    public async Task what_is_to_be_amended_is_drafted_by_who_took_over_from_its_issuer()
    {
        foreach (var code in new[] { "ENDS-1", "ENDS-2", "ENDS-3" })
            await Catalog.Post(
                Tokens.OpennessOffice,
                "organisations",
                new
                {
                    code,
                    name = $"撤并局{code}",
                    type = "department",
                    parent = "370114",
                    validFrom = "2020-01-01",
                },
                201
            );
        var followed = await Published("绕行发〔2026〕71号", "撤并前办法甲", issuer: "ENDS-1");
        var alone = await Published("绕行发〔2026〕72号", "撤并前办法乙", issuer: "ENDS-3");
        // Twice, one after the other.
        await Dissolve("ENDS-1", "ENDS-2");
        await Dissolve("ENDS-2", "370114-JY");
        await Dissolve("ENDS-3", null);

        var first = await CleanUp("撤并前办法甲");
        await Outcome(first, followed, "amend", Tokens.OpennessOffice);
        await Apply(first, Tokens.OpennessOffice, new { }, 200);
        Assert.Equal("370114-JY", await IssuerOfDraft(first));

        var second = await CleanUp("撤并前办法乙");
        await Outcome(second, alone, "amend", Tokens.OpennessOffice);
        var refused = await Apply(second, Tokens.OpennessOffice, new { }, 422);
        Assert.Equal(
            ($"/documents/{alone}", "cleanUp.issuer.dissolved"),
            (Assert.Single(refused.Pointers()), refused.GetProperty("errors")[0].Code())
        );
        await Documents.Post(
            Tokens.OpennessOffice,
            $"cleanups/{second}/assignments",
            new { documents = new[] { alone }, body = "370114-ZJ" }
        );
        await Apply(second, Tokens.OpennessOffice, new { }, 200);
        Assert.Equal("370114-ZJ", await IssuerOfDraft(second));

        Task Dissolve(string code, string? successor) =>
            Catalog.Post(Tokens.OpennessOffice, $"organisations/{code}/dissolve", new { successor, reason = "机构改革" });

        async Task<string?> IssuerOfDraft(Guid cleanUp)
        {
            var draft = (await Documents.Get(Tokens.OpennessOffice, $"cleanups/{cleanUp}"))
                .GetProperty("items")[0]
                .GetProperty("draft")
                .GetGuid();
            return Assert
                .Single((await Documents.Get(Tokens.OpennessOffice, $"documents/{draft}")).GetProperty("issuers").EnumerateArray())
                .GetString();
        }
    }

    [Fact]
    public async Task a_signature_is_another_ones_and_covers_the_days_after_it_alone()
    {
        var id = await Publish("绕行发〔2026〕81号", "测试区签字办法", "第一条 补贴一千元。", new { effectiveFrom = "2026-05-25" });
        await Documents.Post(Tokens.DraftingHousing, $"documents/{id}/revisions", new { text = "第一条 改。" }, 201);
        await Documents.Post(Tokens.DraftingHousing, $"documents/{id}/review", new { });
        Assert.Equal(
            ["signature"],
            GatesOf(await Documents.Post(Tokens.For("drafting-housing", null, "signer"), $"documents/{id}/sign", new { }, 409))
        );
        await Documents.Post(Tokens.Signing, $"documents/{id}/sign", new { });
        var early = await Post(
            new
            {
                revision = 2,
                changeNote = "修改",
                effectiveFrom = "2026-05-31",
            },
            "amendments",
            422
        );
        Assert.Equal(("/effectiveFrom", "date.tooEarly"), (Assert.Single(early.Pointers()), early.GetProperty("errors")[0].Code()));
        // An amendment was signed, and no correction, which holds from the first day on.
        Assert.Equal(["signature"], GatesOf(await Post(new { revision = 2, changeNote = "更正" }, "corrections", 409)));
        Assert.Equal(["/corrects"], (await Documents.Post(Tokens.Signing, $"documents/{id}/sign", new { corrects = 9 }, 422)).Pointers());
        await Documents.Post(Tokens.Signing, $"documents/{id}/sign", new { corrects = 1 });
        Assert.Equal(
            ["signature"],
            GatesOf(
                await Post(
                    new
                    {
                        revision = 2,
                        changeNote = "修改",
                        effectiveFrom = "2026-06-01",
                    },
                    "amendments",
                    409
                )
            )
        );
        // Signed, it is no emergency, whatever is said.
        await Post(
            new
            {
                revision = 2,
                changeNote = "更正",
                emergencyReason = "没有必要。",
            },
            "corrections",
            201
        );
        Assert.Empty(await Counted(id));

        var draft = await Documents.Draft(Text, "测试区倒签办法");
        await Documents.Post(Tokens.DraftingHousing, $"documents/{draft}/review", new { });
        await Documents.Post(Tokens.Signing, $"documents/{draft}/sign", new { });
        await Documents.Exempt(draft);
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{draft}/issue",
            new { documentNumber = "绕行发〔2026〕82号", writtenOn = "2026-05-20" }
        );
        var refused = await Documents.Post(Tokens.OpennessOffice, $"documents/{draft}/publish", new { publishedOn = "2026-05-31" }, 422);
        Assert.Equal(
            ("/publishedOn", "date.beforeSignature"),
            (Assert.Single(refused.Pointers()), refused.GetProperty("errors")[0].Code())
        );
        // Signed it is not signed again: the day is confirmed with a reason.
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{draft}/publish",
            new { publishedOn = "2026-05-31", datesReason = "当日已上网公布。" }
        );

        Task<JsonElement> Post(object body, string path, int expected) =>
            Documents.Post(Tokens.OpennessOffice, $"documents/{id}/{path}", body, expected);
    }

    async Task<Guid> CleanUp(string words) =>
        (await Documents.Post(Tokens.OpennessOffice, "cleanups", new { title = "清理", criteria = new { q = $"\"{words}\"" } }, 201))
            .GetProperty("id")
            .GetGuid();

    Task<JsonElement> Outcome(Guid cleanUp, Guid documentId, string outcome, string token) =>
        Documents.Post(
            token,
            $"cleanups/{cleanUp}/outcomes",
            new
            {
                documentId,
                outcome,
                reason = "清理",
            }
        );

    Task<JsonElement> Apply(Guid cleanUp, string token, object body, int expected) =>
        Documents.Post(token, $"cleanups/{cleanUp}/apply", body, expected);

    Task<Guid> Published(string number, string title, string text = Text, string issuer = "370114-ZJ") =>
        Publish(number, title, text, new { }, issuer);

    async Task<Guid> Publish(string number, string title, string text, object publication, string issuer = "370114-ZJ")
    {
        var drafting = issuer == "370114-ZJ" ? Tokens.DraftingHousing : Tokens.For($"drafting-{issuer}", issuer, "drafter");
        var id = (
            await Documents.Post(
                drafting,
                "documents",
                new
                {
                    title,
                    kind = "other",
                    issuers = new[] { issuer },
                    subject = "CXJS",
                    disclosure = new { attribute = "proactive" },
                    text,
                    changeNote = "起草",
                },
                201
            )
        ).GetProperty("id").GetGuid();
        await Documents.Post(drafting, $"documents/{id}/review", new { });
        await Documents.Post(Tokens.Signing, $"documents/{id}/sign", new { });
        await Documents.Exempt(id);
        await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/issue", new { documentNumber = number, writtenOn = "2026-05-20" });
        await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/publish", publication);
        return id;
    }

    async Task<string?> Validity(Guid id) => (await Documents.Get(null, $"documents/{id}")).GetProperty("validity").GetString();

    async Task<JsonElement> Last(Guid id, string? token = null) =>
        (await Documents.Get(token, $"documents/{id}/history")).GetProperty("items")[0];

    async Task<string?[]> Counted(Guid id) =>
        [
            .. (await Documents.Get(Tokens.Supervision, "documents/emergency-changes?pageSize=200"))
                .GetProperty("items")
                .EnumerateArray()
                .Where(c => c.GetProperty("documentId").GetGuid() == id)
                .Select(c => c.GetProperty("what").GetString()),
        ];

    static IEnumerable<string?> GatesOf(JsonElement of) =>
        of.GetProperty("gates").EnumerateArray().Select(g => g.GetProperty("code").GetString());
}
