using System.IO.Compression;
using System.Text;
using System.Text.Json;
using CsCheck;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using PolicyPlatform.Consultation.Questionnaires;
using PolicyPlatform.Consultation.Questionnaires.Import;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Testing;
using Workbook = DocumentFormat.OpenXml.Spreadsheet.Workbook;

namespace PolicyPlatform.Consultation.Tests.Questionnaires;

/// <summary>The forms are made up for these tests.</summary>
public sealed class when_a_questionnaire_is_imported(District district) : IClassFixture<District>
{
    const string Excel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    const string Survey = """
        {
          "title": {"default": "Heating", "zh-cn": "供热调查"},
          "description": "占用您三分钟。",
          "pages": [
            {
              "name": "p1", "title": "基本情况",
              "elements": [
                {"type": "radiogroup", "name": "warm", "title": "您家暖和吗？", "isRequired": true, "choices": [{"value": "yes", "text": "暖和"}, {"value": "不暖和"}]},
                {"type": "checkbox", "name": "ways", "title": "怎么取暖？", "choices": ["central", "stove"], "showOtherItem": true, "maxSelectedChoices": 2},
                {"type": "rating", "name": "content", "title": "满意度", "rateMin": 0, "rateMax": 10, "minRateDescription": "很不满意"},
                {"type": "boolean", "name": "again", "title": "明年还用吗？", "valueTrue": "Y"}
              ]
            },
            {
              "name": "p2", "visibleIf": "{warm} = '不暖和'",
              "elements": [
                {"type": "panel", "name": "reasons", "visibleIf": "{content} < 5 and ({ways} contains 'stove' or {again} = 'Y')", "elements": [
                  {"type": "comment", "name": "why", "title": "哪里不暖和？", "maxLength": 500}
                ]},
                {"type": "text", "name": "degrees", "title": "室温", "inputType": "number", "min": -20, "max": 40, "visibleIf": "{ways} anyof ['central', 'other']"},
                {"type": "matrix", "name": "service", "title": "服务", "columns": [1, 2], "rows": ["维修", "收费"]},
                {"type": "dropdown", "name": "收费 标准", "title": "收费", "choices": ["高", "低"], "visibleIf": "{content} >= 8"}
              ]
            }
          ]
        }
        """;

    static ReadForm Read(string json) => SurveyJs.Read(JsonDocument.Parse(json).RootElement)!;

    static ReadForm? ReadSheets(byte[] content) => XlsForm.Read(content, new());

    static readonly JsonSerializerOptions WithoutNulls = new(PolicyPlatform.ServiceDefaults.JsonDefaults.Options)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    static string Told(FormCondition? condition) => JsonSerializer.Serialize(condition, WithoutNulls);

    static void Fits(ReadForm form)
    {
        var invalid = new Invalid();
        FormCheck.Read(form.Pages, invalid);
        Assert.Equal([], (invalid.Problem?.Errors ?? []).Select(e => $"{e.Pointer} {e.Detail}"));
    }

    [Fact]
    public void a_survey_of_surveyjs_is_read()
    {
        var form = Read(Survey);
        Fits(form);
        Assert.Equal(("供热调查", "占用您三分钟。"), (form.Title, form.Introduction));
        Assert.Equal(["基本情况", null], form.Pages.Select(p => p.Title));
        var questions = form.Pages.SelectMany(p => p.Questions!).ToDictionary(q => q.Code!);
        Assert.Equal(["warm", "ways", "content", "again", "why", "degrees", "service", "q1"], questions.Keys);
        Assert.Equal(
            [
                QuestionKind.Single,
                QuestionKind.Multiple,
                QuestionKind.Scale,
                QuestionKind.Single,
                QuestionKind.Text,
                QuestionKind.Number,
                QuestionKind.Matrix,
                QuestionKind.Single,
            ],
            questions.Values.Select(q => q.Kind)
        );
        Assert.Equal(
            (true, "不暖和", "不暖和"),
            (questions["warm"].Required, questions["warm"].Options![1].Code, questions["warm"].Options![1].Label)
        );
        Assert.Equal((0m, 10m, "很不满意"), (questions["content"].Least, questions["content"].Most, questions["content"].LeastLabel));
        Assert.Equal((true, 2m), (questions["ways"].Other, questions["ways"].Most));
        Assert.Equal(
            """{"all":[{"question":"warm","is":"不暖和"},{"all":[{"question":"content","lessThan":5},{"any":[{"question":"ways","is":"stove"},{"question":"again","is":"true"}]}]}]}""",
            Told(questions["why"].ShowIf)
        );
        Assert.Equal(
            """{"all":[{"question":"warm","is":"不暖和"},{"question":"ways","isAnyOf":["central","other"]}]}""",
            Told(questions["degrees"].ShowIf)
        );
        Assert.Equal("""{"question":"warm","is":"不暖和"}""", Told(questions["service"].ShowIf));
        // What a code cannot be called has another one, and is told.
        Assert.Equal([("/pages/1/elements/3", "code.renamed")], form.Findings.Select(f => (f.Pointer, f.Code)));
    }

