using PolicyPlatform.Contracts.Interpretation.V1;

namespace PolicyPlatform.Catalog.Topics;

/// <summary>Asks Interpretation what the public sees.</summary>
static class AskInterpretation
{
    // So much is answered at once. Topics that were set before there was a limit have more.
    const int MostAtOnce = 1000;

    /// <summary>Those of some interpretations and benefits that are public, benefits with a tag, and what explains some documents.</summary>
    public static async Task<DescribePublicResponse> WhatIsPublic(
        this Interpretation.InterpretationClient interpretation,
        IEnumerable<string> interpretations,
        IEnumerable<string> benefits,
        IEnumerable<string> documents,
        IEnumerable<string> benefitTags,
        CancellationToken cancellation
    )
    {
        var described = new DescribePublicResponse();
        var asked = interpretations
            .Select(id => (Id: id, Kind: TopicItemKind.Interpretation))
            .Concat(benefits.Select(id => (Id: id, Kind: TopicItemKind.Benefit)))
            .Concat(documents.Select(id => (Id: id, Kind: TopicItemKind.Document)))
            .Chunk(MostAtOnce)
            .ToList();
        string[] tags = [.. benefitTags];
        if (asked.Count == 0 && tags.Length > 0)
            asked.Add([]);
        foreach (var (i, some) in asked.Index())
        {
            var ask = new DescribePublicRequest();
            ask.Interpretations.AddRange(some.Where(s => s.Kind is TopicItemKind.Interpretation).Select(s => s.Id));
            ask.Benefits.AddRange(some.Where(s => s.Kind is TopicItemKind.Benefit).Select(s => s.Id));
            ask.Documents.AddRange(some.Where(s => s.Kind is TopicItemKind.Document).Select(s => s.Id));
            if (i == 0)
                ask.BenefitTags.AddRange(tags);
            described.MergeFrom(await interpretation.DescribePublicAsync(ask, cancellationToken: cancellation));
        }
        return described;
    }
}
