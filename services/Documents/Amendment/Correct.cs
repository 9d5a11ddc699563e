using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Amendment;

/// <summary>Corrects a published text (勘误): records it as it should have been. The wrong text stays readable under its number.</summary>
/// <param name="Text">The text as plain text.</param>
/// <param name="Markdown">Or as Markdown.</param>
/// <param name="Docx">Or as a Word file, in base64.</param>
/// <param name="Blocks">Or paragraph by paragraph.</param>
/// <param name="ChangeNote">What was wrong; the public reads it.</param>
/// <param name="Corrects">The revision that is corrected; the text in force today when left out.</param>
/// <param name="Title">标题 as it should have been, where that was wrong.</param>
/// <param name="Files">The files that go with it: forms, tables, PDFs, pictures. Those of the corrected text when left out, none when
/// empty.</param>
/// <param name="Html">Or as HTML.</param>
/// <param name="Revision">Or the text that was prepared for it with POST …/revisions, reviewed and signed as a correction of that text
/// (<c>corrects</c> of POST …/sign).</param>
/// <param name="EmergencyReason">Why a text goes no way, or not to the end of it: it is counted.</param>
/// <example>{"text": "云泽区冬季供热保障办法\n第一条 为保障居民冬季用热，制定本办法。\n第二条 供热期室内温度不低于18℃。\n第三条 本办法自2026年3月1日起施行，有效期五年。",
/// "changeNote": "第二条“18℃”误作“8℃”，予以更正。", "corrects": 1,
/// "emergencyReason": "错误涉及居民冬季安全，须即时更正。"}</example>
public sealed record Correct(
    [property: IsText] string? Text,
    [property: IsText] string? Markdown,
    byte[]? Docx,
    IReadOnlyList<GivenBlock>? Blocks,
    string? ChangeNote,
    int? Corrects,
    string? Title,
    IReadOnlyList<GivenFile>? Files = null,
    [property: IsText] string? Html = null,
    int? Revision = null,
    string? EmergencyReason = null
) : IEndpoint, ITextInput
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/documents/{id:guid}/corrections", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<RecordedText>(201)
            .WithName("correct");

    static async Task<IResult> Post(
        Guid id,
        Correct command,
        Caller caller,
        RevisionTexts texts,
        WayOfChange way,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid()
            .Text("/changeNote", command.ChangeNote, Limits.LongestNote)
            .Text("/title", command.Title, Elements.LongestTitle, required: false)
            .Text("/emergencyReason", command.EmergencyReason, Limits.LongestNote, required: false);
        if (command.Revision is { } prepared)
            return await writer.MakePublic(
                http,
                id,
                caller,
                command,
                prepared,
                command.Title,
                invalid,
                (document, _) => Task.FromResult(DecidePrepared(document, command, Corrected(document), caller.Actor(), time.GetUtcNow()))
            );
        var (text, tooLong) = command.Read(invalid);
        if ((tooLong ?? invalid.Problem) is { } problem)
            return problem.ToResult();

        return await writer.RecordText(
            http,
            id,
            caller,
            texts,
            _ => text!,
            async (document, newest, wrong, _, session) =>
                await way.Find(
                    session,
                    document,
                    new(
                        null,
                        "",
                        time.Today(),
                        command.EmergencyReason,
                        "A correction is prepared with POST …/revisions, reviewed and signed (`revision`); in an emergency it is made for a reason (`emergencyReason`).",
                        caller.Id,
                        Obstacle: Obstacle(document, Corrected(document)),
                        Actor: "drafter"
                    ),
                    isReady: false,
                    new(),
                    http.RequestAborted
                )
                    is { Problem: { } noWay }
                    ? noWay
                    : Decide(
                        document,
                        command,
                        text!.Blocks,
                        newest?.Blocks ?? [],
                        Corrected(document),
                        wrong,
                        caller.Actor(),
                        time.GetUtcNow()
                    ),
            (document, _, session) => texts.Find(session, document, Corrected(document), http.RequestAborted)
        );

        int Corrected(PolicyDocument document) => command.Corrects ?? Visibility.CurrentRevision(document, time.Today());
    }

    internal static Decision Decide(
        PolicyDocument document,
        Correct command,
        IReadOnlyList<CutBlock> blocks,
        IReadOnlyList<Block> previous,
        int corrects,
        CompleteText? wrongText,
        Actor by,
        DateTimeOffset now
    )
    {
        if (Obstacle(document, corrects) is { } problem)
            return problem;
        var wrong = document.PublicTexts.First(t => t.Revision == corrects);
        var recorded = Recording.Next(
            document,
            previous,
            blocks,
            command.ChangeNote!,
            Significance.Minor,
            by,
            now,
            // What is only prepared may have given up clauses that stay.
            document.IsNewestPublic
                ? null
                : wrongText?.Blocks
        );
        if (
            recorded.TextHash == wrongText?.TextHash
            && AttachedFiles.AreThoseOf(command.Files, wrongText.Files)
            && (command.Title is null || command.Title == wrong.Title)
        )
            return DocumentProblems.TextUnchanged.With($"The text is word for word revision {corrects}. A correction changes something.");
        return Decision
            .Record(recorded, Corrected(command, recorded.Revision, wrong, command.EmergencyReason.OrNone(), by, now))
            .Telling(
                recorded.Message(document.Id, document.Version + 2),
                Changed(document, wrong, recorded.Revision, document.Version + 2, now)
            );
    }

    // The text is what was signed; it was recorded when it was prepared.
    internal static Decision DecidePrepared(PolicyDocument document, Correct command, int corrects, Actor by, DateTimeOffset now)
    {
        if (
            (
                Obstacle(document, corrects)
                ?? WayOfChange.Unready(document, command.Revision!.Value, corrects, command.EmergencyReason.OrNone() is not null)
            ) is
            { } problem
        )
            return problem;
        var wrong = document.PublicTexts.First(t => t.Revision == corrects);
        return Decision
            .Record(
                // Signed, it is no emergency, whatever was said.
                Corrected(
                    command,
                    command.Revision!.Value,
                    wrong,
                    WayOfChange.Emergency(new(null, false, command.EmergencyReason.OrNone()), document, corrects),
                    by,
                    now
                )
            )
            .Telling(
                new Contracts.Documents.V1.RevisionRecordedMessage(document.Id, document.Version + 1, command.Revision.Value, now),
                Changed(document, wrong, command.Revision.Value, document.Version + 1, now)
            );
    }

    static Problem? Obstacle(PolicyDocument document, int corrects)
    {
        if (!document.IsPublished)
            return document.WrongState("corrected", "once it is published");
        if (document.PublicTexts.All(t => t.Revision != corrects))
            return new Invalid()
                .Add(
                    "/corrects",
                    "revision.unknown",
                    $"Revision {corrects} is no published text of this document. GET …/revisions lists those there are."
                )
                .Problem!;
        if (document.PublicTexts.FirstOrDefault(t => t.Corrects == corrects) is { } already)
            return new Invalid()
                .Add(
                    "/corrects",
                    "revision.corrected",
                    $"Revision {corrects} is corrected already: revision {already.Revision} stands for it. Correct that one."
                )
                .Problem!;
        return null;
    }

    static DocumentCorrected Corrected(Correct command, int revision, PublicText wrong, string? emergency, Actor by, DateTimeOffset now) =>
        new(revision, wrong.Revision, wrong.EffectiveFrom, command.ChangeNote!, by, now, command.Title?.Trim(), emergency);

    static Contracts.Documents.V1.DocumentTextChangedMessage Changed(
        PolicyDocument document,
        PublicText wrong,
        int revision,
        long version,
        DateTimeOffset now
    ) => new(document.Id, version, wrong.Revision, revision, wrong.EffectiveFrom, now);
}
