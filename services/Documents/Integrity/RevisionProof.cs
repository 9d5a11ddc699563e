using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PolicyPlatform.Documents.Text;

namespace PolicyPlatform.Documents.Integrity;

/// <summary>
/// A signed statement of what all texts of the library were at an instant. Whoever keeps one can prove later that nothing before it was
/// rewritten.
/// </summary>
/// <param name="Number">From 1.</param>
/// <param name="At">The instant, UTC.</param>
/// <param name="Documents">How many documents it covers.</param>
/// <param name="Root">The root of the hash tree over them, as lower-case hexadecimal.</param>
/// <param name="Previous">The hash of the checkpoint before; null for the first. None can be taken out.</param>
/// <param name="Signature">ECDSA over P-256 with SHA-256, in base64.</param>
public sealed record Checkpoint(int Number, DateTimeOffset At, int Documents, string Root, string? Previous, string Signature)
{
    /// <summary>What is signed.</summary>
    public string Statement =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"policyplatform checkpoint\n{Number}\n{At.UtcDateTime:yyyy-MM-ddTHH:mm:ss.ffffffZ}\n{Documents}\n{Root}\n{Previous}"
        );

    /// <summary>What the next checkpoint names it by.</summary>
    public string Hash() => CanonicalText.Hash($"{Statement}\n{Signature}");

    /// <summary>Whether the key signed it.</summary>
    public bool IsSignedBy(ECDsa key) =>
        key.VerifyData(Encoding.UTF8.GetBytes(Statement), Convert.FromBase64String(Signature), HashAlgorithmName.SHA256);
}

/// <summary>A later revision on the way from the proved one to the newest at the checkpoint.</summary>
/// <param name="Revision">Its number.</param>
/// <param name="TextHash">SHA-256 of its canonical text.</param>
/// <param name="FilesHash">SHA-256 over the files that were sent with it; null for none.</param>
public sealed record LaterRevision(int Revision, string TextHash, string? FilesHash = null);

/// <summary>Everything that shows, without the library, that a text was in it at a checkpoint.</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Revision">The revision.</param>
/// <param name="Text">Its canonical text.</param>
/// <param name="ChainBefore">The hash chain before it; null for the first revision.</param>
/// <param name="Later">The revisions after it up to the checkpoint.</param>
/// <param name="Index">The document's place in the checkpoint's tree, from 0.</param>
/// <param name="Path">The document's siblings in the tree, from the bottom up.</param>
/// <param name="Checkpoint">The checkpoint.</param>
/// <param name="Files">The files that were sent with it, SHA-256 and name of each; null for none.</param>
public sealed record RevisionProof(
    Guid DocumentId,
    int Revision,
    string Text,
    string? ChainBefore,
    IReadOnlyList<LaterRevision> Later,
    int Index,
    IReadOnlyList<string> Path,
    Checkpoint Checkpoint,
    IReadOnlyList<string>? Files = null
)
{
    /// <summary>The entry of a document in a checkpoint's tree.</summary>
    public static string Entry(Guid documentId, int revision, string chainHash) =>
        string.Create(CultureInfo.InvariantCulture, $"{documentId}\n{revision}\n{chainHash}");

    /// <summary>What is wrong with the proof; null when it holds.</summary>
    public string? Flaw(ECDsa key)
    {
        try
        {
            var chain = CanonicalText.Chain(
                ChainBefore,
                Revision,
                CanonicalText.Hash(Text),
                Files is null ? null : CanonicalText.Hash(string.Join('\n', Files))
            );
            var last = Revision;
            foreach (var later in Later)
            {
                if (later.Revision != ++last)
                    return $"After revision {last - 1} comes {later.Revision}: a revision is missing.";
                chain = CanonicalText.Chain(chain, later.Revision, later.TextHash, later.FilesHash);
            }
            var root = MerkleTree.RootOf(
                MerkleTree.Leaf(Entry(DocumentId, last, chain)),
                Index,
                Checkpoint.Documents,
                [.. Path.Select(Convert.FromHexString)]
            );
            if (root is null || Convert.ToHexStringLower(root) != Checkpoint.Root)
                return "The text does not lead to the checkpoint's root: it, or a revision of its document, is not what it was.";
            return Checkpoint.IsSignedBy(key) ? null : "The checkpoint is not signed with this key.";
        }
        catch (FormatException)
        {
            return "A hash or the signature is damaged.";
        }
    }
}
