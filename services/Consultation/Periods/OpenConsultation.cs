using System.Globalization;
using Marten;
using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Consultation.Periods;

/// <summary>
/// Opens a consultation about one revision of a draft (M 14–15, R 15): from that instant on everybody reads exactly this revision, and nothing
/// else of the draft.
/// </summary>
/// <param name="DocumentId">The draft.</param>
/// <param name="Revision">The revision; the newest when left out.</param>
/// <param name="Explanation">起草说明: what is drafted and why.</param>
/// <param name="Ways">Ways to comment beside this one: an address, a fax number.</param>
/// <param name="Contact">Whom to ask: an office and its telephone.</param>
/// <param name="ClosesOn">The last day for comments, Asia/Shanghai; when left out 30 days, and the next working day where that is a day off.</param>
/// <param name="ShorterBecause">Why it is shorter than 30 days; published with it.</param>
/// <param name="TouchesBusiness">Whether it touches business: then it is never shorter (优化营商环境条例 62). False when left out.</param>
/// <param name="Showing">When comments are shown; afterRelease when left out.</param>
/// <param name="WorkBits">How many leading zero bits the proof of work of a comment must have, 0 to 24; 0, for none, when left out.</param>
/// <param name="FeedbackWeeks">How many weeks after closing feedback is due; 12 when left out.</param>
/// <example>{"documentId": "01920f4e-7a3b-7c5d-9e2f-0a1b2c3d4e5f", "revision": 2, "explanation": "为了规范冬季供热退费，起草本办法。",
/// "ways": "信函：云泽大街1号，邮编250200。", "contact": "区住房城乡建设局物业科，0531-80000001", "closesOn": "2026-07-03"}</example>
public sealed record OpenConsultation(
    Guid? DocumentId,
    int? Revision,
    string? Explanation,
    string? Ways,
    string? Contact,
    DateOnly? ClosesOn,
    string? ShorterBecause,
    bool? TouchesBusiness,
    ShowingOfComments? Showing,
    int? WorkBits,
    int? FeedbackWeeks
) : IEndpoint
{
    const int MostWorkBits = 24;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/consultations", Post).RequireAnyRole(Roles.Publisher).Produces<ConsultationView>(201).WithName("openConsultation");

    static async Task<IResult> Post(
        OpenConsultation command,
        Caller caller,
        Documents.DocumentsClient documents,
        Catalog.CatalogClient catalog,
        Contracts.Interpretation.V1.Interpretation.InterpretationClient interpretations,
        CommentPeriod rules,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        var now = time.GetUtcNow();
        var invalid = new Invalid()
            .If(command.DocumentId is null, "/documentId", "value.missing", "The draft is required.")
            .Text("/explanation", command.Explanation, Limits.LongestText)
            .Text("/ways", command.Ways, Limits.LongestReason)
            .Text("/contact", command.Contact, Limits.LongestReason)
            .Text("/shorterBecause", command.ShorterBecause, Limits.LongestReason, required: false)
            .If(command.WorkBits is < 0 or > MostWorkBits, "/workBits", "value.outOfRange", $"0 to {MostWorkBits} bits.")
            .If(
                command.FeedbackWeeks is < 1 or > CommentPeriod.MostFeedbackWeeks,
                "/feedbackWeeks",
                "value.outOfRange",
                $"1 to {CommentPeriod.MostFeedbackWeeks} weeks."
            );
        var (closesOn, counted) = await LastDay(catalog, command.ClosesOn, rules, time.Today(), http.RequestAborted);
        rules.Check(invalid, time.Today(), closesOn, command.ShorterBecause, command.TouchesBusiness is true);
        var document = command.DocumentId is { } id ? await documents.Seen(id, "/documentId", invalid, http.RequestAborted) : null;
        var revision = command.Revision ?? document?.NewestRevision ?? 0;
        ConsultedText? text = null;
        var consultation = Guid.CreateVersion7();
        if (document is not null)
        {
            if (document.PublishedOn.Length > 0 || document.NewestRevision == 0 && document.CurrentRevision > 0)
                return Unfit(document).ToResult();
            invalid.If(document.NewestRevision == 0, "/revision", "revision.unknown", "The draft has no text yet: POST …/revisions.");
            if (document.NewestRevision > 0)
                text = await Texts.PutUp(documents, consultation, command.DocumentId!.Value, revision, invalid, http.RequestAborted);
        }
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        if (document!.DocumentState is not (DocumentState.Drafting or DocumentState.InConsultation))
            return Unfit(document).ToResult();
        var shown = await interpretations.SignedBeforeIssuance(document, revision, http.RequestAborted);
        var opened = new ConsultationOpened(
            consultation,
            command.DocumentId!.Value,
            document.Title,
            document.Issuers,
            document.Subject.OrNone(),
            revision,
            new(command.Explanation!.Trim(), command.Ways!.Trim(), command.Contact!.Trim()),
            closesOn,
            counted,
            rules.IsLongEnough(time.Today(), closesOn) ? null : command.ShorterBecause!.Trim(),
            command.TouchesBusiness is true,
            command.Showing ?? ShowingOfComments.AfterRelease,
            command.WorkBits ?? 0,
            command.FeedbackWeeks ?? rules.FeedbackWeeks,
            shown,
            caller.Actor(),
            now
        );
        return await writer.Start<PublicConsultation>(
            http,
            consultation,
            async session =>
            {
                // Two that open at once take turns: a draft is consulted on once at a time.
                await session.TakeTurn(opened.DocumentId, http.RequestAborted);
                if (
                    await session
                        .Query<PublicConsultation>()
                        .Where(c => c.DocumentId == opened.DocumentId && !c.IsOver)
                        .FirstOrDefaultAsync(http.RequestAborted) is
                    { } other
                )
                    return ConsultationProblems.AlreadyOpen.With(
                        $"The document is consulted on in {other.Id}, which is not over. Put a later revision up there: POST /api/v1/consultations/{other.Id}/revisions."
                    );
                session.Insert(text!);
                return Decision.Record(opened).Telling(Told((PublicConsultation.Next(null, opened)!, 1)));
            },
            recorded => new Answer(
                201,
                ConsultationView.Of(recorded.After(), text, now, inside: true),
                $"/api/v1/consultations/{consultation}"
            )
        );
    }

    /// <summary>What the other services hear of a consultation that is open with a revision.</summary>
    internal static ConsultationOpenedMessage Told((PublicConsultation Consultation, long Version) now) =>
        new(
            now.Consultation.Id,
            now.Consultation.DocumentId,
            now.Version,
            now.Consultation.Revision,
            now.Consultation.Title,
            now.Consultation.Body,
            now.Consultation.Issuers,
            now.Consultation.Subject,
            now.Consultation.OpenedAt,
            now.Consultation.ClosesOn,
            now.Consultation.Interpretations
        );

    internal static Problem Unfit(Document document) =>
        ConsultationProblems.DocumentState.With(
            $"The document is {document.DocumentState.GivenWord()}. It can be consulted on while it is drafting or inConsultation."
        );

    // A period that is not said otherwise ends on a working day (民法典 203).
    static async Task<(DateOnly, string)> LastDay(
        Catalog.CatalogClient catalog,
        DateOnly? given,
        CommentPeriod rules,
        DateOnly today,
        CancellationToken cancellation
    )
    {
        if (given is { } day)
            return (day, $"{today:yyyy-MM-dd} – {day:yyyy-MM-dd}");
        var counted = await catalog.CountDaysAsync(
            new() { From = today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Days = rules.MinimumDays },
            cancellationToken: cancellation
        );
        return (DateOnly.Parse(counted.DueOn, CultureInfo.InvariantCulture), counted.Explanation);
    }
}
