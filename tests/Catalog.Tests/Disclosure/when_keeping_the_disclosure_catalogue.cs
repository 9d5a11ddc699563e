using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Alba;
using CsCheck;
using PolicyPlatform.Catalog.Disclosure;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Catalog.Tests.Disclosure;

public sealed class when_keeping_the_disclosure_catalogue(District district) : IClassFixture<District>
{
    IAlbaHost Catalog => district.Catalog;

    static object Content(string name = "供热补贴", string? deadline = "10个工作日") =>
        new
        {
            category = "城市管理",
            name,
            content = new[] { "补贴对象", "补贴标准" },
            legalBasis = "《政府信息公开条例》第二十条",
            deadline,
            bodies = new[] { "370114-ZJ" },
            channels = new[]
            {
                new { name = "website", deadline = (string?)null },
                new { name = "newMedia", deadline = (string?)"3个工作日" },
            },
        };

    [Fact]
    public async Task the_catalogue_is_as_it_was_on_a_day()
    {
        await Set("04-01", Content("供热补贴"), "2026-01-01");
        await Set("04-01", Content("冬季供热补贴"), "2026-07-01");
        Assert.Equal(
            "供热补贴",
            (await Catalog.Get(null, "disclosure-catalogues/district/items/04-01")).GetProperty("content").GetProperty("name").GetString()
        );
        Assert.Equal(
            "冬季供热补贴",
            (await Catalog.Get(null, "disclosure-catalogues/district/items/04-01?on=2026-07-01"))
                .GetProperty("content")
                .GetProperty("name")
                .GetString()
        );
        Assert.Equal(
            "disclosureItem.notFound",
            (await Catalog.Get(null, "disclosure-catalogues/district/items/04-01?on=2025-12-31", 404)).Code()
        );
        await Catalog.Post(
            Tokens.OpennessOffice,
            "disclosure-catalogues/district/items/04-01/retire",
            new { effectiveFrom = "2027-01-01", reason = "并入04-02" }
        );
        await Catalog.Get(null, "disclosure-catalogues/district/items/04-01?on=2027-01-01", 404);
        Assert.Equal(
            3,
            (await Catalog.Get(null, "disclosure-catalogues/district/items/04-01/history")).GetProperty("versions").GetArrayLength()
        );
        Assert.Contains(
            "04-01",
            Codes(await Catalog.Get(null, "disclosure-catalogues/district/items?body=370114-ZJ&channel=newMedia&q=供热"))
        );
        Assert.DoesNotContain("04-01", Codes(await Catalog.Get(null, "disclosure-catalogues/department/items")));
    }

    [Theory]
    [InlineData(null, 20, true, null)]
    [InlineData("20个工作日", 20, true, null)]
    [InlineData("7个工作日", 7, true, null)]
    [InlineData("自信息形成或者变更之日起20个工作日内予以公开", 20, true, null)]
    [InlineData("信息形成之日起20个工作日内，变更的自变更之日起20个工作日内", 20, true, null)]
    [InlineData("形成之日起二十个工作日内", 20, true, null)]
    [InlineData("审核后十五日内", 15, false, null)]
    [InlineData("１０日内", 10, false, null)]
    [InlineData("3天", 3, false, null)]
    [InlineData("24小时内", 1, false, null)]
    [InlineData("两周内", 14, false, null)]
    [InlineData("实时公开", 20, true, DeadlineKind.AtOnce)]
    [InlineData("及时公开", 20, true, DeadlineKind.Promptly)]
    [InlineData("长期公开，动态调整", 20, true, DeadlineKind.Standing)]
    [InlineData("定期公开", 20, true, DeadlineKind.Regularly)]
    [InlineData("每季度结束后15日内", 15, false, null)]
    [InlineData("按季度公开", 20, true, DeadlineKind.Quarterly)]
    [InlineData("每半年", 20, true, DeadlineKind.HalfYearly)]
    [InlineData("每月更新", 20, true, DeadlineKind.Monthly)]
    [InlineData("活动开始前10日", 20, true, DeadlineKind.Beforehand)]
    public void a_deadline_is_read_as_catalogues_write_it(string? text, int days, bool workingDays, DeadlineKind? kind)
    {
        var rule = DeadlineRule.Read(text)!;
        Assert.Equal((days, workingDays, kind), (rule.Days, rule.WorkingDays, rule.Kind));
        // As it was written it is read again.
        Assert.Equal(text ?? "20个工作日", $"{rule}");
        Assert.Equal(rule, DeadlineRule.Read($"{rule}"));
    }

