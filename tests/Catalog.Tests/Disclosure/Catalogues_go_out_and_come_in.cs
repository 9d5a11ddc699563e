using CsCheck;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using DocumentFormat.OpenXml.Validation;
using PolicyPlatform.Catalog.Disclosure;
using PolicyPlatform.Catalog.Organisations;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Catalog.Tests.Disclosure;

/// <summary>Whatever the API takes for an item of a catalogue is there again when the catalogue went out as a file and came in again.</summary>
public sealed class Catalogues_go_out_and_come_in
{
    static readonly DateOnly Day = new(2026, 6, 1);

    static readonly Dictionary<string, Organisation> Organisations = new[]
    {
        Body("370114-ZJ", "测试区住房和城乡建设局"),
        Body("370114-JY", "测试区教育和体育局"),
        // Of one name, with a name that lists have, and with the name that is another one's code.
        Body("A-1", "测试区办公室"),
        Body("A-2", "测试区办公室"),
        Body("A-3", "测试区文化和旅游局、体育局"),
        Body("A-4", "A-1"),
    }.ToDictionary(o => o.Id);

    static readonly string[] Odd =
    [
        "政策文件",
        "√",
        "■",
        "□主动",
        "一级事项",
        "特定群体",
        "特定群体：老年人",
        "全社会、",
        "全社会、特定群体",
        "=1+1",
        "'=1+1",
        "''-2",
        "_x0041_",
        "_x005F_",
        "_x0041_x0041_",
        "_x005F_x0041_x",
        "\n=1",
        "＝1",
        "'＋1",
        "－1",
        "＠甲",
        "政府网站（3个工作日）",
        "其他：橱窗、横幅",
        "a\nb",
        " x ",
        "是",
        "、；",
        "（",
        "𠮷",
        "（续）",
        "20个工作日",
        "\t",
        "“引号”,\"逗号\"",
    ];

    static readonly Gen<string> Words = Gen.Select(
        Gen.OneOf<string>(Odd),
        Gen.OneOf<string>(Odd),
        Gen.Bool,
        (a, b, two) => two ? a + b : a
    );

    static readonly Gen<string> Long = Gen.Select(
            Words,
            Gen.Int[1, 4000],
            (w, n) => string.Concat(Enumerable.Repeat(w, n / w.Length + 1))[..n]
        )
        .Where(Characters.AreWhole);

    static readonly Gen<string?> Areas = Gen.OneOf<string?>(
        null,
        "政务公开事项目录",
        "History",
        "教育/体育[试点]",
        "教育体育试点",
        "'住房'",
        new string('很', 31) + "甲",
        new string('很', 31) + "乙",
        new string('很', 30) + "𠮷丙",
        "A：*?",
        "a",
        "A"
    );

    static readonly Gen<GivenChannel> Channels = Gen.Select(
        Gen.OneOf<string>([.. ChannelList.Standard.All.Select(c => c.Code)]),
        Gen.OneOf<string?>(null, "3个工作日", "及时公开"),
        Gen.OneOf<string?>(Gen.Const((string?)null), Words.Select(w => (string?)w)),
        (code, deadline, note) => new GivenChannel(code, deadline, note)
    );

    static readonly Gen<GivenItem> Items = Gen.Select(
        Gen.Select(Words, Words, (category, name) => (category, name)),
        Gen.Select(
            Gen.OneOf<string>(Words, Words, Long).Array[1, 12],
            Gen.OneOf<string>(Words, Long),
            (content, basis) => (content, basis)
        ),
        Gen.OneOf<string?>(null, "20个工作日", "每年3月底前", "10日内，特殊情况除外", "及时公开\n（紧急）"),
        Gen.OneOf<string>([.. Organisations.Keys]).Array[1, 4],
        Channels.Array[0, 4],
        Gen.OneOf<string?>(Gen.Const((string?)null), Words.Select(w => (string?)w)),
        Gen.Select(
            Gen.Enum<DisclosureWay>(),
            Gen.Enum<DisclosureLevel>().Array[0, 3],
            Areas,
            Gen.OneOf<string?>(Gen.Const((string?)null), Long.Select(w => (string?)w)),
            (way, levels, area, note) => (way, levels, area, note)
        ),
        (names, words, deadline, bodies, channels, audience, rest) =>
            new GivenItem(
                names.category,
                names.name,
                words.content,
                words.basis,
                deadline,
                bodies,
                channels,
                audience,
                rest.way,
                rest.levels,
                rest.area,
                rest.note
            )
    );

