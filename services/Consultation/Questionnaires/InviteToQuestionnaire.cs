using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.Receipts;

namespace PolicyPlatform.Consultation.Questionnaires;

/// <summary>Makes invitations to a questionnaire that is answered by invitation. Their tokens are told once; each answers once.</summary>
/// <param name="Count">How many, 1 to 1000.</param>
/// <example>{"count": 50}</example>
public sealed record InviteToQuestionnaire(int? Count) : IEndpoint
{
    const int MostAtOnce = 1000,
        MostOfAll = 100_000;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/questionnaires/{id:guid}/invitations", Post)
            .RequireAnyRole(Roles.Drafter, Roles.Publisher)
            .Produces<MadeInvitations>(201)
            .WithName("inviteToQuestionnaire");

    static Task<IResult> Post(
        Guid id,
        InviteToQuestionnaire command,
        Caller caller,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid().If(
            command.Count is null or < 1 or > MostAtOnce,
            "/count",
            "value.outOfRange",
            $"1 to {MostAtOnce} invitations at once."
        );
        string[] tokens = invalid.Problem is null ? [.. Enumerable.Range(0, command.Count!.Value).Select(_ => Receipt.New())] : [];
        return writer.Step(
            http,
            id,
            caller,
            invalid,
            time,
            (questionnaire, session) =>
            {
                var now = time.GetUtcNow();
                if (questionnaire.Access is not QuestionnaireAccess.Invitation)
                    return ConsultationProblems.QuestionnaireState.With(
                        $"The questionnaire is answered by anybody. Invitations are made for one whose access is invitation."
                    );
                if (questionnaire.StateAt(now) is QuestionnaireState.Closed)
                    return questionnaire.WrongState(now, "given invitations", "until it is closed");
                if (questionnaire.Invitations + tokens.Length > MostOfAll)
                    return ConsultationProblems.QuestionnaireState.With(
                        $"{questionnaire.Invitations} invitations were made; at most {MostOfAll} are."
                    );
                session.KeepInvitations(id, tokens);
                return Decision.Record(new InvitationsMade(tokens.Length, caller.Actor(), now));
            },
            recorded => new Answer(201, new MadeInvitations(id, recorded.Version, tokens), $"/api/v1/questionnaires/{id}")
        );
    }
}

/// <summary>Invitations that were made.</summary>
/// <param name="QuestionnaireId">The questionnaire.</param>
/// <param name="Version">The version of its history.</param>
/// <param name="Tokens">The token of each; told once. An answer sends one as its invitation.</param>
public sealed record MadeInvitations(Guid QuestionnaireId, long Version, IReadOnlyList<string> Tokens);
