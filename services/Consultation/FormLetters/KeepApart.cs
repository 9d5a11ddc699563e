using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.FormLetters;

/// <summary>Decides that a letter is not the one that it was proposed to be merged with: the proposal is not made again.</summary>
/// <param name="Other">The letter that it is not.</param>
/// <example>{"other": "01920f4e-7a3b-7c5d-9e2f-0a1b2c3d4e61"}</example>
public sealed record KeepApart(Guid? Other) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/consultations/{id:guid}/form-letters/{letter:guid}/keep-apart", Post)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter)
            .Produces<DecidedLetters>()
            .WithName("keepFormLettersApart");

    static Task<IResult> Post(
        Guid id,
        Guid letter,
        KeepApart command,
        Caller caller,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    ) =>
        writer.Step<DecidedLetters>(
            http,
            id,
            caller,
            async (_, session) =>
            {
                await session.HoldLetters(id, http.RequestAborted);
                var rows = (await session.LettersById(id, [letter, command.Other ?? Guid.Empty], http.RequestAborted)).ToDictionary(r =>
                    r.Id
                );
                if (!rows.TryGetValue(letter, out var one))
                    return ReadFormLetters.NotFound(letter);
                if (
                    new Invalid()
                        .If(
                            command.Other is not { } named || !rows.ContainsKey(named) || named == letter,
                            "/other",
                            "formLetter.unknown",
                            "The letter that it is not, as the proposal names it."
                        )
                        .Problem is
                    { } problem
                )
                    return problem;
                var other = rows[command.Other!.Value];
                session.KeepApart(one.Id, other.Id);
                return Decision
                    .Record(new FormLettersKeptApart(one.Id, other.Id, [one.Medoid, other.Medoid], caller.Actor(), time.GetUtcNow()))
                    .Knowing(new DecidedLetters([new(one.Id, one.Comments), new(other.Id, other.Comments)]));
            }
        );
}
