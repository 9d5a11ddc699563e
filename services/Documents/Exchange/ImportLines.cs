using Marten;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Documents.Amendment;
using PolicyPlatform.Documents.Publication;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using BlockKind = PolicyPlatform.Documents.Text.BlockKind;

namespace PolicyPlatform.Documents.Exchange;

/// <summary>
/// Takes in one line: all of it in one transaction, or nothing. Of a document that is there, texts that were in force before today's complete
/// its history; one that is in force today or will be changes the law in force, and goes the way of such a change instead. Documents whose
/// issuers all stand above the district are published elsewhere, and nobody here decides on their texts: what comes of them is taken in.
/// </summary>
public sealed class ImportLines(CatalogCodes catalog, RevisionTexts texts, WayOfChange way, TimeProvider time)
{
    /// <summary>
    /// Whether a text of this first day is in force today or on any day to come, or would be if an end that was recorded is taken back: a later
    /// one that holds by today keeps it from that.
    /// </summary>
    internal static bool ChangesTheLaw(PolicyDocument state, DateOnly first, DateOnly today) =>
        !state.PublicTexts.Any(t => t.EffectiveFrom > first && t.EffectiveFrom <= today) || state.HasEndedBy(first);

    /// <summary>Writes what the line brings, and its outcome with it, to the session.</summary>
    /// <returns>What was decided; its messages are still to be sent.</returns>
    public async Task<Decision> TakeIn(ImportLine line, Actor by, IDocumentSession session, CancellationToken cancellation)
    {
        var document = line.Document!;
        var invalid = new Invalid();
        var warnings = new Invalid();
        var revisions = Read(document, invalid, warnings);
        line = line with { Warnings = [.. line.Warnings, .. warnings.Problem?.Errors ?? []] };
        var title = document.Title ?? revisions.LastOrDefault()?.Text.Title;
        var (issuers, subject) = await catalog.Codes(document.Issuers, document.Subject, invalid, cancellation);
        document = document with { Issuers = issuers, Subject = subject };
        await catalog.Check(title, document.Issuers, document.Subject, null, null, invalid, cancellation);
        DocumentNumber? number = null;
        invalid.If(
            document.DocumentNumber is { } typed && !DocumentNumber.TryParse(typed, out number),
            "/documentNumber",
            "documentNumber.malformed",
            DocumentNumber.Example
        );
        var today = time.Today();
        invalid
            .If(document.WrittenOn > today, "/writtenOn", "date.inFuture", "成文日期 is not dated ahead.")
            .If(document.PublishedOn > today, "/publishedOn", "date.inFuture", "发布日期 is not dated ahead.");
        if (invalid.Problem is { } problem)
            return Refuse(problem.Errors);

        if (number is not null)
            number = await catalog.Complete(number, document.Issuers![0], cancellation);
        var key = KnownAgain.By(number, title!, document.Issuers![0]);
        if (await session.LoadAsync<ImportedDocument>(key, cancellation) is { } again)
            return await Extend(again.DocumentId, revisions);
        if (number is null)
            return await Create();
        if (await session.LoadAsync<TakenNumber>(number.ToString(), cancellation) is { } taken)
            return await IsTheSame(taken.DocumentId)
                ? await Extend(taken.DocumentId, revisions)
                : Refuse([
                    new(
                        "/documentNumber",
                        DocumentProblems.NumberTaken.Code,
                        $"{number} belongs to document {taken.DocumentId}, which has another title and other texts. Give the right number, or put the other document right first: POST /documents/{taken.DocumentId}/elements."
                    ),
                ]);
        // What came without its number, and says the same: another document of the same title says something else.
        var byTitle = KnownAgain.By(null, title!, document.Issuers[0]);
        return
            await session.LoadAsync<ImportedDocument>(byTitle, cancellation) is { } bare
            && await session.LoadAsync<PolicyDocument>(bare.DocumentId, cancellation) is { Number: null } unnumbered
            && await SaysOneOf(unnumbered)
            ? await Extend(unnumbered.Id, revisions)
            : await Create();

        async Task<bool> IsTheSame(Guid id) =>
            await session.LoadAsync<PolicyDocument>(id, cancellation) is { } there
            && (!there.IsPublished || HasTitle(there) || await SaysOneOf(there));

        bool HasTitle(PolicyDocument there) =>
            there.PublicTexts.Any(t => CanonicalText.Fold(t.Title ?? there.Title) == CanonicalText.Fold(title!));

        async Task<bool> SaysOneOf(PolicyDocument there)
        {
            var hashes = await Hashes(there.Id);
            foreach (var revision in revisions)
                if (await Among(there, there.PublicTexts, hashes, revision) is not null)
                    return true;
            return false;
        }

        async Task<Decision> Create()
        {
            var created = Guid.CreateVersion7();
            var now = time.GetUtcNow();
            var first = revisions[0];
            var publishedOn = document.PublishedOn ?? first.EffectiveFrom;
            var serial = (await session.QueryAsync<long>($"select nextval('{DocumentsStore.IndexNumberSequence}') as data", cancellation))[
                0
            ];
            var life = new Life(null, null);
            life.Add(
                new DocumentImported(
                    created,
                    title!.Trim(),
                    document.Kind ?? DocumentKind.Other,
                    document.Issuers!,
                    document.Subject,
                    number,
                    document.WrittenOn,
                    line.Source,
                    by,
                    now
                )
            );
            var recorded = life.Record(first.Text, first.Note ?? "", by, now, session);
            var state = life.State!;
            life.Add(
                new DocumentPublished(
                    created,
                    recorded.Revision,
                    new(
                        state.Title,
                        state.Kind,
                        state.Issuers,
                        state.Subject,
                        state.Number,
                        state.WrittenOn,
                        Publish.IndexNumber(state.Issuers[0], publishedOn, serial),
                        state.Disclosure!
                    ),
                    publishedOn,
                    first.EffectiveFrom,
                    document.ExpiresOn,
                    by,
                    now
                )
            );
            foreach (var later in revisions.Skip(1))
                life.Amend(later, by, now, session);
            if (document.RepealedFrom is { } repealed)
                life.Add(new DocumentRepealed(repealed, null, "导入时已废止", by, now));
            session.Events.StartStream<PolicyDocument>(created, life.Events);
            // The rows' keys make two lines that bring the same document meet.
            session.Insert(new ImportedDocument(key, created));
            if (number is not null)
                session.Insert(new TakenNumber(number.ToString(), created));
            session.Store(line with { Document = null, Outcome = ImportOutcome.Created, DocumentId = created, Recorded = revisions.Count });
            var decision = Decision
                .Record(life.Events)
                .Telling(
                    new DocumentPublishedMessage(
                        created,
                        life.Events.Count,
                        recorded.Revision,
                        publishedOn,
                        first.EffectiveFrom,
                        ExpiresOn: document.ExpiresOn
                    )
                )
                .Expiring(created, document.ExpiresOn);
            return document.RepealedFrom is { } from
                ? decision.Telling(new DocumentRepealedMessage(created, life.Events.Count, from))
                : decision;
        }

        async Task<Decision> Extend(Guid existing, List<ReadRevision> given)
        {
            var stream = await session.Events.FetchForWriting<PolicyDocument>(existing, cancellation);
            if (stream.Aggregate is not { IsPublished: true } state)
                return Refuse([
                    new(
                        "/documentNumber",
                        "document.unpublished",
                        $"{number?.ToString() ?? title} belongs to a document that is not published yet."
                    ),
                ]);
            // What is taken from the public is not told to whoever imports, neither as the same nor as another.
            if (state.Down.Count > 0)
                return Refuse([
                    new(
                        "/documentNumber",
                        CommonProblems.TakenDown.Code,
                        "The document is taken from the public. It is imported again once it is put back."
                    ),
                ]);
            var hashes = await Hashes(existing);
            var wanted = new List<ReadRevision>();
            var (conflicts, moved) = (new Invalid(), new Invalid());
            var days = given.Select(r => r.EffectiveFrom).ToHashSet();
            foreach (var (revision, i) in given.Select((r, i) => (r, i)))
            {
                var same = state.PublicTexts.Where(t => t.EffectiveFrom == revision.EffectiveFrom).ToArray();
                if (await Among(state, same, hashes, revision) is not null)
                    continue;
                // Its first day was put right since, or is told otherwise here.
                var others = state.PublicTexts.Where(t => !days.Contains(t.EffectiveFrom)).ToArray();
                if (same.Length == 0 && await Among(state, others, hashes, revision) is { } text)
                {
                    moved.Add($"/revisions/{i}/effectiveFrom", Differs, There(existing, "施行日期", Day(text.EffectiveFrom)));
                    continue;
                }
                conflicts.If(
                    same.Length > 0,
                    $"/revisions/{i}",
                    "revision.conflict",
                    $"The library has another text from {revision.EffectiveFrom:yyyy-MM-dd} on: POST /documents/{existing}/corrections corrects it."
                );
                wanted.Add(revision);
            }
            if (conflicts.Problem is { } conflict)
                return Refuse(conflict.Errors);
            if (
                way.IsNeeded
                && wanted.Where(r => ChangesTheLaw(state, r.EffectiveFrom, today)).ToArray() is { Length: > 0 } changing
                && !await catalog.PublishElsewhere(IssuersToJudgeBy(state, document.Issuers!), cancellation)
            )
                return Refuse([
                    .. changing.Select(r => new ProblemError(
                        $"/revisions/{given.IndexOf(r)}",
                        "revision.needsWay",
                        $"From {r.EffectiveFrom:yyyy-MM-dd} on this text would be in force. Nobody changes the law in force by an import: prepare it with POST /documents/{existing}/revisions, or amend the document by order of a published one, POST /documents/{existing}/amendments."
                    )),
                ]);
            var now = time.GetUtcNow();
            var completed = Missing(state, now);
            if (completed.Events is [ElementsCorrected corrected, ..] && await session.Rename(state, corrected, cancellation) is { } taken)
                return Refuse([new("/documentNumber", taken.Kind.Code, taken.Detail)]);
            line = line with { Warnings = [.. line.Warnings, .. moved.Problem?.Errors ?? [], .. Differing(state.Then(completed.Events)!)] };
            if (wanted.Count == 0 && completed.Events.Count == 0)
            {
                session.Store(line with { Document = null, Outcome = ImportOutcome.Unchanged, DocumentId = existing });
                return Decision.Record();
            }
            var newest = await texts.Newest(session, state, cancellation);
            // The files of what is only prepared are not public, and do not become so.
            var life = new Life(state, state.IsNewestPublic ? newest : newest! with { Files = [] });
            foreach (var happened in completed.Events)
                life.Add(happened);
            foreach (var revision in wanted)
                life.Amend(revision, by, now, session);
            stream.AppendMany(life.Events);
            session.Store(line with { Document = null, Outcome = ImportOutcome.Extended, DocumentId = existing, Recorded = wanted.Count });
            return wanted.Count == 0
                ? completed
                : completed
                    .Telling(new RevisionRecordedMessage(existing, state.Version + life.Events.Count, life.State!.Revision, now))
                    .Telling([.. Changes(state, life, OfficialTime.DateIn(now), now)]);
        }

        // What one person can put right alone, or write in a line, takes nothing out of the way.
        static IReadOnlyList<string> IssuersToJudgeBy(PolicyDocument state, IReadOnlyList<string> ofLine) =>
            [.. (state.FirstIssuers ?? []).Union(state.Issuers).Union(ofLine)];

        // What the document lacks and the line brings. What it has is put right by a person, with a reason.
        Decision Missing(PolicyDocument state, DateTimeOffset now)
        {
            var decision = CorrectElements.Decide(
                state,
                new(
                    null,
                    null,
                    null,
                    state.Subject is null ? document.Subject : null,
                    null,
                    state.WrittenOn is null && document.WrittenOn <= state.PublishedOn ? document.WrittenOn : null,
                    null,
                    null,
                    null,
                    "导入补充"
                ),
                state.Number is null ? number : null,
                by,
                now
            );
            return decision.Problem is null ? decision : Decision.Record();
        }

        IEnumerable<ProblemError> Differing(PolicyDocument state)
        {
            return new Invalid()
                    .If(document.Title is not null && !HasTitle(state), "/title", Differs, There(state.Id, "标题", state.Title))
                    .If(
                        number is not null && state.Number != number,
                        "/documentNumber",
                        Differs,
                        There(state.Id, "发文字号", state.Number?.ToString())
                    )
                    .If(
                        document.Kind is { } kind && kind != state.Kind,
                        "/kind",
                        Differs,
                        There(state.Id, "kind", JsonDefaults.Word(state.Kind))
                    )
                    .If(
                        !document.Issuers!.SequenceEqual(state.Issuers),
                        "/issuers",
                        Differs,
                        There(state.Id, "发文机关", string.Join(", ", state.Issuers))
                    )
                    .If(
                        document.Subject is { } subject && subject != state.Subject,
                        "/subject",
                        Differs,
                        There(state.Id, "主题分类", state.Subject)
                    )
                    .If(
                        document.WrittenOn is { } written && written != state.WrittenOn,
                        "/writtenOn",
                        Differs,
                        There(state.Id, "成文日期", Day(state.WrittenOn))
                    )
                    .If(
                        document.PublishedOn is { } published && published != state.PublishedOn,
                        "/publishedOn",
                        Differs,
                        There(state.Id, "发布日期", Day(state.PublishedOn))
                    )
                    .If(
                        document.ExpiresOn is { } last && last != state.ExpiresOn && !state.HasEnded,
                        "/expiresOn",
                        Differs,
                        There(state.Id, "有效期至", Day(state.ExpiresOn))
                    )
                    .If(
                        document.RepealedFrom is { } repealed && repealed != state.Repealed?.EffectiveFrom,
                        "/repealedFrom",
                        Differs,
                        state.HasEnded
                            ? (Wording)
                                $"The library has another end of it, which stays. POST /documents/{state.Id}/restore takes a wrong one back."
                            : $"The library has no repeal of it. POST /documents/{state.Id}/repeal repeals it."
                    )
                    .Problem?.Errors
                ?? [];
        }

        static Wording There(Guid id, string element, string? value) =>
            value is null
                ? (Wording)$"The library has no {element}. POST /documents/{id}/elements puts it right."
                : $"The library has {element} {value}, which stays. POST /documents/{id}/elements puts it right.";

        static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

        // The texts that are in force by now, or will be. What was in force once and is not any more changes nothing for those who explain
        // what is.
        static IEnumerable<DocumentTextChangedMessage> Changes(PolicyDocument before, Life life, DateOnly today, DateTimeOffset now)
        {
            var known = before.PublicTexts.ToList();
            foreach (var text in life.State!.PublicTexts.Skip(known.Count).OrderBy(t => t.EffectiveFrom).ToArray())
            {
                if (life.State.TextInForceOn(text.EffectiveFrom > today ? text.EffectiveFrom : today) != text)
                    continue;
                var version =
                    before.Version + life.Events.FindIndex(e => e is DocumentAmended amended && amended.Revision == text.Revision) + 1;
                yield return new(
                    before.Id,
                    version,
                    (known.InForceOn(text.EffectiveFrom) ?? known.Earliest()).Revision,
                    text.Revision,
                    text.EffectiveFrom,
                    now
                );
                known.Add(text);
            }
        }

        async Task<Dictionary<int, string?>> Hashes(Guid existing) =>
            (
                await session.Query<HistoryEntry>().Where(e => e.DocumentId == existing && e.TextRevision != null).ToListAsync(cancellation)
            ).ToDictionary(e => e.Revision!.Value, e => e.TextHash);

        // The text that says the same. One that was read by an earlier rule, or has its lines broken elsewhere, has another hash and the same
        // words.
        async Task<PublicText?> Among(
            PolicyDocument existing,
            IReadOnlyList<PublicText> known,
            Dictionary<int, string?> hashes,
            ReadRevision revision
        )
        {
            var hash = CanonicalText.Hash(string.Join('\n', revision.Text.Blocks.Select(b => b.Text)));
            if (known.FirstOrDefault(t => hashes.GetValueOrDefault(t.Revision) == hash) is { } same)
                return same;
            foreach (var one in known)
                if (
                    await texts.Find(session, existing, one.Revision, cancellation) is { } text
                    && (text.CanonicalForm < CanonicalText.Form || revision.Text.Blocks.All(b => b.Kind is not BlockKind.Table))
                    && Words(CanonicalText.Of(text.Blocks)) == Words(string.Concat(revision.Text.Blocks.Select(b => b.Text)))
                )
                    return one;
            return null;

            static string Words(string text) => CanonicalText.Fold(Characters.CleanText(text));
        }

        Decision Refuse(IReadOnlyList<ProblemError> errors)
        {
            session.Store(line with { Document = null, Outcome = ImportOutcome.Refused, Errors = errors });
            return Decision.Record();
        }
    }