    [Fact]
    public void what_is_not_understood_is_told_and_never_dropped_in_silence()
    {
        var form = Read(
            """
            {
              "title": "调查", "completedHtml": "<script>", "triggers": [],
              "elements": [
                {"type": "radiogroup", "name": "a", "choices": ["x", "y", {"text": "无值"}, {"value": "z", "visibleIf": "{b} = 1"}], "choicesByUrl": {"url": "http://x.example"}},
                {"type": "signaturepad", "name": "sign"},
                {"type": "html", "name": "h", "html": "<img src=x onerror=alert(1)>"},
                {"type": "text", "name": "mail", "inputType": "email"},
                {"type": "rating", "name": "r", "rateStep": 2, "rateMax": "many"},
                {"type": "checkbox", "name": "m", "choices": ["x", "x"], "validators": []},
                {"type": "text", "name": "t1", "visibleIf": "{m} = 'x'"},
                {"type": "text", "name": "t2", "visibleIf": "{later} = 'x'"},
                {"type": "text", "name": "t3", "visibleIf": "{a} = 'w'"},
                {"type": "text", "name": "t4", "visibleIf": "iif({a} = 'x', 1, 2) = 1"},
                {"type": "text", "name": "t5", "visibleIf": "{a} notempty"},
                {"type": "text", "name": "t6", "visibleIf": "{a} > 3"},
                {"type": "text", "name": "later", "visible": false},
                "nonsense", null
              ]
            }
            """
        );
        Fits(form);
        Assert.Equal(
            [
                "/completedHtml member.notUnderstood",
                "/triggers member.notUnderstood",
                "/elements/0/choicesByUrl member.notUnderstood",
                "/elements/0/choices/3/visibleIf member.notUnderstood",
                "/elements/0/choices/2 option.notUnderstood",
                "/elements/1 element.notUnderstood",
                "/elements/2 element.notUnderstood",
                "/elements/3/inputType text.input",
                "/elements/4/rateMax number.invalid",
                "/elements/4/rateStep scale.step",
                "/elements/5/validators member.notUnderstood",
                "/elements/5 option.twice",
                "/elements/6/visibleIf condition.notUnderstood",
                "/elements/7/visibleIf condition.notUnderstood",
                "/elements/8/visibleIf condition.notUnderstood",
                "/elements/9/visibleIf condition.notUnderstood",
                "/elements/10/visibleIf condition.notUnderstood",
                "/elements/11/visibleIf condition.notUnderstood",
                "/elements/12/visible member.notUnderstood",
                "/elements/13 element.notUnderstood",
                "/elements/14 element.notUnderstood",
            ],
            form.Findings.Select(f => $"{f.Pointer} {f.Code}")
                .OrderBy(f => Order(f))
                .ThenBy(f => f.Contains("/choices/2", StringComparison.Ordinal) ? 1 : 0)
        );
        Assert.All(form.Pages.SelectMany(p => p.Questions!), q => Assert.Null(q.ShowIf));

        static int Order(string finding) =>
            finding.StartsWith("/elements/", StringComparison.Ordinal) ? int.Parse(finding.Split('/', ' ')[2], null) : -1;
    }

