using PolicyPlatform.Contracts.Consultation.V1;

namespace PolicyPlatform.Interpretation.Materials;

/// <summary>A material before issuance that a consultation shows.</summary>
/// <param name="ConsultationId">The consultation.</param>
/// <param name="Revision">The revision put up last in it: what explains a later one is not shown yet.</param>
public sealed record ShownMaterial(Guid ConsultationId, int Revision);

/// <summary>Asks Consultation what it shows, before its message has come.</summary>
static class ShownByConsultations
{
    // So many ids are answered at once.
    const int MostAtOnce = 1000;

    /// <summary>The materials that consultations about some documents show.</summary>
    public static async Task<IReadOnlyDictionary<Guid, ShownMaterial>> WhatIsShown(
        this Consultation.ConsultationClient consultations,
        IEnumerable<Guid> documents,
        CancellationToken cancellation
    )
    {
        var shown = new Dictionary<Guid, ShownMaterial>();
        foreach (var some in documents.Distinct().Chunk(MostAtOnce))
        {
            var ask = new ListShownInterpretationsRequest();
            ask.DocumentIds.AddRange(some.Select(id => id.ToString()));
            foreach (var found in (await consultations.ListShownInterpretationsAsync(ask, cancellationToken: cancellation)).Interpretations)
            {
                var (id, by) = (Guid.Parse(found.Id), new ShownMaterial(Guid.Parse(found.ConsultationId), found.Revision));
                // Of several that show it, the one that has come furthest.
                if (!shown.TryGetValue(id, out var other) || other.Revision < by.Revision)
                    shown[id] = by;
            }
        }
        return shown;
    }
}