    static List<ReadRevision> Read(ImportDocument document, Invalid invalid, Invalid warnings)
    {
        var revisions = new List<ReadRevision>();
        invalid.If(document.Revisions is not { Count: > 0 }, "/revisions", "value.missing", "At least one text is required.");
        foreach (var (revision, i) in (document.Revisions ?? []).Select((r, i) => (r, i)))
        {
            var own = new Invalid().Text("/note", revision.Note, Limits.LongestNote, required: false);
            var (text, tooLong) = revision.Read(own);
            var named = text is null ? null : OwnDays.In(text.Blocks);
            var days = new Invalid();
            var effectiveFrom = FirstDay(document, revision, named, i, days, warnings);
            if (tooLong is not null)
                own.Add("/text", tooLong.Kind.Code, tooLong.Detail);
            // The title is the element's own.
            foreach (var finding in (text?.Findings ?? []).Where(f => f.Code != "title.missing").Take(MostFindings))
                warnings.Add(
                    finding.Place < 0 ? $"/revisions/{i}" : $"/revisions/{i}/blocks/{finding.Place}",
                    finding.Code,
                    finding.Detail
                );
            foreach (var error in (days.Problem?.Errors ?? []).Concat(own.Problem?.Errors ?? []))
                invalid.Add($"/revisions/{i}{error.Pointer}", error.Code, error.Detail);
            if (own.Problem is null && days.Problem is null)
                revisions.Add(new(text!, effectiveFrom!.Value, revision.Note));
        }
        invalid.If(
            revisions.Select(r => r.EffectiveFrom).Distinct().Count() < revisions.Count,
            "/revisions",
            "revision.conflict",
            "Two texts take effect on the same day."
        );
        return [.. revisions.OrderBy(r => r.EffectiveFrom)];
    }

