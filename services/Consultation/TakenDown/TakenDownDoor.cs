using Marten;
using PolicyPlatform.Consultation.Evaluations;
using PolicyPlatform.Consultation.Hearings;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.Consultation.Questionnaires;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Consultation.TakenDown;

/// <summary>
/// Stands before all that is read of one thing: of what is about a document, or was asked about a text, that is taken from the public, nobody
/// reads anything but the explanation who does not work on it.
/// </summary>
static class TakenDownDoor
{
    /// <summary>Answers with the explanation, or lets the call go on.</summary>
    public static async ValueTask<object?> Refuse(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        // The pattern of the endpoint, however its path is written.
        if (
            !HttpMethods.IsGet(http.Request.Method)
            || (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText?.Split('/') is not [_, "api", _, var kind, "{id:guid}", ..]
            || !Guid.TryParse(http.GetRouteValue("id") as string, out var id)
        )
            return await next(context);
        var session = http.RequestServices.GetRequiredService<IQuerySession>();
        return await session.Refusal(kind, id, Caller.From(http.User), http.RequestAborted) is { } problem
            ? problem.ToResult()
            : await next(context);
    }

    /// <summary>Why a caller does not read a thing: what it tells of is taken from the public. Null where that is not so.</summary>
    /// <param name="session">Where it is.</param>
    /// <param name="kind">What it is, as its path says: consultations.</param>
    /// <param name="id">Its id.</param>
    /// <param name="caller">Who reads.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<Problem?> Refusal(
        this IQuerySession session,
        string kind,
        Guid id,
        Caller caller,
        CancellationToken cancellation
    )
    {
        var hidden = await session.Hidden(cancellation);
        return !hidden.IsEmpty && await session.Told(kind, id, cancellation) is { } told && !caller.ReadsTakenDown(told.Bodies)
            ? hidden.Refusal(told.Document, told.Revisions)
            : null;
    }

    /// <summary>Whether the caller reads what is taken from the public: those who see the document from within do.</summary>
    public static bool ReadsTakenDown(this Caller caller, IReadOnlyList<string> bodies) =>
        caller.SeesInside(bodies) || caller.HasAny(Roles.Signer);

    // What a thing tells of a document, and whose it is; null for what tells of none.
    static async Task<Teller?> Told(this IQuerySession session, string kind, Guid id, CancellationToken cancellation)
    {
        switch (kind)
        {
            case "consultations":
                return await session.LoadAsync<PublicConsultation>(id, cancellation) is { } c
                    ? new(c.DocumentId, [.. c.Revisions.Select(r => r.Revision)], c.Issuers)
                    : null;
            case "evaluations":
                return await session.LoadAsync<Evaluation>(id, cancellation) is { } e ? new(e.DocumentId, [], e.Issuers) : null;
            case "hearings":
                return await session.LoadAsync<PublicHearing>(id, cancellation) switch
                {
                    { DocumentId: { } document } h => new(document, [], h.Bodies),
                    { ConsultationId: { } consultation } => await session.Told("consultations", consultation, cancellation),
                    _ => null,
                };
            case "questionnaires":
                return await session.LoadAsync<Questionnaire>(id, cancellation) switch
                {
                    { ConsultationId: { } consultation } => await session.Told("consultations", consultation, cancellation),
                    { About: { Kind: EvaluationKind } about } when Guid.TryParse(about.Id, out var evaluation) => await session.Told(
                        "evaluations",
                        evaluation,
                        cancellation
                    ),
                    _ => null,
                };
            default:
                return null;
        }
    }

    /// <summary>What a questionnaire says that it belongs to, where that is an evaluation.</summary>
    public const string EvaluationKind = "evaluation";

    sealed record Teller(Guid Document, IReadOnlyList<int> Revisions, IReadOnlyList<string> Bodies);
}
