using System.Text;
using System.Text.Json;
using PolicyPlatform.Catalog.Disclosure;
using PolicyPlatform.Catalog.Lists;
using PolicyPlatform.Catalog.Organisations;
using PolicyPlatform.Catalog.Tests.Disclosure;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Catalog.Tests;

/// <summary>Tables, schemas, entries and deadlines that are none: <see cref="Mutations"/>.</summary>
public sealed class when_anything_is_read
{
    const int Rounds = 400;

    // A reader that hangs fails instead of holding up whoever runs the tests.
    const int Patience = 3_600_000;

    static readonly string[][] Rows =
    [
        [.. ExportItems.Headings],
        ["04-01", "住房", "保障", "条件\n标准", "条例", "20个工作日", "370114-ZJ", "website（10日）", "全社会", "主动"],
        ["'=1+1", "\"引号\"", "a,b", "", "", "", "", "", "", ""],
    ];

    const string Schema = """
        {"type": "object", "definitions": {"day": {"type": "string", "format": "date", "pattern": "^[0-9-]{10}$"}},
        "properties": {"fee": {"type": "number", "minimum": 0, "multipleOf": 0.01}, "on": {"$ref": "#/definitions/day"},
        "materials": {"type": "array", "items": {"type": "string", "maxLength": 20}, "maxItems": 3, "uniqueItems": true},
        "either": {"oneOf": [{"type": "null"}, {"enum": ["a", 1]}], "default": null}}, "patternProperties": {"^x-": {"type": "boolean"}},
        "additionalProperties": false, "required": ["fee"]}
        """;

    const string Entry = """{"fee": 12.5, "on": "2026-01-01", "materials": ["身份证", "户口簿"], "either": "a", "x-b": true}""";

    [Fact(Timeout = Patience)]
    public Task an_excel_file_is_read_or_refused() =>
        Task.Run(
            () =>
                Mutations.Try(
                    "Excel",
                    Rounds,
                    [CatalogueTable.ToExcel(Rows, "目录"), Workbook()],
                    bytes => CatalogueTable.Read(bytes, CatalogueTable.Excel) is not null
                ),
            TestContext.Current.CancellationToken
        );

    [Fact(Timeout = Patience)]
    public Task a_catalogue_in_the_official_layout_is_read_or_refused() =>
        Task.Run(
            () =>
                Mutations.Try(
                    "official layout",
                    Rounds,
                    [OfficialCatalogue.File()],
                    bytes =>
                    {
                        var sheets = CatalogueTable.Sheets(bytes);
                        if (!OfficialLayout.IsIn(sheets))
                            return false;
                        var reading = new CatalogueReading(
                            Layer.District,
                            new(2026, 6, 1),
                            new Dictionary<string, Organisation>(),
                            ChannelList.Standard,
                            new Dictionary<string, DisclosureItem>()
                        );
                        return reading.Official(sheets!) > 0;
                    }
                ),
            TestContext.Current.CancellationToken
        );

    [Fact(Timeout = Patience)]
    public Task a_csv_table_is_read_or_refused() =>
        Task.Run(
            () =>
                Mutations.Try(
                    "CSV",
                    Rounds,
                    [CatalogueTable.ToCsv(Rows)],
                    bytes => CatalogueTable.Read(bytes, CatalogueTable.Csv) is not null
                ),
            TestContext.Current.CancellationToken
        );

    [Fact(Timeout = Patience)]
    public Task a_schema_is_read_or_refused() =>
        Task.Run(
            () =>
                Mutations.Try(
                    "schema",
                    Rounds,
                    [Encoding.UTF8.GetBytes(Schema)],
                    bytes =>
                    {
                        if (Json(bytes) is not { } json)
                            return false;
                        var invalid = new Invalid();
                        var schema = EntrySchema
                            .Read("/schema", json, invalid, TestContext.Current.CancellationToken)
                            .GetAwaiter()
                            .GetResult();
                        schema?.Check("/content", JsonDocument.Parse(Entry).RootElement, new());
                        return invalid.Problem is null;
                    }
                ),
            TestContext.Current.CancellationToken
        );

