using Alba;
using PolicyPlatform.Documents.Library;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Library;

public sealed class when_the_index_has_no_room(PostgresCluster postgres)
{
    [Fact]
    public async Task the_library_is_read_as_it_was_and_catches_up_when_there_is_room()
    {
        await using var disk = await SmallDisk.Mount(megabytes: 4);
        await using var district = new District(postgres);
        district.Settings[IndexedLibrary.FolderSetting] = disk.Folder;
        await district.InitializeAsync();
        var documents = district.Documents;
        await documents.Publish(await documents.Draft("第一条 甲。", "满盘办法"), "测政发〔2026〕831号");
        Assert.Equal(1, await Found(documents));

        disk.Fill();
        await documents.Publish(await documents.Draft("第一条 甲。", "满盘办法"), "测政发〔2026〕832号");
        // What the index gave up since then is filled as well.
        disk.Fill();
        Assert.Equal(1, await Found(documents));
        disk.MakeRoom();
        await Calls.Eventually<bool>(async () => await Found(documents) == 2 ? true : null);
    }

    static async Task<int> Found(IAlbaHost documents) => (await documents.Get(null, "library?q=满盘办法")).GetProperty("total").GetInt32();
}
