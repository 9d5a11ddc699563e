using Marten;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Interpretation.Questions;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Interpretation.Benefits;

/// <summary>What a benefit is, as it is sent.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Benefit">What there is to be had.</param>
/// <param name="DocumentId">The document that it is cut out of.</param>
/// <param name="Revision">The revision; the one that the caller sees as current when left out.</param>
/// <param name="Blocks">The blocks that it stands in; at least one.</param>
/// <param name="Body">Who grants it; the caller's organisation when left out.</param>
/// <param name="Access">How it reaches the person; by application when left out.</param>
/// <param name="From">The first day of its window, Asia/Shanghai.</param>
/// <param name="Until">The last day of its window.</param>
/// <param name="Conditions">Who gets it; everybody when left out. What has values may be compared with their names: 微型企业.</param>
/// <param name="Materials">What must be handed in.</param>
/// <param name="Tags">What it is found by.</param>
/// <param name="Link">Where one applies, https.</param>
/// <example>{"title": "新就业大学生租房补贴", "benefit": "每人每月补贴 500 元，最长 24 个月。", "documentId": "01920f4e-7a3b-7c5d-9e2f-0a1b2c3d4e5f",
/// "blocks": ["b12"], "body": "370114-ZJ", "access": "application", "from": "2026-03-01", "until": "2027-02-28",
/// "conditions": {"all": [{"field": "kind", "operator": "equals", "value": "person"}, {"field": "status", "operator": "contains",
/// "value": "高校毕业生"}, {"field": "income", "operator": "atMost", "value": 6000}]}, "materials": ["毕业证书", "租房合同"], "tags": ["住房"],
/// "link": "https://example.org/rent-subsidy"}</example>
public sealed record GivenBenefit(
    string? Title,
    string? Benefit,
    Guid? DocumentId,
    int? Revision,
    IReadOnlyList<string>? Blocks,
    string? Body,
    Access? Access,
    DateOnly? From,
    DateOnly? Until,
    Condition? Conditions,
    IReadOnlyList<string>? Materials,
    IReadOnlyList<string>? Tags,
    string? Link
)
{
    const int LongestTitle = 300,
        LongestText = 5000,
        MostOf = 50,
        LongestTag = 50;

    internal async Task<BenefitContent> Read(
        Caller caller,
        IQuerySession session,
        Documents.DocumentsClient documents,
        Invalid invalid,
        CancellationToken cancellation
    )
    {
        invalid
            .Text("/title", Title, LongestTitle)
            .Text("/benefit", Benefit, LongestText)
            .If(DocumentId is null, "/documentId", "value.missing", "The document is required.")
            .If(Blocks is null or { Count: 0 }, "/blocks", "value.missing", "A benefit stands in at least one block.")
            .If(
                Blocks?.Count > MostOf || Materials?.Count > MostOf || Tags?.Count > MostOf,
                "",
                "values.tooMany",
                $"At most {MostOf} of each."
            )
            .Text("/body", Body, AskQuestion.LongestBody, required: false)
            .If(Body.OrNone() is null && caller.Organisation.Length == 0, "/body", "value.missing", "The body that grants it is required.")
            .If(Until < From, "/until", "date.tooEarly", "The window ends before it begins.")
            .If(
                Link is not null && !(Uri.TryCreate(Link, UriKind.Absolute, out var link) && link.Scheme == Uri.UriSchemeHttps),
                "/link",
                "link.malformed",
                "A link begins with https://."
            );
        for (var i = 0; i < Math.Min(Tags?.Count ?? 0, MostOf); i++)
            invalid.Text($"/tags/{i}", Tags![i], LongestTag);
        for (var i = 0; i < Math.Min(Materials?.Count ?? 0, MostOf); i++)
            invalid.Text($"/materials/{i}", Materials![i], LongestTitle);
        var (fields, unfit) = (await ProfileSchema.Known(session, cancellation), new Invalid());
        Conditions?.Check("/conditions", fields, unfit);
        foreach (var error in unfit.Problem?.Errors ?? [])
            invalid.Add(error.Pointer, error.Code, error.Detail);
        var revision = Revision;
        if (DocumentId is { } id && await documents.Seen(id, "/documentId", invalid, cancellation) is { } document)
        {
            revision ??= document.CurrentRevision;
            if (Blocks is { Count: > 0 and <= MostOf })
                await documents.WithBlocks(id, revision.Value, Blocks, invalid, cancellation);
        }
        return new(
            Title?.Trim() ?? "",
            Benefit?.Trim() ?? "",
            DocumentId ?? default,
            revision ?? 0,
            Blocks ?? [],
            Body.OrNone() ?? caller.Organisation,
            Access ?? Benefits.Access.Application,
            From,
            Until,
            unfit.Problem is null ? Conditions?.InCodes(fields) : null,
            Materials ?? [],
            Tags ?? [],
            Link
        );
    }
}
