using System.ComponentModel;
using Marten;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>
/// The record (笔录) of a hearing and the report on it; public once they are published. Before, those who work on the hearing read the record,
/// and participants with their receipt.
/// </summary>
public sealed class ReadHearingRecord : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/hearings/{id:guid}/record", Get).Produces<HearingRecordView>().WithName("readHearingRecord");

    static async Task<IResult> Get(
        Guid id,
        [Description("The participant's application, before the record is published.")] Guid? application,
        [Description("What the applicant was given.")] string? receipt,
        Caller caller,
        IQuerySession session,
        HttpContext http
    )
    {
        if (await session.LoadAsync<PublicHearing>(id, http.RequestAborted) is not { } hearing)
            return HearingSteps.NotFound(id).ToResult();
        var inside = caller.SeesInside(hearing.Bodies);
        var own = application is { } named ? await session.LoadAsync<HearingApplication>(named, http.RequestAborted) : null;
        var isOwn = own?.IsShownBy(id, receipt) is true;
        if (hearing.Record == 0 || hearing.PublishedAt is null && !inside && !(isOwn && hearing.IsSeated(own!.Number)))
            return (
                ConsultationProblems.HearingNotShown.With(
                    "There is no record that you may see yet. A participant reads it before it is published: ?application=…&receipt=…."
                ) with
                {
                    // Whoever applied and does not take part has guessed nothing.
                    IsWrongSecret = receipt is not null && application is not null && !isOwn,
                }
            ).ToResult();
        return await http.ConditionalAsync(
            ConditionalRequests.Tag(hearing.VersionFor(inside), inside),
            async () =>
            {
                long[] seated = [.. hearing.Seated.Select(s => s.Number)];
                var texts = await session.LoadManyAsync<HearingText>(
                    http.RequestAborted,
                    HearingText.OfRecord(id, hearing.Record),
                    HearingText.OfReport(id)
                );
                return Results.Ok(
                    new HearingRecordView(
                        id,
                        hearing.Record,
                        Text(HearingText.OfRecord(id, hearing.Record))!,
                        hearing.RecordedAt!.Value,
                        hearing.Publication?.Confirmed,
                        hearing.Publication?.Objected,
                        hearing.Publication?.Silent,
                        hearing.Publication?.SilentBecause,
                        Text(HearingText.OfReport(id)),
                        hearing.PublishedAt,
                        inside
                            ?
                            [
                                .. (await session.Find(id, seated, http.RequestAborted))
                                    .Where(r => r.Data?.Value.Objection is not null && r.Application.Answer is { Confirms: false })
                                    .Select(r => new HearingObjection(
                                        r.Application.Number,
                                        r.Application.Answer!.Record,
                                        r.Data!.Value.Objection!
                                    )),
                            ]
                            : null
                    )
                );

                string? Text(string of) => texts.FirstOrDefault(t => t.Id == of)?.Text.Value;
            }
        );
    }
}

/// <summary>The record of a hearing, and the report on it.</summary>
/// <param name="HearingId">The hearing.</param>
/// <param name="Record">Which record: 1 is the first.</param>
/// <param name="Text">Its words.</param>
/// <param name="WrittenAt">When it was written, UTC.</param>
/// <param name="Confirmed">How many participants confirmed it (M 17); null before it is published.</param>
/// <param name="Objected">How many objected to it; null before it is published.</param>
/// <param name="Silent">How many said nothing; null before it is published.</param>
/// <param name="SilentBecause">Why it was published without them.</param>
/// <param name="Report">The report; null before it is published.</param>
/// <param name="PublishedAt">When both were published, UTC; null before.</param>
/// <param name="Objections">What participants object to; only for those who work on the hearing.</param>
public sealed record HearingRecordView(
    Guid HearingId,
    int Record,
    string Text,
    DateTimeOffset WrittenAt,
    int? Confirmed,
    int? Objected,
    int? Silent,
    string? SilentBecause,
    string? Report,
    DateTimeOffset? PublishedAt,
    IReadOnlyList<HearingObjection>? Objections
);

/// <summary>An objection to a record.</summary>
/// <param name="Number">The number of the participant's application.</param>
/// <param name="Record">Which record it is to.</param>
/// <param name="Words">The words.</param>
public sealed record HearingObjection(long Number, int Record, string Words);
