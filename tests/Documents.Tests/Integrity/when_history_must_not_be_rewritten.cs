using System.Security.Cryptography;
using System.Text.Json;
using Alba;
using CsCheck;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using PolicyPlatform.Documents.Integrity;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Integrity;

public sealed class when_history_must_not_be_rewritten(District district) : IClassFixture<District>
{
    IAlbaHost Documents => district.Documents;

    [Fact]
    public async Task a_proof_covers_the_files_that_go_with_a_text()
    {
        var id = await Documents.Draft("第一条 初稿。");
        await Documents.Post(
            Tokens.DraftingHousing,
            $"documents/{id}/revisions",
            new { text = "第一条 定稿。", files = new object[] { new { name = "表.csv", content = "1,2"u8.ToArray() } } },
            201
        );
        await Documents.Publish(id, "测政发〔2026〕602号");
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/amendments",
            new
            {
                text = "第一条 修改。",
                changeNote = "改",
                effectiveFrom = "2026-07-01",
            },
            201
        );
        await Documents.Post(Tokens.Supervision, "integrity/checkpoints", new { }, 201);
        Assert.True((await Documents.Get(null, $"documents/{id}/integrity")).GetProperty("intact").GetBoolean());

        using var key = ECDsa.Create();
        key.ImportFromPem(await (await Documents.Scenario(s => s.Get.Url("/api/v1/integrity/key"))).ReadAsTextAsync());
        var proof = (await Documents.Get(null, $"documents/{id}/revisions/2/proof")).Deserialize<RevisionProof>(JsonDefaults.Options)!;
        Assert.Null(proof.Flaw(key));
        Assert.Equal([$"{Convert.ToHexStringLower(SHA256.HashData("1,2"u8))} 表.csv"], proof.Files!);
        Assert.NotNull((proof with { Files = [$"{Convert.ToHexStringLower(SHA256.HashData("1,3"u8))} 表.csv"] }).Flaw(key));
        Assert.NotNull((proof with { Files = null }).Flaw(key));
        Assert.NotNull((proof with { Later = [proof.Later[0] with { FilesHash = null }] }).Flaw(key));
    }

    [Fact]
    public async Task a_proof_holds_without_the_library_and_no_longer_when_a_word_is_changed()
    {
        var id = await Documents.Draft("第一条 初稿。");
        for (var n = 2; n <= 4; n++)
            await Documents.Revise(id, $"第一条 第{n}稿。");
        await Documents.Publish(id, "测政发〔2026〕601号");
        for (var n = 0; n < 4; n++)
            await Documents.Draft($"第一条 别的{n}。");
        var first = await Documents.Post(Tokens.Supervision, "integrity/checkpoints", new { }, 201);
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/amendments",
            new
            {
                text = "第一条 修改。",
                changeNote = "改",
                effectiveFrom = "2026-07-01",
            },
            201
        );
        await Documents.Post(Tokens.Supervision, "integrity/checkpoints", new { }, 201);

        using var key = ECDsa.Create();
        key.ImportFromPem(await (await Documents.Scenario(s => s.Get.Url("/api/v1/integrity/key"))).ReadAsTextAsync());
        var proof = (await Documents.Get(null, $"documents/{id}/revisions/4/proof")).Deserialize<RevisionProof>(JsonDefaults.Options)!;
        Assert.Null(proof.Flaw(key));
        Assert.Equal("第一条 第4稿。", proof.Text);
        var early = (
            await Documents.Get(null, $"documents/{id}/revisions/4/proof?checkpoint={first.GetProperty("number").GetInt32()}")
        ).Deserialize<RevisionProof>(JsonDefaults.Options)!;
        Assert.Null(early.Flaw(key));
        Assert.Equal(proof.Checkpoint.Previous, early.Checkpoint.Hash());

        Assert.NotNull((proof with { Text = "第一条 第5稿。" }).Flaw(key));
        Assert.NotNull((proof with { Later = [] }).Flaw(key));
        Assert.NotNull((proof with { Index = (proof.Index + 1) % proof.Checkpoint.Documents }).Flaw(key));
        Assert.NotNull((proof with { Checkpoint = proof.Checkpoint with { At = proof.Checkpoint.At.AddDays(-1) } }).Flaw(key));
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.NotNull(proof.Flaw(other));

        Assert.Equal(
            "integrity.checkpoint.tooEarly",
            (await Documents.Get(null, $"documents/{id}/revisions/5/proof?checkpoint=1", 409)).Code()
        );
        await Documents.Get(null, $"documents/{id}/revisions/2/proof", 404);
    }

    [Fact]
    public async Task whoever_rewrites_the_database_is_found_out()
    {
        var id = await Documents.Draft("第一条 原来的文字。");
        await Documents.Revise(id, "第一条 后来的文字。");
        Assert.True((await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/integrity")).GetProperty("intact").GetBoolean());
        await using var session = Documents.Services.GetRequiredService<IDocumentStore>().LightweightSession();
        session.QueueSqlCommand(
            "update documents.mt_events set data = replace(data::text, '原来的', '改过的')::jsonb where stream_id = ? and version = 2",
            id
        );
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);

        var other = await district.StartDocuments();
        var report = await other.Get(Tokens.DraftingHousing, $"documents/{id}/integrity");
        Assert.Equal((false, 1), (report.GetProperty("intact").GetBoolean(), report.GetProperty("brokenAt").GetInt32()));
    }

    [Fact]
    public async Task texts_of_an_earlier_canonical_form_keep_it_and_their_hashes()
    {
        var id = await Documents.Draft("第一条 供热。");
        var hash = (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/revisions/1")).GetProperty("textHash").GetString();
        // As it was recorded before forms had a version.
        await district.Execute($"update documents.mt_events set data = data - 'CanonicalForm' - 'canonicalForm' where stream_id = '{id}'");
        var fresh = await district.StartDocuments();
        var earlier = await fresh.Get(Tokens.DraftingHousing, $"documents/{id}/revisions/1");
        await fresh.Revise(id, "第一条 供热。\n第二条 供水。");
        var later = await fresh.Get(Tokens.DraftingHousing, $"documents/{id}/revisions/2");
        Assert.Equal(
            (1, hash, 2),
            (
                earlier.GetProperty("canonicalForm").GetInt32(),
                earlier.GetProperty("textHash").GetString(),
                later.GetProperty("canonicalForm").GetInt32()
            )
        );
        Assert.True((await fresh.Get(Tokens.DraftingHousing, $"documents/{id}/integrity")).GetProperty("intact").GetBoolean());
    }

    [Fact]
    public void every_entry_of_every_tree_has_its_proof_and_no_other() =>
        Gen.Int[1, 40]
            .SelectMany(size => Gen.Select(Gen.Const(size), Gen.Int[0, size - 1], Gen.Int[0, size - 1]))
            .Sample(
                (size, index, other) =>
                {
                    var leaves = Enumerable.Range(0, size).ToDictionary(i => i, i => MerkleTree.Leaf($"{i}"));
                    var hashes = MerkleTree.Above(leaves, size, _ => []);
                    var path = MerkleTree.Path(index, size, s => hashes[s]);
                    var root = MerkleTree.Root(size, s => hashes[s]);
                    return root.AsSpan().SequenceEqual(MerkleTree.RootOf(leaves[index], index, size, path))
                        && (index == other || MerkleTree.RootOf(leaves[other], index, size, path)?.AsSpan().SequenceEqual(root) is not true)
                        && MerkleTree.RootOf(leaves[index], index, size, [.. path, root])?.AsSpan().SequenceEqual(root) is not true;
                }
            );

    [Fact]
    public void a_tree_that_grows_and_changes_is_the_tree_made_at_once() =>
        Gen.Select(Gen.Int[0, 40], Gen.Int[0, 20], Gen.Int[0, 60].Array[0, 8])
            .Sample(
                (before, added, changed) =>
                {
                    var size = before + added;
                    var old = Enumerable.Range(0, before).ToDictionary(i => i, i => MerkleTree.Leaf($"{i}"));
                    var fresh = changed
                        .Where(i => i < size)
                        .Concat(Enumerable.Range(before, added))
                        .Distinct()
                        .ToDictionary(i => i, i => MerkleTree.Leaf($"{i} anew"));
                    var grown = MerkleTree.Above(old, before, _ => []);
                    foreach (var (subtree, hash) in MerkleTree.Above(fresh, size, s => grown[s]))
                        grown[subtree] = hash;
                    var whole = MerkleTree.Above(
                        Enumerable.Range(0, size).ToDictionary(i => i, i => fresh.GetValueOrDefault(i) ?? old[i]),
                        size,
                        _ => []
                    );
                    return whole.Count == grown.Count && whole.All(w => w.Value.AsSpan().SequenceEqual(grown[w.Key]));
                }
            );

    [Fact]
    public async Task checkpoints_are_proved_without_kept_hashes_and_with_broken_ones()
    {
        var ids = new List<Guid>();
        for (var n = 0; n < 5; n++)
            ids.Add(await Documents.Publish(await Documents.Draft($"第一条 旧的{n}。"), $"测政发〔2026〕61{n}号"));
        var early = await Checkpoint();
        await district.Execute($"delete from {CheckpointTree.Table}");
        await Documents.Draft("第一条 新的。");
        var late = await Checkpoint();
        await Prove();
        // A kept hash that broke proves nothing; the entries still do.
        await district.Execute($"update {CheckpointTree.Table} set hash = sha256('broken')");
        await Prove();

        async Task Prove()
        {
            using var key = ECDsa.Create();
            key.ImportFromPem(await (await Documents.Scenario(s => s.Get.Url("/api/v1/integrity/key"))).ReadAsTextAsync());
            foreach (var id in ids)
            foreach (var number in new[] { early, late })
                Assert.Null(
                    (await Documents.Get(null, $"documents/{id}/revisions/1/proof?checkpoint={number}"))
                        .Deserialize<RevisionProof>(JsonDefaults.Options)!
                        .Flaw(key)
                );
        }

        async Task<int> Checkpoint() =>
            (await Documents.Post(Tokens.Supervision, "integrity/checkpoints", new { }, 201)).GetProperty("number").GetInt32();
    }
}
