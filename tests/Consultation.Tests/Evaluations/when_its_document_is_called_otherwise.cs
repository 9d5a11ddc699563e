using PolicyPlatform.Consultation.Tests.Hearings;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.Evaluations;

public sealed class when_its_document_is_called_otherwise(District district) : IClassFixture<District>
{
    [Fact]
    public async Task an_evaluation_follows_and_a_consultation_keeps_the_title_that_was_put_up()
    {
        var consultation = await district.StartConsultation();
        var draft = await district.Documents.Draft(title: "征求意见的班法");
        var consulted = await consultation.Consult(draft);
        var hearing = await consultation.Announced(district.Hearing().With("consultationId", consulted));
        await consultation.Complete(consulted);
        var id = await district.Documents.Publish(draft, "评估发〔2026〕71号");
        var evaluation = await consultation.Evaluation(id);
        await district.Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/elements",
            new
            {
                title = "征求意见的办法",
                issuers = new[] { "370114-JY" },
                reason = "误登",
            }
        );
        await Is($"evaluations/{evaluation}", "征求意见的办法", "370114-JY");
        await Is($"consultations/{consulted}", "征求意见的班法", "370114-JY");
        await Calls.Eventually<bool>(async () =>
            (await consultation.Get(null, $"hearings/{hearing}")).GetProperty("bodies")[0].GetString() == "370114-JY" ? true : null
        );
        // Whoever issued it carries it out.
        await consultation.Post(Tokens.DraftingEducation, $"evaluations/{evaluation}/measurements", Evaluating.Value());

        Task<bool> Is(string path, string title, string issuer) =>
            Calls.Eventually<bool>(async () =>
                await consultation.Get(Tokens.OpennessOffice, path) is var found
                && found.GetProperty("title").GetString() == title
                && found.GetProperty("issuers")[0].GetString() == issuer
                    ? true
                    : null
            );
    }
}
