using Marten;
using PolicyPlatform.Catalog.Calendar;
using PolicyPlatform.Catalog.Disclosure;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.DocumentAccess;
using Wolverine;
using Wolverine.Attributes;

namespace PolicyPlatform.Catalog.Obligations;

/// <summary>What was heard of a document before its number, for which its obligation is opened.</summary>
/// <param name="Id">The document.</param>
/// <param name="PublishedOn">发布日期; null while its publication was not heard of.</param>
public sealed record UnnumberedDocument(Guid Id, DateOnly? PublishedOn)
{
    /// <summary>The changes of its text that were heard of, each revision with its day.</summary>
    public IReadOnlyDictionary<int, DateOnly> Changes { get; init; } = new Dictionary<int, DateOnly>();
}

/// <summary>
/// Makes obligations out of what happens to documents: issued, the information exists; published, it is met in the library. Messages come
/// twice and out of order; each obligation
/// is opened once and met once per channel.
/// </summary>
[WolverineHandler]
public static class FollowDocuments
{
    /// <summary>An issued document that is to be published (D 26).</summary>
    public static async Task<OutgoingMessages> Handle(
        DocumentIssuedMessage message,
        IDocumentSession session,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var told = new OutgoingMessages();
        if (
            !message.Proactive
            || await session.LoadAsync<Obligation>(Obligation.Key(message.DocumentId.ToString()), cancellation) is not null
        )
            return told;
        var heard = await Heard(message.DocumentId, session, cancellation);
        var first = await Open(
            message.DocumentId.ToString(),
            ObligationCause.Document,
            message.DocumentId,
            message.Title,
            // Which text it is called after is not told.
            null,
            message.Issuers,
            message.DisclosureItem,
            message.WrittenOn,
            heard.PublishedOn,
            session,
            told,
            time,
            cancellation
        );
        foreach (var (revision, day) in heard.Changes)
            await Open(first, message.DocumentId, revision, day, session, told, time, cancellation);
        // What it is called may have been put right since it was issued.
        if (heard.PublishedOn is not null || heard.Changes.Count > 0)
            told.Add(new ReadElementsAgain(message.DocumentId));
        session.Delete(heard);
        return told;
    }

    /// <summary>Published in the library. A document that was taken in from before has no obligation.</summary>
    public static async Task Handle(
        DocumentPublishedMessage message,
        IDocumentSession session,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var stream = await session.Events.FetchForWriting<Obligation>(Obligation.Key(message.DocumentId.ToString()), cancellation);
        if (stream.Aggregate is not { } obligation)
            session.Store(await Heard(message.DocumentId, session, cancellation) with { PublishedOn = message.PublishedOn });
        else if (obligation.Website() is { } website && !obligation.MetOn.ContainsKey(website))
            stream.AppendOne(Met(website, message.PublishedOn, message.DocumentId, time));
        else if (!obligation.IsPublic)
            stream.AppendOne(new ObligationDocumentPublished(message.PublishedOn, Actor.Platform, time.GetUtcNow()));
    }

    /// <summary>A changed text is new information: it is in the library at once, and its other channels follow.</summary>
    public static async Task<OutgoingMessages> Handle(
        DocumentTextChangedMessage message,
        IDocumentSession session,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var told = new OutgoingMessages();
        var day = OfficialTime.DateIn(message.RecordedAt);
        if (await session.LoadAsync<Obligation>(Obligation.Key(message.DocumentId.ToString()), cancellation) is { } first)
            await Open(first, message.DocumentId, message.Revision, day, session, told, time, cancellation);
        else
        {
            var heard = await Heard(message.DocumentId, session, cancellation);
            session.Store(heard with { Changes = new Dictionary<int, DateOnly>(heard.Changes) { [message.Revision] = day } });
        }
        return told;
    }

    static async Task<UnnumberedDocument> Heard(Guid document, IDocumentSession session, CancellationToken cancellation) =>
        await session.LoadAsync<UnnumberedDocument>(document, cancellation) ?? new(document, null);

    static async Task Open(
        Obligation first,
        Guid document,
        int revision,
        DateOnly day,
        IDocumentSession session,
        OutgoingMessages told,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var id = $"{document}-r{revision}";
        if (await session.LoadAsync<Obligation>(Obligation.Key(id), cancellation) is null)
            await Open(
                id,
                ObligationCause.Change,
                document,
                first.Title,
                first.Revision,
                first.Bodies,
                first.Item,
                day,
                day,
                session,
                told,
                time,
                cancellation
            );
    }

    static async Task<Obligation> Open(
        string id,
        ObligationCause cause,
        Guid document,
        string title,
        int? titleOf,
        IReadOnlyList<string> bodies,
        string? itemName,
        DateOnly formedOn,
        DateOnly? publishedOn,
        IDocumentSession session,
        OutgoingMessages told,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var calendar = await CalendarYear.Known(session, cancellation);
        var opened = OpenObligation.Open(
            id,
            cause,
            title,
            document,
            bodies,
            itemName,
            await Item(session, itemName, formedOn, time, cancellation),
            formedOn,
            null,
            await ChannelList.Read(session, cancellation),
            calendar,
            Actor.Platform,
            time.GetUtcNow()
        ) with
        {
            Revision = titleOf,
        };
        object[] events =
            publishedOn is not { } day ? [opened]
            : Obligation.WebsiteIn(opened.Deadlines) is { } website ? [opened, Met(website, day, document, time)]
            : cause is ObligationCause.Document ? [opened, new ObligationDocumentPublished(day, Actor.Platform, time.GetUtcNow())]
            : [opened];
        session.Events.StartStream<Obligation>(Obligation.Key(id), events);
        foreach (var (note, at) in Reminders.Of(id, opened.Deadlines, calendar))
            told.Schedule(note, at);
        return Obligation.Next(null, opened)!;
    }

    static async Task<ItemContent?> Item(
        IQuerySession session,
        string? name,
        DateOnly on,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var item = name is null ? null : await session.LoadAsync<DisclosureItem>($"disclosure/{name}", cancellation);
        return item?.On(on) ?? item?.On(time.Today());
    }

    static ObligationMet Met(string website, DateOnly on, Guid document, TimeProvider time) =>
        new(website, on, Obligation.PageOf(document), Actor.Platform, time.GetUtcNow());
}