    [Theory]
    [InlineData("每年3月底前", "2026-01-10", "2026-03-31")]
    [InlineData("每年3月底前", "2026-04-01", "2027-03-31")]
    [InlineData("次年1月31日前公开上一年度情况", "2026-12-20", "2027-01-31")]
    [InlineData("每年十二月末", "2026-12-20", "2026-12-31")]
    [InlineData("每年底前", "2026-02-20", "2026-12-31")]
    [InlineData("每月10日前", "2026-02-11", "2026-03-10")]
    [InlineData("每月底前公开", "2026-02-11", "2026-02-28")]
    public void a_deadline_that_names_a_day_is_that_day(string text, string formedOn, string dueOn) =>
        Assert.Equal(DateOnly.Parse(dueOn), DeadlineRule.Read(text)!.DayFrom(DateOnly.Parse(formedOn)));

    [Theory]
    [InlineData("视情况公开")]
    [InlineData("不定期公开")]
    [InlineData("2025年3月31日前")]
    [InlineData("0个工作日")]
    [InlineData("7个工作日内公示，20个工作日内公开")]
    public async Task an_item_whose_deadline_is_unknown_is_refused(string deadline)
    {
        var problem = await Catalog.Put(
            Tokens.OpennessOffice,
            "disclosure-catalogues/district/items/04-09",
            new { content = Content(deadline: deadline) },
            422
        );
        Assert.Equal(("/content/deadline", "deadline.unknown"), (problem.Pointers().Single(), problem.GetProperty("errors")[0].Code()));
        await Catalog.Get(null, "disclosure-catalogues/district/items/04-09", 404);
    }

    [Fact]
    public async Task everything_wrong_is_named_at_once()
    {
        var problem = await Catalog.Put(
            Tokens.OpennessOffice,
            "disclosure-catalogues/district/items/04-09",
            new
            {
                content = new
                {
                    category = "甲",
                    bodies = new[] { "370114-ZJ", "NOPE" },
                    deadline = "尽快",
                },
            },
            422
        );
        Assert.Equal(
            ["/content/name", "/content/legalBasis", "/content/content", "/content/bodies/1", "/content/deadline"],
            problem.Pointers()
        );
        Assert.Equal(["layer"], (await Catalog.Get(null, "disclosure-catalogues/village/items", 422)).Pointers());
    }

    [Fact]
    public void a_table_that_says_that_it_is_endless_is_not_made_so()
    {
        var read = CatalogueTable.Read(
            Sheet(
                """<row r="1"><c r="A1" t="inlineStr"><is><t>编码</t></is></c><c r="ZZZZZZ1"><v>1</v></c><c r="ZZZZZZZZZ1"><v>1</v></c></row>"""
                    + """<row r="9999"><c r="A9999" t="inlineStr"><is><t>甲</t></is></c></row>"""
            ),
            CatalogueTable.Excel
        );
        Assert.Equal("甲", Assert.Single(read!)["编码"]);
        // What nests without end, and what unpacks without end, is no table.
        Assert.Null(
            CatalogueTable.Read(
                Sheet(string.Concat(Enumerable.Repeat("<row>", 100_000)) + string.Concat(Enumerable.Repeat("</row>", 100_000))),
                CatalogueTable.Excel
            )
        );
        Assert.Null(CatalogueTable.Read(Sheet($"<row><c><v>{new string('1', 60_000_000)}</v></c></row>"), CatalogueTable.Excel));

        static byte[] Sheet(string rows)
        {
            using var file = new MemoryStream();
            file.Write(
                CatalogueTable.ToExcel(
                    [
                        ["甲"],
                    ],
                    "目录"
                )
            );
            using (var package = new ZipArchive(file, ZipArchiveMode.Update, leaveOpen: true))
            {
                var part = package.Entries.Single(e => e.FullName.Contains("worksheets/", StringComparison.Ordinal));
                var name = part.FullName;
                part.Delete();
                using var writer = new StreamWriter(package.CreateEntry(name).Open());
                writer.Write(
                    $"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"""
                );
            }
            return file.ToArray();
        }
    }

