using JasperFx.Events;
using PolicyPlatform.Consultation.Comments;
using PolicyPlatform.Consultation.Hearings;
using PolicyPlatform.Documents;
using PolicyPlatform.Interpretation.Materials;

namespace PolicyPlatform.Audit.Streams;

/// <summary>Every file that an event names is there with its length and its hash, and every file that is there is named.</summary>
sealed class AttachedFiles : IMadeOfEvents
{
    const string FromBackup = "From a backup, or by attaching it again.";

    readonly Dictionary<string, (long Bytes, string NamedBy)> named = [];

    // A quarter of each hash: enough to tell files apart, and little for many.
    readonly HashSet<ulong> all = [];

    /// <inheritdoc/>
    public string? Name => null;

    static IEnumerable<(string Sha256, long Bytes)> FilesOf(object happened) =>
        happened switch
        {
            RevisionRecorded { Files: { } files } => files.Where(f => f.Erased is not true).Select(f => (f.Sha256, f.Bytes)),
            MaterialFileAttached e => [(e.File.Sha256, e.File.Bytes)],
            CommentFileAttached e => [(e.File.Sha256, e.File.Bytes)],
            HearingMaterialAttached e => [(e.Material.Sha256, e.Material.Size)],
            _ => [],
        };

    /// <inheritdoc/>
    public ValueTask Apply(Stream stream, IEvent happened)
    {
        foreach (var (hash, bytes) in FilesOf(happened.Data))
            named.TryAdd(hash, (bytes, stream.ToString()));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task Compare(Snapshot at, IReadOnlyList<Stream> streams, Findings findings, CancellationToken cancellation)
    {
        if (named.Count == 0)
            return;
        var stored = (
            await at.Rows(
                $"select sha256, octet_length(content)::bigint, encode(sha256(content), 'hex') from {Table(at)} where sha256 = any($1)",
                r => (Hash: r.GetString(0), Bytes: r.GetInt64(1), Is: r.GetString(2)),
                cancellation,
                (object)named.Keys.Where(h => !all.Contains(Short(h))).ToArray()
            )
        ).ToDictionary(f => f.Hash);
        foreach (var (hash, (bytes, by)) in named)
        {
            if (!all.Add(Short(hash)))
                continue;
            if (!stored.TryGetValue(hash, out var file))
                findings.Add(new(at.Service.Name, "file.missing", hash, $"{bytes} bytes, which {by} names", "none", FromBackup));
            else if (file.Bytes != bytes || file.Is != hash)
                findings.Add(
                    new(
                        at.Service.Name,
                        "file.changed",
                        hash,
                        $"{bytes} bytes with this hash, which {by} names",
                        $"{file.Bytes} bytes with the hash {file.Is}",
                        FromBackup
                    )
                );
        }
        named.Clear();
    }

    /// <inheritdoc/>
    public async Task Finish(Snapshot at, Findings findings, CancellationToken cancellation)
    {
        foreach (var hash in await at.Rows($"select sha256 from {Table(at)}", r => r.GetString(0), cancellation))
            if (!all.Contains(Short(hash)))
                findings.Add(
                    new(
                        at.Service.Name,
                        "file.unnamed",
                        hash,
                        "something that names the file",
                        "nothing",
                        "What named it, from a backup; or delete the file."
                    )
                );
    }

    static string Table(Snapshot at) => $"{at.Service.Name}.attached_files";

    static ulong Short(string hash) =>
        hash.Length >= 16 && ulong.TryParse(hash.AsSpan(0, 16), System.Globalization.NumberStyles.HexNumber, null, out var part)
            ? part
            : (ulong)hash.GetHashCode(StringComparison.Ordinal);
}
