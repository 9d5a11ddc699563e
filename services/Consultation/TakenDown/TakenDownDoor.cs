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
        if (
            !HttpMethods.IsGet(http.Request.Method)
            || !Guid.TryParse(http.GetRouteValue("id") as string, out var id)
            || http.Request.Path.Value?.Split('/') is not [_, "api", _, var kind, ..]
        )
            return await next(context);
        var session = http.RequestServices.GetRequiredService<IQuerySession>();
        var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var hidden = await session.Hidden(now, http.RequestAborted);
        return
            !hidden.IsEmpty
            && await Told(kind, id, session, http.RequestAborted) is { } told
            && !Caller.From(http.User).SeesInside(told.Bodies)
            && hidden.Refusal(told.Document, told.Revisions) is { } problem
            ? problem.ToResult()
            : await next(context);
    }

    // What a thing tells of a document, and whose it is; null for what tells of none.
    static async Task<(Guid Document, IEnumerable<int> Revisions, IReadOnlyList<string> Bodies)?> Told(
        string kind,
        Guid id,
        IQuerySession session,
        CancellationToken cancellation
    )
    {
        switch (kind)
        {
            case "consultations":
                return await session.LoadAsync<PublicConsultation>(id, cancellation) is { } c
                    ? (c.DocumentId, c.Revisions.Select(r => r.Revision), c.Issuers)
                    : null;
            case "evaluations":
                return await session.LoadAsync<Evaluation>(id, cancellation) is { } e ? (e.DocumentId, [], e.Issuers) : null;
            case "hearings":
                return
                    await session.LoadAsync<PublicHearing>(id, cancellation) is { } h
                    && await Of(h.DocumentId, h.ConsultationId) is { } document
                    ? (document, [], h.Bodies)
                    : null;
            case "questionnaires":
                return
                    await session.LoadAsync<Questionnaire>(id, cancellation) is { ConsultationId: { } consultation } q
                    && await Of(null, consultation) is { } about
                    ? (about, [], [q.Body])
                    : null;
            default:
                return null;
        }

        async Task<Guid?> Of(Guid? document, Guid? consultation) =>
            document
            ?? (
                consultation is { } of && await session.LoadAsync<PublicConsultation>(of, cancellation) is { } found
                    ? found.DocumentId
                    : null
            );
    }
}
