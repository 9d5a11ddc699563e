using System.Security.Cryptography;
using System.Text.Json;
using Alba;
using PolicyPlatform.Documents.Tests.Text;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Drafting;

public sealed class when_files_go_with_a_text(District district) : IClassFixture<District>
{
    const string Notice =
        "关于申报补贴的通知\n各街道：\n请于6月30日前申报。\n附件：1.补贴申请表\n2.汇总表（样式）\n测试区住房局\n2026年5月20日";

    static readonly byte[] Pdf = "%PDF-1.7 表"u8.ToArray();
    static readonly byte[] Picture = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3];

    IAlbaHost Documents => district.Documents;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_file_is_attached_named_by_the_text_and_downloaded()
    {
        var id = await Documents.Draft(Notice, "关于申报补贴的通知");
        Assert.Equal(2, (await Attach(id, "附件1：补贴申请表.pdf", Pdf, 201)).GetProperty("revision").GetInt32());
        await Attach(id, "2.汇总表（样式）.csv", "街道,户数\n"u8.ToArray(), 201);
        await Attach(id, "办公地点.png", Picture, 201);

        var text = await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/revisions/4");
        var files = text.GetProperty("files").EnumerateArray().ToArray();
        Assert.Equal(
            [("附件1：补贴申请表.pdf", "application/pdf"), ("2.汇总表（样式）.csv", "text/csv"), ("办公地点.png", "image/png")],
            files.Select(f => (f.GetProperty("name").GetString()!, f.GetProperty("mediaType").GetString()!))
        );
        var blocks = text.GetProperty("blocks")
            .EnumerateArray()
            .ToDictionary(b => b.GetProperty("id").GetString()!, b => b.GetProperty("text").GetString()!);
        Assert.Equal(
            ["附件：1.补贴申请表\n2.汇总表（样式）", "附件：1.补贴申请表\n2.汇总表（样式）", null],
            files.Select(f => f.GetProperty("blockId").GetString() is { } block ? blocks[block] : null)
        );
        Assert.Equal(
            (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/revisions/1")).GetProperty("textHash").GetString(),
            text.GetProperty("textHash").GetString()
        );

        using var client = Documents.Server.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", Tokens.DraftingHousing);
        using var answer = await client.GetAsync(new Uri(files[0].GetProperty("link").GetString()!, UriKind.Relative), Cancellation);
        Assert.Equal(Pdf, await answer.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition!.DispositionType);
        await Documents.Get(null, files[0].GetProperty("link").GetString()!["/api/v1/".Length..], 404);
    }

    [Fact]
    public async Task many_who_attach_at_once_in_two_processes_lose_no_file()
    {
        var id = await Documents.Draft(Notice, "关于申报补贴的通知");
        var other = await district.StartDocuments();
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 16)
                .Select(async i =>
                {
                    using var client = (i % 2 == 0 ? Documents : other).Server.CreateClient();
                    client.DefaultRequestHeaders.Authorization = new("Bearer", Tokens.DraftingHousing);
                    using var content = new ByteArrayContent([.. Picture, (byte)i]);
                    using var answer = await client.PostAsync(
                        new Uri($"/api/v1/documents/{id}/files?name=图{i}.png", UriKind.Relative),
                        content,
                        Cancellation
                    );
                    return (int)answer.StatusCode;
                })
        );
        Assert.All(answers, status => Assert.Equal(201, status));
        Assert.Equal(
            Enumerable.Range(0, 16).Select(i => $"图{i}.png").Order(StringComparer.Ordinal),
            (await Names(id)).Order(StringComparer.Ordinal)
        );
        Assert.True((await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/integrity")).GetProperty("intact").GetBoolean());
    }

    [Fact]
    public async Task what_goes_with_a_text_goes_with_the_next_one_until_it_is_left_out()
    {
        var id = await Documents.Draft(Notice, "关于申报补贴的通知");
        await Attach(id, "补贴申请表.pdf", Pdf, 201);
        await Documents.Revise(id, Notice.Replace("6月30日", "7月31日", StringComparison.Ordinal));
        Assert.Equal(["补贴申请表.pdf"], await Names(id));
        Assert.Empty(
            (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/comparison?from=2&to=3")).GetProperty("files").EnumerateArray()
        );

        // A new one, and one that is kept by its hash under another name.
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(Pdf));
        await Documents.Post(
            Tokens.DraftingHousing,
            $"documents/{id}/revisions",
            new { text = Notice, files = new object[] { new { name = "附件1.pdf", sha256 }, new { name = "图.png", content = Picture } } },
            201
        );
        Assert.Equal(["附件1.pdf", "图.png"], await Names(id));
        var compared = (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/comparison?from=3&to=4"))
            .GetProperty("files")
            .EnumerateArray()
            .Select(f => $"{f.GetProperty("change").GetString()} {f.GetProperty("name").GetString()}");
        Assert.Equal(["added 附件1.pdf", "added 图.png", "removed 补贴申请表.pdf"], compared);

        // One of the same name takes its place, whatever the request calls its type.
        using var client = Documents.Server.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", Tokens.DraftingHousing);
        byte[] other = [.. Picture, 4];
        using var content = new ByteArrayContent(other) { Headers = { ContentType = new("image/png") } };
        Assert.Equal(
            201,
            (int)
                (
                    await client.PostAsync(new Uri($"/api/v1/documents/{id}/files?name=图.png", UriKind.Relative), content, Cancellation)
                ).StatusCode
        );
        Assert.Equal(["附件1.pdf", "图.png"], await Names(id));
        Assert.Equal(
            ["modified 图.png"],
            (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/comparison?from=4&to=5"))
                .GetProperty("files")
                .EnumerateArray()
                .Select(f => $"{f.GetProperty("change").GetString()} {f.GetProperty("name").GetString()}")
        );

        var removed = await Documents.Scenario(s =>
        {
            s.As(Tokens.DraftingHousing).Delete.Url($"/api/v1/documents/{id}/files/{sha256}");
            s.StatusCodeShouldBe(201);
        });
        Assert.Equal(6, (await removed.Json()).GetProperty("revision").GetInt32());
        Assert.Equal(["图.png"], await Names(id));
        await Documents.Post(
            Tokens.DraftingHousing,
            $"documents/{id}/revisions",
            new { text = Notice, files = Array.Empty<object>() },
            201
        );
        Assert.Empty(await Names(id));
        Assert.Equal(
            "file.notFound",
            (
                await (
                    await Documents.Scenario(s =>
                    {
                        s.As(Tokens.DraftingHousing).Delete.Url($"/api/v1/documents/{id}/files/{sha256}");
                        s.StatusCodeShouldBe(404);
                    })
                ).Json()
            ).Code()
        );
    }

    [Fact]
    public async Task everything_wrong_with_files_is_named_at_once()
    {
        var id = await Documents.Draft(Notice);
        var problem = await Documents.Post(
            Tokens.DraftingHousing,
            $"documents/{id}/revisions",
            new
            {
                text = Notice,
                files = new object[]
                {
                    new { name = "脚本.svg", content = "<svg onload='alert(1)'/>"u8.ToArray() },
                    new { name = "../申请表.pdf", content = Pdf },
                    new { name = "申请表.exe", content = Pdf },
                    new { name = "空.pdf", content = Array.Empty<byte>() },
                    new { content = Pdf },
                    new
                    {
                        name = "哪个.pdf",
                        content = Pdf,
                        sha256 = "00",
                    },
                    new { name = "宏.docm", content = Package("word/document.xml", "word/vbaProject.bin") },
                },
            },
            422
        );
        Assert.Equal(
            ["/files/0/content", "/files/1/name", "/files/2/name", "/files/3/content", "/files/4/name", "/files/5", "/files/6/content"],
            problem.Pointers()
        );

        problem = await Documents.Post(
            Tokens.DraftingHousing,
            $"documents/{id}/revisions",
            new
            {
                text = Notice,
                files = new object[]
                {
                    new { name = "表.pdf", content = Pdf },
                    new { name = "表.PDF", content = "%PDF-1.4 另一个"u8.ToArray() },
                    new { sha256 = "ab" },
                },
            },
            422
        );
        Assert.Equal(
            [("/files/1/name", "name.taken"), ("/files/2/sha256", "file.unknown")],
            problem.GetProperty("errors").EnumerateArray().Select(e => (e.GetProperty("pointer").GetString()!, e.Code()))
        );

        problem = await Documents.Post(
            Tokens.DraftingHousing,
            $"documents/{id}/revisions",
            new
            {
                text = Notice,
                files = new object[]
                {
                    new { name = "表.csv", content = "1,2"u8.ToArray() },
                    new { name = "表.txt", content = "1,2"u8.ToArray() },
                },
            },
            422
        );
        Assert.Equal(
            [("/files/1", "file.duplicate")],
            problem.GetProperty("errors").EnumerateArray().Select(e => (e.GetProperty("pointer").GetString()!, e.Code()))
        );

        using var client = Documents.Server.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", Tokens.DraftingHousing);
        using var form = new MultipartFormDataContent { { new ByteArrayContent(Pdf), "file", "表.pdf" } };
        Assert.Equal(
            415,
            (int)
                (
                    await client.PostAsync(new Uri($"/api/v1/documents/{id}/files?name=表.csv", UriKind.Relative), form, Cancellation)
                ).StatusCode
        );
        Assert.Equal("attachment.type.refused", (await Attach(id, "程序.pdf", "MZ\0\0"u8.ToArray(), 415)).Code());
        Assert.Equal(["name"], (await Attach(id, "a/b.pdf", Pdf, 422)).Pointers());
        Assert.Equal(1, (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/revisions")).GetProperty("items").GetArrayLength());
    }

    [Theory]
    [InlineData("word/document.xml", "申请表.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")]
    [InlineData("xl/workbook.xml", "汇总表.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")]
    [InlineData("OFD.xml", "通知.ofd", "application/ofd")]
    public async Task forms_tables_and_layouts_are_known_by_their_bytes(string part, string name, string mediaType)
    {
        var id = await Documents.Draft(Notice);
        await Attach(id, name, Package(part), 201);
        Assert.Equal(
            mediaType,
            (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/revisions/2"))
                .GetProperty("files")[0]
                .GetProperty("mediaType")
                .GetString()
        );
    }

    [Fact]
    public async Task a_published_text_is_found_by_the_names_of_its_files_and_an_amendment_can_change_them_alone()
    {
        var id = await Documents.Draft(Notice, "关于申报补贴的通知");
        await Attach(id, "住房租赁补贴花名册.pdf", Pdf, 201);
        await Documents.Publish(id, "测政发〔2026〕871号");
        var found = (await Documents.Get(null, "library?q=补贴花名册")).GetProperty("items").EnumerateArray().Single();
        Assert.Equal((id, "住房租赁补贴花名册.pdf"), (found.GetProperty("id").GetGuid(), found.GetProperty("files")[0].GetString()));
        var page = await Documents.Get(null, $"documents/{id}/page");
        Assert.Equal("住房租赁补贴花名册.pdf", page.GetProperty("files")[0].GetProperty("name").GetString());
        var html = await (
            await Documents.Scenario(s =>
            {
                s.WithRequestHeader("Accept", "text/html");
                s.Get.Url($"/api/v1/documents/{id}/revisions/current");
            })
        ).ReadAsTextAsync();
        Assert.Contains(
            $"<a href=\"{page.GetProperty("files")[0].GetProperty("link").GetString()}\">住房租赁补贴花名册.pdf</a>",
            html,
            StringComparison.Ordinal
        );

        var amendment = new
        {
            text = Notice,
            changeNote = "更换表格",
            effectiveFrom = "2026-06-01",
            files = new object[] { new { name = "新表.png", content = Picture } },
        };
        await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/amendments", amendment, 201);
        Assert.Empty((await Documents.Get(null, "library?q=补贴花名册")).GetProperty("items").EnumerateArray());
        Assert.Equal(
            "document.text.unchanged",
            (
                await Documents.Post(
                    Tokens.OpennessOffice,
                    $"documents/{id}/amendments",
                    new
                    {
                        text = Notice,
                        changeNote = "无",
                        effectiveFrom = "2026-06-02",
                    },
                    409
                )
            ).Code()
        );
        // The files are in the chain; a correction keeps those of the text that it corrects.
        Assert.True((await Documents.Get(Tokens.OpennessOffice, $"documents/{id}/integrity")).GetProperty("intact").GetBoolean());
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/corrections",
            new
            {
                text = Notice.Replace("6月30日", "6月20日", StringComparison.Ordinal),
                changeNote = "勘误",
                corrects = 2,
            },
            201
        );
        Assert.Equal(["住房租赁补贴花名册.pdf"], await Names(id));
        Assert.Equal(
            "document.text.unchanged",
            (
                await Documents.Post(
                    Tokens.OpennessOffice,
                    $"documents/{id}/corrections",
                    new
                    {
                        text = Notice.Replace("6月30日", "6月20日", StringComparison.Ordinal),
                        changeNote = "无",
                        files = new object[] { new { name = "住房租赁补贴花名册.pdf", content = Pdf } },
                        corrects = 4,
                    },
                    409
                )
            ).Code()
        );
    }

    [Fact]
    public async Task a_picture_in_the_text_stays_when_a_file_is_attached()
    {
        var id = await Documents.Draft(Notice);
        var docx = WordFiles.WithPicture("第一条 见下图。", Picture);
        await Documents.Post(Tokens.DraftingHousing, $"documents/{id}/revisions", new { docx }, 201);
        await Attach(id, "表.pdf", Pdf, 201);
        Assert.Equal(["图1", "表.pdf"], await Names(id));
    }

    async Task<IEnumerable<string>> Names(Guid id)
    {
        var newest = (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/revisions"))
            .GetProperty("items")[0]
            .GetProperty("revision")
            .GetInt32();
        return (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/revisions/{newest}"))
            .GetProperty("files")
            .EnumerateArray()
            .Select(f => f.GetProperty("name").GetString()!)
            .ToArray();
    }

    async Task<JsonElement> Attach(Guid id, string name, byte[] content, int expected) =>
        await (
            await Documents.Scenario(s =>
            {
                s.As(Tokens.DraftingHousing).Post.ByteArray(content).ToUrl($"/api/v1/documents/{id}/files").QueryString(nameof(name), name);
                s.StatusCodeShouldBe(expected);
            })
        ).Json();

    static byte[] Package(params string[] parts) => Zip.Of(parts.Select(p => (p, "<x/>"u8.ToArray())));
}
