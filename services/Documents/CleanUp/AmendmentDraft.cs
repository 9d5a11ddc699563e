using PolicyPlatform.Documents.Relations;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.CleanUp;

/// <summary>
/// The draft of the decision (修改决定) by which a document is amended that a clean-up wants amended. It is begun for the leading issuer,
/// or who took over from it, whose drafters go on with it as with any other draft.
/// </summary>
static class AmendmentDraft
{
    /// <summary>The draft that an outcome begins; null for one that begins none. The same outcome of the same clean-up names the same.</summary>
    public static Guid? IdFor(Guid cleanUp, PolicyDocument document, CleanUpOutcome? outcome, DateOnly today) =>
        outcome is CleanUpOutcome.Amend && !document.HasEnded && !document.HasEndedBy(today)
            ? NamedId.Of($"amendmentDraft/{cleanUp}/{document.Id}")
            : null;

    /// <summary>The first events of the draft: title, a text to go on with, and what it amends.</summary>
    /// <param name="id">The draft.</param>
    /// <param name="document">What it amends.</param>
    /// <param name="reason">Why.</param>
    /// <param name="by">Who applies the outcome.</param>
    /// <param name="now">When.</param>
    /// <param name="drafter">The body that drafts it; the leading issuer of the document when left out.</param>
    public static IReadOnlyList<object> Begin(
        Guid id,
        PolicyDocument document,
        string reason,
        Actor by,
        DateTimeOffset now,
        string? drafter = null
    )
    {
        var today = OfficialTime.DateIn(now);
        var (name, number) = (document.TitleOn(today), document.Number is { } n ? $"（{n}）" : "");
        var created = new DraftCreated(
            id,
            TitleOf(name),
            document.Kind,
            [drafter ?? document.Issuers[0]],
            document.Subject,
            document.Disclosure,
            false,
            by,
            now,
            document.DisclosureItem
        );
        var text = TextStructure.Read($"{created.Title}\n根据文件清理结果，决定对《{DocumentNames.Within(name)}》{number}作如下修改：");
        return
        [
            created,
            Recording.Next(PolicyDocument.Next(null, created)!, [], text.Blocks, reason, Significance.Major, by, now),
            new RelationStated(AmendmentDrafts.RelationOf(id), RelationKind.Amends, document.Id, today, null, reason, by, now),
        ];
    }

    /// <summary>标题 of the decision that amends a document of this title.</summary>
    public static string TitleOf(string title) => $"关于修改《{DocumentNames.Within(title)}》的决定";
}