    [Theory]
    [InlineData("{q1} = 'a'")]
    [InlineData("${q1}='a'")]
    [InlineData("{q1} == \"a\"")]
    [InlineData(" selected ( ${q1} , 'a' ) ")]
    [InlineData("{q1} equal 'a'")]
    [InlineData("not({q1} != 'a')")]
    [InlineData("((({q1} contains 'a')))")]
    [InlineData("{q1} = 'a' or {q1} = 'a' and !({q1} = 'a')")]
    [InlineData("{q1} = 'a' AND {q1} anyof ['a', 'b'] && {q1} <> 'b' || {q1} >= 3 and {q1} <= -2.5")]
    public void an_expression_of_the_simple_kind_is_understood(string expression)
    {
        Assert.NotNull(Expression.Read(expression, out var problem));
        Assert.Null(problem);
    }

    [Fact]
    public void and_binds_more_than_or()
    {
        var read = Assert.IsType<Expression.Several>(Expression.Read("{a} = 1 or {b} = 2 and not {c} = 3", out _));
        Assert.False(read.All);
        var both = Assert.IsType<Expression.Several>(read.Parts[1]);
        Assert.True(both.All);
        Assert.IsType<Expression.Not>(both.Parts[1]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{q1}")]
    [InlineData("{q1} =")]
    [InlineData("{q1} = a")]
    [InlineData("{q1} = 'a")]
    [InlineData("{q1 = 'a'")]
    [InlineData("{q1} = 'a' {q2} = 'b'")]
    [InlineData("{q1} = 'a' and")]
    [InlineData("({q1} = 'a'")]
    [InlineData("{q1} = 'a')")]
    [InlineData(". > 3")]
    [InlineData("{q1} = {q2}")]
    [InlineData("today() > 3")]
    [InlineData("{q1} anyof []")]
    [InlineData("{q1} = 1e5")]
    public void what_is_none_is_told_with_its_place(string expression)
    {
        Assert.Null(Expression.Read(expression, out var problem));
        Assert.StartsWith("At character ", problem!.ToString(), StringComparison.Ordinal);
    }

    static readonly string[] Pieces =
    [
        "{q1}",
        "${q1}",
        "=",
        "!=",
        "and",
        "or",
        "not",
        "(",
        ")",
        "'a'",
        "3",
        "[",
        "]",
        ",",
        "anyof",
        "selected",
        " ",
        "é",
        "\uD800",
    ];

    [Fact]
    public void an_expression_without_end_has_one()
    {
        foreach (
            var expression in new[]
            {
                new string('(', 1_000_000),
                new string('!', 1_999),
                string.Concat(Enumerable.Repeat("not ", 450)),
                string.Concat(Enumerable.Repeat("{q}=1 or ", 200)),
                "{q} anyof [" + string.Join(',', Enumerable.Repeat("1", 5_000)),
            }
        )
            Assert.Null(Expression.Read(expression, out _));
        Gen.OneOf(Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]), AnyWords.Accepted)
            .Array[0, 30]
            .Select(string.Concat)
            .Sample(text => Assert.True(Expression.Read(text, out var problem) is null == problem is not null), iter: 2000);
    }

    /// <summary>A workbook of sheets of texts; a cell that begins with = is a formula that last showed what follows the bar.</summary>
    static byte[] Sheets(params (string Name, string[][] Rows)[] sheets)
    {
        using var content = new MemoryStream();
        using (var file = SpreadsheetDocument.Create(content, SpreadsheetDocumentType.Workbook))
        {
            var book = file.AddWorkbookPart();
            book.Workbook = new Workbook(new Sheets());
            foreach (var ((name, rows), i) in sheets.Select((s, i) => (s, i)))
            {
                var part = book.AddNewPart<WorksheetPart>();
                part.Worksheet = new(new SheetData(rows.Select(r => new Row(r.Select(Cell)))));
                book.Workbook.Sheets!.Append(
                    new Sheet
                    {
                        Id = book.GetIdOfPart(part),
                        SheetId = (uint)i + 1,
                        Name = name,
                    }
                );
            }
        }
        return content.ToArray();

        static Cell Cell(string text) =>
            text.StartsWith('=')
                ? new()
                {
                    DataType = CellValues.String,
                    CellFormula = new(text.Split('|')[0][1..]),
                    CellValue = new(text.Split('|')[1]),
                }
                : new() { DataType = CellValues.InlineString, InlineString = new(new Text(text)) };
    }

