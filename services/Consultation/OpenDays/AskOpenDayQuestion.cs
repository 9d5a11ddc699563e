using Marten;
using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.PersonalData;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.PersonalData;
using PolicyPlatform.Shared.Receipts;

namespace PolicyPlatform.Consultation.OpenDays;

/// <summary>
/// Asks a question for an open day: anybody. One that comes before the day is answered as questions about policies are, and read at
/// <c>/questions/{id}</c> with its receipt; one that comes on the day is answered there. Those who hold the open day note what is asked aloud,
/// also afterwards.
/// </summary>
/// <param name="Question">The question.</param>
/// <example>{"question": "供热调度中心怎样判断哪个小区温度不达标？"}</example>
public sealed record AskOpenDayQuestion(string? Question) : IEndpoint
{
    const int Longest = 2000;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/open-days/{id:guid}/questions", Post).Produces<AskedForOpenDay>(201).WithName("askOpenDayQuestion");

    static async Task<IResult> Post(
        Guid id,
        AskOpenDayQuestion command,
        Caller caller,
        Seals seals,
        IQuerySession query,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        if (await query.LoadAsync<OpenDay>(id, http.RequestAborted) is not { } day)
            return OpenDaySteps.NotFound(id).ToResult();
        if (new Invalid().Text("/question", command.Question, Longest).Problem is { } problem)
            return problem.ToResult();
        var question = Guid.CreateVersion7();
        var receipt = caller.IsPublic ? Receipt.New() : null;
        var text = PersonalNumbers.Hide(command.Question!.Trim());
        var now = time.GetUtcNow();
        return await writer.Start<OpenDayQuestion>(
            http,
            question,
            _ =>
                Task.FromResult(
                    Decide(
                        day,
                        question,
                        text,
                        receipt is null ? null : Receipt.HashOf(receipt),
                        caller.Anybody(),
                        caller.WorksFor([day.Body]),
                        now,
                        seals.ForMessage
                    )
                ),
            recorded =>
            {
                var isLive = recorded.After().IsLive;
                return new Answer(
                    201,
                    new AskedForOpenDay(question, isLive, receipt),
                    isLive ? $"/api/v1/open-days/{id}/questions/{question}" : $"/api/v1/questions/{question}"
                );
            }
        );
    }

    /// <summary>Whether a question is for before or for the day is for the clock to say.</summary>
    internal static Decision Decide(
        OpenDay day,
        Guid question,
        string text,
        string? receipt,
        Actor by,
        bool holdsIt,
        DateTimeOffset now,
        Func<string, string> seal
    )
    {
        var state = day.StateAt(now);
        return state is OpenDayState.Announced && now < day.QuestionsUntil
                ? Decision
                    .Record(new OpenDayQuestionGathered(question, day.Id, by, now))
                    .Telling(new OpenDayQuestionAskedMessage(question, day.Id, day.Body, seal(text), receipt, now))
            : state is OpenDayState.Underway || state is OpenDayState.Over && holdsIt
                ? Decision.Record(new OpenDayLiveQuestionAsked(question, day.Id, text, receipt, by, now))
            : ConsultationProblems.OpenDayQuestionsClosed.With(
                $"Questions were gathered until {day.QuestionsUntil.OnTheClock()}, and are asked on the day from {day.StartsAt.OnTheClock()} to {day.EndsAt.OnTheClock()}. The open day is {JsonDefaults.Word(state)}."
            );
    }
}

/// <summary>A question that was asked.</summary>
/// <param name="Id">The question.</param>
/// <param name="IsLive">Whether it was asked on the day: then it is read at <c>/open-days/{id}/questions</c>, otherwise at <c>/questions</c>.</param>
/// <param name="Receipt">Shows it to the asker: <c>?receipt=…</c>. Told once; null for staff.</param>
public sealed record AskedForOpenDay(Guid Id, bool IsLive, string? Receipt);
