using System.Text.Json;
using Alba;
using PolicyPlatform.Documents.Tests.Exchange;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Amendment;

/// <summary>What was said of a published document by mistake is put right with a reason, and both stay in the history.</summary>
public sealed class when_elements_are_put_right(District district) : IClassFixture<District>
{
    IAlbaHost Documents => district.Documents;

    [Fact]
    public async Task two_documents_that_have_the_number_of_each_other_exchange_them_at_once()
    {
        var (one, two) = (await Numbered("互换办法甲", "测换发〔2026〕1号"), await Numbered("互换办法乙", "测换发〔2026〕2号"));
        // By itself neither can have the other's.
        var taken = await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{one}/elements",
            new { documentNumber = "测换发〔2026〕2号", reason = "文号互换" },
            409
        );
        Assert.Equal("document.number.taken", taken.Code());
        Assert.Contains("exchangeWith", taken.GetProperty("detail").GetString(), StringComparison.Ordinal);

        object exchange = new
        {
            documentNumber = "测换发[2026]2号",
            title = "互换办法（甲）",
            exchangeWith = two,
            reason = "登记时两件文号互换",
        };
        await Documents.Post(Tokens.OpennessOffice, $"documents/{one}/elements", exchange);
        // Who says which number it gets can say it twice.
        await Documents.Post(Tokens.OpennessOffice, $"documents/{one}/elements", exchange);
        Assert.Equal(
            [("测换发〔2026〕2号", "互换办法（甲）"), ("测换发〔2026〕1号", "互换办法乙")],
            await Task.WhenAll(
                new[] { one, two }.Select(async d =>
                    await Documents.Get(null, $"documents/{d}") is var view
                        ? (view.GetProperty("documentNumber").GetString(), view.GetProperty("title").GetString())
                        : default
                )
            )
        );
        foreach (var (document, other, said) in new[] { (one, two, "1号 → 测换发〔2026〕2号"), (two, one, "2号 → 测换发〔2026〕1号") })
        {
            var entry = (await Documents.Get(null, $"documents/{document}/history")).GetProperty("items")[0];
            Assert.Equal(
                ("登记时两件文号互换", $"/api/v1/documents/{other}"),
                (entry.GetProperty("note").GetString(), entry.GetProperty("link").GetString())
            );
            Assert.Contains(said, entry.GetProperty("summary").GetString(), StringComparison.Ordinal);
        }
        // Both numbers are still those of one document each.
        foreach (var number in new[] { "测换发〔2026〕1号", "测换发〔2026〕2号" })
            await Documents.Post(
                Tokens.OpennessOffice,
                $"documents/{await Numbered("互换办法丙", $"测换发〔2026〕{Interlocked.Increment(ref serial)}号")}/elements",
                new { documentNumber = number, reason = "文号有误" },
                409
            );
        // Without saying which: back again.
        await Documents.Post(Tokens.OpennessOffice, $"documents/{two}/elements", new { exchangeWith = one, reason = "更正有误" });
        Assert.Equal("测换发〔2026〕1号", (await Documents.Get(null, $"documents/{one}")).GetProperty("documentNumber").GetString());
    }

    [Fact]
    public async Task what_cannot_be_exchanged_says_why()
    {
        var one = await Numbered("不换办法甲", "测换发〔2026〕51号");
        var two = await Numbered("不换办法乙", "测换发〔2026〕52号");
        Assert.Equal(["/exchangeWith"], await Refused(new { exchangeWith = one, reason = "自己" }));
        Assert.Equal(["/exchangeWith"], await Refused(new { exchangeWith = Guid.NewGuid(), reason = "没有" }));
        Assert.Equal(["/exchangeWith"], await Refused(new { exchangeWith = await Documents.Draft("第一条 丙。"), reason = "草稿" }));
        Assert.Equal(
            ["/documentNumber"],
            await Refused(
                new
                {
                    exchangeWith = two,
                    documentNumber = "测换发〔2026〕53号",
                    reason = "别的文号",
                }
            )
        );
        var unnumbered = Assert
            .Single(
                await Documents.Import(
                    """{"title":"无文号的办法","issuers":["370114"],"kind":"other","publishedOn":"2020-03-10","revisions":[{"text":"第一条 甲。"}]}"""
                )
            )
            .GetProperty("documentId")
            .GetGuid();
        Assert.Equal(["/exchangeWith"], await Refused(new { exchangeWith = unnumbered, reason = "没有文号" }));

        async Task<string[]> Refused(object command) =>
            (await Documents.Post(Tokens.OpennessOffice, $"documents/{one}/elements", command, 422)).Pointers();
    }

    static int serial = 2;

    async Task<Guid> Numbered(string title, string number) =>
        await Documents.Publish(await Documents.Draft("第一条 互换。", title), number);

    [Fact]
    public async Task a_wrong_import_becomes_a_complete_and_right_document()
    {
        const string Wrong =
            """{"documentNumber":"测误发〔2020〕1号","title":"测试区路灯管理班法","issuers":["370114"],"kind":"other","publishedOn":"2020-03-10","revisions":[{"text":"测试区路灯管理办法\n第一条 路灯归口管理。"}]}""";
        var line = Assert.Single(await Documents.Import(Wrong));
        var id = line.GetProperty("documentId").GetGuid();
        Assert.Equal(["subject", "writtenOn"], (await Missing("路灯管理")).Where(m => m != "titleInText").Order());

        var corrected = await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/elements",
            new
            {
                documentNumber = "测正发[2020]第7号",
                title = "测试区路灯管理办法",
                kind = "normative",
                issuers = new[] { "370114-ZJ" },
                subject = "CXJS",
                writtenOn = "2020-02-20",
                publishedOn = "2020-03-01",
                effectiveFrom = "2020-04-01",
                expiresOn = "2027-03-31",
                reason = "导入的元数据与原件不符。",
            }
        );

        var view = await Documents.Get(null, $"documents/{id}");
        Assert.Equal(corrected.GetProperty("version").GetInt64(), view.GetProperty("version").GetInt64());
        Assert.Equal(
            ("测正发〔2020〕7号", "测试区路灯管理办法", "normative", "370114-ZJ", "CXJS"),
            (
                view.GetProperty("documentNumber").GetString(),
                view.GetProperty("title").GetString(),
                view.GetProperty("kind").GetString(),
                Assert.Single(view.GetProperty("issuers").EnumerateArray()).GetString(),
                view.GetProperty("subject").GetString()
            )
        );
        Assert.Equal(
            ("2020-02-20", "2020-03-01", "2020-04-01", "2027-03-31"),
            (
                view.GetProperty("writtenOn").GetString(),
                view.GetProperty("publishedOn").GetString(),
                view.GetProperty("effectiveFrom").GetString(),
                view.GetProperty("expiresOn").GetString()
            )
        );
        Assert.Empty(await Missing("路灯管理"));
        var found = Assert.Single((await Documents.Get(null, "library?q=测正发〔2020〕7号")).GetProperty("items").EnumerateArray());
        Assert.Equal("测试区路灯管理办法", found.GetProperty("title").GetString());
        Assert.Equal(0, (await Documents.Get(null, "library?q=路灯管理班法")).GetProperty("total").GetInt32());

        // Both are in the history, and what was believed before can still be asked for.
        var history = (await Documents.Get(null, $"documents/{id}/history")).GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal(["expiryChanged", "elementsCorrected", "published"], history.Select(h => h.GetProperty("what").GetString()));
        Assert.Contains("测误发〔2020〕1号 → 测正发〔2020〕7号", history[1].GetProperty("summary").GetString(), StringComparison.Ordinal);
        Assert.Contains("主题分类 （缺） → CXJS", history[1].GetProperty("summary").GetString(), StringComparison.Ordinal);
        Assert.Equal("导入的元数据与原件不符。", history[1].GetProperty("note").GetString());
        Assert.True((await Documents.Get(null, $"documents/{id}/integrity")).GetProperty("intact").GetBoolean());

        // The same wrong file is known again, and undoes nothing; the number itself is free for the document that has it.
        await KnownAgain();
        var owner = Assert.Single(
            await Documents.Import(
                """{"documentNumber":"测误发〔2020〕1号","title":"测试区公厕管理办法","issuers":["370114"],"revisions":[{"text":"第一条 公厕。","effectiveFrom":"2020-04-01"}]}"""
            )
        );
        Assert.Equal("created", owner.GetProperty("outcome").GetString());
        await KnownAgain();
        // What is neither of them by its title nor by its text is not written into one of them.
        var stranger = Assert.Single(
            await Documents.Import(
                """{"documentNumber":"测误发〔2020〕1号","title":"测试区广告管理办法","issuers":["370114"],"revisions":[{"text":"第一条 广告。","effectiveFrom":"2020-05-01"}]}"""
            )
        );
        Assert.Equal("document.number.taken", stranger.GetProperty("errors")[0].Code());
        Assert.Equal(
            corrected.GetProperty("version").GetInt64(),
            (await Documents.Get(null, $"documents/{id}")).GetProperty("version").GetInt64()
        );

        async Task KnownAgain()
        {
            var again = Assert.Single(await Documents.Import(Wrong));
            Assert.Equal(("unchanged", id), (again.GetProperty("outcome").GetString(), again.GetProperty("documentId").GetGuid()));
            var differing = again
                .GetProperty("warnings")
                .EnumerateArray()
                .Where(w => w.Code() == "element.differs")
                .Select(w => w.GetProperty("pointer").GetString()!)
                .ToHashSet();
            Assert.Superset(
                new HashSet<string> { "/documentNumber", "/title", "/issuers", "/publishedOn", "/revisions/0/effectiveFrom" },
                differing
            );
        }

        async Task<string?[]> Missing(string words) =>
            [
                .. (await Documents.Get(Tokens.OpennessOffice, $"library/completeness?q={words}"))
                    .GetProperty("items")
                    .EnumerateArray()
                    .SelectMany(i => i.GetProperty("missing").EnumerateArray())
                    .Select(m => m.GetString()),
            ];
    }

    [Fact]
    public async Task an_import_with_what_was_missing_completes_the_document()
    {
        var bare = Assert.Single(
            await Documents.Import(
                """{"title":"测试区窨井盖管理办法","issuers":["370114"],"revisions":[{"text":"第一条 井盖。","effectiveFrom":"2021-05-01"}]}"""
            )
        );
        var full = Assert.Single(
            await Documents.Import(
                """{"documentNumber":"测井发〔2021〕3号","title":"测试区窨井盖管理办法","issuers":["370114"],"subject":"CXJS","writtenOn":"2021-04-20","repealedFrom":"2024-01-01","revisions":[{"text":"第一条 井盖。","effectiveFrom":"2021-05-01"}]}"""
            )
        );
        var id = bare.GetProperty("documentId").GetGuid();
        Assert.Equal(
            ("extended", 0, id),
            (full.GetProperty("outcome").GetString(), full.GetProperty("recorded").GetInt32(), full.GetProperty("documentId").GetGuid())
        );
        // What changes whether it is in force is done by a person.
        Assert.Equal(["/repealedFrom"], full.GetProperty("warnings").EnumerateArray().Select(w => w.GetProperty("pointer").GetString()));
        var view = await Documents.Get(null, $"documents/{id}");
        Assert.Equal(
            ("测井发〔2021〕3号", "CXJS", "2021-04-20"),
            (
                view.GetProperty("documentNumber").GetString(),
                view.GetProperty("subject").GetString(),
                view.GetProperty("writtenOn").GetString()
            )
        );
        Assert.Equal(1, (await Documents.Get(null, "library?q=窨井盖管理办法")).GetProperty("total").GetInt32());

        // Of two documents of one title that say different things each keeps its own.
        var yearly = Assert.Single(
            await Documents.Import(
                """{"title":"关于开展井盖大检查的通知","issuers":["370114"],"revisions":[{"text":"第一条 2019年检查。","effectiveFrom":"2019-05-01"}]}"""
            )
        );
        var next = Assert.Single(
            await Documents.Import(
                """{"documentNumber":"测井发〔2020〕1号","title":"关于开展井盖大检查的通知","issuers":["370114"],"revisions":[{"text":"第一条 2020年检查。","effectiveFrom":"2020-05-01"}]}"""
            )
        );
        Assert.Equal("created", next.GetProperty("outcome").GetString());
        Assert.NotEqual(yearly.GetProperty("documentId").GetGuid(), next.GetProperty("documentId").GetGuid());
        // The public is not told what the files of whoever imported are called.
        Assert.Equal(
            "导入补充",
            (await Documents.Get(null, $"documents/{id}/history")).GetProperty("items")[0].GetProperty("note").GetString()
        );

        // Another number is another document, whatever it is called; and what is there is not overwritten.
        var other = Assert.Single(
            await Documents.Import(
                """{"documentNumber":"测井发〔2024〕9号","title":"测试区窨井盖管理办法","issuers":["370114"],"revisions":[{"text":"第一条 新井盖。","effectiveFrom":"2024-05-01"}]}"""
            )
        );
        Assert.Equal("created", other.GetProperty("outcome").GetString());
        var wrong = Assert.Single(
            await Documents.Import(
                """{"documentNumber":"测井发〔2021〕3号","title":"测试区窨井盖管理办法","issuers":["370114"],"kind":"normative","writtenOn":"2021-04-22","revisions":[{"text":"第一条 井盖。","effectiveFrom":"2021-05-01"}]}"""
            )
        );
        Assert.Equal("unchanged", wrong.GetProperty("outcome").GetString());
        Assert.Equal(
            ["/kind:element.differs", "/writtenOn:element.differs"],
            wrong
                .GetProperty("warnings")
                .EnumerateArray()
                .Select(w => $"{w.GetProperty("pointer").GetString()}:{w.GetProperty("code").GetString()}")
        );
    }

    [Fact]
    public async Task what_was_taken_in_out_of_order_is_put_right_one_element_at_a_time()
    {
        // In force from before it was written, and issued by a body that has ended since.
        await district.Catalog.Post(
            Tokens.OpennessOffice,
            "organisations",
            new
            {
                code = "370114-LD",
                name = "测试区喷泉管理处",
                type = "department",
                parent = "370114",
                validFrom = "2020-01-01",
            },
            201
        );
        var id = Assert
            .Single(
                await Documents.Import(
                    """{"documentNumber":"测路发〔2020〕1号","title":"测试区喷泉补助办法","issuers":["370114-LD"],"writtenOn":"2020-03-01","publishedOn":"2020-03-10","revisions":[{"text":"第一条 补助。","effectiveFrom":"2020-01-01"}]}"""
                )
            )
            .GetProperty("documentId")
            .GetGuid();
        await district.Catalog.Post(
            Tokens.OpennessOffice,
            "organisations/370114-LD/dissolve",
            new { effectiveFrom = "2026-01-01", reason = "机构改革" }
        );
        await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/elements", new { subject = "CXJS", reason = "补充主题。" });
        await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/elements", new { writtenOn = "2020-03-02", reason = "日期有误。" });
        var view = await Documents.Get(null, $"documents/{id}");
        Assert.Equal(("CXJS", "2020-03-02"), (view.GetProperty("subject").GetString(), view.GetProperty("writtenOn").GetString()));
        await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/repeal", new { reason = "废", effectiveFrom = "2026-05-01" });
        Assert.Equal(
            ["/publishedOn"],
            (
                await Documents.Post(
                    Tokens.OpennessOffice,
                    $"documents/{id}/elements",
                    new { publishedOn = "2026-05-20", reason = "误" },
                    422
                )
            ).Pointers()
        );
    }

    [Fact]
    public async Task a_title_is_put_right_for_all_the_days_that_it_was_one_and_a_first_day_for_its_own_text()
    {
        var id = await Documents.Publish(await Documents.Draft("第一条 甲。", "秋千班法"), "测政发〔2026〕457号");
        await Amend("第一条 乙。", "秋千办法", "2026-08-01");
        await Amend("第一条 丙。", null, "2026-08-01");
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/elements",
            new
            {
                title = "秋千管理办法",
                revision = 3,
                effectiveFrom = "2026-09-01",
                reason = "误",
            }
        );
        foreach (var (day, revision, title) in new[] { ("2026-08-15", 2, "秋千管理办法"), ("2026-09-01", 3, "秋千管理办法") })
        {
            var view = await Documents.Get(null, $"documents/{id}?inForceOn={day}");
            Assert.Equal((revision, title), (view.GetProperty("revisionInForce").GetInt32(), view.GetProperty("title").GetString()!));
        }
        Assert.Equal("秋千班法", (await Documents.Get(null, $"documents/{id}/revisions/1")).GetProperty("title").GetString());

        Task<JsonElement> Amend(string text, string? title, string effectiveFrom) =>
            Documents.Post(
                Tokens.OpennessOffice,
                $"documents/{id}/amendments",
                new
                {
                    text,
                    title,
                    changeNote = "改",
                    effectiveFrom,
                },
                201
            );
    }

    [Fact]
    public async Task a_mistaken_repeal_is_taken_back_as_if_it_had_never_been()
    {
        var decision = await Documents.Publish(await Documents.Draft(title: "关于废止部分文件的决定"), "测政发〔2026〕451号");
        var id = await Documents.Publish(await Documents.Draft(title: "误被废止的办法"), "测政发〔2026〕452号");
        await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/repeal", new { reason = "清理", repealedBy = decision });
        var known = district.Clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", null);
        district.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(["/reason"], (await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/restore", new { }, 422)).Pointers());
        await Documents.Post(Tokens.DraftingHousing, $"documents/{id}/restore", new { reason = "误登" }, 403);
        await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/restore", new { reason = "废止决定所列为另一件，误登。" });

        var view = await Documents.Get(null, $"documents/{id}");
        Assert.Equal(("inForce", JsonValueKind.Null), (view.GetProperty("validity").GetString(), view.GetProperty("repealed").ValueKind));
        Assert.Equal("repealed", (await Documents.Get(null, $"documents/{id}?recordedAt={known}")).GetProperty("validity").GetString());
        Assert.Equal(1, (await Documents.Get(null, "library?validity=inForce&q=误被废止的办法")).GetProperty("total").GetInt32());
        Assert.Equal(
            ["restored", "repealed", "published"],
            (await Documents.Get(null, $"documents/{id}/history"))
                .GetProperty("items")
                .EnumerateArray()
                .Select(h => h.GetProperty("what").GetString())
        );
        // The deciding document no longer says that it repeals it.
        foreach (var end in new[] { id, decision })
            Assert.Empty((await Documents.Get(null, $"documents/{end}/relations")).GetProperty("relations").EnumerateArray());
        // It can be amended, repealed rightly, or superseded by mistake again.
        await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/restore", new { reason = "再来" }, 409);
        await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/supersede", new { reason = "误", supersededBy = decision });
        await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/restore", new { reason = "误登。" });
        Assert.Equal("inForce", (await Documents.Get(null, $"documents/{id}")).GetProperty("validity").GetString());
        await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/repeal", new { reason = "确已废止", effectiveFrom = "2026-12-01" });
        Assert.Equal("repealed", (await Documents.Get(null, $"documents/{id}?inForceOn=2026-12-01")).GetProperty("validity").GetString());
    }

    [Fact]
    public async Task a_lapse_by_a_mistaken_term_is_undone_and_the_right_term_runs()
    {
        var today = DateOnly.FromDateTime(district.Clock.GetUtcNow().AddHours(8).DateTime);
        var id = await Documents.Publish(
            await Documents.Draft(title: "期限有误的办法"),
            "测政发〔2026〕453号",
            new { expiresOn = Day(today) }
        );
        district.Clock.Advance(TimeSpan.FromDays(1));
        await Newest("expired");
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/elements",
            new { expiresOn = Day(today.AddDays(2)), reason = "期限误为一年。" }
        );
        Assert.Equal("inForce", (await Documents.Get(null, $"documents/{id}")).GetProperty("validity").GetString());
        district.Clock.Advance(TimeSpan.FromDays(2));
        await Newest("expired");
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/elements",
            new Dictionary<string, string?> { ["expiresOn"] = null, ["reason"] = "原文未定有效期。" }
        );
        var view = await Documents.Get(null, $"documents/{id}");
        Assert.Equal(("inForce", JsonValueKind.Null), (view.GetProperty("validity").GetString(), view.GetProperty("expiresOn").ValueKind));

        static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", null);

        Task<JsonElement> Newest(string what) =>
            Calls.Eventually(async () =>
                (await Documents.Get(null, $"documents/{id}/history")).GetProperty("items")[0] is var newest
                && newest.GetProperty("what").GetString() == what
                    ? newest
                    : (JsonElement?)null
            );
    }

    [Fact]
    public async Task what_cannot_be_is_refused_all_at_once_and_what_says_nothing_new_is_no_change()
    {
        var one = await Documents.Publish(await Documents.Draft(title: "甲办法"), "测政发〔2026〕454号");
        var two = await Documents.Publish(await Documents.Draft(title: "乙办法"), "测政发〔2026〕455号");
        Assert.Equal(
            "document.number.taken",
            (await Correct(two, new { documentNumber = "测政发〔2026〕454号", reason = "误" }, 409)).Code()
        );
        Assert.Equal(["/documentNumber", "/issuers/0", "/publishedOn", "/reason", "/subject", "/title", "/writtenOn"], (
                await Correct(
                    two,
                    new
                    {
                        title = " ",
                        documentNumber = "没有号",
                        issuers = new[] { "999" },
                        subject = "没有",
                        writtenOn = "2199-01-01",
                        publishedOn = "2199-01-01",
                    },
                    422
                )
            ).Pointers().Order(StringComparer.Ordinal));
        Assert.Equal(["/revision"], (await Correct(two, new { revision = 1, reason = "误" }, 422)).Pointers());
        Assert.Equal(
            ["/revision"],
            (
                await Correct(
                    two,
                    new
                    {
                        revision = 9,
                        effectiveFrom = "2026-06-01",
                        reason = "误",
                    },
                    422
                )
            ).Pointers()
        );
        var written = (await Documents.Get(null, $"documents/{two}")).GetProperty("writtenOn").GetString()!;
        Assert.Equal(
            ["/publishedOn", "/effectiveFrom"],
            (
                await Correct(
                    two,
                    new
                    {
                        publishedOn = "2001-01-01",
                        effectiveFrom = "2001-01-01",
                        reason = "误",
                    },
                    422
                )
            ).Pointers()
        );
        var draft = await Documents.Draft(title: "未发布的办法");
        Assert.Equal("document.state.wrong", (await Correct(draft, new { subject = "CXJS", reason = "误" }, 409)).Code());
        await Documents.Post(Tokens.DraftingHousing, $"documents/{two}/elements", new { subject = "CXJS", reason = "误" }, 403);
        await Documents.Post(Tokens.OpennessOffice, $"documents/{Guid.NewGuid()}/elements", new { reason = "误" }, 404);

        var before = (await Documents.Get(null, $"documents/{two}")).GetProperty("version").GetInt64();
        await Correct(
            two,
            new
            {
                title = "乙办法",
                writtenOn = written,
                reason = "无",
            },
            200
        );
        Assert.Equal(before, (await Documents.Get(null, $"documents/{two}")).GetProperty("version").GetInt64());
        await Documents.Post(Tokens.OpennessOffice, $"documents/{one}/repeal", new { reason = "废" });
        Assert.Equal(["/expiresOn"], (await Correct(one, new { expiresOn = "2030-01-01", reason = "误" }, 422)).Pointers());
        // Also of what is repealed the elements are put right.
        await Correct(one, new { documentNumber = "测政发〔2026〕456号", reason = "误" }, 200);
        await Correct(two, new { documentNumber = "测政发〔2026〕454号", reason = "误" }, 200);

        Task<JsonElement> Correct(Guid id, object body, int status) =>
            Documents.Post(Tokens.OpennessOffice, $"documents/{id}/elements", body, status);
    }
}
