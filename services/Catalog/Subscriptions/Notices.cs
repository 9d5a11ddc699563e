using System.Text;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;
using Marten;
using PolicyPlatform.Catalog.Topics;
using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Contracts.Interpretation.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.PersonalData;
using PolicyPlatform.Shared.DocumentAccess;
using PolicyPlatform.Shared.Search;
using Wolverine;
using Wolverine.Attributes;

namespace PolicyPlatform.Catalog.Subscriptions;

/// <summary>Something that subscribers are told, as a CloudEvent.</summary>
/// <param name="EventId">The same for the same fact, however often it is heard of: a receiver sees each id once.</param>
/// <param name="Type">One of <see cref="Notices.All"/>.</param>
/// <param name="DocumentId">The document that it is about; null for none, and for a draft.</param>
/// <param name="Subject">What it is about, below the API's address.</param>
/// <param name="Title">What it is about, for people; that of the document when empty.</param>
/// <param name="Bodies">Whose it is, where no document says so.</param>
/// <param name="Tags">What a benefit is found by.</param>
/// <param name="Data">Further facts.</param>
/// <param name="Owner">Whom alone it concerns; null for everybody.</param>
/// <param name="After">The last subscription that was looked at for it; null for none yet.</param>
/// <param name="Profiles">The names of the owner's profiles that it is about, sealed; null for none.</param>
/// <param name="Inside">Whether it tells of a document that is not public: to those alone who see all obligations.</param>
/// <param name="Draft">The draft that it is about, which the library does not know; null for none.</param>
/// <param name="About">The document whose title it bears, where neither it nor a draft is named; null for none.</param>
/// <param name="Revisions">The texts that it tells of; null where that is not known.</param>
public sealed record Notice(
    string EventId,
    string Type,
    Guid? DocumentId,
    string Subject,
    string Title,
    IReadOnlyList<string> Bodies,
    IReadOnlyList<string> Tags,
    IReadOnlyDictionary<string, object?> Data,
    string? Owner = null,
    string? After = null,
    IReadOnlyList<string>? Profiles = null,
    bool Inside = false,
    ConsultedDraft? Draft = null,
    Guid? About = null,
    IReadOnlyList<int>? Revisions = null
);

/// <summary>
/// What everybody may know of a draft that is consulted on, or of what was taken from the public, without its text: what subscriptions to it
/// are found by.
/// </summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Title">标题; of what explains it, the title of that. Null where it is not told, and fits whatever is searched for.</param>
/// <param name="Issuers">发文机关, codes of the Catalog.</param>
/// <param name="Subject">主题分类, a code of the Catalog; null for none.</param>
public sealed record ConsultedDraft(Guid DocumentId, string? Title, IReadOnlyList<string> Issuers, string? Subject)
{
    /// <summary>Whether a query of the library would find it by this.</summary>
    public bool Fits(LibraryFilter filter)
    {
        if (filter.Issuer.Length > 0 && !Issuers.Contains(filter.Issuer) || filter.Subject.Length > 0 && filter.Subject != Subject)
            return false;
        if (Title is null)
            return true;
        var (words, title) = (SearchQuery.Parse(filter.Q), SearchQuery.Fold(Title));
        return words.All.All(any => any.Any(word => title.Contains(word, StringComparison.Ordinal)))
            && !words.None.Any(word => title.Contains(word, StringComparison.Ordinal));
    }
}

/// <summary>Makes notices out of what other services say, finds whom they concern, and puts a delivery down for each, once.</summary>
[WolverineHandler]
public static class Notices
{
    const string DocumentPublished = "document.published",
        DocumentChanged = "document.changed",
        DocumentRepealed = "document.repealed",
        DocumentSuperseded = "document.superseded",
        DocumentExpired = "document.expired",
        DocumentRestored = "document.restored",
        DocumentPutBack = "document.putBack",
        ConsultationOpened = "consultation.opened",
        ConsultationAnswered = "consultation.answered",
        ConsultationCompleted = "consultation.completed",
        FeedbackDue = "consultation.feedbackDue",
        CommentsWaiting = "consultation.commentsWaiting",
        InterpretationPublished = "interpretation.published",
        BenefitPublished = "benefit.published",
        BenefitOffered = "benefit.offered",
        ObligationDueSoon = "obligation.dueSoon",
        ObligationOverdue = "obligation.overdue",
        TicketDueSoon = "ticket.dueSoon",
        TicketOverdue = "ticket.overdue";

