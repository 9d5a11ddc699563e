using PolicyPlatform.Consultation.Tests.Hearings;
using PolicyPlatform.Consultation.Tests.OpenDays;
using PolicyPlatform.Consultation.Tests.Questionnaires;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Shared.Receipts;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests;

/// <summary>The gateway is told of each receipt that belongs to nothing, at every door, and of nothing else that goes wrong.</summary>
public sealed class when_receipts_are_guessed(District district) : IClassFixture<District>
{
    [Fact]
    public async Task each_wrong_one_is_told_to_the_gateway()
    {
        var consultation = await district.StartConsultation();
        var wrong = Receipt.New();
        var id = (await district.Open(title: "猜测办法")).Id();
        var (_, comment) = await consultation.Comment(id);
        await Guessed("GET", $"comments/{wrong}");
        await Guessed("DELETE", $"comments/{wrong}");
        await Guessed("DELETE", $"comments/{wrong}/sender");
        await Guessed("POST", $"comments/{wrong}/supplements", new { text = "补充。" });

        var own = await consultation.Apply(await consultation.Announced(district.Hearing()), AnyHearing.Person("13900000001"));
        await Guessed("GET", $"{own.Path}?receipt={wrong}");
        await Guessed("DELETE", $"{own.Path}?receipt={wrong}");
        foreach (var step in new[] { "withdraw", "confirm", "record-answer" })
            await Guessed("POST", $"{own.Path}/{step}", new { receipt = wrong });

        var day = await consultation.OpenDay(district.Now().AddDays(20), 10);
        var (_, registration) = await consultation.Register(day, 1);
        await Guessed("GET", $"open-days/{day}/registration?receipt={wrong}");
        await Guessed("POST", $"open-days/{day}/registration/cancel", new { receipt = wrong });
        await Guessed("GET", $"open-days/{day}/questions/{Guid.NewGuid()}?receipt={wrong}");

        var questionnaire = await district.Opened(new { access = "invitation" });
        await Guessed("POST", $"questionnaires/{questionnaire}/answers", AnyQuestionnaire.Answer(invitation: wrong));

        // What is right, what is wrong otherwise, and whoever has a token.
        await Guessed("GET", $"comments/{comment}", isGuess: false);
        await Guessed("GET", $"{own.Path}?receipt={own.Receipt}", isGuess: false);
        await Guessed("GET", $"open-days/{day}/registration?receipt={registration}", isGuess: false);
        await Guessed("GET", $"open-days/{day}/questions/{Guid.NewGuid()}", isGuess: false);
        await Guessed("GET", $"consultations/{Guid.NewGuid()}", isGuess: false);
        await Guessed("POST", $"comments/{comment}/supplements", new { }, isGuess: false);
        await Guessed("POST", $"questionnaires/{questionnaire}/answers", AnyQuestionnaire.Answer(), isGuess: false);
        await Guessed("GET", $"comments/{wrong}", token: Tokens.Integration, isGuess: false);

        async Task Guessed(string method, string path, object? body = null, string? token = null, bool isGuess = true)
        {
            var result = await consultation.Scenario(s =>
            {
                if (token is not null)
                    s.As(token);
                if (method == "GET")
                    s.Get.Url($"/api/v1/{path}");
                else if (method == "DELETE")
                    s.Delete.Url($"/api/v1/{path}");
                else
                    s.Post.Json(body!).ToUrl($"/api/v1/{path}");
                s.IgnoreStatusCode();
            });
            Assert.Equal((path, isGuess), (path, result.Context.Response.Headers.ContainsKey(WrongSecret.Header)));
        }
    }
}