    [Theory]
    [InlineData("csv", "text/csv")]
    [InlineData("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")]
    public async Task what_is_exported_can_be_imported_and_changes_nothing(string format, string mediaType)
    {
        await Set("05-01", Content("=低保,\"救助\"\n'"), "2026-01-01");
        var exported = await Export(format);
        var same = await Import(exported, mediaType, 200);
        Assert.Equal((0, 0), (same.GetProperty("added").GetInt32(), same.GetProperty("changed").GetInt32()));
        Assert.True(same.GetProperty("unchanged").GetInt32() >= 1);
    }

    [Fact]
    public async Task whatever_an_item_is_called_its_catalogue_leaves_and_comes_back()
    {
        var number = 0;
        await AnyWords.Accepted.SampleAsync(
            async name =>
            {
                var code = $"99-{Interlocked.Increment(ref number):00}";
                var put = await Catalog.Scenario(s =>
                {
                    s.As(Tokens.OpennessOffice)
                        .Put.Json(new { content = Content(name), effectiveFrom = "2026-01-01" })
                        .ToUrl($"/api/v1/disclosure-catalogues/district/items/{code}");
                    s.IgnoreStatusCode();
                });
                Assert.Contains(put.Context.Response.StatusCode, new[] { 200, 422 });
                foreach (
                    var (format, mediaType) in new[]
                    {
                        ("csv", "text/csv"),
                        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
                    }
                )
                    Assert.True(
                        (await Import(await Export(format), mediaType, 200)).GetProperty("changed").GetInt32() == 0,
                        $"{format} {JsonSerializer.Serialize(name)}"
                    );
            },
            iter: 40,
            threads: 1
        );
    }

    [Fact]
    public async Task an_import_is_taken_in_whole_or_refused_with_every_wrong_row()
    {
        const string headings = "编码,一级事项,二级事项,公开内容（要素）,公开依据,公开时限,公开主体,公开渠道和载体,公开对象,公开方式\n";
        var wrong =
            headings
            + "06-01,教育,招生,学区划分,条例,20个工作日,370114-JY,website,全社会,主动\n06-01,教育,收费,标准,条例,随时,NOPE,website,全社会,主动\n";
        var problem = await Import(Encoding.UTF8.GetBytes(wrong), "text/csv", 422);
        Assert.Equal(["row 3/编码", "row 3/bodies/0", "row 3/deadline"], problem.Pointers());
        await Catalog.Get(null, "disclosure-catalogues/township/items/06-01", 404);
        Assert.Equal(
            "table.headings",
            (await Import(Encoding.UTF8.GetBytes("甲,乙\n1,2\n"), "text/csv", 422)).GetProperty("errors")[0].Code()
        );
        Assert.Equal(
            "table.unreadable",
            (await Import([1, 2, 3], "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", 422))
                .GetProperty("errors")[0]
                .Code()
        );

        var right = headings + "06-01,教育,招生,\"学区划分\n入学条件\",条例,,370114-JY,website、newMedia（3个工作日）,学生家长,主动\n";
        Assert.Equal(1, (await Import(Encoding.UTF8.GetBytes(right), "text/csv", 200)).GetProperty("added").GetInt32());
        var item = (await Catalog.Get(null, "disclosure-catalogues/district/items/06-01")).GetProperty("content");
        Assert.Equal(
            (2, 20, "学生家长"),
            (
                item.GetProperty("content").GetArrayLength(),
                item.GetProperty("deadline").GetProperty("days").GetInt32(),
                item.GetProperty("audience").GetString()
            )
        );
        Assert.Equal(3, item.GetProperty("channels")[1].GetProperty("deadline").GetProperty("days").GetInt32());
    }

