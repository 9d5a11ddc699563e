namespace PolicyPlatform.Documents;

/// <summary>On what ground something is taken from the public (D 14, 15).</summary>
public enum TakeDownGround
{
    /// <summary>国家秘密: what is to be kept secret, or may be.</summary>
    StateSecret,

    /// <summary>个人隐私: facts about persons that they do not want told.</summary>
    PersonalData,

    /// <summary>商业秘密: facts about a business that it does not want told.</summary>
    TradeSecret,

    /// <summary>What would endanger the security of the state, the public or the economy, or the stability of society.</summary>
    Security,

    /// <summary>A court or a superior authority orders it.</summary>
    Order,

    /// <summary>It was published by mistake.</summary>
    Mistake,
}

/// <summary>What the public does not read for the time being, though it is published.</summary>
/// <param name="Revision">The text; null for the whole document.</param>
/// <param name="Ground">On what ground.</param>
/// <param name="Explanation">What the public reads in its place.</param>
/// <param name="At">Since when, UTC.</param>
public sealed record TakenDown(int? Revision, TakeDownGround Ground, string Explanation, DateTimeOffset At);

/// <summary>What is taken down of a document.</summary>
public static class TakenDownParts
{
    /// <summary>Of the whole document, or of a text of it that is not public for that reason; null where the text is public.</summary>
    public static TakenDown? Of(this IReadOnlyList<TakenDown> down, int? revision) =>
        down.FirstOrDefault(d => d.Revision is null) ?? down.FirstOrDefault(d => d.Revision == revision);

    /// <summary>What is down once one more event has happened.</summary>
    public static IReadOnlyList<TakenDown> Then(this IReadOnlyList<TakenDown> down, DocumentTakenDown e) =>
        [.. down, new(e.Revision, e.Ground, e.Explanation, e.At)];

    /// <summary>What is still down once something was put back.</summary>
    public static IReadOnlyList<TakenDown> Then(this IReadOnlyList<TakenDown> down, DocumentPutBack e) =>
        [.. down.Where(d => d.Revision != e.Revision)];
}
