using Marten;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Consultation.Comments;

/// <summary>Erases name and contact of one's own comment (个人信息保护法 47); what was said stays, and counts.</summary>
public sealed class EraseSender : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/comments/{receipt}/sender", Delete).Produces(204).WithName("eraseSender");

    /// <summary>Erases name and contact of one's own comment; once they are erased the same request changes nothing.</summary>
    static async Task<IResult> Delete(string receipt, IDocumentSession session, HttpContext http)
    {
        var id = SubmitComment.IdOf(receipt);
        if (await session.LoadAsync<Comment>(id, http.RequestAborted) is null)
            return SenderSteps.NotFound().ToResult();
        session.Delete<CommentSender>(id);
        await session.SaveChangesAsync(http.RequestAborted);
        return Results.NoContent();
    }
}
