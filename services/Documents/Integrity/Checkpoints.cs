using System.Security.Cryptography;
using System.Text;
using Marten;
using Npgsql;
using PolicyPlatform.ServiceDefaults;

namespace PolicyPlatform.Documents.Integrity;

/// <summary>A checkpoint as it is kept.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Checkpoint">What was signed.</param>
public sealed record KeptCheckpoint(int Id, Checkpoint Checkpoint);

/// <summary>A document whose newest text was not the one of the checkpoint before.</summary>
/// <param name="Id">The checkpoint and the document.</param>
/// <param name="Number">The checkpoint.</param>
/// <param name="Index">The document's place in the tree; it keeps it in all checkpoints.</param>
/// <param name="DocumentId">The document.</param>
/// <param name="Revision">Its newest revision then.</param>
/// <param name="ChainHash">The hash chain over its revisions then.</param>
public sealed record CheckpointEntry(string Id, int Number, int Index, Guid DocumentId, int Revision, string ChainHash)
{
    internal byte[] Leaf() => MerkleTree.Leaf(RevisionProof.Entry(DocumentId, Revision, ChainHash));
}

/// <summary>Makes checkpoints, with a key that is no part of the database: who runs the one does not need to have the other.</summary>
sealed class Checkpoints(NpgsqlDataSource database, CheckpointTree tree, IConfiguration configuration, TimeProvider time) : IDisposable
{
    const string Differing = """
        select d.id, (d.data ->> 'revision')::int, d.data ->> 'chainHash', known.place
        from documents.mt_doc_policydocument d
        left join lateral (
            select (e.data ->> 'index')::int as place, e.data ->> 'chainHash' as chain
            from documents.mt_doc_checkpointentry e
            where e.document_id = d.id
            order by e.number desc
            limit 1
        ) known on true
        where (d.data ->> 'revision')::int > 0 and known.chain is distinct from d.data ->> 'chainHash'
        order by d.id
        """;

    readonly Lazy<ECDsa?> key = new(() =>
    {
        if (configuration["Integrity:KeyFile"] is not { Length: > 0 } file)
            return null;
        using var fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var loaded = ECDsa.Create();
        loaded.ImportFromPem(SecretFile.ReadOrCreate(file, fresh.ExportPkcs8PrivateKeyPem));
        return loaded;
    });

    /// <summary>The public key; null where no key is configured.</summary>
    public string? PublicKey => key.Value?.ExportSubjectPublicKeyInfoPem();

    /// <summary>Signs what all texts are now.</summary>
    public async Task<Checkpoint> Make(IDocumentSession session, CancellationToken cancellation)
    {
        var previous = (await session.Query<KeptCheckpoint>().OrderByDescending(c => c.Id).FirstOrDefaultAsync(cancellation))?.Checkpoint;
        var number = (previous?.Number ?? 0) + 1;
        var (changed, documents) = await Changed(number, previous?.Documents ?? 0, cancellation);
        session.Insert(changed);
        var root = await tree.Grow(session, previous, number, documents, changed, cancellation);
        // PostgreSQL keeps microseconds; what is signed is what is read back.
        var at = new DateTimeOffset(time.GetUtcNow().Ticks / 10 * 10, TimeSpan.Zero);
        var unsigned = new Checkpoint(number, at, documents, Convert.ToHexStringLower(root), previous?.Hash(), "");
        var checkpoint = unsigned with
        {
            Signature = Convert.ToBase64String(key.Value!.SignData(Encoding.UTF8.GetBytes(unsigned.Statement), HashAlgorithmName.SHA256)),
        };
        session.Insert(new KeptCheckpoint(number, checkpoint));
        return checkpoint;
    }

    // What a document was at the checkpoint before is compared in the database; only those that differ are read.
    async Task<(CheckpointEntry[] Changed, int Documents)> Changed(int number, int documents, CancellationToken cancellation)
    {
        var changed = new List<CheckpointEntry>();
        await using var command = database.CreateCommand(Differing);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var id = reader.GetGuid(0);
            var index = await reader.IsDBNullAsync(3, cancellation) ? documents++ : reader.GetInt32(3);
            changed.Add(new($"{number}/{id}", number, index, id, reader.GetInt32(1), reader.GetString(2)));
        }
        return ([.. changed], documents);
    }

    public void Dispose()
    {
        if (key is { IsValueCreated: true, Value: { } loaded })
            loaded.Dispose();
    }
}
