using Grpc.Core;
using Marten;
using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Interpretation.Plans;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Interpretation.Materials;

/// <summary>
/// Which materials the public sees. A material becomes public by the commit of one event elsewhere: with its document by an event of Documents,
/// before issuance by the one of Consultation that puts the revision up which it explains. Until that has been heard of here, the service whose
/// event it is is asked before a signed material is shown or kept back: so there is no moment in which the one is public without the other.
/// While it cannot be asked there is no answer to that, which is not the same as "no".
/// </summary>
public sealed class PublicMaterials(
    Documents.DocumentsClient documents,
    Consultation.ConsultationClient consultations,
    ILogger<PublicMaterials> logger
)
{
    const int MostAtOnce = 1000;

    /// <summary>What of these materials is public by now. Fails while that cannot be known.</summary>
    public async Task<ArrivedMaterials> Among(
        IQuerySession session,
        IReadOnlyList<InterpretationMaterial> materials,
        CancellationToken cancellation
    ) =>
        new(
            await documents.WhichArePublic(
                materials.Where(m => m is { Waits: true, Phase: not Phase.PreIssuance }).Select(m => m.DocumentId),
                cancellation
            ),
            await consultations.WhatIsShown(
                materials.Where(m => m is { Waits: true, Phase: Phase.PreIssuance }).Select(m => m.DocumentId),
                cancellation
            ),
            await session.Hidden(cancellation)
        );

    /// <summary>What of all that waits is public by now.</summary>
    /// <param name="session">Where the materials are.</param>
    /// <param name="document">The only document that matters; fails while it cannot be known. Null for all: while a service is away, what
    /// waits for it is left out.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<ArrivedMaterials> Arrived(IQuerySession session, Guid? document, CancellationToken cancellation)
    {
        var waiting = session.Query<InterpretationMaterial>().Where(m => m.Waits);
        if (document is not null)
            waiting = waiting.Where(m => m.DocumentId == document);
        var forDocuments = await waiting
            .Where(m => m.Phase != Phase.PreIssuance)
            .Select(m => m.DocumentId)
            .Distinct()
            .Take(MostAtOnce)
            .ToListAsync(cancellation);
        var forConsultations = await waiting
            .Where(m => m.Phase == Phase.PreIssuance)
            .Select(m => m.DocumentId)
            .Distinct()
            .Take(MostAtOnce)
            .ToListAsync(cancellation);
        var arrived = new ArrivedMaterials(
            await OrNone(() => documents.WhichArePublic(forDocuments, cancellation), new HashSet<Guid>(), forDocuments),
            await OrNone(
                () => consultations.WhatIsShown(forConsultations, cancellation),
                new Dictionary<Guid, ShownMaterial>(),
                forConsultations
            ),
            await session.Hidden(cancellation)
        );
        if (arrived.Consulted.Count == 0)
            return arrived;
        // What was signed anew for a revision that is not put up yet is not among them.
        Guid[] named = [.. arrived.Consulted.Keys];
        var seen = await waiting.Where(m => m.Id.IsOneOf(named)).ToListAsync(cancellation);
        return arrived with
        {
            Consulted = seen.Where(m => arrived.AsShown(m) is not null).ToDictionary(m => m.Id, m => arrived.Consulted[m.Id]),
        };

        async Task<T> OrNone<T>(Func<Task<T>> ask, T none, IReadOnlyCollection<Guid> about)
        {
            try
            {
                return await ask();
            }
            catch (RpcException e) when (document is null && Faults.IsTemporary(e))
            {
                logger.LogWarning(e, "It cannot be asked what is public; the materials of {Count} documents are left out", about.Count);
                return none;
            }
        }
    }
}

/// <summary>What of the materials that wait is public by now.</summary>
/// <param name="Documents">The documents that everybody sees: what is signed for them is public.</param>
/// <param name="Consulted">The materials before issuance that a consultation shows.</param>
/// <param name="Hidden">What is taken from the public.</param>
public sealed record ArrivedMaterials(IReadOnlySet<Guid> Documents, IReadOnlyDictionary<Guid, ShownMaterial> Consulted, HiddenParts Hidden)
{
    /// <summary>Why the public does not see a material though it was published; null where that is not so.</summary>
    public Problem? Refusal(InterpretationMaterial material) =>
        material.Signed is { } signed ? Hidden.Refusal(material.DocumentId, signed.Revision) : null;

    /// <summary>A material as it is once its publication is heard of; null for one that the public does not see.</summary>
    public InterpretationMaterial? AsShown(InterpretationMaterial material) =>
        Refusal(material) is not null ? null
        : material.ShownAt is not null ? material
        : !material.Waits ? null
        : material.Phase is not Phase.PreIssuance ? (Documents.Contains(material.DocumentId) ? material : null)
        : Consulted.GetValueOrDefault(material.Id) is { } shown && material.Signed!.Revision <= shown.Revision
            ? material with
            {
                ConsultationId = shown.ConsultationId,
            }
        : null;
}
