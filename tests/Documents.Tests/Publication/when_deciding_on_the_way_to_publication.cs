using PolicyPlatform.Documents.Drafting;
using PolicyPlatform.Documents.Publication;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Tests.Publication;

/// <summary>The rules as functions: no database, no HTTP.</summary>
public sealed class when_deciding_on_the_way_to_publication
{
    static readonly DateTimeOffset Now = new(2026, 6, 1, 1, 0, 0, TimeSpan.Zero);
    static readonly Actor Drafter = new("drafting-housing", "370114-ZJ");
    static readonly Actor Officer = new("signing", "");

    static readonly PolicyDocument Ready = new()
    {
        Id = Guid.NewGuid(),
        Title = "测试办法",
        Kind = DocumentKind.Other,
        Issuers = ["370114-ZJ"],
        Subject = "CXJS",
        Disclosure = new(DisclosureKind.Proactive),
        Revision = 2,
        State = DocumentState.UnderReview,
    };

    static PolicyDocument After(PolicyDocument document, params object[] events) => document.Then(events)!;

    [Fact]
    public void an_ordinary_document_under_review_can_be_signed() =>
        Assert.IsType<DocumentSigned>(Assert.Single(Sign.Decide(Ready, new(null), Officer, Now).Events));

    [Fact]
    public void a_normative_document_is_not_signed_without_a_legality_review()
    {
        var problem = Sign.Decide(Ready with { Kind = DocumentKind.Normative }, new(null), Officer, Now).Problem!;
        Assert.Equal(DocumentProblems.GateOpen, problem.Kind);
        Assert.Equal("legality", Assert.Single((IReadOnlyList<Gate>)problem.Extensions["gates"]!).Code);
    }

    [Fact]
    public void a_revision_after_the_legality_review_opens_the_gate_again()
    {
        var reviewed = After(Ready with { Kind = DocumentKind.Normative }, new LegalityReviewed(2, true, "", Officer, Now));
        Assert.Null(Sign.Decide(reviewed, new(null), Officer, Now).Problem);
        Assert.NotNull(Sign.Decide(reviewed with { Revision = 3 }, new(null), Officer, Now).Problem);
    }

    [Fact]
    public void an_element_that_was_changed_after_the_legality_review_opens_the_gate_again()
    {
        var reviewed = After(Ready with { Kind = DocumentKind.Normative }, new LegalityReviewed(2, true, "", Officer, Now));
        var office = new Caller("drafting-housing", "", "370114-ZJ", new HashSet<string> { Roles.Drafter });
        foreach (var (change, problem) in new[] { (Change() with { Title = "另一个" }, true), (Change() with { Subject = "JY" }, false) })
        {
            var changed = After(reviewed, ChangeElements.Decide(reviewed, change, office, Now).Events[0]);
            Assert.Equal(problem, Sign.Decide(changed, new(null), Officer, Now).Problem is not null);
        }
        // And what it needs is not changed from under those who review it, nor whose it is by who is not among them.
        Assert.Equal(
            DocumentProblems.WrongState,
            ChangeElements.Decide(reviewed, Change() with { Kind = DocumentKind.Other }, office, Now).Problem!.Kind
        );
        Assert.Equal(
            DocumentProblems.ForeignIssuer,
            ChangeElements.Decide(reviewed, Change() with { Issuers = ["370114-JY"] }, office, Now).Problem!.Kind
        );

        static ChangeElements Change() => new(null, null, null, null, null, null, null);
    }

    [Fact]
    public void elements_that_stay_as_they_are_are_no_change()
    {
        var office = new Caller("drafting-housing", "", "370114-ZJ", new HashSet<string> { Roles.Drafter });
        foreach (
            var change in new ChangeElements[]
            {
                new(null, null, null, null, null, null, null),
                new($" {Ready.Title}", Ready.Kind, [.. Ready.Issuers], Ready.Subject, new(DisclosureKind.Proactive), false, null),
            }
        )
            Assert.Equal((0, null), (ChangeElements.Decide(Ready, change, office, Now) is var d ? (d.Events.Count, d.Problem) : default));
    }

    [Fact]
    public void differing_opinions_are_bounded_and_have_words()
    {
        Assert.Null(Decision("建议提前。").Check(new(2026, 6, 1)).Problem);
        Assert.Equal(["/dissent/1"], Decision("建议提前。", " ").Check(new(2026, 6, 1)).Problem!.Errors.Select(e => e.Pointer));
        Assert.Equal(["/dissent/0"], Decision(new string('长', 2001)).Check(new(2026, 6, 1)).Problem!.Errors.Select(e => e.Pointer));
        Assert.Equal(
            ["/dissent"],
            Decision([.. Enumerable.Repeat("建议提前。", 51)]).Check(new(2026, 6, 1)).Problem!.Errors.Select(e => e.Pointer)
        );

        static RecordDecision Decision(params string[] dissent) => new("第12次常务会议", new(2026, 5, 20), true, dissent);
    }

    [Fact]
    public void a_text_that_did_not_pass_goes_back_to_drafting() =>
        Assert.Equal(DocumentState.Drafting, After(Ready, new LegalityReviewed(2, false, "与上位法抵触", Officer, Now)).State);

    [Fact]
    public void a_major_decision_needs_the_collective_decision_as_well()
    {
        var problem = Sign.Decide(Ready with { MajorDecision = true }, new(null), Officer, Now).Problem!;
        Assert.Equal(["legality", "decision"], ((IReadOnlyList<Gate>)problem.Extensions["gates"]!).Select(g => g.Code));
    }

