using Marten;
using PolicyPlatform.Consultation.Comments;
using PolicyPlatform.Consultation.Groups;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Reading;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Answering;

/// <summary>Writes the summary of a consultation: what was asked, what was said, what was done. It is published when the consultation is completed.</summary>
/// <param name="Text">The text, as Markdown.</param>
/// <example>{"text": "# 《供热退费办法》公开征求意见及采纳情况\n\n共收到意见128条……"}</example>
public sealed record WriteSummary([property: IsText] string? Text) : IEndpoint
{
    const int LongestSummary = 200_000;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPut("/consultations/{id:guid}/summary", Put)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter)
            .Produces<ConsultationView>()
            .WithName("writeSummary");
        api.MapGet("/consultations/{id:guid}/summary", Get).Produces<SummaryView>().WithName("readSummary");
    }

    static Task<IResult> Put(Guid id, WriteSummary command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Step(
            http,
            id,
            caller,
            new Invalid().Text("/text", command.Text, LongestSummary),
            time,
            (consultation, session) =>
            {
                if (consultation.IsOver)
                    return Task.FromResult<Decision>(
                        consultation.WrongState(time.GetUtcNow(), "summarised otherwise", "until it is completed")
                    );
                session.Store(new ConsultationSummary(id, command.Text!.Trim(), null));
                return Task.FromResult(Decision.Record(new SummaryWritten(command.Text!.Trim(), caller.Actor(), time.GetUtcNow())));
            }
        );

    /// <summary>
    /// The summary of a consultation: everybody reads it once it is published. Those who carry the consultation out read what is written before
    /// that, or a first text that is made of what is recorded.
    /// </summary>
    static async Task<IResult> Get(Guid id, Caller caller, IQuerySession session, ReadDatabase database, HttpContext http)
    {
        if (await session.LoadAsync<PublicConsultation>(id, http.RequestAborted) is not { } consultation)
            return ConsultationSteps.NotFound(id).ToResult();
        var summary = await session.LoadAsync<ConsultationSummary>(id, http.RequestAborted);
        if (summary?.PublishedAt is null && !caller.SeesInside(consultation))
            return ConsultationProblems.SummaryNotFound.With("The summary is published when the consultation is completed.").ToResult();
        if (summary is not null)
            return http.Conditional(
                ConditionalRequests.Tag(consultation.VersionFor(caller.SeesInside(consultation)), summary.PublishedAt is null ? "d" : ""),
                () => Results.Ok(new SummaryView(id, summary.Text, false, summary.PublishedAt))
            );
        var groups = await session
            .Query<CommentGroup>()
            .Where(g => g.ConsultationId == id)
            .OrderBy(g => g.MadeAt)
            .Take(MostGroups)
            .ToListAsync(http.RequestAborted);
        var counts = await CommentTally.Read(database, id, http.RequestAborted);
        return Results.Ok(new SummaryView(id, ConsultationSummary.Draft(consultation, counts, groups), true, null));
    }

    const int MostGroups = 1000;
}

/// <summary>The summary of a consultation.</summary>
/// <param name="ConsultationId">The consultation.</param>
/// <param name="Text">The text, as Markdown.</param>
/// <param name="IsProposal">Whether it is made of what is recorded, and nobody has written one.</param>
/// <param name="PublishedAt">When it was published, UTC.</param>
public sealed record SummaryView(Guid ConsultationId, string Text, bool IsProposal, DateTimeOffset? PublishedAt);
