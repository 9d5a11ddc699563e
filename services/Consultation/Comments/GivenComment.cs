using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Shared.PersonalData;

namespace PolicyPlatform.Consultation.Comments;

/// <summary>The words that a comment is about, as they are given.</summary>
/// <param name="Block">The block.</param>
/// <param name="Start">The first character, counted from 0 in UTF-16 as browsers do; with <paramref name="End"/>, or the whole block.</param>
/// <param name="End">The character behind the last one.</param>
public sealed record GivenAnchor(string? Block, int? Start, int? End);

/// <summary>What every comment says, whoever sends it and however it came.</summary>
/// <param name="Revision">The revision that it is made on; the one put up last when left out.</param>
/// <param name="Anchor">The words that it is about; the whole when left out.</param>
/// <param name="Position">What its sender thinks.</param>
/// <param name="Text">What its sender says.</param>
/// <param name="Kind">Who says it.</param>
/// <param name="Region">Where that is, a code of GB/T 2260.</param>
sealed record GivenComment(int? Revision, GivenAnchor? Anchor, Position? Position, string? Text, CommenterKind? Kind, string? Region)
{
    internal const int LongestText = 5_000,
        LongestName = 100,
        LongestContact = 200;

    /// <summary>What can be said about it without the text that it is about.</summary>
    public void Check(Invalid invalid, string at, bool needsText, SenderDetails sender) =>
        invalid
            .If(Position is null, $"{at}/position", "value.missing", "One of support, oppose and suggest.")
            .Text($"{at}/text", Text, LongestText, required: needsText)
            .If(
                Region is { Length: > 0 } && (Region.Length is not (6 or 9 or 12) || !Region.All(char.IsAsciiDigit)),
                $"{at}/region",
                "region.malformed",
                "A region is a code of GB/T 2260: 6, 9 or 12 digits."
            )
            .If(Anchor is { Block: null or "" }, $"{at}/anchor/block", "value.missing", "The block is required.")
            .If(
                Anchor is not null && Anchor.Start is null != Anchor.End is null,
                $"{at}/anchor",
                "span.incomplete",
                "Words are told by start and end; without both it is the whole block."
            )
            .Text($"{at}/name", sender.Name, LongestName, required: false)
            .Text($"{at}/contact", sender.Contact, LongestContact, required: false);

    /// <summary>The words that it is about, as they stand in a text; what is not there is noted.</summary>
    public Anchor? In(IReadOnlyDictionary<string, ConsultedBlock>? blocks, int revision, Invalid invalid, string at)
    {
        if (blocks is null)
        {
            invalid.Add($"{at}/revision", "revision.unknown", $"Revision {revision} was not put up in this consultation.");
            return null;
        }
        if (Anchor is not { Block: { Length: > 0 } id })
            return null;
        if (!blocks.TryGetValue(id, out var block))
        {
            invalid.Add(
                $"{at}/anchor/block",
                "block.unknown",
                $"Revision {revision} has no block {id}. GET /api/v1/consultations/… lists its blocks."
            );
            return null;
        }
        if (Anchor is not { Start: { } start, End: { } end })
            return new(id);
        if (start < 0 || end <= start || end > block.Text.Length)
        {
            invalid.Add(
                $"{at}/anchor",
                "span.outOfRange",
                $"Block {id} has {block.Text.Length} characters; start is 0 or more, end behind it."
            );
            return null;
        }
        var quote = block.Text[start..end];
        invalid.If(
            !Characters.AreWhole(quote),
            $"{at}/anchor",
            "span.halfCharacter",
            "Start and end stand between characters, not within one that is written as two."
        );
        return new(id, start, end, quote);
    }

    /// <summary>What it says, without numbers of people.</summary>
    public string Words => PersonalNumbers.Hide((Text ?? "").Trim());
}
