using CsCheck;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Documents.Publication;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Tests.Publication;

/// <summary>The rules as functions: no database, no HTTP.</summary>
public sealed class when_consultations_are_heard_of
{
    static readonly DateTimeOffset Now = new(2026, 6, 1, 1, 0, 0, TimeSpan.Zero);
    static readonly DateOnly Closes = new(2026, 7, 1);
    static readonly Guid First = Guid.NewGuid();
    static readonly Guid Second = Guid.NewGuid();
    static readonly Actor Officer = new("signing", "");

    static readonly PolicyDocument Draft = new()
    {
        Id = Guid.NewGuid(),
        Title = "测试办法",
        Kind = DocumentKind.Other,
        Issuers = ["370114-ZJ"],
        Subject = "CXJS",
        Disclosure = new(DisclosureKind.Proactive),
        Revision = 3,
    };

    static PolicyDocument Opened(PolicyDocument document, Guid consultation, long version, int revision) =>
        document.Then(HearOfConsultations.Opened(document, consultation, version, revision, Closes, Now).Events)!;

    static PolicyDocument Ended(PolicyDocument document, Guid consultation, long version, bool completed = true) =>
        document.Then(HearOfConsultations.Ended(document, consultation, version, completed, Closes, Now).Events)!;

    static IEnumerable<Gate> Participation(PolicyDocument document) => Gates.Open(document).Where(g => g.Code == "publicParticipation");

    [Fact]
    public void a_draft_that_is_consulted_on_waits_for_its_consultation_whether_it_is_required_or_not()
    {
        var consulted = Opened(Draft, First, 1, 1);
        Assert.Equal(DocumentState.InConsultation, consulted.State);
        var gate = Assert.Single(Participation(consulted));
        Assert.Equal("publisher", gate.Actor);
        Assert.Contains($"/consultations/{First}/", gate.Missing.ToString(), StringComparison.Ordinal);
        Assert.Single(Participation(consulted.Then(new StepsRequired("2026/01", 1, [DecisionStep.PublicParticipation], Officer, Now))!));

        var completed = Ended(consulted, First, 5);
        Assert.Equal((DocumentState.Drafting, true), (completed.State, completed.StepsTaken.Contains(DecisionStep.PublicParticipation)));
        Assert.Empty(Participation(completed));
        Assert.Empty(Participation(completed.Then(new StepsRequired("2026/01", 1, [DecisionStep.PublicParticipation], Officer, Now))!));
    }

    [Fact]
    public void what_was_given_up_is_no_participation()
    {
        var required = Draft.Then(new StepsRequired("2026/01", 1, [DecisionStep.PublicParticipation], Officer, Now))!;
        var given = Ended(Opened(required, First, 1, 1), First, 2, completed: false);
        Assert.Equal(DocumentState.Drafting, given.State);
        Assert.Equal("drafter", Assert.Single(Participation(given)).Actor);
        Assert.Empty(Participation(Ended(Opened(Draft, First, 1, 1), First, 2, completed: false)));
    }

    [Fact]
    public void it_can_be_reviewed_meanwhile_and_comes_back_from_review_into_its_consultation()
    {
        var consulted = Opened(Draft, First, 1, 1);
        var by = new Actor("drafting-housing", "370114-ZJ");
        var reviewed = consulted.Then(RequestReview.Decide(consulted, new(null), by, Now).Events)!;
        Assert.Equal(DocumentState.UnderReview, reviewed.State);
        Assert.Equal(DocumentProblems.GateOpen, Sign.Decide(reviewed, new(null), Officer, Now).Problem!.Kind);
        Assert.Equal(DocumentState.UnderReview, Ended(reviewed, First, 2).State);
        Assert.Null(Sign.Decide(Ended(reviewed, First, 2), new(null), Officer, Now).Problem);
        var refused = new LegalityReviewed(3, false, "与上位法抵触", Officer, Now);
        Assert.Equal(DocumentState.InConsultation, reviewed.Then(refused)!.State);
        Assert.Equal(DocumentState.Drafting, Ended(reviewed, First, 2).Then(refused)!.State);
    }

    [Fact]
    public void what_is_heard_of_after_the_signature_holds_up_what_follows()
    {
        var signed = Opened(Draft with { State = DocumentState.Signed }, First, 1, 1);
        Assert.Equal(DocumentState.Signed, signed.State);
        var problem = Issue.Decide(signed, new("测政发", 2026, 1), new(2026, 5, 1), null, Officer, Now).Problem!;
        Assert.Equal(["publicParticipation"], ((IReadOnlyList<Gate>)problem.Extensions["gates"]!).Select(g => g.Code));
    }

    [Fact]
    public void one_that_was_given_up_says_so_again_until_its_consultation_is_over()
    {
        var withdrawn = Draft with { State = DocumentState.Withdrawn, Version = 7 };
        var answer = HearOfConsultations.Opened(withdrawn, First, 1, 1, Closes, Now);
        Assert.Empty(answer.Events);
        Assert.Equal(new DocumentWithdrawnMessage(withdrawn.Id, 7), Assert.Single(answer.Messages));
        var over = Ended(withdrawn, First, 2, completed: false);
        Assert.Equal(DocumentState.Withdrawn, over.State);
        Assert.Empty(HearOfConsultations.Opened(over, First, 1, 1, Closes, Now).Messages);
    }

    [Fact]
    public void messages_may_come_twice_and_in_any_order()
    {
        // The lives of two consultations of one draft, as messages tell them.
        Func<PolicyDocument, PolicyDocument>[] life =
        [
            d => Opened(d, First, 1, 1),
            d => Opened(d, First, 3, 2),
            d => Ended(d, First, 6),
            d => Opened(d, Second, 1, 2),
            d => Opened(d, Second, 4, 3),
        ];
        Gen.Int[0, life.Length - 1]
            .Array[0, 12]
            .Sample(heard =>
            {
                var document = heard.Append(2).Append(4).Aggregate(Draft, (d, i) => life[i](d));
                Assert.Equal(2, document.Consultations.Count);
                Assert.True(document.Consultations.Single(c => c.Id == First).IsOver);
                Assert.Equal(new(Second, 4, 3, false), document.Consultations.Single(c => c.Id == Second));
                Assert.Equal(DocumentState.InConsultation, document.State);
                Assert.Single(document.StepsTaken);
                // And nothing that was heard before changes it any more.
                foreach (var step in life)
                    Assert.Same(document, step(document));
            });
    }
}