    static readonly (string, string[][]) Choices = (
        "choices",
        [
            ["list_name", "name", "label", "label::English"],
            ["yesno", "yes", "是", "Yes"],
            ["yesno", "no", "否", "No"],
            ["ways", "central", "集中供热", ""],
            ["ways", "stove", "自采暖", ""],
        ]
    );

    static readonly (string, string[][]) Settings = (
        "settings",
        [
            ["form_title", "form_id"],
            ["供热入户调查", "heating"],
        ]
    );

    [Fact]
    public void an_xlsform_is_read()
    {
        var form = ReadSheets(
            Sheets(
                (
                    "survey",
                    [
                        ["type", "name", "label", "hint", "required", "relevant", "parameters"],
                        ["note", "hello", "您好，占用您三分钟。"],
                        ["select_one yesno", "warm", "暖和吗？", "", "yes"],
                        ["begin_group", "more", "详细情况", "", "", "${warm} = 'no'"],
                        ["select_multiple ways or_other", "ways", "怎么取暖？"],
                        ["text", "why", "为什么？", "可多写", "", "selected(${ways}, 'stove') and ${warm} != 'yes'"],
                        ["end_group", ""],
                        ["range", "content", "满意度", "", "", "", "start=0 end=10 step=1"],
                        ["range", "age", "楼龄", "", "", "", "start=0 end=100"],
                        ["integer", "people", "几口人？", "", "", "${content} >= 5"],
                    ]
                ),
                Choices,
                Settings
            )
        )!;
        Fits(form);
        Assert.Equal("供热入户调查", form.Title);
        Assert.Equal([null, "详细情况", null], form.Pages.Select(p => p.Title));
        Assert.Equal("您好，占用您三分钟。", form.Pages[0].Introduction);
        var questions = form.Pages.SelectMany(p => p.Questions!).ToDictionary(q => q.Code!);
        Assert.Equal(["warm", "ways", "why", "content", "age", "people"], questions.Keys);
        Assert.Equal(
            (QuestionKind.Single, true, "是"),
            (questions["warm"].Kind, questions["warm"].Required, questions["warm"].Options![0].Label)
        );
        Assert.Equal((QuestionKind.Multiple, true), (questions["ways"].Kind, questions["ways"].Other));
        Assert.Equal(
            """{"all":[{"question":"warm","is":"no"},{"all":[{"question":"ways","is":"stove"},{"not":{"question":"warm","is":"yes"}}]}]}""",
            Told(questions["why"].ShowIf)
        );
        Assert.Equal((QuestionKind.Scale, 0m, 10m), (questions["content"].Kind, questions["content"].Least, questions["content"].Most));
        Assert.Equal((QuestionKind.Number, 100m), (questions["age"].Kind, questions["age"].Most));
        Assert.Equal((QuestionKind.Number, true), (questions["people"].Kind, questions["people"].Whole));
        Assert.Equal("""{"question":"content","atLeast":5}""", Told(questions["people"].ShowIf));
        Assert.Empty(form.Findings);
    }

