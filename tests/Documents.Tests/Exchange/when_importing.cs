using System.Net;
using System.Text;
using System.Text.Json;
using Alba;
using PolicyPlatform.Documents.Exchange;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Exchange;

public sealed class when_importing(District district) : IClassFixture<District>
{
    IAlbaHost Documents => district.Documents;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task all_regulations_go_in_and_the_files_of_one_law_are_revisions_of_one_document()
    {
        Assert.SkipWhen(Corpus.RegulationsFolder is null, "The corpus is not beside this repository (../shared/corpus).");
        var files = Directory.EnumerateFiles(Corpus.RegulationsFolder!).Select(f => (Path.GetFileName(f), File.ReadAllBytes(f))).ToArray();
        var report = await Import(Zip.Of(files), "application/zip", "?issuer=370114&subject=CXJS");
        Assert.Equal(25, report.Length);
        Assert.All(report, line => Assert.Equal("created", line.GetProperty("outcome").GetString()));

        var road = report.Single(l => l.GetProperty("source").GetString()!.StartsWith("道路运输条例", StringComparison.Ordinal));
        Assert.Equal(3, road.GetProperty("recorded").GetInt32());
        var id = road.GetProperty("documentId").GetGuid();
        var view = await Documents.Get(null, $"documents/{id}");
        Assert.Equal(
            ("中华人民共和国道路运输条例", "2004-04-30", "2019-03-02", "amended", 3),
            (
                view.GetProperty("title").GetString(),
                view.GetProperty("publishedOn").GetString(),
                view.GetProperty("effectiveFrom").GetString(),
                view.GetProperty("validity").GetString(),
                view.GetProperty("revisionInForce").GetInt32()
            )
        );
        Assert.Equal(2, (await Documents.Get(null, $"documents/{id}?inForceOn=2022-12-31")).GetProperty("revisionInForce").GetInt32());
        // Valid time from the past, record time now.
        await Documents.Get(null, $"documents/{id}?recordedAt=2026-05-01T00:00:00Z&inForceOn=2022-12-31", 404);
        Assert.Equal(
            "2020-01-01",
            (await Documents.Get(null, $"documents/{Id(report, "优化营商环境条例(")}")).GetProperty("effectiveFrom").GetString()
        );

        var again = await Import(Zip.Of(files), "application/zip", "?issuer=370114&subject=CXJS");
        Assert.All(again, line => Assert.Equal("unchanged", line.GetProperty("outcome").GetString()));
        Assert.Equal(report.Select(l => l.GetProperty("documentId").GetGuid()), again.Select(l => l.GetProperty("documentId").GetGuid()));
        Assert.Equal(
            1,
            (await Documents.Get(null, "library?q=\"中华人民共和国道路运输条例\" 客运 货运&year=2004")).GetProperty("total").GetInt32()
        );

        static Guid Id(JsonElement[] report, string source) =>
            report
                .Single(l => l.GetProperty("source").GetString()!.StartsWith(source, StringComparison.Ordinal))
                .GetProperty("documentId")
                .GetGuid();
    }

    [Fact]
    public async Task a_line_is_taken_in_whole_or_refused_with_everything_that_is_wrong()
    {
        var lines = string.Join(
            '\n',
            """{"documentNumber":"测导发〔2020〕1号","title":"好办法","issuers":["370114"],"subject":"CXJS","writtenOn":"2020-01-05","publishedOn":"2020-01-10","revisions":[{"text":"第一条 甲。"},{"text":"第一条 乙。","effectiveFrom":"2021-01-01"}]}""",
            """{"documentNumber":"没有号","title":"坏办法","issuers":["999"],"revisions":[{"text":""},{"effectiveFrom":"2021-01-01"}]}""",
            """{"documentNumber":"测导发〔2020〕3号","title":"已废办法","issuers":["370114"],"publishedOn":"2020-01-10","expiresOn":"2023-01-01","repealedFrom":"2022-01-01","revisions":[{"text":"第一条 丙。"}]}"""
        );
        var report = await Import(Encoding.UTF8.GetBytes(lines), "application/x-ndjson");
        Assert.Equal(["created", "refused", "created"], report.Select(l => l.GetProperty("outcome").GetString()));
        Assert.Equal(
            ["/revisions/0/effectiveFrom", "/revisions/0/text", "/revisions/1/text", "/issuers/0", "/documentNumber"],
            report[1].GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("pointer").GetString())
        );
        Assert.Equal(
            "repealed",
            (await Documents.Get(null, $"documents/{report[2].GetProperty("documentId").GetGuid()}")).GetProperty("validity").GetString()
        );

        var more =
            """{"documentNumber":"测导发[2020]第1号","issuers":["370114"],"revisions":[{"text":"第一条 甲。","effectiveFrom":"2020-01-10"},{"text":"第一条 早。","effectiveFrom":"2019-01-01"},{"text":"第一条 丁。","effectiveFrom":"2022-01-01"}],"title":"好办法"}""";
        var extended = Assert.Single(await Import(Encoding.UTF8.GetBytes(more), "application/x-ndjson"));
        Assert.Equal(
            ("extended", 2, report[0].GetProperty("documentId").GetGuid()),
            (
                extended.GetProperty("outcome").GetString(),
                extended.GetProperty("recorded").GetInt32(),
                extended.GetProperty("documentId").GetGuid()
            )
        );
        var id = extended.GetProperty("documentId").GetGuid();
        foreach (var (day, text) in new[] { ("2019-06-01", "早"), ("2020-06-01", "甲"), ("2021-06-01", "乙"), ("2022-06-01", "丁") })
            Assert.Contains(
                text,
                (await Documents.Get(null, $"documents/{id}/revisions/current?inForceOn={day}"))
                    .GetProperty("blocks")[0]
                    .GetProperty("text")
                    .GetString()!,
                StringComparison.Ordinal
            );
        var conflict = Assert.Single(
            await Import(
                Encoding.UTF8.GetBytes(
                    """{"documentNumber":"测导发〔2020〕1号","title":"好办法","issuers":["370114"],"revisions":[{"text":"第一条 另。","effectiveFrom":"2022-01-01"}]}"""
                ),
                "application/x-ndjson"
            )
        );
        Assert.Equal("revision.conflict", conflict.GetProperty("errors")[0].GetProperty("code").GetString());
        Assert.True((await Documents.Get(null, $"documents/{id}/integrity")).GetProperty("intact").GetBoolean());

        var incomplete = await Documents.Get(Tokens.OpennessOffice, "library/completeness?q=已废办法");
        Assert.Equal(
            ["subject", "writtenOn", "titleInText"],
            incomplete.GetProperty("items")[0].GetProperty("missing").EnumerateArray().Select(m => m.GetString())
        );
    }