    /// <summary>A document, or a text of it, was taken from the public.</summary>
    internal const string DocumentTakenDown = "document.takenDown";

    /// <summary>The kinds of notices.</summary>
    public static readonly string[] All =
    [
        DocumentPublished,
        DocumentChanged,
        DocumentRepealed,
        DocumentSuperseded,
        DocumentExpired,
        DocumentRestored,
        DocumentTakenDown,
        DocumentPutBack,
        ConsultationOpened,
        ConsultationAnswered,
        ConsultationCompleted,
        FeedbackDue,
        CommentsWaiting,
        InterpretationPublished,
        BenefitPublished,
        BenefitOffered,
        ObligationDueSoon,
        ObligationOverdue,
        TicketDueSoon,
        TicketOverdue,
    ];

    /// <summary>Those that not everybody may hear of; told to those who ask for them by name.</summary>
    public static readonly string[] Closed =
    [
        FeedbackDue,
        CommentsWaiting,
        ObligationDueSoon,
        ObligationOverdue,
        TicketDueSoon,
        TicketOverdue,
    ];

    static readonly JsonEventFormatter Json = new(JsonDefaults.Options, default);

    /// <summary>A document was published.</summary>
    public static Notice Handle(DocumentPublishedMessage m) =>
        OfDocument(
            DocumentPublished,
            m.DocumentId,
            m.Version,
            ("publishedOn", m.PublishedOn),
            ("effectiveFrom", m.EffectiveFrom),
            ("revision", m.Revision)
        );

    /// <summary>A published text was amended or corrected.</summary>
    public static Notice Handle(DocumentTextChangedMessage m) =>
        OfDocument(
            DocumentChanged,
            m.DocumentId,
            m.Version,
            ("effectiveFrom", m.EffectiveFrom),
            ("revision", m.Revision),
            ("comparison", $"/api/v1/documents/{m.DocumentId}/comparison?from={m.PreviousRevision}&to={m.Revision}&unchanged=false")
        );

    /// <summary>Elements of a document were put right.</summary>
    public static Notice Handle(DocumentElementsCorrectedMessage m) =>
        OfDocument(
            DocumentChanged,
            m.DocumentId,
            m.Version,
            ("effectiveFrom", m.FirstDay),
            ("revision", m.Revision),
            ("elements", m.Elements)
        );

    /// <summary>A repeal or a supersession was taken back.</summary>
    public static Notice Handle(DocumentRestoredMessage m) => OfDocument(DocumentRestored, m.DocumentId, m.Version);

    /// <summary>
    /// A document was taken from the public, or put back. Whoever heard of it, or keeps a copy, hears so without what it is called and what it
    /// says: whatever words are searched for, by issuer and subject alone.
    /// </summary>
    public static Notice Handle(DocumentVisibilityChangedMessage m) =>
        m.PutBack
            ? OfDocument(DocumentPutBack, m.DocumentId, m.Version, ("revision", m.Revision))
            : new(
                $"{DocumentTakenDown}/{m.DocumentId}/{m.Version}",
                DocumentTakenDown,
                null,
                $"/api/v1/documents/{m.DocumentId}",
                m.Down.First(d => d.Revision == m.Revision).Explanation,
                [],
                [],
                Facts(("documentId", m.DocumentId), ("revision", m.Revision)),
                Draft: new(m.DocumentId, null, m.Issuers, m.Subject)
            );

    /// <summary>A document was repealed.</summary>
    public static Notice Handle(DocumentRepealedMessage m) =>
        OfDocument(DocumentRepealed, m.DocumentId, m.Version, ("effectiveFrom", m.EffectiveFrom));

    /// <summary>A document was superseded.</summary>
    public static Notice Handle(DocumentSupersededMessage m) =>
        OfDocument(DocumentSuperseded, m.DocumentId, m.Version, ("effectiveFrom", m.EffectiveFrom), ("supersededBy", m.SupersededBy));

    /// <summary>A document lapsed.</summary>
    public static Notice Handle(DocumentExpiredMessage m) =>
        OfDocument(DocumentExpired, m.DocumentId, m.Version, ("expiredOn", m.ExpiredOn));

