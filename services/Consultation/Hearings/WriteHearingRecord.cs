using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.PersonalData;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>
/// Writes the record (笔录) of a hearing after it, or writes it anew after objections; participants then confirm it, or object (M 17).
/// Numbers of telephones, identity cards and bank cards are left out.
/// </summary>
/// <param name="Text">The words.</param>
/// <example>{"text": "时间：2026年7月20日。主持人宣布听证会开始。3号参加人：供热末端温度偏低，调价应与服务质量挂钩。"}</example>
public sealed record WriteHearingRecord([property: IsText] string? Text) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/hearings/{id:guid}/record", Post)
            .RequireAnyRole(Roles.Drafter, Roles.Publisher)
            .Produces<HearingView>()
            .WithName("writeHearingRecord");

    static Task<IResult> Post(
        Guid id,
        WriteHearingRecord command,
        Caller caller,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    ) =>
        writer.Step(
            http,
            id,
            caller,
            new Invalid().Text("/text", command.Text, Limits.LongestText),
            time,
            (hearing, session) =>
            {
                var now = time.GetUtcNow();
                if (hearing.StateAt(now) is not (HearingState.Held or HearingState.Recorded))
                    return Task.FromResult<Decision>(
                        hearing.WrongState(now, "given its record", "once it is over, until the record is published")
                    );
                var text = PersonalNumbers.Hide(command.Text!.Trim());
                var record = hearing.Record + 1;
                session.Insert(new HearingText(HearingText.OfRecord(id, record), new(text)));
                return Task.FromResult(Decision.Record(new HearingRecordWritten(record, HearingText.HashOf(text), caller.Actor(), now)));
            }
        );
}
