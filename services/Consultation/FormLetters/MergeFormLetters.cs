using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.FormLetters;

/// <summary>
/// Decides that other letters are the same as this one: it has their comments from now on, and what comes that is like one of them. The
/// platform does not undo it.
/// </summary>
/// <param name="Letters">The other letters.</param>
/// <example>{"letters": ["01920f4e-7a3b-7c5d-9e2f-0a1b2c3d4e61"]}</example>
public sealed record MergeFormLetters(IReadOnlyList<Guid>? Letters) : IEndpoint
{
    const int Most = 200;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/consultations/{id:guid}/form-letters/{letter:guid}/merge", Post)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter)
            .Produces<DecidedLetters>()
            .WithName("mergeFormLetters");

    static Task<IResult> Post(
        Guid id,
        Guid letter,
        MergeFormLetters command,
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
                var named = command.Letters ?? [];
                var invalid = new Invalid()
                    .If(named.Count == 0, "/letters", "value.missing", "At least one other letter is required.")
                    .If(named.Count > Most, "/letters", "letters.tooMany", $"At most {Most} letters are merged at once.")
                    .If(named.Contains(letter), "/letters", "formLetter.itself", "A letter is merged with others, not with itself.");
                if (invalid.Problem is { } problem)
                    return problem;
                await session.HoldLetters(id, http.RequestAborted);
                var rows = (await session.LettersById(id, [letter, .. named], http.RequestAborted)).ToDictionary(r => r.Id);
                if (!rows.TryGetValue(letter, out var into))
                    return ReadFormLetters.NotFound(letter);
                foreach (var (i, other) in named.Index())
                    invalid.If(
                        !rows.ContainsKey(other),
                        $"/letters/{i}",
                        "formLetter.unknown",
                        $"The consultation has no form letter {other}."
                    );
                if (invalid.Problem is { } wrong)
                    return wrong;
                Guid[] others = [.. named.Distinct()];
                var comments = rows.Values.Sum(r => r.Comments);
                session.Merge(id, letter, others, comments);
                return Decision
                    .Record(
                        new FormLettersMerged(
                            letter,
                            others,
                            [into.Medoid, .. others.Select(o => rows[o].Medoid)],
                            caller.Actor(),
                            time.GetUtcNow()
                        )
                    )
                    .Knowing(new DecidedLetters([new(letter, comments)]));
            }
        );
}

/// <summary>What was decided about letters.</summary>
/// <param name="Letters">The letters as they are by then.</param>
public sealed record DecidedLetters(IReadOnlyList<DecidedLetter> Letters);

/// <summary>A letter that was decided about.</summary>
/// <param name="Id">The letter.</param>
/// <param name="Comments">How many comments it is.</param>
public sealed record DecidedLetter(Guid Id, int Comments);