    [Fact]
    public void what_comes_to_be_required_after_the_signature_holds_up_what_follows()
    {
        var signed = After(Ready, Sign.Decide(Ready, new(null), Officer, Now).Events[0]);
        var required = After(signed, new StepsRequired("2026-01", 1, [DecisionStep.ExpertArgument, DecisionStep.Legality], Officer, Now));
        Assert.Equal(["expertArgument", "legality"], OpenAtIssue(required));
        var argued = After(
            required,
            RecordStep.Decide(required, new(DecisionStep.ExpertArgument, new(2026, 5, 1), "同意"), Officer, Now).Events[0]
        );
        Assert.Equal(["legality"], OpenAtIssue(argued));
        Assert.Empty(
            OpenAtIssue(After(argued, RecordLegalityReview.Decide(argued, new(true, "合法", null), null, Officer, Now).Events[0]))
        );
        // Refused, it goes back to its drafters, and has to be signed again.
        var refused = After(argued, RecordLegalityReview.Decide(argued, new(false, "违法", null), null, Officer, Now).Events[0]);
        Assert.Equal((DocumentState.Drafting, null), (refused.State, refused.Seal));

        var issued = required with { State = DocumentState.Issued, Number = new("测政发", 2026, 1), WrittenOn = new(2026, 5, 1) };
        Assert.Equal(DocumentProblems.GateOpen, Publish.Obstacle(issued, new(null, null, null), new(2026, 6, 1))!.Kind);
    }

    [Fact]
    public void what_is_not_what_was_signed_gets_no_number()
    {
        var signed = After(Ready, Sign.Decide(Ready, new(null), Officer, Now).Events[0]);
        Assert.Empty(OpenAtIssue(signed));
        foreach (
            var other in new[]
            {
                signed with
                {
                    Title = "另一个",
                },
                signed with
                {
                    Issuers = ["370114-JY"],
                },
                signed with
                {
                    ChainHash = "0",
                },
                signed with
                {
                    Kind = DocumentKind.Normative,
                },
                signed with
                {
                    Disclosure = new(DisclosureKind.OnRequest, "x"),
                },
            }
        )
            Assert.Contains("signature", OpenAtIssue(other));
    }

    static IEnumerable<string> OpenAtIssue(PolicyDocument signed) =>
        Issue.Decide(signed, new("测政发", 2026, 1), new(2026, 5, 1), null, Officer, Now).Problem is { } problem
            ? ((IReadOnlyList<Gate>)problem.Extensions["gates"]!).Select(g => g.Code)
            : [];

    [Fact]
    public void all_missing_elements_are_named_at_once()
    {
        var problem = Publish.Obstacle(new() { Title = "", State = DocumentState.Drafting }, new(null, null, null), new(2026, 6, 1))!;
        Assert.Equal(DocumentProblems.ElementsMissing, problem.Kind);
        Assert.Equal(
            ["/title", "/issuers", "/documentNumber", "/subject", "/writtenOn", "/revisions", "/disclosure"],
            problem.Errors.Select(e => e.Pointer)
        );
    }

    [Fact]
    public void what_is_not_for_proactive_disclosure_is_not_published()
    {
        var issued = Ready with
        {
            State = DocumentState.Issued,
            Number = new("测政发", 2026, 1),
            WrittenOn = new(2026, 5, 1),
            Disclosure = new(DisclosureKind.OnRequest, "政府信息公开条例第十五条"),
        };
        Assert.Equal(DocumentProblems.NotForDisclosure, Publish.Obstacle(issued, new(null, null, null), new(2026, 6, 1))!.Kind);
    }

    [Theory]
    [InlineData(DocumentState.Issued)]
    [InlineData(DocumentState.Published)]
    [InlineData(DocumentState.Withdrawn)]
    public void withdrawal_ends_with_issue(DocumentState state) =>
        Assert.Equal(DocumentProblems.WrongState, Withdraw.Decide(Ready with { State = state }, new("误"), Drafter, Now).Problem!.Kind);

    [Fact]
    public void validity_follows_from_dates_and_events()
    {
        var published = After(
            Ready with
            {
                State = DocumentState.Issued,
                Number = new("测政发", 2026, 1),
                WrittenOn = new(2026, 5, 1),
            },
            new DocumentPublished(
                Ready.Id,
                2,
                new(
                    "测试办法",
                    DocumentKind.Other,
                    ["370114-ZJ"],
                    "CXJS",
                    new("测政发", 2026, 1),
                    new(2026, 5, 1),
                    "x",
                    new(DisclosureKind.Proactive)
                ),
                new(2026, 6, 1),
                new(2026, 7, 1),
                new(2027, 12, 31),
                Officer,
                Now
            ),
            new RevisionRecorded(3, [], 1, "", Significance.Major, "", "", Officer, Now),
            new DocumentAmended(3, new(2026, 9, 1), null, "", Officer, Now)
        );
        Assert.Equal(
            [Validity.NotYetInForce, Validity.InForce, Validity.Amended, Validity.Amended, Validity.Expired],
            new DateOnly[] { new(2026, 6, 30), new(2026, 7, 1), new(2026, 9, 1), new(2027, 12, 31), new(2028, 1, 1) }.Select(day =>
                published.ValidityOn(day)!.Value
            )
        );
        Assert.Equal(2, published.TextInForceOn(new(2026, 8, 31))!.Revision);
        Assert.Equal(3, published.TextInForceOn(new(2026, 9, 1))!.Revision);
        Assert.Equal(
            Validity.Repealed,
            After(published, new DocumentRepealed(new(2026, 10, 1), null, "", Officer, Now)).ValidityOn(new(2026, 10, 1))
        );
    }
}