    /// <summary>
    /// The first day of a text: what is said, else what the text names, unless that lies before it was made, else 发布日期. What contradicts it
    /// is told.
    /// </summary>
    static DateOnly? FirstDay(ImportDocument document, ImportRevision revision, OwnDays? named, int i, Invalid invalid, Invalid warnings)
    {
        var at = $"/revisions/{i}/effectiveFrom";
        var made = document.WrittenOn ?? document.PublishedOn;
        var own = document.PublishedOn is { } on ? named?.From(on) : named?.EffectiveFrom;
        if (own < made)
            own = null;
        if (revision.EffectiveFrom is { } said)
        {
            warnings.If(
                own is { } other && other != said && document.Revisions!.Count == 1,
                at,
                "date.contradictsText",
                $"The text says {named?.Words}; {said:yyyy-MM-dd} was given and taken."
            );
            return said;
        }
        if (own is { } day)
        {
            warnings.Add(at, "date.taken", $"{day:yyyy-MM-dd} was taken from the text, which says {named!.Words}.");
            return day;
        }
        invalid.If(
            document.PublishedOn is null,
            "/effectiveFrom",
            "value.missing",
            "The first day of the text is required: neither the text nor 发布日期 tells it."
        );
        if (document.PublishedOn is { } published)
            warnings.Add(at, "date.taken", $"{published:yyyy-MM-dd}, 发布日期, was taken: the text names no day.");
        return document.PublishedOn;
    }

