using Marten;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>
/// Announces a hearing or a symposium (R 16, M 14 and 16): time, place and matters, and how participants are chosen, all of them before
/// anybody applies.
/// </summary>
/// <param name="Kind">In which form people are heard.</param>
/// <param name="Ground">What is heard about; majorDecision when left out.</param>
/// <param name="Title">Its title, one line.</param>
/// <param name="Place">Where, one line.</param>
/// <param name="StartsAt">When it begins.</param>
/// <param name="EndsAt">When it ends.</param>
/// <param name="Matters">What is heard about, in words.</param>
/// <param name="Contact">Whom to ask: an office and its telephone.</param>
/// <param name="Method">How participants are chosen; invitation for symposia alone.</param>
/// <param name="Seats">How many take part; by group the seats of all groups together, and may be left out.</param>
/// <param name="Quotas">The seats of each kind of participants; for byGroup alone.</param>
/// <param name="Alternates">How many may move up, by group of each kind; as many as there are seats when left out.</param>
/// <param name="ApplicationsUntil">The instant from which on no application is taken; left out where people are invited.</param>
/// <param name="ConsultationId">The consultation that it belongs to.</param>
/// <param name="DocumentId">The document that it is about; that of the consultation when left out.</param>
/// <param name="Body">Who carries it out, a code of the Catalog, where neither a consultation nor a document says so; the own organisation when left out.</param>
/// <example>{"kind": "hearing", "ground": "majorDecision", "title": "居民供热价格调整听证会", "place": "区政务服务中心三楼会议室",
/// "startsAt": "2026-07-20T01:00:00Z", "endsAt": "2026-07-20T04:00:00Z", "matters": "居民供热价格调整方案的必要性、可行性。",
/// "contact": "区住房城乡建设局物业科，0531-80000001", "method": "draw", "seats": 10, "alternates": 3,
/// "applicationsUntil": "2026-07-05T10:00:00Z"}</example>
public sealed record AnnounceHearing(
    HearingKind? Kind,
    HearingGround? Ground,
    string? Title,
    string? Place,
    DateTimeOffset? StartsAt,
    DateTimeOffset? EndsAt,
    string? Matters,
    string? Contact,
    SelectionMethod? Method,
    int? Seats,
    IReadOnlyList<SeatQuota>? Quotas,
    int? Alternates,
    DateTimeOffset? ApplicationsUntil,
    Guid? ConsultationId,
    Guid? DocumentId,
    string? Body
) : IEndpoint
{
    internal const int MostSeats = 1000,
        MostAlternates = 1000,
        MostDaysAhead = 366,
        MostHours = 72;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/hearings", Post).RequireAnyRole(Roles.Publisher).Produces<HearingView>(201).WithName("announceHearing");

    static async Task<IResult> Post(
        AnnounceHearing command,
        Caller caller,
        Documents.DocumentsClient documents,
        Catalog.CatalogClient catalog,
        IQuerySession query,
        HearingRules rules,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        var now = time.GetUtcNow();
        var invalid = new Invalid();
        var terms = command.Check(rules, now, invalid);
        var (document, bodies) = await command.Whose(caller, documents, catalog, query, invalid, http.RequestAborted);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var announced = new HearingAnnounced(Guid.CreateVersion7(), terms!, command.ConsultationId, document, bodies, caller.Actor(), now);
        return await writer.Start<PublicHearing>(
            http,
            announced.HearingId,
            _ => Task.FromResult(Decision.Record(announced).Looking(announced.HearingId, announced.Terms, rules)),
            recorded => new Answer(201, HearingView.Of(recorded.After(), now, inside: true), $"/api/v1/hearings/{announced.HearingId}")
        );
    }

    /// <summary>What is announced; null where something is wrong with it.</summary>
    internal HearingTerms? Check(HearingRules rules, DateTimeOffset now, Invalid invalid)
    {
        var today = OfficialTime.DateIn(now);
        invalid
            .If(Kind is null, "/kind", "value.missing", "hearing or symposium.")
            .If(Method is null, "/method", "value.missing", "draw, firstCome, byGroup or invitation.");
        Line(invalid, "/title", Title);
        Line(invalid, "/place", Place);
        invalid.Text("/matters", Matters, Limits.LongestReason).Text("/contact", Contact, Limits.LongestTitle);
        Times(invalid, StartsAt, EndsAt, now);
        if (Kind is { } kind && StartsAt is { } starts && starts > now)
        {
            var earliest = rules.Earliest(kind, Ground ?? HearingGround.MajorDecision, today);
            if (OfficialTime.DateIn(starts) < earliest)
                switch (kind, Ground)
                {
                    case (HearingKind.Symposium, _):
                        invalid.Add(
                            "/startsAt",
                            "hearing.notice.tooShort",
                            $"A symposium is announced {rules.SymposiumNotice} days before: it can be held from {earliest:yyyy-MM-dd} on."
                        );
                        break;
                    case (_, HearingGround.Rules):
                        invalid.Add(
                            "/startsAt",
                            "hearing.notice.tooShort",
                            $"A hearing about rules is announced {rules.RulesNotice} days before (R 16): it can be held from {earliest:yyyy-MM-dd} on."
                        );
                        break;
                    default:
                        invalid.Add(
                            "/startsAt",
                            "hearing.notice.tooShort",
                            $"A hearing is announced {rules.DecisionNotice} days before (M 16): it can be held from {earliest:yyyy-MM-dd} on."
                        );
                        break;
                }
        }
        Choosing(invalid, now);
        return invalid.Problem is null
            ? new(
                Kind!.Value,
                Ground ?? HearingGround.MajorDecision,
                Title!.Trim(),
                Place!.Trim(),
                StartsAt!.Value.ToUniversalTime(),
                EndsAt!.Value.ToUniversalTime(),
                Matters!.Trim(),
                Contact!.Trim(),
                Method!.Value,
                AllSeats!.Value,
                Quotas ?? [],
                Method is SelectionMethod.Invitation ? 0 : Alternates ?? AllSeats.Value,
                ApplicationsUntil?.ToUniversalTime(),
                rules.MaterialsDueOn(Kind.Value, StartsAt.Value)
            )
            : null;
    }

    int? AllSeats => Seats ?? (Quotas is { Count: > 0 } ? Quotas.Sum(q => Math.Clamp(q.Seats, 0, MostSeats)) : null);

    void Choosing(Invalid invalid, DateTimeOffset now)
    {
        var isByGroup = Method is SelectionMethod.ByGroup;
        var isInvitation = Method is SelectionMethod.Invitation;
        invalid
            .If(
                isInvitation && Kind is HearingKind.Hearing,
                "/method",
                "hearing.method.unfit",
                "Participants of a hearing are chosen openly (M 16); people are invited to a symposium."
            )
            .If(isByGroup && Quotas is not { Count: > 0 }, "/quotas", "value.missing", "The seats of each kind are required.")
            .If(!isByGroup && Quotas is { Count: > 0 }, "/quotas", "value.contradicts", "Kinds have seats of their own with byGroup alone.")
            .If(Quotas?.Count > Enum.GetValues<ApplicantKind>().Length, "/quotas", "value.wrong", "Each kind stands there once.")
            .If(AllSeats is null, "/seats", "value.missing", "The number of seats is required.")
            .If(AllSeats is < 1 or > MostSeats, "/seats", "value.outOfRange", $"1 to {MostSeats} seats.")
            .If(Alternates is < 0 or > MostAlternates, "/alternates", "value.outOfRange", $"0 to {MostAlternates} alternates.")
            .If(
                isByGroup && Seats is not null && Quotas is not null && Quotas.Sum(q => (long)q.Seats) != Seats,
                "/seats",
                "value.contradicts",
                "The seats are not those of all kinds together. Leave them out."
            )
            .If(
                ApplicationsUntil is null && Method is not null && !isInvitation,
                "/applicationsUntil",
                "value.missing",
                "The end of applications is required."
            )
            .If(
                ApplicationsUntil is not null && isInvitation,
                "/applicationsUntil",
                "value.contradicts",
                "Where people are invited nobody applies."
            )
            .If(
                ApplicationsUntil <= now,
                "/applicationsUntil",
                "date.inPast",
                "Applications are taken until an instant that is still to come."
            )
            .If(ApplicationsUntil >= StartsAt, "/applicationsUntil", "date.notEarlier", "Applications end before the hearing begins.");
        for (var i = 0; i < (Quotas?.Count ?? 0) && !invalid.IsFull; i++)
            invalid
                .If(Quotas![i].Seats < 1, $"/quotas/{i}/seats", "value.outOfRange", $"1 to {MostSeats} seats.")
                .If(Quotas.Take(i).Any(q => q.Kind == Quotas[i].Kind), $"/quotas/{i}/kind", "value.wrong", "Each kind stands there once.");
    }

    // Whose hearing it is says what it is about.
    async Task<(Guid? Document, IReadOnlyList<string> Bodies)> Whose(
        Caller caller,
        Documents.DocumentsClient documents,
        Catalog.CatalogClient catalog,
        IQuerySession query,
        Invalid invalid,
        CancellationToken cancellation
    )
    {
        var isTheirs = ConsultationId is not null || DocumentId is not null;
        invalid
            .Text("/body", Body, Limits.LongestCode, required: false)
            .If(
                Body.OrNone() is not null && isTheirs,
                "/body",
                "value.contradicts",
                "Who carries it out is said by the consultation or the document. Leave the body out."
            );
        if (ConsultationId is { } id)
        {
            var consultation = await query.LoadAsync<PublicConsultation>(id, cancellation);
            invalid
                .If(consultation is null, "/consultationId", "consultation.unknown", $"There is no consultation {id}.")
                .If(consultation?.IsOver is true, "/consultationId", "consultation.over", "The consultation is over.")
                .If(
                    consultation is not null && DocumentId is not null && DocumentId != consultation.DocumentId,
                    "/documentId",
                    "value.contradicts",
                    "The consultation is about another document. Leave the document out."
                );
            return (consultation?.DocumentId, consultation?.Issuers ?? []);
        }
        if (DocumentId is { } about)
            return (about, (await documents.Seen(about, "/documentId", invalid, cancellation))?.Issuers ?? []);
        if (Body.OrNone() is not { Length: <= Limits.LongestCode } body)
        {
            invalid.If(
                Body.OrNone() is null && caller.Organisation.Length == 0,
                "/body",
                "value.missing",
                "Who carries it out is required: the token speaks for no organisation."
            );
            return (null, [caller.Organisation]);
        }
        invalid.If(
            (await catalog.ResolveCodesAsync(new() { Organisations = { body } }, cancellationToken: cancellation)).Organisations.Count == 0,
            "/body",
            "organisation.unknown",
            $"The Catalog has no organisation {body} today."
        );
        return (null, [body]);
    }

    /// <summary>Notes what is wrong with the time of a hearing.</summary>
    internal static void Times(Invalid invalid, DateTimeOffset? startsAt, DateTimeOffset? endsAt, DateTimeOffset now) =>
        invalid
            .If(startsAt is null, "/startsAt", "value.missing", "When it begins is required.")
            .If(endsAt is null, "/endsAt", "value.missing", "When it ends is required.")
            .If(startsAt <= now, "/startsAt", "date.inPast", "A hearing begins at an instant that is still to come.")
            .If(
                startsAt > now.AddDays(MostDaysAhead),
                "/startsAt",
                "date.tooFar",
                $"A hearing is announced at most {MostDaysAhead} days before."
            )
            .If(
                endsAt <= startsAt || endsAt - startsAt > TimeSpan.FromHours(MostHours),
                "/endsAt",
                "value.outOfRange",
                $"It ends after it began, at most {MostHours} hours later."
            );

    // The title is what a draw is for: it is hashed by lines.
    internal static void Line(Invalid invalid, string pointer, string? value, int longest = Limits.LongestTitle, bool required = true) =>
        invalid
            .Text(pointer, value, longest, required)
            .If(
                value?.Trim().Contains('\n', StringComparison.Ordinal) is true || value is not null && !Characters.AreWhole(value),
                pointer,
                "value.malformed",
                "One line."
            );
}
