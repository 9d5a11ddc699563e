using System.ComponentModel;
using Marten;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Interpretation.KnownDocuments;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Interpretation.Benefits;

/// <summary>The benefits, last changed first, and one of them. The public sees what is offered; those who work on them see all.</summary>
public sealed class ReadBenefits : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/benefits", List).Produces<Page<BenefitView>>().WithName("listBenefits");
        api.MapGet("/benefits/{id:guid}", One).Produces<BenefitView>().WithName("readBenefit");
    }

    /// <summary>
    /// The benefits, last changed first, paged; by document, block, tag, body and way of access. The public, and whoever asks for
    /// <c>offered</c>, sees what is to be had today; otherwise a token shows all that is published, also outside of its days, and those who
    /// work on them see what is being worked on.
    /// </summary>
    static async Task<IResult> List(
        Guid? document,
        string? block,
        [Description("Only those with this tag.")] string? tag,
        string? body,
        [OneOf(typeof(Access))] string? access,
        [Description("Whether only what is offered is listed.")] bool? offered,
        int? pageSize,
        string? pageToken,
        Caller caller,
        IQuerySession session,
        OfferedBenefits benefits,
        Documents.DocumentsClient documents,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid);
        var by = invalid.OneOf<Access>("access", access);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var today = time.Today();
        var rows =
            caller.IsPublic || offered is true
                ? (await benefits.On(today, http.RequestAborted)).Select(b => (b.Benefit, b.Content, b.Document))
                : await Inside(session, documents, caller, http.RequestAborted);
        var shown = rows.Where(b =>
                (document is null || b.Content.DocumentId == document)
                && (block is null || b.Content.Blocks.Contains(block))
                && (tag is null || b.Content.Tags.Contains(tag))
                && (body is null || b.Content.Body == body)
                && (by is null || b.Content.Access == by)
                && (
                    page.After is not { } after
                    || b.Benefit.ChangedAt < after.At
                    || b.Benefit.ChangedAt == after.At && b.Benefit.Id.CompareTo(after.Id) < 0
                )
            )
            .OrderByDescending(b => b.Benefit.ChangedAt)
            .ThenByDescending(b => b.Benefit.Id)
            .Take(page.Size + 1)
            .ToArray();
        return Results.Ok(
            page.Page(
                shown,
                b => BenefitView.Of(b.Benefit, b.Content, b.Document, today),
                b => new Place(b.Benefit.ChangedAt, b.Benefit.Id)
            )
        );
    }

    static async Task<IEnumerable<(BenefitItem Benefit, BenefitContent Content, KnownDocument? Document)>> Inside(
        IQuerySession session,
        Documents.DocumentsClient asked,
        Caller caller,
        CancellationToken cancellation
    )
    {
        var hidden = await session.Hidden(cancellation);
        var kept = await session.Query<BenefitItem>().ToListAsync(cancellation);
        var theirs = kept.Where(b => caller.WorksFor([b.Draft.Body])).ToArray();
        // What is cut out of a draft is known to those who know of the draft.
        var seen = await asked.SeenBy(caller, session, theirs.Select(b => b.Draft.DocumentId), cancellation);
        var inside = theirs.Where(b => seen.Contains(b.Draft.DocumentId)).Select(b => b.Id).ToHashSet();
        var all = kept.Select(b => (Benefit: b, Content: inside.Contains(b.Id) ? b.Draft : b.Shown))
            .Where(b =>
                b.Content is not null
                && (caller.WorksFor([b.Benefit.Draft.Body]) || !hidden.Covers(b.Content.DocumentId, b.Content.Revision))
            )
            .ToArray();
        var documents = (
            await session.LoadManyAsync<KnownDocument>(cancellation, [.. all.Select(b => b.Benefit.DocumentId).Distinct()])
        ).ToDictionary(d => d.Id);
        return all.Select(b => (b.Benefit, b.Content!, documents.GetValueOrDefault(b.Benefit.DocumentId)));
    }

    /// <summary>
    /// One benefit, also outside of its days. Those who work on it see what is being worked on, everybody else what was published last; one
    /// that is not published or was withdrawn is not shown to them.
    /// </summary>
    static async Task<IResult> One(
        Guid id,
        Caller caller,
        IQuerySession session,
        Documents.DocumentsClient documents,
        TimeProvider time,
        HttpContext http
    )
    {
        if (await session.LoadAsync<BenefitItem>(id, http.RequestAborted) is not { } benefit)
            return NotFound(id).ToResult();
        var inside =
            caller.WorksFor([benefit.Draft.Body])
            && (await documents.SeenBy(caller, session, [benefit.Draft.DocumentId], http.RequestAborted)).Contains(
                benefit.Draft.DocumentId
            );
        if ((inside ? benefit.Draft : benefit.Shown) is not { } content)
            return NotFound(id).ToResult();
        if (!inside && (await session.Hidden(http.RequestAborted)).Refusal(content.DocumentId, content.Revision) is { } down)
            return down.ToResult();
        var document = await session.LoadAsync<KnownDocument>(benefit.DocumentId, http.RequestAborted);
        var view = BenefitView.Of(benefit, content, document, time.Today());
        // It begins and ends with its document and on days, without a version of its own.
        return http.Conditional(
            ConditionalRequests.Tag(
                benefit.Version,
                $"{document?.Version ?? 0}.{document?.LastDay?.DayNumber}{(inside ? "" : "p")}.{(view.IsOffered ? 1 : 0)}{(view.Outdated is null ? 0 : 1)}"
            ),
            () => Results.Ok(view)
        );
    }

    internal static Problem NotFound(Guid id) =>
        InterpretationProblems.BenefitNotFound.With(
            $"There is no benefit {id} that you may see. GET /api/v1/benefits lists those there are."
        );

    sealed record Place(DateTimeOffset At, Guid Id);
}
