using PolicyPlatform.Consultation.Comments;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.FormLetters;

/// <summary>
/// Decides that some comments of a letter are another one: they become a letter of their own, and what comes is put to whichever it is more
/// like. The platform does not undo it.
/// </summary>
/// <param name="Comments">The comments that leave, up to 10,000, and not all.</param>
/// <example>{"comments": ["01920f4e-7a3b-7c5d-9e2f-0a1b2c3d4e5f"]}</example>
public sealed record SplitFormLetter(IReadOnlyList<Guid>? Comments) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/consultations/{id:guid}/form-letters/{letter:guid}/split", Post)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter)
            .Produces<DecidedLetters>()
            .WithName("splitFormLetter");

    static Task<IResult> Post(
        Guid id,
        Guid letter,
        SplitFormLetter command,
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
                var invalid = new Invalid().Named("/comments", command.Comments);
                if (invalid.Problem is { } problem)
                    return problem;
                await session.HoldLetters(id, http.RequestAborted);
                if ((await session.LettersById(id, [letter], http.RequestAborted)).SingleOrDefault() is not { } from)
                    return ReadFormLetters.NotFound(letter);
                Guid[] leaving = [.. command.Comments!.Distinct()];
                var known = (await session.OfLetter(letter, leaving, http.RequestAborted)).ToHashSet();
                foreach (var (i, comment) in command.Comments!.Index())
                    invalid.If(!known.Contains(comment), $"/comments/{i}", "comment.unknown", $"The form letter has no comment {comment}.");
                invalid.If(
                    known.Count == from.Comments && known.Count == leaving.Length,
                    "/comments",
                    "formLetter.nothingLeft",
                    "At least one comment stays in the letter."
                );
                if (invalid.Problem is { } wrong)
                    return wrong;
                var begun = Guid.CreateVersion7();
                await session.Split(id, from, begun, leaving, http.RequestAborted);
                return Decision
                    .Record(new FormLetterSplit(letter, begun, leaving, caller.Actor(), time.GetUtcNow()))
                    .Knowing(new DecidedLetters([new(letter, from.Comments - leaving.Length), new(begun, leaving.Length)]));
            }
        );
}
