using System.Text.Json;
using Alba;
using PolicyPlatform.Catalog.Disclosure;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Catalog.Tests.Disclosure;

public sealed class when_a_catalogue_comes_as_offices_keep_it(District district, PostgresCluster postgres) : IClassFixture<District>
{
    const string Excel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    IAlbaHost Catalog => district.Catalog;

    [Fact]
    public async Task sixty_rows_go_in_and_out_without_loss()
    {
        var office = OfficialCatalogue.File();
        var done = await Import(office, "district", 200, "2026-01-01");
        Assert.Equal((60, 60, 0), (Number(done, "rows"), Number(done, "added"), Number(done, "changed")));
        // What cannot be counted is kept and said, with its cell; the note below the table is no item.
        Assert.Equal(
            ["B64 row.skipped", "F12 deadline.words", "F34 deadline.words", "F52 deadline.words", "F63 deadline.words"],
            Remarks(done)
        );

        // Each item says what its row says.
        var first = (await Catalog.Get(null, "disclosure-catalogues/district/items/01-01")).GetProperty("content");
        Assert.Equal(
            ("法规政策", "法律法规", 3),
            (
                first.GetProperty("category").GetString(),
                first.GetProperty("name").GetString(),
                first.GetProperty("content").GetArrayLength()
            )
        );
        Assert.Equal(["website", "gazette"], Channels(first));
        Assert.Equal(["county", "township"], first.GetProperty("levels").EnumerateArray().Select(l => l.GetString()));
        var screens = (await Catalog.Get(null, "disclosure-catalogues/district/items/05-02")).GetProperty("content");
        Assert.Equal(["noticeBoard", "other"], Channels(screens));
        Assert.Equal("小区业主微信群", screens.GetProperty("channels")[1].GetProperty("note").GetString());
        Assert.Equal(("小区业主", "proactive"), (screens.GetProperty("audience").GetString(), screens.GetProperty("way").GetString()));
        Assert.Equal(["township"], screens.GetProperty("levels").EnumerateArray().Select(l => l.GetString()));
        var report = (await Catalog.Get(null, "disclosure-catalogues/district/items/09-03")).GetProperty("content").GetProperty("deadline");
        Assert.Equal(
            ("每年1月31日前", "yearly", 1, 31),
            (
                report.GetProperty("words").GetString(),
                report.GetProperty("kind").GetString(),
                Number(report, "byMonth"),
                Number(report, "byDay")
            )
        );

        // The file that goes out says it all again, cell by cell.
        var exported = await Export("district", "2026-06-01");
        Assert.Equal(OfficialCatalogue.Items.Length, Table(exported).Length);
        Assert.Equal(Table(office).Select(Line), Table(exported).Select(Line));

        // And it changes nothing: taken in again, for another year, and by those who cleared the column of codes.
        Assert.Equal((60, 0), Unchanged(await Import(exported, "district", 200)));
        Assert.Equal((60, 0), Unchanged(await Import(exported, "district", 200, "2027-01-01", complete: true)));
        Assert.Equal((60, 0), Unchanged(await Import(office, "district", 200)));

        // In another catalogue it makes the same items.
        Assert.Equal(60, Number(await Import(exported, "department", 200, "2026-01-01"), "added"));
        Assert.Equal(await Contents("district"), await Contents("department"));
        Assert.Equal(Table(exported).Select(Line), Table(await Export("department", "2026-06-01")).Select(Line));
    }

