using System.Text.Json;
using Alba;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Catalog.Tests.Lists;

public sealed class when_keeping_a_list(District district, PostgresCluster postgres) : IClassFixture<District>
{
    static readonly object Schema = new
    {
        type = "object",
        properties = new
        {
            fee = new { type = "number", minimum = 0 },
            materials = new { type = "array", items = new { type = "string" } },
            basis = new { type = "string" },
        },
        required = new[] { "fee", "basis" },
    };

    IAlbaHost Catalog => district.Catalog;

    [Fact]
    public async Task any_version_and_the_difference_of_two_can_be_had()
    {
        await Define("fees");
        await Change("fees", "首次公布", Add("A", 10), Add("B", 20));
        await Change(
            "fees",
            "降费",
            new
            {
                action = "change",
                code = "A",
                title = "收费A",
                body = "370114-ZJ",
                content = new { fee = 8, basis = "价费〔2026〕1号" },
            },
            new { action = "retire", code = "B" },
            Add("C", 5)
        );

        Assert.Equal(["A", "C"], Codes(await Catalog.Get(null, "lists/fees/entries")));
        Assert.Equal(["A", "B"], Codes(await Catalog.Get(null, "lists/fees/versions/2")));
        Assert.Empty(Codes(await Catalog.Get(null, "lists/fees/versions/1")));
        Assert.Equal("list.notFound", (await Catalog.Get(null, "lists/fees/versions/4", 404)).Code());
        Assert.Equal(
            ["C"],
            Codes(
                await Catalog.Get(
                    null,
                    "lists/fees/entries?pageSize=1&pageToken="
                        + (await Catalog.Get(null, "lists/fees/entries?pageSize=1")).GetProperty("nextPageToken").GetString()
                )
            )
        );

        var comparison = await Catalog.Get(null, "lists/fees/comparison?from=2&to=3");
        Assert.Equal(
            ("C", "B"),
            (
                comparison.GetProperty("added")[0].GetProperty("code").GetString(),
                comparison.GetProperty("removed")[0].GetProperty("code").GetString()
            )
        );
        var changed = comparison.GetProperty("changed")[0];
        Assert.Equal(
            ["/content/fee", "/content/basis"],
            changed.GetProperty("differences").EnumerateArray().Select(d => d.GetProperty("pointer").GetString())
        );
        Assert.Equal(
            (10, 8),
            (
                changed.GetProperty("differences")[0].GetProperty("before").GetInt32(),
                changed.GetProperty("differences")[0].GetProperty("after").GetInt32()
            )
        );
        Assert.Equal(
            [3, 2, 1],
            (await Catalog.Get(null, "lists/fees/versions"))
                .GetProperty("items")
                .EnumerateArray()
                .Select(v => v.GetProperty("version").GetInt32())
        );
        Assert.Equal(
            [3, 2],
            (await Catalog.Get(null, "lists/fees/entries/A/history"))
                .GetProperty("items")
                .EnumerateArray()
                .Select(v => v.GetProperty("fromVersion").GetInt32())
        );
        Assert.Equal(
            "B",
            (await Catalog.Get(null, "lists/fees/entries/B/history")).GetProperty("items")[0].GetProperty("code").GetString()
        );
        await Catalog.Get(null, "lists/fees/entries/B", 404);
    }

    [Fact]
    public async Task entries_have_the_form_that_the_schema_sets_and_all_that_is_wrong_is_named()
    {
        await Define("guides");
        var problem = await Catalog.Post(
            Tokens.OpennessOffice,
            "lists/guides/entries",
            new
            {
                note = "公布",
                changes = new object[]
                {
                    new
                    {
                        action = "add",
                        code = "A",
                        title = "甲",
                        content = new { fee = -1 },
                    },
                    new
                    {
                        action = "change",
                        code = "B",
                        title = "乙",
                        body = "NOPE",
                        content = new { fee = 1, basis = "甲" },
                    },
                    new
                    {
                        action = "add",
                        code = "A",
                        content = new { fee = 1, basis = "甲" },
                    },
                },
            },
            422
        );
        Assert.Equal(
            [
                "/changes/0/content/basis",
                "/changes/0/content/fee",
                "/changes/1/body",
                "/changes/1/code",
                "/changes/2/code",
                "/changes/2/title",
            ],
            problem.Pointers().Order()
        );
        Assert.Empty(Codes(await Catalog.Get(null, "lists/guides/entries")));
    }