    const int MostFindings = 20;

    const string Differs = "element.differs";

    sealed record ReadRevision(ReadText Text, DateOnly EffectiveFrom, string? Note);

    /// <summary>A life that is put together event by event.</summary>
    sealed class Life(PolicyDocument? state, CompleteText? newest)
    {
        public PolicyDocument? State { get; private set; } = state;
        public List<object> Events { get; } = [];

        public void Add(object happened)
        {
            Events.Add(happened);
            State = State.Then(happened);
        }

        public RevisionRecorded Record(ReadText text, string note, Actor by, DateTimeOffset at, IDocumentSession session)
        {
            var recorded = (RevisionRecorded)
                Decision
                    .Record(Recording.Next(State!, newest?.Blocks ?? [], text.Blocks, note, Significance.Major, by, at))
                    .Attaching(text, newest?.Files ?? [], session)
                    .Events[0];
            newest = RevisionTexts.Complete(recorded, newest?.Blocks ?? []);
            Add(recorded);
            return recorded;
        }

        public void Amend(ReadRevision revision, Actor by, DateTimeOffset at, IDocumentSession session)
        {
            var recorded = Record(revision.Text, revision.Note ?? "", by, at, session);
            Add(new DocumentAmended(recorded.Revision, revision.EffectiveFrom, null, revision.Note ?? "历次修订文本导入", by, at));
        }
    }
}
