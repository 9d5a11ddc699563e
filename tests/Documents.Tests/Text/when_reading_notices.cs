using System.Text.Json;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Text;

public sealed class when_reading_notices
{
    static string Folder => Path.Combine(AppContext.BaseDirectory, "Text", "Notices");

    public static IEnumerable<TheoryDataRow<string>> Own() =>
        Directory.EnumerateFiles(Folder, "*.json").Order().Select(f => new TheoryDataRow<string>(Path.GetFileNameWithoutExtension(f)));

    [Theory]
    [MemberData(nameof(Corpus.Notices), MemberType = typeof(Corpus))]
    public void a_real_notice_is_read_as_a_careful_clerk_reads_it(string name) =>
        Compare(Corpus.Read($"{name}.txt"), Corpus.Read($"{name}.json"));

    [Theory]
    [MemberData(nameof(Own))]
    public void every_form_of_a_notice_is_read_as_a_careful_clerk_reads_it(string name) =>
        Compare(File.ReadAllText(Path.Combine(Folder, $"{name}.txt")), File.ReadAllText(Path.Combine(Folder, $"{name}.json")));

    static void Compare(string text, string outline)
    {
        var (blocks, _) = BlockIdentity.Carry([], TextStructure.Cut(text), 1);
        Assert.Equal("", string.Join('\n', new NoticeOutline(JsonDocument.Parse(outline).RootElement).Differences(blocks)));
        Assert.Equal(CanonicalText.Fold(string.Concat(CanonicalText.Lines(text))), CanonicalText.Fold(CanonicalText.Of(blocks)));
    }

    [Theory]
    [InlineData("第二条 审理期限。\n一、二审案件受理费由败诉方负担。", "一、二审")]
    [InlineData("二、建设医院\n三、四级医院应当设急诊科。\n三、建设社区中心", "三、四级")]
    [InlineData("9、其他\n十、十一月份完成验收。", "十、十一月")]
    [InlineData("一、总则\n10、20年期限的合同逐份审查。", "10、20年")]
    [InlineData("第二条 甲。\n第三条、第四条规定的条件除外。\n第三条 乙。", "第三条、第四条")]
    [InlineData("第二条 甲。\n第三条规定的条件除外。\n第三条 乙。", "第三条规定")]
    [InlineData("（一）甲。\n（一）、（二）项规定的条件除外。", "（一）、")]
    [InlineData("一、灌区建设\n3.6万亩灌区建成。\n1.5倍以上的，加收水费。", "3.6万亩")]
    public void what_only_looks_like_a_mark_is_a_sentence(string text, string beginning)
    {
        var (blocks, findings) = TextStructure.Read(text);
        Assert.Equal(BlockKind.Paragraph, blocks.Single(b => b.Text.StartsWith(beginning, StringComparison.Ordinal)).Kind);
        Assert.All(findings.Where(f => f.Code == "mark.notTaken"), f => Assert.Equal(BlockKind.Paragraph, blocks[f.Place].Kind));
    }

    [Theory]
    [InlineData("第 一 章　总　则", BlockKind.Chapter, "第 一 章")]
    [InlineData("第一章总则", BlockKind.Chapter, "第一章")]
    [InlineData("第二分编 通则", BlockKind.Part, "第二分编")]
    [InlineData("第 十 条 本办法自发布之日起施行。", BlockKind.Article, "第 十 条")]
    [InlineData("第一〇六条 甲。", BlockKind.Article, "第一〇六条")]
    [InlineData("第一○六条 甲。", BlockKind.Article, "第一○六条")]
    [InlineData("第１２条 甲。", BlockKind.Article, "第１２条")]
    [InlineData("①甲", BlockKind.SubItem, "①")]
    [InlineData("1)甲", BlockKind.SubItem, "1)")]
    [InlineData("⑴甲", BlockKind.SubItem, "⑴")]
    [InlineData("㈠甲", BlockKind.Clause, "㈠")]
    [InlineData("第一部分 现状", BlockKind.Heading, "第一部分")]
    public void marks_of_every_form_are_known(string line, BlockKind kind, string label)
    {
        var block = TextStructure.Cut($"测试办法\n总的要求如下。\n{line}\n以下说明。")[2];
        Assert.Equal((kind, label), (block.Kind, block.Label));
    }

