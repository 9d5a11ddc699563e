using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.Exchange;

/// <summary>What became of a line of an import.</summary>
public enum ImportOutcome
{
    /// <summary>Its turn has not come.</summary>
    Waiting,

    /// <summary>A document was made of it.</summary>
    Created,

    /// <summary>The document was there; texts or elements that it lacked were added.</summary>
    Extended,

    /// <summary>The document was there with all of it.</summary>
    Unchanged,

    /// <summary>Nothing was recorded: something is wrong with it.</summary>
    Refused,
}

/// <summary>A line of an import, kept until it is done and as its report afterwards.</summary>
public sealed record ImportLine
{
    /// <summary>The import and the line's number.</summary>
    public required string Id { get; init; }

    /// <summary>The import.</summary>
    public Guid ImportId { get; init; }

    /// <summary>From 1.</summary>
    public int Number { get; init; }

    /// <summary>The line or the files that it came from.</summary>
    public string Source { get; init; } = "";

    /// <summary>What is to be taken in; gone once that is done.</summary>
    public ImportDocument? Document { get; init; }

    /// <summary>What became of it.</summary>
    public ImportOutcome Outcome { get; init; }

    /// <summary>The document.</summary>
    public Guid? DocumentId { get; init; }

    /// <summary>How many texts were recorded.</summary>
    public int Recorded { get; init; }

    /// <summary>Everything that is wrong with it.</summary>
    public IReadOnlyList<ProblemError> Errors { get; init; } = [];

    /// <summary>What was taken where nothing was said, and what contradicts it: to be looked at.</summary>
    public IReadOnlyList<ProblemError> Warnings { get; init; } = [];
}