    /// <summary>
    /// The public is asked about a draft. A later revision of it is no other consultation: whoever heard of the one does not hear of it again.
    /// </summary>
    public static Notice Handle(ConsultationOpenedMessage m) =>
        new(
            $"{ConsultationOpened}/{m.ConsultationId}",
            ConsultationOpened,
            null,
            $"/api/v1/consultations/{m.ConsultationId}",
            $"公开征求意见：{m.Title}",
            [],
            [],
            Facts(
                ("consultationId", m.ConsultationId),
                ("body", m.Body),
                ("issuers", m.Issuers),
                ("subject", m.Subject),
                ("revision", m.Revision),
                ("closesOn", m.ClosesOn),
                ("interpretations", m.Interpretations.Select(i => $"/api/v1/interpretations/{i}").ToArray())
            ),
            Draft: new(m.DocumentId, m.Title, m.Issuers, m.Subject),
            Revisions: [m.Revision]
        );

    /// <summary>What was said in a consultation was answered: whoever has a receipt reads the answer with it.</summary>
    public static Notice Handle(FeedbackGivenMessage m) =>
        new(
            $"{ConsultationAnswered}/{m.FeedbackId}",
            ConsultationAnswered,
            null,
            $"/api/v1/consultations/{m.ConsultationId}",
            $"意见已答复：{m.Title}",
            [],
            [],
            Facts(
                ("consultationId", m.ConsultationId),
                ("body", m.Body),
                ("issuers", m.Issuers),
                ("subject", m.Subject),
                ("groups", m.Groups.Select(g => $"/api/v1/consultations/{m.ConsultationId}/groups/{g}").ToArray()),
                ("groupCount", m.GroupCount),
                ("commentsInGroups", m.InGroups),
                ("comments", m.Comments),
                ("answeredAt", m.AnsweredAt)
            ),
            Draft: new(m.DocumentId, m.Title, m.Issuers, m.Subject),
            Revisions: m.Revisions
        );

    /// <summary>A consultation was completed, and its summary published. One that was given up has none.</summary>
    public static Notice? Handle(ConsultationEndedMessage m) =>
        m.Completed
            ? new(
                $"{ConsultationCompleted}/{m.ConsultationId}",
                ConsultationCompleted,
                null,
                $"/api/v1/consultations/{m.ConsultationId}",
                $"征求意见情况公布：{m.Title}",
                [],
                [],
                Facts(
                    ("consultationId", m.ConsultationId),
                    ("body", m.Body),
                    ("issuers", m.Issuers ?? []),
                    ("subject", m.Subject),
                    ("endedOn", m.EndedOn),
                    ("comments", m.Comments),
                    ("summary", $"/api/v1/consultations/{m.ConsultationId}/summary")
                ),
                Draft: new(m.DocumentId, m.Title, m.Issuers ?? [], m.Subject),
                Revisions: m.Revisions
            )
            : null;

    /// <summary>An interpretation became public.</summary>
    public static Notice Handle(MaterialPublishedMessage m) =>
        new(
            $"{InterpretationPublished}/{m.MaterialId}",
            InterpretationPublished,
            m.ConsultationId is null ? m.DocumentId : null,
            $"/api/v1/interpretations/{m.MaterialId}",
            m.Title,
            [],
            [],
            m.ConsultationId is { } consultation
                ? Facts(("form", m.Form), ("consultation", $"/api/v1/consultations/{consultation}"))
                : Facts(("form", m.Form)),
            Draft: m.ConsultationId is null ? null : new(m.DocumentId, m.Title, m.Issuers ?? [], m.Subject),
            Revisions: One(m.Revision)
        );

    /// <summary>A benefit is to be had.</summary>
    public static Notice Handle(BenefitPublishedMessage m) =>
        new(
            $"{BenefitPublished}/{m.BenefitId}/{m.Version}",
            BenefitPublished,
            m.DocumentId,
            $"/api/v1/benefits/{m.BenefitId}",
            m.Title,
            [m.Body],
            m.Tags,
            Facts(("tags", m.Tags)),
            Revisions: One(m.Revision)
        );

