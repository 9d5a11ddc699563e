using System.Text.Json.Serialization;

namespace PolicyPlatform.Consultation.Periods;

/// <summary>
/// The text of a revision as it was put up: what everybody reads of the draft, and all that they do. It is kept here, so that nothing else
/// of the draft has to be shown to anybody, and so that comments find the words that they were made on for ever.
/// </summary>
/// <param name="Id">The consultation and the revision, <see cref="IdOf"/>.</param>
/// <param name="Blocks">The blocks in reading order.</param>
/// <param name="Erased">When it was erased for good, UTC: its blocks are there, and say nothing; null where it was not.</param>
public sealed record ConsultedText(
    string Id,
    IReadOnlyList<ConsultedBlock> Blocks,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? Erased = null
)
{
    /// <summary>The text without a word: comments go on finding the blocks that they were made on.</summary>
    public ConsultedText Erase(DateTimeOffset at) =>
        this with
        {
            Blocks = [.. Blocks.Select(b => b with { Label = null, Text = "" })],
            Erased = at,
        };

    /// <summary>The id of a text.</summary>
    public static string IdOf(Guid consultation, int revision) => $"{consultation:N}/{revision}";
}

/// <summary>A block of a text that the public is asked about.</summary>
/// <param name="Id">The same in every revision of the document.</param>
/// <param name="Kind">What it is: article, paragraph, item ….</param>
/// <param name="ParentId">The block that it belongs to; null at the top.</param>
/// <param name="Label">第八条, (一) …; null for unnumbered blocks.</param>
/// <param name="Text">The whole text of the block, its label included.</param>
public sealed record ConsultedBlock(string Id, string Kind, string? ParentId, string? Label, string Text);
