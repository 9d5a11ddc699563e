using Marten;
using PolicyPlatform.Consultation.Comments;
using PolicyPlatform.Consultation.FormLetters;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Groups;

/// <summary>Puts comments into a group, or takes them out of theirs: a comment is in one group, or in none.</summary>
/// <param name="Group">The group; null takes them out of theirs.</param>
/// <param name="Comments">The comments, up to 10,000.</param>
/// <param name="Where">Or, beside these, all that have something in common, up to 10,000 together.</param>
/// <param name="Letter">
/// A form letter instead: all its comments, 10,000 at once. Those that come to it later are put in by a later request; how many are in no group is
/// told by GET …/form-letters/{letter}.
/// </param>
/// <example>{"group": "01920f4e-7a3b-7c5d-9e2f-0a1b2c3d4e5f", "comments": ["01920f4e-7a3b-7c5d-9e2f-0a1b2c3d4e60"]}</example>
public sealed record PutIntoGroup(Guid? Group, IReadOnlyList<Guid>? Comments, CommentsWhere? Where, Guid? Letter) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/consultations/{id:guid}/grouping", Post)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter)
            .Produces<PutTogether>()
            .WithName("putIntoGroup");

    static Task<IResult> Post(Guid id, PutIntoGroup command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Step<PutTogether>(
            http,
            id,
            caller,
            async (consultation, session) =>
            {
                var invalid = new Invalid()
                    .Named("/comments", command.Comments, required: command is { Where: null, Letter: null })
                    .If(
                        command.Letter is not null && command is not { Comments: null or { Count: 0 }, Where: null },
                        "/letter",
                        "value.notBoth",
                        "Either comments or a letter are put into a group."
                    );
                if (command.Group is { } group)
                    invalid.If(
                        await session.LoadAsync<CommentGroup>(group, http.RequestAborted) is not { } found || found.ConsultationId != id,
                        "/group",
                        "commentGroup.unknown",
                        $"The consultation has no group {group}."
                    );
                IReadOnlyList<Guid> named = command.Comments ?? [];
                var left = 0;
                if (command.Where is { } where)
                {
                    named = [.. named.Union(await where.Find(session, consultation, invalid, http.RequestAborted))];
                    invalid.Named("/where", named, required: false);
                }
                if (command.Letter is { } letter && invalid.Problem is null)
                {
                    invalid.If(
                        !await session.HasLetter(id, letter, http.RequestAborted),
                        "/letter",
                        "formLetter.unknown",
                        $"The consultation has no form letter {letter}."
                    );
                    (named, left) = await session.NotIn(command.Group, letter, ManyComments.Most, http.RequestAborted);
                }
                if (
                    (
                        invalid.Problem
                        ?? await session.PutInto(consultation, command.Group, named, caller, time, invalid, http.RequestAborted)
                    ) is
                    { } problem
                )
                    return problem;
                return Decision.Record().Knowing(new PutTogether(command.Group, named.Distinct().Count(), left));
            }
        );
}

/// <summary>What was put into a group.</summary>
/// <param name="Group">The group; null for none.</param>
/// <param name="Comments">How many comments.</param>
/// <param name="Left">How many comments of the letter are still to be put into it, by the same request again.</param>
public sealed record PutTogether(Guid? Group, int Comments, int Left);

/// <summary>How comments come into groups.</summary>
static class Grouped
{
    /// <summary>Puts comments into a group in the session's transaction; the problem of those that the consultation does not have.</summary>
    public static async Task<Problem?> PutInto(
        this IDocumentSession session,
        PublicConsultation consultation,
        Guid? group,
        IReadOnlyList<Guid> ids,
        Caller caller,
        TimeProvider time,
        Invalid invalid,
        CancellationToken cancellation
    )
    {
        var comments = await session.LoadComments(consultation, ids, "/comments", invalid, cancellation);
        if (invalid.Problem is { } problem)
            return problem;
        foreach (var comment in comments.Where(c => c.GroupId != group))
            session.Happen(comment, new CommentGrouped(group, caller.Actor(), time.GetUtcNow()));
        return null;
    }
}
