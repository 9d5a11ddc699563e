using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using PolicyPlatform.Documents.Integrity;
using PolicyPlatform.Verify;

var files = new Argument<FileInfo[]>("files")
{
    Description = "Proofs (…/revisions/{n}/proof) and checkpoints (/integrity/checkpoints/{n}), as they were exported.",
}.AcceptExistingOnly();
var key = new Option<FileInfo>("--key")
{
    Description = "The public key (/integrity/key), from a place that you trust.",
    Required = true,
}.AcceptExistingOnly();
var root = new RootCommand(
    "Checks, without the platform and without a network, that exported texts were in the library when its checkpoints were signed."
)
{
    files,
    key,
    Draws.Command(),
};
root.SetAction(parsed =>
{
    var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
    using var signer = ECDsa.Create();
    try
    {
        signer.ImportFromPem(File.ReadAllText(parsed.GetRequiredValue(key).FullName));
    }
    catch (Exception e) when (e is ArgumentException or CryptographicException)
    {
        Console.Error.WriteLine("The file given with --key is no public key in PEM.");
        return 1;
    }
    var checkpoints = new SortedDictionary<int, Checkpoint>();
    var flaws = 0;
    foreach (var file in parsed.GetRequiredValue(files))
    {
        try
        {
            var json = JsonDocument.Parse(File.ReadAllText(file.FullName)).RootElement;
            if (json.TryGetProperty("checkpoint", out _))
            {
                var proof = json.Deserialize<RevisionProof>(options)!;
                Tell(
                    file,
                    proof.Flaw(signer),
                    $"revision {proof.Revision} of document {proof.DocumentId} was in the library on {proof.Checkpoint.At:u} (checkpoint {proof.Checkpoint.Number})"
                );
                Keep(file, proof.Checkpoint);
            }
            else
            {
                var checkpoint = json.Deserialize<Checkpoint>(options)!;
                Tell(
                    file,
                    checkpoint.IsSignedBy(signer) ? null : "The checkpoint is not signed with this key.",
                    $"checkpoint {checkpoint.Number} of {checkpoint.At:u} over {checkpoint.Documents} documents is signed"
                );
                Keep(file, checkpoint);
            }
        }
        catch (Exception e) when (e is JsonException or ArgumentNullException or FormatException)
        {
            Tell(file, "This is neither a proof nor a checkpoint.", "");
        }
    }
    foreach (var (number, checkpoint) in checkpoints)
        if (checkpoints.TryGetValue(number - 1, out var before) && checkpoint.Previous != before.Hash())
        {
            Console.Error.WriteLine(
                $"FLAW  checkpoint {number} does not follow checkpoint {number - 1}: history was rewritten between them."
            );
            flaws++;
        }
    return flaws == 0 ? 0 : 2;

    void Keep(FileInfo file, Checkpoint checkpoint)
    {
        if (checkpoints.TryAdd(checkpoint.Number, checkpoint) || checkpoints[checkpoint.Number] == checkpoint)
            return;
        Tell(file, $"There are two checkpoints {checkpoint.Number} that say different things: history was rewritten.", "");
    }

    void Tell(FileInfo file, string? flaw, string fine)
    {
        if (flaw is null)
            Console.WriteLine($"ok    {file.Name}: {fine}");
        else
        {
            Console.Error.WriteLine($"FLAW  {file.Name}: {flaw}");
            flaws++;
        }
    }
});
return await root.Parse(args).InvokeAsync();
