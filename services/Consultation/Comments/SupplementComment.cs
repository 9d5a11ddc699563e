using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.PersonalData;

namespace PolicyPlatform.Consultation.Comments;

/// <summary>Adds something to one's own comment; what was said before stays as it is.</summary>
/// <param name="Text">What is added, up to 5,000 characters.</param>
/// <example>{"text": "补充：退费应当在七日内到账。"}</example>
public sealed record SupplementComment([property: IsText] string? Text) : IEndpoint
{
    const int MostSupplements = 20;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/comments/{receipt}/supplements", Post).Produces<OwnComment>().WithName("supplementComment");

    static Task<IResult> Post(string receipt, SupplementComment command, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.OwnStep(
            http,
            receipt,
            (comment, consultation, _) =>
            {
                if (
                    new Invalid()
                        .Text("/text", command.Text, GivenComment.LongestText)
                        .If(
                            comment.Supplements.Count >= MostSupplements,
                            "",
                            "supplements.tooMany",
                            $"A comment is added to at most {MostSupplements} times. Send a new one."
                        )
                        .Problem is
                    { } problem
                )
                    return problem;
                var now = time.GetUtcNow();
                return comment.TooLate(consultation, now) is { } late
                    ? late
                    : Decision.Record(
                        new CommentSupplemented(
                            PersonalNumbers.Hide(command.Text!.Trim()),
                            comment.IsShown && consultation.Showing is ShowingOfComments.AtOnce,
                            SenderSteps.Sender,
                            now
                        )
                    );
            },
            comment => new Answer(200, OwnComment.Of(comment))
        );
}