    [Theory]
    [InlineData("08-01", "不予公开", "公开方式")]
    [InlineData("08-01", "看情况", "公开方式")]
    [InlineData("08-01", "", "公开方式")]
    [InlineData("08-01", "不主动公开", "公开方式")]
    [InlineData("Apr-26", "主动公开", "编码")]
    [InlineData("2026-13-01", "主动公开", "编码")]
    public async Task what_is_not_known_is_never_taken_for_proactive_and_a_date_that_may_be_two_codes_for_none(
        string code,
        string way,
        string column
    )
    {
        var table =
            $"编码,一级事项,二级事项,公开内容（要素）,公开依据,公开时限,公开主体,公开渠道和载体,公开对象,公开方式\n{code},教育,招生,学区划分,条例,20个工作日,370114-JY,website,全社会,{way}\n";
        Assert.Contains($"row 2/{column}", (await Import(Encoding.UTF8.GetBytes(table), "text/csv", 422)).Pointers());
    }

    [Theory]
    [InlineData("1-Nov", "11-01")]
    [InlineData("11月2日", "11-02")]
    [InlineData("2026/11/3", "11-03")]
    [InlineData("2026-11-04", "11-04")]
    [InlineData("5-Nov-26", "11-05")]
    [InlineData("Nov-32", "11-32")]
    public async Task a_code_of_which_a_spreadsheet_made_a_date_is_itself_again_and_said(string written, string code)
    {
        var table =
            $"编码,一级事项,二级事项,公开内容（要素）,公开依据,公开时限,公开主体,公开渠道和载体,公开对象,公开方式\n{written},教育,招生,学区划分,条例,20个工作日,测试区教育和体育局,website,全社会,主动公开\n";
        var done = await Import(Encoding.UTF8.GetBytes(table), "text/csv", 200, "township");
        Assert.Contains(
            code,
            Assert.Single(done.GetProperty("remarks").EnumerateArray()).GetProperty("detail").GetString()!,
            StringComparison.Ordinal
        );
        Assert.Equal(
            "370114-JY",
            (await Catalog.Get(null, $"disclosure-catalogues/township/items/{code}"))
                .GetProperty("content")
                .GetProperty("bodies")[0]
                .GetString()
        );
    }

    [Fact]
    public async Task bodies_are_given_by_name_and_shown_with_it()
    {
        const string Headings = "编码,一级事项,二级事项,公开内容（要素）,公开依据,公开时限,公开主体,公开渠道和载体,公开对象,公开方式\n";
        await Import(
            Encoding.UTF8.GetBytes(
                Headings + "12-01,教育,招生,学区划分,条例,20个工作日,测试区教育和体育局、370114-ZJ,website,全社会,主动\n"
            ),
            "text/csv",
            200
        );
        Assert.Equal(
            ["370114-JY", "370114-ZJ"],
            (await Catalog.Get(null, "disclosure-catalogues/district/items/12-01"))
                .GetProperty("content")
                .GetProperty("bodies")
                .EnumerateArray()
                .Select(b => b.GetString())
        );
        Assert.Contains(
            "测试区教育和体育局、测试区住房和城乡建设局",
            Encoding.UTF8.GetString(await Export("csv")),
            StringComparison.Ordinal
        );
        Assert.Equal(
            ["row 2/bodies/1"],
            (
                await Import(
                    Encoding.UTF8.GetBytes(
                        Headings + "12-02,教育,招生,学区划分,条例,20个工作日,测试区教育和体育局、测试区没有局,website,全社会,主动\n"
                    ),
                    "text/csv",
                    422
                )
            ).Pointers()
        );
    }