    [Fact]
    public async Task a_schema_points_nowhere_else_and_fits_what_is_there()
    {
        Assert.Equal(
            "schema.foreign",
            (
                await Catalog.Put(
                    Tokens.OpennessOffice,
                    "lists/duties",
                    new
                    {
                        name = "权责清单",
                        schema = JsonDocument.Parse("""{"properties":{"a":{"$ref":"http://169.254.169.254/x"}}}""").RootElement,
                    },
                    422
                )
            )
                .GetProperty("errors")[0]
                .Code()
        );
        Assert.Equal(["/name", "/schema"], (await Catalog.Put(Tokens.OpennessOffice, "lists/duties", new { schema = 1 }, 422)).Pointers());
        await Define("duties");
        await Change("duties", "公布", Add("A", 10));
        var refused = await Catalog.Put(
            Tokens.OpennessOffice,
            "lists/duties",
            new { name = "权责清单", schema = new { type = "object", required = new[] { "level" } } },
            422
        );
        Assert.StartsWith("entry A", refused.Pointers().Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"objekt"}""", "/type")]
    [InlineData("""{"properties":{"fee":{"type":["number","none"]}}}""", "/properties/fee/type")]
    [InlineData("""{"required":"fee"}""", "/required")]
    [InlineData("""{"properties":{"fee":5}}""", "/properties/fee")]
    [InlineData("""{"properties":{"fee":{"pattern":"("}}}""", "( is no regular expression")]
    [InlineData("""{"patternProperties":{"[":{"pattern":"a"}}}""", "[ is no regular expression")]
    [InlineData("""{"properties":{"fee":{"pattern":"(a)\\1"}}}""", "(a)\\1 is no regular expression, or one that looks around or back")]
    [InlineData("""{"allOf":[{"$ref":"#"}]}""", "This")]
    [InlineData("""{"anyOf":[{"not":{"$ref":"#"}}]}""", "points back to itself")]
    [InlineData("""{"$ref":"#/definitions/a","definitions":{"a":{"oneOf":[{"$ref":"#/definitions/a"}]}}}""", "This")]
    public async Task a_schema_that_is_none_is_refused_with_its_place(string schema, string named)
    {
        var error = (
            await Catalog.Put(
                Tokens.OpennessOffice,
                "lists/wrong",
                new { name = "清单", schema = JsonDocument.Parse(schema).RootElement },
                422
            )
        ).GetProperty("errors")[0];
        Assert.Equal("schema.malformed", error.Code());
        Assert.Contains(named, error.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_schema_may_say_everything_that_schemas_say()
    {
        var schema = JsonDocument
            .Parse(
                """
                {"type":"object","title":"收费","description":"说明","properties":{"type":{"type":["string","null"]},"required":{"anyOf":[{"enum":["a",1,null]},{"not":{"type":"number"}}]},"pattern":{"type":"string","pattern":"^[0-9]+$","maxLength":9},
                "items":{"type":"array","items":{"$ref":"#/definitions/one"},"minItems":1,"uniqueItems":true}},"patternProperties":{"^x-":{"type":"integer","multipleOf":5}},"additionalProperties":false,"definitions":{"one":{"type":"object","required":["a"]}}}
                """
            )
            .RootElement;
        await Catalog.Put(Tokens.OpennessOffice, "lists/everything", new { name = "清单", schema });
        Assert.True(JsonElement.DeepEquals(schema, (await Catalog.Get(null, "lists/everything")).GetProperty("schema")));
        var entry = new
        {
            type = "x",
            pattern = "12",
            items = new[] { new { a = 1 } },
        };
        // Each entry meets the whole schema, and not the first alone.
        Assert.Equal(
            ["/changes/1/content/pattern", "/changes/2/content/pattern"],
            (await Enter("everything", 422, entry, entry with { pattern = "x" }, entry with { pattern = "y" })).Pointers()
        );
        await Enter("everything", 200, entry);
    }

    [Fact]
    public async Task what_would_be_compared_without_end_is_given_up()
    {
        // Forty times twice as much, in what an entry has below; and a pattern that can be tried in as many ways as there are letters.
        var definitions = string.Join(
            ',',
            Enumerable
                .Range(0, 40)
                .Select(n =>
                    $$"""
                        "d{{n}}":{"allOf":[{"$ref":"#/definitions/d{{n + 1}}"},{"$ref":"#/definitions/d{{n + 1}}"}]}
                        """
                )
        );
        foreach (
            var (kind, schema, code) in new[]
            {
                (
                    "branches",
                    """{"properties":{"a":{"$ref":"#/definitions/d0"}},"definitions":{D,"d40":{"type":"string"}}}""".Replace(
                        "D,",
                        $"{definitions},",
                        StringComparison.Ordinal
                    ),
                    "schema.tooCostly"
                ),
                (
                    "loops",
                    """{"properties":{"a":{"$ref":"#/definitions/b"}},"definitions":{"b":{"allOf":[{"$ref":"#/definitions/c"}]},"c":{"allOf":[{"$ref":"#/definitions/b"}]}}}""",
                    "schema.tooCostly"
                ),
                ("letters", """{"properties":{"a":{"pattern":"^(a+)+$"}}}""", "entry.schema"),
            }
        )
        {
            await Catalog.Put(
                Tokens.OpennessOffice,
                $"lists/{kind}",
                new { name = "清单", schema = JsonDocument.Parse(schema).RootElement }
            );
            var refused = await Enter(kind, 422, new { a = new string('a', 5_000) + "!" });
            Assert.Equal((kind, code), (kind, refused.GetProperty("errors")[0].Code()));
        }
    }

    Task<JsonElement> Enter(string kind, int expected, params object[] contents) =>
        Catalog.Post(
            Tokens.OpennessOffice,
            $"lists/{kind}/entries",
            new
            {
                note = "公布",
                changes = contents.Select(
                    (content, n) =>
                        new
                        {
                            action = "add",
                            code = $"{(char)('A' + n)}",
                            title = "甲",
                            body = "370114-ZJ",
                            content,
                        }
                ),
            },
            expected
        );

    [Fact]
    public async Task a_department_keeps_its_own_entries()
    {
        await Define("powers");
        await Catalog.Post(Tokens.DraftingEducation, "lists/powers/entries", new { note = "公布", changes = new[] { Add("A", 1) } }, 422);
        await Catalog.Post(Tokens.DraftingHousing, "lists/powers/entries", new { note = "公布", changes = new[] { Add("A", 1) } }, 200);
        Assert.Equal(
            "entry.foreign",
            (
                await Catalog.Post(
                    Tokens.DraftingEducation,
                    "lists/powers/entries",
                    new { note = "删", changes = new[] { new { action = "retire", code = "A" } } },
                    422
                )
            )
                .GetProperty("errors")[0]
                .Code()
        );
    }

    [Fact]
    public async Task the_history_of_a_list_holds_everything_that_its_entries_said()
    {
        await using var own = new District(postgres);
        await own.InitializeAsync();
        await own.Catalog.Put(Tokens.OpennessOffice, "lists/fees", new { name = "收费目录", schema = Schema }, 200);
        foreach (
            var changes in new object[][]
            {
                [Add("A", 10), Add("B", 20)],
                [
                    new
                    {
                        action = "change",
                        code = "A",
                        title = "收费A",
                        content = new { fee = 8, basis = "价费〔2026〕1号" },
                    },
                    new { action = "retire", code = "B" },
                ],
                [Add("B", 30)],
            }
        )
            await own.Catalog.Post(Tokens.OpennessOffice, "lists/fees/entries", new { note = "公布", changes }, 200);
        async Task<string> All() =>
            string.Join(
                '\n',
                await Task.WhenAll(
                    new[] { "versions/2", "versions/3", "versions/4", "entries/A/history", "entries/B/history" }.Select(async path =>
                        (await own.Catalog.Get(null, $"lists/fees/{path}")).GetRawText()
                    )
                )
            );
        var before = await All();
        await own.Execute("delete from catalog.mt_doc_listentry");
        using (var daemon = await own.Catalog.Services.GetRequiredService<IDocumentStore>().BuildProjectionDaemonAsync())
            await daemon.RebuildProjectionAsync("ListEntryProjection", TestContext.Current.CancellationToken);
        Assert.Equal(before, await All());
    }

    [Fact]
    public async Task writers_at_once_each_make_a_version()
    {
        await Define("many");
        await Task.WhenAll(Enumerable.Range(1, 8).Select(n => Change("many", $"第{n}批", Add($"E{n}", n))));
        Assert.Equal(9, (await Catalog.Get(null, "lists/many")).GetProperty("version").GetInt32());
        Assert.Equal(8, Codes(await Catalog.Get(null, "lists/many/entries")).Count());
        var sizes = await Task.WhenAll(
            Enumerable.Range(1, 9).Select(async v => Codes(await Catalog.Get(null, $"lists/many/versions/{v}")).Count())
        );
        Assert.Equal(Enumerable.Range(0, 9), sizes);
    }

    static object Add(string code, int fee) =>
        new
        {
            action = "add",
            code,
            title = $"收费{code}",
            body = "370114-ZJ",
            content = new { fee, basis = "价费〔2025〕9号" },
        };

    Task<JsonElement> Define(string kind) =>
        Catalog.Put(Tokens.OpennessOffice, $"lists/{kind}", new { name = "收费目录", schema = Schema }, 200);

    Task<JsonElement> Change(string kind, string note, params object[] changes) =>
        Catalog.Post(Tokens.OpennessOffice, $"lists/{kind}/entries", new { note, changes }, 200);

    static IEnumerable<string?> Codes(JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(e => e.GetProperty("code").GetString());
}