    [Theory]
    [InlineData("（责任单位：甲局、乙局（丙办），完成时限：2025年12月底前）", "Responsible:甲局,乙局（丙办）", "2025年12月底前")]
    [InlineData("〔牵头单位：甲局；配合单位：乙局，丙镇〕", "Lead:甲局 Supporting:乙局,丙镇", null)]
    [InlineData("[牵头单位：甲局] [责任单位：乙局、丙局]", "Lead:甲局 Responsible:乙局,丙局", null)]
    [InlineData("（甲局牵头，乙局、丙局配合）", "Lead:甲局 Supporting:乙局,丙局", null)]
    [InlineData("（甲局、乙局按职责分工负责）", "Responsible:甲局,乙局", null)]
    [InlineData("（责任部门：甲局；适用范围：全区，另有规定的除外）", "Responsible:甲局", null)]
    [InlineData("（以下简称甲局）", "", null)]
    public void bodies_are_told_with_their_part_and_the_time_limit(string brackets, string expected, string? limit)
    {
        var text = $"（一）建设站点。{brackets}";
        Assert.Equal(
            (expected, limit),
            (
                string.Join(' ', Responsibility.Of(text).Select(r => $"{r.Role}:{string.Join(',', r.Bodies)}")),
                Responsibility.TimeLimit(text)
            )
        );
    }

    [Fact]
    public void bodies_stand_on_lines_of_their_own_too()
    {
        Assert.Equal(["区财政局", "区城管局"], Assert.Single(Responsibility.Of("责任单位：区财政局、区城管局")).Bodies);
        Assert.Equal("2025年6月底前", Responsibility.TimeLimit("完成时限：2025年6月底前"));
    }

    [Fact]
    public void a_text_that_was_copied_into_one_line_is_divided_at_its_marks_and_says_so()
    {
        var sentence = string.Concat(Enumerable.Repeat("为了规范供热用热管理", 9));
        var (blocks, findings) = TextStructure.Read(
            $"供热办法 第一章 总则 第一条 {sentence}，制定本办法。 第二条 {sentence}，适用第一条。包括：（一）甲{sentence}；（二）乙。 第三条 {sentence}。"
        );
        Assert.Equal(["第一章", "第一条", "第二条", "（一）", "（二）", "第三条"], blocks.Select(b => b.Label).OfType<string>());
        Assert.Contains(findings, f => f.Code == "text.divided");
    }

    /// <summary>Ends at all: each of these once nested or began anew for every line.</summary>
    [Theory]
    [InlineData("云政〔2025〕2号　签发人：甲\n")]
    [InlineData("关于修改《停车办法》的决定\n一、将“第三条修改为：\n")]
    [InlineData("（一）（二）（三）（四）")]
    [InlineData("（甲局负责，乙局负责，")]
    [InlineData("目录\n")]
    public void lines_that_come_ten_thousand_times_are_read(string line)
    {
        var text = string.Concat(Enumerable.Repeat(line, 10_000)) + "负责）";
        var blocks = BlockIdentity.Carry([], TextStructure.Cut(text), 1).Blocks;
        AmendingClauses.In(blocks);
        Assert.Equal(CanonicalText.Fold(text), CanonicalText.Fold(CanonicalText.Of(blocks)));
    }

    [Fact]
    public void what_an_amending_decision_quotes_is_no_article_of_its_own()
    {
        var blocks = TextStructure.Cut(
            "关于修改《停车办法》的决定\n一、将第三条修改为：“第三条 停车应当缴费：\n（一）白天；\n（二）夜间。”\n二、删去第五条。"
        );
        Assert.Equal(["一、", "二、"], blocks.Select(b => b.Label).OfType<string>());
        // An opening that is never closed quotes nothing.
        Assert.Equal(["一、", "二、"], TextStructure.Cut("一、将“甲改为乙。\n二、删去第五条。").Select(b => b.Label));
    }

    [Fact]
    public void a_missing_number_and_a_missing_title_are_told()
    {
        var (blocks, findings) = TextStructure.Read("为规范管理，制定本规定。\n第一条 甲。\n第四条 乙。");
        Assert.Equal(["title.missing", "number.missing"], findings.Select(f => f.Code));
        Assert.Equal("第四条", blocks[findings[1].Place].Label);
    }