    [Fact]
    public async Task a_cell_that_excel_made_a_day_of_is_its_code_again()
    {
        string[][] rows =
        [
            [
                "编码",
                "一级事项",
                "二级事项",
                "公开内容（要素）",
                "公开依据",
                "公开时限",
                "公开主体",
                "公开渠道和载体",
                "公开对象",
                "公开方式",
            ],
            ["10-07", "教育", "招生", "甲", "条例", "20个工作日", "370114-JY", "website", "全社会", "依申请"],
        ];
        using var file = new MemoryStream();
        file.Write(PolicyPlatform.Catalog.Disclosure.CatalogueTable.ToExcel(rows, "目录"));
        await Import(file.ToArray(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", 200);
        Assert.Equal(
            "onRequest",
            (await Catalog.Get(null, "disclosure-catalogues/district/items/10-07")).GetProperty("content").GetProperty("way").GetString()
        );
        using (var book = DocumentFormat.OpenXml.Packaging.SpreadsheetDocument.Open(file, true))
        {
            var styles =
                book.WorkbookPart!.WorkbookStylesPart
                ?? book.WorkbookPart.AddNewPart<DocumentFormat.OpenXml.Packaging.WorkbookStylesPart>();
            styles.Stylesheet = new(
                new DocumentFormat.OpenXml.Spreadsheet.CellFormats(
                    new DocumentFormat.OpenXml.Spreadsheet.CellFormat(),
                    new DocumentFormat.OpenXml.Spreadsheet.CellFormat { NumberFormatId = 58 }
                )
            );
            var cell = book
                .WorkbookPart.WorksheetParts.Single()
                .Worksheet!.Descendants<DocumentFormat.OpenXml.Spreadsheet.Row>()
                .ElementAt(1)
                .Elements<DocumentFormat.OpenXml.Spreadsheet.Cell>()
                .First();
            cell.RemoveAllChildren();
            (cell.DataType, cell.StyleIndex, cell.CellValue) = (null, 1, new("46302"));
        }
        var done = await Import(file.ToArray(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", 200);
        Assert.Equal(
            (1, "row 2/编码"),
            (done.GetProperty("unchanged").GetInt32(), done.GetProperty("remarks")[0].GetProperty("pointer").GetString())
        );
    }

    [Fact]
    public async Task what_stands_in_merged_cells_holds_for_all_of_them_and_申请公开_is_on_request()
    {
        string[][] rows =
        [
            [
                "编码",
                "一级事项",
                "二级事项",
                "公开内容（要素）",
                "公开依据",
                "公开时限",
                "公开主体",
                "公开渠道和载体",
                "公开对象",
                "公开方式",
            ],
            ["09-01", "教育", "招生", "甲", "条例", "20个工作日", "370114-JY", "website", "全社会", "申请公开"],
            ["09-02", "", "收费", "乙", "条例", "20个工作日", "370114-JY", "website", "全社会", "主动"],
        ];
        using var file = new MemoryStream();
        file.Write(PolicyPlatform.Catalog.Disclosure.CatalogueTable.ToExcel(rows, "目录"));
        using (var book = DocumentFormat.OpenXml.Packaging.SpreadsheetDocument.Open(file, true))
        {
            var sheet = book.WorkbookPart!.WorksheetParts.Single();
            sheet.Worksheet!.Append(
                new DocumentFormat.OpenXml.Spreadsheet.MergeCells(new DocumentFormat.OpenXml.Spreadsheet.MergeCell { Reference = "B2:B3" })
            );
        }
        await Import(file.ToArray(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", 200);
        var (first, second) = (
            (await Catalog.Get(null, "disclosure-catalogues/district/items/09-01")).GetProperty("content"),
            (await Catalog.Get(null, "disclosure-catalogues/district/items/09-02")).GetProperty("content")
        );
        Assert.Equal(("onRequest", "教育"), (first.GetProperty("way").GetString(), second.GetProperty("category").GetString()));
    }

    [Fact]
    public async Task what_a_complete_table_does_not_have_leaves_the_catalogue_and_what_a_part_does_not_have_stays()
    {
        Task<JsonElement> Put(string code) =>
            Catalog.Put(
                Tokens.OpennessOffice,
                $"disclosure-catalogues/department/items/{code}",
                new { content = Content(), effectiveFrom = "2026-01-01" },
                200
            );
        await Put("01-01");
        await Put("01-02");
        var table = Encoding.UTF8.GetBytes(
            "编码,一级事项,二级事项,公开内容（要素）,公开依据,公开时限,公开主体,公开渠道和载体,公开对象,公开方式\n01-01,城市管理,供热补贴,补贴对象,条例,10个工作日,370114-ZJ,website,全社会,主动\n"
        );
        Assert.Equal(0, (await Import(table, "text/csv", 200, "department")).GetProperty("retired").GetInt32());
        Assert.Equal(1, (await Import(table, "text/csv", 200, "department", complete: true)).GetProperty("retired").GetInt32());
        Assert.Equal(["01-01"], Codes(await Catalog.Get(null, "disclosure-catalogues/department/items")));
        Assert.Equal(["01-01", "01-02"], Codes(await Catalog.Get(null, "disclosure-catalogues/department/items?on=2026-05-31")));
    }

    [Fact]
    public async Task a_document_is_filed_under_an_item_that_there_is()
    {
        await Set("07-01", Content(), "2026-01-01");
        var created = await district.Documents.Post(
            Tokens.DraftingHousing,
            "documents",
            new
            {
                title = "供热补贴办法",
                text = "甲",
                disclosureItem = "district/07-01",
            },
            201
        );
        Assert.Equal(
            "district/07-01",
            (await district.Documents.Get(Tokens.DraftingHousing, $"documents/{created.GetProperty("id").GetGuid()}"))
                .GetProperty("disclosureItem")
                .GetString()
        );
        Assert.Equal(
            ["/disclosureItem"],
            (
                await district.Documents.Post(
                    Tokens.DraftingHousing,
                    "documents",
                    new
                    {
                        title = "供热补贴办法",
                        text = "甲",
                        disclosureItem = "district/99",
                    },
                    422
                )
            ).Pointers()
        );
    }

    Task<JsonElement> Set(string code, object content, string effectiveFrom) =>
        Catalog.Put(Tokens.OpennessOffice, $"disclosure-catalogues/district/items/{code}", new { content, effectiveFrom }, 200);

    async Task<byte[]> Export(string format)
    {
        var answer = await Catalog.Scenario(s => s.Get.Url($"/api/v1/disclosure-catalogues/district/export.{format}"));
        using var content = new MemoryStream();
        await answer.Context.Response.Body.CopyToAsync(content, TestContext.Current.CancellationToken);
        return content.ToArray();
    }

    async Task<JsonElement> Import(byte[] content, string mediaType, int expected, string layer = "district", bool complete = false) =>
        await (
            await Catalog.Scenario(s =>
            {
                s.As(Tokens.OpennessOffice)
                    .Post.ByteArray(content)
                    .ContentType(mediaType)
                    .ToUrl($"/api/v1/disclosure-catalogues/{layer}/import")
                    .QueryString(nameof(complete), $"{complete}");
                s.StatusCodeShouldBe(expected);
            })
        ).Json();

    static IEnumerable<string?> Codes(JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("code").GetString());
}
