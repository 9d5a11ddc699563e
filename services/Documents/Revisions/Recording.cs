using Marten;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Revisions;

/// <summary>Makes the event of a new revision out of a text: ids carried over, hashes chained.</summary>
static class Recording
{
    /// <summary>A text is read from at most this many events: a complete one, and what the revisions after it changed.</summary>
    internal const int MostChanges = 16;

    /// <summary>The event that records <paramref name="cut"/> as the next revision.</summary>
    /// <param name="document">The state of now.</param>
    /// <param name="previous">The blocks of the newest revision; empty when there is none.</param>
    /// <param name="cut">The new text.</param>
    /// <param name="changeNote">What was changed and why.</param>
    /// <param name="significance">What the author calls the change.</param>
    /// <param name="by">Who records it.</param>
    /// <param name="at">When, UTC.</param>
    /// <param name="known">The blocks whose ids are carried over; those of the newest revision when left out.</param>
    public static RevisionRecorded Next(
        PolicyDocument document,
        IReadOnlyList<Block> previous,
        IReadOnlyList<CutBlock> cut,
        string changeNote,
        Significance significance,
        Actor by,
        DateTimeOffset at,
        IReadOnlyList<Block>? known = null
    )
    {
        var (blocks, nextBlock) = BlockIdentity.Carry(known ?? previous, cut, document.NextBlock);
        var hash = CanonicalText.Hash(CanonicalText.Of(blocks));
        var revision = document.Revision + 1;
        var complete = new RevisionRecorded(
            revision,
            blocks,
            nextBlock,
            changeNote,
            significance,
            hash,
            CanonicalText.Chain(document.ChainHash, revision, hash),
            by,
            at,
            CanonicalForm: CanonicalText.Form
        );
        // Documents of before there were changes have no complete revision noted.
        if (previous.Count == 0 || document.CompleteRevision == 0 || revision - document.CompleteRevision >= MostChanges)
            return complete;
        var changes = TextDelta.Between(previous, blocks);
        return changes.Sum(s => s.Add.Count) > blocks.Count / 2
            ? complete
            : complete with
            {
                Blocks = [],
                Changes = changes,
                CompleteIn = document.CompleteRevision,
            };
    }

    /// <summary>
    /// Decides on a further text of a document that the caller works on, and answers with the number that it was recorded under.
    /// </summary>
    /// <param name="writer">The writer.</param>
    /// <param name="http">The request.</param>
    /// <param name="id">The document.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="texts">Where the newest text is found, and the new one is kept.</param>
    /// <param name="read">The text, told from the one that it builds on.</param>
    /// <param name="decide">The decision, on the document of now, its newest text, the one that it builds on, and the one to record.</param>
    /// <param name="basis">The text that it builds on, of the document and its newest text; its files stay where nothing else is said.</param>
    public static async Task<IResult> RecordText(
        this EventWriter writer,
        HttpContext http,
        Guid id,
        Caller caller,
        RevisionTexts texts,
        Func<CompleteText?, ReadText> read,
        Func<PolicyDocument, CompleteText?, CompleteText?, ReadText, IDocumentSession, Task<Decision>> decide,
        Func<PolicyDocument, CompleteText?, IQuerySession, Task<CompleteText?>> basis
    )
    {
        return await writer.Append<PolicyDocument>(
            http,
            id,
            async (document, session) =>
            {
                if (!caller.WorksOn(document))
                    return Visibility.NotFound(id, document);
                var newest = await texts.Newest(session, document!, http.RequestAborted);
                var before = await basis(document!, newest, session);
                var text = read(before);
                if (text.Blocks.Count == 0)
                    return CommonProblems.Erased.With("The text was erased for good. Send the text as it is to be, and the files with it.");
                if (
                    before?.Files.Any(f => f.Sent is true) is true
                    && !text.NamesFiles
                    && await session.HasFilesTakenDown(document!, before.Revision, http.RequestAborted)
                )
                    return new Invalid()
                        .Add(
                            "/files",
                            "files.takenDown",
                            "The text before is taken from the public, and its files with it. Say in `files` which of them go with this text, `[]` for none."
                        )
                        .Problem!;
                var decision = (await decide(document!, newest, before, text, session)).Attaching(text, before?.Files ?? [], session);
                return decision.WithFindings(id, document!.Erasures, text, texts, newest?.Blocks ?? []);
            },
            recorded =>
            {
                var answer = RecordedText.Of(id, recorded);
                return new(201, answer, $"/api/v1/documents/{id}/revisions/{answer.Revision}");
            }
        );
    }

    /// <summary>The text that the public has, or will have: the newest one, but for what is only prepared, was given up or was erased.</summary>
    public static async Task<CompleteText?> Shown(
        this RevisionTexts texts,
        IQuerySession session,
        PolicyDocument document,
        CompleteText? newest,
        CancellationToken cancellation
    ) => NewestPublic(document) is { } revision ? await texts.Find(session, document, revision, cancellation) : newest;

