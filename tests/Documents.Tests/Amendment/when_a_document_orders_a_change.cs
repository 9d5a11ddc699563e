using System.Globalization;
using PolicyPlatform.Documents.Amendment;
using PolicyPlatform.Documents.Exchange;
using PolicyPlatform.Documents.Publication;
using PolicyPlatform.Documents.Relations;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Tests.Amendment;

/// <summary>What counts as an order, told from what happened and what is written, without a database.</summary>
public sealed class when_a_document_orders_a_change
{
    static readonly DateTimeOffset Now = new(2026, 6, 1, 2, 0, 0, TimeSpan.Zero);

    static readonly DateOnly Day = new(2026, 6, 1);

    static readonly Actor One = new("one", "370114-ZWGK"),
        Two = new("two", "370114-ZWGK");

    static readonly PublicElements Elements = new(
        "关于废止《测试办法》的决定",
        DocumentKind.Other,
        ["370114"],
        null,
        null,
        null,
        "370114/2026-0000001",
        new(DisclosureKind.Proactive)
    );

    internal static PolicyDocument After(PolicyDocument? document, params object[] events) => document.Then(events)!;

    static RevisionRecorded Recorded(int revision, Actor by) => new(revision, [], 1, "", Significance.Major, "hash", "chain", by, Now);

    static DocumentPublished Published(Actor by) => new(Guid.Empty, 1, Elements, Day, Day, null, by, Now);

    static PolicyDocument Imported(Actor by) =>
        After(
            null,
            new DocumentImported(Guid.Empty, Elements.Title, DocumentKind.Other, ["370114"], null, null, null, "line 1", by, Now),
            Recorded(1, by),
            Published(by)
        );

    static PolicyDocument Signed(Actor drafted, Actor signed, Actor published) =>
        After(
            null,
            new DraftCreated(Guid.Empty, Elements.Title, DocumentKind.Other, ["370114"], null, null, false, drafted, Now),
            Recorded(1, drafted),
            new DocumentSigned(1, Day, signed, Now),
            Published(published)
        );

    [Fact]
    public void it_is_given_by_somebody_else_than_who_makes_the_change()
    {
        Assert.True(WayOfChange.IsOwn(Imported(One), Day, "one"));
        Assert.False(WayOfChange.IsOwn(Imported(Two), Day, "one"));
        Assert.True(WayOfChange.IsOwn(Signed(Two, One, Two), Day, "one"));
        Assert.False(WayOfChange.IsOwn(Signed(One, Two, One), Day, "one"));
        // What somebody put into an order that others signed is that person's.
        var amended = After(Signed(Two, Two, Two), Recorded(2, One), new DocumentAmended(2, Day, null, "修改", One, Now));
        Assert.True(WayOfChange.IsOwn(amended, Day, "one"));
        Assert.False(WayOfChange.IsOwn(amended, Day, "two"));
        // What was published before that was kept counts.
        Assert.False(WayOfChange.IsOwn(Imported(One) with { TextsGivenBy = new Dictionary<int, string>() }, Day, "one"));
    }

    [Fact]
    public void a_consent_does_not_outlive_what_it_was_given_for()
    {
        var consented = After(Imported(One), new ChangeConsented("expiresOn 2031-02-28", null, Two, Now));
        Assert.NotNull(consented.Consent);
        Assert.NotNull(
            After(consented, new RelationStated(Guid.Empty, RelationKind.Amends, Guid.Empty, Day, null, null, One, Now)).Consent
        );
        foreach (
            var happened in new object[]
            {
                new DocumentAmended(1, Day, null, "修改", One, Now),
                new DocumentCorrected(1, 1, Day, "更正", One, Now),
                new DocumentRepealed(Day, null, "废止", One, Now),
                new DocumentSuperseded(Day, Guid.Empty, "替代", One, Now),
                new DocumentRestored(new(Day, null, "废止"), null, "误登", One, Now),
                new DocumentExpired(Day, One, Now),
                new DocumentTakenDown(null, TakeDownGround.Mistake, "核对", "核对", One, Now),
                new DocumentPutBack(null, "核对", One, Now),
                new RevisionErased(1, null, "个人信息", One, Now),
                new ElementsCorrected(new(Subject: "A"), new(Subject: "B"), 1, "有误", One, Now),
                new ExpiryChanged(Day, "延长", One, Now),
            }
        )
            Assert.Null(After(consented, happened).Consent);
    }

