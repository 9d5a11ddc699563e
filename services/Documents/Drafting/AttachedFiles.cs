using System.Security.Cryptography;
using Marten;
using Npgsql;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Drafting;

/// <summary>The files of texts: kept once, under their hash, in the transaction that records the text.</summary>
static class AttachedFiles
{
    /// <summary>The table of their bytes.</summary>
    internal const string Table = "documents.attached_files";

    /// <summary>Keeps the files of a text, and puts them and what was found into the event that records it.</summary>
    public static Decision Attaching(this Decision decision, ReadText text, IDocumentSession session)
    {
        if (decision.Problem is not null) return decision;
        if (text.Findings.Count > 0) decision = decision.Completed(e => e is RevisionRecorded recorded ? recorded with { Findings = text.Findings } : e);
        var files = text.Files;
        if (files.Count == 0) return decision;
        var attached = files.Select(f => new AttachedFile(f.Name, f.MediaType, f.Content.LongLength, Convert.ToHexStringLower(SHA256.HashData(f.Content)))).ToArray();
        for (var i = 0; i < files.Count; i++)
            session.QueueSqlCommand($"insert into {Table} (sha256, content) values (?, ?) on conflict do nothing", attached[i].Sha256, files[i].Content);
        return decision.Completed(e => e is RevisionRecorded recorded ? recorded with { Files = attached } : e);
    }
}

/// <summary>One file of a text, such as an image, to whoever may read the text.</summary>
public sealed class ReadAttachedFile : IEndpoint
{
    // What a browser shows by itself and cannot run a script in.
    static readonly string[] Shown = ["image/png", "image/jpeg", "image/gif", "image/bmp", "image/webp"];

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/documents/{id:guid}/revisions/{revision:int}/files/{sha256}", Get)
        .Produces(200).WithTags("History").WithName("readAttachedFile");

    static async Task<IResult> Get(Guid id, int revision, string sha256, Caller caller, IQuerySession session, NpgsqlDataSource database, RevisionTexts texts, HttpContext http)
    {
        var document = await session.LoadAsync<PolicyDocument>(id, http.RequestAborted);
        if (!caller.Sees(document)) return Visibility.NotFound(id).ToResult();
        var text = caller.SeesRevision(document!, revision) ? await texts.Find(session, id, revision, http.RequestAborted) : null;
        if (text?.Files.FirstOrDefault(f => f.Sha256 == sha256) is not { } file)
            return DocumentProblems.RevisionNotFound.With($"Revision {revision} has no such file that you may see. GET …/revisions/{revision} lists its files.").ToResult();
        return await http.ConditionalAsync($"\"{sha256}\"", async () =>
        {
            await using var command = database.CreateCommand($"select content from {AttachedFiles.Table} where sha256 = $1");
            command.Parameters.AddWithValue(sha256);
            var content = (byte[])(await command.ExecuteScalarAsync(http.RequestAborted))!;
            http.Response.Headers.XContentTypeOptions = "nosniff";
            http.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
            return Shown.Contains(file.MediaType) ? Results.Bytes(content, file.MediaType) : Results.Bytes(content, "application/octet-stream", file.Name);
        });
    }
}