    [Fact]
    public void of_an_xlsform_too_what_is_not_understood_is_told()
    {
        var form = ReadSheets(
            Sheets(
                (
                    "survey",
                    [
                        ["type", "name", "label", "required", "relevant", "calculation", "constraint"],
                        ["start", "start"],
                        ["geopoint", "where", "您在哪里？"],
                        ["select_one nolist", "x", "没有选项"],
                        ["calculate", "c", "", "", "", "1+1"],
                        ["begin_repeat", "r"],
                        ["text", "t", "=HYPERLINK(\"http://x.example\")|填写", "${a} > 1", ". > 3"],
                        ["", "n", "没有类型"],
                        ["text", "t", "=1+1|2", "", "", "", "string-length(.) < 5"],
                        ["select_one yesno", "y", "是否", "", "once(1)"],
                    ]
                ),
                (
                    "choices",
                    [
                        ["list_name", "name", "label", "media::image"],
                        ["yesno", "是的 吗", "是", "a.png"],
                        ["yesno", "", "无名"],
                    ]
                ),
                (
                    "external",
                    [
                        ["a"],
                        ["b"],
                    ]
                )
            )
        )!;
        Fits(form);
        Assert.Equal(
            [
                "choices/2/media::image member.notUnderstood",
                "choices/3 option.notUnderstood",
                "external sheet.notUnderstood",
                "survey/10 code.renamed",
                "survey/10/relevant condition.notUnderstood",
                "survey/2 element.notUnderstood",
                "survey/3 element.notUnderstood",
                "survey/4 element.notUnderstood",
                "survey/5 element.notUnderstood",
                "survey/5/calculation member.notUnderstood",
                "survey/6 element.notUnderstood",
                "survey/7/label cell.formula",
                "survey/7/relevant condition.notUnderstood",
                "survey/7/required condition.notUnderstood",
                "survey/8 element.notUnderstood",
                "survey/9 code.renamed",
                "survey/9/constraint member.notUnderstood",
                "survey/9/label cell.formula",
            ],
            form.Findings.Select(f => $"{f.Pointer} {f.Code}").Order(StringComparer.Ordinal)
        );
        // A formula is what it last showed: a text, computed by nobody.
        Assert.Equal(["填写", "2", "是否"], form.Pages.SelectMany(p => p.Questions!).Select(q => q.Text));
    }

