using Marten;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Documents.Relations;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Amendment;

/// <summary>Amends a published document (修改): records its new complete text, which is in force from a day on.</summary>
/// <param name="Text">The text as plain text.</param>
/// <param name="Markdown">Or as Markdown.</param>
/// <param name="Docx">Or as a Word file, in base64.</param>
/// <param name="Blocks">Or paragraph by paragraph.</param>
/// <param name="ChangeNote">What was amended and by what decision (修改决定); the public reads it.</param>
/// <param name="Significance">What the author calls the change; <c>major</c> when left out.</param>
/// <param name="EffectiveFrom">The first day of the new text, Asia/Shanghai. It can lie in the future: until then the old text is in
/// force.</param>
/// <param name="AmendedBy">The published document that orders the amendment, in force on its first day; it names this one by title or number.</param>
/// <param name="Title">标题 from then on, where the amendment changes it.</param>
/// <param name="Files">The files that go with it: forms, tables, PDFs, pictures. Those of the text before when left out, none when
/// empty.</param>
/// <param name="Html">Or as HTML.</param>
/// <param name="Revision">Or the text that was prepared for it with POST …/revisions, reviewed and signed.</param>
/// <param name="EmergencyReason">Why a text goes no way, or not to the end of it, and no document orders it: it is counted.</param>
/// <example>{"text": "云泽区冬季供热保障办法\n第一条 为保障居民冬季用热，制定本办法。\n第二条 供热期室内温度不低于20℃。\n第三条 本办法自2026年3月1日起施行，有效期五年。",
/// "changeNote": "根据区政府第15次常务会议决定修改：提高室温标准。", "significance": "major", "effectiveFrom": "2026-09-01",
/// "amendedBy": "01920f4e-8b4c-7d6e-8f30-1b2c3d4e5f60"}</example>
public sealed record Amend(
    [property: IsText] string? Text,
    [property: IsText] string? Markdown,
    byte[]? Docx,
    IReadOnlyList<GivenBlock>? Blocks,
    string? ChangeNote,
    Significance? Significance,
    DateOnly? EffectiveFrom,
    Guid? AmendedBy,
    string? Title,
    IReadOnlyList<GivenFile>? Files = null,
    [property: IsText] string? Html = null,
    int? Revision = null,
    string? EmergencyReason = null
) : IEndpoint, ITextInput
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/documents/{id:guid}/amendments", Post).RequireAnyRole(Roles.Publisher).Produces<RecordedText>(201).WithName("amend");

    static async Task<IResult> Post(
        Guid id,
        Amend command,
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
            .Text("/emergencyReason", command.EmergencyReason, Limits.LongestNote, required: false)
            .If(command.EffectiveFrom is null, "/effectiveFrom", "value.missing", "The first day of the new text is required.");
        if (command.Revision is { } prepared)
            return await writer.MakePublic(
                http,
                id,
                caller,
                command,
                prepared,
                command.Title,
                invalid,
                (document, session) =>
                    Ordered(
                        document,
                        session,
                        isReady: true,
                        ground => DecidePrepared(document, command, ground, way.IsNeeded, caller.Actor(), time.GetUtcNow())
                    )
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
            (document, newest, shown, _, session) =>
                Ordered(
                    document,
                    session,
                    isReady: false,
                    ground => Decide(document, command, ground, text!.Blocks, newest, shown, caller.Actor(), time.GetUtcNow())
                ),
            // What is only prepared, or was given up, is not what the public has.
            (document, newest, session) => texts.Shown(session, document, newest, http.RequestAborted)
        );

        async Task<Decision> Ordered(PolicyDocument document, IDocumentSession session, bool isReady, Func<Ground, Decision> decide)
        {
            var (ground, noWay) = await way.Find(
                session,
                document,
                new(
                    command.AmendedBy,
                    "/amendedBy",
                    command.EffectiveFrom!.Value,
                    command.EmergencyReason,
                    "An amendment is prepared with POST …/revisions, reviewed and signed (`revision`), or ordered by a published document (`amendedBy`); in an emergency it is made for a reason (`emergencyReason`).",
                    caller.Id,
                    Does: RelationKind.Amends,
                    Obstacle: Obstacle(document, command),
                    Actor: "drafter"
                ),
                isReady,
                new(),
                http.RequestAborted
            );
            if (noWay is not null)
                return noWay;
            var decision = decide(ground);
            if (decision.Problem is null && ground.Order is { } other)
                other.State(
                    RelationKind.Amends,
                    id,
                    command.EffectiveFrom!.Value,
                    command.ChangeNote,
                    caller.Actor(),
                    time.GetUtcNow(),
                    // What a clean-up began for this document says since then that it amends it.
                    (await session.BegunFor(other.Id, document.Id, http.RequestAborted))?.Id
                );
            return decision;
        }
    }

    internal static Decision Decide(
        PolicyDocument document,
        Amend command,
        Ground ground,
        IReadOnlyList<CutBlock> blocks,
        CompleteText? newest,
        CompleteText? shown,
        Actor by,
        DateTimeOffset now
    )
    {
        if (Obstacle(document, command) is { } problem)
            return problem;
        var recorded = Recording.Next(
            document,
            newest?.Blocks ?? [],
            blocks,
            command.ChangeNote!,
            command.Significance ?? Documents.Significance.Major,
            by,
            now,
            shown?.Blocks
        );
        if (
            shown is not null
            && recorded.TextHash == CanonicalText.Hash(CanonicalText.Of(shown.Blocks))
            && AttachedFiles.AreThoseOf(command.Files, shown.Files)
        )
            return DocumentProblems.TextUnchanged.With(
                $"The text is word for word revision {shown.Revision}. An amendment changes something."
            );
        return Decision
            .Record(recorded, Amended(command, recorded.Revision, ground.Emergency, by, now))
            .Telling(
                recorded.Message(document.Id, document.Version + 2),
                Changed(document, command, recorded.Revision, document.Version + 2, now)
            );
    }

    // The text is what was signed; it was recorded when it was prepared.
    internal static Decision DecidePrepared(
        PolicyDocument document,
        Amend command,
        Ground ground,
        bool needsWay,
        Actor by,
        DateTimeOffset now
    )
    {
        var (revision, otherwise) = (command.Revision!.Value, ground.IsOrdered || ground.Emergency is not null);
        if ((Obstacle(document, command) ?? WayOfChange.Unready(document, revision, corrects: null, otherwise)) is { } problem)
            return problem;
        var signedOn = document.Prepared!.SignedOn;
        var isEarly = needsWay && command.EffectiveFrom < signedOn;
        var emergency = isEarly ? ground.Emergency : WayOfChange.Emergency(ground, document, corrects: null);
        if (isEarly && !ground.IsOrdered && emergency is null)
            return new Invalid()
                .Add(
                    "/effectiveFrom",
                    "date.tooEarly",
                    $"The text was signed on {signedOn:yyyy-MM-dd}. It does not take effect before that, unless a published document orders it (`amendedBy`) or in an emergency (`emergencyReason`)."
                )
                .Problem!;
        return Decision
            .Record(Amended(command, revision, emergency, by, now))
            .Telling(
                new RevisionRecordedMessage(document.Id, document.Version + 1, revision, now),
                Changed(document, command, revision, document.Version + 1, now)
            );
    }

    static Problem? Obstacle(PolicyDocument document, Amend command)
    {
        if (!document.IsPublished || document.HasEnded)
            return document.WrongState("amended", "while it is published and neither repealed nor superseded");
        var first = document.PublicTexts.Earliest().EffectiveFrom;
        if (command.EffectiveFrom < first)
            return new Invalid()
                .Add(
                    "/effectiveFrom",
                    "date.tooEarly",
                    $"An amendment does not take effect before the document itself, {first:yyyy-MM-dd}."
                )
                .Problem!;
        return null;
    }

    static DocumentAmended Amended(Amend command, int revision, string? emergency, Actor by, DateTimeOffset now) =>
        new(revision, command.EffectiveFrom!.Value, command.AmendedBy, command.ChangeNote!, by, now, command.Title?.Trim(), emergency);

    static DocumentTextChangedMessage Changed(PolicyDocument document, Amend command, int revision, long version, DateTimeOffset now) =>
        new(
            document.Id,
            version,
            document.TextInForceOn(command.EffectiveFrom!.Value)!.Revision,
            revision,
            command.EffectiveFrom.Value,
            now
        );
}
