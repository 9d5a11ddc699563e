using Marten;
using PolicyPlatform.Catalog.Calendar;
using PolicyPlatform.Catalog.Disclosure;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Writing;
using Wolverine;
using Wolverine.Attributes;

namespace PolicyPlatform.Catalog.Obligations;

/// <summary>What was heard of a document: both messages write it, so that of two that come at once one is handled after the other.</summary>
/// <param name="Id">The document.</param>
/// <param name="PublishedOn">发布日期; null while only its number was heard of.</param>
public sealed record HeardOf(Guid Id, DateOnly? PublishedOn);

/// <summary>
/// Makes obligations out of what happens to documents: issued, the information exists; published, it is met in the library. Messages come twice and out of order; each obligation
/// is opened once and met once per channel.
/// </summary>
[WolverineHandler]
public static class FollowDocuments
{
    /// <summary>An issued document that is to be published (D 26).</summary>
    public static async Task<OutgoingMessages> Handle(DocumentIssued message, IDocumentSession session, TimeProvider time, CancellationToken cancellation)
    {
        var told = new OutgoingMessages();
        var stream = await session.Events.FetchForWriting<Obligation>(Obligation.Key(message.DocumentId.ToString()), cancellation);
        if (!message.Proactive || stream.Aggregate is not null) return told;
        var calendar = await CalendarYear.Known(session, cancellation);
        var opened = OpenObligation.Open(message.DocumentId.ToString(), ObligationCause.Document, message.Title, message.DocumentId, message.Issuers, message.DisclosureItem, await Item(session, message.DisclosureItem, message.WrittenOn, time, cancellation),
            message.WrittenOn, null, calendar, Actor.Platform, time.GetUtcNow());
        stream.AppendOne(opened);
        var heard = await session.LoadAsync<HeardOf>(message.DocumentId, cancellation) ?? new(message.DocumentId, null);
        session.Store(heard);
        if (heard.PublishedOn is { } publishedOn && Website(opened.Deadlines)) stream.AppendOne(Met(publishedOn, message.DocumentId, time));
        foreach (var (note, at) in Reminders.Of(opened.ObligationId, opened.Deadlines, calendar)) told.Schedule(note, at);
        return told;
    }

    /// <summary>Published in the library. A document that was taken in from before has no obligation.</summary>
    public static async Task Handle(DocumentPublished message, IDocumentSession session, TimeProvider time, CancellationToken cancellation)
    {
        session.Store((await session.LoadAsync<HeardOf>(message.DocumentId, cancellation) ?? new(message.DocumentId, null)) with { PublishedOn = message.PublishedOn });
        var stream = await session.Events.FetchForWriting<Obligation>(Obligation.Key(message.DocumentId.ToString()), cancellation);
        if (stream.Aggregate is { } obligation && Website(obligation.Deadlines) && !obligation.MetOn.ContainsKey(Channel.Website)) stream.AppendOne(Met(message.PublishedOn, message.DocumentId, time));
    }

    /// <summary>A changed text is new information: it is in the library at once, and its other channels follow.</summary>
    public static async Task<OutgoingMessages> Handle(DocumentTextChanged message, IDocumentSession session, TimeProvider time, CancellationToken cancellation)
    {
        var told = new OutgoingMessages();
        var id = $"{message.DocumentId}-r{message.Revision}";
        var stream = await session.Events.FetchForWriting<Obligation>(Obligation.Key(id), cancellation);
        if (stream.Aggregate is not null || await session.LoadAsync<Obligation>(Obligation.Key(message.DocumentId.ToString()), cancellation) is not { } first) return told;
        var formedOn = OfficialTime.DateIn(message.RecordedAt);
        var calendar = await CalendarYear.Known(session, cancellation);
        var opened = OpenObligation.Open(id, ObligationCause.Change, first.Title, message.DocumentId, first.Bodies, first.Item, await Item(session, first.Item, formedOn, time, cancellation), formedOn, null,
            calendar, Actor.Platform, time.GetUtcNow());
        stream.AppendOne(opened);
        if (Website(opened.Deadlines)) stream.AppendOne(Met(formedOn, message.DocumentId, time));
        foreach (var (note, at) in Reminders.Of(id, opened.Deadlines, calendar)) told.Schedule(note, at);
        return told;
    }

    static async Task<ItemContent?> Item(IQuerySession session, string? name, DateOnly on, TimeProvider time, CancellationToken cancellation)
    {
        var item = name is null ? null : await session.LoadAsync<DisclosureItem>($"disclosure/{name}", cancellation);
        return item?.On(on) ?? item?.On(time.Today());
    }

    static bool Website(IReadOnlyList<ChannelDeadline> deadlines) => deadlines.Any(d => d.Channel == Channel.Website);

    static ObligationMet Met(DateOnly on, Guid document, TimeProvider time) => new(Channel.Website, on, $"/api/v1/documents/{document}/page", Actor.Platform, time.GetUtcNow());
}