    [Theory]
    [InlineData(
        "000042\n秘密★1年\n特急\n甲局文件\n签发人：王五\n甲发〔2025〕2号\n关于供热的通知\n各镇：\n请供热。\n甲局\n2025年1月2日",
        "Marking Marking Marking Letterhead Marking DocumentNumber Title Addressee Paragraph Signature Signature"
    )]
    [InlineData("甲区人民政府令\n第157号\n供热办法\n第一条 供热。", "Letterhead DocumentNumber Title Article")]
    [InlineData("甲局公告2023年第37号\n关于供热的公告\n现公告如下。", "DocumentNumber Title Paragraph")]
    [InlineData("甲局通告2024年第5号\n关于停水的通告\n现通告如下。", "DocumentNumber Title Paragraph")]
    [InlineData(
        "关于供热的通知\n各镇：\n请供热。\n甲局\n2025年1月2日\n联系人：王五，电话：12345678\n信息公开选项：主动公开\n（此件公开发布）",
        "Title Addressee Paragraph Signature Signature Note Note Note"
    )]
    public void head_and_foot_are_told_line_by_line(string text, string kinds) =>
        Assert.Equal(kinds, string.Join(' ', TextStructure.Cut(text).Select(b => b.Kind)));

    [Theory]
    [InlineData(
        "首页 > 政务公开 > 文件\n公文种类：通知\n【公开类别】主动公开\n————————\n关于供热的通知\n各镇：\n请供热。",
        "Note Note Note Note Title Addressee Paragraph"
    )]
    [InlineData(
        "政策文件库 www.example.gov.cn\n您现在的位置：首页>>公告\n甲区人民政府\n关于供水的公告\n现公告如下。",
        "Note Note Title Paragraph"
    )]
    [InlineData(
        "关于管网改造\n工作的会议纪要\n甲政纪〔2025〕9号\n8月12日上午，区长在三楼会议\n主持会议。现纪要如下。",
        "Title DocumentNumber Paragraph Paragraph"
    )]
    [InlineData("关于供热的通知\n各镇人民政府，区政府各\n部门、各直属单位：\n请供热。", "Title Addressee Paragraph")]
    public void what_a_site_or_a_page_adds_is_no_title(string text, string kinds) =>
        Assert.Equal(kinds, string.Join(' ', TextStructure.Cut(text).Select(b => b.Kind)));

    [Theory]
    [InlineData(
        "信息名称 关于供热的公告\n公开方式 主动公开\n阅读 432\n\n甲区人民政府\n关于供热的公告\n现公告如下。",
        "Note Note Note Title Paragraph"
    )]
    [InlineData(
        "From: a@example.com\nSubject: 转发：关于供热的函\n综合科：\n请拟办。\n\n乙局关于供热的函\n乙函〔2025〕3号\n甲局：\n请支持。",
        "Note Note Note Note Title DocumentNumber Addressee Paragraph"
    )]
    [InlineData(
        "平台\n索引号\nA-1\n发布机构\n甲区人民政府\n\n甲区人民政府文件\n甲政发〔2025〕2号\n关于供热的通知\n各镇：\n请供热。",
        "Note Note Note Note Note Letterhead DocumentNumber Title Addressee Paragraph"
    )]
    [InlineData(
        "关于供热的通知\n各镇：\n请供热。\n甲局\n2025年1月2日\n上一篇：关于供水的通知\n主办单位：甲局",
        "Title Addressee Paragraph Signature Signature Note Note"
    )]
    [InlineData("关于供热的通知\n各镇：\n请供\n— 1 —\n热。", "Title Addressee Paragraph Note Paragraph")]
    [InlineData(
        "供热工作要抓好\n各镇：\n请供热。\n甲局\n2025年1月2日\n供热办法\n第一条 供热。",
        "Title Addressee Paragraph Signature Signature Title Article"
    )]
    public void what_stands_around_a_document_is_kept_beside_it(string text, string kinds) =>
        Assert.Equal(kinds, string.Join(' ', TextStructure.Cut(text).Select(b => b.Kind)));

    [Fact]
    public void what_was_taken_for_the_page_is_said() =>
        Assert.Equal(
            ["page.around", "page.around"],
            TextStructure
                .Read("政务公开平台\n打开首页\n\n关于供热的通知\n各镇：\n请供热。\n甲局\n2025年1月2日\n下一篇：无")
                .Findings.Select(f => f.Code)
        );

