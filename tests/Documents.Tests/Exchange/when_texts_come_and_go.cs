using System.Net;
using System.Text;
using Alba;
using DocumentFormat.OpenXml.Packaging;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.Documents.Tests.Text;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Exchange;

public sealed class when_texts_come_and_go(District district) : IClassFixture<District>
{
    IAlbaHost Documents => district.Documents;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    static byte[] Docx(string text) => OfficialDocx.Write(BlockIdentity.Carry([], TextStructure.Cut(text), 1).Blocks);

    [Fact]
    public async Task a_word_file_is_recorded_as_a_body_and_in_json_and_comes_back()
    {
        var id = await Documents.Draft("第一条 初稿。");
        var recorded = await Send(id, Docx("第一条 来自Word。\n第二条 二稿。"), OfficialDocx.MediaType, "?changeNote=word");
        Assert.Equal(HttpStatusCode.Created, recorded.StatusCode);
        await Documents.Post(
            Tokens.DraftingHousing,
            $"documents/{id}/revisions",
            new { docx = Convert.ToBase64String(Docx("第一条 又来自Word。\n第二条 三稿。")) },
            201
        );

        using var answer = await Read(id, 3, OfficialDocx.MediaType);
        using var word = WordprocessingDocument.Open(await answer.Content.ReadAsStreamAsync(Cancellation), false);
        Assert.Contains("又来自Word", word.MainDocumentPart!.Document!.InnerText, StringComparison.Ordinal);
        using var akn = await Read(id, 3, AkomaNtoso.MediaType);
        Assert.Equal(AkomaNtoso.MediaType, akn.Content.Headers.ContentType!.MediaType);
        Assert.Contains("<article eId=\"b1\">", await akn.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(
            ["/docx"],
            (await Documents.Post(Tokens.DraftingHousing, $"documents/{id}/revisions", new { docx = "AAAA" }, 422)).Pointers()
        );
    }

    [Fact]
    public async Task a_text_in_gb18030_is_read_and_bytes_that_are_none_are_refused()
    {
        var id = await Documents.Draft("第一条 初稿。");
        var bytes = CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!.GetBytes("第一条 国标编码的文本，含𠮷字。");
        Assert.Equal(HttpStatusCode.Created, (await Send(id, bytes, "text/plain; charset=gb18030")).StatusCode);
        Assert.Equal(
            "第一条 国标编码的文本，含𠮷字。",
            (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/revisions/2"))
                .GetProperty("blocks")[0]
                .GetProperty("text")
                .GetString()
        );
        Assert.Equal(HttpStatusCode.BadRequest, (await Send(id, bytes, "text/plain")).StatusCode);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await Send(id, bytes, "text/plain; charset=big5")).StatusCode);
    }

    [Fact]
    public async Task a_page_of_a_website_is_a_text()
    {
        var id = await Documents.Draft("第一条 初稿。");
        const string Page =
            "<h1>停车办法</h1><p>第一条 停车缴费。</p><table><tr><td>甲</td><td></td></tr><tr><td>1</td><td>2</td></tr></table>";
        await Send(id, Encoding.UTF8.GetBytes(Page), "text/html; charset=utf-8");
        await Documents.Post(Tokens.DraftingHousing, $"documents/{id}/revisions", new { html = Page }, 201);
        foreach (var revision in new[] { 2, 3 })
        {
            var blocks = (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/revisions/{revision}"))
                .GetProperty("blocks")
                .EnumerateArray()
                .ToArray();
            Assert.Equal(["停车办法", "第一条 停车缴费。", "甲\t\n1\t2"], blocks.Select(b => b.GetProperty("text").GetString()));
            Assert.Equal(["1", "2"], blocks[2].GetProperty("rows")[1].EnumerateArray().Select(c => c.GetString()));
        }
        Assert.Equal(
            ["/text"],
            (
                await Documents.Post(Tokens.DraftingHousing, $"documents/{id}/revisions", new { html = Page, markdown = "甲" }, 422)
            ).Pointers()
        );
        Assert.Equal(
            "text.empty",
            (await Documents.Post(Tokens.DraftingHousing, $"documents/{id}/revisions", new { html = "<script>alert(1)</script>" }, 422))
                .GetProperty("errors")[0]
                .Code()
        );
    }

    [Fact]
    public async Task an_image_of_a_word_file_is_kept_with_the_text()
    {
        byte[] image = [137, 80, 78, 71, 1, 2, 3];
        var id = await Documents.Draft("第一条 初稿。");
        await Send(id, WordFiles.WithPicture("第一条 见图", image), OfficialDocx.MediaType);

        var listed = (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/revisions/2")).GetProperty("files")[0];
        using var client = Documents.Server.CreateClient();
        var link = listed.GetProperty("link").GetString()!;
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(new Uri(link, UriKind.Relative), Cancellation)).StatusCode);
        client.DefaultRequestHeaders.Authorization = new("Bearer", Tokens.DraftingHousing);
        using var kept = await client.GetAsync(new Uri(link, UriKind.Relative), Cancellation);
        Assert.Equal(image, await kept.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal("nosniff", kept.Headers.GetValues("X-Content-Type-Options").Single());
    }

    async Task<HttpResponseMessage> Send(Guid id, byte[] body, string type, string query = "")
    {
        using var client = Documents.Server.CreateClient();
        using var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/documents/{id}/revisions{query}")
        {
            Content = content,
            Headers = { Authorization = new("Bearer", Tokens.DraftingHousing) },
        };
        return await client.SendAsync(request, Cancellation);
    }

    async Task<HttpResponseMessage> Read(Guid id, int revision, string accept)
    {
        using var client = Documents.Server.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/documents/{id}/revisions/{revision}")
        {
            Headers = { Authorization = new("Bearer", Tokens.DraftingHousing) },
        };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return await client.SendAsync(request, Cancellation);
    }
}