    /// <summary>A benefit fits registered profiles; of one that begins to because days pass each day is another fact.</summary>
    public static Notice Handle(BenefitOfferedMessage m) =>
        new(
            m.FitsFrom is { } day
                ? $"{BenefitOffered}/{m.BenefitId}/{m.Version}/{m.Part}/{day:yyyy-MM-dd}"
                : $"{BenefitOffered}/{m.BenefitId}/{m.Version}/{m.Part}",
            BenefitOffered,
            m.DocumentId,
            $"/api/v1/benefits/{m.BenefitId}",
            m.Title,
            [],
            [],
            m.FitsFrom is { } from ? Facts(("fitsFrom", from)) : Facts(),
            m.Owner,
            Profiles: m.Profiles,
            Revisions: One(m.Revision)
        );

    /// <summary>Something must be published soon.</summary>
    public static Notice Handle(ObligationDueSoonMessage m) =>
        OfObligation(ObligationDueSoon, m.ObligationId, m.Title, m.Bodies, m.DueOn, m.DocumentId, m.Channels, m.IsPublic, m.Revision);

    /// <summary>Something is overdue.</summary>
    public static Notice Handle(ObligationOverdueMessage m) =>
        OfObligation(ObligationOverdue, m.ObligationId, m.Title, m.Bodies, m.DueOn, m.DocumentId, m.Channels, m.IsPublic, m.Revision);

    /// <summary>A ticket is to be answered soon.</summary>
    public static Notice Handle(TicketDueSoonMessage m) => OfTicket(TicketDueSoon, m.TicketId, m.Body, m.DueOn);

    /// <summary>A ticket was not answered in time.</summary>
    public static Notice Handle(TicketOverdueMessage m) => OfTicket(TicketOverdue, m.TicketId, m.Body, m.DueOn);

    /// <summary>What was said in a consultation waits for its feedback.</summary>
    public static Notice Handle(FeedbackDueMessage m) =>
        new(
            $"{FeedbackDue}/{m.ConsultationId}/{m.DueOn:yyyy-MM-dd}/{m.WeeksLeft}",
            FeedbackDue,
            null,
            $"/api/v1/consultations/{m.ConsultationId}",
            m.Title,
            [m.Body],
            [],
            Facts(("consultationId", m.ConsultationId), ("dueOn", m.DueOn), ("weeksLeft", m.WeeksLeft), ("bodies", new[] { m.Body })),
            About: m.DocumentId,
            Revisions: m.Revisions
        );

    /// <summary>Comments wait for too long to be looked at.</summary>
    public static Notice Handle(CommentsWaitingMessage m) =>
        new(
            $"{CommentsWaiting}/{m.ConsultationId}/{m.Day:yyyy-MM-dd}",
            CommentsWaiting,
            null,
            $"/api/v1/consultations/{m.ConsultationId}/moderation",
            m.Title,
            [m.Body],
            [],
            Facts(
                ("consultationId", m.ConsultationId),
                ("waiting", m.Waiting),
                ("since", m.Since),
                ("dueOn", m.DueOn),
                ("bodies", new[] { m.Body })
            ),
            About: m.DocumentId,
            Revisions: m.Revisions
        );

    static Notice OfTicket(string type, string ticket, string body, DateOnly dueOn) =>
        new(
            $"{type}/{Uri.EscapeDataString(ticket)}/{dueOn:yyyy-MM-dd}",
            type,
            null,
            $"/api/v1/hotline/tickets/{Uri.EscapeDataString(ticket)}",
            $"热线工单{ticket}",
            [body],
            [],
            Facts(("ticketId", ticket), ("dueOn", dueOn), ("bodies", new[] { body }))
        );

    static Notice OfObligation(
        string type,
        string obligation,
        string title,
        IReadOnlyList<string> bodies,
        DateOnly dueOn,
        Guid? document,
        IReadOnlyList<string>? channels,
        bool isPublic,
        int? revision
    ) =>
        new(
            $"{type}/{obligation}/{dueOn:yyyy-MM-dd}",
            type,
            null,
            $"/api/v1/obligations/{obligation}",
            title,
            bodies,
            [],
            Facts(("dueOn", dueOn), ("bodies", bodies), ("channels", channels)),
            Inside: !isPublic,
            About: document,
            // That of a changed text is about that text as well as called after one.
            Revisions: One(revision)?.Union(Delivery.ChangedText(obligation)).ToArray()
        );

