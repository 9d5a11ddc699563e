using Marten;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Contracts.Interpretation.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Consultation.Periods;

/// <summary>What is put up for the public, taken from those who keep it, and found again.</summary>
static class Texts
{
    /// <summary>A revision of the draft as it is now; one that the caller does not see is noted.</summary>
    public static async Task<ConsultedText?> PutUp(
        this Documents.DocumentsClient documents,
        Guid consultation,
        Guid document,
        int revision,
        Invalid invalid,
        CancellationToken cancellation
    ) =>
        await documents.WithBlocks(document, revision, [], invalid, cancellation) is { } blocks
            ? new(
                ConsultedText.IdOf(consultation, revision),
                [
                    .. blocks.Blocks.Select(b => new ConsultedBlock(
                        b.Id,
                        b.BlockKind.GivenWord() ?? "paragraph",
                        b.ParentId.OrNone(),
                        b.Label.OrNone(),
                        b.Text
                    )),
                ]
            )
            : null;

    /// <summary>The interpretations that were signed for this revision, to be shown with it from the first instant on.</summary>
    public static async Task<IReadOnlyList<Guid>> SignedBeforeIssuance(
        this Interpretation.InterpretationClient interpretations,
        Document document,
        int revision,
        CancellationToken cancellation
    )
    {
        var signed = await interpretations.ListSignedForConsultationAsync(
            new() { DocumentId = document.Id, Revision = revision },
            cancellationToken: cancellation
        );
        return [.. signed.Interpretations.Select(Guid.Parse)];
    }

    /// <summary>The ids of the blocks of all revisions that were put up.</summary>
    public static async Task<HashSet<string>> KnownBlocks(
        this IQuerySession session,
        PublicConsultation consultation,
        CancellationToken cancellation
    ) =>
        [
            .. (
                await session.LoadManyAsync<ConsultedText>(
                    cancellation,
                    [.. consultation.Revisions.Select(r => ConsultedText.IdOf(consultation.Id, r.Revision))]
                )
            )
                .SelectMany(t => t.Blocks)
                .Select(b => b.Id),
        ];

    /// <summary>The text of a revision that was put up.</summary>
    public static Task<ConsultedText?> Text(this IQuerySession session, Guid consultation, int revision, CancellationToken cancellation) =>
        session.LoadAsync<ConsultedText>(ConsultedText.IdOf(consultation, revision), cancellation);
}
