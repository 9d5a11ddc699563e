using Marten;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Comments;

/// <summary>Steps that are taken on many comments of a consultation in one transaction: on all of them, or none.</summary>
static class ManyComments
{
    /// <summary>How many are named at once.</summary>
    internal const int Most = 10_000;

    /// <summary>Notes what is wrong with a list of comments.</summary>
    public static Invalid Named(this Invalid invalid, string pointer, IReadOnlyList<Guid>? comments, bool required = true) =>
        invalid
            .If(required && comments is null or { Count: 0 } && required, pointer, "value.missing", "At least one comment is required.")
            .If(comments?.Count > Most, pointer, "comments.tooMany", $"At most {Most} comments are named at once.");

    /// <summary>
    /// The comments of a consultation with these ids; those that it does not have are noted. What is recorded about them in the session goes on
    /// from what was loaded here: ten thousand are not loaded again for it.
    /// </summary>
    public static async Task<IReadOnlyList<Comment>> LoadComments(
        this IDocumentSession session,
        PublicConsultation consultation,
        IReadOnlyList<Guid> ids,
        string pointer,
        Invalid invalid,
        CancellationToken cancellation
    )
    {
        session.UseIdentityMapFor<Comment>();
        var found = (await session.LoadManyAsync<Comment>(cancellation, [.. ids.Distinct()]))
            .Where(c => c.ConsultationId == consultation.Id)
            .ToDictionary(c => c.Id);
        foreach (var (i, id) in ids.Index())
            invalid.If(!found.ContainsKey(id), $"{pointer}/{i}", "comment.unknown", $"The consultation has no comment {id}.");
        return [.. found.Values];
    }

    /// <summary>Records that something happened to a comment, on the version that was read.</summary>
    public static void Happen(this IDocumentSession session, Comment comment, IEventOf<Comment> happened)
    {
        session.Events.Append(comment.Id, comment.Version + 1, happened);
        session.Count(comment, Comment.Next(comment, happened));
    }
}
