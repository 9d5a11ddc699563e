using PolicyPlatform.Consultation.Comments;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Groups;

/// <summary>A group was made.</summary>
public sealed record GroupMade(
    Guid GroupId,
    Guid ConsultationId,
    string Title,
    string? Description,
    IReadOnlyList<string> Blocks,
    Actor By,
    DateTimeOffset At
) : IEventOf<CommentGroup>;

/// <summary>What it is about was put otherwise.</summary>
public sealed record GroupDescribed(string Title, string? Description, IReadOnlyList<string> Blocks, Actor By, DateTimeOffset At)
    : IEventOf<CommentGroup>;

/// <summary>The group, and with it every comment in it, got its feedback (M 18); a later one takes the place of an earlier one.</summary>
public sealed record GroupAnswered(Feedback Feedback, Actor By, DateTimeOffset At) : IEventOf<CommentGroup>;

/// <summary>意见归类: comments that say the same, or are about the same, and are answered together.</summary>
public sealed record CommentGroup : IState<CommentGroup>
{
    /// <summary>The group's id, and its stream's.</summary>
    public Guid Id { get; init; }

    /// <summary>How many events there are; set by Marten.</summary>
    public long Version { get; set; }

    /// <summary>The consultation.</summary>
    public Guid ConsultationId { get; init; }

    /// <summary>What the comments say, in a few words.</summary>
    public string Title { get; init; } = "";

    /// <summary>The same at length.</summary>
    public string? Description { get; init; }

    /// <summary>The blocks that they are about.</summary>
    public IReadOnlyList<string> Blocks { get; init; } = [];

    /// <summary>What became of it; null while nobody has said.</summary>
    public Feedback? Feedback { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public DateTimeOffset MadeAt { get; init; }

    /// <summary>When something last happened to it, UTC.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>The state after one more event.</summary>
    public static CommentGroup? Next(CommentGroup? group, IEventOf<CommentGroup> happened) =>
        (group, happened) switch
        {
            (null, GroupMade e) => new()
            {
                Id = e.GroupId,
                ConsultationId = e.ConsultationId,
                Title = e.Title,
                Description = e.Description,
                Blocks = e.Blocks,
                MadeAt = e.At,
                ChangedAt = e.At,
            },
            ({ } g, GroupDescribed e) => g with { Title = e.Title, Description = e.Description, Blocks = e.Blocks, ChangedAt = e.At },
            ({ } g, GroupAnswered e) => g with { Feedback = e.Feedback, ChangedAt = e.At },
            _ => group,
        };
}
