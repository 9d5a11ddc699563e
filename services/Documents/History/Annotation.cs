using Marten;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults.Identity;

namespace PolicyPlatform.Documents.History;

/// <summary>Since when the clauses of a text are as they are.</summary>
/// <param name="BlockId">The article, or the clause of a notice.</param>
/// <param name="Revision">The revision that brought its wording.</param>
/// <param name="Since">The first day of that wording, Asia/Shanghai; null for a draft.</param>
/// <param name="Note">What was said of that revision.</param>
public sealed record Annotation(string BlockId, int Revision, DateOnly? Since, string? Note)
{
    /// <summary>Each article with the text in force, of a draft with the revision, that first had its wording without a break.</summary>
    internal static async Task<IReadOnlyList<Annotation>> Of(
        IQuerySession session,
        RevisionTexts texts,
        PolicyDocument document,
        CompleteText text,
        Caller caller,
        CancellationToken cancellation
    )
    {
        // The texts that were in force one after the other up to this one.
        if (document.PublicTexts.FirstOrDefault(t => t.Revision == text.Revision) is not { } own)
            return await OfDraft(session, document, text, cancellation);
        var line = document
            .PublicTexts.Select(t => t.EffectiveFrom)
            .Where(d => d < own.EffectiveFrom)
            .Distinct()
            .OrderDescending()
            .Select(d => document.PublicTexts.InForceOn(d)!)
            .Prepend(own)
            // A correction stands for the text that it corrects: what it left as it was, that text had brought.
            .SelectMany(t => Corrected(document, t))
            .ToList();
        var articles = text
            .Blocks.Where(b => b.Kind is BlockKind.Article or BlockKind.Clause)
            .ToDictionary(b => b.Id, b => new Annotation(b.Id, text.Revision, own.EffectiveFrom, Note(own)));
        var open = articles.Keys.ToDictionary(id => id, id => ReadBlockHistory.Wording(text.Blocks, id));
        foreach (var earlier in line.Skip(1))
        {
            if (open.Count == 0)
                break;
            // What an erased text had brought, nobody knows any more.
            if (await texts.Find(session, document, earlier.Revision, cancellation) is not { Blocks: var blocks })
                continue;
            foreach (var (id, wording) in open)
            {
                if (ReadBlockHistory.Wording(blocks, id) == wording)
                    articles[id] = new(id, earlier.Revision, earlier.EffectiveFrom, Note(earlier));
                else
                    open.Remove(id);
            }
        }
        return [.. articles.Values];

        string? Note(PublicText t) => caller.SeesRevision(document, t.Revision) ? t.Note : null;
    }

    static IEnumerable<PublicText> Corrected(PolicyDocument document, PublicText text)
    {
        for (var t = text; ; t = document.PublicTexts.First(p => p.Revision == t.Corrects))
        {
            yield return t;
            if (t.Corrects is null)
                yield break;
        }
    }

    static async Task<IReadOnlyList<Annotation>> OfDraft(
        IQuerySession session,
        PolicyDocument document,
        CompleteText draft,
        CancellationToken cancellation
    )
    {
        var articles = draft
            .Blocks.Where(b => b.Kind is BlockKind.Article or BlockKind.Clause)
            .ToDictionary(b => b.Id, b => (Wording: (string?)null, Revision: 0));
        await foreach (var text in RevisionTexts.All(session, document, cancellation))
        {
            if (text.Revision > draft.Revision)
                break;
            if (text.IsErased)
                continue;
            foreach (var (id, known) in articles)
                if (ReadBlockHistory.Wording(text.Blocks, id) is var wording && wording != known.Wording)
                    articles[id] = (wording, text.Revision);
        }
        return [.. articles.Select(a => new Annotation(a.Key, a.Value.Revision, null, null))];
    }
}
