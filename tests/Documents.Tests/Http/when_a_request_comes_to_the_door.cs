using System.Net;
using System.Text;
using System.Text.Json;
using Alba;
using CsCheck;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Http;

public sealed class when_a_request_comes_to_the_door(District district) : IClassFixture<District>
{
    IAlbaHost Documents => district.Documents;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task what_no_call_knows_is_refused_with_the_nearest_name_that_it_knows()
    {
        var id = await Documents.Draft("第一条 甲。");
        var body = await Documents.Post(
            Tokens.DraftingHousing,
            $"documents/{id}/publish",
            new { publish_at = "2026-07-01T00:00:00Z", foo = 1 },
            403
        );
        Assert.Equal("identity.role.missing", body.Code());
        var refused = await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/publish",
            new { publish_at = "2026-07-01T00:00:00Z" },
            422
        );
        Assert.Equal(("/publish_at", "member.unknown"), (refused.Pointers().Single(), refused.GetProperty("errors")[0].Code()));
        Assert.Contains("publishAt", refused.GetProperty("errors")[0].GetProperty("detail").GetString(), StringComparison.Ordinal);
        // A member within a member, and a parameter, and all of them at once.
        Assert.Equal(["/disclosure/grund", "/titel", "issuer"], (
                await Documents.Post(
                    Tokens.DraftingHousing,
                    "documents?issuer=1",
                    new
                    {
                        titel = "x",
                        text = "x",
                        disclosure = new { attribute = "proactive", grund = "x" },
                    },
                    422
                )
            ).Pointers().Order());
        var query = await Documents.Get(null, "library?isuer=370114-ZJ&pageSize=3", 422);
        Assert.Contains("issuer", query.GetProperty("errors")[0].GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task what_the_service_keeps_wrongly_is_not_said_to_be_wrong_with_the_request()
    {
        var id = await Documents.Draft("第一条 甲。");
        await Keep("?");
        Assert.Equal("service.failed", (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}", 500)).Code());
        // The other tests of this district list all drafts.
        await Keep("drafting");
        await Documents.Get(Tokens.DraftingHousing, $"documents/{id}");

        Task Keep(string state) =>
            district.Execute(
                $"""update documents.mt_doc_policydocument set data = jsonb_set(data, '{"{"}state{"}"}', '"{state}"') where id = '{id}'"""
            );
    }

    [Fact]
    public async Task empty_parameters_are_none()
    {
        var all = (await Documents.Get(null, "library")).GetProperty("total").GetInt32();
        Assert.Equal(
            all,
            (await Documents.Get(null, "library?issuer=&subject=&kind=&validity=&year=&sort=&pageToken=&q="))
                .GetProperty("total")
                .GetInt32()
        );
    }

    [Fact]
    public async Task an_instant_says_its_offset_and_a_list_holds_no_null()
    {
        var id = await Documents.Draft("第一条 甲。");
        Assert.Equal(
            ["/publishAt"],
            (
                await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/publish", new { publishAt = "2026-07-01T00:00:00" }, 422)
            ).Pointers()
        );
        foreach (var instant in new[] { "2026-07-01", "2026-07-01T00:00:00", "2026-07-01T00:00:00+08:00" })
            Assert.Equal(
                ["recordedAt"],
                (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}?recordedAt={instant}", 422)).Pointers()
            );
        await Documents.Get(Tokens.DraftingHousing, $"documents/{id}?recordedAt=2099-07-01T00:00:00%2B08:00");
        Assert.Equal(
            ["/issuers/0", "/blocks/1"],
            (
                await Documents.Post(
                    Tokens.DraftingHousing,
                    "documents",
                    new
                    {
                        title = "x",
                        issuers = new string?[] { null },
                        blocks = new object?[] { new { text = "甲" }, null },
                    },
                    422
                )
            ).Pointers()
        );
    }

    [Theory]
    [InlineData("application/json; charset=\"utf-8\"", "utf-8", HttpStatusCode.Created)]
    [InlineData("application/json; charset=UTF8", "utf-8", HttpStatusCode.Created)]
    [InlineData("application/json; charset=gb18030", "GB18030", HttpStatusCode.Created)]
    [InlineData("application/json; charset=klingon", "utf-8", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("text/plain; charset=\"gbk\"", "GB18030", HttpStatusCode.Created)]
    [InlineData("text/plain; charset=utf-7", "utf-8", HttpStatusCode.UnsupportedMediaType)]
    public async Task every_charset_is_read_or_refused(string type, string encoding, HttpStatusCode expected)
    {
        var id = await Documents.Draft("第一条 甲。");
        var text = type.StartsWith("text", StringComparison.Ordinal) ? "第一条 乙。" : "{\"text\":\"第一条 乙。\"}";
        var bytes = (encoding == "utf-8" ? Encoding.UTF8 : CodePagesEncodingProvider.Instance.GetEncoding(encoding)!).GetBytes(text);
        using var content = new ByteArrayContent(bytes);
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var client = Documents.Server.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/documents/{id}/revisions")
        {
            Content = content,
            Headers = { Authorization = new("Bearer", Tokens.DraftingHousing) },
        };
        using var answer = await client.SendAsync(request, Cancellation);
        Assert.Equal(expected, answer.StatusCode);
        if (expected is not HttpStatusCode.Created)
        {
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
            return;
        }
        Assert.Equal(
            "第一条 乙。",
            (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/revisions/2"))
                .GetProperty("blocks")[0]
                .GetProperty("text")
                .GetString()
        );
    }

    [Fact]
    public async Task head_answers_where_get_does()
    {
        var id = await Documents.Draft("第一条 甲。");
        using var client = Documents.Server.CreateClient();
        foreach (var (path, status) in new[] { ("library", 200), ($"documents/{id}", 404) })
        {
            using var head = await client.SendAsync(new(HttpMethod.Head, $"/api/v1/{path}"), Cancellation);
            using var get = await client.GetAsync(new Uri($"/api/v1/{path}", UriKind.Relative), Cancellation);
            Assert.Equal((status, ""), ((int)head.StatusCode, await head.Content.ReadAsStringAsync(Cancellation)));
            Assert.Equal((get.Headers.ETag, get.Content.Headers.ContentType), (head.Headers.ETag, head.Content.Headers.ContentType));
        }
    }

    [Theory]
    [InlineData("text/html;charset=utf-8", "text/html")]
    [InlineData("text/html;q=0, */*", "application/json")]
    [InlineData("text/plain;q=0.5, text/markdown;q=0.9", "text/markdown")]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html")]
    [InlineData("*/*, text/plain", "application/json")]
    [InlineData("image/png", null)]
    public async Task the_form_that_is_liked_best_is_sent(string accept, string? expected)
    {
        var id = await Documents.Draft("第一条 甲。");
        using var client = Documents.Server.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/documents/{id}/revisions/1")
        {
            Headers = { Authorization = new("Bearer", Tokens.DraftingHousing) },
        };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var answer = await client.SendAsync(request, Cancellation);
        Assert.Equal(expected is null ? HttpStatusCode.NotAcceptable : HttpStatusCode.OK, answer.StatusCode);
        if (expected is not null)
            Assert.Equal(expected, answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task addresses_and_headers_that_are_too_long_are_refused_in_words()
    {
        using var client = Documents.Server.CreateClient();
        using var address = await client.GetAsync(new Uri($"/api/v1/library?q={new string('a', 9000)}", UriKind.Relative), Cancellation);
        Assert.Equal(("request.address.tooLong", 414), ((await Read(address)).Code(), (int)address.StatusCode));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/library");
        request.Headers.TryAddWithoutValidation("X-Long", new string('a', 40_000));
        using var headers = await client.SendAsync(request, Cancellation);
        Assert.Equal(("request.headers.tooLarge", 431), ((await Read(headers)).Code(), (int)headers.StatusCode));

        static async Task<JsonElement> Read(HttpResponseMessage answer) =>
            JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).RootElement;
    }

    [Fact]
    public async Task a_page_token_of_another_list_is_refused()
    {
        for (var i = 0; i < 2; i++)
            await Documents.Draft("第一条 甲。");
        var token = (await Documents.Get(Tokens.DraftingHousing, "documents?pageSize=1")).GetProperty("nextPageToken").GetString();
        await Documents.Get(Tokens.DraftingHousing, $"documents?pageSize=1&pageToken={token}");
        Assert.Equal(["pageToken"], (await Documents.Get(null, $"library?pageToken={token}", 422)).Pointers());
        Assert.Equal(["pageToken"], (await Documents.Get(null, "library?pageToken=bnVsbA", 422)).Pointers());
        // The history of one document is no page of another's.
        var (one, other) = (await Documents.Draft("第一条 甲。"), await Documents.Draft("第一条 乙。"));
        await Documents.Revise(one, "第一条 丙。");
        var next = (await Documents.Get(Tokens.DraftingHousing, $"documents/{one}/revisions?pageSize=1"))
            .GetProperty("nextPageToken")
            .GetString();
        await Documents.Get(Tokens.DraftingHousing, $"documents/{one}/revisions?pageSize=1&pageToken={next}");
        Assert.Equal(
            ["pageToken"],
            (await Documents.Get(Tokens.DraftingHousing, $"documents/{other}/revisions?pageSize=1&pageToken={next}", 422)).Pointers()
        );
    }

    [Fact]
    public async Task strings_are_cleaned_wherever_they_come_in()
    {
        var id = (
            await Documents.Post(
                Tokens.DraftingHousing,
                "documents",
                new
                {
                    title = "⽔务\u200B办法\u202E\u0007",
                    text = "第一条 ⼈\u00AD员\u0000。",
                    changeNote = "起\uFFFE草",
                },
                201
            )
        ).GetProperty("id").GetGuid();
        Assert.Equal("水务办法", (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}")).GetProperty("title").GetString());
        Assert.Equal(
            "第一条 人员。",
            (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/revisions/1"))
                .GetProperty("blocks")[0]
                .GetProperty("text")
                .GetString()
        );
        Assert.Equal(
            "起草",
            (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/history")).GetProperty("items")[0].GetProperty("note").GetString()
        );
    }

    [Fact]
    public async Task in_a_text_a_name_keeps_the_form_that_it_was_given_in()
    {
        var id = (
            await Documents.Post(
                Tokens.DraftingHousing,
                "documents",
                new
                {
                    title = "\uF90A水办法",
                    text = "第一条 \uF90A\u200B某某。",
                    changeNote = "起草",
                },
                201
            )
        ).GetProperty("id").GetGuid();
        Assert.Equal("金水办法", (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}")).GetProperty("title").GetString());
        Assert.Equal(
            "第一条 \uF90A某某。",
            (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/revisions/1"))
                .GetProperty("blocks")[0]
                .GetProperty("text")
                .GetString()
        );
    }

    [Theory]
    [InlineData("{\"title\":\"x\",\"\\ud800\":1}")]
    [InlineData("{\"title\":\"\\ud800\",\"text\":\"甲\"}")]
    public async Task half_a_pair_of_surrogates_is_refused(string body)
    {
        using var client = Documents.Server.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/documents")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
            Headers = { Authorization = new("Bearer", Tokens.DraftingHousing) },
        };
        using var answer = await client.SendAsync(request, Cancellation);
        Assert.InRange((int)answer.StatusCode, 400, 422);
        Assert.Equal(
            "text.encoding.invalid",
            JsonDocument
                .Parse(await answer.Content.ReadAsStringAsync(Cancellation))
                .RootElement.GetProperty("errors")[0]
                .GetProperty("code")
                .GetString()
        );
    }

    [Fact]
    public async Task a_body_with_more_faults_than_anybody_reads_is_answered_in_bounds()
    {
        var body = new Dictionary<string, int>(Enumerable.Range(0, 5_000).Select(i => KeyValuePair.Create($"member{i}", i)));
        Assert.Equal(200, (await Documents.Post(Tokens.DraftingHousing, "documents", body, 422)).GetProperty("errors").GetArrayLength());
    }

    [Fact]
    public async Task a_token_that_was_made_up_is_refused()
    {
        var token = Convert.ToBase64String("{\"in\":\"SearchLibrary.Get\",\"at\":{\"sort\":\"title\"}}"u8.ToArray()).TrimEnd('=');
        Assert.Equal(["pageToken"], (await Documents.Get(null, $"library?sort=title&pageToken={token}", 422)).Pointers());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task a_token_that_names_nobody_is_refused(string? subject)
    {
        var nobody = Tokens.For(subject, null, "supervisor");
        Assert.Equal("identity.token.invalid", (await Documents.Get(nobody, "documents", 401)).Code());
        // Also where none is needed.
        Assert.Equal("identity.token.invalid", (await Documents.Get(nobody, "library", 401)).Code());
    }

    [Fact]
    public async Task what_cannot_be_null_is_not_left_out_to_be_whatever_comes_first()
    {
        var refused = await Documents.Post(
            Tokens.DraftingHousing,
            "documents",
            new { title = "没有公开属性的办法", disclosure = new { reason = "内部事务" } },
            422
        );
        Assert.Equal(["/disclosure/attribute"], refused.Pointers());
    }

    [Fact]
    public async Task the_nil_uuid_names_nothing()
    {
        var published = await Documents.Publish(await Documents.Draft(), "测政发〔2026〕973号");
        foreach (
            var (path, body) in new (string, object)[]
            {
                ("expiry", new { reason = "延长", expiresOn = "2030-01-01" }),
                ("repeal", new { reason = "不再需要" }),
                ("supersede", new { supersededBy = published, reason = "由新办法替代" }),
            }
        )
            Assert.Equal(
                "document.notFound",
                (await Documents.Post(Tokens.OpennessOffice, $"documents/{Guid.Empty}/{path}", body, 404)).Code()
            );
        var named = await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{published}/supersede",
            new { supersededBy = Guid.Empty, reason = "由新办法替代" },
            422
        );
        Assert.Equal("id.nil", Assert.Single(named.GetProperty("errors").EnumerateArray()).GetProperty("code").GetString());
    }

    [Fact]
    public void a_clean_string_stays_as_it_is_and_can_be_written_as_xml()
    {
        Gen.Char.Array[0, 50]
            .Select(c => new string(c))
            .Sample(given =>
            {
                var clean = Characters.Clean(given);
                if (Characters.Clean(clean) != clean)
                    return false;
                if (Characters.AreWhole(clean))
                    System.Xml.XmlConvert.VerifyXmlChars(clean);
                return true;
            });
        // In texts a name keeps the form that it was given in.
        Assert.Equal(("水金", "水\uF90A"), (Characters.Clean("⽔\uF90A"), Characters.CleanText("⽔\uF90A")));
    }
}