    [Theory]
    [InlineData("第九条 甲。\n第一〇条 乙。\n第一一条 丙。\n第一二条 丁。", 4)]
    [InlineData("第一条 甲。\n第二条 乙。\n第三四条规定的除外。\n第三条 丙。", 3)]
    public void articles_counted_digit_by_digit_go_on(string text, int articles) =>
        Assert.Equal(articles, TextStructure.Cut(text).Count(b => b.Kind is BlockKind.Article));

    [Fact]
    public void lines_that_a_page_broke_are_put_together_and_it_is_said()
    {
        const string Page =
            "　　一、全区供热企业应当在每年十一月\n十五日前完成注水和试压，并将结果报\n区住房和城乡建设局备案。\n　　二、10、20年以上的管网，三、四级\n管线和庭院管网，应当列入更新计划，\n由区财政局安排资金，区发展改革局审\n批立项。\n（一）责任到人。\n　　三、请各单位认真执行。\n";
        var (blocks, findings) = TextStructure.Read(Page);
        Assert.Equal(
            [
                "一、全区供热企业应当在每年十一月十五日前完成注水和试压，并将结果报区住房和城乡建设局备案。",
                "二、10、20年以上的管网，三、四级管线和庭院管网，应当列入更新计划，由区财政局安排资金，区发展改革局审批立项。",
                "（一）责任到人。",
                "三、请各单位认真执行。",
            ],
            blocks.Select(b => b.Text)
        );
        Assert.Equal("lines.joined", findings[0].Code);
        // Paragraphs that end nowhere are paragraphs, and so are those of a text that indents none.
        Assert.Equal(9, TextStructure.Cut(Page.Replace("　", "", StringComparison.Ordinal)).Count);
        Assert.DoesNotContain(
            "lines.joined",
            TextStructure
                .Read(string.Concat(Enumerable.Repeat("　　供热企业名单\n　　甲公司\n　　乙公司\n", 4)))
                .Findings.Select(f => f.Code)
        );
    }

    [Theory]
    [InlineData(
        "停车办法 第一条 停车应当在泊位内有序停放。第二条 停车应当按照标准缴费。第三条 违者由城管部门处罚。",
        "第一条 第二条 第三条"
    )]
    [InlineData("第一条 为了规范停车，根据本条例第三条、第四条制定。第二条 停车应当按照规定缴费，不缴的催缴。", "第一条 第二条")]
    [InlineData("下列车辆免费：（一）警车；（二）救护车；（三）消防车；（四）残疾人专用车辆，以及依法免费的其他车辆。", "")]
    public void a_short_text_in_one_line_is_divided_at_its_articles(string text, string labels)
    {
        var (blocks, findings) = TextStructure.Read(text);
        Assert.Equal(labels, string.Join(' ', blocks.Select(b => b.Label).OfType<string>()));
        Assert.Equal(labels.Length > 0, findings.Any(f => f.Code == "text.divided"));
    }

    [Fact]
    public void a_number_alone_counts_where_others_count_within_it()
    {
        var blocks = TextStructure.Cut(
            "供热规范\n1 总则\n1.1 为规范供热制定。\n1.2 适用于本区。\n2 设计\n2.1 管网\n2.1.1 管径。\n2.1.2 坡度。\n2.2 热源\n3.5 兆帕以上的除外。"
        );
        Assert.Equal(["1", "1.1", "1.2", "2", "2.1", "2.1.1", "2.1.2", "2.2"], blocks.Select(b => b.Label).OfType<string>());
        Assert.Empty(TextStructure.Cut("关于会议的通知\n3 楼会议室开会。\n5 名代表参加\n请准时。").Select(b => b.Label).OfType<string>());
    }

    [Theory]
    [InlineData("更新泵站（责任单位：甲局）；清理建筑（责任单位：乙局、丙分局）。", "甲局 乙局 丙分局")]
    [InlineData("（牵头单位：甲局）公开预算；扩大范围【配合部门：乙局】，逐年推进。", "甲局 乙局")]
    [InlineData("责任部门：甲局 乙局", "甲局 乙局")]
    [InlineData("设助餐点（甲局牵头，乙局、丙办公室配合），有条件的同址设置（丁局负责），做到有人管。", "甲局 乙局 丙办公室 丁局")]
    [InlineData("居民（由物业服务企业或者业主自行负责），适用本条。", "")]
    [InlineData("本条所称供热（包括责任单位自行供热），是指集中供热。", "")]
    public void bodies_are_read_wherever_a_bracket_names_them(string text, string bodies) =>
        Assert.Equal(bodies, string.Join(' ', Responsibility.Of(text).SelectMany(r => r.Bodies)));

