using PolicyPlatform.Documents.Amendment;
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

    static RevisionRecorded Recorded(int revision, Actor by) =>
        new(revision, [], 1, "", Significance.Major, "hash", "chain", by, Now);

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
}