    /// <summary>
    /// The text that a drafter goes on with: the newest one, and once a prepared one was given up or erased, the newest that is public and not
    /// erased, also where it is in force only later.
    /// </summary>
    public static async Task<CompleteText?> Basis(
        this RevisionTexts texts,
        IQuerySession session,
        PolicyDocument document,
        CompleteText? newest,
        CancellationToken cancellation
    ) => document.Prepared is null ? await texts.Shown(session, document, newest, cancellation) ?? newest : newest;

    /// <summary>The newest text that is public and not erased, where it is not the newest of all; null where it is, or there is none.</summary>
    internal static int? NewestPublic(PolicyDocument document) =>
        document.IsNewestPublic
            ? null
            : document.PublicTexts.Select(t => t.Revision).Except(document.Erased).OrderDescending().Cast<int?>().FirstOrDefault();

    /// <summary>Makes a text public that was prepared for it, as it is: nothing is sent with it.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="http">The request.</param>
    /// <param name="id">The document.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="command">The request as it was read: it has no text.</param>
    /// <param name="revision">The text.</param>
    /// <param name="title">A title that was sent.</param>
    /// <param name="invalid">What is wrong with the request so far.</param>
    /// <param name="decide">The decision.</param>
    public static Task<IResult> MakePublic(
        this EventWriter writer,
        HttpContext http,
        Guid id,
        Caller caller,
        ITextInput command,
        int revision,
        string? title,
        Invalid invalid,
        Func<PolicyDocument, IDocumentSession, Task<Decision>> decide
    )
    {
        invalid
            .If(
                command.Text is not null
                    || command.Markdown is not null
                    || command.Docx is not null
                    || command.Blocks is not null
                    || command.Html is not null
                    || command.Files is not null,
                "/revision",
                "text.ambiguous",
                "Send either a text or the number of the one that was prepared."
            )
            .If(
                title is not null,
                "/title",
                "value.unexpected",
                "The title is not among what was signed: put it right with POST …/elements."
            );
        return writer.Append<PolicyDocument>(
            http,
            id,
            async (document, session) =>
                !caller.WorksOn(document) ? Visibility.NotFound(id, document)
                : invalid.Problem is { } problem ? problem
                : await session.HasFilesTakenDown(document!, revision, http.RequestAborted)
                    ? new Invalid()
                        .Add(
                            "/revision",
                            "files.takenDown",
                            "Files that go with this text are taken from the public with another one. Prepare it without them: `files` of POST …/revisions."
                        )
                        .Problem!
                : await decide(document!, session),
            recorded => new(201, new RecordedText(id, recorded.Version, revision, []), $"/api/v1/documents/{id}/revisions/{revision}")
        );
    }

    // With the text itself, or with another one that has them.
    static async Task<bool> HasFilesTakenDown(
        this IQuerySession session,
        PolicyDocument document,
        int revision,
        CancellationToken cancellation
    )
    {
        var (id, down) = (document.Id, document.Down.Select(d => d.Revision).OfType<int>().ToHashSet());
        if (down.Count == 0)
            return false;
        int?[] asked = [.. down, revision];
        var files = await session
            .Query<HistoryEntry>()
            .Where(e => e.DocumentId == id && asked.Contains(e.TextRevision))
            .ToListAsync(cancellation);
        var own = files.FirstOrDefault(e => e.TextRevision == revision)?.Files ?? [];
        return files.Where(e => down.Contains(e.TextRevision!.Value)).Any(e => e.Files?.Intersect(own).Any() is true);
    }

    /// <summary>Tells whoever recorded a text what it did not say for sure.</summary>
    public static Decision WithFindings(
        this Decision decision,
        Guid id,
        int erasures,
        ReadText text,
        RevisionTexts texts,
        IReadOnlyList<Block> previous
    ) =>
        decision.Events.OfType<RevisionRecorded>().FirstOrDefault() is { } made
            ? decision.Knowing(Finding.Of(text.Findings, texts.Expect(id, erasures, made, previous).Blocks))
            : decision;

    /// <summary>What other services are told of it.</summary>
    public static Contracts.Documents.V1.RevisionRecordedMessage Message(this RevisionRecorded recorded, Guid documentId, long version) =>
        new(documentId, version, recorded.Revision, recorded.At);
}

/// <summary>The answer to a recorded text.</summary>
/// <param name="Id">The document.</param>
/// <param name="Version">The version of the document from now on: its ETag.</param>
/// <param name="Revision">The number of the revision, 1 for the first.</param>
/// <param name="Findings">What the text did not say for sure, and what was assumed.</param>
public sealed record RecordedText(Guid Id, long Version, int Revision, IReadOnlyList<Finding> Findings)
{
    internal static RecordedText Of(Guid id, Recorded<PolicyDocument> recorded) =>
        new(id, recorded.Version, recorded.The<RevisionRecorded>().Revision, recorded.Known<IReadOnlyList<Finding>>() ?? []);
}
