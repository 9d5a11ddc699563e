using System.Text.Json;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Interpretation.Tests.Materials;

public sealed class when_a_document_is_amended(District district) : IClassFixture<District>
{
    const string Before = "第一条 为了测试，制定本办法。\n第二条 补贴标准为每月三百元。";
    const string After = "第一条 为了测试，制定本办法。\n第二条 补贴标准为每月五百元。";

    [Fact]
    public async Task materials_about_changed_blocks_are_outdated_and_go_to_their_owners_with_the_comparison()
    {
        var interpretation = await district.StartInterpretation();
        var (document, material) = await Published("测政发〔2026〕601号", 1);
        var (other, unaffected) = await Published("测政发〔2026〕602号", 0);
        await Amend(document);
        await Amend(other);

        var task = await Task(material);
        Assert.Equal(("outdatedMaterial", "370114-ZJ"), (task.GetProperty("kind").GetString(), task.GetProperty("bodies")[0].GetString()));
        var shown = await interpretation.Get(null, $"interpretations/{material}");
        Assert.Equal(1, shown.GetProperty("outdated").GetProperty("blocks").GetArrayLength());
        var comparison = await district.Documents.Get(null, shown.GetProperty("comparison").GetString()!["/api/v1/".Length..]);
        Assert.Contains("五", comparison.GetRawText(), StringComparison.Ordinal);
        await Calls.Eventually<bool>(async () =>
            (await interpretation.Get(null, "interpretations/documents"))
                .GetProperty("items")
                .EnumerateArray()
                .Any(d => d.GetProperty("id").GetGuid() == other && d.GetProperty("revision").GetInt32() == 2)
                ? true
                : null
        );
        Assert.Equal(
            JsonValueKind.Null,
            (await interpretation.Get(null, $"interpretations/{unaffected}")).GetProperty("outdated").ValueKind
        );
        await interpretation.Get(Tokens.DraftingEducation, $"interpretations/{material}");
        Assert.Empty((await interpretation.Get(Tokens.DraftingEducation, "interpretation-tasks")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task what_becomes_public_after_the_change_is_marked_as_well()
    {
        var interpretation = await district.StartInterpretation();
        var (document, material) = await Published("测政发〔2026〕607号", 1);
        var block = (await district.Documents.Get(null, $"documents/{document}/revisions/1"))
            .GetProperty("blocks")[1]
            .GetProperty("id")
            .GetString()!;
        await Amend(document);
        await Task(material);
        Assert.Equal(
            $"/api/v1/documents/{document}/comparison?from=1&to=2&unchanged=false",
            (await district.Documents.Get(null, $"documents/{document}/page"))
                .GetProperty("interpretations")[0]
                .GetProperty("comparison")
                .GetString()
        );
        // Written for the text of before, after the change was heard of.
        var late = await Answered(revision: 1);
        Assert.Equal(2, (await interpretation.Get(null, $"questions/{late}")).GetProperty("outdated").GetProperty("toRevision").GetInt32());
        await Task(late);
        var fitting = await Answered(revision: 2);
        Assert.Equal(JsonValueKind.Null, (await interpretation.Get(null, $"questions/{fitting}")).GetProperty("outdated").ValueKind);
        var benefit = (
            await interpretation.Post(
                Tokens.DraftingHousing,
                "benefits",
                new
                {
                    title = "月度补贴",
                    benefit = "三百元",
                    documentId = document,
                    revision = 1,
                    blocks = new[] { block },
                },
                201
            )
        ).GetProperty("id").GetGuid();
        await interpretation.Post(Tokens.OpennessOffice, $"benefits/{benefit}/publish", new { });
        Assert.NotEqual(JsonValueKind.Null, (await interpretation.Get(null, $"benefits/{benefit}")).GetProperty("outdated").ValueKind);
        var match = (await interpretation.Post("", "benefits/match", new { profile = new { kind = "person" } }))
            .GetProperty("matching")
            .EnumerateArray()
            .First(b => b.GetProperty("id").GetGuid() == benefit);
        Assert.NotEqual(JsonValueKind.Null, match.GetProperty("comparison").ValueKind);

        // A change to come: what is written for the text of today fits until then, and its owner is told now.
        await Amend(document, After.Replace("五百", "六百", StringComparison.Ordinal), "2026-09-01");
        await Calls.Eventually<bool>(async () =>
            await Find(fitting, "open") is { } task && task.GetProperty("link").GetString()!.Contains("to=3", StringComparison.Ordinal)
                ? true
                : null
        );
        var today = await Answered(revision: 2);
        Assert.Equal(JsonValueKind.Null, (await interpretation.Get(null, $"questions/{today}")).GetProperty("outdated").ValueKind);
        Assert.Contains("from=2&to=3", (await Task(today)).GetProperty("link").GetString(), StringComparison.Ordinal);
        Assert.Equal("2026-09-01", await From(today));

        // Its first day is put right, and moves with it.
        await district.Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{document}/elements",
            new
            {
                revision = 3,
                effectiveFrom = "2026-08-01",
                reason = "误",
            }
        );
        await Calls.Eventually<bool>(async () => await From(today) == "2026-08-01" && await From(fitting) == "2026-08-01" ? true : null);

        async Task<string> From(Guid question) =>
            Assert.Single(
                await district.Column(
                    $"select data -> 'outdated' ->> 'from' from interpretation.mt_doc_policyquestion where id = '{question}'"
                )
            );

        async Task<Guid> Answered(int revision)
        {
            var id = (
                await interpretation.Post(Tokens.DraftingHousing, "questions", new { question = "补贴多少？", documentId = document }, 201)
            )
                .GetProperty("id")
                .GetGuid();
            await interpretation.Put(
                Tokens.DraftingHousing,
                $"questions/{id}/answer",
                new
                {
                    question = "补贴多少？",
                    answer = "见条文。",
                    documentId = document,
                    revision,
                    blocks = new[] { block },
                }
            );
            await interpretation.Post(Tokens.LegalReview, $"questions/{id}/approve", new { });
            await interpretation.Post(Tokens.OpennessOffice, $"questions/{id}/publish", new { });
            return id;
        }
    }

    [Fact]
    public async Task one_that_still_holds_is_upheld_with_a_reason()
    {
        var interpretation = await district.StartInterpretation();
        var (document, material) = await Published("测政发〔2026〕603号", 1);
        Assert.Equal(
            "interpretation.state.wrong",
            (await interpretation.Post(Tokens.DraftingHousing, $"interpretations/{material}/uphold", new { note = "未变" }, 409)).Code()
        );
        await Amend(document);
        await Task(material);
        Assert.Equal(
            ["/note"],
            (await interpretation.Post(Tokens.DraftingHousing, $"interpretations/{material}/uphold", new { }, 422)).Pointers()
        );
        await interpretation.Post(Tokens.DraftingHousing, $"interpretations/{material}/uphold", new { note = "只改数额，解读未涉及。" });
        Assert.Equal(JsonValueKind.Null, (await interpretation.Get(null, $"interpretations/{material}")).GetProperty("outdated").ValueKind);
        Assert.Null(await Find(material, "open"));
        Assert.NotNull(await Find(material, "done"));

        // The message again: it has been dealt with.
        await interpretation.Hears(new DocumentTextChangedMessage(document, 99, 1, 2, new(2026, 6, 1), DateTimeOffset.UnixEpoch));
        Assert.Equal(JsonValueKind.Null, (await interpretation.Get(null, $"interpretations/{material}")).GetProperty("outdated").ValueKind);
    }

    [Fact]
    public async Task a_further_amendment_is_explained_together_with_the_one_before()
    {
        var interpretation = await district.StartInterpretation();
        var (document, material) = await Published("测政发〔2026〕605号", 1);
        await Amend(document);
        await Task(material);
        await Amend(document, After.Replace("每月", "每季度", StringComparison.Ordinal));
        var outdated = await Calls.Eventually<JsonElement>(async () =>
            (await interpretation.Get(null, $"interpretations/{material}")).GetProperty("outdated") is var o
            && o.GetProperty("toRevision").GetInt32() == 3
                ? o
                : null
        );
        Assert.Equal(1, outdated.GetProperty("fromRevision").GetInt32());
    }

    [Fact]
    public async Task one_that_is_rewritten_for_the_new_text_and_signed_fits_again()
    {
        var interpretation = await district.StartInterpretation();
        var (document, material) = await Published("测政发〔2026〕604号", 1);
        await Amend(document);
        await Task(material);
        await interpretation.Rewrite(material);
        Assert.Equal(
            JsonValueKind.Object,
            (await interpretation.Get(null, $"interpretations/{material}")).GetProperty("outdated").ValueKind
        );
        await interpretation.Sign(material);
        Assert.Equal(JsonValueKind.Null, (await interpretation.Get(null, $"interpretations/{material}")).GetProperty("outdated").ValueKind);
        Assert.Null(await Find(material, "open"));
    }

    [Fact]
    public async Task an_imported_amendment_is_an_amendment_and_one_of_the_past_changes_nothing()
    {
        var interpretation = await district.StartInterpretation();
        var (document, material) = await Published("测政发〔2026〕606号", 1);
        var feed = new Uri(
            (
                await district.Catalog.Post(
                    "",
                    "subscriptions",
                    new { channel = "atom", filter = new { q = "测政发〔2026〕606号", events = new[] { "document.changed" } } },
                    201
                )
            )
                .GetProperty("feed")
                .GetString()!
        ).PathAndQuery;
        await Import((After.Replace("五百", "一百", StringComparison.Ordinal), "2025-01-01"));
        await Import((After, "2026-07-01"), (After.Replace("五百", "六百", StringComparison.Ordinal), "2026-09-01"));

        // Marked for the first day of the first of them, with what both change; not for the text that was in force before the document was
        // published here.
        await Calls.Eventually<bool>(async () =>
            await Find(material, "open") is { } task
            && task.GetProperty("link").GetString()!.Contains("from=1&to=4", StringComparison.Ordinal)
                ? true
                : null
        );
        await Calls.Eventually<bool>(async () =>
            (await (await district.Catalog.Scenario(s => s.Get.Url(feed))).ReadAsTextAsync()).Split("<entry>").Length == 3 ? true : null
        );

        async Task Import(params (string Text, string EffectiveFrom)[] revisions)
        {
            var line = JsonSerializer.Serialize(
                new
                {
                    documentNumber = "测政发〔2026〕606号",
                    title = "同步办法测政发〔2026〕606号",
                    issuers = new[] { "370114-ZJ" },
                    revisions = revisions.Select(r => new { text = r.Text, effectiveFrom = r.EffectiveFrom }),
                }
            );
            var started = await (
                await district.Documents.Scenario(s =>
                {
                    s.As(Tokens.Integration).Post.Text(line).ContentType("application/x-ndjson").ToUrl("/api/v1/imports");
                    s.StatusCodeShouldBe(202);
                })
            ).Json();
            await Calls.Eventually<bool>(async () =>
                (await district.Documents.Get(Tokens.Integration, $"operations/{started.GetProperty("id").GetGuid()}"))
                    .GetProperty("state")
                    .GetString() == "done"
                    ? true
                    : null
            );
            Assert.Equal(
                document,
                (await district.Documents.Get(Tokens.Integration, $"imports/{started.GetProperty("id").GetGuid()}/report"))
                    .GetProperty("items")[0]
                    .GetProperty("documentId")
                    .GetGuid()
            );
        }
    }

    async Task<(Guid Document, Guid Material)> Published(string number, int block)
    {
        var probe = await district.Documents.Draft(Before);
        var blocks = (await district.Documents.Get(Tokens.DraftingHousing, $"documents/{probe}/revisions/1")).GetProperty("blocks");
        var ready = await district.Ready(number, Before, blocks[block].GetProperty("id").GetString()!);
        await district.Documents.Post(Tokens.OpennessOffice, $"documents/{ready.Document}/publish", new { });
        await district.PlanIs(ready.Document, "carried");
        return ready;
    }

    Task<JsonElement> Amend(Guid document, string text = After, string effectiveFrom = "2026-06-01") =>
        district.Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{document}/amendments",
            new
            {
                text,
                changeNote = "提高标准",
                effectiveFrom,
            },
            201
        );

    Task<JsonElement> Task(Guid about) => Calls.Eventually(() => Find(about, "open"));

    async Task<JsonElement?> Find(Guid about, string state)
    {
        foreach (
            var task in (await district.Interpretation!.Get(Tokens.DraftingHousing, $"interpretation-tasks?state={state}"))
                .GetProperty("items")
                .EnumerateArray()
        )
            if (task.GetProperty("about").GetGuid() == about)
                return task;
        return null;
    }
}