    [Theory]
    [InlineData("restore", "恢复被废止或者被替代的文件的效力", "what was repealed or superseded is in force again")]
    [InlineData(
        "effectiveFrom (1) 2026-03-01, kind other",
        "第 1 次文本的施行日期为 2026-03-01，并且文件种类为其他文件",
        "revision 1 takes effect on 2026-03-01, and the document is none of 行政规范性文件"
    )]
    [InlineData("expiresOn null", "不设有效期", "it has no last day")]
    [InlineData("expiresOn 2031-02-28", "有效期至 2031-02-28", "its last day is 2031-02-28")]
    public void what_is_consented_to_is_told_in_words(string to, string chinese, string english)
    {
        var said = ConsentedChange.Said(to);
        Assert.Equal((chinese, english), (said.In(CultureInfo.GetCultureInfo("zh")), said.In(CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData(true, "根据《山东省行政规范性文件管理办法》，《停车办法》自2026年7月1日起废止。")]
    [InlineData(true, "根据《山东省行政规范性文件管理办法》有关规定，决定对云泽政发〔2026〕5号文件作如下修改：略。")]
    [InlineData(true, "按照区政府第12次常务会议精神,现将《停车办法》（云泽政发〔2026〕5号）有效期延长二年。")]
    [InlineData(true, "根据区政府常务会议决定修改《停车办法》。")]
    [InlineData(true, "根据《立法法》和《条例》决定废止《停车办法》。")]
    [InlineData(false, "根据《停车办法》，制定本细则。")]
    [InlineData(false, "根据《立法法》、《停车办法》和《条例》，制定本细则。")]
    [InlineData(false, "根据《立法法》（主席令第20号）以及《停车办法》有关规定，制定本细则。")]
    [InlineData(false, "根据云泽政发〔2026〕5号文件精神，制定本方案。")]
    [InlineData(false, "依据《条例》和云泽政发〔2026〕5号文件，制定本方案。")]
    [InlineData(false, "根据区政府《停车办法》，制定本细则。")]
    [InlineData(false, "按照省发展和改革委员会《条例》及区政府《停车办法》等规定，制定本细则。")]
    [InlineData(false, "为贯彻落实《停车办法》，现通知如下。")]
    public void what_is_named_as_a_ground_alone_is_not_what_it_is_about(bool isAbout, string text) =>
        Assert.Equal(
            isAbout,
            new DocumentNames(["停车办法"], ["云泽政发〔2026〕5号"]).AreIn(
                ["区政府通知"],
                [new("b1", BlockKind.Paragraph, null, null, text)]
            )
        );

    [Fact]
    public void a_name_that_publication_gave_stays_one_whoever_puts_it_right_and_back()
    {
        const string Given = "关于废止《测试办法》的决定",
            Borrowed = "借来的名称";
        ElementsCorrected there = new(new(Given), new(Borrowed), 1, "有误", One, Now),
            back = new(new(Borrowed), new(Given), 1, "有误", One, Now);
        object[] naming = [Published(Two), there, back];
        Assert.Equal([Given], DocumentNames.Of(Imported(Two), naming, "one").Titles);
        // Nor does it say on a day what its changer alone calls it.
        Assert.Equal(Given, DocumentNames.TitleOn(After(Imported(Two), there), Day, [Published(Two), there], "one"));
        Assert.Equal(Borrowed, DocumentNames.TitleOn(After(Imported(Two), there), Day, [Published(Two), there], "two"));
        Assert.Equal([Given, Borrowed], DocumentNames.Of(Imported(Two), naming, "two").Titles);
        Assert.Equal([Given], DocumentNames.Of(After(Imported(Two), there), [Published(Two), there], "one").Titles);
    }

    [Theory]
    [InlineData("关于印发2025年济南市章丘区政务公开工作要点的通知", "2025年济南市章丘区政务公开工作要点")]
    [InlineData("关于印发《停车办法》的通知", "停车办法")]
    [InlineData("济南市章丘区人民政府办公室关于印发《停车办法》的通知", "停车办法")]
    [InlineData("济南市章丘区人民政府办公室关于印发《停车办法》的通知", "关于印发〈停车办法〉的通知")]
    [InlineData("济南市章丘区教育和体育局关于做好招生工作的意见", "关于做好招生工作的意见")]
    public void a_document_is_named_by_what_it_issues_and_without_its_issuer(string title, string named)
    {
        Assert.True(IsNamed(named));
        Assert.False(IsNamed($"{named}细则"));

        bool IsNamed(string name) =>
            new DocumentNames([title], []).AreIn([], [new("b1", BlockKind.Paragraph, null, null, $"《{name}》自2026年7月1日起废止。")]);
    }

    [Theory]
    [InlineData(true, "《停车办法》同时废止。")]
    [InlineData(true, "《停车办法》自2026年7月1日起停止执行。")]
    [InlineData(true, "决定废止下列文件：《收费办法》；《停车办法》。")]
    [InlineData(true, "宣布下列文件失效：\n1.《收费办法》\n2.《停车办法》（云泽政发〔2026〕5号）")]
    [InlineData(true, "1.《停车办法》\n2.《收费办法》\n以上文件自公布之日起废止。")]
    [InlineData(true, "附件 废止文件目录\n收费办法\n停车办法")]
    [InlineData(false, "修改《停车办法》第三条。")]
    [InlineData(false, "修改《停车办法》第三条。《收费办法》同时废止。")]
    [InlineData(false, "对下列文件予以修改：\n1.《停车办法》")]
    [InlineData(false, "废止文件目录\n1.《收费办法》\n继续有效文件目录\n1.《停车办法》")]
    [InlineData(false, "继续执行《停车办法》和《关于废止部分文件的决定》。")]
    public void what_ends_a_document_speaks_of_its_end(bool ends, string text)
    {
        Block[] blocks = [.. text.Split('\n').Select((t, i) => new Block($"b{i}", BlockKind.Paragraph, null, null, t))];
        var names = new DocumentNames(["停车办法"], ["云泽政发〔2026〕5号"]);
        Assert.Equal(ends, names.AreIn(["区政府通知"], blocks, ends: true));
        Assert.True(names.AreIn(["关于废止部分文件的决定"], blocks, ends: true));
        Assert.True(names.AreIn(["区政府通知"], blocks));
    }

    [Fact]
    public void an_order_is_carried_out_once()
    {
        var order = Guid.NewGuid();
        var amended = new DocumentAmended(2, Day, order, "修改", One, Now);
        Assert.True(WayOfChange.Done(amended, RelationKind.Amends, order));
        Assert.False(WayOfChange.Done(amended, RelationKind.Amends, Guid.NewGuid()));
        Assert.False(WayOfChange.Done(amended, RelationKind.Supersedes, order));
    }

    [Fact]
    public void an_import_brings_what_held_before_the_latest_text_and_before_the_end()
    {
        var today = Day.AddYears(1);
        var there = After(Imported(Two), Recorded(2, Two), new DocumentAmended(2, Day.AddDays(10), null, "修改", Two, Now));
        foreach (var document in new[] { there, After(there, new DocumentRepealed(Day.AddDays(5), null, "废止", Two, Now)) })
        {
            Assert.False(ImportLines.ChangesTheLaw(document, Day.AddDays(-1), today));
            Assert.False(ImportLines.ChangesTheLaw(document, Day.AddDays(4), today));
            Assert.Equal(document.HasEnded, ImportLines.ChangesTheLaw(document, Day.AddDays(5), today));
            Assert.True(ImportLines.ChangesTheLaw(document, Day.AddDays(11), today));
            Assert.True(ImportLines.ChangesTheLaw(document, today, today));
            Assert.True(ImportLines.ChangesTheLaw(document, today.AddDays(1), today));
        }
    }

    [Fact]
    public void a_day_of_publication_is_not_put_before_the_signature()
    {
        var document = Signed(One, Two, One);
        var early = new CorrectElements(null, null, null, null, null, null, Day.AddDays(-1), null, null, "有误");
        Assert.Equal("date.beforeSignature", CorrectElements.BeforeSignature(document, early)!.Errors[0].Code);
        Assert.Null(CorrectElements.BeforeSignature(document, early with { PublishedOn = Day }));
        Assert.Null(CorrectElements.BeforeSignature(document with { PublishedOn = Day.AddDays(-2) }, early));
        Assert.Null(CorrectElements.BeforeSignature(Imported(One), early));
    }

    [Fact]
    public void after_a_prepared_text_was_given_up_the_newest_public_one_is_gone_on_with()
    {
        var later = After(Imported(Two), Recorded(2, Two), new DocumentAmended(2, Day.AddYears(1), null, "修改", Two, Now));
        Assert.Null(Recording.NewestPublic(later));
        var given = After(later, Recorded(3, Two), new RevisionWithdrawn(3, "不再修改", Two, Now));
        Assert.Equal(2, Recording.NewestPublic(given));
        Assert.Equal(1, Recording.NewestPublic(After(given, new RevisionErased(2, null, "个人信息", Two, Now))));
    }

    [Fact]
    public void where_no_way_is_needed_one_hand_signs_what_it_prepared_and_days_may_lie_before_the_signature()
    {
        var prepared = After(Signed(Two, Two, Two), Recorded(2, One), new ReviewRequested(2, null, One, Now));
        Assert.NotNull(Sign.Decide(prepared, new(null), One, Now, needsWay: true).Problem);
        var signed = After(prepared, Sign.Decide(prepared, new(Day.AddDays(5)), One, Now, needsWay: false).Events[0]);
        var amend = new Amend(null, null, null, null, "修改", null, Day.AddDays(1), null, null, Revision: 2);
        Assert.NotNull(Amend.DecidePrepared(signed, amend, Ground.None, needsWay: true, Two, Now).Problem);
        Assert.Null(Amend.DecidePrepared(signed, amend, Ground.None, needsWay: false, Two, Now).Problem);
    }

    [Fact]
    public void a_correction_is_signed_of_a_published_text_alone_and_ends_with_its_signature()
    {
        var prepared = After(Signed(Two, Two, Two), Recorded(2, One), new ReviewRequested(2, null, One, Now));
        var signed = After(prepared, Sign.Decide(prepared, new(null, Corrects: 1), Two, Now).Events[0]);
        Assert.Equal(1, signed.Prepared!.Corrects);
        Assert.Null(After(signed, new LegalityReviewed(2, false, "违法", One, Now)).Prepared!.Corrects);
        var draft = After(
            null,
            new DraftCreated(Guid.Empty, "草稿", DocumentKind.Other, ["370114"], "CXJS", new(DisclosureKind.Proactive), false, One, Now),
            Recorded(1, One),
            new ReviewRequested(1, null, One, Now)
        );
        Assert.Equal(["/corrects"], Sign.Decide(draft, new(null, Corrects: 1), Two, Now).Problem!.Errors.Select(e => e.Pointer));
        Assert.Null(Sign.Decide(draft, new(null), Two, Now).Problem);
    }
}