    // As the API takes it: what is cleaned on its way in, and accepted.
    static readonly Gen<ItemContent> Accepted = Items
        .Select(i =>
            Read(
                i with
                {
                    Category = Characters.Clean(i.Category!),
                    Name = Characters.Clean(i.Name!),
                    Content = [.. i.Content!.Select(Characters.Clean)],
                }
            )
        )
        .Where(c => c is not null)
        .Select(c => c!);

    static readonly Gen<DisclosureItemView[]> Catalogues = Accepted
        .Array[1, 8]
        .Select(all =>
            all.Select(
                    (c, i) =>
                        new DisclosureItemView(
                            $"{i + 1:00}-01",
                            Layer.District,
                            c,
                            Day,
                            1,
                            [.. c.Bodies],
                            [.. c.Channels.Select(n => n.Name)]
                        )
                )
                .ToArray()
        );

    [Fact]
    public void in_the_layout_of_offices() =>
        Catalogues.Sample(
            items =>
            {
                var file = OfficialWorkbook.Write(items, new(Layer.District, Day, Organisations, ChannelList.Standard));
                Opens(file);
                var reading = Reading();
                reading.Official(CatalogueTable.Sheets(file)!);
                Same(items, reading);
            },
            iter: 150
        );

    [Theory]
    [InlineData(CatalogueTable.Csv)]
    [InlineData(CatalogueTable.Excel)]
    public void in_the_layout_of_programs(string type) =>
        Catalogues.Sample(
            items =>
            {
                var table = ExportItems.Table(items, new(Layer.District, Day, Organisations, ChannelList.Standard));
                var file = type == CatalogueTable.Csv ? CatalogueTable.ToCsv(table) : CatalogueTable.ToExcel(table, "目录");
                if (type == CatalogueTable.Excel)
                    Opens(file);
                var reading = Reading();
                reading.Plain(CatalogueTable.Read(file, type)!);
                Same(items, reading);
            },
            iter: 150
        );

    [Fact]
    public void what_is_written_into_a_cell_counts()
    {
        var item = Read(new("教育", "招生", ["学区\n地段", "计划"], "条例", null, ["370114-JY"], null, null, null))!;
        var rows = ExportItems
            .Table(
                [new("01-01", Layer.District, item, Day, 1, ["x"], ["x"])],
                new(Layer.District, Day, Organisations, ChannelList.Standard)
            )
            .Select(r => r.ToArray())
            .ToArray();
        Assert.Equal(WordForWord.Heading, rows[0][^1]);
        rows[1][2] = "入学";
        var reading = Reading();
        reading.Plain(CatalogueTable.Read(CatalogueTable.ToCsv(rows), CatalogueTable.Csv)!);
        Assert.Equal(("入学", "学区 地段 计划"), (reading.Read["01-01"].Name, string.Join(' ', reading.Read["01-01"].Content)));
    }