    [Fact]
    public void a_title_that_markdown_marks_leaves_the_head_as_plain_text_has_it()
    {
        foreach (
            var lines in new[]
            {
                "甲局文件\n甲发〔2025〕2号\n# 关于供热的通知\n各镇：\n请供热。",
                "# 关于供热的通知\n甲发〔2025〕2号\n各镇：\n请供热。",
            }
        )
            Assert.Equal(
                TextStructure.Cut(lines.Replace("# ", "", StringComparison.Ordinal)).Select(b => (b.Kind, b.Text)),
                MarkdownText.Cut(lines.Replace("\n", "\n\n", StringComparison.Ordinal)).Select(b => (b.Kind, b.Text))
            );
    }

    [Theory]
    [InlineData("责任单位：甲局　完成时限：2025年6月底前", "甲局", "2025年6月底前")]
    [InlineData("牵头单位：甲局；配合单位：乙局；完成时限：2025年6月底前", "甲局,乙局", "2025年6月底前")]
    public void a_line_of_bodies_has_the_time_limit_beside_it(string line, string bodies, string limit)
    {
        var (blocks, _) = BlockIdentity.Carry([], TextStructure.Cut($"实施方案\n一、任务\n（一）供热。\n{line}"), 1);
        var block = blocks.Single(b => b.TimeLimit is not null);
        Assert.Equal((bodies, limit), (string.Join(',', block.ResponsibleBodies!), block.TimeLimit));
    }

    [Fact]
    public void a_letterhead_and_a_number_alone_have_no_title() =>
        Assert.Equal(
            [BlockKind.Letterhead, BlockKind.DocumentNumber],
            TextStructure.Cut("云泽区人民政府文件\n云政发〔2025〕2号").Select(b => b.Kind)
        );

    [Fact]
    public void a_date_in_the_body_signs_nothing_and_begins_nothing()
    {
        var blocks = TextStructure.Cut(
            "关于召开会议的通知\n各单位：\n现将会议日程通知如下。\n会议日程\n2025年10月9日\n上午报到\n下午开会\n区人民政府办公室\n2025年10月1日"
        );
        Assert.Equal(["区人民政府办公室", "2025年10月1日"], blocks.Where(b => b.Kind is BlockKind.Signature).Select(b => b.Text));
        Assert.Single(blocks, b => b.Kind is BlockKind.Title);
    }

    [Fact]
    public void paragraphs_that_tabs_indent_are_no_table()
    {
        var blocks = TextStructure.Cut("关于评选的通知\n\t联系人：张三\t电话：1\n\t附件：1.推荐表\n\t区人民政府办公室\n\t2025年1月1日");
        Assert.Equal(
            [BlockKind.Title, BlockKind.Paragraph, BlockKind.Attachment, BlockKind.Signature, BlockKind.Signature],
            blocks.Select(b => b.Kind)
        );
    }

    [Fact]
    public void a_table_without_a_word_is_none()
    {
        Assert.Equal(
            [BlockKind.Title, BlockKind.Article, BlockKind.Paragraph],
            MarkdownText.Cut("# 供热办法\n\n第一条 甲。\n\n<table></table>\n\n某区规定如此。").Select(b => b.Kind)
        );
        Assert.Empty(TextStructure.Cut("\t\t\n \t \t \n"));
    }

    [Fact]
    public void a_cell_over_several_columns_and_rows_moves_no_value()
    {
        var table = BlockIdentity
            .Carry(
                [],
                MarkdownText.Cut(
                    "<table><caption>热费表</caption><tr><td rowspan=2>居民</td><td colspan=2>热费</td></tr><tr><td>100<br>元</td><td>200</td></tr></table>"
                ),
                1
            )
            .Blocks;
        Assert.Equal("热费表", table[0].Text);
        Assert.Equal(
            [
                ["居民", "热费", ""],
                ["", "100 元", "200"],
            ],
            table[1].Rows!
        );
    }

