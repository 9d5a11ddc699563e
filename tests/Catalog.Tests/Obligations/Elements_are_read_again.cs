using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Shared.DocumentAccess;
using Wolverine;

namespace PolicyPlatform.Catalog.Tests.Obligations;

/// <summary>When a service asks again what a document is called and whose it is.</summary>
public sealed class Elements_are_read_again
{
    static readonly Guid Document = Guid.NewGuid();
    static readonly DateTimeOffset Now = new(2026, 6, 1, 1, 0, 0, TimeSpan.Zero);

    [Fact]
    public void at_once_and_on_the_first_day_of_a_text_to_come()
    {
        Assert.Equal([new ReadElementsAgain(Document)], Amended("2026-06-01"));
        var later = Amended("2026-06-03");
        Assert.Equal(new ReadElementsAgain(Document), later[0]);
        // The day begins at midnight in China.
        Assert.Equal(
            new DateTimeOffset(2026, 6, 2, 16, 0, 0, TimeSpan.Zero),
            Assert.IsType<DeliveryMessage<ReadElementsAgain>>(later[1]).Options.ScheduledTime
        );
    }

    [Fact]
    public void once_a_whole_document_is_put_back_and_whenever_a_text_of_it_goes_or_comes()
    {
        Assert.Equal([new ReadElementsAgain(Document)], Changed(null, putBack: true));
        Assert.Equal([new ReadElementsAgain(Document)], Changed(2, putBack: true));
        Assert.Equal([new ReadElementsAgain(Document)], Changed(2, putBack: false));
        // Nobody can be asked what it is called.
        Assert.Empty(Changed(null, putBack: false));
    }

    static OutgoingMessages Amended(string from) =>
        ReadElementsAgain.After(new DocumentTextChangedMessage(Document, 5, 1, 2, DateOnly.Parse(from, null), Now), Now);

    static OutgoingMessages Changed(int? revision, bool putBack) =>
        ReadElementsAgain.After(new DocumentVisibilityChangedMessage(Document, 5, revision, putBack, [], [], null));
}