    [Theory]
    [InlineData("_x0041_x0041_")]
    [InlineData("_x005F_x0041_x005F_")]
    [InlineData("\n=1")]
    [InlineData("＝1")]
    [InlineData("'＠1")]
    [InlineData("－1+＋")]
    public void a_cell_is_read_as_it_was_written(string words)
    {
        string[][] rows = [ExportItems.Headings, [.. ExportItems.Headings.Select(_ => $"{words}。")]];
        foreach (var type in new[] { CatalogueTable.Csv, CatalogueTable.Excel })
        {
            var file = type == CatalogueTable.Csv ? CatalogueTable.ToCsv(rows) : CatalogueTable.ToExcel(rows, "目录");
            var read = Assert.Single(CatalogueTable.Read(file, type)!);
            Assert.All(read.Values, v => Assert.Equal($"{words}。".Trim(), v));
            // No cell begins as a formula does.
            if (type == CatalogueTable.Csv && words[0] is not ('_' or '\''))
                Assert.Contains($"'{words}", System.Text.Encoding.UTF8.GetString(file), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void nobody_writes_past_the_door_into_what_stands_word_for_word()
    {
        var read = new GivenItem("教育", "招生", ["学区 地段"], "条例", null, ["370114-JY"], [], null, null);
        var item = read with { Content = ["学区\n地段"], Deadline = "及时公开", Way = DisclosureWay.Proactive, Note = "备注" };
        var cell = WordForWord.Cell(item, read);
        Assert.Equal(("学区\n地段", "备注"), (WordForWord.Read(cell, read)!.Content![0], WordForWord.Read(cell, read)!.Note));
        // Another word, and none.
        Assert.Null(WordForWord.Read(cell.Replace("备注", "另注", StringComparison.Ordinal), read));
        foreach (
            var without in new[]
            {
                item with
                {
                    Content = null,
                },
                item with
                {
                    Content = [null!],
                },
                item with
                {
                    Bodies = [null!],
                },
                item with
                {
                    Channels = null,
                },
                item with
                {
                    Channels = [null!],
                },
                item with
                {
                    Channels = [new(null!, null, null)],
                },
                item with
                {
                    Category = null,
                },
                item with
                {
                    Way = null,
                },
            }
        )
            Assert.Null(WordForWord.Read(WordForWord.Cell(without, read), read));
        foreach (
            var broken in new[]
            {
                "null",
                "{}",
                "{\"item\":null}",
                "{\"beside\":\"\",\"item\":{}}",
                "{\"item\":{\"levels\":[null]}}",
                "[",
                "\"\\ud800\"",
            }
        )
            Assert.Null(WordForWord.Read(broken, read));
        // What cannot be seen goes, however it is written.
        var marked = WordForWord.Read(WordForWord.Cell(item with { Note = "备\0注\u202E", Content = ["\u200B学区"] }, read), read)!;
        Assert.Equal(("备注", "学区"), (marked.Note, Assert.Single(marked.Content!)));
    }

    [Fact]
    public void sheets_have_names_that_excel_takes_and_no_two_the_same()
    {
        string?[] areas =
        [
            null,
            .. Enumerable.Range(0, 120).Select(n => $"{new string('很', 31)}{n}"),
            "History",
            "a/b",
            "a:b",
            "'x'",
            "[]",
        ];
        var file = OfficialWorkbook.Write(
            [
                .. areas.Select(
                    (a, n) =>
                        new DisclosureItemView(
                            $"{n:000}",
                            Layer.District,
                            Read(new("教育", "招生", ["学区"], "条例", null, ["370114-JY"], null, null, null, Area: a))!,
                            Day,
                            1,
                            [],
                            []
                        )
                ),
            ],
            new(Layer.District, Day, Organisations, ChannelList.Standard)
        );
        string[] names = [.. CatalogueTable.Sheets(file)!.Select(s => s.Name)];
        Assert.Equal(areas.Length, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(
            names,
            n =>
                Assert.True(
                    n.Length is > 0 and <= 31 && n.IndexOfAny([':', '\\', '/', '?', '*', '[', ']']) < 0 && n[0] != '\'' && n != "History",
                    n
                )
        );
        var reading = Reading();
        reading.Official(CatalogueTable.Sheets(file)!);
        Assert.Equal(areas, reading.Read.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => r.Value.Area));
    }

    [Fact]
    public void rows_behind_a_long_blank_stretch_are_read_at_their_place()
    {
        var office = new OfficeWorkbook()
            .Sheet("目录")
            .Row(5, "测试区政务公开事项目录")
            .Row(7, "一级事项", "二级事项", "公开内容", "公开依据", "公开时限", "公开主体", "公开渠道和载体", "公开方式")
            .Row(8, "教育", "招生", "学区", "条例", "及时", "测试区教育和体育局", "政府网站", "主动")
            .Row(60_000, "教育", "学籍", "转学", "条例", "及时", "测试区教育和体育局", "政府网站", "主动")
            .Row(60_001, "教育", "考试", "", "条例", "及时", "测试区教育和体育局", "政府网站", "主动")
            .ToFile();
        var reading = Reading();
        Assert.Equal(3, reading.Official(CatalogueTable.Sheets(office)!));
        Assert.Equal("C60001", Assert.Single(reading.Wrong.Problem!.Errors).Pointer);
    }

    [Fact]
    public void a_category_that_is_merged_over_several_pages_holds_on_each()
    {
        string[] headings = ["一级事项", "二级事项", "公开内容", "公开依据", "公开时限", "公开主体", "公开渠道和载体", "公开方式"];
        var office = new OfficeWorkbook().Sheet("目录").Row(1, headings);
        for (var row = 2; row <= 90; row++)
            if (row % 30 == 0)
                office.Row(row, ["教育", .. headings[1..]]);
            else if (row % 30 != 29)
                office.Row(row, row == 2 ? "教育" : null, $"事项{row}", "学区", "条例", "及时", "测试区教育和体育局", "政府网站", "主动");
        var reading = Reading();
        reading.Official(CatalogueTable.Sheets(office.Merge("A2:A90").ToFile())!);
        Assert.Null(reading.Wrong.Problem);
        Assert.Equal((83, "教育"), (reading.Read.Count, Assert.Single(reading.Read.Values.Select(i => i.Category).Distinct())));
        Assert.Empty(reading.Remarks);
    }

    [Fact]
    public void headings_of_a_table_for_programs_may_stand_below_a_title()
    {
        string[] row = ["01-01", "教育", "招生", "学区", "条例", "及时", "370114-JY", "website", "全社会", "主动"];
        string[][] rows =
        [
            ["区级目录"],
            ["（2026年）"],
            ExportItems.Headings,
            row,
        ];
        foreach (var type in new[] { CatalogueTable.Csv, CatalogueTable.Excel })
        {
            var file =
                type == CatalogueTable.Csv
                    ? System.Text.Encoding.UTF8.GetBytes(string.Join('\n', rows.Select(r => string.Join(',', r))))
                    : CatalogueTable.ToExcel(rows.Select(r => r.Concat(Enumerable.Repeat("", 10 - r.Length)).ToArray()), "目录");
            var read = Assert.Single(CatalogueTable.Read(file, type)!);
            Assert.Equal((4, "招生"), (read.Number, read["二级事项"]));
        }
    }

    static ItemContent? Read(GivenItem given) =>
        given.Read("", Layer.District, Organisations, ChannelList.Standard, null, Day, new Invalid());

    static CatalogueReading Reading() =>
        new(Layer.District, Day, Organisations, ChannelList.Standard, new Dictionary<string, DisclosureItem>());

    static void Same(DisclosureItemView[] items, CatalogueReading reading)
    {
        Assert.Equal("", string.Join('\n', reading.Wrong.Problem?.Errors.Select(e => $"{e.Pointer} {e.Code} {e.Detail}") ?? []));
        Assert.Equal(items.Select(i => i.Code), reading.Read.Keys.Order(StringComparer.Ordinal));
        foreach (var item in items)
            Assert.True(
                reading.Read[item.Code].Says(item.Content),
                System.Text.Json.JsonSerializer.Serialize(new[] { item.Content, reading.Read[item.Code] }, JsonDefaults.Options)
            );
    }

    // As Excel would open it: no cell is longer than it keeps, and the parts are what they should be.
    static void Opens(byte[] file)
    {
        using var content = new MemoryStream(file);
        using var book = SpreadsheetDocument.Open(content, isEditable: false);
        Assert.All(
            book.WorkbookPart!.WorksheetParts.SelectMany(p => p.Worksheet!.Descendants<Cell>()),
            c => Assert.True(c.InnerText.Length <= 32_767)
        );
        Assert.Empty(new OpenXmlValidator().Validate(book, TestContext.Current.CancellationToken));
    }

    static Organisation Body(string code, string name) =>
        new()
        {
            Id = code,
            Names = [new(new(2020, 1, 1), name)],
            Parents = [new(new(2020, 1, 1), null)],
            ValidFrom = new(2020, 1, 1),
        };
}