    [Fact]
    public void what_nests_without_end_is_read_or_refused()
    {
        var deep = string.Concat(Enumerable.Repeat("<span>", 100_000));
        Assert.NotEmpty(MarkdownText.Cut($"<div>{deep}供热</div><table><tr><td>甲</td></tr></table>"));
        foreach (var sign in new[] { "> ", "- ", "[", "*", "**_", "![" })
            _ = MarkdownText.Read(string.Concat(Enumerable.Repeat(sign, 20_000)) + "供热");
        Assert.Null(MarkdownText.Read(string.Concat(Enumerable.Repeat("> ", 20_000)) + "供热"));
        // All open brackets of a paragraph are looked at for each of them.
        Assert.NotNull(MarkdownText.Read(string.Concat(Enumerable.Repeat("[2025](", 2_000))));
        Assert.Null(MarkdownText.Read(string.Concat(Enumerable.Repeat("[2025](", 20_000))));
        Assert.NotNull(MarkdownText.Read(string.Concat(Enumerable.Repeat("按〔2025〕，即[2025]。\n\n", 20_000))));
    }

    [Fact]
    public void a_note_that_markdown_takes_for_a_definition_stays() =>
        Assert.Equal(["见注[注1]。", "[注1]: 截至年底。"], MarkdownText.Cut("见注[注1]。\n\n[注1]: 截至年底。").Select(b => b.Text));

    [Theory]
    [InlineData("第二条 本实施细则自2027年3月1日起施行。", "自2027-03-01起施行")]
    [InlineData("第二条 本管理办法自发布之日起施行，有效期两年。", "自发布之日起施行，有效期2年")]
    [InlineData("本意见自2027年3月1日起执行，有效期至2029年2月28日。", "自2027-03-01起施行，有效期至2029-02-28")]
    [InlineData("第二条 《甲办法》自2027年3月1日起施行。", "")]
    public void a_text_names_its_own_days(string clause, string expected) =>
        Assert.Equal(expected, OwnDays.In(BlockIdentity.Carry([], TextStructure.Cut($"供热规定\n第一条 甲。\n{clause}"), 1).Blocks).Words);

    [Fact]
    public void the_term_of_something_else_is_not_the_text_s() =>
        Assert.Null(OwnDays.In(TextStructure.Cut("供热规定\n第一条 本规定自发布之日起施行。\n第二条 许可证有效期三年。")).YearsInForce);

    [Fact]
    public void what_whoever_sends_a_text_says_that_it_is_is_believed()
    {
        var blocks = TextStructure
            .Read([
                new("停车", Given: BlockKind.Title),
                new("一、二审案件", Given: BlockKind.Heading),
                new("第二句。", Given: BlockKind.Item),
            ])
            .Blocks;
        Assert.Equal([(BlockKind.Title, -1), (BlockKind.Heading, 0), (BlockKind.Item, 1)], blocks.Select(b => (b.Kind, b.Parent)));
    }

    [Fact]
    public void a_table_keeps_its_cells_and_the_empty_ones()
    {
        var table = BlockIdentity
            .Carry([], TextStructure.Cut("附件1\n推荐表\n姓名\t\t性别\t\n主要事迹\t \n一、\t总体要求"), 1)
            .Blocks.Single(b => b.Kind is BlockKind.Table);
        Assert.Equal(
            [
                ["姓名", "", "性别", ""],
                ["主要事迹", ""],
            ],
            table.Rows!
        );
        // Moving a value from one column to the next is a change of the text.
        Assert.NotEqual(
            CanonicalText.Of(BlockIdentity.Carry([], TextStructure.Cut("甲\t乙\t\n丙\t丁\t"), 1).Blocks),
            CanonicalText.Of(BlockIdentity.Carry([], TextStructure.Cut("甲\t\t乙\n丙\t丁\t"), 1).Blocks)
        );
    }

    [Theory]
    [InlineData("2025年10月9日", "2025 年 10 月 9 日")]
    [InlineData("2025年10月9日", "２０２５年１０月９日")]
    [InlineData("2025年10月9日", "二〇二五年十月九日")]
    [InlineData("2008年1月18日", "二00八年一月十八日")]
    public void dates_of_every_form_sign(string expected, string written)
    {
        Assert.Equal(OfficialDates.Read(expected), OfficialDates.Read(written));
        Assert.Equal(BlockKind.Signature, TextStructure.Cut($"关于供热的通知\n各镇：\n请做好供热。\n区办公室\n{written}")[^1].Kind);
    }
}