    static Notice OfDocument(string type, Guid document, long version, params (string Name, object? Value)[] facts) =>
        new(
            $"{type}/{document}/{version}",
            type,
            document,
            $"/api/v1/documents/{document}",
            "",
            [],
            [],
            Facts([("documentId", document), .. facts]),
            Revisions: [.. facts.Where(f => f.Name is "revision").Select(f => f.Value).OfType<int>()]
        );

    static int[]? One(int? revision) => revision is { } one ? [one] : null;

    static Dictionary<string, object?> Facts(params (string Name, object? Value)[] facts) => facts.ToDictionary(f => f.Name, f => f.Value);

    // However many subscribe, a transaction puts down a few.
    const int SubscriptionsAtOnce = 500,
        LargestFilter = 4_096;

    /// <summary>
    /// Puts a delivery down for each of the next subscribers whom a notice concerns, and goes on with those behind them; deliveries that are
    /// there already stay as they are.
    /// </summary>
    public static async Task<OutgoingMessages> Handle(
        Notice notice,
        IDocumentSession session,
        Documents.DocumentsClient documents,
        Seals seals,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var told = new OutgoingMessages();
        var query = session.Query<Subscription>().Where(s => s.State == SubscriptionState.Active);
        if (notice.Owner is { } owner)
            query = query.Where(s => s.Owner == owner);
        if (notice.After is { } after)
            query = query.Where(s => s.Id.CompareTo(after) > 0);
        var next = await query.OrderBy(s => s.Id).Take(SubscriptionsAtOnce).ToListAsync(cancellation);
        if (next.Count == SubscriptionsAtOnce)
            told.Add(notice with { After = next[^1].Id });
        var subscriptions = next.Where(s => Concerns(s, notice)).ToArray();
        if (subscriptions.Length == 0)
            return told;
        var document = notice.DocumentId is { } id ? await documents.PublicOrDown(id, cancellation) : null;
        // What was taken from the public since is told to nobody.
        if (notice.DocumentId is not null && document is null)
            return [];
        subscriptions = await Fitting(subscriptions, notice, document, session, documents, cancellation);
        var now = time.GetUtcNow();
        var (title, texts, body) = (Title(notice, document), Texts(notice, document), Encode(notice, document, seals, now));
        var there = (
            await session.LoadManyAsync<Delivery>(
                cancellation,
                [.. subscriptions.Select(s => Delivery.Key(s.SubscriptionId, notice.EventId))]
            )
        )
            .Select(d => d.Id)
            .ToHashSet();
        foreach (var subscription in subscriptions)
        {
            var delivery = new Delivery(
                Delivery.Key(subscription.SubscriptionId, notice.EventId),
                subscription.SubscriptionId,
                notice.EventId,
                notice.Type,
                title,
                new(body),
                now
            )
            {
                DocumentId = notice.DocumentId ?? notice.Draft?.DocumentId ?? notice.About,
                Revisions = texts,
            };
            if (there.Contains(delivery.Id))
                continue;
            // A feed is read, not sent.
            session.Insert(
                subscription.Channel is SubscriptionChannel.Atom
                    ? delivery with
                    {
                        State = DeliveryState.Delivered,
                        DeliveredAt = now,
                    }
                    : delivery
            );
            if (subscription.Channel is not SubscriptionChannel.Atom)
                told.Add(new Deliver(delivery.Id));
        }
        return told;
    }

    // What can be told without asking anybody.
    static bool Concerns(Subscription s, Notice notice) =>
        notice.Owner is { } owner
            ? s.Owner == owner && s.Channel is SubscriptionChannel.Webhook && s.Filter.Events?.Contains(notice.Type) is not false
            : (s.Filter.Events is { } events ? events.Contains(notice.Type) : !Closed.Contains(notice.Type))
                && (
                    !Closed.Contains(notice.Type)
                    || s.Oversees
                        && (s.SeesAll || !notice.Inside)
                        && s.Filter is { Topic: null, Subject: null, Q: null }
                        && (s.Filter.Issuer is null || notice.Bodies.Contains(s.Filter.Issuer))
                )
                && (s.Filter.Tag is null || notice.Tags.Contains(s.Filter.Tag));

