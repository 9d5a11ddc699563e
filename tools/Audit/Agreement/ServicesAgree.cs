using System.Globalization;
using Marten;
using PolicyPlatform.Audit.Messages;
using PolicyPlatform.Catalog.Decisions;
using PolicyPlatform.Catalog.Obligations;
using PolicyPlatform.Catalog.Subscriptions;
using PolicyPlatform.Consultation.Evaluations;
using PolicyPlatform.Consultation.Hearings;
using PolicyPlatform.Consultation.OpenDays;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.Contracts.Interpretation.V1;
using PolicyPlatform.Documents;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.Interpretation.KnownDocuments;
using PolicyPlatform.Interpretation.Materials;
using PolicyPlatform.Interpretation.Plans;
using PolicyPlatform.Interpretation.Questions;
using PolicyPlatform.Interpretation.Tasks;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Audit.Agreement;

/// <summary>
/// Whether the services say the same of one document. Each is looked at by itself, and messages between them are under way: what disagrees is
/// looked at again before it is told.
/// </summary>
/// <param name="services">All of them.</param>
/// <param name="since">Documents that nothing happened to since then are left out; null for none.</param>
/// <param name="now">The instant of the look.</param>
sealed class ServicesAgree(IReadOnlyDictionary<string, AuditedService> services, DateTimeOffset? since, DateTimeOffset now)
    : IAsyncDisposable
{
    const int AtOnce = 500;

    // As Catalog keeps deliveries where nothing else is set.
    static readonly TimeSpan deliveriesKept = TimeSpan.FromDays(90);

    readonly Findings findings = new();
    Snapshot documents = null!,
        catalog = null!,
        interpretation = null!,
        consultation = null!;

    /// <summary>Looks once.</summary>
    public async Task<Findings> Look(CancellationToken cancellation)
    {
        // Documents first: what it tells, others hear later.
        documents = await services["documents"].Look(cancellation);
        catalog = await services["catalog"].Look(cancellation);
        interpretation = await services["interpretation"].Look(cancellation);
        consultation = await services["consultation"].Look(cancellation);
        await Documents(cancellation);
        await Consultations(cancellation);
        await DecisionItems(cancellation);
        await Evaluations(cancellation);
        await OpenDayQuestions(cancellation);
        if (since is null)
            await Strangers(cancellation);
        return findings;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var snapshot in new[] { documents, catalog, interpretation, consultation })
            if (snapshot is not null)
                await snapshot.DisposeAsync();
    }

    async Task Documents(CancellationToken cancellation)
    {
        var subscriptions = await Subscriptions(cancellation);
        var oldest = await OldestDelivery(cancellation);
        var changed = since ?? DateTimeOffset.MinValue;
        for (var after = Guid.Empty; ; )
        {
            var page = await documents
                .Session.Query<PolicyDocument>()
                .Where(d => d.Id.CompareTo(after) > 0 && d.ChangedAt >= changed)
                .OrderBy(d => d.Id)
                .Take(AtOnce)
                .ToListAsync(cancellation);
            if (page.Count == 0)
                return;
            after = page[^1].Id;
            Guid[] ids = [.. page.Select(d => d.Id)];
            var imported = (
                await documents
                    .Session.Query<HistoryEntry>()
                    .Where(h => h.DocumentId.IsOneOf(ids) && h.Version == 1 && h.What == "imported")
                    .Select(h => h.DocumentId)
                    .ToListAsync(cancellation)
            ).ToHashSet();
            var known = (await interpretation.Session.LoadManyAsync<KnownDocument>(cancellation, ids)).ToDictionary(k => k.Id);
            var plans = (await interpretation.Session.LoadManyAsync<InterpretationPlan>(cancellation, ids)).ToDictionary(p => p.Id);
            var terms = (await consultation.Session.LoadManyAsync<DocumentTerm>(cancellation, ids)).ToDictionary(t => t.Id);
            var obligations = (
                await catalog.Session.LoadManyAsync<Obligation>(cancellation, [.. page.SelectMany(Obligations)])
            ).ToDictionary(o => o.Id);
            foreach (
                var (name, snapshot) in new[] { ("catalog", catalog), ("interpretation", interpretation), ("consultation", consultation) }
            )
                Hidden(name, page, (await snapshot.Session.LoadManyAsync<HiddenDocument>(cancellation, ids)).ToDictionary(h => h.Id));
            await Erased(page, cancellation);
            await Followed(page, known, cancellation);
            foreach (var document in page)
            {
                var isImported = imported.Contains(document.Id);
                if (document.IsPublished)
                {
                    Known(document, isImported, known.GetValueOrDefault(document.Id));
                    Term(document, terms.GetValueOrDefault(document.Id));
                }
                if (!isImported)
                    Obligation(document, obligations);
                Plan(document, isImported, plans.GetValueOrDefault(document.Id));
            }
            if (subscriptions.Count > 0)
                await Deliveries(
                    [.. page.Where(d => d.IsPublished && !imported.Contains(d.Id)).Select(d => d.Id)],
                    subscriptions,
                    oldest,
                    cancellation
                );
        }
    }

    // What is kept of a document's title, number, issuers and subject is what the public reads (FollowElements of each service). Of what is taken
    // from the public nobody can be asked.
    async Task Followed(IReadOnlyList<PolicyDocument> page, Dictionary<Guid, KnownDocument> known, CancellationToken cancellation)
    {
        var today = OfficialTime.DateIn(now);
        var all = page.Where(d => d.IsPublic).ToDictionary(d => d.Id);
        Guid[] ids = [.. all.Keys];
        Guid?[] named = [.. ids];
        foreach (
            var obligation in await catalog.Session.Query<Obligation>().Where(o => o.DocumentId.IsOneOf(named)).ToListAsync(cancellation)
        )
            Kept("catalog", $"obligation {obligation.Id}", obligation.DocumentId!.Value, obligation.Bodies, obligation.Title);
        foreach (var id in ids)
            if (known.GetValueOrDefault(id) is { } kept)
                Kept("interpretation", "document", id, kept.Issuers, kept.Title, kept.DocumentNumber);
        foreach (
            var plan in await interpretation
                .Session.Query<InterpretationPlan>()
                .Where(p => p.DocumentId.IsOneOf(ids))
                .ToListAsync(cancellation)
        )
            Kept("interpretation", $"plan {plan.Id}", plan.DocumentId, plan.Issuers, plan.Title);
        foreach (
            var material in await interpretation
                .Session.Query<InterpretationMaterial>()
                .Where(m => m.DocumentId.IsOneOf(ids))
                .ToListAsync(cancellation)
        )
            Kept("interpretation", $"material {material.Id}", material.DocumentId, material.Issuers);
        foreach (
            var task in await interpretation
                .Session.Query<InterpretationTask>()
                .Where(t =>
                    t.DocumentId.IsOneOf(named) && t.DoneAt == null && (t.Kind == TaskKind.FollowUp || t.Kind == TaskKind.OutdatedMaterial)
                )
                .ToListAsync(cancellation)
        )
            Kept("interpretation", $"task {task.Id}", task.DocumentId!.Value, task.Bodies);
        foreach (
            var evaluation in await consultation.Session.Query<Evaluation>().Where(e => e.DocumentId.IsOneOf(ids)).ToListAsync(cancellation)
        )
            Kept("consultation", $"evaluation {evaluation.Id}", evaluation.DocumentId, evaluation.Issuers, evaluation.Title);
        foreach (
            var asked in await consultation
                .Session.Query<PublicConsultation>()
                .Where(c => c.DocumentId.IsOneOf(ids))
                .ToListAsync(cancellation)
        )
            // It keeps the title that was put up.
            Kept("consultation", $"consultation {asked.Id}", asked.DocumentId, asked.Issuers, subject: (asked.Subject, true));
        foreach (
            var hearing in await consultation
                .Session.Query<PublicHearing>()
                .Where(h => h.DocumentId.IsOneOf(named))
                .ToListAsync(cancellation)
        )
            Kept("consultation", $"hearing {hearing.Id}", hearing.DocumentId!.Value, hearing.Bodies);

        // Without the titles: what people wrote is not printed.
        void Kept(
            string service,
            string where,
            Guid id,
            IReadOnlyList<string> issuers,
            string? title = null,
            string? number = null,
            (string? Kept, bool Is) subject = default
        )
        {
            var document = all[id];
            var (expected, found) = (new List<string>(), new List<string>());
            Compare(title is null || title == document.PublicTitleOn(today), "the title that the public reads", "another title");
            Compare(number is null || number == (document.Number?.ToString() ?? ""), $"number {document.Number}", $"number {number}");
            Compare(
                issuers.SequenceEqual(document.Issuers),
                $"issuers {string.Join(", ", document.Issuers)}",
                $"issuers {string.Join(", ", issuers)}"
            );
            Compare(
                !subject.Is || subject.Kept == document.Subject,
                $"subject {document.Subject ?? "none"}",
                $"subject {subject.Kept ?? "none"}"
            );
            if (expected.Count > 0)
                findings.Add(
                    new(
                        service,
                        "elements.differ",
                        where == "document" ? $"{id}" : $"{id} {where}",
                        string.Join(", ", expected),
                        string.Join(", ", found),
                        $"{char.ToUpperInvariant(service[0])}{service[1..]} reads them again."
                    )
                    {
                        Mend = c => services[service].Hear([new ReadElementsAgain(id)], c),
                    }
                );

            void Compare(bool same, string said, string kept)
            {
                if (same)
                    return;
                expected.Add(said);
                found.Add(kept);
            }
        }
    }

    // What was erased is erased wherever it was put up.
    async Task Erased(IReadOnlyList<PolicyDocument> page, CancellationToken cancellation)
    {
        var erased = page.Where(d => d.Erased.Count > 0).ToDictionary(d => d.Id);
        if (erased.Count == 0)
            return;
        foreach (
            var asked in await consultation
                .Session.Query<PublicConsultation>()
                .Where(c => c.DocumentId.IsOneOf(erased.Keys.ToArray()))
                .ToListAsync(cancellation)
        )
        foreach (var revision in asked.Revisions.Select(r => r.Revision).Intersect(erased[asked.DocumentId].Erased))
            if (
                await consultation.Session.LoadAsync<ConsultedText>(ConsultedText.IdOf(asked.Id, revision), cancellation) is
                { Erased: null }
            )
                Add(
                    "consultation",
                    "text.notErased",
                    $"{asked.Id} revision {revision}",
                    "a text that was erased",
                    "the text",
                    erased[asked.DocumentId]
                );
    }

    // What is taken from the public is shown nowhere, and what was put back everywhere. What is only asked for so far is told in a moment.
    void Hidden(string service, IReadOnlyList<PolicyDocument> all, Dictionary<Guid, HiddenDocument> hidden)
    {
        foreach (var document in all.Where(d => d.Down.Count > 0 || hidden.ContainsKey(d.Id)))
        {
            var expected = document.Down.Select(d => (d.Revision, d.Explanation)).OrderBy(d => d.Revision).ToArray();
            var found = (hidden.GetValueOrDefault(document.Id)?.Parts ?? [])
                .Where(p => p.Awaited is null)
                .Select(p => (p.Revision, p.Explanation))
                .OrderBy(p => p.Revision)
                .ToArray();
            if (!expected.SequenceEqual(found))
                Add(service, "visibility.differs", document.Id, Said(expected), Said(found), document);
        }

        // Without the explanations: what people wrote is not printed.
        static string Said((int? Revision, string Explanation)[] down) =>
            down.Length == 0
                ? "nothing is taken down"
                : $"taken down: {string.Join(", ", down.Select(d => d.Revision is { } text ? $"revision {text}" : "the document"))}";
    }

    // What Interpretation knows: that it is there, its newest text, and until when it is in force.
    void Known(PolicyDocument document, bool isImported, KnownDocument? known)
    {
        if (known is null)
        {
            Add("interpretation", "document.unknown", document.Id, "a published document that it knows", "none", document);
            return;
        }
        Differ(
            "interpretation",
            "document.differs",
            document,
            // Of what was taken in with earlier texts the newest is not told.
            ("revision", isImported ? known.Revision : document.PublicTexts.Max(t => t.Revision), known.Revision),
            ("publishedOn", document.PublishedOn, known.PublishedOn),
            ("expiresOn", document.ExpiresOn, known.ExpiresOn),
            ("expired", document.HasExpired, document.HasExpired && known.ExpiredOn is not null),
            ("repealedFrom", document.Repealed?.EffectiveFrom, known.RepealedFrom),
            ("supersededFrom", document.Superseded?.EffectiveFrom, known.SupersededFrom)
        );
    }

    void Term(PolicyDocument document, DocumentTerm? term)
    {
        if (term is null)
        {
            Add("consultation", "term.missing", document.Id, "the term of a published document", "none", document);
            return;
        }
        Differ(
            "consultation",
            "term.differs",
            document,
            ("effectiveFrom", document.PublicTexts[0].EffectiveFrom, term.EffectiveFrom),
            ("expiresOn", document.ExpiresOn, term.ExpiresOn),
            ("endedFrom", new[] { document.Repealed?.EffectiveFrom, document.Superseded?.EffectiveFrom }.Min(), term.EndedFrom)
        );
    }

    static IEnumerable<string> Obligations(PolicyDocument document) =>
        [
            Catalog.Obligations.Obligation.Key(document.Id.ToString()),
            .. document.PublicTexts.Skip(1).Select(t => Catalog.Obligations.Obligation.Key($"{document.Id}-r{t.Revision}")),
        ];

    // D 26: what was issued and is to be published is an obligation, which its publication meets; so is each change of its text.
    void Obligation(PolicyDocument document, Dictionary<string, Obligation> obligations)
    {
        if (
            document.State is not (DocumentState.Issued or DocumentState.Published)
            || document.Disclosure is not { Attribute: DisclosureKind.Proactive }
        )
            return;
        foreach (var (key, n) in Obligations(document).Select((k, n) => (k, n)))
        {
            if (!obligations.TryGetValue(key, out var obligation))
                Add(
                    "catalog",
                    "obligation.missing",
                    key,
                    n == 0 ? "the obligation to publish an issued document" : "the obligation of a changed text",
                    "none",
                    document
                );
            else if (document.IsPublished && !obligation.IsPublic)
                Add(
                    "catalog",
                    "obligation.unpublished",
                    key,
                    "an obligation about a published document",
                    "one about a document to come",
                    document
                );
            else if (document.IsPublished && obligation.Website() is { } website && !obligation.MetOn.ContainsKey(website))
                Add("catalog", "obligation.open", key, "met in the library by its publication", "open", document);
        }
    }

    // 三同步: the gate of Documents is open as long as the plan of Interpretation says.
    void Plan(PolicyDocument document, bool isImported, InterpretationPlan? plan)
    {
        if (
            plan is null
            && (
                document.ExemptBecause is not null
                || document.State is DocumentState.UnderReview or DocumentState.Signed or DocumentState.Issued && !isImported
            )
        )
            Add("interpretation", "plan.missing", document.Id, "a plan, since the document went to review or is exempt", "none", document);
        if (plan is null)
            return;
        if (document.ExemptBecause is not null && plan.ExemptBecause is null)
            Add(
                "interpretation",
                "plan.exempt",
                document.Id,
                "a plan of an exempt document",
                $"a plan that is {JsonDefaults.Word(plan.State)}",
                document
            );
        if (document.State is DocumentState.Withdrawn && plan.State is not PlanState.Closed)
            Add(
                "interpretation",
                "plan.open",
                document.Id,
                "a closed plan of a withdrawn document",
                JsonDefaults.Word(plan.State),
                document
            );
        if (document.State is DocumentState.Published or DocumentState.Withdrawn)
            return;
        if (plan.State is PlanState.Ready && document.Interpretation?.Revision != plan.Revision)
            findings.Add(
                new(
                    "documents",
                    "gate.interpretation",
                    $"{document.Id}",
                    $"a gate that the plan for revision {plan.Revision} closed",
                    document.Interpretation is { } other ? $"one that a plan for revision {other.Revision} closed" : "an open one",
                    "Documents is told again."
                )
                {
                    Mend = async c =>
                    {
                        var readied = (await EventsOf("interpretation", plan.Id, c)).Last(e => e.Data is PlanReadied);
                        await services["documents"].Hear([new InterpretationReadyMessage(document.Id, plan.Revision, readied.Version)], c);
                    },
                }
            );
        else if (document.Interpretation is { } ready && plan.State is not (PlanState.Ready or PlanState.Exempted))
            Add(
                "interpretation",
                "gate.interpretation",
                document.Id,
                $"a plan that is ready for revision {ready.Revision}, as Documents heard",
                $"one that is {JsonDefaults.Word(plan.State)}",
                document
            );
    }

    // inConsultation exactly while Consultation says so, and the gate of publicParticipation with it.
    async Task Consultations(CancellationToken cancellation)
    {
        for (var after = Guid.Empty; ; )
        {
            var page = await consultation
                .Session.Query<PublicConsultation>()
                .Where(c => c.Id.CompareTo(after) > 0)
                .OrderBy(c => c.Id)
                .Take(AtOnce)
                .ToListAsync(cancellation);
            if (page.Count == 0)
                break;
            after = page[^1].Id;
            var drafts = (
                await documents.Session.LoadManyAsync<PolicyDocument>(cancellation, [.. page.Select(c => c.DocumentId).Distinct()])
            ).ToDictionary(d => d.Id);
            foreach (var asked in page)
            {
                var (expected, found) = (
                    asked.IsOver ? "over" : $"under way with revision {asked.Revision}",
                    drafts.GetValueOrDefault(asked.DocumentId) switch
                    {
                        null => "no such document",
                        var d when d.Consultations.FirstOrDefault(c => c.Id == asked.Id) is { } heard => heard.IsOver
                            ? "over"
                            : $"under way with revision {heard.Revision}",
                        // It is told to end, and the message is under way.
                        _ => "never heard of",
                    }
                );
                if (expected == found)
                    continue;
                findings.Add(
                    new(
                        "documents",
                        "gate.consultation",
                        $"{asked.DocumentId} consultation {asked.Id}",
                        expected,
                        found,
                        "Documents is told again."
                    )
                    {
                        Mend = async c =>
                            await services["documents"]
                                .Hear(
                                    SentAgain
                                        .OfConsultation(asked, await EventsOf("consultation", asked.Id, c))
                                        .TakeLast(asked.IsOver ? 2 : 1),
                                    c
                                ),
                    }
                );
            }
        }
        for (var after = Guid.Empty; ; )
        {
            // The other way: what Documents heard of is there.
            var page = await documents.Rows(
                $"""
                select d.id, (c ->> 'id')::uuid from {documents.Service.TableOf<PolicyDocument>()} d, jsonb_array_elements(d.data -> 'consultations') c
                where d.id > $1 and d.id in (select id from {documents.Service.TableOf<PolicyDocument>()} where id > $1 and data -> 'consultations' <> '[]' order by id limit {AtOnce})
                order by d.id
                """,
                r => (Document: r.GetGuid(0), Consultation: r.GetGuid(1)),
                cancellation,
                after
            );
            if (page.Count == 0)
                return;
            after = page[^1].Document;
            var there = (await consultation.Session.LoadManyAsync<PublicConsultation>(cancellation, [.. page.Select(p => p.Consultation)]))
                .Select(c => c.Id)
                .ToHashSet();
            foreach (var (document, id) in page.Where(p => !there.Contains(p.Consultation)))
                findings.Add(
                    new(
                        "consultation",
                        "consultation.unknown",
                        $"{id}",
                        $"a consultation, which document {document} heard of",
                        "none",
                        "From a backup of Consultation."
                    )
                );
        }
    }

    async Task DecisionItems(CancellationToken cancellation)
    {
        foreach (var catalogue in await catalog.Session.Query<DecisionCatalogue>().ToListAsync(cancellation))
        {
            var items = catalogue.Items.Where(i => i.DocumentId is not null).ToArray();
            var linked = (
                await documents.Session.LoadManyAsync<PolicyDocument>(cancellation, [.. items.Select(i => i.DocumentId!.Value).Distinct()])
            ).ToDictionary(d => d.Id);
            foreach (var item in items)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"{catalogue.Year}/{item.Item.Code}");
                var required = linked.GetValueOrDefault(item.DocumentId!.Value)?.RequiredBy.FirstOrDefault(r => r.Item == name);
                string[] steps = item.WithdrawnBecause is null ? [.. item.Item.Steps.Select(JsonDefaults.Word)] : [];
                if (required?.ItemVersion >= item.Version && required.Steps.Select(JsonDefaults.Word).SequenceEqual(steps))
                    continue;
                findings.Add(
                    new(
                        "documents",
                        "gate.decisionItem",
                        $"{item.DocumentId} item {name}",
                        $"steps {string.Join(", ", steps)}",
                        required is null ? "never heard of" : $"steps {string.Join(", ", required.Steps.Select(JsonDefaults.Word))}",
                        "Documents is told again."
                    )
                    {
                        Mend = c =>
                            services["documents"]
                                .Hear([new DecisionItemLinkedMessage(item.DocumentId!.Value, name, item.Version, steps)], c),
                    }
                );
            }
        }
    }

    // R 37: what an evaluation came to stands in the history of its document.
    async Task Evaluations(CancellationToken cancellation)
    {
        for (var after = Guid.Empty; ; )
        {
            var page = await consultation
                .Session.Query<Evaluation>()
                .Where(e => e.Id.CompareTo(after) > 0 && e.State == EvaluationState.Concluded)
                .OrderBy(e => e.Id)
                .Take(AtOnce)
                .ToListAsync(cancellation);
            if (page.Count == 0)
                return;
            after = page[^1].Id;
            var evaluated = (
                await documents.Session.LoadManyAsync<PolicyDocument>(cancellation, [.. page.Select(e => e.DocumentId).Distinct()])
            ).ToDictionary(d => d.Id);
            foreach (var evaluation in page.Where(e => evaluated.GetValueOrDefault(e.DocumentId)?.Evaluations.Contains(e.Id) is not true))
                findings.Add(
                    new(
                        "documents",
                        "evaluation.unheard",
                        $"{evaluation.DocumentId} evaluation {evaluation.Id}",
                        "its conclusion in the history of the document",
                        "none",
                        "Documents is told again."
                    )
                    {
                        Mend = async c =>
                        {
                            var (version, concluded) = (await EventsOf("consultation", evaluation.Id, c)).Last(e =>
                                e.Data is EvaluationConcluded
                            );
                            var said = (EvaluationConcluded)concluded;
                            await services["documents"]
                                .Hear(
                                    [
                                        new EvaluationConcludedMessage(
                                            evaluation.Id,
                                            evaluation.DocumentId,
                                            version,
                                            JsonDefaults.Word(said.Conclusion),
                                            said.Reason,
                                            OfficialTime.DateIn(said.At),
                                            said.By.Id
                                        ),
                                    ],
                                    c
                                );
                        },
                    }
                );
        }
    }

    // What is asked of an open day is answered where all questions are.
    Task OpenDayQuestions(CancellationToken cancellation) =>
        Without<OpenDayQuestion, PolicyQuestion>(
            consultation,
            interpretation,
            "",
            id =>
                new(
                    "interpretation",
                    "question.unheard",
                    $"{id}",
                    "the question that was asked of an open day",
                    "none",
                    "What it says stands in its message alone: see the dead letters, or ask who asked."
                ),
            cancellation
        );

    // What others know of documents that are not there, or not public.
    async Task Strangers(CancellationToken cancellation)
    {
        await Strange<KnownDocument>(interpretation, "document.stranger");
        await Strange<DocumentTerm>(consultation, "term.stranger");

        Task Strange<TRow>(Snapshot at, string what) =>
            Without<TRow, PolicyDocument>(
                at,
                documents,
                "and lower(data ->> 'state') = 'published'",
                id =>
                    new(
                        at.Service.Name,
                        what,
                        $"{id}",
                        "a document that is in the library",
                        "none",
                        "From a backup of Documents; or delete what is known of it."
                    ),
                cancellation
            );
    }

    // Finds the rows of one service of which another one has none with the same id.
    async Task Without<TRow, TOther>(
        Snapshot at,
        Snapshot other,
        string condition,
        Func<Guid, Finding> finding,
        CancellationToken cancellation
    )
    {
        for (var after = Guid.Empty; ; )
        {
            var page = await at.Rows(
                $"select id from {at.Service.TableOf<TRow>()} where id > $1 order by id limit {AtOnce}",
                r => r.GetGuid(0),
                cancellation,
                after
            );
            if (page.Count == 0)
                return;
            after = page[^1];
            var there = (
                await other.Rows(
                    $"select id from {other.Service.TableOf<TOther>()} where id = any($1) {condition}",
                    r => r.GetGuid(0),
                    cancellation,
                    page.ToArray()
                )
            ).ToHashSet();
            foreach (var id in page.Where(id => !there.Contains(id)))
                findings.Add(finding(id));
        }
    }

    // Those that hear of every public document: what others hear of depends on what their documents said then.
    async Task<IReadOnlyList<(Subscription Subscription, DateTimeOffset Since)>> Subscriptions(CancellationToken cancellation)
    {
        const int Most = 1_000;
        var all = new List<(Subscription, DateTimeOffset)>();
        foreach (
            var subscription in await catalog
                .Session.Query<Subscription>()
                .Where(s => s.State == SubscriptionState.Active)
                .OrderBy(s => s.Id)
                .Take(Most)
                .ToListAsync(cancellation)
        )
            if (subscription.Filter is { Topic: null, Issuer: null, Subject: null, Tag: null, Q: null })
                all.Add(
                    (
                        subscription,
                        (await catalog.Session.Events.FetchStreamAsync(subscription.Id, token: cancellation)).Max(e =>
                            e.Data switch
                            {
                                SubscriptionOpened o => o.At,
                                SubscriptionConfirmed c => c.At,
                                SubscriptionFilterSet f => f.At,
                                _ => DateTimeOffset.MinValue,
                            }
                        )
                    )
                );
        return all;
    }

    async Task<DateTimeOffset> OldestDelivery(CancellationToken cancellation) =>
        (
            await catalog.Rows(
                $"select min(at) from {catalog.Service.TableOf<Delivery>()} where lower(data ->> 'state') <> 'waiting'",
                r => r.IsDBNull(0) ? DateTimeOffset.MaxValue : r.GetFieldValue<DateTimeOffset>(0),
                cancellation
            )
        )[0];

    async Task Deliveries(
        Guid[] published,
        IReadOnlyList<(Subscription Subscription, DateTimeOffset Since)> subscriptions,
        DateTimeOffset oldest,
        CancellationToken cancellation
    )
    {
        var history = (
            await documents
                .Session.Query<HistoryEntry>()
                .Where(h => h.DocumentId.IsOneOf(published) && h.What.IsOneOf(notices.Keys.ToArray()))
                .ToListAsync(cancellation)
        ).ToLookup(h => h.What is "takenDown");
        // Of what was taken from the public nothing is sent that waited, but that.
        var down = history[true].Select(h => h.DocumentId).ToHashSet();
        var told = history[true]
            .Concat(history[false].Where(h => !down.Contains(h.DocumentId)))
            // What is older was deleted, unless older ones are there still.
            .Where(h => h.At >= now - deliveriesKept || h.At > oldest)
            .Select(h => (Entry: h, Type: notices[h.What], EventId: $"{notices[h.What]}/{h.DocumentId}/{h.Version}"))
            .ToArray();
        var expected = (
            from s in subscriptions
            from t in told
            where t.Entry.At > s.Since && s.Subscription.Filter.Events?.Contains(t.Type) is not false
            select (s.Subscription, Told: t, Key: Delivery.Key(s.Subscription.SubscriptionId, t.EventId))
        ).ToArray();
        foreach (var some in expected.Chunk(10 * AtOnce))
        {
            var there = (
                await catalog.Rows(
                    $"select id from {catalog.Service.TableOf<Delivery>()} where id = any($1)",
                    r => r.GetString(0),
                    cancellation,
                    (object)some.Select(e => e.Key).ToArray()
                )
            ).ToHashSet();
            foreach (var (_, (entry, type, _), key) in some.Where(e => !there.Contains(e.Key)))
                findings.Add(
                    new(
                        "catalog",
                        "delivery.missing",
                        key,
                        $"a delivery of {type} of {entry.At:yyyy-MM-dd}",
                        "none",
                        "Catalog is told again."
                    )
                    {
                        Mend = async c =>
                            await services["catalog"]
                                .Hear(
                                    SentAgain
                                        .OfDocument(
                                            entry.DocumentId,
                                            (await EventsOf("documents", entry.DocumentId, c)).Where(e => e.Version <= entry.Version)
                                        )
                                        .TakeLast(1),
                                    c
                                ),
                    }
                );
        }
    }

    // How an event is called in the history, and in what is delivered.
    static readonly Dictionary<string, string> notices = new()
    {
        ["published"] = "document.published",
        ["amended"] = "document.changed",
        ["corrected"] = "document.changed",
        ["elementsCorrected"] = "document.changed",
        ["restored"] = "document.restored",
        ["takenDown"] = "document.takenDown",
        ["repealed"] = "document.repealed",
        ["superseded"] = "document.superseded",
        ["expired"] = "document.expired",
    };

    void Differ(string service, string what, PolicyDocument document, params (string Name, object? Expected, object? Found)[] members)
    {
        var others = members.Where(m => !Equals(m.Expected, m.Found)).ToArray();
        if (others.Length > 0)
            Add(
                service,
                what,
                document.Id,
                string.Join(", ", others.Select(m => $"{m.Name}: {Said(m.Expected)}")),
                string.Join(", ", others.Select(m => $"{m.Name}: {Said(m.Found)}")),
                document
            );

        static string Said(object? value) => value is null ? "none" : string.Create(CultureInfo.InvariantCulture, $"{value:O}");
    }

    // The service is told again all that it should have heard of the document.
    void Add(string service, string what, object id, string expected, string found, PolicyDocument document) =>
        findings.Add(
            new(service, what, $"{id}", expected, found, $"{char.ToUpperInvariant(service[0])}{service[1..]} is told again.")
            {
                Mend = async c =>
                    await services[service]
                        .Hear(
                            SentAgain.OfDocument(document.Id, await EventsOf("documents", document.Id, c)).Where(m => Listens(service, m)),
                            c
                        ),
            }
        );

    // As the services' capabilities send them.
    static bool Listens(string service, object message) =>
        (service, message) switch
        {
            ("catalog", Contracts.Documents.V1.DocumentIssuedMessage or Contracts.Documents.V1.DocumentTextChangedMessage) => true,
            ("interpretation", Contracts.Documents.V1.DocumentIssuedMessage or Contracts.Documents.V1.RevisionErasedMessage) => false,
            ("interpretation", _) => true,
            (
                _,
                Contracts.Documents.V1.DocumentExpiryChangedMessage
                    or Contracts.Documents.V1.DocumentWithdrawnMessage
                    or Contracts.Documents.V1.RevisionErasedMessage
            ) => service is "consultation",
            (
                _,
                Contracts.Documents.V1.DocumentPublishedMessage
                    or Contracts.Documents.V1.DocumentRepealedMessage
                    or Contracts.Documents.V1.DocumentSupersededMessage
                    or Contracts.Documents.V1.DocumentExpiredMessage
                    or Contracts.Documents.V1.DocumentRestoredMessage
                    or Contracts.Documents.V1.DocumentElementsCorrectedMessage
                    or Contracts.Documents.V1.DocumentVisibilityChangedMessage
            ) => true,
            _ => false,
        };

    async Task<IReadOnlyList<(long Version, object Data)>> EventsOf(string service, Guid id, CancellationToken cancellation)
    {
        await using var at = await services[service].Look(cancellation);
        return [.. (await at.Session.Events.FetchStreamAsync(id, token: cancellation)).Select(e => (e.Version, e.Data))];
    }
}
