using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Consultation.Periods;

/// <summary>
/// Puts a later revision of the draft up in the same consultation, which goes on, or opens again. Comments keep the revision, the block and the
/// words that they were made on, and are carried to the block's new text.
/// </summary>
/// <param name="Revision">The revision; the newest when left out.</param>
/// <param name="Note">What is new in it; published.</param>
/// <param name="ClosesOn">The last day for comments, Asia/Shanghai; as it was when left out, if that has not passed.</param>
/// <example>{"revision": 3, "note": "根据意见修改了第六条的退费标准，再次征求意见。", "closesOn": "2026-08-05"}</example>
public sealed record PutUpRevision(int? Revision, string? Note, DateOnly? ClosesOn) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/consultations/{id:guid}/revisions", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<ConsultationView>()
            .WithName("putUpRevision");

    sealed record Asked(Document? Document, ConsultedText? Text, IReadOnlyList<Guid> Interpretations, Invalid Invalid);

    static Task<IResult> Post(
        Guid id,
        PutUpRevision command,
        Caller caller,
        Documents.DocumentsClient documents,
        Contracts.Interpretation.V1.Interpretation.InterpretationClient interpretations,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    ) =>
        writer.Append<PublicConsultation, Asked?>(
            http,
            id,
            async consultation =>
            {
                if (consultation is null)
                    return null;
                var invalid = new Invalid().Text("/note", command.Note, Limits.LongestReason);
                var document = await documents.Seen(consultation.DocumentId, "/documentId", invalid, http.RequestAborted);
                var revision = command.Revision ?? document?.NewestRevision ?? 0;
                var text = document is null
                    ? null
                    : await documents.PutUp(id, consultation.DocumentId, revision, invalid, http.RequestAborted);
                var signed =
                    document is null || text is null || consultation.IsOver
                        ? []
                        : await interpretations.SignedBeforeIssuance(document, revision, http.RequestAborted);
                return new(document, text, signed, invalid);
            },
            (consultation, asked, session) =>
            {
                if (consultation is null)
                    return Task.FromResult<Decision>(ConsultationSteps.NotFound(id));
                var decision = Decide(consultation, command, asked!, caller.Actor(), time.GetUtcNow());
                if (decision.Problem is null)
                    session.Insert(asked!.Text!);
                return Task.FromResult(decision);
            },
            recorded => new Answer(200, ConsultationView.Of(recorded.After(), null, time.GetUtcNow(), inside: true))
        );

    static Decision Decide(PublicConsultation consultation, PutUpRevision command, Asked asked, Actor by, DateTimeOffset now)
    {
        if (consultation.IsOver)
            return consultation.WrongState(now, "given a later revision", "until it is completed");
        var today = OfficialTime.DateIn(now);
        var closesOn = command.ClosesOn ?? consultation.ClosesOn;
        var revision = command.Revision ?? asked.Document?.NewestRevision ?? 0;
        var invalid = new Invalid(asked.Invalid)
            .If(
                revision <= consultation.Revision,
                "/revision",
                "revision.notLater",
                $"Revision {consultation.Revision} was put up last; a later one follows it."
            )
            .If(
                closesOn < today || closesOn < consultation.ClosesOn,
                "/closesOn",
                "date.notLater",
                $"{consultation.ClosesOn:yyyy-MM-dd} or a day after it, today or later."
            )
            .If(
                closesOn > today.AddDays(CommentPeriod.MostDays),
                "/closesOn",
                "date.tooFar",
                $"A consultation lasts at most {CommentPeriod.MostDays} days."
            );
        if (invalid.Problem is { } problem)
            return problem;
        if (asked.Document!.DocumentState is not (DocumentState.Drafting or DocumentState.InConsultation))
            return OpenConsultation.Unfit(asked.Document);
        var putUp = new RevisionPutUp(revision, asked.Document.Title, command.Note!.Trim(), closesOn, by, now, asked.Interpretations);
        return Decision
            .Record(putUp)
            .Telling(OpenConsultation.Told((PublicConsultation.Next(consultation, putUp)!, consultation.Version + 1)));
    }
}