    static async Task<Subscription[]> Fitting(
        Subscription[] subscriptions,
        Notice notice,
        Document? document,
        IQuerySession session,
        Documents.DocumentsClient documents,
        CancellationToken cancellation
    )
    {
        if ((document?.Id ?? notice.Draft?.DocumentId.ToString()) is not { } about || notice.Owner is not null)
            return subscriptions;
        var topics = (
            await session.LoadManyAsync<Topic>(
                cancellation,
                [.. subscriptions.Select(s => s.Filter.Topic).OfType<string>().Distinct().Select(Topic.Key)]
            )
        )
            .Where(t => !t.IsRemoved)
            .ToDictionary(t => t.Code);
        // Every query is asked once, whoever has it.
        var filters = subscriptions
            .Select(OwnFilter)
            .OfType<LibraryFilter>()
            .Concat(topics.Values.SelectMany(t => t.Sections).SelectMany(s => s.Rules).Select(r => r.Filter()).OfType<LibraryFilter>())
            .Distinct()
            // What was kept before there were limits finds nothing, and keeps nobody else from hearing.
            .Where(f => f.CalculateSize() <= LargestFilter)
            .ToList();
        var matching = notice.Draft is { } draft ? filters.Where(draft.Fits).ToHashSet() : await InLibrary();
        return
        [
            .. subscriptions.Where(s =>
                (
                    OwnFilter(s) is not { } own
                    || matching.Contains(own)
                    || s.Filter is { Q: null, Subject: null } && notice.Bodies.Contains(s.Filter.Issuer!)
                ) && (s.Filter.Topic is not { } code || topics.TryGetValue(code, out var topic) && Gathers(topic))
            ),
        ];

        async Task<HashSet<LibraryFilter>> InLibrary()
        {
            var found = new HashSet<LibraryFilter>();
            foreach (var some in filters.Chunk(500))
            {
                var ask = new MatchLibraryRequest { DocumentId = about };
                ask.Filters.AddRange(some);
                foreach (var place in (await documents.MatchLibraryAsync(ask, cancellationToken: cancellation)).Matching)
                    found.Add(some[place]);
            }
            return found;
        }

        static LibraryFilter? OwnFilter(Subscription s) =>
            s.Filter is { Issuer: null, Subject: null, Q: null }
                ? null
                : new()
                {
                    Issuer = s.Filter.Issuer ?? "",
                    Subject = s.Filter.Subject ?? "",
                    Q = s.Filter.Q ?? "",
                };

        bool Gathers(Topic topic) =>
            topic.Sections.Any(s =>
                s.Rules.Any(r =>
                    r.Filter() is { } filter ? matching.Contains(filter) : r.BenefitTag is { } tag && notice.Tags.Contains(tag)
                )
                || s.Items.Any(i =>
                    i.Kind is TopicItemKind.Document && Guid.Parse(i.Target).ToString() == about
                    || notice.Subject.EndsWith($"/{i.Target}", StringComparison.OrdinalIgnoreCase)
                )
            );
    }

    // What bears the title of the document bears that of the text that is current.
    static IReadOnlyList<int>? Texts(Notice notice, Document? document) =>
        notice.Title.Length > 0 || document is null
            ? notice.Revisions
            : [.. (notice.Revisions ?? []).Append(document.CurrentRevision).Distinct()];

    static string Title(Notice notice, Document? document) => notice.Title.Length > 0 ? notice.Title : document?.Title ?? "";

    static string Encode(Notice notice, Document? document, Seals seals, DateTimeOffset now)
    {
        var data = new Dictionary<string, object?>(notice.Data) { ["title"] = Title(notice, document), ["link"] = notice.Subject };
        if (notice.Profiles is { } profiles)
            data["profiles"] = profiles.Select(seals.FromMessage).ToArray();
        if (document is not null)
        {
            data["documentId"] = document.Id;
            data["documentTitle"] = document.Title;
            data["documentNumber"] = document.DocumentNumber;
            data["issuers"] = document.Issuers;
        }
        var cloudEvent = new CloudEvent
        {
            Id = notice.EventId,
            Type = $"policyplatform.{notice.Type}",
            Source = new("urn:policyplatform:catalog"),
            Subject = notice.Subject,
            Time = now,
            DataContentType = "application/json",
            Data = data,
        };
        return Encoding.UTF8.GetString(Json.EncodeStructuredModeMessage(cloudEvent, out _).Span);
    }
}