    [Fact]
    public async Task it_is_ready_to_be_used()
    {
        await using var own = new District(postgres);
        await own.InitializeAsync();
        await Import(OfficialCatalogue.File(), "township", 200, "2026-01-01", on: own.Catalog);
        using var content = new MemoryStream(await Export("township", "2026-06-01", own.Catalog));
        using var file = DocumentFormat.OpenXml.Packaging.SpreadsheetDocument.Open(content, isEditable: false);
        Assert.Empty(new DocumentFormat.OpenXml.Validation.OpenXmlValidator().Validate(file, TestContext.Current.CancellationToken));
        var sheet = file.WorkbookPart!.WorksheetParts.Single().Worksheet!;
        string[] merged = [.. sheet.Descendants<DocumentFormat.OpenXml.Spreadsheet.MergeCell>().Select(m => m.Reference!.Value!)];
        Assert.Superset(new HashSet<string> { "A1:O1", "B2:C2", "I2:J2", "K2:L2", "M2:N2", "A2:A3", "B4:B8" }, merged.ToHashSet());
        Assert.Equal(
            (3d, "A4"),
            sheet
                .Descendants<DocumentFormat.OpenXml.Spreadsheet.Pane>()
                .Select(p => (p.VerticalSplit!.Value, p.TopLeftCell!.Value))
                .Single()
        );
        var columns = sheet.Descendants<DocumentFormat.OpenXml.Spreadsheet.Column>().ToArray();
        Assert.Equal(15, columns.Length);
        Assert.True(columns[14].Hidden!.Value);
        Assert.Contains("测试区住房和城乡建设局", sheet.Descendants<DocumentFormat.OpenXml.Spreadsheet.Cell>().Select(c => c.InnerText));
    }

    [Fact]
    public async Task columns_are_known_by_their_headings_however_they_are_written_and_ordered()
    {
        var file = new OfficeWorkbook()
            .Sheet("公共文化")
            .Row(1, "公共文化服务领域政务公开事项目录")
            .Row(
                2,
                "序号",
                "责任部门",
                "一级\n事项",
                "二级 事项",
                "公开内容(要素)",
                "公开依据",
                "公开层级",
                "公开时限（工作日）",
                "公开渠道",
                "全社会",
                "特定群体",
                "公开方式",
                "联系电话"
            )
            .Row(
                3,
                "1",
                "测试区教育和体育局",
                "文化服务",
                "场馆目录",
                "名称\n地址",
                "条例",
                "县级、乡级",
                "7个工作日",
                "■政府网站□政府公报■两微一端",
                "是",
                null,
                "■主动 □依申请",
                "83212345"
            )
            .Row(
                4,
                "2",
                "370114-ZJ；测试区教育和体育局",
                null,
                "活动预告",
                "时间",
                "条例",
                "县级",
                "实时公开",
                "网站√、微信公众号√、报纸□",
                null,
                "特定群体（持证读者）",
                "依申请公开"
            )
            .Row(5, "3")
            .Sheet("旧版", isHidden: true)
            .Row(1, "一级事项", "二级事项", "公开内容", "公开依据", "公开主体", "公开方式")
            .Sheet("填表说明")
            .Row(1, "每年一月填写。")
            .Sheet("公共法律服务")
            .Row(
                1,
                "一级事项",
                "二级事项",
                "公开内容",
                "依据",
                "公开主体",
                "公开渠道",
                null,
                "主动公开",
                "依申请公开",
                "区县级",
                "镇（街道）级",
                "备注"
            )
            .Row(2, null, null, null, null, null, "政府网站", "公开查阅点")
            .Row(3, "法律援助", "援助指南", "条件", "条例", "测试区人民政府办公室", "√", "√", "√", null, "√", "√", "另见省厅目录")
            .Merge("F1:G1")
            .ToFile();
        var done = await Import(file, "township", 200, "2025-01-01");
        Assert.Equal(3, Number(done, "rows"));
        Assert.Equal(
            ["公共文化!C4 category.fromAbove", "公共文化!M2 column.unknown", "填表说明 sheet.skipped", "旧版 sheet.skipped"],
            Remarks(done)
        );
        var items = (await Catalog.Get(null, "disclosure-catalogues/township/items?on=2025-06-01&pageSize=200"))
            .GetProperty("items")
            .EnumerateArray()
            .ToDictionary(i => i.GetProperty("content").GetProperty("name").GetString()!, i => i.GetProperty("content"));
        Assert.Equal(["website", "newMedia"], Channels(items["场馆目录"]));
        Assert.Equal(
            ("公共文化", "联系电话：83212345", 7),
            (
                items["场馆目录"].GetProperty("area").GetString(),
                items["场馆目录"].GetProperty("note").GetString(),
                Number(items["场馆目录"].GetProperty("deadline"), "days")
            )
        );
        var preview = items["活动预告"];
        Assert.Equal(["website", "wechat"], Channels(preview));
        Assert.Equal(["370114-ZJ", "370114-JY"], preview.GetProperty("bodies").EnumerateArray().Select(b => b.GetString()));
        Assert.Equal(
            ("文化服务", "持证读者", "onRequest", "county"),
            (
                preview.GetProperty("category").GetString(),
                preview.GetProperty("audience").GetString(),
                preview.GetProperty("way").GetString(),
                preview.GetProperty("levels")[0].GetString()
            )
        );
        Assert.Equal(["website", "readingPoint"], Channels(items["援助指南"]));
        Assert.Equal("另见省厅目录", items["援助指南"].GetProperty("note").GetString());

        // Each 领域 goes out as a sheet and comes back as it was.
        var exported = await Export("township", "2025-06-01");
        Assert.Equal(["公共文化", "公共法律服务"], CatalogueTable.Sheets(exported)!.Select(s => s.Name));
        Assert.Equal((3, 0), Unchanged(await Import(exported, "township", 200, "2025-03-01")));
    }

