using Marten;
using PolicyPlatform.Interpretation.KnownDocuments;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Interpretation.Benefits;

/// <summary>What every step on a benefit has in common.</summary>
static class BenefitSteps
{
    public static Task<IResult> Step(
        this EventWriter writer,
        HttpContext http,
        Guid id,
        Caller caller,
        TimeProvider time,
        Func<BenefitItem, IDocumentSession, Task<Decision>> decide
    ) =>
        writer.Append<BenefitItem>(
            http,
            id,
            async (benefit, session) =>
            {
                if (benefit is null || !caller.WorksFor([benefit.Draft.Body]))
                    return ReadBenefits.NotFound(id);
                return (await decide(benefit, session)).Knowing(
                    await session.LoadAsync<KnownDocument>(benefit.DocumentId, http.RequestAborted)
                );
            },
            recorded =>
            {
                var benefit = recorded.After();
                return new(200, BenefitView.Of(benefit, benefit.Draft, recorded.Known<KnownDocument>(), time.Today()));
            }
        );
}
