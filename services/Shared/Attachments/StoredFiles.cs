using System.Security.Cryptography;
using Marten;
using Microsoft.AspNetCore.Http;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Reading;
using Weasel.Postgresql.Tables;

namespace PolicyPlatform.Shared.Attachments;

/// <summary>The bytes of files, kept once under their SHA-256 in the schema of a service. What a file is called is kept by whoever has it.</summary>
public static class StoredFiles
{
    static readonly string[] Shown = ["image/png", "image/jpeg", "image/gif", "image/bmp", "image/webp"];

    /// <summary>Makes the table.</summary>
    public static void KeepFiles(this StoreOptions options)
    {
        var table = new Table(In(options));
        table.AddColumn<string>("sha256").AsPrimaryKey();
        table.AddColumn("content", "bytea").NotNull();
        options.Storage.ExtendedSchemaObjects.Add(table);
    }

    /// <summary>The hash of a file, as lower-case hexadecimal.</summary>
    public static string HashOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>Keeps a file in the transaction of a session, and returns its hash.</summary>
    public static string KeepFile(this IDocumentSession session, byte[] content)
    {
        var hash = HashOf(content);
        session.QueueSqlCommand(
            // Who erases a file waits for those who keep it.
            $"insert into {In(session.DocumentStore.Options)} (sha256, content) values (?, ?) on conflict (sha256) do update set sha256 = excluded.sha256",
            hash,
            content
        );
        return hash;
    }

    /// <summary>Deletes files for good in the transaction of a session, but for those that something else still has.</summary>
    /// <param name="session">The session.</param>
    /// <param name="hashes">Their hashes.</param>
    /// <param name="stillHad">
    /// SQL that holds where something else has the file <c>f.sha256</c>; asked once nobody can begin to keep the file any more.
    /// </param>
    /// <param name="values">What that is asked with.</param>
    public static void EraseFiles(this IDocumentSession session, IReadOnlyList<string> hashes, string stillHad, params object[] values)
    {
        var table = In(session.DocumentStore.Options);
        // A statement that answers with rows would be taken for the answer to another one of the same batch.
        session.QueueSqlCommand(
            $"with held as (select sha256 from {table} where sha256 = any(?) order by sha256 for update) update {table} f set sha256 = f.sha256 from held where f.sha256 = held.sha256",
            (object)hashes.ToArray()
        );
        session.QueueSqlCommand(
            $"delete from {table} f where f.sha256 = any(?) and not exists ({stillHad})",
            [hashes.ToArray(), .. values]
        );
    }

    /// <summary>
    /// The answer that holds a file. Pictures are shown in the browser; everything else is downloaded, and no script can run in any of it.
    /// </summary>
    /// <param name="http">The request.</param>
    /// <param name="session">Says in which schema it is.</param>
    /// <param name="database">Where it is read.</param>
    /// <param name="sha256">Its hash; it has to be there.</param>
    /// <param name="name">What it is called when it is downloaded.</param>
    /// <param name="mediaType">What it is.</param>
    public static Task<IResult> SendFile(
        this HttpContext http,
        IQuerySession session,
        ReadDatabase database,
        string sha256,
        string name,
        string mediaType
    ) =>
        http.ConditionalAsync(
            $"\"{sha256}\"",
            async () =>
            {
                await using var command = database.CreateCommand(
                    $"select content from {In(session.DocumentStore.Options)} where sha256 = $1"
                );
                command.Parameters.AddWithValue(sha256);
                var content = (byte[])(await command.ExecuteScalarAsync(http.RequestAborted))!;
                http.Response.Headers.XContentTypeOptions = "nosniff";
                http.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
                return Results.Bytes(content, mediaType, IsShown(mediaType) ? null : name, enableRangeProcessing: true);
            }
        );

    /// <summary>Whether a browser shows files of this type by itself, and cannot run a script in them.</summary>
    public static bool IsShown(string mediaType) => Shown.Contains(mediaType);

    static string In(IReadOnlyStoreOptions options) => $"{options.DatabaseSchemaName}.attached_files";
}
