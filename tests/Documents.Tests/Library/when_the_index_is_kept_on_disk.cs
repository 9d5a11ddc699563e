using Alba;
using Lucene.Net.Index;
using Lucene.Net.Store;
using Lucene.Net.Util;
using Microsoft.Extensions.Logging.Abstractions;
using PolicyPlatform.Documents.Library;
using PolicyPlatform.Documents.Library.Indexing;
using PolicyPlatform.Documents.Tests.Operations;
using PolicyPlatform.Testing;
using Directory = System.IO.Directory;

namespace PolicyPlatform.Documents.Tests.Library;

public sealed class when_the_index_is_kept_on_disk : IAsyncLifetime
{
    readonly string folder = Directory.CreateTempSubdirectory("policyplatform-index-test-").FullName;
    readonly District district;

    public when_the_index_is_kept_on_disk(PostgresCluster postgres)
    {
        district = new(postgres);
        district.Settings[IndexedLibrary.FolderSetting] = folder;
    }

    public ValueTask InitializeAsync() => district.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await district.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task a_process_that_starts_again_reads_what_changed_meanwhile_and_nothing_else()
    {
        await Publish("留存办法", 1);
        var changed = await Publish("更正办法", 2);
        Assert.Equal(2, await Found("办法"));
        await district.RestartDocuments(async () =>
        {
            // Whoever read the texts again would find none.
            await district.Execute("delete from documents.mt_doc_historyentry where data ->> 'documentId' <> '" + changed + "'");
            await district.Execute(
                $"""
                update documents.mt_doc_libraryentry
                set data = jsonb_set(data, '{"{"}version{"}"}', '99') || '{"{"}"indexNumber":"改/1"{"}"}' where id = '{changed}'
                """
            );
        });
        Assert.Equal(2, await Found("办法"));
        Assert.Equal(1, await Found("改/1"));
    }

    [Fact]
    public async Task what_the_database_no_longer_holds_goes()
    {
        var gone = await Publish("还原前办法", 1);
        await Publish("还原后办法", 2);
        Assert.Equal(2, await Found("办法"));
        await district.RestartDocuments(() => district.Execute($"delete from documents.mt_doc_libraryentry where id = '{gone}'"));
        Assert.Equal(1, await Found("办法"));
    }

    [Theory]
    [InlineData("*.tim")]
    [InlineData("*.fdt")]
    [InlineData("*.doc")]
    [InlineData("*.dvd")]
    [InlineData("segments_*")]
    public async Task broken_files_are_made_anew(string broken)
    {
        await Publish("损坏办法", 1);
        Assert.Equal(1, await Found("损坏"));
        await district.RestartDocuments(() =>
        {
            var files = Directory.GetFiles(Path.Combine(folder, "0"), broken);
            Assert.NotEmpty(files);
            foreach (var file in files)
                File.WriteAllBytes(file, [.. File.ReadAllBytes(file).Select(b => (byte)(b ^ 0x55))]);
            return Task.CompletedTask;
        });
        Assert.Equal(1, await Found("损坏"));
    }

    [Fact]
    public async Task a_single_bit_that_broke_is_noticed_while_the_library_is_read()
    {
        await Publish("损坏办法", 1);
        Assert.Equal(1, await Found("办法"));
        var (file, broken) = ("", Array.Empty<byte>());
        await district.RestartDocuments(async () =>
        {
            file = Directory.GetFiles(Path.Combine(folder, "0"), "*.fdt").Single();
            broken = await File.ReadAllBytesAsync(file);
            // The last one before the check sum.
            broken[^17] ^= 1;
            await File.WriteAllBytesAsync(file, broken);
        });
        await Calls.Eventually<bool>(async () =>
            !File.Exists(file) || (await File.ReadAllBytesAsync(file))[^17] != broken[^17] ? true : null
        );
        Assert.Equal(1, await Found("办法"));
    }

    [Fact]
    public async Task what_another_version_wrote_is_made_anew()
    {
        await Publish("旧版办法", 1);
        Assert.Equal(1, await Found("旧版"));
        await district.RestartDocuments(() =>
        {
            using var directory = FSDirectory.Open(Path.Combine(folder, "0"));
            using var writer = new IndexWriter(directory, new(LuceneVersion.LUCENE_48, null));
            writer.DeleteAll();
            writer.SetCommitData(new Dictionary<string, string> { ["version"] = "0" });
            writer.Commit();
            return Task.CompletedTask;
        });
        Assert.Equal(1, await Found("旧版"));
    }

    [Fact]
    public async Task each_of_two_processes_has_its_own()
    {
        await Publish("并行办法", 1);
        var other = await district.StartDocuments();
        Assert.Equal(1, await Found("并行", other));
        await Publish("并行规定", 2);
        Assert.Equal(2, await Found("并行", other));
        Assert.Equal(2, await Found("并行"));
        Assert.Equal(["0", "1"], Directory.GetDirectories(folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task two_that_start_at_the_same_moment_have_their_own_too()
    {
        await Publish("并行办法", 1);
        Assert.Equal(1, await Found("并行"));
        // As one leaves it to another that opened the lock of the index before it was given back, and took it afterwards.
        File.Delete(Path.Combine(folder, "0", IndexWriter.WRITE_LOCK_NAME));
        await using var other = new DocumentsProcess(district, indexFolder: folder);
        await other.IsReady();
        Assert.Equal(["0", "1"], Directory.GetDirectories(folder).Select(Path.GetFileName).Order());
        await Publish("并行规定", 2);
        Assert.Equal(2, await Found("并行"));
    }

    [Fact]
    public async Task a_database_that_was_restored_into_another_cluster_is_followed()
    {
        await Publish("迁移办法", 1);
        Assert.Equal(1, await Found("迁移"));
        // The transactions of the cluster that it came from were counted far beyond those of this one.
        await district.Execute("update documents.library_changes set changed_in = '400000000000'");
        await Publish("迁移规定", 2);
        Assert.Equal(2, await Found("迁移"));
        await district.RestartDocuments(() => Task.CompletedTask);
        Assert.Equal(2, await Found("迁移"));
        await Publish("迁移细则", 3);
        Assert.Equal(3, await Found("迁移"));
    }

    [Fact]
    public void a_folder_that_cannot_be_written_is_named()
    {
        var file = Path.Combine(folder, "file");
        File.WriteAllText(file, "");
        var refused = Assert.ThrowsAny<IOException>(() => IndexFolder.Open(Path.Combine(file, "index"), false, NullLogger.Instance));
        Assert.Contains(file, refused.Message, StringComparison.Ordinal);
    }

    async Task<Guid> Publish(string title, int number) =>
        await district.Documents.Publish(await district.Documents.Draft("第一条 文本。", title), $"盘政发〔2026〕{number}号");

    async Task<int> Found(string q, IAlbaHost? documents = null) =>
        (await (documents ?? district.Documents).Get(null, $"library?q={Uri.EscapeDataString(q)}")).GetProperty("total").GetInt32();
}
