using PolicyPlatform.Documents.CleanUp;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Tests.CleanUp;

public sealed class when_an_amendment_is_begun
{
    static readonly DateOnly Today = new(2026, 6, 1);
    static readonly DateTimeOffset Now = new(2026, 6, 1, 1, 0, 0, TimeSpan.Zero);
    static readonly PolicyDocument Document = new()
    {
        Id = Guid.NewGuid(),
        Title = "关于印发《供热办法》的通知",
        Kind = DocumentKind.Normative,
        Issuers = ["370114-ZJ", "370114-JY"],
        Subject = "CXJS",
        Disclosure = new(DisclosureKind.Proactive),
        Number = new DocumentNumber("测政发", 2026, 3),
        State = DocumentState.Published,
        PublicTexts = [new(1, Today, Now, null, "关于印发《供热办法》的通知")],
    };

    [Fact]
    public void the_same_outcome_names_the_same_draft_and_no_other_outcome_any()
    {
        var cleanUp = Guid.NewGuid();
        var id = AmendmentDraft.IdFor(cleanUp, Document, CleanUpOutcome.Amend, Today);
        Assert.NotNull(id);
        Assert.Equal(id, AmendmentDraft.IdFor(cleanUp, Document, CleanUpOutcome.Amend, Today.AddDays(1)));
        Assert.NotEqual(id, AmendmentDraft.IdFor(Guid.NewGuid(), Document, CleanUpOutcome.Amend, Today));
        foreach (var outcome in Enum.GetValues<CleanUpOutcome>().Where(o => o is not CleanUpOutcome.Amend))
            Assert.Null(AmendmentDraft.IdFor(cleanUp, Document, outcome, Today));
        var repealed = Document with { Repealed = new(Today.AddDays(30), null, "废止") };
        var lapsed = Document with { ExpiresOn = Today.AddDays(-1) };
        foreach (var ended in new[] { repealed, lapsed })
            Assert.Null(AmendmentDraft.IdFor(cleanUp, ended, CleanUpOutcome.Amend, Today));
    }

    [Fact]
    public void it_begins_with_what_is_known_of_the_document()
    {
        var id = Guid.NewGuid();
        var events = AmendmentDraft.Begin(id, Document, "不一致", Actor.Platform, Now);
        var draft = Assert.IsType<DraftCreated>(events[0]);
        Assert.Equal(
            ("关于修改《关于印发〈供热办法〉的通知》的决定", DocumentKind.Normative, "370114-ZJ", "CXJS", false),
            (draft.Title, draft.Kind, Assert.Single(draft.Issuers), draft.Subject, draft.MajorDecision)
        );
        Assert.Equal(
            [
                "关于修改《关于印发〈供热办法〉的通知》的决定",
                "根据文件清理结果，决定对《关于印发〈供热办法〉的通知》（测政发〔2026〕3号）作如下修改：",
            ],
            Assert.IsType<RevisionRecorded>(events[1]).Blocks.Select(b => b.Text)
        );
        var amends = Assert.IsType<RelationStated>(events[2]);
        Assert.Equal(
            (AmendmentDrafts.RelationOf(id), RelationKind.Amends, Document.Id, Today),
            (amends.RelationId, amends.Kind, amends.Target, amends.From)
        );
    }
}
