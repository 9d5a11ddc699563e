using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.PersonalData;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.Receipts;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>
/// Applies for a hearing: anybody, until applications are closed. The answer holds a receipt, once; with it the applicant sees what became of
/// the application, withdraws it, and has the personal data erased. A contact applies once for a hearing.
/// </summary>
/// <param name="Name">The name; the list of participants shows the surname at most, and only where that was agreed to.</param>
/// <param name="Contact">A telephone number or an e-mail address; never published.</param>
/// <param name="Kind">For whom.</param>
/// <param name="Region">Where the applicant lives or works.</param>
/// <param name="Reason">Why the applicant wants to take part.</param>
/// <param name="ShowsSurname">Whether the list of participants may show the surname; the number alone when left out.</param>
/// <example>{"name": "张三", "contact": "13800000000", "kind": "citizen", "region": "明水街道", "reason": "家住供热管网末端，希望说明实际温度。",
/// "showsSurname": true}</example>
public sealed record ApplyForHearing(string? Name, string? Contact, ApplicantKind? Kind, string? Region, string? Reason, bool? ShowsSurname)
    : IEndpoint
{
    internal const int LongestName = 50,
        LongestContact = 100,
        LongestRegion = 100,
        LongestReason = 1000;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/hearings/{id:guid}/applications", Post).Produces<AppliedForHearing>(201).WithName("applyForHearing");

    static async Task<IResult> Post(
        Guid id,
        ApplyForHearing command,
        Seals seals,
        IQuerySession query,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        // Who comes too late waits for nobody.
        if (await query.LoadAsync<PublicHearing>(id, http.RequestAborted) is not { } announced)
            return HearingSteps.NotFound(id).ToResult();
        if (Closed(announced, time.GetUtcNow()) is { } closed)
            return closed.ToResult();
        var invalid = new Invalid();
        var applicant = command.Check(announced, invalid);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var application = Guid.CreateVersion7();
        var receipt = Receipt.New();
        return await writer.Start<HearingApplication>(
            http,
            application,
            async session =>
            {
                var number = await session.NextNumber(id, http.RequestAborted);
                var hearing = await session.LoadAsync<PublicHearing>(id, http.RequestAborted);
                var now = time.GetUtcNow();
                if (Closed(hearing!, now) is { } late)
                    return late;
                return await session.Admit(application, id, applicant!, seals, http.RequestAborted) is { } taken
                    ? taken
                    : Decision.Record(
                        new HearingAppliedFor(
                            application,
                            id,
                            number,
                            command.Kind!.Value,
                            Receipt.HashOf(receipt),
                            false,
                            HearingApplication.Applicant,
                            now
                        )
                    );
            },
            recorded => new Answer(
                201,
                new AppliedForHearing(
                    application,
                    recorded.Version,
                    recorded.The<HearingAppliedFor>().Number,
                    recorded.The<HearingAppliedFor>().At,
                    receipt
                ),
                $"/api/v1/hearings/{id}/applications/{application}"
            )
        );
    }

    /// <summary>Who applies; null where something is wrong.</summary>
    internal ApplicantData? Check(PublicHearing hearing, Invalid invalid)
    {
        AnnounceHearing.Line(invalid, "/name", Name, LongestName);
        invalid
            .Text("/contact", Contact, LongestContact)
            .Text("/region", Region, LongestRegion, required: false)
            .Text("/reason", Reason, LongestReason)
            .If(
                Contact is { Length: > 0 and <= LongestContact } && ApplicantData.Normal(Contact) is null,
                "/contact",
                "contact.malformed",
                "A telephone number or an e-mail address."
            )
            .If(Kind is null, "/kind", "value.missing", "citizen, enterprise, association, expert or deputy.")
            .If(
                Kind is { } kind && hearing.Terms.Method is SelectionMethod.ByGroup && hearing.Terms.Quotas.All(q => q.Kind != kind),
                "/kind",
                "hearing.kind.noSeats",
                $"There are seats for: {string.Join(", ", hearing.Terms.Quotas.Select(q => JsonDefaults.Word(q.Kind)))}."
            );
        return invalid.Problem is null
            ? new(Name!.Trim(), Contact!.Trim(), Region.OrNone()?.Trim(), Reason!.Trim(), ShowsSurname is true)
            : null;
    }

    // What is drawn from does not change: that is said to whoever comes afterwards.
    static Problem? Closed(PublicHearing hearing, DateTimeOffset now) =>
        hearing.Terms.Method is SelectionMethod.Invitation
            ? ConsultationProblems.HearingApplicationsClosed.With("Participants of this symposium are invited.")
        : hearing.StateAt(now) is HearingState.Announced ? null
        : hearing.CancelledAt is not null ? ConsultationProblems.HearingApplicationsClosed.With("The hearing was cancelled.")
        : hearing.Pending is { } draw
            ? ConsultationProblems.HearingApplicationsClosed.With(
                $"Applications were taken until {hearing.Terms.ApplicationsUntil:u}. The pool of draw {draw.Number} is published, with its hash {draw.PoolHash}: nobody comes into it any more."
            )
        : ConsultationProblems.HearingApplicationsClosed.With($"Applications were taken until {hearing.Terms.ApplicationsUntil:u}.");
}

/// <summary>An application that is kept.</summary>
/// <param name="Id">The application.</param>
/// <param name="Version">The version of its history.</param>
/// <param name="Number">Its number, in the order of receipt; public.</param>
/// <param name="AppliedAt">When it was received, UTC.</param>
/// <param name="Receipt">Shows it to the applicant: <c>?receipt=…</c>. Told once.</param>
public sealed record AppliedForHearing(Guid Id, long Version, long Number, DateTimeOffset AppliedAt, string Receipt);