    [Fact]
    public void a_file_that_is_none_or_has_no_end_is_none()
    {
        Assert.Null(ReadSheets("PK\u0003\u0004"u8.ToArray()));
        Assert.Null(ReadSheets([]));
        Assert.Null(
            ReadSheets(
                Sheets(
                    (
                        "sheet1",
                        [
                            ["type"],
                            ["text"],
                        ]
                    )
                )
            )
        );
        Assert.Null(
            ReadSheets(Sheet(string.Concat(Enumerable.Repeat("<row>", 100_000)) + string.Concat(Enumerable.Repeat("</row>", 100_000))))
        );
        Assert.Null(ReadSheets(Sheet($"<row><c><v>{new string('1', 60_000_000)}</v></c></row>")));
        var far = ReadSheets(
            Sheet(
                """<row r="1"><c r="A1" t="inlineStr"><is><t>type</t></is></c><c r="ZZZZZZ1"><v>1</v></c><c r="ZZZZZZZZZ1"><v>1</v></c></row>"""
                    + """<row r="4294967295"><c r="A9" t="inlineStr"><is><t>text</t></is></c></row><row><c r="A9" t="s"><v>99</v></c></row>"""
            )
        )!;
        Assert.Single(far.Pages.SelectMany(p => p.Questions!));
        Assert.Null(SurveyJs.Read(JsonDocument.Parse("[]").RootElement));
        // Panels in panels, as deep as JSON goes.
        var deep = Read(
            "{\"elements\":["
                + string.Concat(Enumerable.Repeat("{\"type\":\"panel\",\"elements\":[", 15))
                + "{\"type\":\"text\",\"name\":\"t\"}"
                + string.Concat(Enumerable.Repeat("]}", 15))
                + "]}"
        );
        Assert.Empty(deep.Pages);
        Assert.Equal("element.tooMany", Assert.Single(deep.Findings).Code);

        static byte[] Sheet(string rows)
        {
            using var file = new MemoryStream();
            file.Write(
                Sheets(
                    (
                        "survey",
                        [
                            ["type"],
                        ]
                    )
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

    [Fact]
    public void what_is_more_than_is_read_is_refused_and_rows_above_the_headings_may_be_blank()
    {
        string[] headings = ["type", "name", "label"];
        Assert.Equal(
            ("rows.tooMany", "survey/5002"),
            Refused(("survey", [headings, .. Enumerable.Range(0, 5001).Select(n => new[] { "text", $"q{n}", "问" })]))
        );
        Assert.Equal(
            ("sheets.tooMany", ""),
            Refused([
                .. Enumerable
                    .Range(0, 20)
                    .Select(n =>
                        (
                            $"s{n}",
                            (string[][])
                                [
                                    ["a"],
                                ]
                        )
                    ),
                ("survey", [headings, ["text", "q", "问"]]),
            ])
        );
        var below = ReadSheets(
            Sheets(
                (
                    "survey",
                    [
                        [],
                        ["", " "],
                        headings,
                        ["text", "q", "问"],
                    ]
                )
            )
        )!;
        Assert.Equal(("问", 0), (Assert.Single(below.Pages.SelectMany(p => p.Questions!)).Text, below.Findings.Count));

        static (string, string) Refused(params (string, string[][])[] sheets)
        {
            var invalid = new Invalid();
            XlsForm.Read(Sheets(sheets), invalid);
            var error = Assert.Single(invalid.Problem!.Errors);
            return (error.Code, error.Pointer);
        }
    }

    [Fact]
    public async Task it_is_a_draft_that_can_be_opened_and_answered()
    {
        var consultation = await district.StartConsultation();
        foreach (
            var (content, type, question) in new[]
            {
                (Encoding.UTF8.GetBytes(Survey), "application/json", "warm"),
                (
                    Sheets(
                        (
                            "survey",
                            [
                                ["type", "name", "label"],
                                ["select_one yesno", "warm", "暖和吗？"],
                            ]
                        ),
                        Choices,
                        Settings
                    ),
                    Excel,
                    "warm"
                ),
            }
        )
        {
            var imported = await Import(content, type, 201);
            var id = imported.GetProperty("questionnaire").GetProperty("id").GetGuid();
            Assert.Equal("drafted", imported.GetProperty("questionnaire").GetProperty("state").GetString());
            await consultation.Get(null, $"questionnaires/{id}", 404);
            await consultation.Post(Tokens.OpennessOffice, $"questionnaires/{id}/open", new { closesOn = district.Day(3) });
            await consultation.Answers(id, new { edition = 1, answers = new[] { new { question, options = new[] { "yes" } } } });
        }
        Assert.Equal(
            "code.renamed",
            (await Import(Encoding.UTF8.GetBytes(Survey), "application/json", 201)).GetProperty("findings")[0].Code()
        );
    }

    [Fact]
    public async Task what_is_no_questionnaire_is_refused()
    {
        await district.StartConsultation();
        foreach (
            var (content, type, status) in new[]
            {
                ("[]", "application/json", 422),
                ("{", "application/json", 422),
                (new string('[', 100_000), "application/json", 422),
                ("""{"title": "空"}""", "application/json", 422),
                ("PK", Excel, 422),
                ("a,b", "text/csv", 415),
                ($"\"{new string('a', 5_000_001)}\"", "application/json", 413),
            }
        )
            Assert.True(
                (await Import(Encoding.UTF8.GetBytes(content), type, status)).GetProperty("status").GetInt32() == status,
                content[..Math.Min(20, content.Length)]
            );
        var tooLong = await Import(
            Encoding.UTF8.GetBytes($$"""{"elements": [{"type": "text", "name": "t", "title": "{{new string('长', 1001)}}"}]}"""),
            "application/json",
            422
        );
        Assert.Equal(["/title", "/pages/0/questions/0/text"], tooLong.Pointers());
    }

    async Task<JsonElement> Import(byte[] content, string type, int expected)
    {
        var result = await district.Consultation!.Scenario(s =>
        {
            s.As(Tokens.DraftingHousing).Post.ByteArray(content).ContentType(type).ToUrl("/api/v1/questionnaires/import");
            s.StatusCodeShouldBe(expected);
        });
        return await result.Json();
    }
}
