using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.Testing;
using Math = DocumentFormat.OpenXml.Math;
using WordText = DocumentFormat.OpenXml.Wordprocessing.Text;

namespace PolicyPlatform.Documents.Tests.Text;

public sealed class when_reading_word_files
{
    static readonly byte[] Pixel = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    );

    [Fact]
    public void numbers_that_words_lists_make_are_written_out()
    {
        var text = Read(
            Word(
                (body, main) =>
                {
                    Number(
                        main,
                        (0, "第%1章", NumberFormatValues.ChineseCountingThousand),
                        (1, "第%2条", NumberFormatValues.ChineseCountingThousand),
                        (2, "（%3）", NumberFormatValues.ChineseCounting),
                        (3, "%2.%4", NumberFormatValues.Decimal)
                    );
                    body.Append(
                        Numbered(0, "总则"),
                        Numbered(1, "供热企业应当："),
                        Numbered(2, "检修设施；"),
                        Numbered(2, "公布计划。"),
                        Numbered(1, "用户应当交费。"),
                        Numbered(0, "附则"),
                        Plain("本办法自公布之日起施行。")
                    );
                }
            )
        );
        Assert.Equal(
            "第一章 总则\n第一条 供热企业应当：\n（一）检修设施；\n（二）公布计划。\n第二条 用户应当交费。\n第二章 附则\n本办法自公布之日起施行。",
            text.Canonical
        );
        Assert.Equal(
            [
                BlockKind.Chapter,
                BlockKind.Article,
                BlockKind.Item,
                BlockKind.Item,
                BlockKind.Article,
                BlockKind.Chapter,
                BlockKind.Paragraph,
            ],
            text.Blocks.Select(b => b.Kind)
        );
    }

    [Fact]
    public void tracked_changes_are_accepted_and_hidden_text_is_not_there()
    {
        var text = Read(
            Word(
                (body, _) =>
                    body.Append(
                        new Paragraph(
                            Run("第一条 室温不得低于"),
                            new DeletedRun(new Run(new DeletedText("16"))) { Id = "1" },
                            new InsertedRun(Run("18")) { Id = "2" },
                            Run("℃。"),
                            new Run(new RunProperties(new Vanish()), new WordText("批注"))
                        ),
                        new Paragraph(
                            new ParagraphProperties(new ParagraphMarkRunProperties(new Deleted { Id = "3" })),
                            Run("第二条 前半句，")
                        ),
                        Plain("后半句。")
                    )
            )
        );
        Assert.Equal("第一条 室温不得低于18℃。\n第二条 前半句，后半句。", text.Canonical);
    }

    [Fact]
    public void tables_footnotes_text_boxes_and_images_are_kept()
    {
        var text = Read(
            Word(
                (body, main) =>
                {
                    var notes = main.AddNewPart<FootnotesPart>();
                    notes.Footnotes = new(new Footnote(Plain("指连续供热的期间。")) { Id = 1 });
                    var image = main.AddImagePart(ImagePartType.Png, "rIdImage");
                    using (var stream = new MemoryStream(Pixel))
                        image.FeedData(stream);
                    body.Append(
                        new Paragraph(Run("第一条 采暖期"), new Run(new FootnoteReference { Id = 1 }), Run("见下表。")),
                        new Table(Row("区域", "温度"), Row("居民", "18℃")),
                        new Paragraph(Run("示意图"), new Run(WordFiles.Picture("rIdImage")))
                    );
                }
            )
        );
        Assert.Equal("第一条 采暖期[注1]见下表。\n区域\t温度\n居民\t18℃\n示意图[图1]\n[注1] 指连续供热的期间。", text.Canonical);
        var file = Assert.Single(text.Files);
        Assert.Equal(("图1", "image/png"), (file.Name, file.MediaType));
        Assert.Equal(Pixel, file.Content);
        Assert.Equal(BlockKind.Note, text.Blocks[^1].Kind);
    }

    [Fact]
    public void what_is_no_word_file_is_none()
    {
        foreach (var bytes in new byte[][] { [], [1, 2, 3], [.. "PK\u0003\u0004garbage"u8], Pixel })
            Assert.Null(DocxText.Cut(new MemoryStream(bytes)));
    }

    [Theory]
    [MemberData(nameof(Corpus.Regulations), MemberType = typeof(Corpus))]
    public void every_regulation_comes_back_from_a_word_file_as_it_went(string file)
    {
        var (blocks, _) = BlockIdentity.Carry([], MarkdownText.Cut(Corpus.Read(file)), 1);
        using var docx = new MemoryStream(OfficialDocx.Write(blocks));
        Assert.Equal(CanonicalText.Of(blocks), string.Join('\n', DocxText.Cut(docx)!.Value.Text.Blocks.Select(b => b.Text)));
    }

    [Fact]
    public void the_layout_is_that_of_official_documents()
    {
        var (blocks, _) = BlockIdentity.Carry(
            [],
            TextStructure.Cut("关于做好供热工作的通知\n各镇人民政府：\n一、总体要求\n按时供热。\n区人民政府办公室\n2026年5月20日"),
            1
        );
        using var word = WordprocessingDocument.Open(new MemoryStream(OfficialDocx.Write(blocks)), false);
        var paragraphs = word.MainDocumentPart!.Document!.Body!.Elements<Paragraph>().ToArray();
        Assert.Equal(("方正小标宋简体", "44"), Font(paragraphs[0]));
        Assert.Equal(("黑体", "32"), Font(paragraphs[2]));
        Assert.Equal(("仿宋_GB2312", "32"), Font(paragraphs[3]));
        Assert.Equal(JustificationValues.Right, paragraphs[^1].ParagraphProperties!.Justification!.Val!.Value);
        Assert.Empty(new DocumentFormat.OpenXml.Validation.OpenXmlValidator().Validate(word, TestContext.Current.CancellationToken));

        static (string?, string?) Font(Paragraph p) =>
            (p.Descendants<RunFonts>().First().EastAsia?.Value, p.Descendants<FontSize>().First().Val?.Value);
    }

    [Fact]
    public void the_head_the_signature_and_the_foot_stand_where_the_standard_puts_them()
    {
        var (blocks, _) = BlockIdentity.Carry(
            [],
            TextStructure.Cut(
                "000123\n特急\n云泽区人民政府文件\n签发人：张三\n云泽政〔2026〕3号\n关于供热的请示\n市人民政府：\n现将供热情况报告如下。\n附件：1. 名单\n2. 图表\n云泽区人民政府\n2026年5月20日\n（此件公开发布）\n抄送：区委办公室，区人大常委会办公室。\n云泽区人民政府办公室 2026年5月20日印发"
            ),
            1
        );
        using var word = WordprocessingDocument.Open(new MemoryStream(OfficialDocx.Write(blocks)), false);
        Assert.Empty(new DocumentFormat.OpenXml.Validation.OpenXmlValidator().Validate(word, TestContext.Current.CancellationToken));
        var paragraphs = word.MainDocumentPart!.Document!.Body!.Elements<Paragraph>()
            .Where(p => p.InnerText.Length > 0)
            .ToDictionary(p => p.InnerText.Trim(), p => p.ParagraphProperties!);
        // Who signed stands in a frame beside the number, and what is sent to whom in one at the foot of the page.
        Assert.Equal(
            ("right", "text"),
            (
                paragraphs["签发人：张三"].FrameProperties!.XAlign!.InnerText,
                paragraphs["签发人：张三"].FrameProperties!.VerticalPosition!.InnerText
            )
        );
        Assert.Equal(
            (JustificationValues.Left, "FF0000"),
            (
                paragraphs["云泽政〔2026〕3号"].Justification!.Val!.Value,
                paragraphs["云泽政〔2026〕3号"].ParagraphBorders!.BottomBorder!.Color!.Value
            )
        );
        foreach (var foot in new[] { "抄送：区委办公室，区人大常委会办公室。", "云泽区人民政府办公室2026年5月20日印发" })
            Assert.Equal("bottom", paragraphs[foot].FrameProperties!.YAlign!.InnerText);
        // 云泽区人民政府 is half a character wider than 2026年5月20日 at the left and at the right.
        Assert.Equal(
            ("1280", "1200"),
            (paragraphs["2026年5月20日"].Indentation!.Right!.Value, paragraphs["云泽区人民政府"].Indentation!.Right!.Value)
        );
        Assert.Equal("640", paragraphs["（此件公开发布）"].Indentation!.FirstLine!.Value);
        var footers = word
            .MainDocumentPart.Document.Body.GetFirstChild<SectionProperties>()!
            .Elements<FooterReference>()
            .Select(f =>
                (
                    f.Type!.InnerText,
                    ((FooterPart)word.MainDocumentPart.GetPartById(f.Id!.Value!))
                        .Footer!.Descendants<Justification>()
                        .Single()
                        .Val!.InnerText
                )
            );
        Assert.Equal([("default", "right"), ("even", "left")], footers);
        using var again = new MemoryStream(OfficialDocx.Write(blocks));
        Assert.Equal(blocks.Select(b => (b.Kind, b.Text)), DocxText.Cut(again)!.Value.Text.Blocks.Select(b => (b.Kind, b.Text)));
    }

    [Theory]
    [InlineData("云泽区人民政府办公室 2026年5月20日印 发", "云泽区人民政府办公室|2026年5月20日印 发")]
    [InlineData("云泽区人民政府办公室二〇二六年五月二十日印发", "云泽区人民政府办公室|二〇二六年五月二十日印发")]
    public void who_printed_it_and_when_stand_apart(string line, string parts)
    {
        using var word = WordprocessingDocument.Open(
            new MemoryStream(OfficialDocx.Write([new("b1", BlockKind.IssuingLine, null, null, line)])),
            false
        );
        var runs = word.MainDocumentPart!.Document!.Body!.Elements<Paragraph>().First().Elements<Run>().ToArray();
        Assert.Equal(parts, string.Concat(runs.Select(r => r.Elements<TabChar>().Any() ? "|" : r.InnerText)).Trim());
    }

    [Fact]
    public void formulas_ruby_signs_and_frames_are_read_and_what_is_hidden_or_made_by_word_is_not()
    {
        var (text, findings) = ReadAll(
            Word(
                (body, main) =>
                {
                    main.AddNewPart<StyleDefinitionsPart>().Styles = new(
                        new Style(new StyleName { Val = "toc 1" }) { StyleId = "TOC1", Type = StyleValues.Paragraph },
                        new Style(new StyleName { Val = "Hidden" }, new StyleRunProperties(new Vanish()))
                        {
                            StyleId = "H",
                            Type = StyleValues.Character,
                        }
                    );
                    var header = main.AddNewPart<HeaderPart>();
                    header.Header = new(Plain("云泽区人民政府文件"), Plain("内部使用请勿外传"));
                    body.Append(
                        Plain("云泽政发〔2026〕3号"),
                        Plain("关于热价的通知"),
                        new Paragraph(new ParagraphProperties(new ParagraphStyleId { Val = "TOC1" }), Run("一、热价……1")),
                        new Paragraph(
                            Run("一、热价为"),
                            new Math.OfficeMath(
                                new Math.Fraction(
                                    new Math.Numerator(new Math.Run(new Math.Text("a+b"))),
                                    new Math.Denominator(new Math.Run(new Math.Text("2")))
                                )
                            ),
                            Run("。")
                        ),
                        new Paragraph(
                            Run("温度"),
                            new Run(new SymbolChar { Font = "Symbol", Char = "F0B3" }),
                            Run("18℃"),
                            new Run(new SymbolChar { Font = "Wingdings", Char = "F0FE" }),
                            new Run(new SymbolChar { Font = "Webdings", Char = "F0AA" })
                        ),
                        new Paragraph(
                            new Run(new Ruby(new RubyContent(Run("lù")), new RubyBase(Run("甪")))),
                            Run("直镇"),
                            new Run(new RunProperties(new RunStyle { Val = "H" }), new WordText("看不见"))
                        ),
                        new Table(
                            new TableRow(
                                new TableCell(Plain("户")),
                                new TableCell(new TableCellProperties(new CellDeletion { Id = "9" }), Plain("删")),
                                new TableCell(new TableCellProperties(new GridSpan { Val = 2 }), Plain("热费"))
                            ),
                            Row("1", "2", "")
                        )
                    );
                }
            )
        );
        Assert.Equal(
            "云泽区人民政府文件\n云泽政发〔2026〕3号\n关于热价的通知\n一、热价为(a+b)/2。\n温度≥18℃☑〓\n甪直镇\n户\t热费\t\n1\t2\t",
            string.Join('\n', text.Select(b => b.Text))
        );
        Assert.Equal([BlockKind.Letterhead, BlockKind.DocumentNumber, BlockKind.Title], text.Take(3).Select(b => b.Kind));
        Assert.Equal(
            ["word.contents", "word.formula", "word.header", "word.symbol"],
            findings.Select(f => f.Code).Where(c => c.StartsWith("word", StringComparison.Ordinal)).Distinct().Order()
        );
    }

    [Fact]
    public void a_formula_is_kept_as_mathml_beside_the_line_that_the_text_has()
    {
        static Math.Run Letters(string text) => new(new Math.Text(text));
        var docx = Word(
            (body, _) =>
                body.Append(
                    Plain("关于热价的通知"),
                    Plain("热价按下式计算。"),
                    new Paragraph(
                        Run("单价"),
                        new Math.OfficeMath(
                            Letters("p="),
                            new Math.Fraction(new Math.Numerator(Letters("a+1.5")), new Math.Denominator(Letters("面积")))
                        ),
                        Run("，总价"),
                        new Math.OfficeMath(
                            new Math.Nary(
                                new Math.NaryProperties(new Math.AccentChar { Val = "∑" }),
                                new Math.SubArgument(Letters("i=1")),
                                new Math.SuperArgument(Letters("n")),
                                new Math.Base(new Math.Superscript(new Math.Base(Letters("x")), new Math.SuperArgument(Letters("2"))))
                            )
                        ),
                        Run("。")
                    )
                )
        );
        var text = DocxText.Cut(new MemoryStream(docx))!.Value.Text;
        Assert.Equal("单价p=(a+1.5)/面积，总价∑_(i=1)^n x^2。", text.Blocks[2].Text);
        Assert.Equal([2, 2], text.Formulas.Select(f => f.Place));
        Assert.Equal([2, 2], text.Findings.Where(f => f.Code == "word.formula").Select(f => f.Place));
        const string Ns = "xmlns=\"http://www.w3.org/1998/Math/MathML\"";
        Assert.Equal(
            [
                $"<math alttext=\"p=(a+1.5)/面积\" {Ns}><mi>p</mi><mo>=</mo><mfrac><mrow><mi>a</mi><mo>+</mo><mn>1.5</mn></mrow><mtext>面积</mtext></mfrac></math>",
                $"<math alttext=\"∑_(i=1)^n x^2\" {Ns}><munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover><msup><mi>x</mi><mn>2</mn></msup></math>",
            ],
            text.Formulas.Select(f => f.MathMl)
        );
        Assert.All(text.Formulas, f => Assert.Equal(f.Text, text.Blocks[f.Place].Text.Substring(f.Start, f.Text.Length)));
        var (blocks, _) = BlockIdentity.Carry([], text.Blocks, 1);
        // What links somewhere stays whole.
        Assert.Contains(
            $"<a href=\"/p\">单价</a>{text.Formulas[0].MathMl}，",
            TextFormats.ToHtml("", blocks, [new(blocks[2].Id, 0, 2, "/p", null)], formulas: [text.Formulas[0], new(2, 1, "价", "<math/>")]),
            StringComparison.Ordinal
        );
        Assert.Contains(
            $"单价{text.Formulas[0].MathMl}，总价{text.Formulas[1].MathMl}。</p>",
            TextFormats.ToHtml("", blocks, [], formulas: text.Formulas),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void a_title_by_style_leaves_the_rest_of_the_head_as_plain_text_has_it()
    {
        var docx = Word(
            (body, main) =>
            {
                main.AddNewPart<StyleDefinitionsPart>().Styles = new(
                    new Style(new StyleName { Val = "Title" }) { StyleId = "T", Type = StyleValues.Paragraph }
                );
                body.Append(
                    Plain("云泽区人民政府文件"),
                    Plain("云泽政〔2026〕3号"),
                    Styled("T", "关于供热的通知"),
                    Plain("各镇："),
                    Plain("请供热。"),
                    Plain("云泽区人民政府"),
                    Plain("2026年5月20日")
                );
            }
        );
        Assert.Equal(
            TextStructure
                .Cut("云泽区人民政府文件\n云泽政〔2026〕3号\n关于供热的通知\n各镇：\n请供热。\n云泽区人民政府\n2026年5月20日")
                .Select(b => (b.Kind, b.Text)),
            Read(docx).Blocks.Select(b => (b.Kind, b.Text))
        );
    }

    [Theory]
    [InlineData("field")]
    [InlineData("style")]
    [InlineData("gallery")]
    public void contents_that_word_makes_are_left_out_and_said(string kind)
    {
        var (blocks, findings) = ReadAll(
            Word(
                (body, main) =>
                {
                    main.AddNewPart<StyleDefinitionsPart>().Styles = new(
                        new Style(new StyleName { Val = "toc 1" }) { StyleId = "TOC1", Type = StyleValues.Paragraph }
                    );
                    OpenXmlElement[] contents = kind switch
                    {
                        "field" =>
                        [
                            new Paragraph(
                                new Run(new FieldChar { FieldCharType = FieldCharValues.Begin }),
                                new Run(new FieldCode(" TOC \\o ")),
                                new Run(new FieldChar { FieldCharType = FieldCharValues.Separate }),
                                Run("第一条 供热 1")
                            ),
                            new Paragraph(Run("第二条 供水 2"), new Run(new FieldChar { FieldCharType = FieldCharValues.End })),
                        ],
                        "style" => [Styled("TOC1", "第一条 供热 1"), Styled("TOC1", "第二条 供水 2")],
                        _ =>
                        [
                            new SdtBlock(
                                new SdtProperties(new SdtContentDocPartObject(new DocPartGallery { Val = "Table of Contents" })),
                                new SdtContentBlock(Plain("第一条 供热 1"), Plain("第二条 供水 2"))
                            ),
                        ],
                    };
                    body.Append([Plain("供热办法"), .. contents, Plain("第一条 供热。"), Plain("第二条 供水。")]);
                }
            )
        );
        Assert.Equal("供热办法\n第一条 供热。\n第二条 供水。", string.Join('\n', blocks.Select(b => b.Text)));
        Assert.Contains("word.contents", findings.Select(f => f.Code));
    }

    [Fact]
    public void what_cannot_be_read_is_named()
    {
        var (blocks, findings) = ReadAll(
            Word(
                (body, main) =>
                {
                    main.AddNewPart<FooterPart>().Footer = new(Plain("内部资料请勿外传供热办"));
                    body.Append(
                        Plain("第一条 供热。"),
                        new Paragraph(
                            new Run(
                                new Drawing(
                                    new DocumentFormat.OpenXml.Drawing.Wordprocessing.Inline(
                                        new DocumentFormat.OpenXml.Drawing.Graphic(
                                            new DocumentFormat.OpenXml.Drawing.GraphicData
                                            {
                                                Uri = "http://schemas.openxmlformats.org/drawingml/2006/chart",
                                            }
                                        )
                                    )
                                )
                            )
                        ),
                        new Paragraph(
                            new Run(new EmbeddedObject(new DocumentFormat.OpenXml.Vml.Office.OleObject { ProgId = "Excel.Sheet.12" }))
                        ),
                        new AltChunk { Id = "rIdOther" },
                        new Paragraph(Run("见图"), new Run(WordFiles.Picture("rIdMissing")))
                    );
                }
            )
        );
        Assert.Equal(["第一条 供热。", "见图"], blocks.Select(b => b.Text));
        Assert.Equal(4, findings.Count(f => f.Code == "word.unreadable"));
        Assert.Contains("word.footer", findings.Select(f => f.Code));
    }

    [Fact]
    public void a_table_in_a_frame_stays_a_table()
    {
        var (blocks, _) = ReadAll(
            Word(
                (body, _) =>
                    body.Append(
                        new Paragraph(
                            Run("第一条 名额见框。"),
                            new Run(
                                new Picture(
                                    new DocumentFormat.OpenXml.Vml.Shape(
                                        new DocumentFormat.OpenXml.Vml.TextBox(
                                            new TextBoxContent(Plain("名额表"), new Table(Row("甲局", "2"), Row("乙局", "")))
                                        )
                                    )
                                )
                            )
                        )
                    )
            )
        );
        Assert.Equal(["第一条 名额见框。", "名额表", "甲局\t2\n乙局\t"], blocks.Select(b => b.Text));
        Assert.Equal(BlockKind.Table, blocks[^1].Kind);
    }

    [Fact]
    public void rows_and_styles_that_are_gone_or_hidden_are_not_there_and_signs_of_symbol_fonts_are()
    {
        var text = Read(
            Word(
                (body, main) =>
                {
                    main.AddNewPart<StyleDefinitionsPart>().Styles = new(
                        new Style(new StyleName { Val = "Hidden" }, new StyleRunProperties(new Vanish()))
                        {
                            StyleId = "H",
                            Type = StyleValues.Paragraph,
                        }
                    );
                    body.Append(
                        Plain("第一条 甲。"),
                        Styled("H", "第二条 藏。"),
                        new Table(
                            Row("甲局", "2"),
                            new TableRow(
                                new TableRowProperties(new Deleted { Id = "1" }),
                                new TableCell(Plain("废局")),
                                new TableCell(Plain("9"))
                            ),
                            Row("乙局", "3")
                        ),
                        new Paragraph(
                            Run("角"),
                            new Run(new RunProperties(new RunFonts { Ascii = "Symbol", HighAnsi = "Symbol" }), new WordText("a")),
                            Run("不大于30°。")
                        )
                    );
                }
            )
        );
        Assert.Equal("第一条 甲。\n甲局\t2\n乙局\t3\n角α不大于30°。", text.Canonical);
    }

    [Fact]
    public void fractions_that_nest_deep_cost_no_more_than_they_are_long()
    {
        OpenXmlElement inner = new Math.Run(new Math.Text("1"));
        for (var i = 0; i < 60; i++)
            inner = new Math.Fraction(
                new Math.Numerator(new Math.Run(new Math.Text("1+"))),
                new Math.Denominator(new Math.Run(new Math.Text("1+")), inner)
            );
        var text = DocxText
            .Cut(new MemoryStream(Word((body, _) => body.Append(new Paragraph(Run("率为"), new Math.OfficeMath(inner))))))!
            .Value.Text;
        Assert.Equal(60, System.Text.RegularExpressions.Regex.Count(text.Formulas.Single().MathMl, "<mfrac>"));
    }

    [Fact]
    public void rows_means_and_binomials_stay_in_mathml_and_letters_in_words_stay_letters()
    {
        static Math.Run Letters(string text) => new(new Math.Text(text));
        var text = DocxText
            .Cut(
                new MemoryStream(
                    Word(
                        (body, _) =>
                            body.Append(
                                new Paragraph(
                                    Run("5km以内，"),
                                    new Math.OfficeMath(Letters("m")),
                                    Run("取"),
                                    new Math.OfficeMath(
                                        new Math.Bar(
                                            new Math.BarProperties(new Math.Position { Val = Math.VerticalJustificationValues.Top }),
                                            new Math.Base(Letters("x"))
                                        )
                                    )
                                ),
                                new Paragraph(
                                    new Math.OfficeMath(new Math.EquationArray(new Math.Base(Letters("a")), new Math.Base(Letters("b")))),
                                    Run("和"),
                                    new Math.OfficeMath(
                                        new Math.Fraction(
                                            new Math.FractionProperties(new Math.FractionType { Val = Math.FractionTypeValues.NoBar }),
                                            new Math.Numerator(Letters("n")),
                                            new Math.Denominator(Letters("k"))
                                        )
                                    )
                                )
                            )
                    )
                )
            )!
            .Value.Text;
        Assert.Equal([(0, 6), (0, 8), (0, 10), (0, 13)], text.Formulas.Select(f => (f.Place, f.Start)));
        Assert.Contains("<mover><mi>x</mi><mo>¯</mo></mover>", text.Formulas[1].MathMl, StringComparison.Ordinal);
        Assert.Contains(
            "<mtable><mtr><mtd><mi>a</mi></mtd></mtr><mtr><mtd><mi>b</mi></mtd></mtr></mtable>",
            text.Formulas[2].MathMl,
            StringComparison.Ordinal
        );
        Assert.Contains("<mfrac linethickness=\"0\">", text.Formulas[3].MathMl, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ideographTraditional", "%1、", 3, "甲、", "丙、")]
    [InlineData("ideographLegalTraditional", "%1、", 2, "壹、", "贰、")]
    [InlineData("decimalZero", "%1.", 10, "01. ", "10. ")]
    [InlineData("lowerLetter", "%1)", 28, "a)", "bb)")]
    [InlineData("decimalEnclosedParen", "%1", 2, "⑴ ", "⑵ ")]
    [InlineData("decimalEnclosedCircle", "%1", 3, "① ", "③ ")]
    [InlineData("upperRoman", "%1.", 4, "I. ", "IV. ")]
    [InlineData("ideographZodiac", "%1、", 2, "子、", "丑、")]
    [InlineData("decimalFullWidth", "%1．", 2, "１．", "２．")]
    [InlineData("chineseCountingThousand", "第%1条", 21, "第一条 ", "第二十一条 ")]
    public void lists_count_as_word_shows_them(string format, string shape, int count, string first, string last)
    {
        var lines = Read(
            Word(
                (body, main) =>
                {
                    Number(main, (0, shape, new NumberFormatValues(format)));
                    for (var n = 0; n < count; n++)
                        body.Append(Numbered(0, "项"));
                }
            )
        )
            .Canonical.Split('\n');
        Assert.Equal((first + "项", last + "项"), (lines[0], lines[^1]));
    }

    [Fact]
    public void hostile_files_are_read_in_bounds_or_refused()
    {
        var text = Read(
            Word(
                (body, main) =>
                {
                    Number(main, (0, "%1)", NumberFormatValues.LowerLetter), (1, "%2.", NumberFormatValues.UpperRoman));
                    foreach (var level in main.NumberingDefinitionsPart!.Numbering!.Descendants<Level>())
                        level.StartNumberingValue!.Val = 2_000_000_000;
                    body.Append(
                        Numbered(0, "甲"),
                        Numbered(1, "乙"),
                        new Table(
                            new TableRow(
                                new TableCell(new TableCellProperties(new GridSpan { Val = 2_000_000_000 }), Plain("宽")),
                                new TableCell(Plain("丙"))
                            )
                        )
                    );
                }
            )
        );
        Assert.InRange(text.Canonical.Length, 10, 200);
        var deep = new Paragraph(Run("底"));
        OpenXmlElement nested = deep;
        for (var i = 0; i < 400; i++)
            nested = new SdtBlock(new SdtContentBlock(nested));
        Assert.Null(DocxText.Cut(new MemoryStream(Word((body, _) => body.Append(nested)))));
    }

    [Theory]
    [InlineData(500, 10, true)]
    [InlineData(501, 10, false)]
    // One file is there once, and again with each place that it stands in.
    [InlineData(10, 10_000_000, true)]
    [InlineData(11, 10_000_000, false)]
    public void a_text_has_so_many_pictures_and_no_more(int places, int bytes, bool isRead)
    {
        var docx = Word(
            (body, main) =>
            {
                using (var stream = new MemoryStream(new byte[bytes]))
                    main.AddImagePart(ImagePartType.Png, "rIdImage").FeedData(stream);
                body.Append(Enumerable.Range(0, places).Select(_ => new Paragraph(new Run(WordFiles.Picture("rIdImage")))));
            }
        );
        var read = DocxText.Cut(new MemoryStream(docx));
        Assert.Equal(isRead, read is not null);
        Assert.Equal(isRead ? places : 0, read?.Files.Count ?? 0);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(20_000)]
    public void each_of_several_text_boxes_of_a_paragraph_is_read_once(int boxes)
    {
        var docx = Word(
            (body, _) =>
                body.Append(
                    new Paragraph(
                        Enumerable
                            .Range(0, boxes)
                            .Select(n => new Run(
                                new Picture(
                                    new DocumentFormat.OpenXml.Vml.Shape(
                                        new DocumentFormat.OpenXml.Vml.TextBox(new TextBoxContent(Plain($"第{n}框")))
                                    )
                                )
                            ))
                    )
                )
        );
        var read = DocxText.Cut(new MemoryStream(docx))!.Value;
        Assert.Equal(Enumerable.Range(0, boxes).Select(n => $"第{n}框"), read.Text.Blocks.SelectMany(b => b.Text.Split('\n')));
    }

    [Fact]
    public void blanks_that_are_left_out_cut_no_text_off()
    {
        var docx = Word(
            (body, _) =>
                body.Append(
                    new[] { "第一条 甲。", new string(' ', CanonicalText.LongestCharacters), "第二条 乙。" }.Select(t => new Paragraph(
                        new Run(new DocumentFormat.OpenXml.Wordprocessing.Text(t) { Space = SpaceProcessingModeValues.Preserve })
                    ))
                )
        );
        Assert.Equal(["第一条 甲。", "第二条 乙。"], DocxText.Cut(new MemoryStream(docx))!.Value.Text.Blocks.Select(b => b.Text));
    }

    [Fact]
    public void a_part_is_looked_through_whatever_it_is_called()
    {
        static byte[] Named(string name, string document) =>
            Zip.Of(
                Unzipped(WordFiles.WithEverything())
                    .Select(p =>
                        p.Path switch
                        {
                            "word/document.xml" => (name, Encoding.UTF8.GetBytes(document)),
                            "[Content_Types].xml" or "_rels/.rels" => (
                                p.Path,
                                Encoding.UTF8.GetBytes(
                                    Encoding.UTF8.GetString(p.Content).Replace("word/document.xml", name, StringComparison.Ordinal)
                                )
                            ),
                            "word/_rels/document.xml.rels" => ($"word/_rels/{Path.GetFileName(name)}.rels", p.Content),
                            _ => p,
                        }
                    )
            );
        static string Deep(int depth) =>
            $"<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><w:body>{string.Concat(Enumerable.Repeat("<w:ins>", depth))}<w:p><w:r><w:t>条文</w:t></w:r></w:p>{string.Concat(Enumerable.Repeat("</w:ins>", depth))}</w:body></w:document>";
        Assert.NotNull(DocxText.Cut(new MemoryStream(Named("word/document.bin", Deep(10)))));
        Assert.Null(DocxText.Cut(new MemoryStream(Named("word/document.bin", Deep(100_000)))));
        Assert.Null(DocxText.Cut(new MemoryStream(Named("word/document.png", " " + Deep(100_000)))));
    }

    static IEnumerable<(string Path, byte[] Content)> Unzipped(byte[] package)
    {
        using var zip = new System.IO.Compression.ZipArchive(new MemoryStream(package));
        foreach (var entry in zip.Entries)
        {
            using var content = entry.Open();
            using var bytes = new MemoryStream();
            content.CopyTo(bytes);
            yield return (entry.FullName, bytes.ToArray());
        }
    }

    [Fact]
    public void a_level_that_is_told_not_to_begin_anew_goes_on()
    {
        var text = Read(
            Word(
                (body, main) =>
                {
                    Number(
                        main,
                        (0, "第%1章", NumberFormatValues.ChineseCountingThousand),
                        (1, "第%2条", NumberFormatValues.ChineseCountingThousand)
                    );
                    main.NumberingDefinitionsPart!.Numbering!.Descendants<Level>()
                        .Last()
                        .InsertAfter(
                            new LevelRestart { Val = 0 },
                            main.NumberingDefinitionsPart.Numbering.Descendants<Level>().Last().NumberingFormat
                        );
                    body.Append(Numbered(0, "总则"), Numbered(1, "甲。"), Numbered(0, "附则"), Numbered(1, "乙。"));
                }
            )
        );
        Assert.Equal("第一章 总则\n第一条 甲。\n第二章 附则\n第二条 乙。", text.Canonical);
    }

    [Fact]
    public void a_list_that_begins_anew_or_looks_otherwise_does_so_from_there_on()
    {
        static Paragraph Of(int list, string text) =>
            new(
                new ParagraphProperties(new NumberingProperties(new NumberingLevelReference { Val = 0 }, new NumberingId { Val = list })),
                Run(text)
            );
        var text = Read(
            Word(
                (body, main) =>
                {
                    Number(main, (0, "%1、", NumberFormatValues.ChineseCounting));
                    main.NumberingDefinitionsPart!.Numbering!.Append(
                        new NumberingInstance(
                            new AbstractNumId { Val = 1 },
                            new LevelOverride(new StartOverrideNumberingValue { Val = 1 }) { LevelIndex = 0 }
                        )
                        {
                            NumberID = 2,
                        },
                        new NumberingInstance(
                            new AbstractNumId { Val = 1 },
                            new LevelOverride(
                                new StartOverrideNumberingValue { Val = 5 },
                                new Level(
                                    new StartNumberingValue { Val = 1 },
                                    new NumberingFormat { Val = NumberFormatValues.Decimal },
                                    new LevelText { Val = "（%1）" }
                                )
                                {
                                    LevelIndex = 0,
                                }
                            )
                            {
                                LevelIndex = 0,
                            }
                        )
                        {
                            NumberID = 3,
                        }
                    );
                    body.Append(Of(1, "甲"), Of(1, "乙"), Of(2, "丙"), Of(2, "丁"), Of(3, "戊"));
                }
            )
        );
        Assert.Equal("一、甲\n二、乙\n一、丙\n二、丁\n（5）戊", text.Canonical);
    }

    static (IReadOnlyList<CutBlock> Blocks, IReadOnlyList<TextFinding> Findings) ReadAll(byte[] docx) =>
        DocxText.Cut(new MemoryStream(docx))!.Value.Text is var (blocks, findings) ? (blocks, findings) : default;

    static (string Canonical, IReadOnlyList<CutBlock> Blocks, IReadOnlyList<FileInText> Files) Read(byte[] docx)
    {
        var ((blocks, _), files) = DocxText.Cut(new MemoryStream(docx))!.Value;
        return (string.Join('\n', blocks.Select(b => b.Text)), blocks, files);
    }

    static byte[] Word(Action<Body, MainDocumentPart> fill)
    {
        using var file = new MemoryStream();
        using (var word = WordprocessingDocument.Create(file, WordprocessingDocumentType.Document))
        {
            var main = word.AddMainDocumentPart();
            main.Document = new(new Body());
            fill(main.Document.Body!, main);
        }
        return file.ToArray();
    }

    static void Number(MainDocumentPart main, params (int Level, string Text, NumberFormatValues Format)[] levels) =>
        main.AddNewPart<NumberingDefinitionsPart>().Numbering = new(
            new AbstractNum(
                levels.Select(l => new Level(
                    new StartNumberingValue { Val = 1 },
                    new NumberingFormat { Val = l.Format },
                    new LevelText { Val = l.Text }
                )
                {
                    LevelIndex = l.Level,
                })
            )
            {
                AbstractNumberId = 1,
            },
            new NumberingInstance(new AbstractNumId { Val = 1 }) { NumberID = 1 }
        );

    static Paragraph Numbered(int level, string text) =>
        new(
            new ParagraphProperties(new NumberingProperties(new NumberingLevelReference { Val = level }, new NumberingId { Val = 1 })),
            Run(text)
        );

    static Paragraph Plain(string text) => new(Run(text));

    static Paragraph Styled(string style, string text) => new(new ParagraphProperties(new ParagraphStyleId { Val = style }), Run(text));

    static Run Run(string text) => new(new WordText(text) { Space = SpaceProcessingModeValues.Preserve });

    static TableRow Row(params string[] cells) => new(cells.Select(c => new TableCell(Plain(c))));
}