    [Fact]
    public async Task what_cannot_be_read_is_said_at_once_or_named_in_the_report()
    {
        Assert.Equal(
            ["line 2"],
            (await Send(Encoding.UTF8.GetBytes("{}\n{"), "application/x-ndjson", "", HttpStatusCode.UnprocessableEntity)).Pointers()
        );
        Assert.Equal("request.invalid", (await Send([1, 2, 3], "application/zip", "", HttpStatusCode.UnprocessableEntity)).Code());
        Assert.Equal("request.contentType.unsupported", (await Send([1], "text/plain", "", HttpStatusCode.UnsupportedMediaType)).Code());
        var report = await Import(
            Zip.Of([("好.txt", "第一条 可读。"u8.ToArray()), ("坏.txt", [0xff, 0xff, 0x00]), ("图.png", [1])]),
            "application/zip",
            "?issuer=370114"
        );
        Assert.Equal(
            ["好.txt:refused", "图.png:refused", "坏.txt:refused"],
            report.Select(l => $"{l.GetProperty("source").GetString()}:{l.GetProperty("outcome").GetString()}")
        );
        Assert.Equal("/revisions/0/effectiveFrom", report[0].GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    [Fact]
    public void metadata_comes_from_a_table_from_front_matter_and_from_names()
    {
        var gb = CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!;
        var (documents, unreadable, _) = ImportFiles.Read([
            (
                "meta.csv",
                Encoding.UTF8.GetBytes("file,documentNumber,issuers,effectiveFrom\na.txt,测发〔2020〕1号,370114;370114-ZJ,2020-02-01\n")
            ),
            ("a.txt", gb.GetBytes("第一条 国标。")),
            (
                "b.md",
                "---\n标题: 乙办法\n文号: 测发〔2020〕2号\nissuers: [370114]\n施行日期: 2020-03-01\n---\n# 别的\n\n第一条 乙。"u8.ToArray()
            ),
            ("丙条例(2021-05-06).txt", "第一条 丙。"u8.ToArray()),
            ("丙条例(2023-05-06).txt", "第一条 丙二。"u8.ToArray()),
            (
                "d.md",
                "# 丁条例\n\n2010年11月19日 国务院令第1号公布\n\n2016年2月6日 《决定》第一次修订）\n\n<!-- INFO END -->\n\n第一条 丁。"u8.ToArray()
            ),
            ("e.md", "---\n: [\n---\n"u8.ToArray()),
            // What nests without end would end the process.
            ("f.md", Encoding.UTF8.GetBytes($"---\nissuers: {new string('[', 200_000)}\n---\n第一条 己。")),
            ("g.md", Encoding.UTF8.GetBytes($"---\n{string.Concat(Enumerable.Repeat("? ", 50_000))}\n---\n第一条 庚。")),
            ("i.md", "---\nissuers: [370114\n备注: |\n  备注\n---\n第一条 壬。"u8.ToArray()),
            ("h.md", Encoding.UTF8.GetBytes($"{string.Concat(Enumerable.Repeat("> ", 50_000))}第一条 辛。")),
        ]);
        Assert.Equal(["e.md", "f.md", "g.md", "i.md", "h.md"], unreadable.Select(u => u.File));
        Assert.Equal(
            [
                "测发〔2020〕1号|a|370114 370114-ZJ|2020-02-01",
                "测发〔2020〕2号|乙办法|370114|2020-03-01",
                "|丙条例||2021-05-06 2023-05-06",
                "|丁条例||2016-02-06",
            ],
            documents.Select(d =>
                $"{d.DocumentNumber}|{d.Title}|{string.Join(' ', d.Issuers ?? [])}|{string.Join(' ', d.Revisions!.Select(r => $"{r.EffectiveFrom:yyyy-MM-dd}"))}"
            )
        );
        Assert.Equal((new DateOnly(2010, 11, 19), "《决定》第一次修订"), (documents[3].PublishedOn, documents[3].Revisions![0].Note));
        Assert.Equal("第一条 国标。", documents[0].Revisions![0].Text);
        Assert.Equal([BlockKind.Title, BlockKind.Article], MarkdownText.Cut(documents[1].Revisions![0].Markdown!).Select(b => b.Kind));
    }

    [Fact]
    public void what_is_too_much_is_named_in_the_report()
    {
        var (documents, unreadable, _) = ImportFiles.Read([
            ("深(2024-01-01).html", Encoding.UTF8.GetBytes($"{string.Concat(Enumerable.Repeat("<div><!--</div>-->", 2000))}第一条 甲。")),
            ("长(2024-01-01).html", Encoding.UTF8.GetBytes($"<p>{new string(' ', HtmlText.Longest)}第一条 乙。")),
            ("长(2024-01-01).txt", Encoding.UTF8.GetBytes(new string('丙', CanonicalText.LongestCharacters + 1))),
            ("宽.csv", Encoding.UTF8.GetBytes($"file,{string.Join(',', Enumerable.Range(0, 300))}\na.txt\n")),
            ("好(2024-01-01).html", "<p>第一条 丁。"u8.ToArray()),
        ]);
        Assert.Equal(
            ["宽.csv", "深(2024-01-01).html", "长(2024-01-01).html", "长(2024-01-01).txt"],
            unreadable.Select(u => u.File).Order(StringComparer.Ordinal)
        );
        Assert.Equal(["好"], documents.Select(d => d.Title));
    }

    [Fact]
    public async Task what_is_too_much_is_refused_with_its_place()
    {
        var deep = string.Concat(Enumerable.Repeat("<div title='</div>'>", 2000)) + "第一条 甲。";
        var refused = await district.Documents.Post(
            Tokens.DraftingHousing,
            "documents",
            new
            {
                title = "深的办法",
                issuers = new[] { "370114-ZJ" },
                html = deep,
            },
            422
        );
        Assert.Equal(
            ("/html", "text.html.unreadable"),
            refused.GetProperty("errors")[0] is var error
                ? (error.GetProperty("pointer").GetString(), error.GetProperty("code").GetString())
                : default
        );
        var report = await Import(
            Encoding.UTF8.GetBytes(
                JsonSerializer.Serialize(
                    new
                    {
                        title = "深的办法",
                        issuers = new[] { "370114" },
                        publishedOn = "2024-02-01",
                        revisions = new[] { new { html = deep } },
                    }
                )
            ),
            "application/x-ndjson"
        );
        Assert.Contains("text.html.unreadable", report[0].GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void the_first_day_is_the_text_s_own_whatever_file_it_comes_in_and_what_disagrees_is_told()
    {
        var (blocks, _) = BlockIdentity.Carry([], TextStructure.Cut("第一条 付款。\n第二条 本条例自2025年6月1日起施行。"), 1);
        var (documents, _, remarks) = ImportFiles.Read([
            ("付款条例(2025-03-17).docx", OfficialDocx.Write(blocks)),
            ("页面条例(2025-03-17).html", "<p>第一条 付款。</p><p>第二条 本条例自2025年6月1日起施行。</p>"u8.ToArray()),
            ("前言条例.md", "---\neffectiveFrom: 2024-03-01\n---\n# 前言条例\n\n第一条 本条例自2024年5月1日起施行。"u8.ToArray()),
            ("甲/同一条例(2021-05-06).md", "# 同一条例\n\n第一条 甲。"u8.ToArray()),
            ("乙/同一条例(2021-05-06).md", "# 同一条例\n\n第一条 甲。"u8.ToArray()),
        ]);
        Assert.Equal(
            ["付款条例 2025-06-01", "页面条例 2025-06-01", "前言条例 2024-03-01", "同一条例 2021-05-06"],
            documents.Select(d => $"{d.Title} {string.Join(' ', d.Revisions!.Select(r => $"{r.EffectiveFrom:yyyy-MM-dd}"))}")
        );
        Assert.Equal(["付款条例(2025-03-17).docx", "页面条例(2025-03-17).html", "前言条例.md"], remarks.Select(r => r.File));
    }

    [Fact]
    public void a_folder_as_windows_and_a_mac_pack_it_is_read()
    {
        var gbk = CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!;
        // Names in GBK, which no flag marks.
        var zip = Zip.Of([
            ("AAAA.txt", "第一条 供热。本办法自2024年3月1日起施行。"u8.ToArray()),
            (
                "BBBB.csv",
                Encoding.UTF8.GetBytes(
                    "文件,标题,发文字号,发文机关,发布日期\n供热.txt,供热办法,测发〔2024〕9号,370114,2024-02-01\n供热.txt,再次,,,\n没有.txt,没有,,,\n,无名,,,\n"
                )
            ),
        ]);
        foreach (var (plain, name) in new[] { ("AAAA", "供热"), ("BBBB", "目录") })
            for (var at = 0; (at = zip.AsSpan(at).IndexOf(Encoding.ASCII.GetBytes(plain)) is var found and >= 0 ? at + found : -1) >= 0; )
                gbk.GetBytes(name).CopyTo(zip.AsSpan(at));
        var (documents, unreadable, _) = ImportFiles.Read(new MemoryStream(zip));
        Assert.Equal(
            ("供热办法", "测发〔2024〕9号", new DateOnly(2024, 3, 1)),
            (documents[0].Title, documents[0].DocumentNumber, documents[0].Revisions![0].EffectiveFrom)
        );
        Assert.Equal(["没有.txt", "目录.csv 3", "目录.csv 5"], unreadable.Select(u => u.File).Order(StringComparer.Ordinal));

        var mac = ImportFiles.Read(
            new MemoryStream(
                Zip.Of([
                    ("__MACOSX/._甲.txt", [0]),
                    ("._甲.txt", [0]),
                    (".DS_Store", [0]),
                    ("Thumbs.db", [0]),
                    ("~$甲.docx", [0]),
                    ("子/desktop.ini", [0]),
                    ("甲.txt", "第一条 甲。"u8.ToArray()),
                ])
            )
        );
        Assert.Equal((1, 0), (mac.Documents.Count, mac.Unreadable.Count));
    }

    [Fact]
    public async Task the_first_day_is_taken_from_the_text_and_the_report_says_so()
    {
        var report = await Import(
            Encoding.UTF8.GetBytes(
                """
                {"title":"自有日期办法","issuers":["370114"],"publishedOn":"2024-02-01","revisions":[{"text":"第一条 甲。\n第二条 本办法自2024年3月1日起施行。"}]}
                {"title":"旧日期办法","issuers":["370114"],"publishedOn":"2024-02-01","revisions":[{"text":"第一条 甲。\n第二条 本办法自2004年3月1日起施行。"}]}
                {"title":"相左日期办法","issuers":["370114"],"publishedOn":"2025-03-17","revisions":[{"text":"第一条 甲。\n第二条 本办法自2025年6月1日起施行。","effectiveFrom":"2025-03-17"}]}
                """
            ),
            "application/x-ndjson"
        );
        Assert.Equal(
            ["date.taken", "date.taken", "date.contradictsText"],
            report.Select(l => l.GetProperty("warnings")[0].GetProperty("code").GetString())
        );
        Assert.Equal(
            ["2024-03-01", "2024-02-01", "2025-03-17"],
            await Task.WhenAll(
                report.Select(async l =>
                    (await Documents.Get(null, $"documents/{l.GetProperty("documentId").GetGuid()}"))
                        .GetProperty("effectiveFrom")
                        .GetString()
                )
            )
        );
    }

    [Fact]
    public async Task a_text_that_an_import_adds_keeps_the_files_of_the_one_before()
    {
        var id = await Documents.Draft("第一条 甲。", "带附件办法");
        await Documents.Post(
            Tokens.DraftingHousing,
            $"documents/{id}/revisions",
            new { text = "第一条 甲。\n第二条 乙。", files = new object[] { new { name = "表.csv", content = "1,2"u8.ToArray() } } },
            201
        );
        await Documents.Publish(id, "测导发〔2026〕9号");
        var line = Assert.Single(
            await Import(
                Encoding.UTF8.GetBytes(
                    """{"documentNumber":"测导发〔2026〕9号","title":"带附件办法","issuers":["370114-ZJ"],"revisions":[{"text":"第一条 丙。","effectiveFrom":"2026-07-01"}]}"""
                ),
                "application/x-ndjson"
            )
        );
        Assert.Equal("extended", line.GetProperty("outcome").GetString());
        Assert.Equal(
            "表.csv",
            Assert
                .Single(
                    (await Documents.Get(null, $"documents/{id}/revisions/current?inForceOn=2026-07-02"))
                        .GetProperty("files")
                        .EnumerateArray()
                )
                .GetProperty("name")
                .GetString()
        );
        Assert.True((await Documents.Get(null, $"documents/{id}/integrity")).GetProperty("intact").GetBoolean());
    }

    [Fact]
    public async Task what_a_text_does_not_say_for_sure_is_in_the_report()
    {
        var line = Assert.Single(
            await Import(
                Encoding.UTF8.GetBytes(
                    """{"title":"缺条办法","issuers":["370114"],"publishedOn":"2024-02-01","revisions":[{"text":"缺条办法\n第一条 甲。\n第四条 乙。"}]}"""
                ),
                "application/x-ndjson"
            )
        );
        Assert.Equal(
            ["date.taken:/revisions/0/effectiveFrom", "number.missing:/revisions/0/blocks/2"],
            line.GetProperty("warnings").EnumerateArray().Select(w => $"{w.Code()}:{w.GetProperty("pointer").GetString()}")
        );
    }

    [Fact]
    public async Task a_line_of_another_form_is_refused_and_windows_zip_type_is_one()
    {
        Assert.Equal(
            ["line 1", "line 2/titel", "line 3/revisions/0"],
            (
                await Send(
                    "null\n{\"titel\":\"x\"}\n{\"revisions\":[null]}"u8.ToArray(),
                    "application/x-ndjson",
                    "",
                    HttpStatusCode.UnprocessableEntity
                )
            ).Pointers()
        );
        await Send(
            Zip.Of([("好.txt", "第一条 可读。"u8.ToArray())]),
            "application/x-zip-compressed",
            "?issuer=370114",
            HttpStatusCode.Accepted
        );
    }

    [Fact]
    public async Task bodies_and_subjects_are_given_by_name_or_code_and_an_order_gets_its_body_s_name()
    {
        await district.Catalog.Post(
            Tokens.OpennessOffice,
            "organisations",
            new
            {
                code = "370114-X1",
                name = "测试区同名局",
                type = "department",
                parent = "370114",
                validFrom = "2020-01-01",
            },
            201
        );
        await district.Catalog.Post(
            Tokens.OpennessOffice,
            "organisations",
            new
            {
                code = "370114-X2",
                name = "测试区同名局",
                type = "department",
                parent = "370114",
                validFrom = "2020-01-01",
            },
            201
        );
        await district.Catalog.Scenario(s =>
        {
            s.As(Tokens.OpennessOffice).WithRequestHeader("If-Match", "\"1\"");
            s.Patch.Json(new { name = "测试区改名局", effectiveFrom = "2026-05-01" }).ToUrl("/api/v1/organisations/370114-X1");
        });
        var zip = Zip.Of([
            (
                "目录.csv",
                Encoding.UTF8.GetBytes(
                    "文件名称,文件标题,文号,制定机关,主题分类,发布日期\n甲.txt,甲办法,令第11号,测试区住房和城乡建设局、370114-JY,城乡建设,2024-02-01\n乙.txt,乙办法,令第11号,测试区教育和体育局,CXJS,2024-02-01\n丙.txt,丙办法,,测试区同名局,城乡建设,2024-02-01\n丁.txt,丁办法,,测试区没有局,没有类,2024-02-01\n"
                )
            ),
            ("甲.txt", "第一条 甲。"u8.ToArray()),
            ("乙.txt", "第一条 乙。"u8.ToArray()),
            ("丙.txt", "第一条 丙。"u8.ToArray()),
            ("丁.txt", "第一条 丁。"u8.ToArray()),
        ]);
        var report = (await Import(zip, "application/zip")).ToDictionary(l => l.GetProperty("source").GetString()!);
        var first = await Documents.Get(null, $"documents/{report["甲.txt"].GetProperty("documentId").GetGuid()}");
        Assert.Equal(
            ("370114-ZJ 370114-JY", "CXJS", "测试区住房和城乡建设局令第11号"),
            (
                string.Join(' ', first.GetProperty("issuers").EnumerateArray().Select(i => i.GetString())),
                first.GetProperty("subject").GetString(),
                first.GetProperty("documentNumber").GetString()
            )
        );
        Assert.Equal(
            "测试区教育和体育局令第11号",
            (await Documents.Get(null, $"documents/{report["乙.txt"].GetProperty("documentId").GetGuid()}"))
                .GetProperty("documentNumber")
                .GetString()
        );
        // Today only one of the two bears the name.
        Assert.Equal(
            "370114-X2",
            (await Documents.Get(null, $"documents/{report["丙.txt"].GetProperty("documentId").GetGuid()}"))
                .GetProperty("issuers")[0]
                .GetString()
        );
        Assert.Equal(
            ["/issuers/0", "/subject"],
            report["丁.txt"].GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("pointer").GetString())
        );
        Assert.All(
            await Import(zip, "application/zip"),
            l => Assert.Contains(l.GetProperty("outcome").GetString(), new[] { "unchanged", "refused" })
        );

        await district.Catalog.Post(
            Tokens.OpennessOffice,
            "organisations",
            new
            {
                code = "370114-X3",
                name = "测试区同名局",
                type = "department",
                parent = "370114",
                validFrom = "2020-01-01",
            },
            201
        );
        var both = Assert.Single(
            await Import(
                Encoding.UTF8.GetBytes(
                    """{"title":"同名办法","issuers":["测试区同名局"],"publishedOn":"2024-02-01","revisions":[{"text":"第一条 甲。"}]}"""
                ),
                "application/x-ndjson"
            )
        );
        Assert.Contains("name.ambiguous", both.GetProperty("errors").EnumerateArray().Select(e => e.Code()));
    }

    Task<JsonElement[]> Import(byte[] body, string type, string query = "") => Documents.Import(body, type, query);

    Task<JsonElement> Send(byte[] body, string type, string query, HttpStatusCode expected) =>
        Documents.SendImport(body, type, query, expected);
}