    [Fact(Timeout = Patience)]
    public Task an_entry_is_read_or_refused() =>
        Task.Run(
            async () =>
            {
                var schema = await EntrySchema.Kept(JsonDocument.Parse(Schema).RootElement, TestContext.Current.CancellationToken);
                Mutations.Try(
                    "entry",
                    Rounds,
                    [Encoding.UTF8.GetBytes(Entry)],
                    bytes =>
                    {
                        if (Json(bytes) is not { } json)
                            return false;
                        var invalid = new Invalid();
                        schema.Check("/content", json, invalid);
                        return invalid.Problem is null;
                    }
                );
            },
            TestContext.Current.CancellationToken
        );

    [Fact(Timeout = Patience)]
    public Task a_deadline_is_read_or_refused() =>
        Task.Run(
            () =>
                Mutations.Try(
                    "deadline",
                    Rounds,
                    [.. new[] { "自信息形成之日起7个工作日内公开", "10 日内", "20个工作日" }.Select(Encoding.UTF8.GetBytes)],
                    bytes => DeadlineRule.Read(Encoding.UTF8.GetString(bytes)) is not null
                ),
            TestContext.Current.CancellationToken
        );

    // The door refuses what is no JSON, and strings that are none.
    static JsonElement? Json(byte[] bytes)
    {
        if (
            !System.Text.Unicode.Utf8.IsValid(bytes) || Encoding.UTF8.GetString(bytes).Contains("\\ud8", StringComparison.OrdinalIgnoreCase)
        )
            return null;
        try
        {
            return JsonDocument.Parse(bytes).RootElement;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>An Excel file that has something of all that is read, as its parts are written.</summary>
    static byte[] Workbook()
    {
        const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            Office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            Types = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
        return Zip.Of(
            new[]
            {
                (
                    "[Content_Types].xml",
                    $"""
                    <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
                    <Override PartName="/xl/workbook.xml" ContentType="{Types}sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{Types}worksheet+xml"/>
                    <Override PartName="/xl/sharedStrings.xml" ContentType="{Types}sharedStrings+xml"/><Override PartName="/xl/styles.xml" ContentType="{Types}styles+xml"/></Types>
                    """
                ),
                (
                    "_rels/.rels",
                    $"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{Office}/officeDocument" Target="xl/workbook.xml"/></Relationships>"""
                ),
                (
                    "xl/_rels/workbook.xml.rels",
                    $"""
                    <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{Office}/worksheet" Target="worksheets/sheet1.xml"/>
                    <Relationship Id="r2" Type="{Office}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="r3" Type="{Office}/styles" Target="styles.xml"/></Relationships>
                    """
                ),
                (
                    "xl/workbook.xml",
                    $"""<workbook xmlns="{Main}" xmlns:r="{Office}"><sheets><sheet name="目录" sheetId="1" r:id="r1"/></sheets></workbook>"""
                ),
                (
                    "xl/worksheets/sheet1.xml",
                    $"""
                    <worksheet xmlns="{Main}"><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="inlineStr"><is><t>日期</t></is></c></row>
                    <row r="3"><c r="A3" t="s"><v>2</v></c><c r="C3" s="1"><v>45000</v></c></row><row r="4"><c r="B4"><f>1+1</f><v>2</v></c><c r="C4" s="2"><v>45000.5</v></c></row></sheetData>
                    <mergeCells count="2"><mergeCell ref="A3:A4"/><mergeCell ref="B3:B4"/></mergeCells></worksheet>
                    """
                ),
                (
                    "xl/sharedStrings.xml",
                    $"""<sst xmlns="{Main}" count="3"><si><t>编码</t></si><si><r><t>名</t></r><r><t>称</t></r></si><si><t>04-01</t></si></sst>"""
                ),
                (
                    "xl/styles.xml",
                    $"""<styleSheet xmlns="{Main}"><numFmts count="1"><numFmt numFmtId="170" formatCode="yyyy/m/d"/></numFmts><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/></cellXfs></styleSheet>"""
                ),
            }.Select(part => (part.Item1, Encoding.UTF8.GetBytes(part.Item2)))
        );
    }
}