    [Fact]
    public async Task what_is_wrong_is_named_with_its_cell_and_nothing_is_taken_in()
    {
        var file = new OfficeWorkbook()
            .Sheet("目录")
            .Row(1, "政务公开事项目录")
            .Row(2, "一级事项", "二级事项", "公开内容", "公开依据", "公开时限", "公开主体", "公开渠道和载体", "主动", "依申请", "县级")
            .Row(3, "教育", "招生", "学区", "条例", "及时", "测试区没有局", "□政府网站", "√", "√", "√")
            .Row(4, "教育", null, "学区", null, "及时", "测试区教育和体育局、NOPE", "■飞鸽传书 ■政府网站", null, null, "大概")
            .ToFile();
        var problem = await Import(file, "district", 422, "2024-01-01");
        Assert.Equal(
            [
                "B4 value.missing",
                "D4 value.missing",
                "F3 organisation.unknown",
                "F4 organisation.unknown",
                "G3 value.missing",
                "G4 channel.unknown",
                "H3 way.both",
                "H4 value.missing",
                "J4 value.unknown",
            ],
            problem
                .GetProperty("errors")
                .EnumerateArray()
                .Select(e => $"{e.GetProperty("pointer").GetString()} {e.GetProperty("code").GetString()}")
                .Order(Order)
        );
        Assert.Contains(
            "政府网站 (website)、政府公报 (gazette)",
            problem
                .GetProperty("errors")
                .EnumerateArray()
                .Single(e => e.GetProperty("code").GetString() == "channel.unknown")
                .GetProperty("detail")
                .GetString()!,
            StringComparison.Ordinal
        );
        Assert.Empty((await Catalog.Get(null, "disclosure-catalogues/district/items?on=2024-06-01")).GetProperty("items").EnumerateArray());
        Assert.Contains(
            "公开主体",
            (
                await Import(
                    new OfficeWorkbook()
                        .Sheet("目录")
                        .Row(1, "一级事项", "二级事项", "公开内容", "公开依据", "公开时限")
                        .Row(2, "教育", "招生", "学区", "条例", "及时")
                        .ToFile(),
                    "district",
                    422
                )
            )
                .GetProperty("errors")[0]
                .GetProperty("detail")
                .GetString()!,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("■政府网站 □政府公报 ■两微一端", "website newMedia")]
    [InlineData("☑政府网站☐政府公报☑其他____", "website other")]
    [InlineData("√ 政府网站\n√ 社区/企事业单位/村公示栏（电子屏）", "website noticeBoard")]
    [InlineData("■ＡＰＰ ■入户／现场", "app home")]
    [InlineData("政府网站、广播电视，报纸；入户/现场", "website broadcast paper home")]
    [InlineData("website、newMedia（3个工作日）", "website newMedia@3个工作日")]
    [InlineData("■社区/企事业单位/村公示栏（电子屏）（村委会门口）", "noticeBoard#村委会门口")]
    [InlineData("■其他：户外大屏、横幅", "other#户外大屏、横幅")]
    [InlineData("政府门户网站（公示公告栏目）（5日）", "website#公示公告栏目@5日")]
    public void channels_are_read_as_tables_tick_and_list_them(string cell, string expected) =>
        Assert.Equal(
            expected,
            string.Join(
                ' ',
                CellWords
                    .Channels(cell, ChannelList.Standard)
                    .Select(c =>
                        $"{ChannelList.Standard.CodeOf(c.Name!)}{(c.Note is null ? "" : $"#{c.Note}")}{(c.Deadline is null ? "" : $"@{c.Deadline}")}"
                    )
            )
        );

    // Rows of the columns that say an item, merged cells filled, channels as they are read: boxes stand in more than one way.
    static string[][] Table(byte[] file) =>
        [
            .. CatalogueTable
                .Sheets(file)!
                .Single()
                .Rows.Skip(OfficialCatalogue.FirstRow - 1)
                .Where(r => r[1] != r[^1] || r[^1].Length == 0)
                .Select(r =>
                    r.Take(14).Select((c, i) => i == 7 ? string.Join('、', CellWords.Channels(c, ChannelList.Standard)) : c).ToArray()
                ),
        ];

    static string Line(string[] cells) => string.Join(" | ", cells);

    static readonly Comparer<string> Order = Comparer<string>.Create(string.CompareOrdinal);

    static IEnumerable<string> Remarks(JsonElement done) =>
        done.GetProperty("remarks")
            .EnumerateArray()
            .Select(r => $"{r.GetProperty("pointer").GetString()} {r.GetProperty("code").GetString()}")
            .Order(Order);

    static int Number(JsonElement of, string name) => of.GetProperty(name).GetInt32();

    static (int Unchanged, int Others) Unchanged(JsonElement done) =>
        (Number(done, "unchanged"), Number(done, "added") + Number(done, "changed") + Number(done, "retired"));

    static IEnumerable<string?> Channels(JsonElement content) =>
        content.GetProperty("channels").EnumerateArray().Select(c => c.GetProperty("name").GetString());

    async Task<string[]> Contents(string layer) =>
        [
            .. (await Catalog.Get(null, $"disclosure-catalogues/{layer}/items?on=2026-06-01&pageSize=200"))
                .GetProperty("items")
                .EnumerateArray()
                .Select(i => $"{i.GetProperty("code").GetString()} {i.GetProperty("content").GetRawText()}"),
        ];

    async Task<byte[]> Export(string layer, string on, IAlbaHost? catalog = null)
    {
        var answer = await (catalog ?? Catalog).Scenario(s =>
            s.Get.Url($"/api/v1/disclosure-catalogues/{layer}/export.xlsx?layout=official&on={on}")
        );
        using var content = new MemoryStream();
        await answer.Context.Response.Body.CopyToAsync(content, TestContext.Current.CancellationToken);
        return content.ToArray();
    }

    async Task<JsonElement> Import(
        byte[] content,
        string layer,
        int expected,
        string effectiveFrom = "2026-02-01",
        bool complete = false,
        IAlbaHost? on = null
    ) =>
        await (
            await (on ?? Catalog).Scenario(s =>
            {
                s.As(Tokens.OpennessOffice)
                    .Post.ByteArray(content)
                    .ContentType(Excel)
                    .ToUrl($"/api/v1/disclosure-catalogues/{layer}/import")
                    .QueryString(nameof(effectiveFrom), effectiveFrom)
                    .QueryString(nameof(complete), $"{complete}");
                s.StatusCodeShouldBe(expected);
            })
        ).Json();
}
