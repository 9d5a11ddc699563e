using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.OpenDays;

/// <summary>
/// A question was gathered before an open day. Its words and its answer are kept where questions about policies are, in Interpretation,
/// under the same id.
/// </summary>
public sealed record OpenDayQuestionGathered(Guid QuestionId, Guid OpenDayId, Actor By, DateTimeOffset At) : IEventOf<OpenDayQuestion>;

/// <summary>A question was asked on the day, by the public or noted by those who hold it.</summary>
/// <param name="QuestionId">The question.</param>
/// <param name="OpenDayId">The open day.</param>
/// <param name="Text">What was asked, without numbers of people.</param>
/// <param name="Receipt">The hash of the receipt with which the asker looks it up; null where it was noted.</param>
/// <param name="By">Who asked or noted it.</param>
/// <param name="At">When.</param>
public sealed record OpenDayLiveQuestionAsked(Guid QuestionId, Guid OpenDayId, string Text, string? Receipt, Actor By, DateTimeOffset At)
    : IEventOf<OpenDayQuestion>;

/// <summary>A question of the day was answered, or answered otherwise.</summary>
public sealed record OpenDayLiveQuestionAnswered(string Answer, Actor By, DateTimeOffset At) : IEventOf<OpenDayQuestion>;

/// <summary>A question for an open day.</summary>
public sealed record OpenDayQuestion : IState<OpenDayQuestion>
{
    /// <summary>The question's id, and its stream's.</summary>
    public Guid Id { get; init; }

    /// <summary>How many events there are; set by Marten.</summary>
    public long Version { get; set; }

    /// <summary>The open day.</summary>
    public Guid OpenDayId { get; init; }

    /// <summary>Whether it was asked on the day; otherwise it was gathered before, and stands in Interpretation.</summary>
    public bool IsLive { get; init; }

    /// <summary>What was asked on the day.</summary>
    public string? Text { get; init; }

    /// <summary>What was answered on the day.</summary>
    public string? Answer { get; init; }

    /// <summary>The hash of the receipt with which the asker looks it up.</summary>
    public string? Receipt { get; init; }

    /// <summary>When it was asked, UTC.</summary>
    public DateTimeOffset AskedAt { get; init; }

    /// <summary>When it was answered, UTC.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>The state after one more event.</summary>
    public static OpenDayQuestion? Next(OpenDayQuestion? question, IEventOf<OpenDayQuestion> happened) =>
        (question, happened) switch
        {
            (null, OpenDayQuestionGathered e) => new()
            {
                Id = e.QuestionId,
                OpenDayId = e.OpenDayId,
                AskedAt = e.At,
            },
            (null, OpenDayLiveQuestionAsked e) => new()
            {
                Id = e.QuestionId,
                OpenDayId = e.OpenDayId,
                IsLive = true,
                Text = e.Text,
                Receipt = e.Receipt,
                AskedAt = e.At,
            },
            ({ } q, OpenDayLiveQuestionAnswered e) => q with { Answer = e.Answer, AnsweredAt = e.At },
            _ => question,
        };
}
