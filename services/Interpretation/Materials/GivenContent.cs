using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Interpretation.Plans;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Interpretation.Materials;

/// <summary>What a material says, as it is sent.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Form">Its form; <c>text</c> when left out.</param>
/// <param name="Text">Its text, as Markdown.</param>
/// <param name="Videos">Links to videos, https only.</param>
/// <param name="Revision">The revision of the document that it was written for; the newest that the caller sees when left out.</param>
/// <param name="Blocks">The blocks that it explains; none for the document as a whole.</param>
/// <param name="Covers">What it covers, of the eight points that a material should have.</param>
/// <example>{"title": "《云泽区新就业大学生租房补贴办法》解读", "form": "text",
/// "text": "## 背景依据\n\n为支持新就业大学生来云泽区安居，制定本办法。\n\n## 执行标准\n\n每人每月补贴 500 元，最长 24 个月。", "blocks": ["b12"],
/// "covers": ["background", "standards"]}</example>
public sealed record GivenContent(
    string? Title,
    Form? Form,
    string? Text,
    IReadOnlyList<string>? Videos,
    int? Revision,
    IReadOnlyList<string>? Blocks,
    IReadOnlyList<Point>? Covers
)
{
    const int LongestTitle = 300,
        LongestText = 200_000,
        MostVideos = 20,
        MostBlocks = 500,
        LongestLink = 2000;

    /// <summary>Reads it; what is wrong is noted, blocks that the document does not have included.</summary>
    public async Task<MaterialContent> Read(
        Guid documentId,
        Documents.DocumentsClient documents,
        Invalid invalid,
        CancellationToken cancellation
    )
    {
        invalid
            .Text("/title", Title, LongestTitle)
            .Text("/text", Text, LongestText, required: Videos is null or { Count: 0 })
            .If(
                Text is { Length: <= LongestText } && MaterialView.Page(Text) is null,
                "/text",
                "text.markdown.unreadable",
                "The elements of this text nest deeper, or have more marks, than can be read. Send the text alone."
            )
            .If(Videos?.Count > MostVideos, "/videos", "videos.tooMany", $"At most {MostVideos} videos.")
            .If(Blocks?.Count > MostBlocks, "/blocks", "blocks.tooMany", $"At most {MostBlocks} blocks.");
        for (var i = 0; i < Math.Min(Videos?.Count ?? 0, MostVideos); i++)
            invalid.If(
                Videos![i].Length > LongestLink
                    || !Uri.TryCreate(Videos[i], UriKind.Absolute, out var link)
                    || link.Scheme != Uri.UriSchemeHttps,
                $"/videos/{i}",
                "link.malformed",
                "A video is a link that begins with https://."
            );
        var revision = Revision;
        if (await documents.Seen(documentId, "/documentId", invalid, cancellation) is { } document)
        {
            // Of a public document what is only prepared is explained by nobody yet.
            revision ??=
                document.NewestRevision > 0 && document.PublishedOn.Length == 0 ? document.NewestRevision : document.CurrentRevision;
            if (Blocks is { Count: <= MostBlocks })
                await documents.WithBlocks(documentId, revision.Value, Blocks, invalid, cancellation);
        }
        return new(
            Title?.Trim() ?? "",
            Form ?? Plans.Form.Text,
            Text ?? "",
            Videos ?? [],
            revision ?? 0,
            Blocks ?? [],
            [.. (Covers ?? []).Distinct()]
        );
    }
}
